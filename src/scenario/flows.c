/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * `flows:` of a scenario: files, data packages, and what is the same for all rows.
 */
#include "scenario/reader.h"

typedef tf_scenario_reader reader;

enum { MOST_FILES = UINT16_MAX }; /* what can be told apart in a dataset has 16 bits for its file */

static tariff_status add_flow_file(reader *r, const tf_named_path *named, const char *path)
{
    if (r->scenario->flows.n == MOST_FILES)
        return tf_error(r->env, TARIFF_E_LIMIT, &named->place, NULL, "more than %d files of flows",
                        MOST_FILES);
    tf_flows_spec spec = { .path = path, .place = named->place };
    return TF_PUSH(r->arena, &r->scenario->flows, spec) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status add_flows(reader *r, const tf_node *node)
{
    tf_named_path named;
    TF_TRY(tf_read_path(r, node, &named));
    for (size_t i = 0; i < r->scenario->flow_paths.n; i++)
        if (strcmp(r->scenario->flow_paths.at[i].path, named.path) == 0)
            return tf_doc_error(r->env, node, false, TARIFF_E_CONFLICT, NULL,
                                "'%s' is there twice: its flows would be counted double",
                                named.written);
    if (!TF_PUSH(r->arena, &r->scenario->flow_paths, named))
        return TARIFF_E_NOMEM;
    if (!tf_is_directory(named.path))
        return add_flow_file(r, &named, named.path);
    tf_package package;
    TF_TRY(tf_package_read(r->env, r->arena, named.path, &named.place, &package));
    if (!TF_PUSH(r->arena, &r->scenario->packages, package))
        return TARIFF_E_NOMEM;
    for (size_t i = 0; i < package.files.n; i++)
        TF_TRY(add_flow_file(r, &named, package.files.at[i]));
    if (package.currency[0]) {
        if (r->scenario->account && strcmp(r->scenario->account, package.currency) != 0)
            return tf_doc_error(r->env, node, false, TARIFF_E_CONFLICT, NULL,
                                "flows in %s together with flows in %s", package.currency,
                                r->scenario->account);
        r->scenario->account = package.currency;
    }
    return TARIFF_OK;
}

tariff_status tf_scenario_keep_file(reader *r, char *path)
{
    for (size_t i = 0; i < r->scenario->files.n; i++)
        if (strcmp(r->scenario->files.at[i], path) == 0)
            return TARIFF_OK;
    return TF_PUSH(r->arena, &r->scenario->files, path) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* A mapping, the name of a built-in one, or a file: then what it says is the scenario's. */
static tariff_status read_profile(reader *r, const tf_node *node, tf_profile *out)
{
    TF_TRY(tf_profile_read(r->env, r->arena, node,
                           tf_scenario_base(r->scenario->path, node), out));
    if (node->kind != TF_SCALAR || tf_profile_named(node->text))
        return TARIFF_OK;
    char *path = tf_scenario_path(r->env, r->arena, r->scenario->path, node);
    TF_NEED(path);
    return tf_scenario_keep_file(r, path);
}

tariff_status tf_read_flows(reader *r, const tf_node *node)
{
    static const char *const keys[] = { "file", "profile", "origin", "importer", NULL };
    tf_profile               profile = *tf_profile_native();
    if (node->kind != TF_MAP)
        return tf_doc_error(r->env, node, false, TARIFF_E_SCHEMA, "flows: {file: flows.csv}",
                            "'flows' is a mapping with 'file'");
    tariff_status first = TARIFF_OK;
    for (const tf_node *child = node->first; child; child = child->next) {
        tariff_status status = TARIFF_OK;
        switch (tf_key_index(child, keys)) {
        case 0: status = tf_read_each(r, child, add_flows); break;
        case 1: status = read_profile(r, child, &profile); break;
        case 2: status = tf_read_country(r, child, &r->scenario->origin); break;
        case 3: status = tf_read_country(r, child, &r->scenario->importer); break;
        default: status = tf_unknown_key(r->env, child, keys);
        }
        first = first == TARIFF_OK ? status : first;
    }
    TF_TRY(first);
    if (r->scenario->flows.n == 0)
        return tf_doc_error(r->env, node, true, TARIFF_E_SCHEMA, "flows: {file: flows.csv}",
                            "'flows' names no file");
    for (size_t i = 0; i < r->scenario->flows.n; i++) {
        r->scenario->flows.at[i].profile = profile;
        r->scenario->flows.at[i].origin = r->scenario->origin;
        r->scenario->flows.at[i].importer = r->scenario->importer;
    }
    return TARIFF_OK;
}
