/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The law and the flows of one scenario.
 */
#include "run/line_rows.h"
#include "run/pull.h"
#include "run/runner.h"

#include <stdio.h>

void tf_runner_head(tf_runner *r, tariff_date day)
{
    static const char *const kinds[] = { "", "period", "period-average" };
    tariff_date_format(day, r->date);
    if (!r->scenario->dates.given && r->scenario->date_kind != TF_ON_DAY)
        snprintf(r->date, sizeof r->date, "%s", kinds[r->scenario->date_kind]);
    r->heading = (tf_heading){ r->scenario->name, r->date, r->scenario->account };
}

tariff_status tf_runner_open_files(tf_runner *r)
{
    return tf_report_files_open(r->env, r->options->directory, r->scenario->name,
                                &r->result->files);
}

bool tf_runner_wants_lines(const tf_runner *r)
{
    return r->options->directory && r->scenario->reports.wanted[TF_REPORT_LINES];
}

static tariff_status open_lines(tf_runner *r)
{
    tf_runner_head(r, r->days.at[0]);
    TF_TRY(tf_runner_open_files(r));
    return tf_rows_open_lines(&r->rows, r->env, r->result->files, &r->heading,
                              r->options->spreadsheet);
}

enum { SMALL = 4 * 1024 * 1024 };

/* Of a small file it costs more to find out how its rows are charged than to keep them. */
static bool has_many_rows(const tf_runner *r)
{
    uint64_t size = 0;
    for (size_t i = 0; i < r->scenario->flows.n; i++)
        size += tf_file_size(r->scenario->flows.at[i].path);
    return size > SMALL;
}

/* Is the dataset asked once, by one law?  Then rows need not be kept. */
bool tf_runner_folds(const tf_runner *r)
{
    const tariff_scenario *scenario = r->scenario;
    return !r->options->for_comparison && !scenario->baseline && !scenario->impact.node
           && !scenario->solve && !scenario->dates.given && !scenario->where
           && !tf_store_is_shared(r->store) && !tf_store_holds(r->store)
           && !r->options->sink && tf_folds(scenario->date_kind, &r->choices)
           && has_many_rows(r);
}

tariff_status tf_runner_compile(void *user)
{
    tf_runner             *r = user;
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

tf_evaluation tf_runner_evaluation(tf_runner *r, tariff_date day)
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

/* Rows are added up as they are read, and written, if lines.csv is wanted. */
static tariff_status fold(tf_runner *r, struct tf_line_blocks *lines)
{
    tf_evaluation e = tf_runner_evaluation(r, r->days.at[0]);
    tf_tally_init(&r->folded.tally, r->env, r->law, &r->choices);
    r->folds = true;
    TF_TRY(tf_store_fold(r->store, r->scenario, &e, &r->folded, lines, &r->own));
    r->dataset = r->own;
    return TARIFF_OK;
}

static tariff_status open_rows(tf_runner *r)
{
    TF_TRY(tf_rows_open(&r->rows, r->env, r->scenario, r->law,
                        r->scenario->where ? &r->where : NULL));
    return tf_runner_wants_lines(r) ? open_lines(r) : TARIFF_OK;
}

/* Row by row there is one date, and one law. */
tariff_status tf_runner_check_rows(const tf_runner *r)
{
    if (r->scenario->sweep.node && r->options->sink)
        return tf_doc_error(r->env, r->scenario->root, false, TARIFF_E_CONFLICT, NULL,
                            "the rows of a sweep have no burdens of their own: its points have");
    if (r->scenario->dates.given && r->options->sink)
        return tf_doc_error(r->env, tf_doc_get(r->scenario->root, "dates"), true,
                            TARIFF_E_CONFLICT, NULL, "burdens of rows go with one date");
    if (r->scenario->dates.given && tf_runner_wants_lines(r))
        return tf_doc_error(r->env, tf_doc_get(r->scenario->root, "reports"), true,
                            TARIFF_E_CONFLICT, NULL, "'lines' goes with one date");
    return TARIFF_OK;
}

/* The caller's rows pass once. */
tariff_status tf_runner_pull(tf_runner *r)
{
    tf_dataset *dataset;
    bool        lines = tf_runner_wants_lines(r) && !r->scenario->sweep.node;
    tf_pull     what = { .source = r->options->source,
                         .threads = r->options->threads,
                         .sink = r->options->sink,
                         .scenario = r->scenario,
                         .where = r->scenario->where ? &r->where : NULL,
                         .rows = lines ? &r->rows : NULL };
    TF_TRY(tf_runner_check_rows(r));
    if (what.sink || lines)
        TF_TRY(tf_runner_compile(r));
    if (lines)
        TF_TRY(open_rows(r));
    what.law = r->law;
    TF_TRY(tf_dataset_pull(r->env, &what, &dataset));
    tf_store_hold(r->store, dataset);
    return tf_rows_finish(&r->rows);
}

/* Of files: in one reading if rows need not be kept, or else in a second one. */
static tariff_status load_with_lines(tf_runner *r)
{
    tf_line_job   job;
    tariff_status status = TARIFF_OK;
    bool          folds = tf_runner_folds(r);
    if (!folds)
        TF_TRY(tf_store_dataset(r->store, r->env, r->scenario, r->law, &r->dataset));
    TF_TRY(open_rows(r));
    tf_line_job_init(&job, &r->rows, r->env, &r->heading, r->options->spreadsheet,
                     r->options->threads);
    if (folds)
        status = tf_line_job_begin(&job);
    if (folds && status == TARIFF_OK)
        status = fold(r, job.blocks);
    if (status == TARIFF_OK)
        status = tf_line_job_finish(&job, r->dataset);
    tf_line_job_end(&job);
    return status;
}

tariff_status tf_runner_load(tf_runner *r)
{
    const tariff_scenario *scenario = r->scenario;
    bool                   held = tf_store_holds(r->store), lines = tf_runner_wants_lines(r);
    if (held && lines && !r->rows.lines)
        return tf_doc_error(r->env, tf_doc_get(scenario->root, "reports"), true, TARIFF_E_CONFLICT,
                            "run the scenario by itself",
                            "'lines' follows the rows, and those of a source pass once");
    if (scenario->flows.n == 0 && !held)
        return tf_doc_error(r->env, scenario->root, false, TARIFF_E_SCHEMA,
                            "flows: {file: flows.csv}", "the key 'flows' is missing");
    bool again = lines && !held && !r->options->sink && tf_line_rows_can(scenario);
    TF_TRY(tf_runner_check_rows(r));
    if (again) {
        TF_TRY(load_with_lines(r));
    } else if (!lines && tf_runner_folds(r)) {
        TF_TRY(fold(r, NULL));
    } else if (held || (!lines && !r->options->sink)) {
        TF_TRY(tf_store_dataset(r->store, r->env, scenario, r->law, &r->dataset));
    } else {
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
