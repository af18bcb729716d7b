/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What a report was made from, as its manifest has it.
 */
#include "run/inputs.h"

#include "io/digest.h"
#include "law/schedule.h"
#include "scenario/point.h"
#include "value/decimal.h"

#include <stdio.h>
#include <tariff/version.h>

/** The lists of a manifest, on their way. */
typedef struct lists {
    tf_store                 *store;
    tariff_env               *env;
    const tariff_run_options *options;
    const tariff_scenario    *scenario; /**< The one that is run. */
    json_t                   *scenarios, *schedules, *packages, *elasticities, *flows;
} lists;

/* A path as the scenario has it: what lies before, the machine's business, is cut off. */
static const char *shown_path(const lists *l, const char *path)
{
    const char *slash = strrchr(l->scenario->path, '/');
    size_t      before = slash ? (size_t)(slash - l->scenario->path) + 1 : 0;
    if (before && strncmp(path, l->scenario->path, before) == 0)
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

static void set_text(json_t *object, const char *key, const char *text)
{
    if (*text)
        json_object_set_new(object, key, json_string(text));
}

/* Once, however many of the scenario, its baseline and its points read it. */
static tariff_status keep(json_t *list, json_t *entry)
{
    size_t  i;
    json_t *there;
    json_array_foreach(list, i, there) if (json_equal(there, entry))
    {
        json_decref(entry);
        return TARIFF_OK;
    }
    return json_array_append_new(list, entry) == 0 ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status set_sha256(const lists *l, json_t *entry, const char *path)
{
    char          sha256[TF_SHA256_TEXT];
    tariff_status status = tf_store_sha256(l->store, l->env, path, sha256);
    if (status == TARIFF_OK)
        set_text(entry, "sha256", sha256);
    return status;
}

static tariff_status keep_hashed(const lists *l, json_t *list, json_t *entry, const char *path)
{
    tariff_status status = set_sha256(l, entry, path);
    if (status == TARIFF_OK)
        return keep(list, entry);
    json_decref(entry);
    return status;
}

/* A file whose checksum is known from when it was read. */
static tariff_status add_summed(const lists *l, json_t *list, const tf_law_file *read)
{
    json_t *file = json_object();
    set_text(file, "path", shown_path(l, read->path));
    json_object_set_new(file, "sha256", json_string(read->sha256));
    return keep(list, file);
}

static tariff_status add_file(const lists *l, json_t *list, const char *path)
{
    json_t *file = json_object();
    set_text(file, "path", shown_path(l, path));
    return keep_hashed(l, list, file, path);
}

static tariff_status add_package(const lists *l, const tf_package *package)
{
    json_t *json = json_object();
    set_text(json, "path", shown_path(l, package->path));
    set_text(json, "name", package->name);
    set_text(json, "currency", package->currency);
    set_text(json, "valuation", package->valuation);
    set_text(json, "nomenclature", package->nomenclature);
    set_text(json, "source", package->source);
    set_text(json, "licence", package->licence);
    return keep_hashed(l, l->packages, json, package->path);
}

static bool is_in_package(const tariff_scenario *scenario, const char *path)
{
    for (size_t i = 0; i < scenario->packages.n; i++)
        for (size_t k = 0; k < scenario->packages.at[i].files.n; k++)
            if (strcmp(scenario->packages.at[i].files.at[k], path) == 0)
                return true;
    return false;
}

static tariff_status add_flows(const lists *l, const tariff_scenario *scenario,
                               const tf_input *input)
{
    char    value[TF_DECIMAL_TEXT], print[40];
    json_t *file = json_object();
    tf_format_fixed(input->value, 4, 0, value);
    snprintf(print, sizeof print, "%016llx%016llx", (unsigned long long)input->print.xxh3_high,
             (unsigned long long)input->print.xxh3_low);
    if (input->pulled) {
        set_text(file, "source", input->path);
    } else {
        set_text(file, "path", shown_path(l, input->path));
        json_object_set_new(file, "bytes", json_integer((json_int_t)input->print.bytes));
    }
    json_object_set_new(file, "lines", json_integer((json_int_t)input->rows));
    set_text(file, "value", value);
    set_text(file, "xxh3_128", print);
    if (!input->pulled && strcmp(input->path, "-") != 0
        && (l->options->hash || is_in_package(scenario, input->path)))
        return keep_hashed(l, l->flows, file, input->path);
    return keep(l->flows, file);
}

/* What one scenario reads besides its own files. */
static tariff_status add_read(const lists *l, const tariff_scenario *scenario,
                              const tf_dataset *dataset)
{
    const tariff_schedule *schedule;
    TF_TRY(tf_store_schedule(l->store, l->env, scenario, &schedule));
    for (size_t i = 0; i < schedule->files.n; i++)
        TF_TRY(add_summed(l, l->schedules, schedule->files.at[i]));
    for (size_t i = 0; !tf_store_holds(l->store) && i < scenario->packages.n; i++)
        TF_TRY(add_package(l, &scenario->packages.at[i]));
    for (size_t i = 0; l->elasticities && i < scenario->impact.paths.n; i++)
        TF_TRY(add_file(l, l->elasticities, scenario->impact.paths.at[i]));
    if (!dataset && (scenario->flows.n || tf_store_holds(l->store)))
        TF_TRY(tf_store_dataset(l->store, l->env, scenario, NULL, &dataset));
    for (size_t i = 0; dataset && i < dataset->inputs.n; i++)
        TF_TRY(add_flows(l, scenario, &dataset->inputs.at[i]));
    return TARIFF_OK;
}

static tariff_status add_files(const lists *l, const tariff_scenario *scenario)
{
    for (size_t i = 0; i < scenario->files.n; i++)
        TF_TRY(add_file(l, l->scenarios, scenario->files.at[i]));
    return TARIFF_OK;
}

static tariff_status add_baseline(const lists *l)
{
    tariff_scenario *baseline;
    TF_TRY(tf_scenario_baseline(l->env, l->scenario, &baseline));
    if (!baseline)
        return TARIFF_OK;
    tariff_status status = add_files(l, baseline);
    if (status == TARIFF_OK)
        status = add_read(l, baseline, NULL);
    tariff_scenario_free(baseline);
    return status;
}

/* Each combination of the dimensions that name files, with the first values of all others. */
static tariff_status add_points(const lists *l)
{
    const tf_sweep *sweep = &l->scenario->sweep;
    size_t          values[TF_DIMENSIONS_MAX] = { 0 }, i;
    do {
        tariff_scenario *point;
        TF_TRY(tf_scenario_vary(l->env, l->scenario, values, NULL, &point));
        tariff_status status = add_files(l, point); /* a profile may be one */
        if (status == TARIFF_OK)
            status = add_read(l, point, NULL);
        tariff_scenario_free(point);
        TF_TRY(status);
        for (i = sweep->dimensions.n; i > 0; i--) {
            if (!tf_varies_files(&sweep->dimensions.at[i - 1]))
                continue;
            if (++values[i - 1] < sweep->dimensions.at[i - 1].values.n)
                break;
            values[i - 1] = 0;
        }
    } while (i > 0);
    return TARIFF_OK;
}

tariff_status tf_inputs_put(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                            const tf_dataset *dataset, const tariff_run_options *options,
                            json_t *root)
{
    lists l = { store, env, options, scenario, json_array(), json_array(), json_array(),
                scenario->impact.node ? json_array() : NULL, json_array() };
    set_text(root, "tariff", tariff_version());
    set_text(root, "name", scenario->name);
    json_object_set_new(root, "scenario", scenario_json(scenario->root));
    json_object_set_new(root, "scenarios", l.scenarios);
    json_object_set_new(root, "schedules", l.schedules);
    json_object_set_new(root, "packages", l.packages);
    json_object_set_new(root, "flows", l.flows);
    if (l.elasticities)
        json_object_set_new(root, "elasticities", l.elasticities);
    if (options->spreadsheet)
        json_object_set_new(root, "spreadsheet", json_true());
    TF_TRY(add_files(&l, scenario));
    if (tf_sweep_varies_files(&scenario->sweep))
        return add_points(&l);
    TF_TRY(add_read(&l, scenario, dataset));
    return add_baseline(&l);
}
