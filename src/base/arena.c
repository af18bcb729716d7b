/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

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
    arena->growth = 0;
}

void tf_arena_free(tf_arena *arena)
{
    while (arena->chunks) {
        struct tf_chunk *chunk = arena->chunks;
        arena->chunks = chunk->next;
        arena->allocator->free(arena->allocator->user, chunk, sizeof *chunk + chunk->size);
    }
}

static struct tf_chunk *new_chunk(tf_arena *arena, size_t size)
{
    struct tf_chunk *chunk = arena->allocator->alloc(arena->allocator->user, sizeof *chunk + size);
    if (!chunk)
        return NULL;
    chunk->size = size;
    chunk->used = 0;
    return chunk;
}

/* Each is half as large again as the one before: of the last one, a third of all, half is left
 * over.  What does not fit into it has a chunk of its own, and the one being filled goes on. */
static struct tf_chunk *add_chunk(tf_arena *arena, size_t need)
{
    size_t growth = arena->growth ? arena->growth : FIRST_CHUNK - sizeof(struct tf_chunk);
    bool   fits = need <= growth;
    struct tf_chunk  *chunk = new_chunk(arena, fits ? growth : need);
    struct tf_chunk **before = fits || !arena->chunks ? &arena->chunks : &arena->chunks->next;
    if (!chunk)
        return NULL;
    chunk->next = *before;
    *before = chunk;
    if (fits)
        arena->growth = growth < LARGEST_CHUNK / 3 * 2 ? growth / 2 * 3 : LARGEST_CHUNK;
    return chunk;
}

/* As it was left by others.  A chunk's bytes are aligned for any type. */
static void *alloc_dirty(tf_arena *arena, size_t size, size_t align)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    struct tf_chunk *chunk = arena->chunks;
    size_t           begin = chunk ? (chunk->used + align - 1) & ~(align - 1) : 0;
    if (!chunk || begin > chunk->size || chunk->size - begin < size) {
        chunk = add_chunk(arena, size);
        begin = 0;
    }
    if (!chunk)
        return NULL;
    chunk->used = begin + size;
    return chunk->bytes + begin;
}

void *tf_arena_aligned(tf_arena *arena, size_t size, size_t align)
{
    void *p = alloc_dirty(arena, size, align);
    return p ? memset(p, 0, size) : NULL;
}

void *tf_arena_alloc(tf_arena *arena, size_t size)
{
    return tf_arena_aligned(arena, size, alignof(max_align_t));
}

char *tf_arena_text(tf_arena *arena, const char *text, size_t length)
{
    char *copy = length < SIZE_MAX / 2 ? alloc_dirty(arena, length + 1, 1) : NULL;
    if (copy) {
        if (length)
            memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

/* What was allocated last can grow where it is. */
static bool extend(tf_arena *arena, const void *last, size_t old_size, size_t new_size)
{
    struct tf_chunk *chunk = arena->chunks;
    if (!chunk || chunk->used < old_size)
        return false;
    size_t begin = chunk->used - old_size;
    if (last != chunk->bytes + begin || new_size > chunk->size - begin)
        return false;
    chunk->used = begin + new_size;
    return true;
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
    if (!old || !extend(arena, old, *room * element, next * element)) {
        void *fresh = alloc_dirty(arena, next * element, alignof(max_align_t));
        if (!fresh)
            return false;
        if (old)
            memcpy(fresh, old, *room * element);
        memcpy(at, &fresh, sizeof fresh);
    }
    *room = next;
    return true;
}
