/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/bands.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>

const double tf_percentiles[TF_PERCENTILES] = { 0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975 };

static double error_of_mean(const double *values, size_t n, size_t replicates)
{
    size_t each = replicates ? n / replicates : 0;
    double mean = 0, squares = 0;
    if (replicates < 2 || each == 0)
        return NAN;
    for (size_t r = 0; r < replicates; r++)
        mean += gsl_stats_mean(values + r * each, 1, each) / (double)replicates;
    for (size_t r = 0; r < replicates; r++) {
        double off = gsl_stats_mean(values + r * each, 1, each) - mean;
        squares += off * off;
    }
    return sqrt(squares / (double)(replicates - 1) / (double)replicates);
}

void tf_band_of(double *values, size_t n, size_t replicates, tf_band *out)
{
    out->mean = n ? gsl_stats_mean(values, 1, n) : NAN;
    out->deviation = n > 1 ? gsl_stats_sd(values, 1, n) : NAN;
    out->error = error_of_mean(values, n, replicates);
    if (n)
        gsl_sort(values, 1, n);
    for (int i = 0; i < TF_PERCENTILES; i++)
        out->at[i] =
            n ? gsl_stats_quantile_from_sorted_data(values, 1, n, tf_percentiles[i]) : NAN;
}

tf_sensitivity tf_sensitivity_of(size_t n, const double *a, const double *b, const double *mixed)
{
    double mean = 0, variance = 0, first = 0, total = 0;
    for (size_t i = 0; i < n; i++)
        mean += (a[i] + b[i]) / (2 * (double)n);
    for (size_t i = 0; i < n; i++)
        variance += ((a[i] - mean) * (a[i] - mean) + (b[i] - mean) * (b[i] - mean))
                    / (2 * (double)n);
    /* About the mean: the expectation is the same, the noise is not. */
    for (size_t i = 0; i < n; i++) {
        first += (b[i] - mean) * (mixed[i] - a[i]) / (double)n;
        total += (a[i] - mixed[i]) * (a[i] - mixed[i]) / (2 * (double)n);
    }
    /* What varies by less than rounding does not vary. */
    if (!(variance > 1e-24 * mean * mean))
        return (tf_sensitivity){ NAN, NAN };
    return (tf_sensitivity){ first / variance, total / variance };
}
