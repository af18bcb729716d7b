/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/market.h"

#include <math.h>

const char *tf_solved_name(tf_solved how)
{
    static const char *const names[TF_SOLVED_KINDS] = {
        "solved",       "untouched",  "no_trade",      "bad_parameter",
        "undetermined", "below_zero", "no_convergence"
    };
    return names[how];
}

const char *tf_solved_reason(tf_solved how)
{
    static const char *const reasons[TF_SOLVED_KINDS] = {
        "solved",
        "no rate changes",
        "nothing is traded",
        "an elasticity, a rate or a value is negative, missing or no number",
        "neither supply nor demand responds to prices: no price clears the market",
        "the linear rule takes away more trade than there is; use ces_bounded or armington",
        "the equations were not solved to their tolerance"
    };
    return reasons[how];
}

void tf_ln_tau(size_t n, const double *t0, const double *t1, double *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = t0[i] == t1[i] ? 0.0 : log1p(t1[i]) - log1p(t0[i]);
}

static void leave_untouched(const tf_market *market, tf_response *out)
{
    for (size_t i = 0; i < market->n; i++)
        tf_leave(i, out);
    out->ln_index = out->consumer = out->residual = 0;
    out->iterations = 0;
}

tf_solved tf_market_begin(const tf_market *market, tf_response *out)
{
    bool   changes = false;
    double all = 0;
    leave_untouched(market, out);
    for (size_t i = 0; i < market->n; i++) {
        /* Written so that a NaN fails. */
        if (!(market->value[i] >= 0 && market->t0[i] >= 0 && market->t1[i] >= 0
              && market->supply[i] >= 0 && isfinite(market->value[i])
              && isfinite(market->t0[i]) && isfinite(market->t1[i])))
            return TF_BAD_PARAMETER;
        all += market->value[i];
        changes = changes || (market->value[i] > 0 && market->ln_tau[i] != 0);
    }
    if (all == 0)
        return TF_NO_TRADE;
    return changes ? TF_SOLVED : TF_UNTOUCHED;
}

double tf_producer_surplus(double value, double ln_price, double supply)
{
    return isinf(supply) ? 0.0 : value * expm1((1 + supply) * ln_price) / (1 + supply);
}

double tf_consumer_surplus(double spending, double eta, double ln_index)
{
    /* expm1 keeps the limit at eta = 1, where the quotient is ln_index, smooth. */
    double rest = 1 - eta;
    return rest == 0 ? -spending * ln_index : -spending * expm1(rest * ln_index) / rest;
}
