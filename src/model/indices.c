/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/indices.h"

#include <math.h>

void tf_indices_of(size_t n, const double *value, const double *rate, const double *eps,
                   tf_indices *out)
{
    double v = 0, free = 0, rates = 0, vt = 0, ve = 0, vet = 0, vett = 0;
    double most = n ? 0 : NAN;
    for (size_t i = 0; i < n; i++) {
        v += value[i];
        free += rate[i] == 0 ? value[i] : 0;
        rates += rate[i];
        vt += value[i] * rate[i];
        ve += value[i] * eps[i];
        vet += value[i] * eps[i] * rate[i];
        vett += value[i] * eps[i] * rate[i] * rate[i];
        most = fmax(most, rate[i]);
    }
    *out = (tf_indices){ .simple_mean = n ? rates / (double)n : NAN,
                         .weighted_mean = v > 0 ? vt / v : NAN,
                         .maximum = most,
                         .duty_free = v > 0 ? free / v : NAN,
                         .otri = ve > 0 ? vet / ve : NAN,
                         .tri = ve > 0 ? sqrt(vett / ve) : NAN,
                         .deadweight = vett / 2,
                         .variance = v > 0 ? 0 : NAN,
                         .covariance = ve > 0 ? 0 : NAN };
    /* Second moments about the means, so that the check does not check itself. */
    double squares = 0, mean = out->weighted_mean;
    for (size_t i = 0; i < n && v > 0; i++) {
        out->variance += value[i] / v * (rate[i] - mean) * (rate[i] - mean);
        squares += value[i] / v * rate[i] * rate[i];
    }
    for (size_t i = 0; i < n && ve > 0; i++)
        out->covariance +=
            value[i] / v * (eps[i] * v / ve - 1) * (rate[i] * rate[i] - squares);
}
