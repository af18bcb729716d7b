/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/store.h"

#include "law/schedule.h"

#include <pthread.h>
#include <stdio.h>

struct tf_store {
    tariff_env     *env; /**< Its own: what it loads outlives the callers' environments. */
    tariff_env     *listener;
    pthread_mutex_t lock;
    tf_arena        arena;
    tf_names        schedule_keys, dataset_keys, hashed;
    TF_VEC(tariff_schedule *) schedules;
    TF_VEC(tf_dataset *) datasets;
    TF_VEC(const char *) hashes;
};

static void forward(void *user, const tariff_diag *diag)
{
    const tf_store *store = user;
    tf_forward(store->listener, diag);
}

tariff_status tf_store_new(tariff_env *env, tf_store **out)
{
    *out = NULL;
    tf_store *store = tf_alloc(env, sizeof *store);
    TF_NEED(store);
    memset(store, 0, sizeof *store);
    tariff_status status = tariff_env_new(&env->allocator, &store->env);
    if (status != TARIFF_OK) {
        tf_free(env, store, sizeof *store);
        return status;
    }
    tariff_env_set_limits(store->env, &env->limits);
    tariff_env_on_diag(store->env, forward, store);
    tf_arena_init(&store->arena, &store->env->allocator);
    pthread_mutex_init(&store->lock, NULL);
    *out = store;
    return TARIFF_OK;
}

void tf_store_free(tf_store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < store->schedules.n; i++)
        tariff_schedule_free(store->schedules.at[i]);
    for (size_t i = 0; i < store->datasets.n; i++)
        tf_dataset_free(store->datasets.at[i]);
    tariff_env      *env = store->env;
    tariff_allocator allocator = env->allocator;
    tf_arena_free(&store->arena);
    pthread_mutex_destroy(&store->lock);
    tariff_env_free(env);
    allocator.free(allocator.user, store, sizeof *store);
}

/* Keys: all that decides what is loaded, in one text. */

typedef struct key_text {
    char   text[8192];
    size_t n;
} key_text;

static void add_key(key_text *key, const char *text)
{
    int n = snprintf(key->text + key->n, sizeof key->text - key->n, "%s\n", text ? text : "");
    key->n += n > 0 ? (size_t)n : 0;
}

static bool fits(const key_text *key)
{
    return key->n < sizeof key->text;
}

/* Schedules */

static tariff_status load_schedule(tf_store *store, const tariff_scenario *scenario,
                                   tariff_schedule **out)
{
    size_t    n = scenario->schedules.n;
    tf_place *places = TF_ARRAY(&store->arena, tf_place, n + 1);
    const char **paths = TF_ARRAY(&store->arena, const char *, n + 1);
    TF_NEED(places && paths);
    for (size_t i = 0; i < n; i++) {
        paths[i] = scenario->schedules.at[i].path;
        places[i] = scenario->schedules.at[i].place;
    }
    return tf_schedule_load(store->env, paths, n, places, out);
}

static tariff_status find_schedule(tf_store *store, const tariff_scenario *scenario,
                                   const tariff_schedule **out)
{
    key_text         key = { .n = 0 };
    tariff_schedule *schedule;
    for (size_t i = 0; i < scenario->schedules.n; i++)
        add_key(&key, scenario->schedules.at[i].path);
    uint32_t found = fits(&key) ? tf_names_find(&store->schedule_keys, key.text, key.n)
                                : TF_NO_NAME;
    if (found != TF_NO_NAME) {
        *out = store->schedules.at[found];
        return TARIFF_OK;
    }
    TF_TRY(load_schedule(store, scenario, &schedule));
    *out = schedule;
    /* A key that is too long is never found again: the next scenario reads anew. */
    if (!TF_PUSH(&store->arena, &store->schedules, schedule)) {
        tariff_schedule_free(schedule);
        return TARIFF_E_NOMEM;
    }
    char number[32];
    snprintf(number, sizeof number, "%zu", store->schedules.n);
    const char *name = fits(&key) ? key.text : number;
    return tf_names_add(&store->schedule_keys, &store->arena, name, strlen(name)) != TF_NO_NAME
               ? TARIFF_OK
               : TARIFF_E_NOMEM;
}

tariff_status tf_store_schedule(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                                const tariff_schedule **out)
{
    pthread_mutex_lock(&store->lock);
    store->listener = env;
    tariff_status status = find_schedule(store, scenario, out);
    pthread_mutex_unlock(&store->lock);
    return status;
}

/* Flows */

static void dataset_key(const tariff_scenario *scenario, key_text *key)
{
    for (size_t i = 0; i < scenario->flows.n; i++) {
        const tf_flows_spec *spec = &scenario->flows.at[i];
        char                 numbers[96];
        add_key(key, spec->path);
        add_key(key, spec->profile.name);
        for (int k = 0; k < TF_FLOW_COLUMNS; k++)
            add_key(key, spec->profile.columns[k]);
        snprintf(numbers, sizeof numbers, "%u %d %u %u", spec->profile.scale,
                 (int)spec->profile.countries, (unsigned)spec->origin, (unsigned)spec->importer);
        add_key(key, numbers);
    }
}

static tariff_status find_dataset(tf_store *store, const tariff_scenario *scenario,
                                  const tf_dataset **out)
{
    key_text    key = { .n = 0 };
    tf_dataset *dataset;
    dataset_key(scenario, &key);
    uint32_t found = fits(&key) ? tf_names_find(&store->dataset_keys, key.text, key.n)
                                : TF_NO_NAME;
    if (found != TF_NO_NAME) {
        *out = store->datasets.at[found];
        return TARIFF_OK;
    }
    TF_TRY(tf_dataset_load(store->env, scenario->flows.at, scenario->flows.n, NULL, NULL,
                           &dataset));
    *out = dataset;
    if (!TF_PUSH(&store->arena, &store->datasets, dataset)) {
        tf_dataset_free(dataset);
        return TARIFF_E_NOMEM;
    }
    char number[32];
    snprintf(number, sizeof number, "%zu", store->datasets.n);
    const char *name = fits(&key) ? key.text : number;
    return tf_names_add(&store->dataset_keys, &store->arena, name, strlen(name)) != TF_NO_NAME
               ? TARIFF_OK
               : TARIFF_E_NOMEM;
}

tariff_status tf_store_dataset(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                               const tf_dataset **out)
{
    pthread_mutex_lock(&store->lock);
    store->listener = env;
    tariff_env_on_cancel(store->env, env->cancelled, env->cancelled_user);
    tariff_status status = find_dataset(store, scenario, out);
    pthread_mutex_unlock(&store->lock);
    return status;
}

/* Checksums */

static tariff_status find_sha256(tf_store *store, const char *path, char out[TF_SHA256_TEXT])
{
    uint32_t found = tf_names_find(&store->hashed, path, strlen(path));
    if (found != TF_NO_NAME) {
        memcpy(out, store->hashes.at[found], TF_SHA256_TEXT);
        return TARIFF_OK;
    }
    TF_TRY(tf_sha256_file(store->env, path, out));
    const char *kept = tf_arena_text(&store->arena, out, TF_SHA256_TEXT - 1);
    if (!kept || !TF_PUSH(&store->arena, &store->hashes, kept)
        || tf_names_add(&store->hashed, &store->arena, path, strlen(path)) == TF_NO_NAME)
        return TARIFF_E_NOMEM;
    return TARIFF_OK;
}

tariff_status tf_store_sha256(tf_store *store, tariff_env *env, const char *path,
                              char out[TF_SHA256_TEXT])
{
    pthread_mutex_lock(&store->lock);
    store->listener = env;
    tariff_status status = find_sha256(store, path, out);
    pthread_mutex_unlock(&store->lock);
    return status;
}
