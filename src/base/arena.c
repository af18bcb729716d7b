/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>

enum { FIRST_CHUNK = 16 * 1024, LARGEST_CHUNK = 4 * 1024 * 1024 };

struct tf_chunk {
    struct tf_chunk *next;
    size_t           size, used;
    alignas(max_align_t) unsigned char bytes[];
};

void tf_arena_init(tf_arena *arena, const tariff_allocator *allocator)
{
    arena->allocator = allocator;
    arena->chunks = NULL;
}

void tf_arena_free(tf_arena *arena)
{
    while (arena->chunks) {
        struct tf_chunk *chunk = arena->chunks;
        arena->chunks = chunk->next;
        arena->allocator->free(arena->allocator->user, chunk, sizeof *chunk + chunk->size);
    }
}

static struct tf_chunk *add_chunk(tf_arena *arena, size_t need)
{
    size_t size = arena->chunks ? arena->chunks->size * 2 : FIRST_CHUNK;
    if (size > LARGEST_CHUNK)
        size = LARGEST_CHUNK;
    if (size < need)
        size = need;
    struct tf_chunk *chunk =
        arena->allocator->alloc(arena->allocator->user, sizeof *chunk + size);
    if (!chunk)
        return NULL;
    chunk->next = arena->chunks;
    chunk->size = size;
    chunk->used = 0;
    arena->chunks = chunk;
    return chunk;
}

void *tf_arena_alloc(tf_arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + align - 1) & ~(align - 1);
    struct tf_chunk *chunk = arena->chunks;
    if (!chunk || chunk->size - chunk->used < size)
        chunk = add_chunk(arena, size);
    if (!chunk)
        return NULL;
    void *p = chunk->bytes + chunk->used;
    chunk->used += size;
    return memset(p, 0, size);
}

char *tf_arena_text(tf_arena *arena, const char *text, size_t length)
{
    char *copy = tf_arena_alloc(arena, length + 1);
    if (copy && length)
        memcpy(copy, text, length);
    return copy;
}

bool tf_vec_reserve(tf_arena *arena, void *at, size_t *room, size_t want, size_t element)
{
    void  *old;
    size_t next = *room ? *room * 2 : 4;
    if (want <= *room)
        return true;
    if (next < want)
        next = want;
    if (next > SIZE_MAX / element)
        return false;
    void *fresh = tf_arena_alloc(arena, next * element);
    if (!fresh)
        return false;
    memcpy(&old, at, sizeof old);
    if (old)
        memcpy(fresh, old, *room * element);
    memcpy(at, &fresh, sizeof fresh);
    *room = next;
    return true;
}
