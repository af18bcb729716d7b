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

static tariff_status add_file(tf_store *store, tariff_env *env, const tariff_scenario *scenario, json_t *list,
                              const char *path)
{
    char sha256[TF_SHA256_TEXT];
    TF_TRY(tf_store_sha256(store, env, path, sha256));
    json_t *file = json_object();
    json_object_set_new(file, "path", json_string(shown_path(scenario, path)));
    json_object_set_new(file, "sha256", json_string(sha256));
    return json_array_append_new(list, file) == 0 ? TARIFF_OK : TARIFF_E_NOMEM;
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

static tariff_status fill(tf_store *store, tariff_env *env, const tariff_scenario *scenario, const tariff_schedule *schedule,
                          const tariff_run_options *options, const tariff_result *result,
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
    for (size_t i = 0; i < scenario->files.n; i++)
        TF_TRY(add_file(store, env, scenario, scenarios, scenario->files.at[i]));
    for (size_t i = 0; i < schedule->files.n; i++)
        TF_TRY(add_file(store, env, scenario, schedules, schedule->files.at[i]));
    for (size_t i = 0; i < scenario->packages.n; i++)
        TF_TRY(add_package(store, env, scenario, &scenario->packages.at[i], packages));
    for (size_t i = 0; result->dataset && i < result->dataset->inputs.n; i++)
        TF_TRY(add_input(store, env, scenario, options->hash, &result->dataset->inputs.at[i], flows));
    json_object_set_new(root, "notes", notes(result));
    json_object_set_new(root, "reports", reports_json(result->files));
    return TARIFF_OK;
}

char *tf_manifest(tf_store *store, tariff_env *env, const tariff_scenario *scenario, const tariff_schedule *schedule,
                  const tariff_run_options *options, const tariff_result *result)
{
    json_t *root = json_object();
    char   *text = NULL;
    if (root && fill(store, env, scenario, schedule, options, result, root) == TARIFF_OK)
        text = json_dumps(root, JSON_INDENT(2));
    json_decref(root);
    return text;
}
