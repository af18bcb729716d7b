/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/spread.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

tf_spread tf_spread_none(double value)
{
    return (tf_spread){ TF_SPREAD_NONE, value, value, value };
}

tf_spread tf_spread_lognormal(double median, double p95)
{
    if (!(p95 > median) || !(median > 0) || !isfinite(p95))
        return tf_spread_none(median);
    return (tf_spread){ TF_SPREAD_LOGNORMAL, median, 0, p95 };
}

tf_spread tf_spread_uniform(double value, double low, double high)
{
    if (!(high > low) || !isfinite(high))
        return tf_spread_none(value);
    return (tf_spread){ TF_SPREAD_UNIFORM, value, low, high };
}

bool tf_spread_moves(const tf_spread *spread)
{
    return spread->kind != TF_SPREAD_NONE;
}

double tf_spread_at(const tf_spread *s, double probability)
{
    static const double z95 = 1.6448536269514722; /* of the standard normal */
    switch (s->kind) {
    case TF_SPREAD_NONE: return s->value;
    case TF_SPREAD_UNIFORM: return s->low + probability * (s->high - s->low);
    case TF_SPREAD_LOGNORMAL:
        return s->value * exp(gsl_cdf_ugaussian_Pinv(probability) * log(s->high / s->value) / z95);
    }
    return NAN;
}
