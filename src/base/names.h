/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Names to dense numbers, in the order of first appearance.
 */
#ifndef TF_BASE_NAMES_H
#define TF_BASE_NAMES_H

#include "base/arena.h"

#include <stdint.h>

#define TF_NO_NAME UINT32_MAX

typedef struct tf_name_slot {
    uint32_t number; /**< + 1; 0: free. */
    uint32_t length;
    uint64_t head; /**< All of a short name. */
} tf_name_slot;

typedef struct tf_names {
    TF_VEC(const char *) list;
    tf_name_slot *slots; /**< Open addressing. */
    size_t        slot_count;
} tf_names;

/** The number of a name, or TF_NO_NAME. */
uint32_t tf_names_find(const tf_names *names, const char *text, size_t length);
/** The same; adds the name if it is new.  TF_NO_NAME if memory ran out. */
uint32_t tf_names_add(tf_names *names, tf_arena *arena, const char *text, size_t length);
/** The known name that `text` most resembles, or NULL. */
const char *tf_names_nearest(const tf_names *names, const char *text, size_t length);

#endif
