/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/gauge.h"

#include "model/passthrough.h"

#include <math.h>

/* Opening */

/* The flows of a scenario under its law. */
static tariff_status trade_under(const tf_evaluation *e, tf_trade *out)
{
    tf_tally          tally;
    tf_report_choices choices = { .bracket_step = 0 };
    tf_evaluation     own = *e;
    own.reports = &choices;
    own.quiet = true;
    own.trade = out;
    TF_TRY(tf_evaluate(&own, &tally));
    tf_tally_free(&tally);
    return TARIFF_OK;
}

static tariff_status evaluate_baseline(tf_gauge *g, tf_store *store,
                                       const tariff_scenario *baseline, tariff_law *law)
{
    tf_where      where;
    tf_evaluation e = g->evaluation;
    e.law = law;
    e.where = baseline->where ? &where : NULL;
    e.date_kind = baseline->date_kind;
    e.date = baseline->date;
    if (baseline->where)
        TF_TRY(tf_scenario_where(baseline, g->env, law, &where));
    TF_TRY(tf_store_dataset(store, g->env, baseline, NULL, &e.dataset));
    TF_TRY(tf_trade_begin(&g->trade_rows, &g->arena, &g->baseline));
    return trade_under(&e, &g->baseline);
}

static tariff_status open_model(tf_gauge *g, tf_store *store)
{
    const tariff_schedule *schedule;
    tariff_scenario       *baseline = NULL;
    tariff_law            *law = NULL;
    TF_TRY(tf_trade_rows_make(g->evaluation.dataset, g->scenario->impact.digits, &g->arena,
                              &g->trade_rows));
    TF_TRY(tf_impact_elasticities(g->env, &g->scenario->impact, &g->table));
    g->by_model = true;
    tariff_status status = tf_scenario_baseline(g->env, g->scenario, &baseline);
    if (status == TARIFF_OK)
        status = tf_store_schedule(store, g->env, baseline, &schedule);
    if (status == TARIFF_OK)
        status = tf_scenario_law(g->env, baseline, schedule, &law);
    if (status == TARIFF_OK)
        status = evaluate_baseline(g, store, baseline, law);
    tariff_law_free(law);
    tariff_scenario_free(baseline);
    return status;
}

static tariff_status open_classes(tf_gauge *g)
{
    TF_TRY(tf_classes_make(&g->evaluation, g->by_model ? &g->trade_rows : NULL, &g->classes));
    TF_TRY(tf_rebound_make(&g->classes, g->env, &g->rebound));
    g->changes = TF_ARRAY(&g->arena, tf_change, g->law->changes.n + 1);
    TF_NEED(g->changes);
    memcpy(g->changes, g->law->changes.at, g->law->changes.n * sizeof *g->changes);
    return TARIFF_OK;
}

/* Is it a metric of summary.csv?  An empty tally has them all. */
static tariff_status is_of_summary(tf_gauge *g, bool *out)
{
    tf_tally      tally;
    tf_heading    heading = { "", "", "" };
    tariff_table *table = NULL;
    tf_tally_init(&tally, g->env, g->law, &g->choices);
    tariff_status status =
        tf_report_table(&tally, &heading, TF_REPORT_SUMMARY, 0, &g->arena, &table);
    tf_tally_free(&tally);
    TF_TRY(status);
    *out = false;
    for (size_t i = 0; i < tariff_table_rows(table); i++)
        *out = *out || strcmp(tariff_table_cell(table, i, 2), g->metric->text) == 0;
    return TARIFF_OK;
}

tariff_status tf_gauge_open(tf_gauge *g, tf_store *store, const tariff_run_options *options)
{
    const tariff_schedule *schedule;
    bool                   summary;
    tf_arena_init(&g->arena, &g->env->allocator);
    TF_TRY(tf_store_schedule(store, g->env, g->variant, &schedule));
    TF_TRY(tf_scenario_law(g->env, g->variant, schedule, &g->law));
    if (g->variant->where)
        TF_TRY(tf_scenario_where(g->variant, g->env, g->law, &g->where));
    g->evaluation = (tf_evaluation){ .env = g->env,
                                     .law = g->law,
                                     .where = g->variant->where ? &g->where : NULL,
                                     .date_kind = g->variant->date_kind,
                                     .date = g->variant->date,
                                     .reports = &g->choices,
                                     .threads = options->threads };
    TF_TRY(tf_store_dataset(store, g->env, g->variant, NULL, &g->evaluation.dataset));
    TF_TRY(is_of_summary(g, &summary));
    if (!summary && g->scenario->impact.node)
        TF_TRY(open_model(g, store));
    return open_classes(g);
}

void tf_gauge_close(tf_gauge *g)
{
    if (!g->env)
        return;
    if (g->by_model)
        tf_elasticities_free(&g->table);
    if (g->rebound.classes)
        tf_rebound_free(&g->rebound);
    if (g->classes.law)
        tf_classes_free(&g->classes);
    tariff_law_free(g->law);
    tf_arena_free(&g->arena);
}

/* Measuring */

static tariff_status unknown(const tf_gauge *g, const char *where)
{
    return tf_doc_error(g->env, g->metric, false, TARIFF_E_REFERENCE, where,
                        "unknown metric '%s'", g->metric->text);
}

static bool is_amount(const char *unit)
{
    return strlen(unit) == 3 || strcmp(unit, "lines") == 0; /* of money, or a count */
}

static tariff_status summary_metric(tf_gauge *g, const tf_tally *tally, tf_arena *scratch,
                                    tf_i128 *out)
{
    tf_heading    heading = { "", "", g->variant->account };
    tariff_table *table = NULL;
    TF_TRY(tf_report_table(tally, &heading, TF_REPORT_SUMMARY, 0, scratch, &table));
    for (size_t i = 0; i < tariff_table_rows(table); i++)
        if (strcmp(tariff_table_cell(table, i, 2), g->metric->text) == 0) {
            *out = tf_cell_number(tariff_table_cell(table, i, 3));
            g->is_rate = !is_amount(tariff_table_cell(table, i, 4));
            return TARIFF_OK;
        }
    return unknown(g, "see the metrics of summary.csv");
}

/* Of a model's numbers, rates and shares are given in percent; indices are not. */
static bool is_rate(const tf_metric *m)
{
    return m->kind == TF_METRIC_NUMBER
           && (strncmp(m->unit, "rate", 4) == 0 || strncmp(m->unit, "share", 5) == 0
               || strncmp(m->unit, "uniform rate", 12) == 0);
}

static tariff_status model_metric(tf_gauge *g, tf_arena *scratch, tf_i128 *out)
{
    tf_trade   trade;
    tf_impact  impact;
    tf_impact_options options = { .digits = 2, .threads = g->evaluation.threads };
    tf_metric *list;
    size_t     n;
    TF_TRY(tf_rebound_trade(&g->rebound, g->changes, scratch, &trade));
    TF_TRY(tf_impact_solve(g->env, &g->scenario->impact, &g->table, &g->baseline, &trade,
                           &options, &impact));
    g->unsolved = impact.value > 0 ? impact.unsolved_value / impact.value : 0;
    tariff_status status = tf_impact_metrics(&impact, scratch, &list, &n);
    tf_impact_free(&impact);
    TF_TRY(status);
    for (size_t i = 0; i < n; i++)
        if (list[i].kind != TF_METRIC_TEXT && strcmp(list[i].name, g->metric->text) == 0) {
            g->is_rate = is_rate(&list[i]);
            if (!isfinite(list[i].value) || g->unsolved > TF_MOST_UNSOLVED)
                return TARIFF_E_CONVERGENCE;
            *out = (tf_i128)(list[i].value * 1e9);
            return TARIFF_OK;
        }
    return unknown(g, "see the metrics of summary.csv and impact.csv");
}

tariff_status tf_gauge_at(tf_gauge *g, int64_t nano, tf_i128 *out)
{
    tf_change *varied = &g->changes[g->law->changes.n - 1];
    tf_arena   scratch;
    tf_tally   tally;
    tf_term    term = { .part = TF_NO_PART, .nano = nano };
    tf_rate    rate = { .kind = TF_RATE_SUM, .terms = &term, .count = 1 };
    varied->value = g->how == TF_RATE_SET ? &rate : NULL;
    varied->nano = nano;
    tf_arena_init(&scratch, &g->env->allocator);
    tariff_status status;
    if (g->by_model) {
        status = model_metric(g, &scratch, out);
    } else {
        tf_tally_init(&tally, g->env, g->law, &g->choices);
        status = tf_rebound_tally(&g->rebound, g->changes, &scratch, &tally);
        if (status == TARIFF_OK)
            status = summary_metric(g, &tally, &scratch, out);
        tf_tally_free(&tally);
    }
    tf_arena_free(&scratch);
    return status;
}

static double estimate_of(const tf_gauge *g, tf_parameter p, const tf_purchases *purchases,
                          uint16_t origin)
{
    uint32_t entry =
        tf_elasticities_find(&g->table, p, purchases->hs, purchases->importer, origin);
    return g->table.entries.at[entry].spread.value;
}

/* The value that all products have, or NaN. */
static double common_value(const tf_gauge *g, tf_parameter p)
{
    double   value = NAN;
    bool     first = true;
    uint32_t rows[TF_COUNTRIES_MAX];
    for (size_t i = 0; i < g->trade_rows.count; i++) {
        const tf_purchases *purchases = &g->trade_rows.at[i];
        tf_trade_rows_of(&g->trade_rows, (uint32_t)i, rows);
        for (uint16_t c = 0; c < TF_COUNTRIES_MAX; c++) {
            if (rows[c] == TF_NO_ROW || !g->baseline.there[rows[c]])
                continue;
            double one = estimate_of(g, p, purchases, p == TF_SUPPLY ? c : TARIFF_COUNTRY_NONE);
            if (!first && !(one == value))
                return NAN;
            value = one;
            first = false;
        }
    }
    return value;
}

double tf_gauge_formula(const tf_gauge *g)
{
    if (!g->by_model)
        return NAN;
    double supply = common_value(g, TF_SUPPLY), eta = common_value(g, TF_ETA);
    if (strcmp(g->metric->text, "home_welfare") == 0)
        return tf_optimal_rate(supply);
    bool revenue = strcmp(g->metric->text, "revenue_after") == 0
                   || strcmp(g->metric->text, "revenue_change") == 0;
    return revenue && !isnan(supply) && !isnan(eta) ? tf_revenue_rate(supply, eta) : NAN;
}
