/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The arena of base/arena.h with one allocation for each object, in place of
 * the library's own: every single request of memory can be refused, and a
 * sanitizer sees where each object ends.
 */
#include "base/arena.h"

#include <stdint.h>

struct tf_chunk {
    struct tf_chunk *next;
    size_t           size;
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

void *tf_arena_alloc(tf_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    struct tf_chunk *chunk =
        arena->allocator->alloc(arena->allocator->user, sizeof *chunk + size);
    if (!chunk)
        return NULL;
    chunk->next = arena->chunks;
    chunk->size = size;
    arena->chunks = chunk;
    return memset(chunk->bytes, 0, size);
}

void *tf_arena_aligned(tf_arena *arena, size_t size, size_t align)
{
    (void)align; /* each is aligned for any type */
    return tf_arena_alloc(arena, size);
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
    if (next > SIZE_MAX / 2 / element)
        return false;
    memcpy(&old, at, sizeof old);
    void *fresh = tf_arena_alloc(arena, next * element);
    if (!fresh)
        return false;
    memset(fresh, 0xa5, next * element); /* the new ones are not cleared */
    if (old)
        memcpy(fresh, old, *room * element);
    memcpy(at, &fresh, sizeof fresh);
    *room = next;
    return true;
}
