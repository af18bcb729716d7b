/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/root.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_roots.h>

enum { MOST_ITERATIONS = 200 };

typedef struct wrapped {
    bool (*fn)(void *user, double x, double *y);
    void *user;
    bool  failed;
} wrapped;

static double call(double x, void *user)
{
    wrapped *w = user;
    double   y = 0;
    if (w->failed || !w->fn(w->user, x, &y))
        w->failed = true;
    return w->failed ? 0 : y; /* a root to GSL, which then has nothing to complain of */
}

static tariff_status iterate(gsl_root_fsolver *solver, const wrapped *w, double tolerance,
                             tf_root *out)
{
    while (out->iterations < MOST_ITERATIONS) {
        out->iterations++;
        if (gsl_root_fsolver_iterate(solver) != GSL_SUCCESS || w->failed)
            return TARIFF_E_CANCELLED;
        out->x = gsl_root_fsolver_root(solver);
        double lo = gsl_root_fsolver_x_lower(solver), hi = gsl_root_fsolver_x_upper(solver);
        if (gsl_root_test_interval(lo, hi, tolerance, 0) == GSL_SUCCESS)
            return TARIFF_OK;
    }
    return TARIFF_OK;
}

/* GSL aborts the program on a bad bracket, and its handler is the application's to change: so the
 * bracket is looked at before GSL sees it. */
tariff_status tf_find_root(bool (*fn)(void *user, double x, double *y), void *user, double lo,
                           double hi, double tolerance, tf_root *out)
{
    wrapped w = { fn, user, false };
    double  at_lo = call(lo, &w), at_hi = call(hi, &w);
    *out = (tf_root){ .x = lo };
    if (w.failed)
        return TARIFF_E_CANCELLED;
    if (at_lo == 0 || at_hi == 0) {
        out->bracketed = true;
        out->x = at_lo == 0 ? lo : hi;
        return TARIFF_OK;
    }
    out->bracketed = (at_lo < 0) != (at_hi < 0);
    if (!out->bracketed)
        return TARIFF_OK;
    gsl_function      function = { call, &w };
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    if (!solver)
        return TARIFF_E_NOMEM;
    tariff_status status = TARIFF_E_CANCELLED;
    if (gsl_root_fsolver_set(solver, &function, lo, hi) == GSL_SUCCESS)
        status = iterate(solver, &w, tolerance, out);
    gsl_root_fsolver_free(solver);
    return status;
}
