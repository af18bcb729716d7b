/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/maximum.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_min.h>

enum { GRID = 16, MOST_ITERATIONS = 100 };

typedef struct wrapped {
    bool (*fn)(void *user, double x, double *y);
    void    *user;
    bool     failed;
    unsigned calls;
} wrapped;

/* GSL looks for the lowest value. */
static double negative(double x, void *user)
{
    wrapped *w = user;
    double   y = 0;
    if (w->failed || !w->fn(w->user, x, &y))
        w->failed = true;
    w->calls++;
    return -y;
}

static tariff_status refine(wrapped *w, double x, double lo, double hi, double y, double y_lo,
                            double y_hi, double tolerance, tf_maximum *out)
{
    gsl_function        function = { negative, w };
    gsl_min_fminimizer *minimizer = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    if (!minimizer)
        return TARIFF_E_NOMEM;
    tariff_status status = TARIFF_OK;
    if (gsl_min_fminimizer_set_with_values(minimizer, &function, x, y, lo, y_lo, hi, y_hi)
        != GSL_SUCCESS)
        status = TARIFF_E_CANCELLED;
    for (unsigned i = 0; i < MOST_ITERATIONS && status == TARIFF_OK; i++) {
        /* Where the function is flat no step is lower: the best so far is the answer. */
        if (gsl_min_fminimizer_iterate(minimizer) != GSL_SUCCESS)
            break;
        if (w->failed)
            status = TARIFF_E_CANCELLED;
        if (gsl_min_test_interval(gsl_min_fminimizer_x_lower(minimizer),
                                  gsl_min_fminimizer_x_upper(minimizer), tolerance, 0)
            == GSL_SUCCESS)
            break;
    }
    out->x = gsl_min_fminimizer_x_minimum(minimizer);
    out->y = -gsl_min_fminimizer_f_minimum(minimizer);
    gsl_min_fminimizer_free(minimizer);
    return status;
}

/* GSL aborts the program unless the middle is lower than both ends: so that is looked at first. */
tariff_status tf_find_maximum(bool (*fn)(void *user, double x, double *y), void *user, double lo,
                              double hi, double tolerance, tf_maximum *out)
{
    wrapped w = { fn, user, false, 0 };
    double  x[GRID + 1], y[GRID + 1];
    int     best = 0;
    for (int i = 0; i <= GRID; i++) {
        x[i] = lo + (hi - lo) * i / GRID;
        y[i] = negative(x[i], &w);
        if (w.failed)
            return TARIFF_E_CANCELLED;
        if (y[i] < y[best])
            best = i;
    }
    *out = (tf_maximum){ .x = x[best], .y = -y[best] };
    out->at_edge = best == 0 || best == GRID || !(y[best] < y[best - 1] && y[best] < y[best + 1]);
    tariff_status status = TARIFF_OK;
    if (!out->at_edge)
        status = refine(&w, x[best], x[best - 1], x[best + 1], y[best], y[best - 1], y[best + 1],
                        tolerance, out);
    out->iterations = w.calls;
    return status;
}
