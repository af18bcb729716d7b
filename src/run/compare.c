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
    bool              is_there[TF_REPORTS]; /**< In the directory. */
    tariff_table     *tables[TF_REPORTS];
    tf_report_choices choices;
    tariff_scenario  *scenario;
    tariff_result    *result;
} side;

/* What has no rows that could be paired, and why. */
static const struct {
    tf_report   report;
    const char *why;
} incomparable[] = { { TF_REPORT_LINES, "a row a flow" },
                     { TF_REPORT_IMPACT_BANDS, "of draws" },
                     { TF_REPORT_IMPACT_SENSITIVITY, "of draws" },
                     { TF_REPORT_IMPACT_UNSOLVED, "markets without an answer" } };
enum { INCOMPARABLE = sizeof incomparable / sizeof incomparable[0] };

static const tf_report by_product[] = { TF_REPORT_PRODUCTS, TF_REPORT_PRODUCTS_LAYERS,
                                        TF_REPORT_PRODUCTS_ORIGINS, TF_REPORT_IMPACT_PRODUCTS };
enum { BY_PRODUCT = sizeof by_product / sizeof by_product[0] };

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
        for (int i = 0; i < BY_PRODUCT; i++)
            out->choices.digits[by_product[i]] = longest_code(out->tables[by_product[i]]);
        return TARIFF_OK;
    }
    TF_TRY(tf_doc_read(env, arena, file, NULL, &manifest));
    const tf_node *reports = tf_doc_get(tf_doc_get(manifest, "scenario"), "reports");
    return reports ? tf_report_choices_read(env, reports, &out->choices) : TARIFF_OK;
}

static bool is_compared(int report)
{
    for (int i = TF_FIRST_COMPARE; i <= TF_LAST_COMPARE; i++)
        if ((int)tf_compared_report((tf_report)i) == report)
            return true;
    return false;
}

static tariff_status read_directory(tariff_env *env, tf_arena *arena, side *out)
{
    const char *path = out->path;
    for (int i = 0; i < TF_REPORTS; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.csv", tf_report_name((tf_report)i));
        char *file = tf_path_in(arena, path, name);
        TF_NEED(file);
        out->is_there[i] = tf_is_file(file);
        if (out->is_there[i] && (is_compared(i) || i == TF_REPORT_IMPACT_UNSOLVED))
            TF_TRY(tf_table_read(env, arena, file, i >= TF_REPORT_IMPACT, &out->tables[i]));
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
static unsigned digits_of(const side *s, tf_report kind)
{
    return s->is_directory || kind != TF_REPORT_PRODUCTS ? s->choices.digits[kind]
                                                         : tf_compared_digits(&s->choices);
}

static bool wants(const side *s, tf_report kind)
{
    bool wanted = s->choices.wanted[kind];
    for (int i = TF_FIRST_COMPARE; i <= TF_LAST_COMPARE; i++)
        if (tf_compared_report((tf_report)i) == kind)
            wanted = wanted || s->choices.wanted[i];
    return wanted;
}

/* A scenario can make what it does not want for itself, unless that is large. */
static bool has(const side *s, tf_report kind)
{
    if (s->is_directory)
        return s->is_there[kind];
    const tf_impact_spec *impact = &s->scenario->impact;
    if (kind >= TF_REPORT_IMPACT && (!impact->node || !s->scenario->baseline))
        return false;
    if ((kind == TF_REPORT_IMPACT_BANDS || kind == TF_REPORT_IMPACT_SENSITIVITY)
        && (impact->draws == 0 || !wants(s, kind)))
        return false;
    return !tf_report_is_large((int)kind) || wants(s, kind);
}

/* A row that `top` cut off, or that has other digits, would be read as one of zeros. */
static tariff_status check_whole(tariff_env *env, const side *s, const side *other)
{
    tf_place here = { .file = s->path };
    for (int i = TF_FIRST_COMPARE; i <= TF_LAST_COMPARE; i++) {
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

static tariff_status check_digits(tariff_env *env, const side *a, const side *b, tf_report kind)
{
    tf_place    here = { .file = a->path };
    char        hint[96];
    const char *name = tf_report_name(kind);
    if (!a->is_directory || !has(a, kind) || !has(b, kind)
        || digits_of(a, kind) == digits_of(b, kind))
        return TARIFF_OK;
    snprintf(hint, sizeof hint, "run its scenario again with {%s: {digits: %u}}", name,
             digits_of(b, kind));
    return tf_error(env, TARIFF_E_CONFLICT, &here, hint,
                    "%s.csv in this directory has %u digits, and '%s' has %u", name,
                    digits_of(a, kind), b->path, digits_of(b, kind));
}

static tariff_status check_steps(tariff_env *env, const side *a, const side *b)
{
    tf_place here = { .file = a->path };
    if (!a->is_directory || !has(a, TF_REPORT_BRACKETS) || !has(b, TF_REPORT_BRACKETS)
        || a->choices.bracket_step == b->choices.bracket_step)
        return TARIFF_OK;
    return tf_error(env, TARIFF_E_CONFLICT, &here, "run its scenario again with the same step",
                    "brackets.csv in this directory has another step than '%s'", b->path);
}

static tariff_status check_alike(tariff_env *env, const side *a, const side *b)
{
    TF_TRY(check_whole(env, a, b));
    TF_TRY(check_whole(env, b, a));
    for (int i = 0; i < BY_PRODUCT; i++)
        TF_TRY(check_digits(env, a, b, by_product[i]));
    return check_steps(env, a, b);
}

/* What both are to have: the second says how. */
static void choose(const side *a, const side *b, tf_report_choices *out)
{
    *out = b->choices;
    memset(out->wanted, 0, sizeof out->wanted);
    memset(out->top, 0, sizeof out->top);
    for (int i = TF_FIRST_COMPARE; i <= TF_LAST_COMPARE; i++) {
        tf_report kind = tf_compared_report((tf_report)i);
        out->wanted[kind] = has(a, kind) && has(b, kind);
    }
    out->wanted[TF_REPORT_IMPACT_UNSOLVED] = out->wanted[TF_REPORT_IMPACT];
    out->digits[TF_REPORT_PRODUCTS] = digits_of(b, TF_REPORT_PRODUCTS);
}

static tariff_status run_side(tariff_env *env, tf_store *store, const tariff_run_options *options,
                              const tf_report_choices *choices, side *s)
{
    if (s->is_directory)
        return TARIFF_OK;
    TF_TRY(tf_run_side(env, store, s->scenario, options, choices, &s->result));
    memcpy(s->tables, s->result->tables, sizeof s->tables);
    return TARIFF_OK;
}

/* What is not compared is said */

static void add_name(char *list, size_t size, tf_report kind, const char *why)
{
    size_t n = strlen(list);
    snprintf(list + n, size - n, "%s%s.csv%s%s%s", n ? ", " : "", tf_report_name(kind),
             why ? " (" : "", why ? why : "", why ? ")" : "");
}

/* What the other side shows, and this one lacks. */
static void tell_lacking(tariff_env *env, const side *s, const side *other)
{
    tf_place here = { .file = s->path };
    char     list[512] = "";
    for (int i = TF_FIRST_COMPARE; i <= TF_LAST_COMPARE; i++) {
        tf_report kind = tf_compared_report((tf_report)i);
        if (!has(s, kind) && has(other, kind) && (other->is_directory || wants(other, kind)))
            add_name(list, sizeof list, kind, NULL);
    }
    if (*list)
        tf_warning(env, &here, NULL, "not compared, for this side has none: %s", list);
}

static void tell_incomparable(tariff_env *env, const side *a, const side *b)
{
    char list[512] = "";
    for (int i = 0; i < INCOMPARABLE; i++) {
        tf_report           kind = incomparable[i].report;
        const tariff_table *before = a->tables[kind], *after = b->tables[kind];
        if (kind == TF_REPORT_IMPACT_UNSOLVED
                ? (before && tariff_table_rows(before)) || (after && tariff_table_rows(after))
                : has(a, kind) && has(b, kind))
            add_name(list, sizeof list, kind, incomparable[i].why);
    }
    if (*list)
        tf_note(env, NULL, "not compared: %s", list);
}

static void close_side(side *s)
{
    tariff_result_free(s->result);
    tariff_scenario_free(s->scenario);
}

static tariff_status compare_sides(const side *a, const side *b, tariff_result *result)
{
    const tariff_table *summary = b->tables[TF_REPORT_SUMMARY];
    if (tariff_table_rows(summary) == 0)
        return TARIFF_OK;
    for (int i = TF_FIRST_COMPARE; i <= TF_LAST_COMPARE; i++) {
        tf_report           kind = tf_compared_report((tf_report)i);
        const tariff_table *before = a->tables[kind], *after = b->tables[kind];
        if (before && after)
            TF_TRY(tf_compare_tables(&result->arena, (tf_report)i, before, after,
                                     tariff_table_cell(summary, 0, 0),
                                     tariff_table_cell(summary, 0, 1), b->choices.top[i],
                                     &result->tables[i], &result->differs));
    }
    return TARIFF_OK;
}

static tariff_status write_tables(tariff_env *env, const tariff_run_options *options,
                                  const tariff_result *result)
{
    tf_report_files *files;
    tariff_status    status = TARIFF_OK;
    TF_TRY(tf_report_files_open(env, options->directory, "", &files));
    for (int i = TF_FIRST_COMPARE; i <= TF_LAST_COMPARE && status == TARIFF_OK; i++) {
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
    side              a = { .path = NULL }, b = { .path = NULL };
    tf_report_choices choices;
    tariff_status     status = open_side(env, &result->arena, baseline, &a);
    if (status == TARIFF_OK)
        status = open_side(env, &result->arena, scenario, &b);
    if (status == TARIFF_OK)
        status = check_alike(env, &a, &b);
    if (status == TARIFF_OK) {
        choose(&a, &b, &choices);
        status = run_side(env, store, options, &choices, &a);
    }
    if (status == TARIFF_OK)
        status = run_side(env, store, options, &choices, &b);
    if (status == TARIFF_OK) {
        tell_lacking(env, &a, &b);
        tell_lacking(env, &b, &a);
        tell_incomparable(env, &a, &b);
    }
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
    const tariff_run_options all = tf_run_options_of(options);
    tf_store                *store;
    *out = NULL;
    *differs = false;
    if (all.source || all.sink)
        return tf_error(env, TARIFF_E_ARG, NULL, "give the scenario a baseline, and run it",
                        "a comparison takes no source and no sink");
    TF_TRY(tf_store_new(env, 0, true, &store));
    tariff_result *result = tf_alloc(env, sizeof *result);
    tariff_status  status = result ? TARIFF_OK : TARIFF_E_NOMEM;
    if (result) {
        memset(result, 0, sizeof *result);
        result->env = env;
        tf_arena_init(&result->arena, &env->allocator);
        status = compare(env, store, baseline, scenario, &all, result);
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
