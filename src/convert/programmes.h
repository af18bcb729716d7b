/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Programmes of preference: what a symbol of the special column is to us, and
 * the cells of that column, such as "Free (A,AU,BH) 2.7% (JP)".
 */
#ifndef TF_CONVERT_PROGRAMMES_H
#define TF_CONVERT_PROGRAMMES_H

#include "base/diag.h"
#include "base/names.h"

enum { TF_SYMBOLS_MAX = 512 };

typedef struct tf_programme {
    const char *claim, *origins;
} tf_programme;

typedef struct tf_programmes {
    tf_names symbols;
    TF_VEC(tf_programme) list; /**< One for each of the first `known` symbols. */
    size_t   known;
    uint64_t unknown[TF_SYMBOLS_MAX]; /**< Occurrences of the others: the caller counts. */
} tf_programmes;

/** Add "SYMBOL=CLAIM[:ORIGINS]"; without origins, all. */
tariff_status tf_programmes_add(tariff_env *env, tf_arena *arena, tf_programmes *programmes,
                                const char *text);
/** Add the rows of a file symbol,claim,origins; symbols already there stay as they are. */
tariff_status tf_programmes_read(tariff_env *env, tf_arena *arena, tf_programmes *programmes,
                                 const char *path);

/** A rate of a cell, and the symbols after it. */
typedef struct tf_segment {
    const char *rate;
    size_t      rate_length;
    const char *symbols; /**< Between the parentheses. */
    size_t      symbols_length;
} tf_segment;

/** The next segment of a cell; false at its end.  `*text` moves on. */
bool tf_next_segment(const char **text, tf_segment *out);
/** The next symbol of a segment, likewise. */
bool tf_next_symbol(tf_segment *segment, const char **symbol, size_t *length);

/** The number of a symbol, below `known` if its programme is known; TF_NO_NAME if there are too
 * many. */
uint32_t tf_programmes_find(tf_programmes *programmes, tf_arena *arena, const char *symbol,
                            size_t length);
/** List the unknown symbols that occurred, if any, in one note. */
void tf_programmes_tell(tariff_env *env, const tf_programmes *programmes, const char *path);

#endif
