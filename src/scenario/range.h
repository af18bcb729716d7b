/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * {from: 0%, to: 50%, step: 5%}: the numbers that a sweep steps through, or
 * between which a search looks.
 */
#ifndef TF_SCENARIO_RANGE_H
#define TF_SCENARIO_RANGE_H

#include "io/doc.h"
#include "law/rate.h"

typedef enum tf_range_kind {
    TF_RANGE_OF_RATES,   /**< Percentages. */
    TF_RANGE_OF_SHIFTS,  /**< Percentages that may be negative. */
    TF_RANGE_OF_FACTORS, /**< Plain numbers. */
    TF_RANGE_OF_ANY      /**< Either, and either sign: what reads the value decides. */
} tf_range_kind;

typedef struct tf_range {
    int64_t from, to; /**< 1e-9; from is not above to. */
    int64_t step;     /**< 1e-9; 0 if it takes none. */
    bool    percent;
} tf_range;

/** What a change of rates takes: set rates, shift shifts, scale factors. */
tf_range_kind tf_range_of(tf_rate_change how);

/** Read a mapping with from, to and, if `steps`, step; all that is wrong is reported. */
tariff_status tf_range_read(tariff_env *env, const tf_node *node, tf_range_kind kind, bool steps,
                            tf_range *out);

/** A number of the range as it would be written. */
size_t tf_range_format(const tf_range *range, int64_t nano, char *buf);

#endif
