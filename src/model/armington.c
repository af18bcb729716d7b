/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/armington.h"

#include "model/ces.h"

#include <float.h>
#include <math.h>

enum { MOST_ITERATIONS = 200 };
static const double TOLERANCE = 1e-13;

/** The equation F(u) = 0.  The arrays are those of the response, until it is filled. */
typedef struct equation {
    const tf_market *market;
    double          *share;    /**< Of spending with duty, before. */
    double          *ln_buyer; /**< At the last u. */
    double          *weight;   /**< Share of spending at the last u. */
    double           spending;
} equation;

static double gain(const equation *e, size_t i)
{
    /* A price taker's buyer price does not depend on the others'. */
    double supply = e->market->supply[i];
    return isinf(supply) ? 0 : (e->market->sigma - e->market->eta) / (supply + e->market->sigma);
}

static void set_buyer_prices(const equation *e, double u)
{
    const tf_market *m = e->market;
    for (size_t i = 0; i < m->n; i++) {
        double own = isinf(m->supply[i]) ? 1 : m->supply[i] / (m->supply[i] + m->sigma);
        e->ln_buyer[i] = own * m->ln_tau[i] + gain(e, i) * u;
    }
}

static double value_at(const equation *e, double u, double *slope)
{
    const tf_market *m = e->market;
    set_buyer_prices(e, u);
    double index = tf_ces_index(m->n, e->share, e->ln_buyer, m->sigma, e->weight);
    *slope = 1;
    for (size_t i = 0; i < m->n; i++)
        *slope -= e->weight[i] * gain(e, i);
    return u - index;
}

/* All prices that move lie between the changes of the duties, and so does their index. */
static double bracket(const equation *e, double *lo, double *hi)
{
    double start = 0;
    *lo = *hi = 0;
    for (size_t i = 0; i < e->market->n; i++) {
        double x = e->market->ln_tau[i];
        if (e->share[i] == 0)
            continue;
        start += e->share[i] * x;
        *lo = x < *lo ? x : *lo;
        *hi = x > *hi ? x : *hi;
    }
    return start;
}

/* Newton, kept inside a bracket that every evaluation narrows: F rises in u. */
static bool solve(const equation *e, double *u, tf_response *out)
{
    double lo, hi, slope, x = bracket(e, &lo, &hi);
    while (out->iterations < MOST_ITERATIONS) {
        double f = value_at(e, x, &slope);
        out->iterations++;
        out->residual = fabs(f);
        *u = x;
        if (!isfinite(f))
            return false;
        if (f > 0)
            hi = x;
        else
            lo = x;
        double next = x - f / slope;
        if (!(next > lo && next < hi))
            next = lo + (hi - lo) / 2;
        if (fabs(f) <= 2 * DBL_EPSILON * fmax(1, fabs(x)) * fmin(1, slope) || next == x)
            break;
        x = next;
    }
    return out->residual <= TOLERANCE * fmax(1, fabs(*u));
}

static tf_solved check(const tf_market *m)
{
    bool supplied = false;
    if (!(m->sigma > 0 && isfinite(m->sigma) && m->eta >= 0 && isfinite(m->eta)))
        return TF_BAD_PARAMETER;
    for (size_t i = 0; i < m->n; i++)
        supplied = supplied || (m->value[i] > 0 && m->supply[i] > 0);
    return supplied || m->eta > 0 ? TF_SOLVED : TF_UNDETERMINED;
}

static void fill(const equation *e, double u, tf_response *out)
{
    const tf_market *m = e->market;
    double           common = (m->sigma - m->eta) * u;
    set_buyer_prices(e, u);
    out->ln_index = u;
    out->consumer = tf_consumer_surplus(e->spending, m->eta, u);
    for (size_t i = 0; i < m->n; i++) {
        double ln_buyer = e->ln_buyer[i], ln_price = ln_buyer - m->ln_tau[i];
        if (m->value[i] == 0) {
            tf_leave(i, out);
            continue;
        }
        /* With supply fixed the quantity is, too: say so to the last digit. */
        out->quantity[i] = m->supply[i] == 0 ? 1 : exp(common - m->sigma * ln_buyer);
        out->price[i] = isinf(m->supply[i]) ? 1 : exp(ln_price);
        out->producer[i] = tf_producer_surplus(m->value[i], ln_price, m->supply[i]);
    }
}

tf_solved tf_armington(const tf_market *market, tf_response *out)
{
    double    u = 0;
    equation  e = { .market = market,
                    .share = out->price,
                    .ln_buyer = out->quantity,
                    .weight = out->producer };
    tf_solved how = check(market);
    if (how != TF_SOLVED)
        return how;
    how = tf_market_begin(market, out);
    if (how != TF_SOLVED)
        return how;
    for (size_t i = 0; i < market->n; i++) {
        e.share[i] = market->value[i] * (1 + market->t0[i]);
        e.spending += e.share[i];
    }
    for (size_t i = 0; i < market->n; i++)
        e.share[i] /= e.spending;
    if (!solve(&e, &u, out))
        return TF_NO_CONVERGENCE;
    fill(&e, u, out);
    return isfinite(out->consumer) ? TF_SOLVED : TF_NO_CONVERGENCE;
}
