/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/scenario.h"

#include "base/ascii.h"
#include "law/schedule.h"
#include "value/decimal.h"

#include <stdio.h>

/* Helpers for all readers of scenario nodes */

const char *tf_node_words(tf_arena *arena, const tf_node *node)
{
    size_t length = 0, n = 0;
    if (node->kind == TF_SCALAR)
        return node->text;
    for (const tf_node *item = node->first; item; item = item->next)
        length += item->length + 1;
    char *words = tf_arena_alloc(arena, length + 1);
    for (const tf_node *item = node->first; words && item; item = item->next) {
        if (item->kind != TF_SCALAR)
            continue;
        if (n)
            words[n++] = ' ';
        memcpy(words + n, item->text, item->length);
        n += item->length;
    }
    return words;
}

int tf_key_index(const tf_node *node, const char *const *keys)
{
    for (int i = 0; keys[i]; i++)
        if (strcmp(keys[i], node->key) == 0)
            return i;
    return -1;
}

tariff_status tf_unknown_key(tariff_env *env, const tf_node *node, const char *const *known)
{
    char        hint[96] = "";
    const char *near = tf_nearest_of(node->key, strlen(node->key), known);
    if (near)
        snprintf(hint, sizeof hint, "did you mean '%s'?", near);
    return tf_doc_error(env, node, true, TARIFF_E_SCHEMA, hint, "unknown key '%s'", node->key);
}

/* Readers of single keys */

typedef struct reader {
    tariff_env      *env;
    tariff_scenario *scenario;
    tf_arena        *arena;
} reader;

typedef tariff_status (*key_fn)(reader *r, const tf_node *node);

static tariff_status need_scalar(reader *r, const tf_node *node)
{
    if (node->kind == TF_SCALAR)
        return TARIFF_OK;
    return tf_doc_error(r->env, node, false, TARIFF_E_SCHEMA, NULL,
                        "'%s' takes a single value", node->key);
}

static tariff_status read_version(reader *r, const tf_node *node)
{
    TF_TRY(need_scalar(r, node));
    if (strcmp(node->text, "1") == 0)
        return TARIFF_OK;
    return tf_doc_error(r->env, node, false, TARIFF_E_VALUE, "this version reads: tariff: 1",
                        "unknown version '%s' of the scenario format", node->text);
}

static tariff_status read_name(reader *r, const tf_node *node)
{
    TF_TRY(need_scalar(r, node));
    const char *c = node->text;
    bool        good = tf_is_alnum(*c) && node->length <= 64;
    for (; good && *c; c++)
        good = tf_is_alnum(*c) || *c == '.' || *c == '_' || *c == '-';
    if (!good)
        return tf_doc_error(r->env, node, false, TARIFF_E_VALUE,
                            "letters, digits, '.', '_' and '-', at most 64: it names a directory",
                            "'%s' cannot name a scenario", node->text);
    r->scenario->name = node->text;
    return TARIFF_OK;
}

static tariff_status read_title(reader *r, const tf_node *node)
{
    r->scenario->title = node->text;
    return need_scalar(r, node);
}

static tariff_status read_citation(reader *r, const tf_node *node)
{
    r->scenario->citation = node->text;
    return need_scalar(r, node);
}

static tariff_status read_day(reader *r, const tf_node *node, tariff_date *out)
{
    tf_why why;
    TF_TRY(need_scalar(r, node));
    if (tf_parse_date(node->text, node->length, out, &why) != TARIFF_OK)
        return tf_doc_because(r->env, node, &why);
    return TARIFF_OK;
}

static tariff_status read_date(reader *r, const tf_node *node)
{
    TF_TRY(need_scalar(r, node));
    if (strcmp(node->text, "period") == 0) {
        r->scenario->date_kind = TF_ON_PERIOD;
    } else if (strcmp(node->text, "period-average") == 0) {
        r->scenario->date_kind = TF_ON_PERIOD_AVERAGE;
    } else {
        r->scenario->date_kind = TF_ON_DAY;
        return read_day(r, node, &r->scenario->date);
    }
    return TARIFF_OK;
}

static tariff_status read_as_of(reader *r, const tf_node *node)
{
    r->scenario->has_as_of = true;
    return read_day(r, node, &r->scenario->as_of);
}

/* A path, relative to the file it is written in. */
static tariff_status read_path(reader *r, const tf_node *node, tf_named_path *out)
{
    TF_TRY(need_scalar(r, node));
    out->written = node->text;
    out->path = tf_scenario_path(r->arena, r->scenario->path, node);
    TF_NEED(out->path);
    char  excerpt[256];
    tf_doc_place(node, false, &out->place, excerpt, sizeof excerpt);
    if (out->place.excerpt) {
        out->place.excerpt = tf_arena_text(r->arena, excerpt, strlen(excerpt));
        TF_NEED(out->place.excerpt);
    }
    return TARIFF_OK;
}

static tariff_status each_item(reader *r, const tf_node *node, key_fn fn)
{
    if (node->kind != TF_LIST)
        return fn(r, node);
    for (const tf_node *item = node->first; item; item = item->next)
        TF_TRY(fn(r, item));
    return TARIFF_OK;
}

static tariff_status add_schedule(reader *r, const tf_node *node)
{
    tf_named_path path;
    TF_TRY(read_path(r, node, &path));
    return TF_PUSH(r->arena, &r->scenario->schedules, path) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status read_schedule(reader *r, const tf_node *node)
{
    return each_item(r, node, add_schedule);
}

static tariff_status read_country(reader *r, const tf_node *node, uint16_t *out)
{
    tf_why         why;
    tariff_country country;
    TF_TRY(need_scalar(r, node));
    if (tf_parse_country(TF_COUNTRIES_ISO, node->text, node->length, &country, &why) != TARIFF_OK)
        return tf_doc_because(r->env, node, &why);
    *out = country.id;
    return TARIFF_OK;
}

/* Flows */

static tariff_status add_flow_file(reader *r, const tf_named_path *named, const char *path)
{
    tf_flows_spec spec = { .path = path, .place = named->place };
    return TF_PUSH(r->arena, &r->scenario->flows, spec) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status add_flows(reader *r, const tf_node *node)
{
    tf_named_path named;
    TF_TRY(read_path(r, node, &named));
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

static tariff_status read_flows(reader *r, const tf_node *node)
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
        case 0: status = each_item(r, child, add_flows); break;
        case 1:
            status = tf_profile_read(r->env, r->arena, child, child->file, &profile);
            break;
        case 2: status = read_country(r, child, &r->scenario->origin); break;
        case 3: status = read_country(r, child, &r->scenario->importer); break;
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

static tariff_status read_where(reader *r, const tf_node *node)
{
    static const char *const keys[] = { "products", "origins", "importers", NULL };
    if (node->kind != TF_MAP)
        return tf_doc_error(r->env, node, false, TARIFF_E_SCHEMA,
                            "where: {origins: [IN], products: \"61 62\"}",
                            "'where' is a mapping");
    for (const tf_node *child = node->first; child; child = child->next)
        if (tf_key_index(child, keys) < 0)
            return tf_unknown_key(r->env, child, keys);
    r->scenario->where = node;
    return TARIFF_OK;
}

static tariff_status read_exchange(reader *r, const tf_node *node)
{
    if (node->kind != TF_MAP)
        return tf_doc_error(r->env, node, false, TARIFF_E_SCHEMA, "exchange: {EUR: 1.17}",
                            "'exchange' maps currencies to numbers");
    for (const tf_node *child = node->first; child; child = child->next) {
        tf_why          why;
        tariff_exchange exchange;
        bool            good = strlen(child->key) == 3;
        for (size_t i = 0; good && i < 3; i++)
            good = tf_is_upper(child->key[i]);
        if (!good)
            return tf_doc_error(r->env, child, true, TARIFF_E_VALUE,
                                "ISO 4217, such as EUR", "'%s' is no currency", child->key);
        TF_TRY(need_scalar(r, child));
        if (tf_parse_decimal(child->text, child->length, 9, "exchange rate", &exchange.rate.nano,
                             &why)
            != TARIFF_OK)
            return tf_doc_because(r->env, child, &why);
        if (exchange.rate.nano == 0)
            return tf_doc_error(r->env, child, false, TARIFF_E_VALUE,
                                "what one of it is worth: exchange: {EUR: 1.17}",
                                "an exchange rate of zero");
        memcpy(exchange.currency, child->key, 4);
        if (!TF_PUSH(r->arena, &r->scenario->exchange, exchange))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

static tariff_status read_changes(reader *r, const tf_node *node)
{
    if (node->kind != TF_LIST)
        return tf_doc_error(r->env, node, false, TARIFF_E_SCHEMA,
                            "changes: [{suspend: {layer: ...}}]", "'changes' is a list");
    r->scenario->changes = node;
    return TARIFF_OK;
}

static tariff_status read_reports(reader *r, const tf_node *node)
{
    return tf_report_choices_read(r->env, node, &r->scenario->reports);
}

static tariff_status read_dates(reader *r, const tf_node *node)
{
    return tf_dates_read(r->env, r->arena, node, &r->scenario->dates);
}

static tariff_status read_baseline(reader *r, const tf_node *node)
{
    if (node->kind != TF_MAP || !node->first)
        return tf_doc_error(r->env, node, false, TARIFF_E_SCHEMA,
                            "baseline: {date: 2025-08-06}, or {scenario: other.yaml}",
                            "'baseline' is a mapping of keys that differ");
    r->scenario->baseline = node;
    return TARIFF_OK;
}

static tariff_status read_sweep(reader *r, const tf_node *node)
{
    return tf_sweep_read(r->env, r->arena, node, &r->scenario->sweep);
}

static tariff_status read_solve(reader *r, const tf_node *node)
{
    r->scenario->solve = node; /* its parts are read when it is run */
    return TARIFF_OK;
}

static tariff_status read_impact(reader *r, const tf_node *node)
{
    return tf_impact_read(r->env, r->arena, r->scenario->path, node, &r->scenario->impact);
}

static const char *const keys[] = { "tariff",   "name",    "title",    "citation", "flows",
                                    "schedule", "date",    "as_of",    "where",    "exchange",
                                    "changes",  "reports", "dates",    "baseline", "sweep",
                                    "solve",    "impact",  NULL };
static const key_fn readers[] = { read_version,  read_name,    read_title,  read_citation,
                                  read_flows,    read_schedule, read_date,  read_as_of,
                                  read_where,    read_exchange, read_changes, read_reports,
                                  read_dates,    read_baseline, read_sweep,
                                  read_solve,    read_impact };

static tariff_status read_all(reader *r, const tf_node *root)
{
    static const char *const required[] = { "tariff", "name", "schedule" };
    if (root->kind != TF_MAP)
        return tf_doc_error(r->env, root, false, TARIFF_E_SCHEMA, "see 'tariff help scenario'",
                            "a scenario is a mapping of keys to values");
    for (const tf_node *child = root->first; child && tf_may_go_on(r->env); child = child->next) {
        int           key = tf_key_index(child, keys);
        tariff_status status =
            key < 0 ? tf_unknown_key(r->env, child, keys) : readers[key](r, child);
        if (status == TARIFF_E_NOMEM)
            return status;
    }
    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++)
        if (!tf_doc_get(root, required[i]))
            tf_doc_error(r->env, root, false, TARIFF_E_SCHEMA,
                         i == 0 ? "begin the file with: tariff: 1" : NULL,
                         "the key '%s' is missing", required[i]);
    const tf_node *date = tf_doc_get(root, "date"), *dates = tf_doc_get(root, "dates");
    if (!date && !dates)
        tf_doc_error(r->env, root, false, TARIFF_E_SCHEMA, "date: 2025-08-27",
                     "the key 'date' is missing");
    if (date && dates)
        tf_doc_error(r->env, dates, true, TARIFF_E_CONFLICT, NULL,
                     "'dates' together with 'date'");
    if (dates && r->scenario->baseline)
        tf_doc_error(r->env, r->scenario->baseline, true, TARIFF_E_CONFLICT, NULL,
                     "a baseline goes with one date, not with 'dates'");
    if (dates && r->scenario->solve)
        tf_doc_error(r->env, r->scenario->solve, true, TARIFF_E_CONFLICT, NULL,
                     "'solve' goes with one date, not with 'dates'");
    if (r->scenario->impact.node && !r->scenario->baseline)
        tf_doc_error(r->env, r->scenario->impact.node, true, TARIFF_E_SCHEMA,
                     "baseline: {date: 2025-08-06}: the law that trade responds from",
                     "'impact' compares with a baseline, and there is none");
    if (r->scenario->sweep.node && r->scenario->solve)
        tf_doc_error(r->env, r->scenario->solve, true, TARIFF_E_CONFLICT, NULL,
                     "'solve' and 'sweep' each make their own table: use two scenarios");
    if (r->scenario->sweep.node && r->scenario->baseline)
        tf_doc_error(r->env, r->scenario->baseline, true, TARIFF_E_CONFLICT,
                     "compare a point: tariff run --point N, then tariff compare",
                     "a sweep writes its own table, and compares nothing with a baseline");
    return tf_end(r->env);
}

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
    if (!equals || equals == text) {
        tf_place place = { .file = name };
        return tf_error(r->env, TARIFF_E_SYNTAX, &place, "write key=value",
                        "an override without '='");
    }
    char *path = tf_arena_text(r->arena, text, (size_t)(equals - text));
    char *yaml = tf_arena_text(r->arena, equals + 1, length - (size_t)(equals - text) - 1);
    TF_NEED(path && yaml);
    TF_TRY(tf_doc_parse(r->env, r->arena, name, yaml, strlen(yaml), &value));
    forget_places(value); /* "--set KEY=VALUE" says where it is */
    if (strcmp(path, "dates") == 0 || strcmp(path, "date") == 0) /* one replaces the other */
        tf_scenario_remove(r->scenario->root, path[4] ? "date" : "dates");
    return tf_doc_set(r->env, r->arena, r->scenario->root, path, value);
}

static tariff_status finish(reader *r)
{
    tariff_scenario *scenario = r->scenario;
    TF_TRY(read_all(r, scenario->root));
    if (!scenario->account)
        scenario->account = "USD";
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
        if (!TF_PUSH(r->arena, &r->scenario->files, files->at[i]))
            return TARIFF_E_NOMEM;
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

bool tariff_scenario_date(const tariff_scenario *scenario, tariff_date *out)
{
    *out = scenario->date;
    return scenario->date_kind == TF_ON_DAY;
}

tariff_country tariff_scenario_importer(const tariff_scenario *scenario)
{
    return (tariff_country){ scenario->importer };
}
