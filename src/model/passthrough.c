/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/passthrough.h"

#include <math.h>

/* The supply that a pass-through implies at this demand; below 0 or above 1 none does. */
static double implied_supply(double rho, double eta)
{
    return rho < 1 ? rho * eta / (1 - rho) : INFINITY;
}

static void respond(const tf_market *m, size_t i, double rho, double supply, tf_response *out)
{
    double ln_price = (rho - 1) * m->ln_tau[i], ln_buyer = rho * m->ln_tau[i];
    double spending = m->value[i] * (1 + m->t0[i]);
    if (m->value[i] == 0) {
        tf_leave(i, out);
        return;
    }
    out->price[i] = exp(ln_price);
    out->quantity[i] = exp(-m->eta * ln_buyer);
    out->producer[i] = tf_producer_surplus(m->value[i], ln_price, supply);
    out->consumer += tf_consumer_surplus(spending, m->eta, ln_buyer);
    out->ln_index += spending * ln_buyer; /* weighted by spending; divided in finish() */
}

static tf_solved finish(const tf_market *m, tf_response *out)
{
    double spending = 0;
    for (size_t i = 0; i < m->n; i++)
        spending += m->value[i] * (1 + m->t0[i]);
    out->ln_index /= spending;
    return isfinite(out->consumer) && isfinite(out->ln_index) ? TF_SOLVED : TF_NO_CONVERGENCE;
}

tf_solved tf_passthrough_reduced(const tf_market *market, tf_response *out)
{
    double rho = market->rho, eta = market->eta;
    if (!(rho >= 0 && isfinite(rho) && eta >= 0 && isfinite(eta)))
        return TF_BAD_PARAMETER;
    tf_solved how = tf_market_begin(market, out);
    if (how != TF_SOLVED)
        return how;
    for (size_t i = 0; i < market->n; i++)
        respond(market, i, rho, implied_supply(rho, eta), out);
    return finish(market, out);
}

tf_solved tf_passthrough_structural(const tf_market *market, tf_response *out)
{
    double eta = market->eta;
    if (!(eta >= 0 && isfinite(eta)))
        return TF_BAD_PARAMETER;
    tf_solved how = tf_market_begin(market, out);
    if (how != TF_SOLVED)
        return how;
    for (size_t i = 0; i < market->n; i++)
        if (market->value[i] > 0 && market->supply[i] + eta == 0)
            return TF_UNDETERMINED;
    for (size_t i = 0; i < market->n; i++) {
        double e = market->supply[i];
        double rho = isinf(e) || e + eta == 0 ? 1 : e / (e + eta);
        respond(market, i, rho, e, out);
    }
    return finish(market, out);
}

double tf_passthrough_welfare(double value, double t0, double t1, double ln_tau, double eta,
                              double rho)
{
    double ln_buyer = rho * ln_tau;
    double after = value * exp((rho - 1) * ln_tau - eta * ln_buyer);
    return tf_consumer_surplus(value * (1 + t0), eta, ln_buyer) + t1 * after - t0 * value;
}

double tf_optimal_rate(double supply)
{
    return 1 / supply;
}

double tf_revenue_rate(double supply, double eta)
{
    double a = isinf(supply) ? eta : eta * (1 + supply) / (supply + eta);
    return a > 1 ? 1 / (a - 1) : INFINITY;
}
