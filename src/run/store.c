/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/store.h"

#include "base/held.h"
#include "law/law.h"
#include "law/schedule.h"
#include "run/evaluate.h"

#include <pthread.h>
#include <stdio.h>
#include <xxhash.h>

/** What is read under one lock, in an environment that outlives the callers'. */
typedef struct shelf {
    tariff_env     *env;
    tariff_env     *listener; /**< Of what is said now, */
    tf_held        *words;    /**< unless it is kept with what is read. */
    pthread_mutex_t lock;
    tf_arena        arena;
} shelf;

/** What was read, and what was said of it. */
typedef struct thing {
    void    *is;
    tf_held *words;
} thing;

/** Things that were loaded, each by a key of all that decides what it is. */
typedef struct collection {
    tf_names keys;
    TF_VEC(thing) things;
    tariff_status (*load)(shelf *on, const tariff_scenario *scenario, const tf_reading *reading,
                          void **out);
    void (*free)(void *thing);
} collection;

struct tf_store {
    tariff_allocator allocator;
    unsigned         threads;
    bool             shared;
    tf_dataset      *held; /**< The caller's own flows; NULL: of files. */
    shelf            law, trade; /**< Two: schedules and flows are read at the same time. */
    collection       schedules, datasets;
    tf_names         hashed;
    TF_VEC(const char *) hashes;
};

static void forward(void *user, const tariff_diag *diag)
{
    const shelf *s = user;
    if (s->words)
        tf_hold(s->words, diag);
    else
        tf_forward(s->listener, diag);
}

static tariff_status open_shelf(shelf *s, tariff_env *env)
{
    TF_TRY(tf_env_within(env, &s->env));
    tariff_env_on_diag(s->env, forward, s);
    tf_arena_init(&s->arena, &env->allocator);
    pthread_mutex_init(&s->lock, NULL);
    return TARIFF_OK;
}

static void close_shelf(shelf *s)
{
    if (!s->env)
        return;
    tf_arena_free(&s->arena);
    pthread_mutex_destroy(&s->lock);
    tariff_env_free(s->env);
}

static void lock(shelf *s, tariff_env *env)
{
    pthread_mutex_lock(&s->lock);
    s->listener = env;
    tariff_env_on_cancel(s->env, env->cancelled, env->cancelled_user);
}

static void unlock(shelf *s)
{
    pthread_mutex_unlock(&s->lock);
}

/* Keys */

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

static void schedule_key(const tariff_scenario *scenario, key_text *key)
{
    for (size_t i = 0; i < scenario->schedules.n; i++)
        add_key(key, scenario->schedules.at[i].path);
}

static void dataset_key(const tariff_scenario *scenario, const tf_reading *reading, key_text *key)
{
    char times[64];
    snprintf(times, sizeof times, "%d %016llx", reading->any_time,
             (unsigned long long)XXH3_64bits(reading->epochs,
                                             reading->epoch_count * sizeof *reading->epochs));
    add_key(key, times);
    for (size_t i = 0; i < scenario->flows.n && fits(key); i++) {
        const tf_flows_spec *spec = &scenario->flows.at[i];
        char                 numbers[96];
        add_key(key, spec->path);
        add_key(key, spec->profile.name);
        for (int k = 0; k < TF_FLOW_COLUMNS && fits(key); k++)
            add_key(key, spec->profile.columns[k]);
        snprintf(numbers, sizeof numbers, "%u %d %u %u", spec->profile.scale,
                 (int)spec->profile.countries, (unsigned)spec->origin, (unsigned)spec->importer);
        if (fits(key))
            add_key(key, numbers);
    }
}

/* Loading */

static tariff_status load_schedule(shelf *on, const tariff_scenario *scenario,
                                   const tf_reading *reading, void **out)
{
    (void)reading;
    tariff_schedule *schedule;
    size_t           n = scenario->schedules.n;
    tf_place        *places = TF_ARRAY(&on->arena, tf_place, n + 1);
    const char     **paths = TF_ARRAY(&on->arena, const char *, n + 1);
    TF_NEED(places && paths);
    for (size_t i = 0; i < n; i++) {
        paths[i] = scenario->schedules.at[i].path;
        places[i] = scenario->schedules.at[i].place;
    }
    TF_TRY(tf_schedule_load(on->env, paths, n, places, &schedule));
    *out = schedule;
    return TARIFF_OK;
}

static void free_schedule(void *schedule)
{
    tariff_schedule_free(schedule);
}

bool tf_store_is_shared(const tf_store *store)
{
    return store->shared;
}

bool tf_store_asks_law(const tf_store *store, const tariff_scenario *scenario)
{
    /* 'where' may name lists whose dates are no epochs of the law. */
    return !store->shared && !scenario->dates.given && scenario->date_kind == TF_ON_PERIOD
           && !scenario->where;
}

/* Of what flows are judged on, only what matters is kept. */
static tf_reading reading_of(const tf_store *store, const tariff_scenario *scenario,
                             const tariff_law *law)
{
    tf_reading reading = { .threads = store->threads };
    reading.any_time = scenario->dates.given || scenario->date_kind == TF_ON_DAY;
    if (law && tf_store_asks_law(store, scenario)) {
        reading.epochs = law->epochs.at;
        reading.epoch_count = law->epochs.n;
    }
    return reading;
}

static tariff_status load_dataset(shelf *on, const tariff_scenario *scenario,
                                  const tf_reading *reading, void **out)
{
    tf_dataset *dataset;
    TF_TRY(tf_dataset_load(on->env, scenario->flows.at, scenario->flows.n, reading, &dataset));
    *out = dataset;
    return TARIFF_OK;
}

static void free_dataset(void *dataset)
{
    tf_dataset_free(dataset);
}

/* What is wrong with a thing is told to each who needs it; all else, to the first whose turn comes. */
static tariff_status load(collection *c, shelf *on, const tariff_scenario *scenario,
                          const tf_reading *reading, thing *out)
{
    out->words = TF_NEW(&on->arena, tf_held);
    TF_NEED(out->words);
    tf_held_init(out->words, on->env);
    on->words = out->words;
    tariff_status status = c->load(on, scenario, reading, &out->is);
    on->words = NULL;
    if (status == TARIFF_OK)
        return TARIFF_OK;
    tf_held_release(out->words, on->listener);
    tf_held_free(out->words);
    return status;
}

static void free_thing(const collection *c, const thing *t)
{
    c->free(t->is);
    tf_held_free(t->words);
}

static tariff_status find(collection *c, shelf *on, const key_text *key,
                          const tariff_scenario *scenario, const tf_reading *reading,
                          const void **out)
{
    thing    fresh;
    char     number[32];
    uint32_t found = fits(key) ? tf_names_find(&c->keys, key->text, key->n) : TF_NO_NAME;
    if (found != TF_NO_NAME) {
        *out = c->things.at[found].is;
        tf_held_share(c->things.at[found].words, on->listener);
        return TARIFF_OK;
    }
    TF_TRY(load(c, on, scenario, reading, &fresh));
    *out = fresh.is;
    /* A key that is too long is never found again: the next scenario reads anew. */
    snprintf(number, sizeof number, "%zu", c->things.n);
    const char *name = fits(key) ? key->text : number;
    if (TF_ROOM(&on->arena, &c->things)
        && tf_names_add(&c->keys, &on->arena, name, strlen(name)) != TF_NO_NAME
        && TF_PUSH(&on->arena, &c->things, fresh)) {
        tf_held_share(fresh.words, on->listener);
        return TARIFF_OK;
    }
    free_thing(c, &fresh);
    return TARIFF_E_NOMEM;
}

static void free_all(collection *c)
{
    for (size_t i = 0; i < c->things.n; i++)
        free_thing(c, &c->things.at[i]);
}

tariff_status tf_store_schedule(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                                const tariff_schedule **out)
{
    key_text    key = { .n = 0 };
    const void *found = NULL;
    schedule_key(scenario, &key);
    lock(&store->law, env);
    tariff_status status = find(&store->schedules, &store->law, &key, scenario, NULL, &found);
    unlock(&store->law);
    *out = found;
    return status;
}

tariff_status tf_store_dataset(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                               const tariff_law *law, const tf_dataset **out)
{
    key_text    key = { .n = 0 };
    const void *found = store->held;
    *out = found;
    if (found)
        return TARIFF_OK;
    tf_reading reading = reading_of(store, scenario, law);
    dataset_key(scenario, &reading, &key);
    lock(&store->trade, env);
    tariff_status status =
        find(&store->datasets, &store->trade, &key, scenario, &reading, &found);
    unlock(&store->trade);
    *out = found;
    return status;
}

tariff_status tf_store_fold(tf_store *store, const tariff_scenario *scenario,
                            const tf_evaluation *evaluation, tf_folded *folded,
                            struct tf_line_blocks *lines, tf_dataset **out)
{
    tf_reading reading = reading_of(store, scenario, evaluation->law);
    reading.fold = evaluation;
    reading.folded = folded;
    reading.lines = lines;
    return tf_dataset_load(evaluation->env, scenario->flows.at, scenario->flows.n, &reading, out);
}

void tf_store_hold(tf_store *store, tf_dataset *dataset)
{
    store->held = dataset;
}

bool tf_store_holds(const tf_store *store)
{
    return store->held != NULL;
}

/* Checksums */

static tariff_status find_sha256(tf_store *store, const char *path, char out[TF_SHA256_TEXT])
{
    uint32_t found = tf_names_find(&store->hashed, path, strlen(path));
    if (found != TF_NO_NAME) {
        memcpy(out, store->hashes.at[found], TF_SHA256_TEXT);
        return TARIFF_OK;
    }
    TF_TRY(tf_sha256_file(store->law.env, path, out));
    const char *kept = tf_arena_text(&store->law.arena, out, TF_SHA256_TEXT - 1);
    if (!kept || !TF_ROOM(&store->law.arena, &store->hashes)
        || tf_names_add(&store->hashed, &store->law.arena, path, strlen(path)) == TF_NO_NAME
        || !TF_PUSH(&store->law.arena, &store->hashes, kept))
        return TARIFF_E_NOMEM;
    return TARIFF_OK;
}

tariff_status tf_store_sha256(tf_store *store, tariff_env *env, const char *path,
                              char out[TF_SHA256_TEXT])
{
    lock(&store->law, env);
    tariff_status status = find_sha256(store, path, out);
    unlock(&store->law);
    return status;
}

/* The store */

tariff_status tf_store_new(tariff_env *env, unsigned threads, bool shared, tf_store **out)
{
    *out = NULL;
    tf_store *store = tf_alloc(env, sizeof *store);
    TF_NEED(store);
    memset(store, 0, sizeof *store);
    store->allocator = env->allocator;
    store->threads = threads;
    store->shared = shared;
    store->schedules.load = load_schedule;
    store->schedules.free = free_schedule;
    store->datasets.load = load_dataset;
    store->datasets.free = free_dataset;
    tariff_status status = open_shelf(&store->law, env);
    if (status == TARIFF_OK)
        status = open_shelf(&store->trade, env);
    if (status != TARIFF_OK) {
        tf_store_free(store);
        return status;
    }
    *out = store;
    return TARIFF_OK;
}

void tf_store_free(tf_store *store)
{
    if (!store)
        return;
    free_all(&store->schedules);
    free_all(&store->datasets);
    tf_dataset_free(store->held);
    close_shelf(&store->law);
    close_shelf(&store->trade);
    tariff_allocator allocator = store->allocator;
    allocator.free(allocator.user, store, sizeof *store);
}
