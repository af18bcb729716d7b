/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A root of a function of one variable.
 */
#ifndef TF_MODEL_ROOT_H
#define TF_MODEL_ROOT_H

#include <stdbool.h>
#include <tariff/status.h>

typedef struct tf_root {
    double   x;
    unsigned iterations;
    bool     bracketed; /**< The function has different signs at both ends. */
} tf_root;

/**
 * Brent's method between lo and hi, until the interval is narrower than
 * `tolerance`.  The function returns false to give up.
 * @return TARIFF_OK (see `bracketed`), or TARIFF_E_NOMEM, or TARIFF_E_CANCELLED
 *         if the function gave up.
 */
tariff_status tf_find_root(bool (*fn)(void *user, double x, double *y), void *user, double lo,
                           double hi, double tolerance, tf_root *out);

#endif
