/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What a scenario is compared with: the same with other keys, or another one.
 */
#include "scenario/extend.h"
#include "scenario/scenario.h"

static tariff_status vary_baseline(tariff_env *env, tf_arena *arena,
                                   const tariff_scenario *scenario, tariff_scenario **out)
{
    static const char *const own[] = { "baseline", "sweep", "solve", "impact" };
    tf_node *root = tf_scenario_copy(arena, scenario->root);
    TF_NEED(root);
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        tf_scenario_remove(root, own[i]);
    TF_TRY(tf_scenario_merge(env, arena, root, scenario->baseline));
    TF_TRY(tf_scenario_from(env, scenario->path, root, &scenario->files, out));
    (*out)->is_variation = true;
    (*out)->shares_changes = !tf_doc_get(scenario->baseline, "changes");
    (*out)->shares_law = !tf_doc_get(scenario->baseline, "date")
                         && !tf_doc_get(scenario->baseline, "schedule");
    return TARIFF_OK;
}

tariff_status tf_scenario_baseline(tariff_env *env, const tariff_scenario *scenario,
                                   tariff_scenario **out)
{
    *out = NULL;
    if (!scenario->baseline)
        return TARIFF_OK;
    tf_arena arena;
    tf_arena_init(&arena, &env->allocator);
    const tf_node *other = tf_doc_get(scenario->baseline, "scenario");
    tariff_status  status;
    if (other) {
        char *path = tf_scenario_path(env, &arena, scenario->path, other);
        status = path && !tf_is_file(path)
                     ? tf_doc_error(env, other, false, TARIFF_E_REFERENCE,
                                    tf_path_looked(env, &arena, path, other->text),
                                    "there is no scenario '%s'", path)
                 : path ? tariff_scenario_load(env, path, NULL, 0, out) : TARIFF_E_NOMEM;
    } else {
        status = vary_baseline(env, &arena, scenario, out);
    }
    tf_arena_free(&arena);
    return status;
}
