/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/names.h"

#include "base/diag.h"
#include "base/mix.h"

/* The hash itself, not a call of the library: names are a few bytes long. */
#define XXH_INLINE_ALL
#include <xxhash.h>

/* The first eight bytes; of a shorter text, all of it: no two of one length have the same. */
static inline uint64_t head_of(const char *text, size_t length)
{
    uint64_t head = 0;
    uint32_t first, last;
    if (length >= sizeof head) {
        memcpy(&head, text, sizeof head);
    } else if (length >= sizeof first) {
        memcpy(&first, text, sizeof first);
        memcpy(&last, text + length - sizeof last, sizeof last);
        head = (uint64_t)first << 32 | last;
    } else if (length > 0) {
        head = (uint64_t)(unsigned char)text[0] << 16
               | (uint64_t)(unsigned char)text[length / 2] << 8 | (unsigned char)text[length - 1];
    }
    return head;
}

static tf_name_slot *slot_of(const tf_names *names, const char *text, size_t length)
{
    const bool     is_short = length <= sizeof(uint64_t);
    const uint64_t head = head_of(text, length);
    const uint64_t hash = is_short ? tf_mix(length, head) : XXH3_64bits(text, length);
    const size_t   mask = names->slot_count - 1;
    for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
        tf_name_slot *slot = &names->slots[i];
        if (!slot->number
            || (slot->head == head && slot->length == length
                && (is_short || memcmp(names->list.at[slot->number - 1], text, length) == 0)))
            return slot;
    }
}

uint32_t tf_names_find(const tf_names *names, const char *text, size_t length)
{
    return names->slot_count ? slot_of(names, text, length)->number - 1 : TF_NO_NAME;
}

static bool grow(tf_names *names, tf_arena *arena)
{
    const tf_names old = *names;
    size_t         count = old.slot_count ? old.slot_count * 2 : 32;
    names->slots = TF_ARRAY(arena, tf_name_slot, count);
    if (!names->slots)
        return false;
    names->slot_count = count;
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.slots[i].number)
            *slot_of(names, old.list.at[old.slots[i].number - 1], old.slots[i].length) =
                old.slots[i];
    return true;
}

uint32_t tf_names_add(tf_names *names, tf_arena *arena, const char *text, size_t length)
{
    uint32_t found = tf_names_find(names, text, length);
    if (found != TF_NO_NAME)
        return found;
    if (names->list.n * 2 >= names->slot_count && !grow(names, arena))
        return TF_NO_NAME;
    const char *copy = length <= UINT32_MAX ? tf_arena_text(arena, text, length) : NULL;
    if (!copy || !TF_PUSH(arena, &names->list, copy))
        return TF_NO_NAME;
    *slot_of(names, text, length) =
        (tf_name_slot){ (uint32_t)names->list.n, (uint32_t)length, head_of(text, length) };
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
