/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The law of a scenario: its schedules, in its currency, with its changes.
 */
#include "scenario/scenario.h"

#include "law/schedule.h"

tariff_status tf_scenario_law(tariff_env *env, const tariff_scenario *scenario,
                              const tariff_schedule *schedule, tariff_law **out)
{
    tariff_law_options options = TARIFF_LAW_OPTIONS_INIT;
    options.has_as_of = scenario->has_as_of;
    options.as_of = scenario->as_of;
    options.account = scenario->account;
    options.exchange = scenario->exchange.at;
    options.exchange_count = scenario->exchange.n;
    TF_TRY(tf_law_begin(env, schedule, out));
    tariff_status status = tf_scenario_change(scenario, env, *out);
    if (status == TARIFF_OK)
        status = tf_law_finish(*out, &options);
    if (status != TARIFF_OK) {
        tariff_law_free(*out);
        *out = NULL;
    }
    return status;
}

tariff_status tariff_scenario_compile(tariff_env *env, const tariff_scenario *scenario,
                                      tariff_law **out)
{
    tf_arena         arena;
    tariff_schedule *schedule = NULL;
    size_t           n = scenario->schedules.n;
    *out = NULL;
    tf_arena_init(&arena, &env->allocator);
    tf_place      *places = TF_ARRAY(&arena, tf_place, n + 1);
    const char   **paths = TF_ARRAY(&arena, const char *, n + 1);
    for (size_t i = 0; places && paths && i < n; i++) {
        paths[i] = scenario->schedules.at[i].path;
        places[i] = scenario->schedules.at[i].place;
    }
    tariff_status status = places && paths ? tf_schedule_load(env, paths, n, places, &schedule)
                                           : TARIFF_E_NOMEM;
    tf_arena_free(&arena);
    TF_TRY(status);
    status = tf_scenario_law(env, scenario, schedule, out);
    if (status == TARIFF_OK)
        (*out)->owned = schedule;
    else
        tariff_schedule_free(schedule);
    return status;
}
