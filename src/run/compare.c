/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Two scenarios, or two report directories, side by side.
 */
#include "report/compare.h"

#include "run/run.h"

#include <stdio.h>

/** One side: its tables, and what they were made from. */
typedef struct side {
    const char       *path;
    bool              is_directory; /**< Of reports; else a scenario, to be run. */
    tariff_table     *tables[TF_REPORTS];
    tf_report_choices choices;
    tariff_scenario  *scenario;
    tariff_result    *result;
} side;

/* The longest code: flows may be coarser than the report. */
static unsigned longest_code(const tariff_table *products)
{
    size_t longest = 2;
    for (size_t i = 0; products && i < tariff_table_rows(products); i++) {
        size_t length = strlen(tariff_table_cell(products, i, 2));
        longest = length > longest ? length : longest;
    }
    return (unsigned)longest;
}

/* How the reports were asked for: the scenario is in their manifest. */
static tariff_status read_choices(tariff_env *env, tf_arena *arena, side *out)
{
    char    *file = tf_path_in(arena, out->path, "manifest.json");
    tf_node *manifest;
    TF_NEED(file);
    tf_report_defaults(&out->choices);
    if (!tf_is_file(file)) {
        tf_place here = { .file = out->path };
        tf_warning(env, &here, NULL,
                   "there is no manifest.json in this directory: it is not known whether 'top' "
                   "cut its reports");
        out->choices.digits[TF_REPORT_PRODUCTS] = longest_code(out->tables[TF_REPORT_PRODUCTS]);
        return TARIFF_OK;
    }
    TF_TRY(tf_doc_read(env, arena, file, NULL, &manifest));
    const tf_node *reports = tf_doc_get(tf_doc_get(manifest, "scenario"), "reports");
    return reports ? tf_report_choices_read(env, reports, &out->choices) : TARIFF_OK;
}

static tariff_status read_directory(tariff_env *env, tf_arena *arena, side *out)
{
    const char *path = out->path;
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
    return read_choices(env, arena, out);
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

static tariff_status open_side(tariff_env *env, tf_arena *arena, const char *path, side *out)
{
    out->path = path;
    out->is_directory = tf_is_directory(path);
    if (out->is_directory)
        return read_directory(env, arena, out);
    TF_TRY(tariff_scenario_load(env, path, NULL, 0, &out->scenario));
    out->choices = out->scenario->reports;
    return tf_check_comparable(env, out->scenario, NULL);
}

/* Products are written with their own digits, and compared with those that may be asked for. */
static unsigned digits_of(const side *s)
{
    return s->is_directory ? s->choices.digits[TF_REPORT_PRODUCTS]
                           : tf_compared_digits(&s->choices);
}

static bool has(const side *s, tf_report kind)
{
    return !s->is_directory || s->tables[kind];
}

/* A row that `top` cut off, or that has other digits, would be read as one of zeros. */
static tariff_status check_whole(tariff_env *env, const side *s, const side *other)
{
    tf_place here = { .file = s->path };
    for (int i = TF_REPORT_COMPARE; i <= TF_REPORT_LAYERS_COMPARE; i++) {
        tf_report kind = tf_compared_report((tf_report)i);
        unsigned  top = s->choices.top[kind];
        if (top && s->is_directory && s->tables[kind] && has(other, kind)
            && tariff_table_rows(s->tables[kind]) >= top)
            return tf_error(env, TARIFF_E_CONFLICT, &here, "run its scenario again without top",
                            "%s.csv in this directory was cut by 'top: %u': it cannot be compared",
                            tf_report_name(kind), top);
    }
    return TARIFF_OK;
}

static tariff_status check_digits(tariff_env *env, const side *a, const side *b)
{
    tf_place here = { .file = a->path };
    char     hint[96];
    if (!a->is_directory || !has(a, TF_REPORT_PRODUCTS) || !has(b, TF_REPORT_PRODUCTS)
        || digits_of(a) == digits_of(b))
        return TARIFF_OK;
    snprintf(hint, sizeof hint, "run its scenario again with {products: {digits: %u}}",
             digits_of(b));
    return tf_error(env, TARIFF_E_CONFLICT, &here, hint,
                    "products.csv in this directory has %u digits, and '%s' has %u", digits_of(a),
                    b->path, digits_of(b));
}

static tariff_status run_side(tariff_env *env, tf_store *store, const tariff_run_options *options,
                              unsigned digits, side *s)
{
    if (s->is_directory)
        return TARIFF_OK;
    TF_TRY(tf_run_side(env, store, s->scenario, options, digits, &s->result));
    memcpy(s->tables, s->result->tables, sizeof s->tables);
    return TARIFF_OK;
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
                                 b->choices.top[i], &result->tables[i], &result->differs));
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
    side          a = { .path = NULL }, b = { .path = NULL };
    tariff_status status = open_side(env, &result->arena, baseline, &a);
    if (status == TARIFF_OK)
        status = open_side(env, &result->arena, scenario, &b);
    if (status == TARIFF_OK)
        status = check_whole(env, &a, &b);
    if (status == TARIFF_OK)
        status = check_whole(env, &b, &a);
    if (status == TARIFF_OK)
        status = check_digits(env, &a, &b);
    if (status == TARIFF_OK)
        status = run_side(env, store, options, digits_of(&b), &a);
    if (status == TARIFF_OK)
        status = run_side(env, store, options, digits_of(&b), &b);
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
