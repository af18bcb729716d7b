/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The nomenclature of a schedule: the codes that goods can be declared under.
 * No file says so by name; it is what the ordinary duty that everybody owes is
 * laid on, the codes of ordinary measures for all origins without a condition.
 */
#ifndef TF_LAW_NOMENCLATURE_H
#define TF_LAW_NOMENCLATURE_H

#include "law/book.h"

typedef struct tf_nomenclature_row {
    uint64_t    lo, hi;
    tariff_span span;
} tf_nomenclature_row;

typedef struct tf_nomenclature {
    TF_VEC(tf_nomenclature_row) codes;  /**< Single prefixes, sorted. */
    TF_VEC(tf_nomenclature_row) ranges; /**< And those that are none. */
    bool everything; /**< Some such measure is on all products: no code lies outside. */
} tf_nomenclature;

/** Is the measure one of those that make the nomenclature? */
bool tf_is_nomenclature(const tf_book *book, const tf_measure *measure);

tariff_status tf_nomenclature_of(const tf_book *book, tf_arena *arena, tf_nomenclature *out);

/** Is there none, so that nothing can be asked of it? */
static inline bool tf_nomenclature_empty(const tf_nomenclature *nomenclature)
{
    return !nomenclature->everything && nomenclature->codes.n + nomenclature->ranges.n == 0;
}

/**
 * Does some line of the nomenclature lie in [lo, hi), or [lo, hi) in some line,
 * on a day of the span?
 */
bool tf_nomenclature_meets(const tf_nomenclature *nomenclature, uint64_t lo, uint64_t hi,
                           tariff_span span);

#endif
