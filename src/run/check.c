/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Checking: all that is wrong, where a run stops at what it cannot go on from.
 */
#include "run/run.h"

#include "run/store.h"

#include <tariff/run.h>

static tariff_status check_law(tariff_env *env, tf_store *store, const tariff_scenario *scenario)
{
    const tariff_schedule *schedule;
    tariff_law            *law;
    TF_TRY(tf_store_schedule(store, env, scenario, &schedule));
    TF_TRY(tf_scenario_law(env, scenario, schedule, &law));
    tariff_law_free(law);
    return TARIFF_OK;
}

static tariff_status check_scenario(tariff_env *env, tf_store *store,
                                    const tariff_scenario *scenario)
{
    static const tariff_run_options options = TARIFF_RUN_OPTIONS_INIT; /* nothing is written */
    const tf_dataset               *dataset;
    tariff_result                  *result = NULL;
    tariff_status                   status = check_law(env, store, scenario);
    if (status == TARIFF_OK) {
        status = tf_run(env, store, scenario, &options, &result);
        tariff_result_free(result);
    } else if (status != TARIFF_E_NOMEM && scenario->flows.n) {
        /* Without a law there is nothing to run, but the flows are read all the same. */
        (void)tf_store_dataset(store, env, scenario, NULL, &dataset);
    }
    return status;
}

tariff_status tariff_scenario_check(tariff_env *env, const tariff_scenario *scenario)
{
    tf_store *store;
    TF_TRY(tf_store_new(env, 0, false, &store));
    tariff_status status = check_scenario(env, store, scenario);
    tf_store_free(store);
    return status;
}

tariff_status tariff_flows_check(tariff_env *env, const char *path, uint64_t *rows)
{
    tf_arena arena;
    tf_arena_init(&arena, &env->allocator);
    const char   *found = tf_path_find(env, &arena, "", path);
    tf_flows_spec spec = { .path = found,
                           .profile = *tf_profile_native(),
                           .origin = TARIFF_COUNTRY_NONE,
                           .importer = TARIFF_COUNTRY_NONE };
    tf_flows     *flows;
    tf_flow       flow;
    bool          more = true;
    uint64_t      n = 0;
    tf_begin(env);
    if (found)
        spec.place.looked = tf_path_looked(env, &arena, found, path);
    tariff_status opened = found ? tf_flows_open(env, &spec, &flows) : TARIFF_E_NOMEM;
    if (opened != TARIFF_OK) {
        tf_arena_free(&arena);
        return opened;
    }
    while (more && tf_may_go_on(env)) {
        tariff_status status = tf_flows_next(flows, &flow, &more);
        if (status != TARIFF_OK && status != TARIFF_E_VALUE && status != TARIFF_E_SCHEMA)
            break;
        n += more && status == TARIFF_OK;
    }
    tf_flows_close(flows);
    tf_arena_free(&arena);
    if (rows)
        *rows = n;
    return tf_end(env);
}

static tariff_status check_horizon(tariff_env *env, const char *path, const tf_place *place,
                                   tf_horizon horizon, uint64_t *rows)
{
    tf_elasticities table;
    TF_TRY(tf_elasticities_init(&table, &env->allocator, horizon));
    tariff_status status = tf_elasticities_load(&table, env, path, place);
    if (status == TARIFF_OK)
        status = tf_elasticities_finish(&table, env);
    if (rows)
        *rows = table.rows_read;
    tf_elasticities_free(&table);
    return status;
}

/* Rows of both horizons are read each time; what contradicts each other is of one. */
tariff_status tariff_elasticities_check(tariff_env *env, const char *path, uint64_t *rows)
{
    tf_arena arena;
    tf_place place = { 0 };
    tf_arena_init(&arena, &env->allocator);
    const char   *found = tf_path_find(env, &arena, "", path);
    tariff_status status = found ? TARIFF_OK : TARIFF_E_NOMEM;
    if (found)
        place.looked = tf_path_looked(env, &arena, found, path);
    for (int i = 0; i < TF_HORIZONS && status == TARIFF_OK; i++)
        status = check_horizon(env, found, &place, (tf_horizon)i, rows);
    tf_arena_free(&arena);
    return status;
}
