/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * One scenario, from flows to tables.
 */
#include "run/runner.h"

#include "base/threads.h"
#include "report/compare.h"
#include "run/ahead.h"
#include "run/coverage.h"
#include "run/idle.h"
#include "run/impact.h"
#include "run/solve.h"
#include "run/sweep.h"
#include "run/unmade.h"

#include <stdio.h>

/* No duty at all is an answer only if the schedule speaks of the importer. */
static void warn_of_importers(tf_runner *r, const tf_tally *tally, const char *in)
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

static void warn(tf_runner *r, const tf_tally *tally)
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
static void keep_evaluation(tf_runner *r, const tf_evaluation *e)
{
    r->result->where = r->where;
    r->result->evaluation = *e;
    r->result->evaluation.trade = NULL;
    r->result->evaluation.reach = NULL;
    if (e->where)
        r->result->evaluation.where = &r->result->where;
}

static tariff_status evaluate(tf_runner *r, tariff_date day, bool first, tf_tally *tally)
{
    tf_evaluation e = tf_runner_evaluation(r, day);
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
static void choose(tf_runner *r)
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

static tariff_status add_table(tf_runner *r, const tf_tally *tally, tf_report report, unsigned top,
                               tariff_table **out)
{
    return tf_report_table(tally, &r->heading, report, top, &r->result->arena, out);
}

static tariff_status add_tables(tf_runner *r, const tf_tally *tally)
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
static tariff_status make_trade_rows(tf_runner *r)
{
    const tf_impact_spec *impact = &r->scenario->impact;
    if (!r->models)
        return TARIFF_OK;
    r->trade_rows = &r->result->trade_rows;
    return tf_trade_rows_make(r->dataset, impact->digits, &r->result->arena,
                              &r->result->trade_rows);
}

/* Between two changes of the law nothing changes: days of one epoch share their tally. */
static tariff_status evaluate_days(tf_runner *r)
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
        tf_runner_head(r, r->days.at[i]);
        if (status == TARIFF_OK)
            status = add_tables(r, &tally);
        if (status == TARIFF_OK && r->days.n == 1)
            status = tf_result_keep(r->result, &tally);
        if (status != TARIFF_OK) {
            tf_tally_free(&tally);
            return status;
        }
    }
    if (tallied != SIZE_MAX)
        tf_tally_free(&tally);
    return TARIFF_OK;
}

static void tell_coverage(tf_runner *r)
{
    tf_evaluation e = tf_runner_evaluation(r, r->days.at[0]);
    if (r->has_lines && !r->scenario->shares_law)
        tf_coverage_tell(&e, r->scenario, &r->days);
}

static tariff_status read_again(void *user, const tf_dataset **out)
{
    tf_runner    *r = user;
    tf_hush       hush = tf_hush_begin(r->env);
    tariff_status status = tf_store_dataset(r->store, r->env, r->scenario, r->law, out);
    tf_hush_end(r->env, &hush);
    return status;
}

/* Of a baseline that shares the scenario's changes nothing is told: on its day they may be idle. */
static tariff_status tell_idle(tf_runner *r)
{
    tf_idle       idle;
    tf_evaluation e = tf_runner_evaluation(r, r->days.at[0]);
    if (!r->scenario->changes || r->scenario->shares_changes || !r->has_lines)
        return TARIFF_OK;
    if (r->options->has_point) /* some point of most sweeps is the law as it is */
        r->reach.varied = r->law->changes.n;
    tf_idle_init(&idle, r->env);
    if (r->folds) {
        idle.read_again = read_again;
        idle.user = r;
    }
    tariff_status status = tf_idle_look(&idle, r->scenario, r->law, &e, &r->days);
    if (status == TARIFF_OK)
        tf_idle_tell(&idle);
    tf_idle_free(&idle);
    return status;
}

/* Baseline */

static tariff_status compare_with(tf_runner *r, const tariff_result *baseline)
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
static tariff_status run_baseline(tf_runner *r)
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
static void drop_unwanted(tf_runner *r)
{
    if (r->options->for_comparison)
        return;
    for (int i = 0; i < TF_REPORTS; i++)
        if (!r->scenario->reports.wanted[i] && !(i >= TF_REPORT_COMPARE))
            r->result->tables[i] = NULL;
}

static tariff_status write(tf_runner *r)
{
    if (!r->options->directory)
        return TARIFF_OK;
    r->result->warnings = r->env->warnings - r->warnings;
    if (!r->result->files)
        TF_TRY(tf_runner_open_files(r));
    return tf_result_write(r->store, r->env, r->scenario, r->options, r->result);
}

static bool reads_flows_alone(const tf_runner *r)
{
    const tariff_scenario *scenario = r->scenario;
    return scenario->flows.n > 0 && !tf_runner_wants_lines(r) && !r->options->sink
           && !tf_store_holds(r->store) && !tf_store_asks_law(r->store, scenario)
           && !tf_runner_folds(r)
           && tf_count_threads(r->options->threads, 2) > 1;
}

/* A sweep writes its table and nothing else. */
static tariff_status run_sweep(tf_runner *r)
{
    TF_TRY(tf_runner_check_rows(r));
    TF_TRY(tf_run_sweep(r->env, r->store, r->scenario, r->options, r->result));
    return write(r);
}

static tariff_status run(tf_runner *r)
{
    tf_tell_unmade(r->env, r->scenario, r->options);
    if (r->options->source && !tf_store_holds(r->store))
        TF_TRY(tf_runner_pull(r));
    if (r->scenario->sweep.node)
        return run_sweep(r);
    if (r->scenario->solve)
        TF_TRY(tf_run_solve(r->env, r->store, r->scenario, r->options, r->result));
    choose(r);
    if (!r->law)
        TF_TRY(reads_flows_alone(r) ? tf_read_ahead(r->env, r->store, r->scenario,
                                                    tf_runner_compile, r)
                                    : tf_runner_compile(r));
    TF_TRY(tf_reach_make(&r->result->arena, r->scenario, &r->reach));
    TF_TRY(tf_runner_load(r));
    TF_TRY(make_trade_rows(r));
    TF_TRY(evaluate_days(r));
    tell_coverage(r);
    TF_TRY(tell_idle(r));
    TF_TRY(run_baseline(r));
    drop_unwanted(r);
    return write(r);
}

tariff_status tf_result_new(tariff_env *env, tariff_result **out)
{
    *out = tf_alloc(env, sizeof **out);
    TF_NEED(*out);
    memset(*out, 0, sizeof **out);
    (*out)->env = env;
    tf_arena_init(&(*out)->arena, &env->allocator);
    return TARIFF_OK;
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
    tf_runner r = { .env = env,
                 .store = store,
                 .scenario = scenario,
                 .options = options,
                 .trade_rows = trade_rows,
                 .models = models,
                 .warnings = env->warnings,
                 .side = side };
    *out = NULL;
    TF_TRY(tf_result_new(env, &r.result));
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
