/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/row_memory.h"

#include "base/mix.h"

enum {
    SLOTS = 1 << 17,
    WAYS = 4, /* slots that a key may be in */
    TEXT = 32 * 1024 * 1024 /* when there is more of it, all is forgotten */
};

void tf_row_memory_init(tf_row_memory *m, tariff_env *env)
{
    memset(m, 0, sizeof *m);
    m->env = env;
    tf_arena_init(&m->texts, &env->allocator);
}

void tf_row_memory_free(tf_row_memory *m)
{
    if (!m->env)
        return;
    tf_arena_free(&m->texts);
    tf_free(m->env, m->ratings, SLOTS * sizeof(const tf_rating *));
    tf_free(m->env, m->keys, SLOTS * sizeof *m->keys);
}

static void forget(tf_row_memory *m)
{
    memset(m->ratings, 0, SLOTS * sizeof(const tf_rating *));
    tf_arena_free(&m->texts);
    tf_arena_init(&m->texts, &m->env->allocator);
    m->text_bytes = 0;
}

/* Most files need none. */
static tariff_status begin(tf_row_memory *m)
{
    if (!m->ratings)
        m->ratings = tf_alloc(m->env, SLOTS * sizeof(const tf_rating *));
    if (!m->keys)
        m->keys = tf_alloc(m->env, SLOTS * sizeof *m->keys);
    TF_NEED(m->ratings && m->keys);
    forget(m);
    return TARIFF_OK;
}

static size_t set_of(const tf_row_key *key)
{
    uint64_t hash = tf_mix(tf_mix(tf_mix(0, key->alike), key->hs), key->countries);
    for (int i = 0; i < 2; i++)
        hash = tf_mix(tf_mix(hash, key->claims[i]), key->parts[i]);
    return hash & (SLOTS - WAYS);
}

static bool same(const tf_row_key *a, const tf_row_key *b)
{
    return a->hs == b->hs && a->countries == b->countries && a->alike == b->alike
           && a->claims[0] == b->claims[0] && a->claims[1] == b->claims[1]
           && a->parts[0] == b->parts[0] && a->parts[1] == b->parts[1];
}

const tf_rating *tf_recall(const tf_row_memory *m, const tf_row_key *key)
{
    if (!m->ratings || !m->keys)
        return NULL;
    size_t set = set_of(key);
    for (size_t slot = set; slot < set + WAYS && m->ratings[slot]; slot++)
        if (same(&m->keys[slot], key))
            return m->ratings[slot];
    return NULL;
}

/* In a free slot of its set, or in the place of another. */
tariff_status tf_remember(tf_row_memory *m, const tf_row_key *key, const tf_rating *rating,
                          bool lives)
{
    if (!m->ratings || !m->keys)
        TF_TRY(begin(m));
    if (!lives) {
        m->text_bytes += rating->rates_length + rating->after_length + sizeof *rating;
        if (m->text_bytes > TEXT)
            forget(m);
        rating = tf_rating_keep(&m->texts, rating);
        TF_NEED(rating);
    }
    size_t set = set_of(key), slot = set;
    while (slot < set + WAYS && m->ratings[slot])
        slot++;
    if (slot == set + WAYS)
        slot = set + ++m->last % WAYS;
    m->ratings[slot] = rating;
    m->keys[slot] = *key;
    return TARIFF_OK;
}
