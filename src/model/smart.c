/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/smart.h"

#include <math.h>

static double damped(double elasticity, double one_over_mu)
{
    return elasticity / (1 + elasticity * one_over_mu);
}

static double inverse(double supply)
{
    return isinf(supply) ? 0 : 1 / supply;
}

static bool create(const tf_market *m, tf_smart_rule rule, tf_response *out)
{
    bool good = true;
    for (size_t i = 0; i < m->n; i++) {
        double strength = damped(m->eps, inverse(m->supply[i]));
        out->creation[i] = rule == TF_SMART_BOUNDED
                               ? m->value[i] * expm1(-strength * m->ln_tau[i])
                               : -strength * m->value[i] * expm1(m->ln_tau[i]);
        good = good && m->value[i] + out->creation[i] >= 0;
    }
    return good;
}

static double substitution(const tf_market *m)
{
    double sum = 0, all = 0;
    for (size_t i = 0; i < m->n; i++) {
        sum += m->value[i] > 0 ? m->value[i] * inverse(m->supply[i]) : 0;
        all += m->value[i];
    }
    return damped(m->sigma, sum / all);
}

/* A row cannot lose more than it has; one factor for all rows keeps the sum at zero. */
static double common_factor(const tf_market *m, const tf_response *out)
{
    double factor = 1;
    for (size_t i = 0; i < m->n; i++) {
        double left = m->value[i] + out->creation[i];
        if (left + factor * out->diversion[i] < 0)
            factor = -left / out->diversion[i];
    }
    return factor;
}

static void divert_linear(const tf_market *m, double s, tf_response *out)
{
    double all = 0, mean = 0;
    for (size_t i = 0; i < m->n; i++) {
        all += m->value[i];
        mean += m->value[i] * expm1(m->ln_tau[i]);
    }
    mean /= all;
    for (size_t i = 0; i < m->n; i++)
        out->diversion[i] = -s * m->value[i] * (expm1(m->ln_tau[i]) - mean);
    double factor = common_factor(m, out);
    for (size_t i = 0; factor < 1 && i < m->n; i++)
        out->diversion[i] *= factor;
}

/* Shares w (1+r)^-s of a total that stays: of trade before, or of what creation left. */
static void divert_by_shares(const tf_market *m, double s, bool after_creation, tf_response *out)
{
    double all = 0, sum = 0;
    for (size_t i = 0; i < m->n; i++) {
        double base = m->value[i] + (after_creation ? out->creation[i] : 0);
        all += base;
        sum += base * exp(-s * m->ln_tau[i]);
    }
    for (size_t i = 0; i < m->n; i++) {
        double base = m->value[i] + (after_creation ? out->creation[i] : 0);
        double share = sum > 0 ? exp(-s * m->ln_tau[i]) * all / sum : 1;
        out->diversion[i] = base * (share - 1);
    }
}

/* A row that the common factor brings to zero may be off by rounding. */
static double whole(double quantity)
{
    return quantity < 0 && quantity > -1e-12 ? 0 : quantity;
}

static bool fill(const tf_market *m, tf_response *out)
{
    double spending = 0;
    bool   good = true;
    out->consumer = out->ln_index = 0;
    for (size_t i = 0; i < m->n; i++) {
        double v = m->value[i], change = out->creation[i] + out->diversion[i];
        double quantity = v > 0 ? whole((v + change) / v) : 1;
        double price = v > 0 ? 1 + (quantity - 1) * inverse(m->supply[i]) : 1;
        double buyer0 = 1 + m->t0[i], buyer1 = (1 + m->t1[i]) * price;
        good = good && quantity >= 0 && price > 0 && isfinite(quantity) && isfinite(price);
        out->quantity[i] = quantity;
        out->price[i] = price;
        /* Along the line between the two points: what this model's linear supply gains. */
        out->producer[i] = v * (price - 1) * (1 + quantity) / 2;
        out->consumer -= (buyer1 - buyer0) * (v + v * quantity) / 2;
        out->ln_index += v * buyer0 * (log(buyer1) - log(buyer0));
        spending += v * buyer0;
    }
    out->ln_index /= spending;
    return good;
}

tf_solved tf_smart(const tf_market *market, tf_smart_rule rule, tf_response *out)
{
    if (!(market->eps >= 0 && isfinite(market->eps) && market->sigma >= 0
          && isfinite(market->sigma)))
        return TF_BAD_PARAMETER;
    tf_solved how = tf_market_begin(market, out);
    if (how != TF_SOLVED)
        return how;
    for (size_t i = 0; i < market->n; i++)
        if (market->value[i] > 0 && market->supply[i] == 0)
            return TF_UNDETERMINED; /* its price effect divides by mu */
    if (!create(market, rule, out))
        return TF_BELOW_ZERO;
    double s = substitution(market);
    if (rule == TF_SMART_LINEAR)
        divert_linear(market, s, out);
    else
        divert_by_shares(market, s, rule == TF_SMART_BOUNDED, out);
    return fill(market, out) ? TF_SOLVED : TF_BELOW_ZERO;
}
