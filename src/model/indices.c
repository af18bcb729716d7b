/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/indices.h"

#include <math.h>

void tf_index_add(tf_index_sums *sums, size_t n, const double *value, const double *rate,
                  double eps)
{
    double v = 0, free = 0, rates = 0, most = sums->most, vt = 0, vtt = 0;
    for (size_t i = 0; i < n; i++) {
        double t = rate[i], part = value[i] * t;
        v += value[i];
        free += t == 0 ? value[i] : 0;
        rates += t;
        most = t > most ? t : most;
        vt += part;
        vtt += part * t;
    }
    sums->flows += (double)n;
    sums->most = most;
    sums->value += v;
    sums->free += free;
    sums->rates += rates;
    sums->vt += vt;
    sums->vtt += vtt;
    sums->ve += eps * v;
    sums->vet += eps * vt;
    sums->vett += eps * vtt;
}

void tf_index_merge(tf_index_sums *sums, const tf_index_sums *more)
{
    sums->flows += more->flows;
    sums->value += more->value;
    sums->free += more->free;
    sums->rates += more->rates;
    sums->most = fmax(sums->most, more->most);
    sums->vt += more->vt;
    sums->vtt += more->vtt;
    sums->ve += more->ve;
    sums->vet += more->vet;
    sums->vett += more->vett;
}

void tf_index_spread(tf_index_moments *moments, const tf_index_sums *all, size_t n,
                     const double *value, const double *rate, double eps)
{
    double mean = all->vt / all->value, square = all->vtt / all->value;
    double over = eps * all->value / all->ve - 1, variance = 0, covariance = 0;
    for (size_t i = 0; i < n; i++) {
        variance += value[i] * (rate[i] - mean) * (rate[i] - mean);
        covariance += value[i] * (rate[i] * rate[i] - square);
    }
    moments->variance += variance;
    moments->covariance += over * covariance;
}

tf_indices tf_indices_of(const tf_index_sums *s, const tf_index_moments *moments)
{
    double v = s->value, ve = s->ve;
    return (tf_indices){ .simple_mean = s->flows > 0 ? s->rates / s->flows : NAN,
                         .weighted_mean = v > 0 ? s->vt / v : NAN,
                         .maximum = s->flows > 0 ? s->most : NAN,
                         .duty_free = v > 0 ? s->free / v : NAN,
                         .otri = ve > 0 ? s->vet / ve : NAN,
                         .tri = ve > 0 ? sqrt(s->vett / ve) : NAN,
                         .deadweight = s->vett / 2,
                         .variance = v > 0 ? moments->variance / v : NAN,
                         .covariance = ve > 0 ? moments->covariance / v : NAN };
}
