/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The tables of a model's answer, and when there is none.
 */
#include "run/impact.h"

#include "io/csv_in.h"

#include <math.h>

enum { TOLD = 10 }; /* markets without an answer that are named before the error */

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
                                       impact->markets.spec->model == TF_MODEL_SMART,
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

/* Of a published table all but what is asked lies idle; of one's own, a row that does is a slip. */
static void warn_of_idle_rows(tariff_env *env, const tf_impact *impact)
{
    const tf_markets      *m = &impact->markets;
    const tf_elasticities *table = m->table;
    for (size_t i = 0; i < table->files.n; i++) {
        const tf_elasticity_row *first;
        size_t   idle = tf_impact_idle_rows(impact, i, &first), all = 0;
        char     excerpt[256];
        for (size_t k = 0; k < table->rows.n; k++)
            all += table->rows.at[k].file == i;
        if (idle == 0 || (m->spec->published.at[i] && idle < all))
            continue;
        tf_place here = { table->files.at[i], first->line, 1, NULL, excerpt, NULL };
        tf_csv_excerpt(here.file, here.line, excerpt, sizeof excerpt);
        tf_warning(env, &here,
                   "no flow is of its product and countries, or closer or later rows hide it",
                   "no flow takes an elasticity from this row: %zu of %zu in the file lie idle",
                   idle, all);
    }
}

/* Whole units of money, for messages. */
static void format_whole(double x, char buf[TF_DECIMAL_TEXT])
{
    tf_format_fixed(fabs(x) < 1e27 ? (tf_i128)floor(x + 0.5) : 0, 0, 0, buf);
}

/* A rate that lacks a duty is no rate: prices and revenue lack its part. */
static void warn_of_unassessed(tariff_env *env, const tf_impact *impact, const char *currency)
{
    double value = fmax(impact->unassessed0, impact->unassessed1);
    char   money[TF_DECIMAL_TEXT];
    if (value == 0)
        return;
    format_whole(value, money);
    tf_warning(env, NULL, "give the flows a quantity in its unit; see unassessed_value_before and "
               "_after in impact.csv",
               "on trade of %s %s a specific duty is not known, and the model takes it for none",
               money, currency);
}

/* A trapezoid over a change of a hundred points is no surplus: the model's own limit. */
static void warn_of_trapezoid(tariff_env *env, const tf_impact *impact)
{
    const tf_markets *m = &impact->markets;
    double            value = 0;
    char              money[TF_DECIMAL_TEXT];
    for (size_t i = 0; m->spec->model == TF_MODEL_SMART && i < m->rows; i++)
        value += fabs(m->t1[i] - m->t0[i]) > 1 ? m->value[i] : 0;
    if (value == 0)
        return;
    format_whole(value, money);
    tf_warning(env, NULL, "model: armington is exact at any rate",
               "rates change by more than 100 points on trade of %s: SMART's welfare means little "
               "there", money);
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

static tariff_status add_layers(const tf_impact *impact, const tf_heading *heading,
                                const tariff_result *baseline, tariff_result *result)
{
    tf_layer_revenue *list;
    size_t            n;
    TF_TRY(tf_impact_layers(impact, &result->trade_rows, &baseline->evaluation,
                            &result->evaluation, &result->arena, &list, &n));
    return tf_impact_layers_table(list, n, heading, &result->arena,
                                  &result->tables[TF_REPORT_IMPACT_LAYERS]);
}

static tariff_status report(tariff_env *env, tf_impact *impact, const tf_report_choices *choices,
                            const tariff_run_options *options, const tf_heading *heading,
                            const tariff_result *baseline, tariff_result *result)
{
    if (impact->markets.rows == 0)
        return TARIFF_OK; /* that the reports are empty was said */
    TF_TRY(tell_unsolved(env, impact));
    warn_of_idle_rows(env, impact);
    warn_of_unassessed(env, impact, heading->currency);
    warn_of_trapezoid(env, impact);
    TF_TRY(tf_impact_in_cents(env, impact));
    TF_TRY(draw(env, impact, choices, options, heading, result));
    TF_TRY(add_groups(impact, choices, heading, result->evaluation.law, result));
    if (choices->wanted[TF_REPORT_IMPACT_LAYERS])
        TF_TRY(add_layers(impact, heading, baseline, result));
    return tf_impact_assumptions(impact, &result->arena, &result->assumptions,
                                 &result->assumption_count);
}

tariff_status tf_run_impact(tariff_env *env, const tariff_scenario *scenario,
                            const tf_report_choices *choices, const tariff_run_options *options,
                            const tf_heading *heading, const tariff_result *baseline,
                            tariff_result *result)
{
    tf_elasticities   table;
    tf_impact         impact;
    tf_impact_options how = { choices->digits[TF_REPORT_IMPACT_PRODUCTS],
                              choices->wanted[TF_REPORT_IMPACT_FLOWS]
                                  || choices->wanted[TF_REPORT_IMPACT_LAYERS],
                              options->threads };
    TF_TRY(tf_impact_elasticities(env, &scenario->impact, &table));
    tariff_status status = tf_impact_solve(env, &scenario->impact, &table, &baseline->trade,
                                           &result->trade, &how, &impact);
    if (status == TARIFF_OK) {
        status = report(env, &impact, choices, options, heading, baseline, result);
        tf_impact_free(&impact);
    }
    tf_elasticities_free(&table);
    return status;
}
