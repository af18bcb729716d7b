/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What parameters there are, what may be said of them, and their defaults.
 */
#include "elasticity/table.h"

#include "value/decimal.h"

#include <math.h>
#include <tariff/value.h>

/* In WITS' screens this number means that supply is infinitely elastic. */
static const double WITS_INFINITE = 99;

const char *tf_parameter_name(tf_parameter parameter)
{
    static const char *const names[] = { "sigma", "eta", "eps", "supply", "rho", "home" };
    return names[parameter];
}

const char *tf_horizon_name(tf_horizon horizon)
{
    return horizon == TF_SHORT_RUN ? "short" : "long";
}

/* Defaults */

typedef struct default_row {
    double      value, p95, low, high;
    const char *source;
} default_row;

/*
 * In the first year trade responds with 0.76 (Boehm, Levchenko & Pandalai-Nayar 2023: an elasticity
 * of tariff-exclusive values, which is a sigma) to 1.5 (WITS); in the long run with the median of
 * 3,524 estimates (Bajzik, Havranek, Irsova & Schwarz 2020: 3.8, 95th percentile 5.1).
 */
static const default_row defaults[TF_HORIZONS][TF_PARAMETERS] = {
    [TF_LONG_RUN] = {
        { 3.8, 5.1, 0, 0, "median of 3,524 estimates, Bajzik, Havranek, Irsova & Schwarz 2020" },
        { 1, 1.6, 0, 0, "assumed: a constant share of spending" },
        { 1.2, 1.92, 0, 0, "between the median and the mean of Kee, Nicita & Olarreaga 2008" },
        { 8, 24, 0, 0, "between Riker & Schreiber 2020 (10) and estimates of less; uncertain" },
        { 1, 1, 0, 0, "complete at the border, Amiti, Redding & Weinstein 2019" },
        { 0, 0, 0, 0, "none: home sales are not in trade statistics" },
    },
    [TF_SHORT_RUN] = {
        { 1.13, 0, 0.76, 1.5, "first year 0.76, Boehm, Levchenko & Pandalai-Nayar 2023, to 1.5, WITS" },
        { 1, 1.6, 0, 0, "assumed: a constant share of spending" },
        { 1.2, 1.92, 0, 0, "between the median and the mean of Kee, Nicita & Olarreaga 2008" },
        { 8, 24, 0, 0, "between Riker & Schreiber 2020 (10) and estimates of less; uncertain" },
        { 1, 1, 0, 0, "complete at the border, Amiti, Redding & Weinstein 2019" },
        { 0, 0, 0, 0, "none: home sales are not in trade statistics" },
    },
};
/* 95th percentile / median, where neither a row nor its default gives one. */
static const double ratios[TF_PARAMETERS] = { 5.1 / 3.8, 1.6, 1.6, 3, 1, 1 };

double tf_parameter_ratio(tf_parameter parameter)
{
    return ratios[parameter];
}

tariff_status tf_elasticities_init(tf_elasticities *table, const tariff_allocator *allocator,
                                   tf_horizon horizon)
{
    memset(table, 0, sizeof *table);
    tf_arena_init(&table->arena, allocator);
    table->horizon = horizon;
    for (int p = 0; p < TF_PARAMETERS; p++) {
        const default_row *row = &defaults[horizon][p];
        tf_elasticity      entry = { (tf_parameter)p, { 0 }, true, row->source };
        entry.spread = row->high > 0 ? tf_spread_uniform(row->value, row->low, row->high)
                                     : tf_spread_lognormal(row->value, row->p95);
        table->ratio[p] = ratios[p];
        if (!TF_PUSH(&table->arena, &table->entries, entry)) {
            tf_arena_free(&table->arena);
            return TARIFF_E_NOMEM;
        }
    }
    return TARIFF_OK;
}

void tf_elasticities_free(tf_elasticities *table)
{
    tf_arena_free(&table->arena);
}

void tf_elasticities_default(tf_elasticities *table, tf_parameter parameter, tf_spread spread)
{
    tf_elasticity *entry = &table->entries.at[parameter];
    entry->spread = spread;
    entry->source = "the scenario";
    if (spread.kind == TF_SPREAD_LOGNORMAL)
        table->ratio[parameter] = spread.high / spread.value;
    else if (spread.kind == TF_SPREAD_NONE)
        table->ratio[parameter] = 1;
}

/* Values */

const char *tf_parameter_wrong(tf_parameter parameter, double value)
{
    if (!(value >= 0))
        return "an elasticity is a magnitude, never negative";
    if (parameter == TF_SIGMA && value == 0)
        return "sigma is above 0: origins that no price can exchange have no common market";
    if (parameter == TF_RHO && value > 10)
        return "a pass-through above 10 is no share: 1 is complete";
    return NULL;
}

tariff_status tf_parse_parameter(tf_parameter parameter, const char *text, size_t length,
                                 double *out, tf_why *why)
{
    int64_t     nano;
    const char *name = tf_parameter_name(parameter), *wrong;
    if (parameter == TF_SUPPLY && length == 3 && memcmp(text, "inf", 3) == 0) {
        *out = INFINITY;
        return TARIFF_OK;
    }
    if (length > 0 && text[0] == '-')
        return tf_because(why, TARIFF_E_VALUE, 0,
                          "write magnitudes: an import demand that falls by 1.2 % is 1.2",
                          "negative %s '%.*s'", name, (int)length, text);
    TF_TRY(tf_parse_decimal(text, length, 9, name, &nano, why));
    *out = (double)nano / 1e9;
    if (parameter == TF_SUPPLY && *out >= WITS_INFINITE)
        *out = INFINITY;
    wrong = tf_parameter_wrong(parameter, *out);
    return wrong ? tf_because(why, TARIFF_E_VALUE, 0, NULL, "%s", wrong) : TARIFF_OK;
}

static bool given(const char *text)
{
    return text && *text;
}

static tariff_status parse_edge(tf_parameter parameter, const char *text, bool above, double value,
                                double *out, tf_why *why)
{
    TF_TRY(tf_parse_parameter(parameter, text, strlen(text), out, why));
    if (above ? *out >= value : *out <= value)
        return TARIFF_OK;
    return tf_because(why, TARIFF_E_VALUE, 0, "the value lies between its lower and upper end",
                      "this end of %s is on the wrong side of its value",
                      tf_parameter_name(parameter));
}

tariff_status tf_parse_spread(tf_parameter parameter, const tf_spread_texts *t, double ratio,
                              tf_spread *out, int *which, tf_why *why)
{
    double value, edge, low;
    *which = 0;
    if (!given(t->value))
        return tf_because(why, TARIFF_E_VALUE, 0, "give the value, too",
                          "a spread of %s without a value", tf_parameter_name(parameter));
    TF_TRY(tf_parse_parameter(parameter, t->value, strlen(t->value), &value, why));
    *out = tf_spread_lognormal(value, value * ratio);
    if (given(t->p95)) {
        *which = 1;
        if (given(t->lo) || given(t->hi))
            return tf_because(why, TARIFF_E_CONFLICT, 0, "a log-normal, or a range",
                              "both a 95th percentile and a range");
        TF_TRY(parse_edge(parameter, t->p95, true, value, &edge, why));
        *out = tf_spread_lognormal(value, edge);
    }
    if (!given(t->lo) && !given(t->hi))
        return TARIFF_OK;
    *which = given(t->lo) ? 3 : 2;
    if (!given(t->lo) || !given(t->hi))
        return tf_because(why, TARIFF_E_VALUE, 0, NULL, "a range has a lower and an upper end");
    *which = 2;
    TF_TRY(parse_edge(parameter, t->lo, false, value, &low, why));
    *which = 3;
    TF_TRY(parse_edge(parameter, t->hi, true, value, &edge, why));
    *out = tf_spread_uniform(value, low, edge);
    return TARIFF_OK;
}
