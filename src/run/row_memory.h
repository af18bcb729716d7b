/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Ratings of rows on which share tables may speak, or that say themselves what
 * is known of them: of the last many that differ.
 */
#ifndef TF_RUN_ROW_MEMORY_H
#define TF_RUN_ROW_MEMORY_H

#include "run/rating.h"

/** What decides a row's rating; of claims and parts, short texts. */
typedef struct tf_row_key {
    uint64_t alike, hs;
    uint64_t countries;
    uint64_t claims[2], parts[2];
} tf_row_key;

typedef struct tf_row_memory {
    tariff_env       *env;
    const tf_rating **ratings; /**< By slot; NULL: nothing. */
    tf_row_key       *keys;    /**< Of each slot. */
    unsigned          last;    /**< Where something was forgotten for something else. */
    tf_arena          texts;
    size_t            text_bytes;
} tf_row_memory;

void tf_row_memory_init(tf_row_memory *memory, tariff_env *env);
void tf_row_memory_free(tf_row_memory *memory);

/** NULL: not remembered. */
const tf_rating *tf_recall(const tf_row_memory *memory, const tf_row_key *key);
/** Remember a rating.  @param lives  as long as the memory; else it is copied. */
tariff_status    tf_remember(tf_row_memory *memory, const tf_row_key *key,
                             const tf_rating *rating, bool lives);

#endif
