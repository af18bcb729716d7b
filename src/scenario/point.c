/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Points of a sweep as scenarios of their own.
 */
#include "scenario/point.h"

#include <stdio.h>

static bool is_plain_percent(const tf_node *node)
{
    size_t n = node->length;
    return node->kind == TF_SCALAR && n > 1 && node->text[n - 1] == '%'
           && strspn(node->text, "0123456789.") == n - 1;
}

bool tf_varies_rate_alone(const tf_dimension *dimension)
{
    if (dimension->kind != TF_VARIES_RATE)
        return false;
    for (size_t i = 0; i < dimension->values.n; i++)
        if (dimension->how == TF_RATE_SET && !is_plain_percent(dimension->values.at[i]))
            return false;
    return true;
}

static void rename_root(tf_node *root, const char *name)
{
    tf_node *node = tf_doc_get(root, "name");
    if (!name || !node)
        return;
    node->text = name;
    node->length = strlen(name);
}

tariff_status tf_scenario_vary(tariff_env *env, const tariff_scenario *scenario,
                               const size_t *values, const char *name, tariff_scenario **out)
{
    static const char *const own[] = { "sweep", "solve", "baseline" };
    const tf_sweep *sweep = &scenario->sweep;
    tf_arena        arena;
    tf_arena_init(&arena, &env->allocator);
    tf_node      *root = tf_scenario_copy(&arena, scenario->root);
    tariff_status status = root ? TARIFF_OK : TARIFF_E_NOMEM;
    for (size_t i = 0; root && i < sizeof own / sizeof own[0]; i++)
        tf_scenario_remove(root, own[i]);
    rename_root(root, name);
    /* Rates come last, so that they are the last changes of the law. */
    for (int rates = 0; rates < 2; rates++)
        for (size_t i = 0; i < sweep->dimensions.n && status == TARIFF_OK; i++)
            if (tf_varies_rate_alone(&sweep->dimensions.at[i]) == (rates == 1))
                status =
                    tf_sweep_apply(env, &arena, &sweep->dimensions.at[i], values[i], root);
    if (status == TARIFF_OK)
        status = tf_scenario_from(env, scenario->path, root, &scenario->files, out);
    tf_arena_free(&arena);
    return status;
}

tariff_status tariff_scenario_point(tariff_env *env, const tariff_scenario *scenario,
                                    uint64_t point, tariff_scenario **out)
{
    const tf_sweep *sweep = &scenario->sweep;
    size_t          values[TF_DIMENSIONS_MAX];
    char            name[96];
    *out = NULL;
    if (!sweep->node) {
        tf_place here = { .file = scenario->path };
        return tf_error(env, TARIFF_E_VALUE, &here, NULL,
                        "the scenario '%s' has no sweep, and so no point %llu", scenario->name,
                        (unsigned long long)point);
    }
    if (point >= sweep->points)
        return tf_doc_error(env, sweep->node, true, TARIFF_E_VALUE, NULL,
                            "the sweep has no point %llu: it has %llu, from 0",
                            (unsigned long long)point, (unsigned long long)sweep->points);
    tf_sweep_point(sweep, point, values);
    snprintf(name, sizeof name, "%.50s-%llu", scenario->name, (unsigned long long)point);
    return tf_scenario_vary(env, scenario, values, name, out);
}
