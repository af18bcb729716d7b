/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * manifest.json: what a report was made from, so that it can be made again and
 * checked.  Nothing of the machine, of the time or of how it was called.
 */
#include "run/inputs.h"

#include <stdio.h>
#include <xxhash.h>

static void set_checksum(json_t *file, const char *key, uint64_t high, uint64_t low)
{
    char text[40];
    snprintf(text, sizeof text, "%016llx%016llx", (unsigned long long)high,
             (unsigned long long)low);
    json_object_set_new(file, key, json_string(text));
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

char *tf_manifest(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                  const tariff_run_options *options, const tariff_result *result)
{
    json_t *root = json_object();
    char   *text = NULL;
    if (root
        && tf_inputs_put(store, env, scenario, result->dataset, options, root) == TARIFF_OK) {
        json_object_set_new(root, "notes", notes(result));
        if (result->warnings)
            json_object_set_new(root, "warnings", json_integer((json_int_t)result->warnings));
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
    json_object_del(old, "warnings");
    json_object_del(old, "assumptions");
    bool          same = reports && json_array_size(reports) > 0 && json_equal(old, inputs);
    size_t        i;
    const json_t *entry;
    if (same)
        json_array_foreach(reports, i, entry) same = same && is_whole(env, arena, folder, entry);
    json_decref(reports);
    return same;
}

/* The standard input is another each time. */
static bool reads_stdin(const json_t *inputs)
{
    size_t        i;
    const json_t *entry;
    json_array_foreach(json_object_get(inputs, "flows"), i, entry)
    {
        const char *path = json_string_value(json_object_get(entry, "path"));
        if (path && strcmp(path, "-") == 0)
            return true;
    }
    return false;
}

static tariff_status compare_manifest(tariff_env *env, tf_store *store, tf_arena *arena,
                                      const tariff_scenario    *scenario,
                                      const tariff_run_options *options, bool *same,
                                      size_t *warnings)
{
    char *folder = tf_path_in(arena, options->directory, scenario->name);
    char *path = folder ? tf_path_in(arena, folder, "manifest.json") : NULL;
    TF_NEED(path);
    json_t *old = tf_is_file(path) ? json_load_file(path, 0, NULL) : NULL;
    if (!old)
        return TARIFF_OK;
    json_int_t    given = json_integer_value(json_object_get(old, "warnings"));
    json_t       *inputs = json_object();
    *warnings = given > 0 ? (size_t)given : 0;
    tariff_status status = tf_inputs_put(store, env, scenario, NULL, options, inputs);
    if (status == TARIFF_OK && !reads_stdin(inputs))
        *same = matches(env, arena, folder, old, inputs);
    if (*same) /* by a run that was killed since */
        tf_remove_leftovers(folder);
    json_decref(inputs);
    json_decref(old);
    return status;
}

tariff_status tf_is_up_to_date(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                               const tariff_run_options *options, bool *same, size_t *warnings)
{
    *same = false;
    *warnings = 0;
    if (scenario->flows.n == 0 && !tf_store_holds(store)
        && !tf_sweep_varies_files(&scenario->sweep))
        return TARIFF_OK; /* the run says what is missing */
    tf_arena arena;
    tf_arena_init(&arena, &env->allocator);
    tariff_status status = compare_manifest(env, store, &arena, scenario, options, same, warnings);
    tf_arena_free(&arena);
    return status;
}
