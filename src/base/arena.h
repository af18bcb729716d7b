/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Memory that is freed in one go.  Every long-lived object (schedule, law,
 * scenario) owns one arena, so that an early return can never leak.
 */
#ifndef TF_BASE_ARENA_H
#define TF_BASE_ARENA_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <tariff/env.h>

typedef struct tf_arena {
    const tariff_allocator *allocator;
    struct tf_chunk        *chunks; /**< The first one is being filled. */
    size_t                  growth; /**< Bytes of the next one; 0: there is none yet. */
} tf_arena;

void tf_arena_init(tf_arena *arena, const tariff_allocator *allocator);
void tf_arena_free(tf_arena *arena);

/** Zeroed memory for any type, or NULL. */
void *tf_arena_alloc(tf_arena *arena, size_t size);
/** The same at a multiple of `align`. */
void *tf_arena_aligned(tf_arena *arena, size_t size, size_t align);
/** A NUL-terminated copy, or NULL. */
char *tf_arena_text(tf_arena *arena, const char *text, size_t length);

#define TF_NEW(arena, type) TF_ARRAY(arena, type, 1)
#define TF_ARRAY(arena, type, n) \
    ((type *)tf_arena_aligned((arena), sizeof(type) * (n), alignof(type)))

/** A growing array inside an arena; outgrown storage stays there until the arena goes. */
#define TF_VEC(type)     \
    struct {             \
        type  *at;       \
        size_t n, room;  \
    }

/** Room for `want` elements; the new ones are not cleared.  False if memory ran out. */
bool tf_vec_reserve(tf_arena *arena, void *at, size_t *room, size_t want, size_t element);

/** Append `item`; false if memory ran out. */
#define TF_PUSH(arena, vec, item)                                                        \
    (((vec)->n < (vec)->room                                                             \
      || tf_vec_reserve((arena), &(vec)->at, &(vec)->room, (vec)->n + 1, sizeof *(vec)->at)) \
     && ((vec)->at[(vec)->n++] = (item), true))

/** Room for one more, so that a TF_PUSH() later cannot fail; false if memory ran out. */
#define TF_ROOM(arena, vec) \
    tf_vec_reserve((arena), &(vec)->at, &(vec)->room, (vec)->n + 1, sizeof *(vec)->at)

/** Leave the function with any status but TARIFF_OK. */
#define TF_TRY(expression)                         \
    do {                                           \
        tariff_status tf_try_status = (expression); \
        if (tf_try_status != TARIFF_OK)            \
            return tf_try_status;                  \
    } while (0)

/** Leave the function if an allocation failed. */
#define TF_NEED(pointer)              \
    do {                              \
        if (!(pointer))               \
            return TARIFF_E_NOMEM;    \
    } while (0)

#endif
