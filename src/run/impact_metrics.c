/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What a model's answer comes to: the rows of impact.csv, and the assumptions
 * that the manifest keeps.
 */
#include "run/impact.h"

#include "model/points.h"

#include <math.h>
#include <stdio.h>

typedef TF_VEC(tf_metric) metrics;

/** Metrics as they are gathered. */
typedef struct gatherer {
    tf_arena *arena;
    metrics   list;
    bool      failed;
} gatherer;

static void push(gatherer *g, tf_metric metric)
{
    g->failed = g->failed || !TF_PUSH(g->arena, &g->list, metric);
}

static void money(gatherer *g, const char *name, double value)
{
    push(g, (tf_metric){ name, "", TF_METRIC_MONEY, value, NULL });
}

static void number(gatherer *g, const char *name, double value, const char *unit)
{
    push(g, (tf_metric){ name, unit, TF_METRIC_NUMBER, value, NULL });
}

static void text(gatherer *g, const char *name, const char *words, const char *unit)
{
    const char *kept = tf_arena_text(g->arena, words, strlen(words));
    g->failed = g->failed || !kept;
    push(g, (tf_metric){ name, unit, TF_METRIC_TEXT, 0, kept });
}

static void put_trade(gatherer *g, const tf_impact *impact)
{
    const tf_effect *e = &impact->total, *shown = &impact->shown;
    money(g, "value_before", shown->value0);
    money(g, "value_after", shown->value1);
    money(g, "value_change", shown->value1 - shown->value0);
    number(g, "value_change_share", (e->value1 - e->value0) / e->value0, "share of value_before");
    money(g, "direct_before", shown->direct0);
    money(g, "direct_after", shown->direct1);
    money(g, "direct_change", shown->direct1 - shown->direct0);
    number(g, "direct_change_share", (e->direct1 - e->direct0) / e->direct0,
           "share of direct_before");
    money(g, "diverted_change", shown->diverted1 - shown->diverted0);
    number(g, "volume_index", e->volume1 / e->value0, "1 before");
    number(g, "producer_price", e->value1 / e->volume1, "1 before");
    number(g, "buyer_price", e->paid1 / e->paid_at0, "1 before");
}

static void put_burden(gatherer *g, const tf_impact *impact)
{
    const tf_effect *e = &impact->total, *shown = &impact->shown;
    double           shared = e->direct_buyers + e->direct_exporters;
    money(g, "revenue_before", shown->revenue0);
    money(g, "revenue_after", shown->revenue1);
    money(g, "revenue_change", shown->revenue1 - shown->revenue0);
    money(g, "revenue_change_static", shown->revenue_static - shown->revenue0);
    money(g, "buyers_bear", shown->buyers);
    money(g, "exporters_bear", shown->exporters);
    money(g, "direct_buyers_bear", shown->direct_buyers);
    money(g, "direct_exporters_absorb", shown->direct_exporters);
    number(g, "direct_buyers_share", shared != 0 ? e->direct_buyers / shared : NAN,
           "share of the change of duty on direct_after");
    number(g, "breakeven_pass_through", impact->breakeven,
           !impact->changes           ? "undefined: no rate changes"
           : isnan(impact->breakeven) ? "none from 0 to 2"
                                      : "pass-through at which importers neither gain nor lose");
}

static void put_welfare(gatherer *g, const tf_impact *impact)
{
    const tf_effect *shown = &impact->shown;
    money(g, "consumer_surplus_change", shown->consumer);
    money(g, "producer_surplus_change", shown->producer);
    if (shown->home0 > 0) {
        money(g, "home_sales_before", shown->home0);
        money(g, "home_sales_change", shown->home1 - shown->home0);
        money(g, "home_producer_surplus_change", shown->home_producer);
    }
    money(g, "home_welfare", tf_effect_home(shown));
    money(g, "world_welfare", tf_effect_world(shown));
    if (impact->markets.spec->model == TF_MODEL_SMART) {
        money(g, "trade_creation", shown->creation);
        money(g, "trade_diversion", shown->diversion);
        money(g, "trade_diversion_gained", shown->gained);
        money(g, "price_effect", shown->value1 - shown->value0 - shown->creation
                                     - shown->diversion - shown->gained);
    }
}

static void put_indices(gatherer *g, const tf_indices *x, bool after)
{
    static const char *const names[][2] = {
        { "simple_mean_rate_before", "simple_mean_rate_after" },
        { "weighted_mean_rate_before", "weighted_mean_rate_after" },
        { "maximum_rate_before", "maximum_rate_after" },
        { "duty_free_share_before", "duty_free_share_after" },
        { "otri_before", "otri_after" },
        { "tri_before", "tri_after" },
        { "linear_deadweight_before", "linear_deadweight_after" },
        { "feenstra_gap_before", "feenstra_gap_after" },
    };
    double made = x->weighted_mean * x->weighted_mean + x->variance + x->covariance;
    number(g, names[0][after], x->simple_mean, "rate");
    number(g, names[1][after], x->weighted_mean, "rate of value_before");
    number(g, names[2][after], x->maximum, "rate");
    number(g, names[3][after], x->duty_free, "share of value_before");
    number(g, names[4][after], x->otri, "uniform rate that keeps out as much");
    number(g, names[5][after], x->tri, "uniform rate that costs as much");
    money(g, names[6][after], x->deadweight);
    number(g, names[7][after], x->tri * x->tri - made, "TRI^2 less its parts: a check");
}

/* Of the parameters that the model uses. */
static void put_default_shares(gatherer *g, const tf_impact *impact)
{
    static const char *const names[TF_PARAMETERS] = {
        "default_sigma_share", "default_eta_share", "default_eps_share",
        "default_supply_share", "default_rho_share", "default_home_share"
    };
    const tf_markets *m = &impact->markets;
    for (int p = 0; p < TF_PARAMETERS; p++)
        if (tf_impact_uses(m->spec) >> p & 1)
            number(g, names[p], m->on_default[p] / impact->value, "share of value on defaults");
}

static void put_rows(gatherer *g, const tf_impact *impact)
{
    const tf_elasticities   *table = impact->markets.table;
    const tf_elasticity_row *first;
    size_t                   idle = 0;
    for (size_t i = 0; i < table->files.n; i++)
        idle += tf_impact_idle_rows(impact, i, &first);
    number(g, "elasticity_rows", (double)table->rows.n, "rows of this horizon");
    number(g, "elasticity_rows_idle", (double)idle, "rows that no flow takes anything from");
}

static void put_quality(gatherer *g, const tf_impact *impact)
{
    const tf_markets *m = &impact->markets;
    number(g, "markets", (double)m->count, "markets");
    number(g, "untouched_markets", (double)impact->untouched, "markets");
    number(g, "unsolved_markets", (double)impact->unsolved.n, "markets");
    money(g, "unsolved_value", impact->unsolved_value);
    money(g, "unassessed_value_before", impact->unassessed0);
    money(g, "unassessed_value_after", impact->unassessed1);
    number(g, "largest_residual", 1e15 * impact->residual, "1e-15 of the equation solved");
    number(g, "most_iterations", impact->iterations, "iterations");
    put_default_shares(g, impact);
    put_rows(g, impact);
    number(g, "draws", (double)impact->draws, "draws");
    number(g, "failed_draws", (double)impact->failed, "draws");
}

static void model_words(const tf_impact_spec *spec, char *buf, size_t size)
{
    snprintf(buf, size, "%s, %s, %s run", tf_impact_model_name(spec->model),
             tf_impact_form_name(spec->form), tf_horizon_name(spec->horizon));
}

tariff_status tf_impact_metrics(const tf_impact *impact, tf_arena *arena, tf_metric **out,
                                size_t *n)
{
    gatherer g = { .arena = arena };
    char     words[128];
    model_words(impact->markets.spec, words, sizeof words);
    text(&g, "model", words, "an estimate by a model, not a forecast");
    put_trade(&g, impact);
    put_burden(&g, impact);
    put_welfare(&g, impact);
    put_indices(&g, &impact->before, false);
    put_indices(&g, &impact->after, true);
    put_quality(&g, impact);
    *out = g.list.at;
    *n = g.list.n;
    return g.failed ? TARIFF_E_NOMEM : TARIFF_OK;
}

/* Assumptions, for the manifest */

static void put_default(gatherer *g, const tf_elasticities *table, tf_parameter p)
{
    const tf_elasticity *e = &table->entries.at[p];
    char words[320], spread[160] = "", value[TF_DECIMAL_TEXT], low[TF_DECIMAL_TEXT];
    char high[TF_DECIMAL_TEXT];
    static const char *const names[TF_PARAMETERS] = {
        "default_sigma", "default_eta", "default_eps", "default_supply", "default_rho",
        "default_home"
    };
    tf_format_number(e->spread.value, value);
    tf_format_number(e->spread.low, low);
    tf_format_number(e->spread.high, high);
    if (e->spread.kind == TF_SPREAD_LOGNORMAL)
        snprintf(spread, sizeof spread, ", 95th percentile %s", high);
    else if (e->spread.kind == TF_SPREAD_UNIFORM)
        snprintf(spread, sizeof spread, ", from %s to %s", low, high);
    snprintf(words, sizeof words, "%s%s: %s", value, spread, e->source);
    text(g, names[p], words, "");
}

tariff_status tf_impact_assumptions(const tf_impact *impact, tf_arena *arena, tf_metric **out,
                                    size_t *n)
{
    const tf_markets     *m = &impact->markets;
    const tf_impact_spec *spec = m->spec;
    const char           *kind = tf_points_kind(m->dimensions);
    gatherer              g = { .arena = arena };
    char                  words[128];
    text(&g, "label", "an estimate by a model under these assumptions, not a forecast", "");
    text(&g, "model", tf_impact_model_name(spec->model), "");
    text(&g, "form", tf_impact_form_name(spec->form), "");
    text(&g, "horizon", tf_horizon_name(spec->horizon), "");
    number(&g, "digits", spec->digits, "");
    for (int p = 0; p < TF_PARAMETERS; p++)
        put_default(&g, m->table, (tf_parameter)p);
    put_default_shares(&g, impact);
    number(&g, "unsolved_share", impact->value > 0 ? impact->unsolved_value / impact->value : 0,
           "");
    money(&g, "unassessed_value_before", impact->unassessed0);
    money(&g, "unassessed_value_after", impact->unassessed1);
    number(&g, "draws", (double)spec->draws, "");
    number(&g, "failed_draws", (double)impact->failed, "");
    if (spec->draws) {
        number(&g, "seed", (double)spec->seed, "");
        number(&g, "shifts", (double)spec->shifts, "");
        snprintf(words, sizeof words, "%s, %zu dimensions", m->dimensions && kind ? kind : "none",
                 m->dimensions);
        text(&g, "points", words, "");
    }
    *out = g.list.at;
    *n = g.list.n;
    return g.failed ? TARIFF_E_NOMEM : TARIFF_OK;
}
