/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/ahead.h"

#include "base/held.h"
#include "base/threads.h"

typedef struct ahead {
    tf_store              *store;
    const tariff_scenario *scenario;
    tariff_env            *env; /**< Of the reading thread. */
    tariff_status (*work)(void *user);
    void         *user;
    tariff_status worked, read;
} ahead;

static void work_or_read(void *user, unsigned worker)
{
    ahead            *a = user;
    const tf_dataset *kept; /* by the store, where it is found */
    if (worker == 0)
        a->read = tf_store_dataset(a->store, a->env, a->scenario, NULL, &kept);
    else
        a->worked = a->work(a->user);
}

tariff_status tf_read_ahead(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                            tariff_status (*work)(void *user), void *user)
{
    tf_held held;
    ahead   a = { .store = store, .scenario = scenario, .work = work, .user = user };
    TF_TRY(tf_env_within(env, &a.env));
    tf_held_init(&held, env);
    tariff_env_on_diag(a.env, tf_hold, &held);
    tf_run_threads(2, work_or_read, &a);
    if (a.worked == TARIFF_OK)
        tf_held_release(&held, env);
    tf_held_free(&held);
    tariff_env_free(a.env);
    return a.worked == TARIFF_OK ? a.read : a.worked;
}
