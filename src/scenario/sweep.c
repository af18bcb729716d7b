/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/sweep.h"

#include "scenario/range.h"
#include "value/decimal.h"

#include <stdio.h>
#include <stdlib.h>

enum { DEFAULT_MOST = 10000, MOST_VALUES = 1000000 };

/* Values: a list, or {from, to, step} of percentages or plain numbers */

static tariff_status add_value(tf_arena *arena, const tf_node *like, const tf_range *range,
                               int64_t n, tf_dimension *out)
{
    char     text[TF_DECIMAL_TEXT];
    size_t   length = tf_range_format(range, n, text);
    tf_node *value = TF_NEW(arena, tf_node);
    TF_NEED(value);
    *value = *like;
    value->kind = TF_SCALAR;
    value->first = value->last = value->next = NULL;
    value->text = tf_arena_text(arena, text, length);
    value->length = length;
    const tf_node *kept = value;
    return value->text && TF_PUSH(arena, &out->values, kept) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status read_range(tariff_env *env, tf_arena *arena, const tf_node *node,
                                tf_dimension *out)
{
    tf_range range;
    bool     any = out->kind == TF_VARIES_KEY;
    TF_TRY(tf_range_read(env, node, any ? TF_RANGE_OF_ANY : tf_range_of(out->how), true, &range));
    tf_i128 last = ((tf_i128)range.to - range.from) / range.step; /* counted from 0 */
    if (last >= MOST_VALUES)
        return tf_doc_error(env, node, true, TARIFF_E_LIMIT, NULL, "more than %d values",
                            MOST_VALUES);
    for (int64_t i = 0; i <= last; i++)
        TF_TRY(add_value(arena, node, &range, range.from + i * range.step, out));
    return TARIFF_OK;
}

static tariff_status read_values(tariff_env *env, tf_arena *arena, const tf_node *node,
                                 tf_dimension *out)
{
    if (node->kind == TF_MAP && out->kind != TF_VARIES_SWITCH)
        return read_range(env, arena, node, out);
    if (node->kind != TF_LIST || !node->first)
        return tf_doc_error(env, node, false, TARIFF_E_SCHEMA, "[0%, 10%, 25%]",
                            "'%s' takes a list of values", node->key);
    for (const tf_node *item = node->first; item; item = item->next) {
        bool yes_no = item->kind == TF_SCALAR
                      && (strcmp(item->text, "yes") == 0 || strcmp(item->text, "no") == 0);
        if (out->kind == TF_VARIES_SWITCH && !yes_no)
            return tf_doc_error(env, item, false, TARIFF_E_VALUE, "when: [no, yes]",
                                "yes or no is expected");
        if (out->kind == TF_VARIES_RATE && item->kind != TF_SCALAR)
            return tf_doc_error(env, item, false, TARIFF_E_SCHEMA, NULL, "a rate is expected");
        if (!TF_PUSH(arena, &out->values, item))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

/* Dimensions */

/* What a point has no use for, or a sweep makes itself. */
static tariff_status check_key(tariff_env *env, const tf_node *node)
{
    static const char *const fixed[] = { "tariff", "name",  "extends", "baseline", "dates",
                                         "sweep",  "solve", "impact",  "reports" };
    size_t n = strcspn(node->text, ".[+");
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (strlen(fixed[i]) == n && strncmp(fixed[i], node->text, n) == 0)
            return tf_doc_error(env, node, false, TARIFF_E_CONFLICT,
                                strcmp(fixed[i], "dates") == 0
                                    ? "vary the day: {key: date, values: [..]}"
                                    : NULL,
                                "a sweep does not vary '%s'", fixed[i]);
    return TARIFF_OK;
}

static tariff_status read_dimension(tariff_env *env, tf_arena *arena, const tf_node *node,
                                    tf_dimension *out)
{
    static const struct {
        const char       *word, *values;
        tf_dimension_kind kind;
        tf_rate_change    how;
    } forms[] = { { "set", "rate", TF_VARIES_RATE, TF_RATE_SET },
                  { "shift", "by", TF_VARIES_RATE, TF_RATE_SHIFT },
                  { "scale", "by", TF_VARIES_RATE, TF_RATE_SCALE },
                  { "suspend", "when", TF_VARIES_SWITCH, TF_RATE_SET },
                  { "exempt", "when", TF_VARIES_SWITCH, TF_RATE_SET },
                  { "add", "when", TF_VARIES_SWITCH, TF_RATE_SET },
                  { "key", "values", TF_VARIES_KEY, TF_RATE_SET } };
    *out = (tf_dimension){ .name = node->key };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0] && node->kind == TF_MAP; i++) {
        const tf_node *first = tf_doc_get(node, forms[i].word);
        const tf_node *values = tf_doc_get(node, forms[i].values);
        if (!first || !values || tf_doc_count(node) != 2)
            continue;
        out->kind = forms[i].kind;
        out->how = forms[i].how;
        if (out->kind == TF_VARIES_KEY) {
            if (first->kind != TF_SCALAR)
                return tf_doc_error(env, first, false, TARIFF_E_SCHEMA, NULL,
                                    "'key' is a path such as date or changes[0].set.rate");
            out->key = first->text;
            TF_TRY(check_key(env, first));
        } else {
            out->change = first;
        }
        return read_values(env, arena, values, out);
    }
    return tf_doc_error(env, node, true, TARIFF_E_SCHEMA,
                        "{set: {layer: ..}, rate: [..]}, {shift|scale: {..}, by: [..]}, "
                        "{suspend|exempt|add: {..}, when: [no, yes]}, {key: date, values: [..]}",
                        "'%s' is no dimension of a sweep", node->key);
}

static tariff_status check_name(tariff_env *env, const tf_node *node)
{
    const char *c = node->key;
    bool        good = *c >= 'a' && *c <= 'z' && strlen(c) <= 32;
    for (; good && *c; c++)
        good = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_';
    if (strcmp(node->key, "scenario") == 0 || strcmp(node->key, "date") == 0
        || strcmp(node->key, "point") == 0)
        return tf_doc_error(env, node, true, TARIFF_E_VALUE, "call it day, or variant",
                            "the table of a sweep has a column '%s' of its own", node->key);
    return good ? TARIFF_OK
                : tf_doc_error(env, node, true, TARIFF_E_VALUE,
                               "small letters, digits and '_', at most 32: it heads a column",
                               "'%s' cannot name a dimension", node->key);
}

tariff_status tf_sweep_read(tariff_env *env, tf_arena *arena, const tf_node *node, tf_sweep *out)
{
    uint64_t most = DEFAULT_MOST;
    out->node = node;
    out->points = 1;
    if (node->kind != TF_MAP || !node->first)
        return tf_doc_error(env, node, false, TARIFF_E_SCHEMA,
                            "sweep: {rate: {set: {layer: ..}, rate: [..]}}",
                            "'sweep' names its dimensions");
    for (const tf_node *child = node->first; child; child = child->next) {
        tf_dimension dimension;
        if (strcmp(child->key, "max_scenarios") == 0) {
            char *end = NULL;
            most = child->kind == TF_SCALAR ? strtoull(child->text, &end, 10) : 0;
            if (!end || *end || most == 0 || *child->text == '-')
                return tf_doc_error(env, child, false, TARIFF_E_VALUE, NULL,
                                    "this is no number of scenarios");
            continue;
        }
        if (out->dimensions.n == TF_DIMENSIONS_MAX)
            return tf_doc_error(env, child, true, TARIFF_E_LIMIT, NULL,
                                "more than %d dimensions of a sweep", TF_DIMENSIONS_MAX);
        TF_TRY(check_name(env, child));
        TF_TRY(read_dimension(env, arena, child, &dimension));
        if (!TF_PUSH(arena, &out->dimensions, dimension))
            return TARIFF_E_NOMEM;
        if (__builtin_mul_overflow(out->points, dimension.values.n, &out->points))
            out->points = UINT64_MAX;
    }
    if (out->dimensions.n == 0)
        return tf_doc_error(env, node, true, TARIFF_E_SCHEMA,
                            "sweep: {rate: {set: {layer: ..}, rate: [..]}}",
                            "'sweep' names no dimension");
    if (out->points > most)
        return tf_doc_error(env, node, true, TARIFF_E_LIMIT,
                            "to do so on purpose: --set sweep.max_scenarios=NUMBER",
                            "the sweep has %llu scenarios, more than %llu",
                            (unsigned long long)out->points, (unsigned long long)most);
    return TARIFF_OK;
}

void tf_sweep_point(const tf_sweep *sweep, uint64_t point, size_t *values)
{
    for (size_t i = sweep->dimensions.n; i-- > 0;) {
        size_t n = sweep->dimensions.at[i].values.n;
        values[i] = (size_t)(point % n);
        point /= n;
    }
}

bool tf_varies_files(const tf_dimension *dimension)
{
    return dimension->kind == TF_VARIES_KEY
           && (strncmp(dimension->key, "flows", 5) == 0
               || strncmp(dimension->key, "schedule", 8) == 0);
}

bool tf_sweep_varies_files(const tf_sweep *sweep)
{
    for (size_t i = 0; i < sweep->dimensions.n; i++)
        if (tf_varies_files(&sweep->dimensions.at[i]))
            return true;
    return false;
}

/* Points */

static tf_node *map_of(tf_arena *arena, const tf_node *like, const char *key, tf_node *child)
{
    tf_node *map = TF_NEW(arena, tf_node);
    if (!map || !child)
        return NULL;
    *map = *like;
    map->kind = TF_MAP;
    map->first = map->last = map->next = NULL;
    map->key = NULL;
    child->key = key;
    tf_doc_append(map, child);
    return map;
}

static tariff_status add_change(tf_arena *arena, tf_node *root, const tf_node *like, tf_node *item)
{
    tf_node *changes = tf_doc_get(root, "changes");
    TF_NEED(item);
    if (!changes) {
        changes = TF_NEW(arena, tf_node);
        TF_NEED(changes);
        *changes = *like;
        changes->kind = TF_LIST;
        changes->first = changes->last = NULL;
        changes->key = "changes";
        tf_doc_append(root, changes);
    }
    tf_doc_append(changes, item);
    return TARIFF_OK;
}

tariff_status tf_sweep_apply(tariff_env *env, tf_arena *arena, const tf_dimension *dimension,
                             size_t value, tf_node *root)
{
    const tf_node *chosen = dimension->values.at[value];
    tf_node       *copy = tf_scenario_copy(arena, chosen);
    TF_NEED(copy);
    if (dimension->kind == TF_VARIES_KEY)
        return tf_doc_set(env, arena, root, dimension->key, copy);
    if (dimension->kind == TF_VARIES_SWITCH && strcmp(chosen->text, "no") == 0)
        return TARIFF_OK;
    tf_node *change = tf_scenario_copy(arena, dimension->change);
    TF_NEED(change);
    if (dimension->kind == TF_VARIES_RATE && change->kind == TF_MAP) {
        copy->key = dimension->how == TF_RATE_SET ? "rate" : "by";
        tf_doc_append(change, copy);
    }
    return add_change(arena, root, dimension->change,
                      map_of(arena, dimension->change, dimension->change->key, change));
}
