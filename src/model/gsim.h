/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * One product in a world of countries that are exporters and importers alike
 * (Francois & Hall 2003, "Global Simulation Analysis of Industry-Level Trade
 * Policy").  A duty anywhere moves all prices; so does one that answers it.
 *
 * Exact: q_rv = c_rv^-Es_v P_v^(Es_v-Em_v), P_v the index of the buyer prices
 * c_rv = p_r tau_rv, supply p_r^Ex_r; the unknowns are ln p_r.  Linear: the
 * published first-order system, good for small changes only: at the published
 * example, free trade between two of four countries, it understates world
 * prices by a third.
 *
 * Matrices are importer by importer: cell (r, v) is at v * n + r.
 */
#ifndef TF_MODEL_GSIM_H
#define TF_MODEL_GSIM_H

#include "model/market.h"

#include <tariff/status.h>

/** A world before, its new rates, its elasticities (all magnitudes). */
typedef struct tf_world {
    size_t        n;
    const double *value;        /**< n x n; home sales on the diagonal, if known. */
    const double *t0, *t1;      /**< n x n, fractions. */
    const double *demand;       /**< Em of each importer. */
    const double *substitution; /**< Es of each importer, > 0. */
    const double *supply;       /**< Ex of each exporter, > 0; INFINITY: a price taker. */
} tf_world;

/** What becomes of it; the arrays are the caller's. */
typedef struct tf_world_response {
    double  *price;    /**< n: of the producer, new / old. */
    double  *quantity; /**< n x n: new / old. */
    double  *consumer; /**< n: change of buyers' surplus, money. */
    double  *producer; /**< n: change of producers' surplus, money. */
    double   residual; /**< Largest of any exporter's market. */
    unsigned iterations;
} tf_world_response;

/** Scratch memory for worlds of up to n countries. */
typedef struct tf_gsim tf_gsim;
tariff_status tf_gsim_new(size_t n, tf_gsim **out);
void          tf_gsim_free(tf_gsim *gsim);

tf_solved tf_gsim_exact(tf_gsim *gsim, const tf_world *world, tf_world_response *out);

/** @param compat  consumer surplus as printed in 2003, whose curvature has the wrong sign
 *                 for rising prices. */
tf_solved tf_gsim_linear(tf_gsim *gsim, const tf_world *world, bool compat,
                         tf_world_response *out);

#endif
