/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * How restrictive a set of duties is: averages, and the uniform rates that
 * would do the same harm (TRI) or keep out as much trade (OTRI) (Anderson &
 * Neary 1994; Kee, Nicita & Olarreaga 2008, 2009).
 *
 * Flows are added twice: once for the means, once for the moments about them, so
 * that Feenstra's decomposition does not check itself.
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

/** Sums over flows; they begin as zeros. */
typedef struct tf_index_sums {
    double flows, value, free, rates, most; /**< most: the highest rate. */
    double vt, vtt, ve, vet, vett;          /**< V t, V t^2, V eps, V eps t, V eps t^2. */
} tf_index_sums;

typedef struct tf_index_moments {
    double variance, covariance;
} tf_index_moments;

/**
 * Add flows that share an elasticity.
 * @param value  of imports; @param rate  fraction; @param eps  import-demand elasticity, >= 0.
 */
void tf_index_add(tf_index_sums *sums, size_t n, const double *value, const double *rate,
                  double eps);
void tf_index_merge(tf_index_sums *sums, const tf_index_sums *more);

/** The same flows again, about the means of all. */
void tf_index_spread(tf_index_moments *moments, const tf_index_sums *all, size_t n,
                     const double *value, const double *rate, double eps);

tf_indices tf_indices_of(const tf_index_sums *all, const tf_index_moments *moments);

#endif
