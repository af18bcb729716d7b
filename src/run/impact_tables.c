/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What is reported of a model's answer: metrics, tables, assumptions.
 */
#include "run/impact.h"

#include "model/points.h"

#include <math.h>
#include <stdio.h>

enum { TOLD = 10 };

/* Metrics */

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

static void put_trade(gatherer *g, const tf_effect *e)
{
    money(g, "value_before", e->value0);
    money(g, "value_after", e->value1);
    money(g, "value_change", e->value1 - e->value0);
    number(g, "value_change_share", (e->value1 - e->value0) / e->value0, "share of value_before");
    money(g, "direct_before", e->direct0);
    money(g, "direct_after", e->direct1);
    money(g, "direct_change", e->direct1 - e->direct0);
    number(g, "direct_change_share", (e->direct1 - e->direct0) / e->direct0,
           "share of direct_before");
    money(g, "diverted_change", e->diverted1 - e->diverted0);
    number(g, "volume_index", e->volume1 / e->value0, "1 before");
    number(g, "producer_price", e->value1 / e->volume1, "1 before");
    number(g, "buyer_price", e->paid1 / e->paid_at0, "1 before");
}

static void put_burden(gatherer *g, const tf_impact *impact)
{
    const tf_effect *e = &impact->total;
    double           shared = e->direct_buyers + e->direct_exporters;
    money(g, "revenue_before", e->revenue0);
    money(g, "revenue_after", e->revenue1);
    money(g, "revenue_change", e->revenue1 - e->revenue0);
    money(g, "revenue_change_static", e->revenue_static - e->revenue0);
    money(g, "buyers_bear", e->buyers);
    money(g, "exporters_bear", e->exporters);
    money(g, "direct_buyers_bear", e->direct_buyers);
    money(g, "direct_exporters_absorb", e->direct_exporters);
    number(g, "direct_buyers_share", shared != 0 ? e->direct_buyers / shared : NAN,
           "share of the change of duty on direct_after");
    number(g, "breakeven_pass_through", impact->breakeven,
           "pass-through at which importers neither gain nor lose");
}

static void put_welfare(gatherer *g, const tf_impact *impact)
{
    const tf_effect *e = &impact->total;
    money(g, "consumer_surplus_change", e->consumer);
    money(g, "producer_surplus_change", e->producer);
    if (e->home0 > 0) {
        money(g, "home_sales_before", e->home0);
        money(g, "home_sales_change", e->home1 - e->home0);
        money(g, "home_producer_surplus_change", e->home_producer);
    }
    money(g, "home_welfare", tf_effect_home(e));
    money(g, "world_welfare", tf_effect_world(e));
    if (impact->markets.spec->model == TF_MODEL_SMART) {
        money(g, "trade_creation", e->creation);
        money(g, "trade_diversion", e->diversion);
        money(g, "price_effect", e->value1 - e->value0 - e->creation);
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

static void put_quality(gatherer *g, const tf_impact *impact)
{
    const tf_markets *m = &impact->markets;
    static const char *const names[TF_PARAMETERS] = {
        "default_sigma_share", "default_eta_share", "default_eps_share",
        "default_supply_share", "default_rho_share", "default_home_share"
    };
    number(g, "markets", (double)m->count, "markets");
    number(g, "untouched_markets", (double)impact->untouched, "markets");
    number(g, "unsolved_markets", (double)impact->unsolved.n, "markets");
    money(g, "unsolved_value", impact->unsolved_value);
    number(g, "largest_residual", 1e15 * impact->residual, "1e-15 of the equation solved");
    number(g, "most_iterations", impact->iterations, "iterations");
    for (int p = 0; p < TF_PARAMETERS; p++)
        if (tf_impact_uses(m->spec) >> p & 1)
            number(g, names[p], m->on_default[p] / impact->value, "share of value on defaults");
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
    put_trade(&g, &impact->total);
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

static tariff_status note_assumptions(const tf_impact *impact, tariff_result *result)
{
    const tf_markets     *m = &impact->markets;
    const tf_impact_spec *spec = m->spec;
    const char           *kind = tf_points_kind(m->dimensions);
    gatherer              g = { .arena = &result->arena };
    char                  words[128];
    text(&g, "label", "an estimate by a model under these assumptions, not a forecast", "");
    text(&g, "model", tf_impact_model_name(spec->model), "");
    text(&g, "form", tf_impact_form_name(spec->form), "");
    text(&g, "horizon", tf_horizon_name(spec->horizon), "");
    number(&g, "digits", spec->digits, "");
    for (int p = 0; p < TF_PARAMETERS; p++)
        put_default(&g, m->table, (tf_parameter)p);
    for (int p = 0; p < TF_PARAMETERS; p++)
        if (tf_impact_uses(spec) >> p & 1) {
            static const char *const names[TF_PARAMETERS] = {
                "default_sigma_share", "default_eta_share", "default_eps_share",
                "default_supply_share", "default_rho_share", "default_home_share"
            };
            number(&g, names[p], m->on_default[p] / impact->value, "");
        }
    number(&g, "unsolved_share", impact->value > 0 ? impact->unsolved_value / impact->value : 0,
           "");
    number(&g, "draws", (double)spec->draws, "");
    number(&g, "failed_draws", (double)impact->failed, "");
    if (spec->draws) {
        number(&g, "seed", (double)spec->seed, "");
        number(&g, "shifts", (double)spec->shifts, "");
        snprintf(words, sizeof words, "%s, %zu dimensions", m->dimensions && kind ? kind : "none",
                 m->dimensions);
        text(&g, "points", words, "");
    }
    result->assumptions = g.list.at;
    result->assumption_count = g.list.n;
    return g.failed ? TARIFF_E_NOMEM : TARIFF_OK;
}

/* Tables */

static tariff_status add_groups(tf_impact *impact, const tf_report_choices *choices,
                                const tf_heading *heading, const tariff_law *law,
                                tariff_result *result)
{
    tf_arena      *arena = &result->arena;
    tariff_table **tables = result->tables;
    const bool    *wanted = choices->wanted;
    tf_metric     *list;
    size_t         n;
    if (wanted[TF_REPORT_IMPACT]) {
        TF_TRY(tf_impact_metrics(impact, arena, &list, &n));
        TF_TRY(tf_metrics_table(list, n, heading, arena, &tables[TF_REPORT_IMPACT]));
    }
    if (wanted[TF_REPORT_IMPACT_PRODUCTS])
        TF_TRY(tf_impact_products_table(impact->products, impact->product_count, &law->book,
                                        choices->top[TF_REPORT_IMPACT_PRODUCTS], heading, arena,
                                        &tables[TF_REPORT_IMPACT_PRODUCTS]));
    if (wanted[TF_REPORT_IMPACT_ORIGINS])
        TF_TRY(tf_impact_origins_table(impact->origins, impact->origin_count,
                                       choices->top[TF_REPORT_IMPACT_ORIGINS], heading, arena,
                                       &tables[TF_REPORT_IMPACT_ORIGINS]));
    if (wanted[TF_REPORT_IMPACT_IMPORTERS])
        TF_TRY(tf_impact_importers_table(impact->importers, impact->importer_count,
                                         choices->top[TF_REPORT_IMPACT_IMPORTERS], heading, arena,
                                         &tables[TF_REPORT_IMPACT_IMPORTERS]));
    if (wanted[TF_REPORT_IMPACT_FLOWS])
        TF_TRY(tf_impact_flows_table(impact->flows, impact->markets.rows,
                                     choices->top[TF_REPORT_IMPACT_FLOWS], heading, arena,
                                     &tables[TF_REPORT_IMPACT_FLOWS]));
    if (wanted[TF_REPORT_IMPACT_UNSOLVED])
        TF_TRY(tf_impact_unsolved_table(impact->unsolved.at, impact->unsolved.n, heading, arena,
                                        &tables[TF_REPORT_IMPACT_UNSOLVED]));
    return TARIFF_OK;
}

static tf_impact_band band_of(const tf_outputs *o, const tf_draws *draws, size_t at)
{
    static const tf_total product_totals[TF_PRODUCT_TOTALS] = { TF_TOTAL_DIRECT,
                                                                TF_TOTAL_DIVERTED,
                                                                TF_TOTAL_REVENUE };
    tf_impact_band band = { "total", 0, TARIFF_COUNTRY_NONE, "", draws->point[at],
                            draws->bands[at] };
    size_t         first_origin = TF_TOTALS + TF_PRODUCT_TOTALS * o->products;
    if (at < TF_TOTALS) {
        band.metric = tf_total_name((tf_total)at);
    } else if (at < first_origin) {
        band.scope = "product";
        band.hs = o->product[(at - TF_TOTALS) / TF_PRODUCT_TOTALS];
        band.metric = tf_total_name(product_totals[(at - TF_TOTALS) % TF_PRODUCT_TOTALS]);
    } else {
        band.scope = "origin";
        band.country = o->origin[at - first_origin];
        band.metric = tf_total_name(TF_TOTAL_VALUE);
    }
    return band;
}

static tariff_status add_bands(const tf_outputs *outputs, const tf_draws *draws,
                               const tf_heading *heading, tariff_result *result)
{
    tf_impact_band *bands = TF_ARRAY(&result->arena, tf_impact_band, outputs->count);
    TF_NEED(bands);
    for (size_t i = 0; i < outputs->count; i++)
        bands[i] = band_of(outputs, draws, i);
    return tf_impact_bands_table(bands, outputs->count, heading, &result->arena,
                                 &result->tables[TF_REPORT_IMPACT_BANDS]);
}

static tariff_status add_sensitivity(const tf_sensitivities *s, const tf_heading *heading,
                                     tariff_result *result)
{
    tf_impact_sensitivity rows[TF_TOTALS * TF_PARAMETERS];
    size_t                n = 0;
    for (int t = 0; t < TF_TOTALS; t++)
        for (int p = 0; p < TF_PARAMETERS; p++)
            if (s->has[p])
                rows[n++] = (tf_impact_sensitivity){ tf_total_name((tf_total)t),
                                                     tf_parameter_name((tf_parameter)p),
                                                     s->at[t * TF_PARAMETERS + p] };
    return tf_impact_sensitivity_table(rows, n, heading, &result->arena,
                                       &result->tables[TF_REPORT_IMPACT_SENSITIVITY]);
}

/* No partial answer */

static tariff_status tell_unsolved(tariff_env *env, const tf_impact *impact)
{
    double share = impact->value > 0 ? impact->unsolved_value / impact->value : 0;
    char   percent[TF_DECIMAL_TEXT];
    if (impact->unsolved.n == 0)
        return TARIFF_OK;
    tf_format_number(floor(1e4 * share + 0.5) / 100, percent);
    if (share <= TF_MOST_UNSOLVED) {
        tf_warning(env, NULL, "see impact_unsolved.csv",
                   "the model has no answer for %zu markets, %s%% of the value",
                   impact->unsolved.n, percent);
        return TARIFF_OK;
    }
    for (size_t i = 0; i < impact->unsolved.n && i < TOLD; i++) {
        const tf_unsolved *one = &impact->unsolved.at[i];
        char               code[13];
        tariff_hs_format((tariff_hs){ one->hs }, code);
        tf_note(env, NULL, "%s%s%s: %s", code,
                one->importer == TARIFF_COUNTRY_NONE ? "" : " into ",
                tariff_country_alpha2((tariff_country){ one->importer }),
                tf_solved_reason(one->how));
    }
    return tf_doc_error(env, impact->markets.spec->node, true, TARIFF_E_CONVERGENCE,
                        "a part of an answer is none: change the elasticities or the model",
                        "the model has no answer for %zu of %zu markets, %s%% of the value",
                        impact->unsolved.n, impact->markets.count, percent);
}

static tariff_status tell_failed(tariff_env *env, const tf_impact *impact, size_t failed,
                                 size_t draws)
{
    if (failed == 0)
        return TARIFF_OK;
    if ((double)failed <= TF_MOST_UNSOLVED * (double)draws) {
        tf_warning(env, NULL, "failed_draws in impact.csv counts them",
                   "%zu of %zu draws leave some market without an answer", failed, draws);
        return TARIFF_OK;
    }
    return tf_doc_error(env, impact->markets.spec->node, true, TARIFF_E_CONVERGENCE,
                        "narrow the spreads, or use another form or model",
                        "%zu of %zu draws leave some market without an answer", failed, draws);
}

static tariff_status draw(tariff_env *env, tf_impact *impact, const tf_report_choices *choices,
                          const tariff_run_options *options, const tf_heading *heading,
                          tariff_result *result)
{
    const tf_impact_spec *spec = impact->markets.spec;
    unsigned digits = choices->digits[TF_REPORT_IMPACT_PRODUCTS];
    tf_outputs       outputs;
    tf_draws         draws;
    tf_sensitivities s;
    if (spec->draws == 0
        || (!choices->wanted[TF_REPORT_IMPACT_BANDS]
            && !choices->wanted[TF_REPORT_IMPACT_SENSITIVITY]))
        return TARIFF_OK;
    /* Finer bands would fill the memory: 4,096 draws of every subheading are gigabytes. */
    TF_TRY(tf_outputs_make(&impact->markets, digits < 4 ? digits : 4, &impact->arena, &outputs));
    TF_TRY(tf_draws_run(env, &outputs, options->threads, &impact->arena, &draws));
    impact->draws = draws.draws;
    impact->failed = draws.failed;
    TF_TRY(tell_failed(env, impact, draws.failed, draws.draws));
    if (choices->wanted[TF_REPORT_IMPACT_BANDS])
        TF_TRY(add_bands(&outputs, &draws, heading, result));
    if (!choices->wanted[TF_REPORT_IMPACT_SENSITIVITY] || spec->sensitivity == 0)
        return TARIFF_OK;
    TF_TRY(tf_sensitivities_run(env, &outputs, options->threads, &impact->arena, &s));
    TF_TRY(tell_failed(env, impact, s.failed, s.runs));
    return add_sensitivity(&s, heading, result);
}

static tariff_status report(tariff_env *env, tf_impact *impact, const tariff_scenario *scenario,
                            const tariff_run_options *options, const tf_heading *heading,
                            const tariff_law *law, tariff_result *result)
{
    const tf_report_choices *choices = &scenario->reports;
    if (impact->markets.rows == 0)
        return TARIFF_OK; /* that the reports are empty was said */
    TF_TRY(tell_unsolved(env, impact));
    TF_TRY(draw(env, impact, choices, options, heading, result));
    TF_TRY(add_groups(impact, choices, heading, law, result));
    return note_assumptions(impact, result);
}

tariff_status tf_run_impact(tariff_env *env, const tariff_scenario *scenario,
                            const tariff_run_options *options, const tf_heading *heading,
                            const tariff_law *law, const tf_trade *baseline,
                            tariff_result *result)
{
    tf_elasticities table;
    tf_impact       impact;
    TF_TRY(tf_impact_elasticities(env, &scenario->impact, &table));
    tariff_status status =
        tf_impact_solve(env, &scenario->impact, &table, baseline, &result->trade,
                        scenario->reports.digits[TF_REPORT_IMPACT_PRODUCTS], &impact);
    if (status == TARIFF_OK) {
        status = report(env, &impact, scenario, options, heading, law, result);
        tf_impact_free(&impact);
    }
    tf_elasticities_free(&table);
    return status;
}
