/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Scenarios from files, options and trees.
 */
#include "scenario/reader.h"

#include "base/utf8.h"

#include <stdio.h>
#include <tariff/base.h>

typedef tf_scenario_reader reader;

/* Overrides: "key=value" */

static void forget_places(tf_node *node)
{
    node->line = node->column = node->key_line = node->key_column = 0;
    node->source = NULL;
    for (tf_node *child = node->first; child; child = child->next)
        forget_places(child);
}

static tariff_status apply_override(reader *r, const char *text)
{
    tf_node    *value;
    const char *equals = strchr(text, '=');
    size_t      length = strlen(text);
    char       *name = tf_arena_alloc(r->arena, length + 8);
    TF_NEED(name);
    snprintf(name, length + 8, "--set %s", text);
    tf_place place = { .file = name };
    if (!equals || equals == text)
        return tf_error(r->env, TARIFF_E_SYNTAX, &place, "write key=value",
                        "an override without '='");
    if (equals[1 + strspn(equals + 1, " ")] == '\0')
        return tf_error(r->env, TARIFF_E_SYNTAX, &place,
                        "an empty list is [], an empty text \"\"",
                        "there is no value after '='");
    if (tf_utf8_valid(text, length) != length)
        return tf_error(r->env, TARIFF_E_SYNTAX, &place, "write it in UTF-8",
                        "an override that is not UTF-8");
    char *path = tf_arena_text(r->arena, text, (size_t)(equals - text));
    const char *yaml = tf_arena_text(r->arena, equals + 1, length - (size_t)(equals - text) - 1);
    TF_NEED(path && yaml);
    if (strcmp(yaml, "-") == 0) /* the standard input; to YAML, a list of nothing */
        yaml = "\"-\"";
    TF_TRY(tf_doc_parse(r->env, r->arena, name, yaml, strlen(yaml), &value));
    forget_places(value); /* "--set KEY=VALUE" says where it is */
    if (strcmp(path, "dates") == 0 || strcmp(path, "date") == 0) /* one replaces the other */
        tf_scenario_remove(r->scenario->root, path[4] ? "date" : "dates");
    if (strcmp(path, "reports+") == 0 && value->kind == TF_LIST
        && !tf_doc_get(r->scenario->root, "reports"))
        TF_TRY(tf_scenario_begin_reports(r->arena, value));
    return tf_doc_set(r->env, r->arena, r->scenario->root, path, value);
}

static tariff_status finish(reader *r)
{
    tariff_scenario *scenario = r->scenario;
    TF_TRY(tf_scenario_keys(r, scenario->root));
    if (!scenario->account)
        scenario->account = "USD";
    for (size_t i = 0; i < scenario->exchange.n; i++) {
        const tariff_exchange *e = &scenario->exchange.at[i];
        if (strcmp(e->currency, scenario->account) == 0 && e->rate.nano != TF_E9)
            return tf_doc_error(r->env,
                                tf_doc_get(tf_doc_get(scenario->root, "exchange"), e->currency),
                                true, TARIFF_E_CONFLICT,
                                "a rate is what one unit of another currency is worth in it",
                                "the flows are in %s: one %s is worth 1", e->currency,
                                e->currency);
    }
    return TARIFF_OK;
}

static tariff_status begin(reader *r, const char *path)
{
    tariff_scenario *scenario = r->scenario;
    scenario->path = tf_arena_text(r->arena, path, strlen(path));
    TF_NEED(scenario->path);
    scenario->origin = scenario->importer = TARIFF_COUNTRY_NONE;
    scenario->name = scenario->title = scenario->citation = "";
    tf_report_defaults(&scenario->reports);
    return TARIFF_OK;
}

static tariff_status load(reader *r, const char *path, const char *const *overrides, size_t count)
{
    tariff_scenario *scenario = r->scenario;
    path = tf_path_find(r->env, r->arena, "", path);
    TF_NEED(path);
    TF_TRY(begin(r, path));
    TF_TRY(tf_scenario_read(r->env, r->arena, path, &scenario->root, &scenario->files));
    for (size_t i = 0; i < count; i++)
        TF_TRY(apply_override(r, overrides[i]));
    return finish(r);
}

static tariff_status make(tariff_env *env, reader *r)
{
    tariff_scenario *scenario = tf_alloc(env, sizeof *scenario);
    TF_NEED(scenario);
    memset(scenario, 0, sizeof *scenario);
    scenario->env = env;
    tf_arena_init(&scenario->arena, &env->allocator);
    *r = (reader){ env, scenario, &scenario->arena };
    tf_begin(env);
    return TARIFF_OK;
}

static tariff_status keep(tariff_status status, reader *r, tariff_scenario **out)
{
    if (status == TARIFF_OK)
        *out = r->scenario;
    else
        tariff_scenario_free(r->scenario);
    return status;
}

tariff_status tariff_scenario_load(tariff_env *env, const char *path, const char *const *overrides,
                                   size_t count, tariff_scenario **out)
{
    reader r;
    *out = NULL;
    TF_TRY(make(env, &r));
    return keep(load(&r, path, overrides, count), &r, out);
}

static tariff_status take_tree(reader *r, const char *path, const tf_node *root,
                               const tf_paths *files)
{
    TF_TRY(begin(r, path));
    r->scenario->root = tf_scenario_copy(r->arena, root);
    TF_NEED(r->scenario->root);
    for (size_t i = 0; i < files->n; i++)
        TF_TRY(tf_scenario_keep_file(r, files->at[i]));
    return finish(r);
}

tariff_status tf_scenario_from(tariff_env *env, const char *path, const tf_node *root,
                               const tf_paths *files, tariff_scenario **out)
{
    reader r;
    *out = NULL;
    TF_TRY(make(env, &r));
    return keep(take_tree(&r, path, root, files), &r, out);
}

/* The tree is as the scenario's was after its own overrides. */
static tariff_status vary(reader *r, const tariff_scenario *from, const char *const *overrides,
                          size_t count)
{
    TF_TRY(begin(r, from->path));
    r->scenario->root = tf_scenario_copy(r->arena, from->root);
    TF_NEED(r->scenario->root);
    for (size_t i = 0; i < from->files.n; i++)
        TF_TRY(tf_scenario_keep_file(r, from->files.at[i]));
    for (size_t i = 0; i < count; i++)
        TF_TRY(apply_override(r, overrides[i]));
    return finish(r);
}

tariff_status tariff_scenario_variant(tariff_env *env, const tariff_scenario *scenario,
                                      const char *const *overrides, size_t count,
                                      tariff_scenario **out)
{
    reader r;
    *out = NULL;
    TF_TRY(make(env, &r));
    return keep(vary(&r, scenario, overrides, count), &r, out);
}

void tariff_scenario_free(tariff_scenario *scenario)
{
    if (!scenario)
        return;
    tf_arena_free(&scenario->arena);
    tf_free(scenario->env, scenario, sizeof *scenario);
}

const char *tariff_scenario_name(const tariff_scenario *scenario)
{
    return scenario->name;
}

const char *tariff_scenario_title(const tariff_scenario *scenario)
{
    return scenario->title;
}

const char *tariff_scenario_varies(const tariff_scenario *scenario)
{
    return scenario->sweep.node ? "sweep" : scenario->solve       ? "solve"
                                        : scenario->dates.given ? "dates"
                                                                : "";
}

bool tariff_scenario_date(const tariff_scenario *scenario, tariff_date *out)
{
    const tf_dates *dates = &scenario->dates;
    *out = scenario->date;
    if (dates->given) {
        *out = dates->range ? dates->span.from : dates->list.at[0];
        return true;
    }
    return scenario->date_kind == TF_ON_DAY;
}

tariff_country tariff_scenario_importer(const tariff_scenario *scenario)
{
    return (tariff_country){ scenario->importer };
}
