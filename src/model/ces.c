/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/ces.h"

#include <math.h>

/* Below this distance of sigma from 1 the quotient of logarithms loses digits. */
static const double NEAR_ONE = 0.05;
/* Beyond it exp() may overflow or vanish, and terms are scaled by the largest. */
static const double LARGE = 500;

static double largest(size_t n, const double *share, const double *x, double k)
{
    double most = -INFINITY;
    for (size_t i = 0; i < n; i++)
        if (share[i] > 0 && k * x[i] > most)
            most = k * x[i];
    return most;
}

static double smallest(size_t n, const double *share, const double *x, double k)
{
    return -largest(n, share, x, -k);
}

/* Near one: log1p(sum s expm1(k x)) / k, whose limit for k -> 0 is sum s x. */
static double index_near_one(size_t n, const double *share, const double *x, double k,
                             double *weight)
{
    double sum = 0, mean = 0;
    for (size_t i = 0; i < n; i++) {
        double more = expm1(k * x[i]);
        if (weight)
            weight[i] = share[i] * (1 + more);
        sum += share[i] * more;
        mean += share[i] * x[i];
    }
    for (size_t i = 0; weight && i < n; i++)
        weight[i] /= 1 + sum;
    return k == 0 ? mean : log1p(sum) / k;
}

double tf_ces_index(size_t n, const double *share, const double *ln_price, double sigma,
                    double *weight)
{
    double k = 1 - sigma, sum = 0, most = 0;
    if (fabs(k) < NEAR_ONE)
        return index_near_one(n, share, ln_price, k, weight);
    if (largest(n, share, ln_price, k) > LARGE || smallest(n, share, ln_price, k) < -LARGE)
        most = largest(n, share, ln_price, k);
    for (size_t i = 0; i < n; i++) {
        double term = share[i] > 0 ? share[i] * exp(k * ln_price[i] - most) : 0;
        if (weight)
            weight[i] = term;
        sum += term;
    }
    for (size_t i = 0; weight && i < n; i++)
        weight[i] /= sum;
    return (log(sum) + most) / k;
}
