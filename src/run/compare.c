/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Two scenarios, or two report directories, side by side.
 */
#include "report/compare.h"

#include "run/run.h"

#include <stdio.h>

/** One side: its tables, and what they were made from. */
typedef struct side {
    tariff_table    *tables[TF_REPORTS];
    tariff_scenario *scenario;
    tariff_result   *result;
    const char      *name;
} side;

static tariff_status read_directory(tariff_env *env, tf_arena *arena, const char *path, side *out)
{
    out->name = path;
    for (int i = TF_REPORT_COMPARE; i <= TF_REPORT_LAYERS_COMPARE; i++) {
        char      name[64];
        tf_report kind = tf_compared_report((tf_report)i);
        snprintf(name, sizeof name, "%s.csv", tf_report_name(kind));
        char *file = tf_path_in(arena, path, name);
        TF_NEED(file);
        if (tf_is_file(file))
            TF_TRY(tf_table_read(env, arena, file, &out->tables[kind]));
    }
    if (!out->tables[TF_REPORT_SUMMARY]) {
        tf_place here = { .file = path };
        return tf_error(env, TARIFF_E_REFERENCE, &here,
                        "name a scenario, or a directory with the reports of one",
                        "there is no summary.csv in this directory");
    }
    const tariff_table *summary = out->tables[TF_REPORT_SUMMARY];
    for (size_t i = 1; i < tariff_table_rows(summary); i++)
        if (strcmp(tariff_table_cell(summary, i, 1), tariff_table_cell(summary, 0, 1)) != 0) {
            tf_place here = { .file = path };
            return tf_error(env, TARIFF_E_CONFLICT, &here, "run the scenario for one date",
                            "these reports are of several days: compare one with one");
        }
    return TARIFF_OK;
}

tariff_status tf_check_comparable(tariff_env *env, const tariff_scenario *scenario,
                                  const tf_node *node)
{
    const tf_node *sweep = scenario->sweep.node;
    if (sweep)
        return tf_doc_error(env, node ? node : sweep, true, TARIFF_E_CONFLICT, NULL,
                            "'%s' is a sweep: it has no one result to compare", scenario->name);
    tf_place here = { .file = scenario->path };
    if (scenario->solve) {
        const char *message = "'%s' searches for a rate: its reports are of the law without it";
        const char *hint = "put the rate that it found into a scenario of its own";
        return node ? tf_doc_error(env, node, true, TARIFF_E_CONFLICT, hint, message,
                                   scenario->name)
                    : tf_error(env, TARIFF_E_CONFLICT, &here, hint, message, scenario->name);
    }
    if (scenario->dates.given) {
        const char *message = "'%s' has several days: compare one with one";
        return node ? tf_doc_error(env, node, true, TARIFF_E_CONFLICT, NULL, message,
                                   scenario->name)
                    : tf_error(env, TARIFF_E_CONFLICT, &here, "extend it with one date", message,
                               scenario->name);
    }
    return TARIFF_OK;
}

static tariff_status run_scenario(tariff_env *env, tf_store *store, const char *path,
                                  const tariff_run_options *options, side *out)
{
    tariff_run_options quiet = *options;
    quiet.directory = NULL;
    quiet.for_comparison = true;
    TF_TRY(tariff_scenario_load(env, path, NULL, 0, &out->scenario));
    TF_TRY(tf_check_comparable(env, out->scenario, NULL));
    TF_TRY(tf_run(env, store, out->scenario, &quiet, &out->result));
    memcpy(out->tables, out->result->tables, sizeof out->tables);
    out->name = out->scenario->name;
    return TARIFF_OK;
}

static tariff_status open_side(tariff_env *env, tf_store *store, tf_arena *arena,
                               const char *path, const tariff_run_options *options, side *out)
{
    return tf_is_directory(path) ? read_directory(env, arena, path, out)
                                 : run_scenario(env, store, path, options, out);
}

static void close_side(side *s)
{
    tariff_result_free(s->result);
    tariff_scenario_free(s->scenario);
}

static tariff_status compare_sides(const side *a, const side *b, tariff_result *result)
{
    for (int i = TF_REPORT_COMPARE; i <= TF_REPORT_LAYERS_COMPARE; i++) {
        tf_report           kind = tf_compared_report((tf_report)i);
        const tariff_table *before = a->tables[kind], *after = b->tables[kind];
        if (!before || !after || tariff_table_rows(after) == 0)
            continue;
        TF_TRY(tf_compare_tables(&result->arena, (tf_report)i, before, after,
                                 tariff_table_cell(after, 0, 0), tariff_table_cell(after, 0, 1),
                                 0, &result->tables[i], &result->differs));
    }
    return TARIFF_OK;
}

static tariff_status write_tables(tariff_env *env, const tariff_run_options *options,
                                  const tariff_result *result)
{
    tf_report_files *files;
    tariff_status    status = TARIFF_OK;
    TF_TRY(tf_report_files_open(env, options->directory, "", &files));
    for (int i = TF_REPORT_COMPARE; i <= TF_REPORT_LAYERS_COMPARE && status == TARIFF_OK; i++) {
        char       name[64];
        tf_output *output;
        if (!result->tables[i])
            continue;
        snprintf(name, sizeof name, "%s.csv", tf_report_name((tf_report)i));
        status = tf_report_files_add(files, name, &output);
        if (status == TARIFF_OK)
            status = tf_table_write(result->tables[i], output, options->spreadsheet);
    }
    if (status == TARIFF_OK)
        status = tf_report_files_commit(files);
    tf_report_files_close(files);
    return status;
}

static tariff_status compare(tariff_env *env, tf_store *store, const char *baseline,
                             const char *scenario, const tariff_run_options *options,
                             tariff_result *result)
{
    side          a = { .name = NULL }, b = { .name = NULL };
    tariff_status status = open_side(env, store, &result->arena, baseline, options, &a);
    if (status == TARIFF_OK)
        status = open_side(env, store, &result->arena, scenario, options, &b);
    if (status == TARIFF_OK)
        status = compare_sides(&a, &b, result);
    if (status == TARIFF_OK && options->directory)
        status = write_tables(env, options, result);
    close_side(&a);
    close_side(&b);
    return status;
}

tariff_status tariff_compare(tariff_env *env, const char *baseline, const char *scenario,
                             const tariff_run_options *options, tariff_result **out, bool *differs)
{
    static const tariff_run_options defaults = TARIFF_RUN_OPTIONS_INIT;
    tf_store                       *store;
    *out = NULL;
    *differs = false;
    TF_TRY(tf_store_new(env, 0, true, &store));
    tariff_result *result = tf_alloc(env, sizeof *result);
    tariff_status  status = result ? TARIFF_OK : TARIFF_E_NOMEM;
    if (result) {
        memset(result, 0, sizeof *result);
        result->env = env;
        tf_arena_init(&result->arena, &env->allocator);
        status = compare(env, store, baseline, scenario, options ? options : &defaults, result);
    }
    tf_store_free(store);
    if (status != TARIFF_OK) {
        tariff_result_free(result);
        return status;
    }
    *differs = result->differs;
    *out = result;
    return TARIFF_OK;
}
