/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What a set of draws says: percentile bands, and which parameter they hang on.
 */
#ifndef TF_MODEL_BANDS_H
#define TF_MODEL_BANDS_H

#include <stddef.h>

enum { TF_PERCENTILES = 7 };
/** 2.5, 5, 25, 50, 75, 95, 97.5 %. */
extern const double tf_percentiles[TF_PERCENTILES];

typedef struct tf_band {
    double mean, deviation;
    double error; /**< Standard error of the mean, from the means of replicates; NaN without. */
    double at[TF_PERCENTILES]; /**< Type 7 of Hyndman & Fan 1996. */
} tf_band;

/**
 * @param values      n draws, replicate by replicate; sorted afterwards.
 * @param replicates  0 or 1: no error.
 */
void tf_band_of(double *values, size_t n, size_t replicates, tf_band *out);

/** Of one parameter: its own share of the variance, and that with all its interactions. */
typedef struct tf_sensitivity {
    double first; /**< mean(yB (yAB - yA)) / variance (Saltelli et al. 2010). */
    double total; /**< mean((yA - yAB)^2) / (2 variance) (Jansen 1999). */
} tf_sensitivity;

/**
 * @param mixed  outcomes at the points of A whose coordinates of this parameter are B's.
 * Small negative numbers are noise; NaN if nothing varies.
 */
tf_sensitivity tf_sensitivity_of(size_t n, const double *a, const double *b, const double *mixed);

#endif
