/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/markets.h"

#include "base/mix.h"
#include "base/threads.h"
#include "model/market.h"
#include "value/hs.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>

enum { CHAPTERS = 100, SLOTS = 1024 };

/** A group while it grows: t0 and t1 are sums of duties until finish_group() divides them. */
typedef struct group {
    double   value, t0, t1, ln_tau;
    uint32_t supply, sigma, eta; /**< Entries of the elasticities. */
    uint16_t origin, importer;
    bool     home;
} group;

/** What a chunk of markets leaves for the whole. */
typedef struct chunk {
    TF_VEC(group) groups;
    double on_default[TF_PARAMETERS];
} chunk;

/** What making needs, and drops. */
typedef struct maker {
    tariff_env     *env;
    tf_markets     *m;
    const tf_trade *baseline, *scenario;
    tf_arena        scratch;
    uint32_t       *purchases; /**< By market: its first purchases; and the end of the last's. */
    chunk           chunks[TF_MARKET_CHUNKS];
    atomic_uint     next;
    uint32_t       *pairs; /**< (entry, chapter) -> drawn + 1. */
    bool            used[TF_PARAMETERS][CHAPTERS]; /**< Dimensions. */
    uint32_t        number[TF_PARAMETERS][CHAPTERS];
} maker;

typedef struct worker {
    maker        *k;
    tf_arena      arena; /**< Of groups. */
    chunk        *chunk; /**< At hand. */
    bool          differs;
    tariff_status status;
    uint32_t      slot[SLOTS], stamp[SLOTS]; /**< Groups of the market at hand. */
    uint32_t      last; /**< Of the groups, asked for last. */
} worker;

/* Joining */

static tariff_status other_flows(maker *k)
{
    return tf_doc_error(k->env, k->m->spec->node, true, TARIFF_E_CONFLICT,
                        "let the baseline differ in law, not in flows or 'where'",
                        "'impact' compares two laws on the same flows, and the baseline has others");
}

static uint32_t rows_before(const tf_trade_rows *rows, size_t purchases)
{
    return purchases < rows->count ? rows->at[purchases].before[0] : (uint32_t)rows->rows;
}

static uint32_t count_there(const tf_trade *trade, uint32_t from, uint32_t to)
{
    uint32_t n = 0;
    for (uint32_t i = from; i < to; i++)
        n += trade->there[i];
    return n;
}

/* One importer's purchases of a product are a market; GSIM has one of all importers. */
static bool same_market(const tf_markets *m, const tf_trade_rows *rows, size_t a, size_t b)
{
    return m->spec->model == TF_MODEL_GSIM && rows->at[a].hs == rows->at[b].hs;
}

static tariff_status list_markets(maker *k)
{
    tf_markets          *m = k->m;
    const tf_trade_rows *rows = k->scenario->rows;
    bool whole = rows->rows == 0 || !memchr(k->scenario->there, false, rows->rows);
    m->market = TF_ARRAY(&m->arena, tf_market_rows, rows->count + 1);
    k->purchases = TF_ARRAY(&k->scratch, uint32_t, rows->count + 1);
    TF_NEED(m->market && k->purchases);
    for (size_t first = 0, end; first < rows->count; first = end) {
        for (end = first + 1; end < rows->count && same_market(m, rows, first, end); end++) {}
        uint32_t from = rows_before(rows, first), to = rows_before(rows, end);
        uint32_t n = whole ? to - from : count_there(k->scenario, from, to);
        if (n == 0)
            continue;
        while (!whole && count_there(k->scenario, from, rows_before(rows, first + 1)) == 0)
            first++;
        k->purchases[m->count] = (uint32_t)first;
        m->market[m->count++] = (tf_market_rows){ .hs = rows->at[first].hs,
                                                  .importer = rows->at[first].importer,
                                                  .first_row = (uint32_t)m->rows,
                                                  .rows = n };
        m->rows += n;
    }
    k->purchases[m->count] = (uint32_t)rows->count;
    return TARIFF_OK;
}

static tariff_status make_rows(maker *k)
{
    tf_markets *m = k->m;
    size_t      n = k->scenario->rows->rows;
    if (k->baseline->strays || k->scenario->strays
        || memcmp(k->baseline->there, k->scenario->there, n * sizeof *k->scenario->there) != 0)
        return other_flows(k);
    TF_TRY(list_markets(k));
    n = m->rows + 1;
    /* Not cleared: every row is filled. */
    size_t numbers = 0, countries = 0, groups = 0;
    if (!tf_vec_reserve(&m->arena, &m->origin, &countries, 2 * n, sizeof *m->origin)
        || !tf_vec_reserve(&m->arena, &m->value, &numbers, 4 * n, sizeof *m->value)
        || !tf_vec_reserve(&m->arena, &m->group, &groups, 2 * n, sizeof *m->group))
        return TARIFF_E_NOMEM;
    m->importer = m->origin + n;
    m->trade_row = m->group + n;
    m->t0 = m->value + n;
    m->t1 = m->t0 + n;
    m->ln_tau = m->t1 + n;
    return TARIFF_OK;
}

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

static bool belongs(const group *g, uint32_t supply, double ln_tau, bool home)
{
    return g->supply == supply && g->home == home && bits_of(g->ln_tau) == bits_of(ln_tau);
}

/* The group of the market that is like this, among those made since `first`; a new one if none.
 * Its number is w->last. */
static group *group_at(worker *w, uint32_t market, size_t first, uint32_t supply, double ln_tau,
                       bool home)
{
    chunk *c = w->chunk;
    bool   world = w->k->m->spec->model == TF_MODEL_GSIM;
    group  fresh = { .ln_tau = ln_tau, .supply = supply, .home = home };
    if (!world && w->last >= first && w->last < c->groups.n
        && belongs(&c->groups.at[w->last], supply, ln_tau, home))
        return &c->groups.at[w->last];
    size_t at = tf_mix(tf_mix(supply * 2 + home, bits_of(ln_tau)), 1) % SLOTS;
    for (; !world && w->stamp[at] == market + 1; at = (at + 1) % SLOTS)
        if (belongs(&c->groups.at[w->slot[at]], supply, ln_tau, home)) {
            w->last = w->slot[at];
            return &c->groups.at[w->last];
        }
    if (!TF_PUSH(&w->arena, &c->groups, fresh))
        return NULL;
    w->stamp[at] = market + 1;
    w->slot[at] = w->last = (uint32_t)c->groups.n - 1;
    return &c->groups.at[c->groups.n - 1];
}

static uint32_t find(worker *w, tf_parameter p, uint64_t hs, uint16_t importer, uint16_t origin)
{
    return tf_elasticities_find(w->k->m->table, p, hs, importer, origin);
}

static void note_default(worker *w, uint32_t entry, double value)
{
    const tf_elasticity *e = &w->k->m->table->entries.at[entry];
    if (e->is_default)
        w->chunk->on_default[e->parameter] += value;
}

/* Only an origin that some row names has a supply of its own. */
static uint32_t supply_of(worker *w, const tf_market_rows *market, size_t row)
{
    const tf_markets *m = w->k->m;
    bool              world = m->spec->model == TF_MODEL_GSIM;
    if (!tf_country_in(&m->table->origins, m->origin[row]))
        return market->entry[TF_SUPPLY];
    return find(w, TF_SUPPLY, market->hs, world ? TARIFF_COUNTRY_NONE : market->importer,
                m->origin[row]);
}

/* GSIM: what an importer's demand responds with. */
static void set_demand(worker *w, const tf_market_rows *market, size_t row, double value, group *g)
{
    const tf_markets *m = w->k->m;
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
    tf_markets           *m = w->k->m;
    const tf_market_rows *market = &m->market[number];
    const tf_trade_sums  *before = &w->k->baseline->sums.at[at], *after = &w->k->scenario->sums.at[at];
    double value = tf_to_double(after->value) / 1e4, t0 = rate_of(before), t1 = t0, ln_tau = 0;
    if (before->value != after->value)
        w->differs = true;
    if (before->duty != after->duty) {
        t1 = rate_of(after);
        tf_ln_tau(1, &t0, &t1, &ln_tau);
    }
    group *g = group_at(w, (uint32_t)number, first, supply_of(w, market, row), ln_tau,
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
    const maker         *k = w->k;
    tf_markets          *m = k->m;
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

static void finish_group(worker *w, tf_market_rows *market, group *g)
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
    double ratio = w->k->m->table->entries.at[market->entry[TF_HOME]].spread.value;
    group  home = { .value = ratio * market->value, .home = true };
    if (w->k->m->spec->model == TF_MODEL_GSIM || ratio == 0 || market->value == 0)
        return TARIFF_OK;
    home.supply = find(w, TF_SUPPLY, market->hs, market->importer, market->importer);
    return TF_PUSH(&w->arena, &w->chunk->groups, home) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status make_market(worker *w, size_t number)
{
    tf_markets     *m = w->k->m;
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
    worker *w = (worker *)user + number;
    maker  *k = w->k;
    for (unsigned c; (c = atomic_fetch_add(&k->next, 1)) < TF_MARKET_CHUNKS;) {
        w->chunk = &k->chunks[c];
        for (size_t i = tf_chunk_begin(k->m, c); i < tf_chunk_begin(k->m, c + 1); i++)
            if (w->status == TARIFF_OK)
                w->status = make_market(w, i);
    }
}

/* Parameters */

static unsigned chapter_of(const maker *k, uint64_t hs)
{
    unsigned ten = (unsigned)(hs >> 44 & 15), one = (unsigned)(hs >> 40 & 15);
    return k->m->spec->by_chapter && ten && one ? (ten - 1) * 10 + one - 1 : 0;
}

/* The drawn parameter of an entry in a chapter. */
static tariff_status draw(maker *k, uint32_t entry, uint64_t hs, uint32_t *out)
{
    tf_markets          *m = k->m;
    unsigned             chapter = chapter_of(k, hs);
    uint32_t            *pair = &k->pairs[(size_t)entry * (m->spec->by_chapter ? CHAPTERS : 1) + chapter];
    const tf_elasticity *e = &m->table->entries.at[entry];
    m->asked[entry] = true;
    /* What the model does not use is never drawn. */
    if (!(tf_impact_uses(m->spec) >> e->parameter & 1))
        return TARIFF_OK;
    if (!*pair) {
        tf_drawn drawn = { entry, TF_FIXED_DIMENSION };
        if (tf_spread_moves(&e->spread)) {
            drawn.dimension = (uint32_t)e->parameter * CHAPTERS + chapter; /* numbered at the end */
            k->used[e->parameter][chapter] = true;
        }
        if (!TF_PUSH(&m->arena, &m->drawn, drawn))
            return TARIFF_E_NOMEM;
        *pair = (uint32_t)m->drawn.n;
    }
    *out = *pair - 1;
    return TARIFF_OK;
}

static tariff_status make_groups(tf_markets *m, size_t n)
{
    size_t room = n + 1;
    m->group_value = TF_ARRAY(&m->arena, double, 4 * room);
    m->group_supply = TF_ARRAY(&m->arena, uint32_t, 3 * room);
    m->group_origin = TF_ARRAY(&m->arena, uint16_t, 2 * room);
    m->group_home = TF_ARRAY(&m->arena, bool, room);
    TF_NEED(m->group_value && m->group_supply && m->group_origin && m->group_home);
    m->group_t0 = m->group_value + room;
    m->group_t1 = m->group_t0 + room;
    m->group_ln_tau = m->group_t1 + room;
    m->group_sigma = m->group_supply + room;
    m->group_eta = m->group_sigma + room;
    m->group_importer = m->group_origin + room;
    return TARIFF_OK;
}

static tariff_status put_group(maker *k, const group *g, uint64_t hs)
{
    tf_markets *m = k->m;
    size_t      at = m->groups++;
    m->group_value[at] = g->value;
    m->group_t0[at] = g->t0;
    m->group_t1[at] = g->t1;
    m->group_ln_tau[at] = g->ln_tau;
    m->group_home[at] = g->home;
    m->group_origin[at] = g->origin;
    m->group_importer[at] = g->importer;
    TF_TRY(draw(k, g->supply, hs, &m->group_supply[at]));
    if (m->spec->model != TF_MODEL_GSIM)
        return TARIFF_OK;
    TF_TRY(draw(k, g->sigma, hs, &m->group_sigma[at]));
    return draw(k, g->eta, hs, &m->group_eta[at]);
}

static tariff_status put_market(maker *k, tf_market_rows *market, const group *groups)
{
    tf_markets *m = k->m;
    market->first_group = (uint32_t)m->groups;
    if (market->groups > m->most_groups)
        m->most_groups = market->groups;
    for (size_t i = 0; i < market->groups; i++)
        TF_TRY(put_group(k, &groups[i], market->hs));
    for (int p = 0; p < TF_PARAMETERS; p++)
        if (p != TF_SUPPLY && m->spec->model != TF_MODEL_GSIM)
            TF_TRY(draw(k, market->entry[p], market->hs, &market->drawn[p]));
    return TARIFF_OK;
}

/* What the chunks made, one after another. */
static tariff_status put_together(maker *k)
{
    tf_markets *m = k->m;
    size_t      n = 0;
    for (size_t c = 0; c < TF_MARKET_CHUNKS; c++)
        n += k->chunks[c].groups.n;
    TF_TRY(make_groups(m, n));
    for (size_t c = 0; c < TF_MARKET_CHUNKS; c++) {
        const group *groups = k->chunks[c].groups.at;
        for (size_t i = tf_chunk_begin(m, c); i < tf_chunk_begin(m, c + 1); i++) {
            TF_TRY(put_market(k, &m->market[i], groups));
            groups += m->market[i].groups;
        }
        for (int p = 0; p < TF_PARAMETERS; p++)
            m->on_default[p] += k->chunks[c].on_default[p];
    }
    return TARIFF_OK;
}

/* By name, so that the points do not depend on the order of flows or files. */
static tariff_status number_dimensions(maker *k)
{
    static const tf_parameter by_name[] = { TF_EPS, TF_ETA, TF_HOME, TF_RHO, TF_SIGMA, TF_SUPPLY };
    tf_markets *m = k->m;
    m->dimension_names = TF_ARRAY(&m->arena, const char *, TF_PARAMETERS * CHAPTERS);
    m->dimension_parameters = TF_ARRAY(&m->arena, tf_parameter, TF_PARAMETERS * CHAPTERS);
    TF_NEED(m->dimension_names && m->dimension_parameters);
    for (size_t i = 0; i < TF_PARAMETERS; i++)
        for (unsigned c = 0; c < CHAPTERS; c++) {
            char name[32];
            if (!k->used[by_name[i]][c])
                continue;
            snprintf(name, sizeof name, m->spec->by_chapter ? "%s_%02u" : "%s",
                     tf_parameter_name(by_name[i]), c);
            m->dimension_names[m->dimensions] = tf_arena_text(&m->arena, name, strlen(name));
            TF_NEED(m->dimension_names[m->dimensions]);
            m->dimension_parameters[m->dimensions] = by_name[i];
            k->number[by_name[i]][c] = (uint32_t)m->dimensions++;
        }
    for (size_t i = 0; i < m->drawn.n; i++) {
        tf_drawn *drawn = &m->drawn.at[i];
        if (drawn->dimension != TF_FIXED_DIMENSION)
            drawn->dimension =
                k->number[drawn->dimension / CHAPTERS][drawn->dimension % CHAPTERS];
    }
    return TARIFF_OK;
}

static tariff_status finish(maker *k, const worker *workers, unsigned count)
{
    tf_markets *m = k->m;
    size_t      entries = m->table->entries.n;
    for (unsigned i = 0; i < count; i++)
        TF_TRY(workers[i].status);
    for (unsigned i = 0; i < count; i++)
        if (workers[i].differs)
            return other_flows(k);
    k->pairs = TF_ARRAY(&k->scratch, uint32_t, entries * (m->spec->by_chapter ? CHAPTERS : 1) + 1);
    m->asked = TF_ARRAY(&m->arena, bool, entries + 1);
    TF_NEED(k->pairs && m->asked);
    TF_TRY(put_together(k));
    return number_dimensions(k);
}

static tariff_status make(maker *k, unsigned threads)
{
    TF_TRY(make_rows(k));
    unsigned count = tf_count_threads(threads, k->m->rows / 4096 + 1);
    worker  *workers = TF_ARRAY(&k->scratch, worker, count);
    TF_NEED(workers);
    for (unsigned i = 0; i < count; i++) {
        workers[i].k = k;
        tf_arena_init(&workers[i].arena, &k->env->allocator);
    }
    tf_run_threads(count, work, workers);
    tariff_status status = finish(k, workers, count);
    for (unsigned i = 0; i < count; i++)
        tf_arena_free(&workers[i].arena);
    return status;
}

tariff_status tf_markets_make(tariff_env *env, const tf_impact_spec *spec,
                              const tf_elasticities *table, const tf_trade *baseline,
                              const tf_trade *scenario, unsigned threads, tf_markets *out)
{
    tf_arena first;
    memset(out, 0, sizeof *out);
    tf_arena_init(&out->arena, &env->allocator);
    out->spec = spec;
    out->table = table;
    tf_arena_init(&first, &env->allocator);
    maker        *k = TF_NEW(&first, maker);
    tariff_status status = TARIFF_E_NOMEM;
    if (k) {
        k->env = env;
        k->m = out;
        k->baseline = baseline;
        k->scenario = scenario;
        tf_arena_init(&k->scratch, &env->allocator);
        status = make(k, threads);
        tf_arena_free(&k->scratch);
    }
    tf_arena_free(&first);
    if (status != TARIFF_OK)
        tf_markets_free(out);
    return status;
}

void tf_markets_free(tf_markets *markets)
{
    tf_arena_free(&markets->arena);
}

/* Asking */

double tf_markets_estimate(const tf_markets *m, tf_parameter p, size_t market, size_t row)
{
    const tf_market_rows *one = &m->market[market];
    uint32_t              entry = one->entry[p];
    if (m->importer[row] != one->importer) /* GSIM */
        entry = tf_elasticities_find(m->table, p, one->hs, m->importer[row], TARIFF_COUNTRY_NONE);
    return m->table->entries.at[entry].spread.value;
}

void tf_markets_draw(const tf_markets *m, const double *point, double *values)
{
    for (size_t i = 0; i < m->drawn.n; i++) {
        const tf_drawn  *drawn = &m->drawn.at[i];
        const tf_spread *spread = &m->table->entries.at[drawn->entry].spread;
        values[i] = point && drawn->dimension != TF_FIXED_DIMENSION
                        ? tf_spread_at(spread, point[drawn->dimension])
                        : spread->value;
    }
}
