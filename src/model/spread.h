/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * How sure a parameter is: a distribution around it.
 */
#ifndef TF_MODEL_SPREAD_H
#define TF_MODEL_SPREAD_H

#include <stdbool.h>

typedef enum tf_spread_kind {
    TF_SPREAD_NONE,
    TF_SPREAD_LOGNORMAL, /**< `high` is the 95th percentile, the value the median. */
    TF_SPREAD_UNIFORM    /**< Between low and high. */
} tf_spread_kind;

typedef struct tf_spread {
    tf_spread_kind kind;
    double         value; /**< The point estimate. */
    double         low, high;
} tf_spread;

/** A log-normal with its median and 95th percentile; none if they are equal. */
tf_spread tf_spread_lognormal(double median, double p95);
tf_spread tf_spread_uniform(double value, double low, double high);
tf_spread tf_spread_none(double value);

/** What draws move: not what has no width, nor what is infinite or zero. */
bool tf_spread_moves(const tf_spread *spread);

/** The quantile at a probability strictly between 0 and 1; the value itself if nothing moves. */
double tf_spread_at(const tf_spread *spread, double probability);

#endif
