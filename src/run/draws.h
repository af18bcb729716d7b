/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A model run many times, with parameters drawn: how sure its answer is.
 *
 * Draws are independent of each other and written by their number, so that the
 * number of threads changes nothing.
 */
#ifndef TF_RUN_DRAWS_H
#define TF_RUN_DRAWS_H

#include "model/bands.h"
#include "run/respond.h"

/** Totals that every draw gives, in this order. */
typedef enum tf_total {
    TF_TOTAL_VALUE,     /**< Change of the value of imports. */
    TF_TOTAL_DIRECT,    /**< ... of flows whose own duty changes. */
    TF_TOTAL_DIVERTED,  /**< ... of all others. */
    TF_TOTAL_REVENUE,
    TF_TOTAL_BUYERS,
    TF_TOTAL_EXPORTERS,
    TF_TOTAL_CONSUMER,
    TF_TOTAL_PRODUCER,
    TF_TOTAL_HOME,
    TF_TOTAL_WORLD,
    TF_TOTALS
} tf_total;

const char *tf_total_name(tf_total total);
double      tf_total_of(tf_total total, const tf_effect *effect);

/** Of a product: its TF_TOTAL_DIRECT, TF_TOTAL_DIVERTED, TF_TOTAL_REVENUE. */
enum { TF_PRODUCT_TOTALS = 3 };

/** What the outputs of a draw are: totals, then products, then origins. */
typedef struct tf_outputs {
    const tf_markets *markets;
    unsigned          digits;      /**< Of products. */
    size_t            products, origins, count;
    uint64_t         *product;     /**< Codes, ascending. */
    uint32_t         *product_of;  /**< By market. */
    uint16_t         *origin;      /**< Countries, ascending. */
    uint32_t          origin_of[TF_COUNTRIES_MAX];
} tf_outputs;

tariff_status tf_outputs_make(const tf_markets *markets, unsigned digits, tf_arena *arena,
                              tf_outputs *out);

typedef struct tf_draws {
    size_t  draws, failed; /**< A draw that leaves some market unsolved has failed. */
    double *point;  /**< By output: at the point estimates. */
    tf_band *bands; /**< By output. */
} tf_draws;

/** Bands of all outputs. */
tariff_status tf_draws_run(tariff_env *env, const tf_outputs *outputs, unsigned threads,
                           tf_arena *arena, tf_draws *out);

/** Sensitivities of totals to parameters: [total * TF_PARAMETERS + parameter]. */
typedef struct tf_sensitivities {
    size_t          runs, failed;
    bool            has[TF_PARAMETERS]; /**< The parameter is drawn. */
    tf_sensitivity *at;
} tf_sensitivities;

tariff_status tf_sensitivities_run(tariff_env *env, const tf_outputs *outputs, unsigned threads,
                                   tf_arena *arena, tf_sensitivities *out);

#endif
