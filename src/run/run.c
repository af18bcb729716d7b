/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * One scenario, from flows to tables.
 */
#include "run/run.h"

#include "base/threads.h"
#include "report/compare.h"
#include "run/ahead.h"
#include "run/coverage.h"
#include "run/fold.h"
#include "run/idle.h"
#include "run/impact.h"
#include "run/line_rows.h"
#include "run/pull.h"
#include "run/rows.h"
#include "run/solve.h"
#include "run/sweep.h"
#include "run/unmade.h"

#include <stdio.h>

typedef struct runner {
    tariff_env               *env;
    tf_store                 *store;
    const tariff_scenario    *scenario;
    const tariff_run_options *options;
    tariff_result            *result;
    tariff_law               *law;
    tf_where                  where;
    const tf_dataset         *dataset;
    tf_dataset               *own; /**< The dataset, if it is not the store's. */
    const tf_trade_rows      *trade_rows; /**< Of the trade that a model asks for, or NULL. */
    bool                      models;     /**< The trade is asked for by its own model. */
    const tf_report_choices  *side; /**< Of a side of a comparison: in place of its own. */
    tariff_table             *whole[TF_REPORTS]; /**< What is compared, without `top`. */
    tf_report_choices         choices; /**< The scenario's, and what comparisons need. */
    tf_days                   days;
    char                      date[16]; /**< As reports show it. */
    tf_heading                heading;
    tf_reach                  reach; /**< Of the changes, on all days. */
    bool                      has_lines;
    bool                      folds;
    tf_folded                 folded; /**< Rows that are not in the dataset, if it folds. */
    size_t                    warnings; /**< Before it was run. */
    tf_rows                   rows; /**< For lines.csv, which follows the rows as they are read. */
} runner;

static void set_heading(runner *r, tariff_date day)
{
    static const char *const kinds[] = { "", "period", "period-average" };
    tariff_date_format(day, r->date);
    if (!r->scenario->dates.given && r->scenario->date_kind != TF_ON_DAY)
        snprintf(r->date, sizeof r->date, "%s", kinds[r->scenario->date_kind]);
    r->heading = (tf_heading){ r->scenario->name, r->date, r->scenario->account };
}

static tariff_status open_files(runner *r)
{
    return tf_report_files_open(r->env, r->options->directory, r->scenario->name,
                                &r->result->files);
}

static bool wants_lines(const runner *r)
{
    return r->options->directory && r->scenario->reports.wanted[TF_REPORT_LINES];
}

static tariff_status open_lines(runner *r)
{
    set_heading(r, r->days.at[0]);
    TF_TRY(open_files(r));
    return tf_rows_open_lines(&r->rows, r->env, r->result->files, &r->heading,
                              r->options->spreadsheet);
}

enum { SMALL = 4 * 1024 * 1024 };

/* Of a small file it costs more to find out how its rows are charged than to keep them. */
static bool has_many_rows(const runner *r)
{
    uint64_t size = 0;
    for (size_t i = 0; i < r->scenario->flows.n; i++)
        size += tf_file_size(r->scenario->flows.at[i].path);
    return size > SMALL;
}

/* Is the dataset asked once, by one law?  Then rows need not be kept. */
static bool folds(const runner *r)
{
    const tariff_scenario *scenario = r->scenario;
    return !r->options->for_comparison && !scenario->baseline && !scenario->impact.node && !scenario->changes
           && !scenario->solve && !scenario->dates.given && !scenario->where
           && !tf_store_is_shared(r->store) && !tf_store_holds(r->store)
           && !r->options->sink && tf_folds(scenario->date_kind, &r->choices)
           && has_many_rows(r);
}

/* The steps */

static tariff_status compile(void *user)
{
    runner                *r = user;
    const tariff_scenario *scenario = r->scenario;
    const tariff_schedule *schedule;
    TF_TRY(tf_store_schedule(r->store, r->env, scenario, &schedule));
    TF_TRY(tf_scenario_law(r->env, scenario, schedule, &r->law));
    if (scenario->where)
        TF_TRY(tf_scenario_where(scenario, r->env, r->law, &r->where));
    if (scenario->dates.given)
        return tf_dates_expand(&scenario->dates, r->law, &r->result->arena, &r->days);
    return TF_PUSH(&r->result->arena, &r->days, scenario->date) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tf_evaluation evaluation_on(runner *r, tariff_date day)
{
    const tariff_scenario *scenario = r->scenario;
    return (tf_evaluation){ .env = r->env,
                            .law = r->law,
                            .dataset = r->dataset,
                            .where = scenario->where ? &r->where : NULL,
                            .date_kind = scenario->dates.given ? TF_ON_DAY : scenario->date_kind,
                            .date = day,
                            .reports = &r->choices,
                            .require_detail = r->options->require_detail,
                            .require_quantity = r->options->require_quantity,
                            .threads = r->options->threads,
                            .reach = &r->reach,
                            .folded = r->folds ? &r->folded : NULL };
}

static tariff_status fold(runner *r)
{
    tf_evaluation e = evaluation_on(r, r->days.at[0]);
    tf_tally_init(&r->folded.tally, r->env, r->law, &r->choices);
    r->folds = true;
    TF_TRY(tf_store_fold(r->store, r->scenario, &e, &r->folded, &r->own));
    r->dataset = r->own;
    return TARIFF_OK;
}

static tariff_status open_rows(runner *r)
{
    TF_TRY(tf_rows_open(&r->rows, r->env, r->scenario, r->law,
                        r->scenario->where ? &r->where : NULL));
    return wants_lines(r) ? open_lines(r) : TARIFF_OK;
}

/* Row by row there is one date, and one law. */
static tariff_status check_rows(const runner *r)
{
    if (r->scenario->sweep.node && r->options->sink)
        return tf_doc_error(r->env, r->scenario->root, false, TARIFF_E_CONFLICT, NULL,
                            "the rows of a sweep have no burdens of their own: its points have");
    if (r->scenario->dates.given && r->options->sink)
        return tf_doc_error(r->env, tf_doc_get(r->scenario->root, "dates"), true,
                            TARIFF_E_CONFLICT, NULL, "burdens of rows go with one date");
    if (r->scenario->dates.given && wants_lines(r))
        return tf_doc_error(r->env, tf_doc_get(r->scenario->root, "reports"), true,
                            TARIFF_E_CONFLICT, NULL, "'lines' goes with one date");
    return TARIFF_OK;
}

/* The caller's rows pass once. */
static tariff_status pull(runner *r)
{
    tf_dataset *dataset;
    bool        lines = wants_lines(r) && !r->scenario->sweep.node;
    tf_pull     what = { .source = r->options->source,
                         .threads = r->options->threads,
                         .sink = r->options->sink,
                         .scenario = r->scenario,
                         .where = r->scenario->where ? &r->where : NULL,
                         .rows = lines ? &r->rows : NULL };
    TF_TRY(check_rows(r));
    if (what.sink || lines)
        TF_TRY(compile(r));
    if (lines)
        TF_TRY(open_rows(r));
    what.law = r->law;
    TF_TRY(tf_dataset_pull(r->env, &what, &dataset));
    tf_store_hold(r->store, dataset);
    return tf_rows_finish(&r->rows);
}

static tariff_status write_lines(runner *r)
{
    TF_TRY(open_rows(r));
    return tf_line_rows_write(&r->rows, r->env, r->dataset, &r->heading, r->options->spreadsheet,
                              r->options->threads);
}

static tariff_status load(runner *r)
{
    const tariff_scenario *scenario = r->scenario;
    bool                   held = tf_store_holds(r->store), lines = wants_lines(r);
    if (held && lines && !r->rows.lines)
        return tf_doc_error(r->env, tf_doc_get(scenario->root, "reports"), true, TARIFF_E_CONFLICT,
                            "run the scenario by itself",
                            "'lines' follows the rows, and those of a source pass once");
    if (scenario->flows.n == 0 && !held)
        return tf_doc_error(r->env, scenario->root, false, TARIFF_E_SCHEMA,
                            "flows: {file: flows.csv}", "the key 'flows' is missing");
    bool again = lines && !held && !r->options->sink && tf_line_rows_can(scenario);
    if (!lines && folds(r)) {
        TF_TRY(fold(r));
    } else if (held || again || (!lines && !r->options->sink)) {
        TF_TRY(check_rows(r));
        TF_TRY(tf_store_dataset(r->store, r->env, scenario, r->law, &r->dataset));
        if (again)
            TF_TRY(write_lines(r));
    } else {
        TF_TRY(check_rows(r));
        TF_TRY(open_rows(r));
        if (r->options->sink)
            TF_TRY(tf_rows_open_sink(&r->rows, r->env, r->options->sink));
        tf_reading reading = { .each = tf_rows_put, .user = &r->rows };
        TF_TRY(tf_dataset_load(r->env, scenario->flows.at, scenario->flows.n, &reading,
                               &r->own));
        TF_TRY(tf_rows_finish(&r->rows));
        r->dataset = r->own;
    }
    r->result->dataset = r->dataset;
    return TARIFF_OK;
}

/* No duty at all is an answer only if the schedule speaks of the importer. */
static void warn_of_importers(runner *r, const tf_tally *tally, const char *in)
{
    char     names[96] = "";
    size_t   length = 0;
    unsigned count = 0;
    for (unsigned c = 0; c < TF_COUNTRIES_MAX; c++) {
        if (!tally->has_importer[c] || tf_country_in(&r->law->importers, c))
            continue;
        if (count++ < 10)
            length += (size_t)snprintf(names + length, sizeof names - length, "%s%s",
                                       count > 1 ? ", " : "",
                                       tariff_country_alpha2((tariff_country){ (uint16_t)c }));
    }
    tf_place here = { .file = r->scenario->path };
    if (count)
        tf_warning(r->env, &here, "is it the schedule of another country, or 'importer' another?",
                   "%sno measure of the schedule is for imports of %s%s: they bear no duty", in,
                   names, count > 10 ? " and others" : "");
}

static void warn(runner *r, const tf_tally *tally)
{
    tf_place    here = { .file = r->scenario->path };
    const char *in = r->scenario->is_variation ? "in the baseline, " : "";
    if (tally->lines == 0)
        tf_warning(r->env, &here, NULL, "%s%s", in,
                   r->scenario->where ? "no flow is left by 'where': the reports are empty"
                                      : "the flows have no rows: the reports are empty");
    warn_of_importers(r, tally, in);
    if (tally->scaled_lines)
        tf_warning(r->env, &here, "look at the tables in parts/",
                   "%son %llu line%s the shares of parts add up to more than 1; they were scaled",
                   in, (unsigned long long)tally->scaled_lines,
                   tally->scaled_lines == 1 ? "" : "s");
}

/* A model may ask a law again, a baseline's after its run is over. */
static void keep_evaluation(runner *r, const tf_evaluation *e)
{
    r->result->where = r->where;
    r->result->evaluation = *e;
    r->result->evaluation.trade = NULL;
    r->result->evaluation.reach = NULL;
    if (e->where)
        r->result->evaluation.where = &r->result->where;
}

static tariff_status evaluate(runner *r, tariff_date day, bool first, tf_tally *tally)
{
    tf_evaluation e = evaluation_on(r, day);
    e.quiet = !first;
    if (r->trade_rows) {
        TF_TRY(tf_trade_begin(r->trade_rows, &r->result->arena, &r->result->trade));
        e.trade = &r->result->trade;
    }
    TF_TRY(tf_evaluate(&e, tally));
    if (r->trade_rows)
        keep_evaluation(r, &e);
    r->has_lines = r->has_lines || tally->lines;
    if (first)
        warn(r, tally);
    r->result->estimated = r->result->estimated || tally->estimated_value != 0;
    r->result->coarse = r->result->coarse || tally->coarse_lines;
    r->result->unassessed = r->result->unassessed || tally->unassessed_lines;
    return TARIFF_OK;
}

/* What is compared needs no row cut off. */
static void choose_compared(const tf_report_choices *wanted, tf_report_choices *out)
{
    *out = *wanted;
    memset(out->wanted, 0, sizeof out->wanted);
    memset(out->top, 0, sizeof out->top);
    for (int i = TF_FIRST_COMPARE; i <= TF_LAST_BURDEN_COMPARE; i++)
        if (wanted->wanted[i])
            out->wanted[tf_compared_report((tf_report)i)] = true;
    out->digits[TF_REPORT_PRODUCTS] = tf_compared_digits(wanted);
}

/* A comparison needs tables that may not be wanted for themselves. */
static void choose(runner *r)
{
    r->choices = r->side ? *r->side : r->scenario->reports;
    if (r->options->for_comparison && !r->side) {
        tf_report_choices all = r->choices;
        for (int i = TF_FIRST_COMPARE; i <= TF_LAST_BURDEN_COMPARE; i++)
            all.wanted[i] = all.wanted[i] || !tf_report_is_large(i);
        choose_compared(&all, &r->choices);
    }
    if (!r->scenario->dates.given)
        r->choices.wanted[TF_REPORT_TIMELINE] = false;
    if (!r->scenario->baseline || r->options->for_comparison)
        return;
    for (int i = TF_FIRST_COMPARE; i <= TF_LAST_BURDEN_COMPARE; i++)
        if (r->choices.wanted[i])
            r->choices.wanted[tf_compared_report((tf_report)i)] = true;
    if (r->choices.wanted[TF_REPORT_PRODUCTS_COMPARE])
        r->choices.digits[TF_REPORT_PRODUCTS] = tf_compared_digits(&r->choices);
}

static tariff_status add_table(runner *r, const tf_tally *tally, tf_report report, unsigned top,
                               tariff_table **out)
{
    return tf_report_table(tally, &r->heading, report, top, &r->result->arena, out);
}

static tariff_status add_tables(runner *r, const tf_tally *tally)
{
    for (int i = 0; i < TF_REPORTS; i++)
        if (tf_report_is_tallied(i) && r->choices.wanted[i])
            TF_TRY(add_table(r, tally, (tf_report)i, r->choices.top[i], &r->result->tables[i]));
    bool compares = r->scenario->baseline && !r->options->for_comparison;
    for (int i = TF_FIRST_COMPARE; i <= TF_LAST_BURDEN_COMPARE && compares; i++) {
        tf_report kind = tf_compared_report((tf_report)i);
        if (!r->choices.top[kind])
            r->whole[kind] = r->result->tables[kind];
        else if (r->choices.wanted[i]) /* a row that was cut off is no row of zeros */
            TF_TRY(add_table(r, tally, kind, 0, &r->whole[kind]));
    }
    return TARIFF_OK;
}

/* A baseline's trade is kept in the rows of its scenario's. */
static tariff_status make_trade_rows(runner *r)
{
    const tf_impact_spec *impact = &r->scenario->impact;
    if (!r->models)
        return TARIFF_OK;
    r->trade_rows = &r->result->trade_rows;
    return tf_trade_rows_make(r->dataset, impact->digits, &r->result->arena,
                              &r->result->trade_rows);
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
        if (status != TARIFF_OK) {
            tf_tally_free(&tally);
            return status;
        }
    }
    if (tallied != SIZE_MAX)
        tf_tally_free(&tally);
    return TARIFF_OK;
}

static void tell_coverage(runner *r)
{
    tf_evaluation e = evaluation_on(r, r->days.at[0]);
    if (r->has_lines && !r->scenario->shares_law)
        tf_coverage_tell(&e, r->scenario, &r->days);
}

/* Of a baseline that shares the scenario's changes nothing is told: on its day they may be idle. */
static tariff_status tell_idle(runner *r)
{
    tf_idle       idle;
    tf_evaluation e = evaluation_on(r, r->days.at[0]);
    if (!r->scenario->changes || r->scenario->shares_changes || !r->has_lines)
        return TARIFF_OK;
    if (r->options->has_point) /* some point of most sweeps is the law as it is */
        r->reach.varied = r->law->changes.n;
    tf_idle_init(&idle, r->env);
    tariff_status status = tf_idle_look(&idle, r->scenario, r->law, &e, &r->days);
    if (status == TARIFF_OK)
        tf_idle_tell(&idle);
    tf_idle_free(&idle);
    return status;
}

/* Baseline */

static tariff_status compare_with(runner *r, const tariff_result *baseline)
{
    const tf_report_choices *choices = &r->scenario->reports;
    for (int i = TF_FIRST_COMPARE; i <= TF_LAST_BURDEN_COMPARE; i++) {
        tf_report kind = tf_compared_report((tf_report)i);
        if (!choices->wanted[i] || r->options->for_comparison)
            continue;
        TF_TRY(tf_compare_tables(&r->result->arena, (tf_report)i, baseline->tables[kind],
                                 r->whole[kind], r->scenario->name, r->date,
                                 choices->top[i], &r->result->tables[i],
                                 &r->result->differs));
    }
    return TARIFF_OK;
}

static tariff_status run_for(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                             const tariff_run_options *options, const tf_trade_rows *trade_rows,
                             bool models, const tf_report_choices *side, tariff_result **out);

/* A side of a comparison has no use for its own baseline, but for a model to respond from. */
static tariff_status run_baseline(runner *r)
{
    tariff_scenario   *baseline;
    tariff_result     *result = NULL;
    tariff_run_options options = *r->options;
    tf_report_choices  choices;
    options.directory = NULL;
    options.for_comparison = true;
    options.sink = NULL;
    if (r->options->for_comparison && !r->models)
        return TARIFF_OK;
    choose_compared(&r->choices, &choices);
    TF_TRY(tf_scenario_baseline(r->env, r->scenario, &baseline));
    if (!baseline)
        return TARIFF_OK;
    tariff_status status = tf_check_comparable(r->env, baseline, r->scenario->baseline);
    if (status == TARIFF_OK)
        status = run_for(r->env, r->store, baseline, &options, r->trade_rows, false, &choices,
                         &result);
    if (status == TARIFF_OK)
        status = compare_with(r, result);
    if (status == TARIFF_OK && r->models)
        status = tf_run_impact(r->env, r->scenario, &r->choices, r->options, &r->heading, result,
                               r->result);
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
    r->result->warnings = r->env->warnings - r->warnings;
    if (!r->result->files)
        TF_TRY(open_files(r));
    return tf_result_write(r->store, r->env, r->scenario, r->options, r->result);
}

static bool reads_flows_alone(const runner *r)
{
    const tariff_scenario *scenario = r->scenario;
    return scenario->flows.n > 0 && !wants_lines(r) && !r->options->sink
           && !tf_store_holds(r->store) && !tf_store_asks_law(r->store, scenario) && !folds(r)
           && tf_count_threads(r->options->threads, 2) > 1;
}

/* A sweep writes its table and nothing else. */
static tariff_status run_sweep(runner *r)
{
    TF_TRY(check_rows(r));
    TF_TRY(tf_run_sweep(r->env, r->store, r->scenario, r->options, r->result));
    return write(r);
}

static tariff_status run(runner *r)
{
    tf_tell_unmade(r->env, r->scenario, r->options);
    if (r->options->source && !tf_store_holds(r->store))
        TF_TRY(pull(r));
    if (r->scenario->sweep.node)
        return run_sweep(r);
    if (r->scenario->solve)
        TF_TRY(tf_run_solve(r->env, r->store, r->scenario, r->options, r->result));
    choose(r);
    if (!r->law)
        TF_TRY(reads_flows_alone(r) ? tf_read_ahead(r->env, r->store, r->scenario, compile, r)
                                    : compile(r));
    TF_TRY(load(r));
    TF_TRY(make_trade_rows(r));
    TF_TRY(tf_reach_make(&r->result->arena, r->scenario, &r->reach));
    TF_TRY(evaluate_days(r));
    tell_coverage(r);
    TF_TRY(tell_idle(r));
    TF_TRY(run_baseline(r));
    drop_unwanted(r);
    return write(r);
}

tariff_status tf_run(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                     const tariff_run_options *options, tariff_result **out)
{
    return run_for(env, store, scenario, options, NULL,
                   !options->for_comparison && scenario->impact.node, NULL, out);
}

tariff_status tf_run_side(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                          const tariff_run_options *options, const tf_report_choices *choices,
                          tariff_result **out)
{
    tariff_run_options side = *options;
    bool               impact = false;
    side.directory = NULL;
    side.for_comparison = true;
    for (int i = TF_LAST_BURDEN_COMPARE + 1; i <= TF_LAST_COMPARE; i++)
        impact = impact || choices->wanted[tf_compared_report((tf_report)i)];
    return run_for(env, store, scenario, &side, NULL, impact && scenario->impact.node, choices,
                   out);
}

static tariff_status run_for(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                             const tariff_run_options *options, const tf_trade_rows *trade_rows,
                             bool models, const tf_report_choices *side, tariff_result **out)
{
    runner r = { .env = env,
                 .store = store,
                 .scenario = scenario,
                 .options = options,
                 .trade_rows = trade_rows,
                 .models = models,
                 .warnings = env->warnings,
                 .side = side };
    *out = NULL;
    r.result = tf_alloc(env, sizeof *r.result);
    TF_NEED(r.result);
    memset(r.result, 0, sizeof *r.result);
    r.result->env = env;
    tf_arena_init(&r.result->arena, &env->allocator);
    tf_rows_init(&r.rows);
    tariff_status status = run(&r);
    tf_rows_close(&r.rows);
    if (r.folds)
        tf_tally_free(&r.folded.tally);
    tf_report_files_close(r.result->files);
    r.result->files = NULL;
    tf_dataset_free(r.own);
    r.result->dataset = NULL;
    if (trade_rows && status == TARIFF_OK)
        r.result->law = r.law;
    else
        tariff_law_free(r.law);
    if (status != TARIFF_OK) {
        tariff_result_free(r.result);
        return status;
    }
    *out = r.result;
    return TARIFF_OK;
}

tariff_run_options tf_run_options_of(const tariff_run_options *given)
{
    tariff_run_options options = TARIFF_RUN_OPTIONS_INIT;
    if (given)
        memcpy(&options, given, given->size < sizeof options ? given->size : sizeof options);
    return options;
}

tariff_status tariff_run(tariff_env *env, const tariff_scenario *scenario,
                         const tariff_run_options *given, tariff_result **out)
{
    tariff_run_options options = tf_run_options_of(given);
    tf_store          *store;
    tariff_scenario   *point = NULL;
    *out = NULL;
    if (options.has_point)
        TF_TRY(tariff_scenario_point(env, scenario, options.point, &point));
    tariff_status status = tf_store_new(env, options.threads, false, &store);
    if (status == TARIFF_OK) {
        status = tf_run(env, store, point ? point : scenario, &options, out);
        tf_store_free(store);
    }
    tariff_scenario_free(point);
    return status;
}

void tariff_result_free(tariff_result *result)
{
    if (!result)
        return;
    tariff_law_free(result->law);
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

const tariff_table *tariff_result_table_at(const tariff_result *result, size_t index,
                                           const char **name)
{
    for (int i = 0; i < TF_REPORTS; i++) {
        if (!result->tables[i] || index-- > 0)
            continue;
        if (name)
            *name = tf_report_name((tf_report)i);
        return result->tables[i];
    }
    return NULL;
}
