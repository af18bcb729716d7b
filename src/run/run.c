/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * One scenario, from flows to tables.
 */
#include "run/run.h"

#include "base/threads.h"
#include "report/compare.h"
#include "base/held.h"
#include "run/impact.h"
#include "run/solve.h"
#include "run/sweep.h"

#include <stdio.h>

typedef struct runner {
    tariff_env               *env;
    tf_store                 *store;
    const tariff_scenario    *scenario;
    const tariff_run_options *options;
    tariff_result            *result;
    const tariff_schedule    *schedule;
    tariff_law               *law;
    tf_where                  where;
    const tf_dataset         *dataset;
    tf_dataset               *own; /**< The dataset, if it is not the store's. */
    unsigned                  flow_digits; /**< Keep the flows by product of this length. */
    tf_report_choices         choices; /**< The scenario's, and what comparisons need. */
    tf_days                   days;
    char                      date[16]; /**< As reports show it. */
    tf_heading                heading;

    /* For lines.csv, which follows the rows as they are read. */
    tf_lines    *lines;
    tf_programs *programs;
    tf_bench     bench;
    tf_cases     cases;
} runner;

static void set_heading(runner *r, tariff_date day)
{
    static const char *const kinds[] = { "", "period", "period-average" };
    tariff_date_format(day, r->date);
    if (!r->scenario->dates.given && r->scenario->date_kind != TF_ON_DAY)
        snprintf(r->date, sizeof r->date, "%s", kinds[r->scenario->date_kind]);
    r->heading = (tf_heading){ r->scenario->name, r->date, r->scenario->account };
}

/* lines.csv */

static tariff_status know_row(runner *r, tf_flows *flows, const tf_flow *flow)
{
    tf_why         why;
    tf_csv        *csv = tf_flows_csv(flows);
    const tf_book *book = &r->law->book;
    tf_overrides   known;
    known.claims = known.parts = 0;
    if (tf_parse_claims(book, flow->claims.text, flow->claims.length, &known, &why) != TARIFF_OK)
        return tf_csv_because(csv, tf_flows_column(flows, TF_FLOW_CLAIMS), &why);
    if (tf_parse_parts(book, flow->parts.text, flow->parts.length, &known, &why) != TARIFF_OK)
        return tf_csv_because(csv, tf_flows_column(flows, TF_FLOW_PARTS), &why);
    for (size_t i = 0; i < r->cases.lines.n; i++) {
        tf_line *line = &r->cases.lines.at[i];
        tf_override(&known, line);
        line->value = flow->value;
        line->quantity = flow->quantity;
        line->unit = flow->unit;
    }
    return TARIFF_OK;
}

static tariff_status put_line(void *user, tf_flows *flows, const tf_flow *flow)
{
    runner                *r = user;
    const tariff_scenario *scenario = r->scenario;
    tariff_span            days;
    if (!tf_days_of(scenario->date_kind, scenario->date, flow->has_period, flow->period, &days)
        || tf_is_outside(r->law, scenario->where ? &r->where : NULL, flow->hs, flow->origin,
                         flow->importer, days.from.days))
        return TARIFF_OK; /* a missing period is reported by the evaluation */
    TF_TRY(tf_cases_find(&r->bench.arena, r->law, r->programs, flow->hs, flow->origin,
                         flow->importer, days, &r->cases));
    TF_TRY(know_row(r, flows, flow));
    tariff_status status = tf_assess(r->law, r->cases.cases.at, r->cases.cases.n, &r->bench);
    if (status == TARIFF_OK)
        status = tf_lines_put(r->lines, flow, &r->bench.burden);
    if (status == TARIFF_E_OVERFLOW)
        return tf_csv_error(tf_flows_csv(flows), tf_flows_column(flows, TF_FLOW_VALUE), 0, status,
                            NULL, "the duty does not fit in exact arithmetic");
    return status;
}

static tariff_status open_files(runner *r)
{
    return tf_report_files_open(r->env, r->options->directory, r->scenario->name,
                                &r->result->files);
}

static tariff_status open_lines(runner *r)
{
    set_heading(r, r->days.at[0]);
    TF_TRY(open_files(r));
    TF_TRY(tf_programs_new(r->env, r->law, &r->programs));
    return tf_lines_open(r->env, r->result->files, r->law, &r->heading, r->options->spreadsheet,
                         &r->lines);
}

/* The steps */

static tariff_status compile(runner *r)
{
    const tariff_scenario *scenario = r->scenario;
    TF_TRY(tf_store_schedule(r->store, r->env, scenario, &r->schedule));
    TF_TRY(tf_scenario_law(r->env, scenario, r->schedule, &r->law));
    if (scenario->where)
        TF_TRY(tf_scenario_where(scenario, r->env, r->law, &r->where));
    if (scenario->dates.given)
        return tf_dates_expand(&scenario->dates, r->law, &r->result->arena, &r->days);
    return TF_PUSH(&r->result->arena, &r->days, scenario->date) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status load(runner *r)
{
    const tariff_scenario *scenario = r->scenario;
    bool lines = r->options->directory && scenario->reports.wanted[TF_REPORT_LINES];
    if (scenario->flows.n == 0)
        return tf_doc_error(r->env, scenario->root, false, TARIFF_E_SCHEMA,
                            "flows: {file: flows.csv}", "the key 'flows' is missing");
    if (!lines) {
        TF_TRY(tf_store_dataset(r->store, r->env, scenario, r->law, &r->dataset));
    } else {
        if (scenario->dates.given)
            return tf_doc_error(r->env, tf_doc_get(scenario->root, "reports"), true,
                                TARIFF_E_CONFLICT, NULL, "'lines' goes with one date");
        TF_TRY(open_lines(r));
        tf_reading reading = { .each = put_line, .user = r };
        TF_TRY(tf_dataset_load(r->env, scenario->flows.at, scenario->flows.n, &reading,
                               &r->own));
        r->dataset = r->own;
    }
    r->result->dataset = r->dataset;
    return TARIFF_OK;
}

static void warn(runner *r, const tf_tally *tally)
{
    if (tally->lines == 0)
        tf_warning(r->env, NULL, NULL, "%s",
                   r->scenario->where ? "no flow is left by 'where': the reports are empty"
                                      : "the flows have no rows: the reports are empty");
    if (tally->scaled_lines)
        tf_warning(r->env, NULL, "look at the tables in parts/",
                   "on %llu lines the shares of parts add up to more than 1; they were scaled",
                   (unsigned long long)tally->scaled_lines);
}

static tariff_status evaluate(runner *r, tariff_date day, bool first, tf_tally *tally)
{
    const tariff_scenario *scenario = r->scenario;
    tf_evaluation          e = { .env = r->env,
                                 .law = r->law,
                                 .dataset = r->dataset,
                                 .where = scenario->where ? &r->where : NULL,
                                 .date_kind = scenario->dates.given ? TF_ON_DAY
                                                                    : scenario->date_kind,
                                 .date = day,
                                 .reports = &r->choices,
                                 .quiet = !first,
                                 .require_detail = r->options->require_detail,
                                 .require_quantity = r->options->require_quantity,
                                 .threads = r->options->threads };
    TF_TRY(tf_evaluate(&e, tally));
    if (first)
        warn(r, tally);
    r->result->estimated = r->result->estimated || tally->estimated_value != 0;
    r->result->coarse = r->result->coarse || tally->coarse_lines;
    r->result->unassessed = r->result->unassessed || tally->unassessed_lines;
    return TARIFF_OK;
}

/* A comparison needs tables that may not be wanted for themselves. */
static void choose(runner *r)
{
    bool other = r->options->for_comparison; /* then its own baseline is no matter */
    bool compares = r->scenario->baseline || other;
    r->choices = r->scenario->reports;
    r->choices.flow_digits = r->flow_digits;
    if (!r->scenario->dates.given)
        r->choices.wanted[TF_REPORT_TIMELINE] = false;
    for (int i = TF_REPORT_COMPARE; i <= TF_REPORT_LAYERS_COMPARE; i++) {
        if (compares && (other || r->choices.wanted[i]))
            r->choices.wanted[tf_compared_report((tf_report)i)] = true;
    }
}

static tariff_status add_tables(runner *r, const tf_tally *tally)
{
    for (int i = 0; i < TF_REPORTS; i++)
        if (tf_report_is_tallied(i) && r->choices.wanted[i])
            TF_TRY(tf_report_table(tally, &r->heading, (tf_report)i, &r->result->arena,
                                   &r->result->tables[i]));
    return TARIFF_OK;
}

/* Between two changes of the law nothing changes: days of one epoch share their tally. */
static tariff_status evaluate_days(runner *r)
{
    tf_tally tally;
    size_t   tallied = SIZE_MAX; /* the epoch of `tally` */
    for (size_t i = 0; i < r->days.n; i++) {
        size_t        epoch = tf_law_epoch(r->law, r->days.at[i].days);
        tariff_status status = TARIFF_OK;
        if (epoch != tallied) {
            if (tallied != SIZE_MAX)
                tf_tally_free(&tally);
            status = evaluate(r, r->days.at[i], i == 0, &tally);
            tallied = epoch;
        }
        set_heading(r, r->days.at[i]);
        if (status == TARIFF_OK)
            status = add_tables(r, &tally);
        if (status == TARIFF_OK && r->flow_digits)
            status = tf_trade_take(&tally, &r->result->arena, &r->result->trade);
        if (status != TARIFF_OK) {
            tf_tally_free(&tally);
            return status;
        }
    }
    if (tallied != SIZE_MAX)
        tf_tally_free(&tally);
    return TARIFF_OK;
}

/* Baseline */

static tariff_status compare_with(runner *r, const tariff_result *baseline)
{
    const tf_report_choices *choices = &r->scenario->reports;
    for (int i = TF_REPORT_COMPARE; i <= TF_REPORT_LAYERS_COMPARE; i++) {
        tf_report kind = tf_compared_report((tf_report)i);
        if (!choices->wanted[i])
            continue;
        TF_TRY(tf_compare_tables(&r->result->arena, (tf_report)i, baseline->tables[kind],
                                 r->result->tables[kind], r->scenario->name, r->date,
                                 choices->top[i], &r->result->tables[i],
                                 &r->result->differs));
    }
    return TARIFF_OK;
}

static tariff_status run_for(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                             const tariff_run_options *options, unsigned flow_digits,
                             tariff_result **out);

static tariff_status run_baseline(runner *r)
{
    tariff_scenario   *baseline;
    tariff_result     *result = NULL;
    tariff_run_options options = *r->options;
    options.directory = NULL;
    options.for_comparison = true;
    if (r->options->for_comparison)
        return TARIFF_OK;
    TF_TRY(tf_scenario_baseline(r->env, r->scenario, &baseline));
    if (!baseline)
        return TARIFF_OK;
    tariff_status status = tf_check_comparable(r->env, baseline, r->scenario->baseline);
    if (status == TARIFF_OK)
        status = run_for(r->env, r->store, baseline, &options, r->flow_digits, &result);
    if (status == TARIFF_OK)
        status = compare_with(r, result);
    if (status == TARIFF_OK && r->scenario->impact.node)
        status = tf_run_impact(r->env, r->scenario, r->options, &r->heading, r->law,
                               &result->trade, r->result);
    tariff_result_free(result);
    tariff_scenario_free(baseline);
    return status;
}

/* Tables that were only needed for a comparison are no reports. */
static void drop_unwanted(runner *r)
{
    if (r->options->for_comparison)
        return;
    for (int i = 0; i < TF_REPORTS; i++)
        if (!r->scenario->reports.wanted[i] && !(i >= TF_REPORT_COMPARE))
            r->result->tables[i] = NULL;
}

static tariff_status write(runner *r)
{
    if (!r->options->directory)
        return TARIFF_OK;
    if (!r->result->files)
        TF_TRY(open_files(r));
    if (r->lines)
        TF_TRY(tf_lines_finish(r->lines));
    return tf_result_write(r->store, r->env, r->scenario, r->schedule, r->options, r->result);
}

/** The flows, read on another thread while the law is compiled. */
typedef struct ahead {
    runner       *r;
    tariff_env   *env;
    tf_held       held; /**< What is wrong with the flows is told after what is with the law. */
    tariff_status compiled, read;
} ahead;

static void compile_or_read(void *user, unsigned worker)
{
    ahead            *a = user;
    const tf_dataset *kept; /* by the store, where load() finds it */
    if (worker == 0)
        a->read = tf_store_dataset(a->r->store, a->env, a->r->scenario, NULL, &kept);
    else
        a->compiled = compile(a->r);
}

static tariff_status compile_while_reading(runner *r)
{
    ahead a = { .r = r };
    TF_TRY(tariff_env_new(&r->env->allocator, &a.env));
    tf_held_init(&a.held, r->env);
    tariff_env_set_limits(a.env, &r->env->limits);
    tariff_env_on_diag(a.env, tf_hold, &a.held);
    tariff_env_on_cancel(a.env, r->env->cancelled, r->env->cancelled_user);
    tf_run_threads(2, compile_or_read, &a);
    if (a.compiled == TARIFF_OK)
        tf_held_release(&a.held, r->env);
    tf_held_free(&a.held);
    tariff_env_free(a.env);
    return a.compiled == TARIFF_OK ? a.read : a.compiled;
}

static bool reads_flows_alone(const runner *r)
{
    const tariff_scenario *scenario = r->scenario;
    bool lines = r->options->directory && scenario->reports.wanted[TF_REPORT_LINES];
    return scenario->flows.n > 0 && !lines && !tf_store_asks_law(r->store, scenario)
           && tf_count_threads(r->options->threads, 2) > 1;
}

/* A sweep writes its table and nothing else. */
static tariff_status run_sweep(runner *r)
{
    TF_TRY(tf_run_sweep(r->env, r->store, r->scenario, r->options, r->result, &r->schedule));
    if (r->scenario->flows.n)
        TF_TRY(tf_store_dataset(r->store, r->env, r->scenario, NULL, &r->result->dataset));
    return write(r);
}

static tariff_status run(runner *r)
{
    if (r->scenario->sweep.node)
        return run_sweep(r);
    if (r->scenario->solve)
        TF_TRY(tf_run_solve(r->env, r->store, r->scenario, r->options, r->result, &r->schedule));
    choose(r);
    TF_TRY(reads_flows_alone(r) ? compile_while_reading(r) : compile(r));
    TF_TRY(load(r));
    TF_TRY(evaluate_days(r));
    TF_TRY(run_baseline(r));
    drop_unwanted(r);
    return write(r);
}

/* One point of a sweep, in the place of all of them. */
static tariff_status run_point(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                               const tariff_run_options *options, tariff_result **out)
{
    tariff_scenario   *point;
    tariff_run_options single = *options;
    single.has_point = false;
    *out = NULL;
    if (options->point >= scenario->sweep.points)
        return tf_doc_error(env, scenario->sweep.node, true, TARIFF_E_VALUE, NULL,
                            "the sweep has no point %llu: it has %llu, from 0",
                            (unsigned long long)options->point,
                            (unsigned long long)scenario->sweep.points);
    TF_TRY(tf_sweep_scenario(env, scenario, options->point, &point));
    tariff_status status = tf_run(env, store, point, &single, out);
    tariff_scenario_free(point);
    return status;
}

tariff_status tf_run(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                     const tariff_run_options *options, tariff_result **out)
{
    if (options->has_point && scenario->sweep.node)
        return run_point(env, store, scenario, options, out);
    if (options->has_point)
        return tf_error(env, TARIFF_E_VALUE, NULL, NULL,
                        "the scenario '%s' has no sweep, and so no point %llu", scenario->name,
                        (unsigned long long)options->point);
    return run_for(env, store, scenario, options,
                   options->for_comparison || !scenario->impact.node ? 0
                                                                     : scenario->impact.digits,
                   out);
}

static tariff_status run_for(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                             const tariff_run_options *options, unsigned flow_digits,
                             tariff_result **out)
{
    runner r = { .env = env,
                 .store = store,
                 .scenario = scenario,
                 .options = options,
                 .flow_digits = flow_digits };
    *out = NULL;
    r.result = tf_alloc(env, sizeof *r.result);
    TF_NEED(r.result);
    memset(r.result, 0, sizeof *r.result);
    r.result->env = env;
    tf_arena_init(&r.result->arena, &env->allocator);
    tf_bench_init(&r.bench, env);
    tariff_status status = run(&r);
    tf_lines_close(r.lines);
    tf_report_files_close(r.result->files);
    r.result->files = NULL;
    tf_programs_free(r.programs);
    tf_dataset_free(r.own);
    r.result->dataset = NULL;
    tf_bench_free(&r.bench);
    tariff_law_free(r.law);
    if (status != TARIFF_OK) {
        tariff_result_free(r.result);
        return status;
    }
    *out = r.result;
    return TARIFF_OK;
}

tariff_status tariff_run(tariff_env *env, const tariff_scenario *scenario,
                         const tariff_run_options *options, tariff_result **out)
{
    static const tariff_run_options defaults = TARIFF_RUN_OPTIONS_INIT;
    tf_store                       *store;
    *out = NULL;
    if (!options)
        options = &defaults;
    TF_TRY(tf_store_new(env, options->threads, false, &store));
    tariff_status status = tf_run(env, store, scenario, options, out);
    tf_store_free(store);
    return status;
}

void tariff_result_free(tariff_result *result)
{
    if (!result)
        return;
    tf_arena_free(&result->arena);
    tf_free(result->env, result, sizeof *result);
}

const tariff_table *tariff_result_table(const tariff_result *result, const char *name)
{
    for (int i = 0; i < TF_REPORTS; i++)
        if (strcmp(tf_report_name((tf_report)i), name) == 0)
            return result->tables[i];
    return NULL;
}
