/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/grouping.h"

#include "base/mix.h"
#include "base/threads.h"
#include "model/market.h"

#include <stdatomic.h>

enum { SLOTS = 1024 };

typedef struct worker {
    tf_grouping  *g;
    atomic_uint  *next;  /**< Chunk. */
    tf_arena     *arena; /**< Of groups. */
    tf_grouped   *chunk; /**< At hand. */
    bool          differs;
    tariff_status status;
    uint32_t      slot[SLOTS], stamp[SLOTS]; /**< Groups of the market at hand. */
    uint32_t      last; /**< Of the groups, asked for last. */
} worker;

/* Rows */

/* Equal exact duties give equal rates, so that what the law leaves alone stays alone. */
static double rate_of(const tf_trade_sums *sums)
{
    return sums->value == 0 ? 0 : tf_to_double(sums->duty) / tf_to_double(sums->value) * 1e-12;
}

/* Groups */

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static bool belongs(const tf_group *g, uint32_t supply, double ln_tau, bool home)
{
    return g->supply == supply && g->home == home && bits_of(g->ln_tau) == bits_of(ln_tau);
}

/* The group of the market that is like this, among those made since `first`; a new one if none.
 * Its number is w->last. */
static tf_group *group_at(worker *w, uint32_t market, size_t first, uint32_t supply, double ln_tau,
                          bool home)
{
    tf_grouped *c = w->chunk;
    bool        world = w->g->markets->spec->model == TF_MODEL_GSIM;
    tf_group    fresh = { .ln_tau = ln_tau, .supply = supply, .home = home };
    if (!world && w->last >= first && w->last < c->groups.n
        && belongs(&c->groups.at[w->last], supply, ln_tau, home))
        return &c->groups.at[w->last];
    size_t at = tf_mix(tf_mix(supply * 2 + home, bits_of(ln_tau)), 1) % SLOTS;
    for (; !world && w->stamp[at] == market + 1; at = (at + 1) % SLOTS)
        if (belongs(&c->groups.at[w->slot[at]], supply, ln_tau, home)) {
            w->last = w->slot[at];
            return &c->groups.at[w->last];
        }
    if (!TF_PUSH(w->arena, &c->groups, fresh))
        return NULL;
    w->stamp[at] = market + 1;
    w->slot[at] = w->last = (uint32_t)c->groups.n - 1;
    return &c->groups.at[c->groups.n - 1];
}

static uint32_t find(worker *w, tf_parameter p, uint64_t hs, uint16_t importer, uint16_t origin)
{
    return tf_elasticities_find(w->g->markets->table, p, hs, importer, origin);
}

static void note_default(worker *w, uint32_t entry, double value)
{
    const tf_elasticity *e = &w->g->markets->table->entries.at[entry];
    if (e->is_default)
        w->chunk->on_default[e->parameter] += value;
}

/* Only an origin that some row names has a supply of its own. */
static uint32_t supply_of(worker *w, const tf_market_rows *market, size_t row)
{
    const tf_markets *m = w->g->markets;
    bool              world = m->spec->model == TF_MODEL_GSIM;
    if (!tf_country_in(&m->table->origins, m->origin[row]))
        return market->entry[TF_SUPPLY];
    return find(w, TF_SUPPLY, market->hs, world ? TARIFF_COUNTRY_NONE : market->importer,
                m->origin[row]);
}

/* GSIM: what an importer's demand responds with. */
static void set_demand(worker *w, const tf_market_rows *market, size_t row, double value,
                       tf_group *g)
{
    const tf_markets *m = w->g->markets;
    g->origin = m->origin[row];
    g->importer = m->importer[row];
    g->sigma = find(w, TF_SIGMA, market->hs, g->importer, TARIFF_COUNTRY_NONE);
    g->eta = find(w, TF_ETA, market->hs, g->importer, TARIFF_COUNTRY_NONE);
    note_default(w, g->sigma, value);
    note_default(w, g->eta, value);
}

/* One row out of those of all trade, and its part of a group. */
static tariff_status make_row(worker *w, size_t number, size_t first, size_t row, uint32_t at)
{
    tf_markets           *m = w->g->markets;
    const tf_market_rows *market = &m->market[number];
    const tf_trade_sums  *before = &w->g->baseline->sums.at[at];
    const tf_trade_sums  *after = &w->g->scenario->sums.at[at];
    double value = tf_to_double(after->value) / 1e4, t0 = rate_of(before), t1 = t0, ln_tau = 0;
    if (before->value != after->value)
        w->differs = true;
    if (before->duty != after->duty) {
        t1 = rate_of(after);
        tf_ln_tau(1, &t0, &t1, &ln_tau);
    }
    tf_group *g = group_at(w, (uint32_t)number, first, supply_of(w, market, row), ln_tau,
                           m->origin[row] == m->importer[row]);
    TF_NEED(g);
    if (m->spec->model == TF_MODEL_GSIM)
        set_demand(w, market, row, value, g);
    m->trade_row[row] = at;
    m->value[row] = value;
    m->t0[row] = t0;
    m->t1[row] = t1;
    m->ln_tau[row] = ln_tau;
    m->group[row] = w->last - (uint32_t)first;
    g->value += value;
    g->t0 += value * t0;
    g->t1 += value * t1;
    return TARIFF_OK;
}

static tariff_status make_rows_of(worker *w, size_t number, size_t first)
{
    const tf_grouping   *k = w->g;
    tf_markets          *m = k->markets;
    const tf_trade_rows *rows = k->scenario->rows;
    size_t               row = m->market[number].first_row, end = row + m->market[number].rows;
    for (size_t p = k->purchases[number]; row < end; p++) {
        uint32_t at = rows->at[p].before[0];
        for (size_t word = 0; word < TF_COUNTRIES_MAX / 64; word++)
            for (uint64_t bits = rows->at[p].origins.word[word]; bits; bits &= bits - 1, at++) {
                if (!k->scenario->there[at])
                    continue;
                m->importer[row] = rows->at[p].importer;
                m->origin[row] = (uint16_t)(64 * word + (size_t)__builtin_ctzll(bits));
                TF_TRY(make_row(w, number, first, row++, at));
            }
    }
    return TARIFF_OK;
}

static void finish_group(worker *w, tf_market_rows *market, tf_group *g)
{
    note_default(w, g->supply, g->value);
    market->value += g->value;
    market->touched = market->touched || (g->value > 0 && g->ln_tau != 0);
    g->t0 = g->value > 0 ? g->t0 / g->value : 0;
    g->t1 = g->value > 0 ? g->t1 / g->value : 0;
    if (g->ln_tau == 0) /* rounding makes no change */
        g->t1 = g->t0;
}

/* Home sales that trade statistics do not have, as a multiple of imports. */
static tariff_status add_home(worker *w, const tf_market_rows *market)
{
    double ratio = w->g->markets->table->entries.at[market->entry[TF_HOME]].spread.value;
    tf_group home = { .value = ratio * market->value, .home = true };
    if (w->g->markets->spec->model == TF_MODEL_GSIM || ratio == 0 || market->value == 0)
        return TARIFF_OK;
    home.supply = find(w, TF_SUPPLY, market->hs, market->importer, market->importer);
    return TF_PUSH(w->arena, &w->chunk->groups, home) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status make_market(worker *w, size_t number)
{
    tf_markets     *m = w->g->markets;
    tf_market_rows *market = &m->market[number];
    size_t          first = w->chunk->groups.n;
    bool            world = m->spec->model == TF_MODEL_GSIM;
    for (int p = 0; p < TF_PARAMETERS; p++)
        market->entry[p] = find(w, (tf_parameter)p, market->hs,
                                world && p == TF_SUPPLY ? TARIFF_COUNTRY_NONE : market->importer,
                                TARIFF_COUNTRY_NONE);
    TF_TRY(make_rows_of(w, number, first));
    for (size_t i = first; i < w->chunk->groups.n; i++)
        finish_group(w, market, &w->chunk->groups.at[i]);
    TF_TRY(add_home(w, market));
    market->groups = (uint32_t)(w->chunk->groups.n - first);
    for (int p = 0; p < TF_PARAMETERS; p++)
        if (p != TF_SUPPLY && !(world && (p == TF_SIGMA || p == TF_ETA)))
            note_default(w, market->entry[p], market->value);
    return TARIFF_OK;
}

static void work(void *user, unsigned number)
{
    worker     *w = (worker *)user + number;
    tf_markets *m = w->g->markets;
    for (unsigned c; (c = atomic_fetch_add(w->next, 1)) < TF_MARKET_CHUNKS;) {
        w->chunk = &w->g->chunks[c];
        for (size_t i = tf_chunk_begin(m, c); i < tf_chunk_begin(m, c + 1); i++)
            if (w->status == TARIFF_OK)
                w->status = make_market(w, i);
    }
}

tariff_status tf_grouping_run(tf_grouping *g, unsigned threads)
{
    tf_arena    scratch;
    atomic_uint next = 0;
    unsigned    count = tf_count_threads(threads, g->markets->rows / 4096 + 1);
    count = count < TF_GROUPING_THREADS ? count : TF_GROUPING_THREADS;
    tf_arena_init(&scratch, &g->env->allocator);
    worker *workers = TF_ARRAY(&scratch, worker, count);
    TF_NEED(workers);
    for (; g->arena_count < count; g->arena_count++) {
        workers[g->arena_count].g = g;
        workers[g->arena_count].next = &next;
        workers[g->arena_count].arena = &g->arenas[g->arena_count];
        tf_arena_init(&g->arenas[g->arena_count], &g->env->allocator);
    }
    tf_run_threads(count, work, workers);
    tariff_status status = TARIFF_OK;
    for (unsigned i = 0; i < count; i++) {
        g->differs = g->differs || workers[i].differs;
        status = status == TARIFF_OK ? workers[i].status : status;
    }
    tf_arena_free(&scratch);
    return status;
}

void tf_grouping_free(tf_grouping *g)
{
    while (g->arena_count > 0)
        tf_arena_free(&g->arenas[--g->arena_count]);
}
