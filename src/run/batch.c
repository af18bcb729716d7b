/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/threads.h"
#include "io/csv_out.h"
#include "base/held.h"
#include "run/pull.h"
#include "run/run.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <tariff/batch.h>

typedef struct job {
    const char      *path;
    tariff_env      *env;
    tf_held          held;
    tariff_scenario *loaded;   /**< As the file has it. */
    tariff_scenario *scenario; /**< As it is run: the same, or a point of its sweep. */
    tariff_result   *result;
    tariff_job_state state;
    tariff_status    status;
    size_t           warnings; /**< If it is skipped: of the run that made its reports. */
    bool             ended;
} job;

typedef struct batch {
    tariff_env                 *env;
    const tariff_batch_options *options;
    tariff_run_options          run;
    tf_store                   *store;
    job                        *jobs;
    size_t                      count;
    atomic_size_t               next;
    atomic_bool                 stop;
    pthread_mutex_t             lock;
    size_t                      reported; /**< Jobs whose callbacks were called. */
    tf_arena                    arena;
} batch;

/* Messages are held until all earlier scenarios have been reported. */

static const char *first_error(const tf_held *held)
{
    for (size_t i = 0; i < held->messages.n; i++)
        if (held->messages.at[i].severity == TARIFF_ERROR)
            return held->messages.at[i].message;
    return "";
}

static void report(batch *b, size_t number)
{
    job       *j = &b->jobs[number];
    tariff_job told = { sizeof told, number,   b->count,  j->path,          j->scenario,
                        j->result,   j->state, j->status, first_error(&j->held), j->warnings };
    tf_begin(b->env); /* the limit of errors is that of one scenario */
    tf_held_release(&j->held, b->env);
    if (j->status == TARIFF_E_NOMEM && tf_end(b->env) == TARIFF_OK) {
        tf_place here = { .file = j->path };
        tf_error(b->env, TARIFF_E_NOMEM, &here, NULL, "out of memory");
    }
    if (b->options->on_job)
        b->options->on_job(b->options->user, &told);
    tf_progress(b->env, "scenarios", number + 1, b->count);
    tariff_result_free(j->result);
    if (j->scenario != j->loaded)
        tariff_scenario_free(j->scenario);
    tariff_scenario_free(j->loaded);
    tf_held_free(&j->held);
    tariff_env_free(j->env);
    *j = (job){ .path = j->path, .state = j->state, .status = j->status, .ended = true };
}

static void end_job(batch *b, job *j)
{
    pthread_mutex_lock(&b->lock);
    j->ended = true;
    while (b->reported < b->count && b->jobs[b->reported].ended)
        report(b, b->reported++);
    pthread_mutex_unlock(&b->lock);
}

/* One scenario */

/* As the file has it, and as it is run. */
static tariff_status load(const batch *b, tariff_env *env, const char *path,
                          tariff_scenario **loaded, tariff_scenario **scenario)
{
    TF_TRY(tariff_scenario_load(env, path, b->options->overrides, b->options->override_count,
                                loaded));
    *scenario = *loaded;
    return b->run.has_point ? tariff_scenario_point(env, *loaded, b->run.point, scenario)
                            : TARIFF_OK;
}

static tariff_status run_job(batch *b, job *j)
{
    tf_held_init(&j->held, b->env);
    TF_TRY(tf_env_within(b->env, &j->env));
    tariff_env_on_diag(j->env, tf_hold, &j->held);
    TF_TRY(load(b, j->env, j->path, &j->loaded, &j->scenario));
    /* What is required of the flows is said by running them. */
    bool anew = b->options->fresh || b->run.require_detail || b->run.require_quantity;
    if (!anew && b->run.directory) {
        bool same = false;
        TF_TRY(tf_is_up_to_date(j->env, b->store, j->scenario, &b->run, &same, &j->warnings));
        if (same) {
            j->state = TARIFF_JOB_SKIPPED;
            return TARIFF_OK;
        }
    }
    return tf_run(j->env, b->store, j->scenario, &b->run, &j->result);
}

static void work(void *user, unsigned worker)
{
    batch *b = user;
    (void)worker;
    for (;;) {
        size_t number = atomic_fetch_add(&b->next, 1);
        if (number >= b->count)
            return;
        job *j = &b->jobs[number];
        if (atomic_load(&b->stop) || tf_cancelled(b->env)) {
            j->state = TARIFF_JOB_NOT_RUN;
            j->status = tf_cancelled(b->env) ? TARIFF_E_CANCELLED : TARIFF_OK;
        } else {
            j->status = run_job(b, j);
            if (j->status != TARIFF_OK)
                j->state = TARIFF_JOB_FAILED;
            if (j->status != TARIFF_OK && b->options->fail_fast)
                atomic_store(&b->stop, true);
        }
        end_job(b, j);
    }
}

/* Two scenarios of one name would overwrite each other's reports. */
static tariff_status check_names(batch *b)
{
    tf_names       names = { .slots = NULL };
    tariff_status  status = TARIFF_OK;
    TF_VEC(size_t) first = { 0 };
    for (size_t i = 0; i < b->count && status == TARIFF_OK; i++) {
        tariff_env      *silent; /* what is wrong with a scenario is said when it is run */
        tariff_scenario *scenario;
        TF_TRY(tf_env_within(b->env, &silent));
        tariff_status loaded = tariff_scenario_load(silent, b->jobs[i].path, b->options->overrides,
                                                    b->options->override_count, &scenario);
        if (loaded == TARIFF_E_NOMEM)
            status = loaded;
        if (loaded == TARIFF_OK) {
            const char *name = tariff_scenario_name(scenario);
            uint32_t    number = tf_names_add(&names, &b->arena, name, strlen(name));
            if (number == TF_NO_NAME)
                status = TARIFF_E_NOMEM;
            else if (number < first.n)
                status = tf_error(b->env, TARIFF_E_CONFLICT, NULL,
                                  "their reports would overwrite each other; nothing was run",
                                  "%s and %s are both named '%s'",
                                  b->jobs[first.at[number]].path, b->jobs[i].path, name);
            else if (!TF_PUSH(&b->arena, &first, i))
                status = TARIFF_E_NOMEM;
            tariff_scenario_free(scenario);
        }
        tariff_env_free(silent);
    }
    return status;
}

/* index.csv: from the reports themselves, whether they were made now or before */

static const char *const headline[] = { "export_value",    "affected_value", "affected_share",
                                        "additional_duty", "total_duty",     "average_rate" };
enum { HEADLINES = sizeof headline / sizeof headline[0] };

/** What the index says of one scenario; kept when its turn to be reported comes. */
typedef struct index_row {
    const char      *name;
    tariff_job_state state;
} index_row;

/* What was not run keeps its row, if the reports of an earlier run are what it would make. */
static tariff_status look_up(batch *b, index_row *row, const char *path)
{
    tariff_env      *silent;
    tariff_scenario *loaded = NULL, *scenario = NULL;
    bool             same = false;
    size_t           warnings;
    TF_TRY(tf_env_within(b->env, &silent));
    if (load(b, silent, path, &loaded, &scenario) == TARIFF_OK) {
        const char *name = tariff_scenario_name(scenario);
        row->name = tf_arena_text(&b->arena, name, strlen(name));
        if (tf_is_up_to_date(silent, b->store, scenario, &b->run, &same, &warnings) == TARIFF_OK
            && same)
            row->state = TARIFF_JOB_SKIPPED;
    }
    if (scenario != loaded)
        tariff_scenario_free(scenario);
    tariff_scenario_free(loaded);
    tariff_env_free(silent);
    return row->name ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status put_metrics(batch *b, const char *name, tf_csv_out *csv)
{
    tariff_table *table = NULL;
    char         *folder = tf_path_in(&b->arena, b->run.directory, name);
    char         *path = folder ? tf_path_in(&b->arena, folder, "summary.csv") : NULL;
    TF_NEED(path);
    if (tf_is_file(path))
        TF_TRY(tf_table_read(b->env, &b->arena, path, false, &table));
    for (size_t i = 0; i < HEADLINES; i++) {
        const char *value = "";
        for (size_t row = 0; table && row < tariff_table_rows(table); row++)
            if (strcmp(tariff_table_cell(table, row, 2), headline[i]) == 0)
                value = tariff_table_cell(table, row, 3);
        tf_put_text(csv, value);
    }
    return TARIFF_OK;
}

static tariff_status write_index(batch *b, index_row *rows)
{
    static const char *const states[] = { "ok", "ok", "failed", "not run" };
    tf_output    *output;
    tf_csv_out    csv;
    char         *path = tf_path_in(&b->arena, b->run.directory, "index.csv");
    TF_NEED(path);
    for (size_t i = 0; i < b->count; i++)
        if (rows[i].state == TARIFF_JOB_NOT_RUN)
            TF_TRY(look_up(b, &rows[i], b->jobs[i].path));
    TF_TRY(tf_make_directories(b->env, b->run.directory));
    tf_remove_leftovers(b->run.directory);
    TF_TRY(tf_output_open(b->env, path, &output));
    tf_csv_out_init(&csv, output, b->run.spreadsheet);
    tf_put_text(&csv, "scenario");
    tf_put_text(&csv, "status");
    for (size_t i = 0; i < HEADLINES; i++)
        tf_put_text(&csv, headline[i]);
    tariff_status status = tf_end_record(&csv);
    for (size_t i = 0; i < b->count && status == TARIFF_OK; i++) {
        tf_put_text(&csv, rows[i].name);
        bool made = rows[i].state == TARIFF_JOB_DONE || rows[i].state == TARIFF_JOB_SKIPPED;
        tf_put_text(&csv, states[rows[i].state]);
        for (size_t k = 0; !made && k < HEADLINES; k++)
            tf_put_empty(&csv);
        if (made)
            status = put_metrics(b, rows[i].name, &csv);
        if (status == TARIFF_OK)
            status = tf_end_record(&csv);
    }
    if (status == TARIFF_OK)
        status = tf_output_finish(output);
    if (status == TARIFF_OK)
        status = tf_output_commit(output);
    tf_output_close(output);
    return status;
}

/* Names are known only while the scenarios are: the index notes them as they are reported. */
typedef struct indexer {
    batch     *b;
    index_row *rows;
    void (*on_job)(void *user, const tariff_job *job);
    void *user;
} indexer;

static void note_job(void *user, const tariff_job *done)
{
    indexer    *x = user;
    index_row  *row = &x->rows[done->number];
    const char *name = done->scenario ? tariff_scenario_name(done->scenario) : done->path;
    row->name = tf_arena_text(&x->b->arena, name, strlen(name));
    row->state = done->state;
    if (x->on_job)
        x->on_job(x->user, done);
}

static tariff_status first_failure(const batch *b)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->jobs[i].status != TARIFF_OK)
            return b->jobs[i].status;
    return TARIFF_OK;
}

static tariff_status run_all(batch *b)
{
    tariff_batch_options options = *b->options;
    indexer x = { b, TF_ARRAY(&b->arena, index_row, b->count + 1), options.on_job, options.user };
    TF_NEED(x.rows);
    options.on_job = note_job;
    options.user = &x;
    b->options = &options;
    if (b->count > 1)
        TF_TRY(check_names(b));
    unsigned threads = tf_count_threads(b->run.threads, b->count);
    unsigned all = tf_count_threads(b->run.threads, UINT64_MAX);
    b->run.threads = all / threads ? all / threads : 1;
    tf_run_threads(threads, work, b);
    for (size_t i = 0; i < b->count; i++)
        if (!x.rows[i].name)
            return TARIFF_E_NOMEM;
    if (b->count > 1 && b->run.directory && !tf_cancelled(b->env))
        TF_TRY(write_index(b, x.rows));
    return first_failure(b);
}

/* The caller's rows serve all scenarios. */
static tariff_status pull(batch *b)
{
    tf_dataset *dataset;
    tf_pull     what = { .source = b->run.source, .threads = b->run.threads };
    if (!what.source)
        return TARIFF_OK;
    TF_TRY(tf_dataset_pull(b->env, &what, &dataset));
    tf_store_hold(b->store, dataset);
    return TARIFF_OK;
}

tariff_status tariff_batch(tariff_env *env, const char *const *paths, size_t count,
                           const tariff_batch_options *options)
{
    tariff_batch_options all = TARIFF_BATCH_OPTIONS_INIT;
    memcpy(&all, options, options->size < sizeof all ? options->size : sizeof all);
    batch b = { .env = env, .options = &all, .count = count };
    b.run = tf_run_options_of(all.run);
    if (b.run.sink)
        return tf_error(env, TARIFF_E_ARG, NULL, NULL, "burdens of rows are those of one scenario");
    TF_TRY(tf_store_new(env, b.run.threads, count > 1, &b.store));
    tf_arena_init(&b.arena, &env->allocator);
    pthread_mutex_init(&b.lock, NULL);
    b.jobs = TF_ARRAY(&b.arena, job, count + 1);
    for (size_t i = 0; b.jobs && i < count; i++)
        b.jobs[i].path = paths[i];
    tariff_status status = b.jobs ? pull(&b) : TARIFF_E_NOMEM;
    if (status == TARIFF_OK)
        status = run_all(&b);
    pthread_mutex_destroy(&b.lock);
    tf_arena_free(&b.arena);
    tf_store_free(b.store);
    return status;
}
