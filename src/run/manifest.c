/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * manifest.json: what a report was made from, so that it can be made again and
 * checked.  Nothing of the machine, of the time or of how it was called.
 */
#include "run/run.h"

#include "io/digest.h"
#include "law/schedule.h"
#include "value/decimal.h"

#include <jansson.h>
#include <stdio.h>
#include <tariff/version.h>
#include <xxhash.h>

/* A path as the scenario has it: what lies before, the machine's business, is cut off. */
static const char *shown_path(const tariff_scenario *scenario, const char *path)
{
    const char *slash = strrchr(scenario->path, '/');
    size_t      before = slash ? (size_t)(slash - scenario->path) + 1 : 0;
    if (before && strncmp(path, scenario->path, before) == 0)
        path += before;
    if (path[0] == '/')
        path = strrchr(path, '/') + 1;
    return path;
}

static json_t *scenario_json(const tf_node *node)
{
    if (node->kind == TF_SCALAR)
        return json_string(node->text);
    json_t *json = node->kind == TF_LIST ? json_array() : json_object();
    for (const tf_node *child = node->first; child; child = child->next)
        if (node->kind == TF_LIST)
            json_array_append_new(json, scenario_json(child));
        else
            json_object_set_new(json, child->key, scenario_json(child));
    return json;
}

static tariff_status add_summed(const tariff_scenario *scenario, json_t *list, const char *path,
                                const char *sha256)
{
    json_t *file = json_object();
    json_object_set_new(file, "path", json_string(shown_path(scenario, path)));
    json_object_set_new(file, "sha256", json_string(sha256));
    return json_array_append_new(list, file) == 0 ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status add_file(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                              json_t *list, const char *path)
{
    char sha256[TF_SHA256_TEXT];
    TF_TRY(tf_store_sha256(store, env, path, sha256));
    return add_summed(scenario, list, path, sha256);
}

static void set_checksum(json_t *file, const char *key, uint64_t high, uint64_t low)
{
    char text[40];
    snprintf(text, sizeof text, "%016llx%016llx", (unsigned long long)high,
             (unsigned long long)low);
    json_object_set_new(file, key, json_string(text));
}

static bool is_in_package(const tariff_scenario *scenario, const char *path)
{
    for (size_t i = 0; i < scenario->packages.n; i++)
        for (size_t k = 0; k < scenario->packages.at[i].files.n; k++)
            if (strcmp(scenario->packages.at[i].files.at[k], path) == 0)
                return true;
    return false;
}

static tariff_status add_input(tf_store *store, tariff_env *env, const tariff_scenario *scenario, bool hash,
                               const tf_input *input, json_t *list)
{
    char value[TF_DECIMAL_TEXT], sha256[TF_SHA256_TEXT];
    json_t *file = json_object();
    tf_format_fixed(input->value, 4, 0, value);
    json_object_set_new(file, "path", json_string(shown_path(scenario, input->path)));
    json_object_set_new(file, "bytes", json_integer((json_int_t)input->print.bytes));
    json_object_set_new(file, "lines", json_integer((json_int_t)input->rows));
    json_object_set_new(file, "value", json_string(value));
    set_checksum(file, "xxh3_128", input->print.xxh3_high, input->print.xxh3_low);
    json_array_append_new(list, file);
    if (strcmp(input->path, "-") != 0 && (hash || is_in_package(scenario, input->path))) {
        TF_TRY(tf_store_sha256(store, env, input->path, sha256));
        json_object_set_new(file, "sha256", json_string(sha256));
    }
    return TARIFF_OK;
}

static void set_text(json_t *object, const char *key, const char *text)
{
    if (*text)
        json_object_set_new(object, key, json_string(text));
}

static tariff_status add_package(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                                 const tf_package *package, json_t *list)
{
    char    sha256[TF_SHA256_TEXT];
    json_t *json = json_object();
    json_array_append_new(list, json);
    set_text(json, "path", shown_path(scenario, package->path));
    set_text(json, "name", package->name);
    set_text(json, "currency", package->currency);
    set_text(json, "valuation", package->valuation);
    set_text(json, "nomenclature", package->nomenclature);
    set_text(json, "source", package->source);
    set_text(json, "licence", package->licence);
    TF_TRY(tf_store_sha256(store, env, package->path, sha256));
    set_text(json, "sha256", sha256);
    return TARIFF_OK;
}

static json_t *notes(const tariff_result *result)
{
    json_t *list = json_array();
    json_array_append_new(list, json_string("affected_share and peak_share are shares of "
                                            "export_value"));
    if (result->estimated)
        json_array_append_new(list, json_string("estimated_value ran on share tables, which are "
                                                "estimates and not law"));
    if (result->coarse)
        json_array_append_new(list, json_string("coarse_value has codes too short for the law"));
    if (result->unassessed)
        json_array_append_new(list, json_string("unassessed_value bears specific duties that are "
                                                "not in the sums, for want of quantities"));
    return list;
}

/* What a model assumes, in the order of the list. */
static json_t *assumptions(const tariff_result *result)
{
    json_t *json = json_object();
    for (size_t i = 0; i < result->assumption_count; i++) {
        const tf_metric *m = &result->assumptions[i];
        char             number[TF_DECIMAL_TEXT];
        tf_format_number(m->value, number);
        json_object_set_new(json, m->name,
                            json_string(m->kind == TF_METRIC_TEXT ? m->text : number));
    }
    return json;
}

static json_t *reports_json(const tf_report_files *files)
{
    json_t          *list = json_array();
    const char      *name;
    const tf_output *output;
    for (size_t i = 0; (output = tf_report_files_at(files, i, &name)) != NULL; i++) {
        uint64_t high, low;
        json_t  *file = json_object();
        json_object_set_new(file, "file", json_string(name));
        json_object_set_new(file, "bytes", json_integer((json_int_t)tf_output_bytes(output)));
        tf_output_hash(output, &high, &low);
        set_checksum(file, "xxh3_128", high, low);
        json_array_append_new(list, file);
    }
    return list;
}

/* All that decides what the reports say. */
static tariff_status fill_inputs(tf_store *store, tariff_env *env,
                                 const tariff_scenario *scenario, const tariff_schedule *schedule,
                                 const tf_dataset *dataset, const tariff_run_options *options,
                                 json_t *root)
{
    json_t *scenarios = json_array(), *schedules = json_array(), *flows = json_array();
    json_t *packages = json_array();
    json_object_set_new(root, "tariff", json_string(tariff_version()));
    json_object_set_new(root, "name", json_string(scenario->name));
    json_object_set_new(root, "scenario", scenario_json(scenario->root));
    json_object_set_new(root, "scenarios", scenarios);
    json_object_set_new(root, "schedules", schedules);
    json_object_set_new(root, "packages", packages);
    json_object_set_new(root, "flows", flows);
    if (options->spreadsheet)
        json_object_set_new(root, "spreadsheet", json_true());
    for (size_t i = 0; i < scenario->files.n; i++)
        TF_TRY(add_file(store, env, scenario, scenarios, scenario->files.at[i]));
    for (size_t i = 0; i < schedule->files.n; i++)
        TF_TRY(add_summed(scenario, schedules, schedule->files.at[i]->path,
                          schedule->files.at[i]->sha256));
    for (size_t i = 0; i < scenario->packages.n; i++)
        TF_TRY(add_package(store, env, scenario, &scenario->packages.at[i], packages));
    if (scenario->impact.node) {
        json_t *elasticities = json_array();
        json_object_set_new(root, "elasticities", elasticities);
        for (size_t i = 0; i < scenario->impact.paths.n; i++)
            TF_TRY(add_file(store, env, scenario, elasticities, scenario->impact.paths.at[i]));
    }
    for (size_t i = 0; dataset && i < dataset->inputs.n; i++)
        TF_TRY(add_input(store, env, scenario, options->hash, &dataset->inputs.at[i], flows));
    return TARIFF_OK;
}

char *tf_manifest(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                  const tariff_schedule *schedule, const tariff_run_options *options,
                  const tariff_result *result)
{
    json_t *root = json_object();
    char   *text = NULL;
    if (root
        && fill_inputs(store, env, scenario, schedule, result->dataset, options, root)
               == TARIFF_OK) {
        json_object_set_new(root, "notes", notes(result));
        if (result->assumption_count)
            json_object_set_new(root, "assumptions", assumptions(result));
        json_object_set_new(root, "reports", reports_json(result->files));
        text = json_dumps(root, JSON_INDENT(2));
    }
    json_decref(root);
    return text;
}

/* Is a report as the manifest has it? */
static bool is_whole(tariff_env *env, tf_arena *arena, const char *folder, const json_t *entry)
{
    const char *name = json_string_value(json_object_get(entry, "file"));
    const char *sum = json_string_value(json_object_get(entry, "xxh3_128"));
    json_int_t  bytes = json_integer_value(json_object_get(entry, "bytes"));
    char       *text, *path = name ? tf_path_in(arena, folder, name) : NULL, found[40];
    size_t      length;
    if (!path || !sum || strchr(name, '/') || !tf_is_file(path)
        || tf_read_file(env, arena, path, SIZE_MAX / 4, NULL, &text, &length) != TARIFF_OK
        || (json_int_t)length != bytes)
        return false;
    XXH128_hash_t hash = XXH3_128bits(text, length);
    snprintf(found, sizeof found, "%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
    return strcmp(found, sum) == 0;
}

static bool matches(tariff_env *env, tf_arena *arena, const char *folder, json_t *old,
                    const json_t *inputs)
{
    json_t *reports = json_incref(json_object_get(old, "reports"));
    json_object_del(old, "reports");
    json_object_del(old, "notes");
    json_object_del(old, "assumptions");
    bool          same = reports && json_array_size(reports) > 0 && json_equal(old, inputs);
    size_t        i;
    const json_t *entry;
    if (same)
        json_array_foreach(reports, i, entry) same = same && is_whole(env, arena, folder, entry);
    json_decref(reports);
    return same;
}

/* What else a run depends on is not in the manifest: run it again. */
static bool depends_on_more(const tariff_scenario *scenario)
{
    static const char *const files[] = { "scenario", "schedule", "flows" };
    for (size_t i = 0; scenario->baseline && i < sizeof files / sizeof files[0]; i++)
        if (tf_doc_get(scenario->baseline, files[i]))
            return true;
    for (size_t i = 0; i < scenario->sweep.dimensions.n; i++)
        if (scenario->sweep.dimensions.at[i].kind == TF_VARIES_KEY)
            return true;
    for (size_t i = 0; i < scenario->flows.n; i++)
        if (strcmp(scenario->flows.at[i].path, "-") == 0)
            return true;
    return false;
}

static tariff_status compare_manifest(tariff_env *env, tf_store *store, tf_arena *arena,
                                      const tariff_scenario    *scenario,
                                      const tariff_run_options *options, bool *same)
{
    const tariff_schedule *schedule;
    const tf_dataset      *dataset;
    char *folder = tf_path_in(arena, options->directory, scenario->name);
    char *path = folder ? tf_path_in(arena, folder, "manifest.json") : NULL;
    TF_NEED(path);
    json_t *old = tf_is_file(path) ? json_load_file(path, 0, NULL) : NULL;
    if (!old)
        return TARIFF_OK;
    json_t       *inputs = json_object();
    tariff_status status = tf_store_schedule(store, env, scenario, &schedule);
    if (status == TARIFF_OK)
        status = tf_store_dataset(store, env, scenario, NULL, &dataset);
    if (status == TARIFF_OK)
        status = fill_inputs(store, env, scenario, schedule, dataset, options, inputs);
    if (status == TARIFF_OK)
        *same = matches(env, arena, folder, old, inputs);
    json_decref(inputs);
    json_decref(old);
    return status;
}

tariff_status tf_is_up_to_date(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                               const tariff_run_options *options, bool *same)
{
    *same = false;
    if (scenario->flows.n == 0 || depends_on_more(scenario))
        return TARIFF_OK;
    tf_arena arena;
    tf_arena_init(&arena, &env->allocator);
    tariff_status status = compare_manifest(env, store, &arena, scenario, options, same);
    tf_arena_free(&arena);
    return status;
}
