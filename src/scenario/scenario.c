/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The keys of a scenario, each with its reader.
 */
#include "scenario/reader.h"

#include "base/ascii.h"
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

typedef tf_scenario_reader reader;

tariff_status tf_read_scalar(reader *r, const tf_node *node)
{
    if (node->kind == TF_SCALAR)
        return TARIFF_OK;
    return tf_doc_error(r->env, node, false, TARIFF_E_SCHEMA, NULL,
                        "'%s' takes a single value", node->key);
}

static tariff_status read_version(reader *r, const tf_node *node)
{
    TF_TRY(tf_read_scalar(r, node));
    if (strcmp(node->text, "1") == 0)
        return TARIFF_OK;
    return tf_doc_error(r->env, node, false, TARIFF_E_VALUE, "this version reads: tariff: 1",
                        "unknown version '%s' of the scenario format", node->text);
}

static tariff_status read_name(reader *r, const tf_node *node)
{
    TF_TRY(tf_read_scalar(r, node));
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
    return tf_read_scalar(r, node);
}

static tariff_status read_citation(reader *r, const tf_node *node)
{
    r->scenario->citation = node->text;
    return tf_read_scalar(r, node);
}

static tariff_status read_day(reader *r, const tf_node *node, tariff_date *out)
{
    tf_why why;
    TF_TRY(tf_read_scalar(r, node));
    if (tf_parse_date(node->text, node->length, out, &why) != TARIFF_OK)
        return tf_doc_because(r->env, node, &why);
    return TARIFF_OK;
}

static tariff_status read_date(reader *r, const tf_node *node)
{
    TF_TRY(tf_read_scalar(r, node));
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

tariff_status tf_read_path(reader *r, const tf_node *node, tf_named_path *out)
{
    TF_TRY(tf_read_scalar(r, node));
    out->written = node->text;
    out->path = tf_scenario_path(r->env, r->arena, r->scenario->path, node);
    TF_NEED(out->path);
    char  excerpt[256];
    tf_doc_place(node, false, &out->place, excerpt, sizeof excerpt);
    out->place.looked = tf_path_looked(r->env, r->arena, out->path, node->text);
    if (out->place.excerpt) {
        out->place.excerpt = tf_arena_text(r->arena, excerpt, strlen(excerpt));
        TF_NEED(out->place.excerpt);
    }
    return TARIFF_OK;
}

tariff_status tf_read_each(reader *r, const tf_node *node, tf_key_fn fn)
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
    TF_TRY(tf_read_path(r, node, &path));
    return TF_PUSH(r->arena, &r->scenario->schedules, path) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status read_schedule(reader *r, const tf_node *node)
{
    return tf_read_each(r, node, add_schedule);
}

tariff_status tf_read_country(reader *r, const tf_node *node, uint16_t *out)
{
    tf_why         why;
    tariff_country country;
    TF_TRY(tf_read_scalar(r, node));
    if (tf_parse_country(TF_COUNTRIES_ISO, node->text, node->length, &country, &why) != TARIFF_OK)
        return tf_doc_because(r->env, node, &why);
    *out = country.id;
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
        TF_TRY(tf_read_scalar(r, child));
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
    const tf_node *other = tf_doc_get(node, "scenario");
    if (other && tf_doc_count(node) > 1)
        return tf_doc_error(r->env, other == node->first ? other->next : node->first, true,
                            TARIFF_E_CONFLICT, "put it into that scenario, or leave one out",
                            "'%s' together with 'scenario': the other scenario has its own keys",
                            other == node->first ? other->next->key : node->first->key);
    if (other && other->kind != TF_SCALAR)
        return tf_doc_error(r->env, other, false, TARIFF_E_SCHEMA, NULL,
                            "'scenario' names one file");
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
static const tf_key_fn readers[] = { read_version,  read_name,    read_title,  read_citation,
                                  tf_read_flows,    read_schedule, read_date,  read_as_of,
                                  read_where,    read_exchange, read_changes, read_reports,
                                  read_dates,    read_baseline, read_sweep,
                                  read_solve,    read_impact };

tariff_status tf_scenario_keys(reader *r, const tf_node *root)
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
