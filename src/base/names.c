/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/names.h"

#include "base/diag.h"

/* The hash itself, not a call of the library: names are a few bytes long. */
#define XXH_INLINE_ALL
#include <xxhash.h>

static size_t slot_of(const tf_names *names, const char *text, size_t length)
{
    size_t mask = names->slot_count - 1;
    size_t i = (size_t)XXH3_64bits(text, length) & mask;
    while (names->slots[i]) {
        const char *name = names->list.at[names->slots[i] - 1];
        if (strnlen(name, length + 1) == length && memcmp(name, text, length) == 0)
            break; /* `text` may hold a NUL, which ends strncmp() but not a name */
        i = (i + 1) & mask;
    }
    return i;
}

uint32_t tf_names_find(const tf_names *names, const char *text, size_t length)
{
    if (names->slot_count == 0)
        return TF_NO_NAME;
    uint32_t found = names->slots[slot_of(names, text, length)];
    return found ? found - 1 : TF_NO_NAME;
}

static bool grow(tf_names *names, tf_arena *arena)
{
    size_t count = names->slot_count ? names->slot_count * 2 : 32;
    names->slots = TF_ARRAY(arena, uint32_t, count);
    if (!names->slots)
        return false;
    names->slot_count = count;
    for (size_t i = 0; i < names->list.n; i++) {
        const char *name = names->list.at[i];
        names->slots[slot_of(names, name, strlen(name))] = (uint32_t)i + 1;
    }
    return true;
}

uint32_t tf_names_add(tf_names *names, tf_arena *arena, const char *text, size_t length)
{
    uint32_t found = tf_names_find(names, text, length);
    if (found != TF_NO_NAME)
        return found;
    if (names->list.n * 2 >= names->slot_count && !grow(names, arena))
        return TF_NO_NAME;
    const char *copy = tf_arena_text(arena, text, length);
    size_t      slot = slot_of(names, text, length);
    if (!copy || !TF_PUSH(arena, &names->list, copy))
        return TF_NO_NAME;
    names->slots[slot] = (uint32_t)names->list.n;
    return (uint32_t)names->list.n - 1;
}

static const char *name_at(const void *list, size_t i)
{
    const tf_names *names = list;
    return i < names->list.n ? names->list.at[i] : NULL;
}

const char *tf_names_nearest(const tf_names *names, const char *text, size_t length)
{
    return tf_nearest(text, length, name_at, names);
}
