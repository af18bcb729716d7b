/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * How restrictive a set of duties is: averages, and the uniform rates that
 * would do the same harm (TRI) or keep out as much trade (OTRI) (Anderson &
 * Neary 1994; Kee, Nicita & Olarreaga 2008, 2009).
 */
#ifndef TF_MODEL_INDICES_H
#define TF_MODEL_INDICES_H

#include <stddef.h>

/** A rate that is undefined (no trade, no response) is NaN. */
typedef struct tf_indices {
    double simple_mean;   /**< Of the rates, each counting once. */
    double weighted_mean; /**< Weighted by value. */
    double maximum;
    double duty_free;     /**< Share of value at a rate of zero. */
    double otri;          /**< sum V eps t / sum V eps */
    double tri;           /**< sqrt(sum V eps t^2 / sum V eps) */
    double deadweight;    /**< 0.5 sum V eps t^2, money. */
    /* TRI^2 = mean^2 + variance + covariance (Feenstra 1995). */
    double variance;   /**< Of t, weighted by value. */
    double covariance; /**< Of eps / mean eps with t^2, weighted by value. */
} tf_indices;

/** @param value  of imports; @param rate  fraction; @param eps  import-demand elasticity, >= 0. */
void tf_indices_of(size_t n, const double *value, const double *rate, const double *eps,
                   tf_indices *out);

#endif
