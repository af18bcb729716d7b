/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The highest value of a function of one variable.
 */
#ifndef TF_MODEL_MAXIMUM_H
#define TF_MODEL_MAXIMUM_H

#include <stdbool.h>
#include <tariff/status.h>

typedef struct tf_maximum {
    double   x, y;
    unsigned iterations; /**< Evaluations. */
    bool     at_edge;    /**< No interior point of the grid is higher than an end. */
} tf_maximum;

/**
 * A coarse grid between lo and hi, then Brent's method around its best point
 * until x is known to `tolerance`.  Of several peaks the grid decides.
 * @return TARIFF_OK, TARIFF_E_NOMEM, or TARIFF_E_CANCELLED if the function gave up.
 */
tariff_status tf_find_maximum(bool (*fn)(void *user, double x, double *y), void *user, double lo,
                              double hi, double tolerance, tf_maximum *out);

#endif
