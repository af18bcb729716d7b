/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Exact sums over assessed flows, by everything that reports group by.
 *
 * All sums are integers, so the order in which flows are added, and how they
 * are split over tallies, changes nothing.
 */
#ifndef TF_REPORT_TALLY_H
#define TF_REPORT_TALLY_H

#include "assess/burden.h"
#include "report/choice.h"

/** Sums of one group of flows. */
typedef struct tf_sums {
    tf_i128 value;      /**< 1e-4. */
    tf_i128 affected;   /**< 1e-22: value x probability. */
    tf_i128 ordinary;   /**< Duty, 1e-16. */
    tf_i128 additional; /**< Duty, 1e-16. */
} tf_sums;

typedef struct tf_layer_sums {
    tf_i128 covered; /**< 1e-22. */
    tf_i128 duty;    /**< 1e-16. */
} tf_layer_sums;

/** Flows of one additional rate. */
typedef struct tf_bracket {
    int64_t  rate; /**< 1e-4. */
    uint64_t lines;
    tf_i128  value; /**< 1e-22. */
    int64_t  statutory[TF_LAYERS_MAX]; /**< Highest rate that each layer charges, 1e-9. */
} tf_bracket;

/** Sums by a key; the keys are in no order. */
typedef struct tf_sums_map {
    TF_VEC(uint64_t) keys;
    TF_VEC(tf_sums) sums;
    uint32_t *slots;
    size_t    slot_count;
    uint64_t  last_key; /**< Asked for last: flows come by product. */
    uint32_t  last;
} tf_sums_map;

typedef struct tf_layer_sums_map {
    TF_VEC(uint64_t) keys;
    TF_VEC(tf_layer_sums *) sums; /**< One per layer. */
    uint32_t *slots;
    size_t    slot_count;
    uint64_t  last_key;
    uint32_t  last;
} tf_layer_sums_map;

typedef struct tf_tally {
    const tariff_law *law;
    tf_arena          arena;
    const tf_report_choices *choices;

    tf_sums  total;
    uint64_t lines, affected_lines;
    tf_i128  unassessed_value, coarse_value, unknown_part_value, estimated_value; /**< 1e-4. */
    tf_i128  estimated_duty;                                                      /**< 1e-16. */
    uint64_t unassessed_lines, coarse_lines, unmatched_lines, scaled_lines;

    tf_layer_sums     layers[TF_LAYERS_MAX];
    tf_sums_map       products;
    tf_sums_map       products_origins; /**< Key: product << 16 | origin; if it is wanted. */
    tf_layer_sums_map products_layers;
    tf_sums           origins[TF_COUNTRIES_MAX], importers[TF_COUNTRIES_MAX];
    bool              has_origin[TF_COUNTRIES_MAX], has_importer[TF_COUNTRIES_MAX];
    TF_VEC(uint64_t) bracket_rates; /**< Keys of `brackets`. */
    TF_VEC(tf_bracket) brackets;
    uint32_t *bracket_slots;
    size_t    bracket_slot_count;
} tf_tally;

void tf_tally_init(tf_tally *tally, tariff_env *env, const tariff_law *law,
                   const tf_report_choices *choices);
void tf_tally_free(tf_tally *tally);

/** Flows that are assessed alike. */
typedef struct tf_batch {
    uint64_t hs;
    uint16_t origin, importer;
    tf_i128  value; /**< 1e-4. */
    uint64_t lines;
    bool     beside; /**< The same flows come with the burden of other layers, too, and are counted
                          there. */
} tf_batch;

/** Add all of one tally to another of the same law and choices. */
tariff_status tf_tally_merge(tf_tally *tally, const tf_tally *more);

/**
 * @param duty  if not NULL: what the batch pays in all, 1e-16.
 * @return TARIFF_E_OVERFLOW if a sum does not fit in 128 bits.
 */
tariff_status tf_tally_add(tf_tally *tally, const tf_batch *batch, const tf_burden *burden,
                           tf_i128 *duty);

/** What tf_tally_add() adds to: for flows that were gathered for each part alone.  Flows and
 * products with origins are never gathered so. */
typedef enum tf_tally_part {
    TF_TALLY_PRODUCTS = 1, /**< By product, by product and layer. */
    TF_TALLY_REST = 2,     /**< All but those and the origins. */
    TF_TALLY_BOTH = 3,
    TF_TALLY_WHOLE = 7     /**< Only tf_tally_add()'s. */
} tf_tally_part;

tariff_status tf_tally_add_part(tf_tally *tally, const tf_batch *batch, const tf_burden *burden,
                                tf_tally_part part);
tariff_status tf_tally_add_origin(tf_tally *tally, uint16_t origin, const tf_sums *more);

#endif
