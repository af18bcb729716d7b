/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Scenarios that go on from another one.
 */
#include "scenario/scenario.h"

static bool same_node(const tf_node *a, const tf_node *b)
{
    if (!a || !b)
        return a == b;
    if (a->kind != b->kind || a->length != b->length || a->quoted != b->quoted
        || (a->kind == TF_SCALAR && a->length && memcmp(a->text, b->text, a->length) != 0))
        return false;
    const tf_node *x = a->first, *y = b->first;
    for (; x && y; x = x->next, y = y->next)
        if ((x->key && y->key && strcmp(x->key, y->key) != 0) || !same_node(x, y))
            return false;
    return x == y;
}

static bool is_own(const char *key)
{
    static const char *const own[] = { "name", "title", "citation", "changes", "reports" };
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(key, own[i]) == 0)
            return true;
    return false;
}

/* Has `b` all keys that `a` has, with the same values? */
static bool holds_keys(const tf_node *a, const tf_node *b)
{
    for (const tf_node *child = a->first; child; child = child->next)
        if (!is_own(child->key) && !same_node(child, tf_doc_get(b, child->key)))
            return false;
    return true;
}

static bool same_files(const tariff_scenario *a, const tariff_scenario *b)
{
    if (a->flows.n != b->flows.n || a->schedules.n != b->schedules.n)
        return false;
    for (size_t i = 0; i < a->flows.n; i++)
        if (strcmp(a->flows.at[i].path, b->flows.at[i].path) != 0)
            return false;
    for (size_t i = 0; i < a->schedules.n; i++)
        if (strcmp(a->schedules.at[i].path, b->schedules.at[i].path) != 0)
            return false;
    return true;
}

bool tf_scenario_goes_on(const tariff_scenario *scenario, const tariff_scenario *from,
                         uint32_t *shared)
{
    const tf_node *more = scenario->changes ? scenario->changes->first : NULL;
    const tf_node *done = from->changes ? from->changes->first : NULL;
    *shared = 0;
    if (!holds_keys(scenario->root, from->root) || !holds_keys(from->root, scenario->root)
        || !same_files(scenario, from) || strcmp(scenario->account, from->account) != 0)
        return false;
    for (; done; done = done->next, more = more->next, ++*shared)
        if (!more || !same_node(done, more))
            return false;
    return true;
}
