/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/markets.h"

#include "base/mix.h"
#include "model/market.h"
#include "value/hs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHAPTERS = 100, SLOTS = 1024 };

static int by_key(const void *left, const void *right)
{
    const tf_trade_cell *a = left, *b = right;
    return a->key < b->key ? -1 : a->key > b->key;
}

tariff_status tf_trade_take(const tf_tally *tally, tf_arena *arena, tf_trade *out)
{
    out->n = tally->flows.keys.n;
    out->at = TF_ARRAY(arena, tf_trade_cell, out->n + 1);
    TF_NEED(out->at);
    for (size_t i = 0; i < out->n; i++) {
        const tf_sums *sums = &tally->flows.sums.at[i];
        out->at[i] = (tf_trade_cell){ tally->flows.keys.at[i], sums->value,
                                      sums->ordinary + sums->additional };
    }
    if (out->n)
        qsort(out->at, out->n, sizeof *out->at, by_key);
    return TARIFF_OK;
}

/** What making needs, and drops. */
typedef struct maker {
    tariff_env *env;
    tf_markets *m;
    tf_arena    scratch;
    uint32_t   *pairs; /**< (entry, chapter) -> drawn + 1. */
    bool        used[TF_PARAMETERS][CHAPTERS]; /**< Dimensions. */
    uint32_t    number[TF_PARAMETERS][CHAPTERS];
    uint64_t    supply_hs;       /**< Of the last supply that was looked up, */
    uint16_t    supply_importer; /**< and the entry that was found. */
    uint32_t    supply_entry;
    uint32_t    slot[SLOTS], stamp[SLOTS]; /**< Groups of the market at hand: group + 1. */
} maker;

/* Joining */

static tariff_status other_flows(maker *k)
{
    return tf_doc_error(k->env, k->m->spec->node, true, TARIFF_E_CONFLICT,
                        "let the baseline differ in law, not in flows or 'where'",
                        "'impact' compares two laws on the same flows, and the baseline has others");
}

/* Equal exact duties give equal rates, so that what the law leaves alone stays alone. */
static double rate_of(const tf_trade_cell *cell)
{
    return cell->value == 0 ? 0 : (double)cell->duty / (double)cell->value * 1e-12;
}

static tariff_status make_rows(maker *k, const tf_trade *baseline, const tf_trade *scenario)
{
    tf_markets *m = k->m;
    size_t      n = m->rows = scenario->n, room = 2 * n + 1; /* groups: home sales, too */
    if (baseline->n != n)
        return other_flows(k);
    m->hs = TF_ARRAY(&m->arena, uint64_t, n + 1);
    m->origin = TF_ARRAY(&m->arena, uint16_t, n + 1);
    m->importer = TF_ARRAY(&m->arena, uint16_t, n + 1);
    m->value = TF_ARRAY(&m->arena, double, 4 * n + 4);
    m->group = TF_ARRAY(&m->arena, uint32_t, n + 1);
    m->group_value = TF_ARRAY(&m->arena, double, 4 * room);
    m->group_supply = TF_ARRAY(&m->arena, uint32_t, 3 * room);
    m->group_origin = TF_ARRAY(&m->arena, uint16_t, 2 * room);
    m->group_home = TF_ARRAY(&m->arena, bool, room);
    m->market = TF_ARRAY(&m->arena, tf_market_rows, n + 1);
    TF_NEED(m->hs && m->origin && m->importer && m->value && m->group && m->group_value
            && m->group_supply && m->group_origin && m->group_home && m->market);
    m->t0 = m->value + n;
    m->t1 = m->t0 + n;
    m->ln_tau = m->t1 + n;
    m->group_t0 = m->group_value + room;
    m->group_t1 = m->group_t0 + room;
    m->group_ln_tau = m->group_t1 + room;
    m->group_sigma = m->group_supply + room;
    m->group_eta = m->group_sigma + room;
    m->group_importer = m->group_origin + room;
    for (size_t i = 0; i < n; i++) {
        const tf_trade_cell *before = &baseline->at[i], *after = &scenario->at[i];
        if (before->key != after->key || before->value != after->value)
            return other_flows(k);
        m->hs[i] = after->key >> 16;
        m->importer[i] = after->key >> 8 & 0xFF;
        m->origin[i] = after->key & 0xFF;
        m->value[i] = (double)after->value / 1e4;
        m->t0[i] = rate_of(before);
        m->t1[i] = rate_of(after);
    }
    tf_ln_tau(n, m->t0, m->t1, m->ln_tau);
    return TARIFF_OK;
}

/* Parameters */

static unsigned chapter_of(const maker *k, uint64_t hs)
{
    unsigned ten = (unsigned)(hs >> 44 & 15), one = (unsigned)(hs >> 40 & 15);
    return k->m->spec->by_chapter && ten && one ? (ten - 1) * 10 + one - 1 : 0;
}

/* The drawn parameter of an entry in a chapter; SIZE_MAX if memory ran out. */
static uint32_t drawn_at(maker *k, uint32_t entry, uint64_t hs)
{
    tf_markets          *m = k->m;
    unsigned             chapter = chapter_of(k, hs);
    uint32_t            *pair = &k->pairs[(size_t)entry * CHAPTERS + chapter];
    const tf_elasticity *e = &m->table->entries.at[entry];
    if (*pair)
        return *pair - 1;
    tf_drawn drawn = { entry, TF_FIXED_DIMENSION };
    if (tf_spread_moves(&e->spread)) {
        drawn.dimension = (uint32_t)e->parameter * CHAPTERS + chapter; /* numbered at the end */
        k->used[e->parameter][chapter] = true;
    }
    if (!TF_PUSH(&m->arena, &m->drawn, drawn))
        return UINT32_MAX;
    *pair = (uint32_t)m->drawn.n;
    return *pair - 1;
}

/* Where no row is about one origin, all origins of a market have one supply. */
static uint32_t find_supply(maker *k, uint64_t hs, uint16_t importer, uint16_t origin)
{
    if (k->m->table->by_origin || k->supply_hs != hs || k->supply_importer != importer)
        k->supply_entry = tf_elasticities_find(k->m->table, TF_SUPPLY, hs, importer, origin);
    k->supply_hs = hs;
    k->supply_importer = importer;
    return k->supply_entry;
}

static uint32_t find(maker *k, tf_parameter p, uint64_t hs, uint16_t importer, uint16_t origin,
                     double value)
{
    uint32_t entry = p == TF_SUPPLY ? find_supply(k, hs, importer, origin)
                                    : tf_elasticities_find(k->m->table, p, hs, importer, origin);
    if (k->m->table->entries.at[entry].is_default)
        k->m->on_default[p] += value;
    /* What the model does not use is never drawn. */
    if (!(tf_impact_uses(k->m->spec) >> p & 1))
        return entry;
    return drawn_at(k, entry, hs);
}

/* Groups */

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static uint32_t group_at(maker *k, uint32_t market, size_t row, uint32_t supply, bool *fresh)
{
    tf_markets *m = k->m;
    bool        home = m->origin[row] == m->importer[row];
    uint64_t    hash = tf_mix(tf_mix(supply * 2 + home, bits_of(m->ln_tau[row])), 1);
    *fresh = true;
    if (m->spec->model == TF_MODEL_GSIM)
        return (uint32_t)m->groups++;
    size_t at = hash % SLOTS;
    for (; k->stamp[at] == market + 1; at = (at + 1) % SLOTS) {
        uint32_t group = k->slot[at];
        if (m->group_supply[group] == supply && m->group_home[group] == home
            && bits_of(m->group_ln_tau[group]) == bits_of(m->ln_tau[row])) {
            *fresh = false;
            return group;
        }
    }
    k->stamp[at] = market + 1;
    k->slot[at] = (uint32_t)m->groups;
    return (uint32_t)m->groups++;
}

/* While it grows, a group's rates are sums of duties; finish_group() divides them. */
static tariff_status add_row(maker *k, uint32_t market, size_t row)
{
    tf_markets *m = k->m;
    bool        gsim = m->spec->model == TF_MODEL_GSIM, fresh;
    uint16_t    importer = gsim ? TARIFF_COUNTRY_NONE : m->importer[row];
    uint32_t    supply = find(k, TF_SUPPLY, m->hs[row], importer, m->origin[row], m->value[row]);
    uint32_t    group = group_at(k, market, row, supply, &fresh);
    m->group[row] = group;
    if (fresh) {
        m->group_supply[group] = supply;
        m->group_ln_tau[group] = m->ln_tau[row];
        m->group_home[group] = m->origin[row] == m->importer[row];
        m->group_origin[group] = m->origin[row];
        m->group_importer[group] = m->importer[row];
    }
    if (gsim) {
        m->group_sigma[group] = find(k, TF_SIGMA, m->hs[row], m->importer[row],
                                     TARIFF_COUNTRY_NONE, m->value[row]);
        m->group_eta[group] = find(k, TF_ETA, m->hs[row], m->importer[row], TARIFF_COUNTRY_NONE,
                                   m->value[row]);
        if (m->group_sigma[group] == UINT32_MAX || m->group_eta[group] == UINT32_MAX)
            return TARIFF_E_NOMEM;
    }
    m->group_value[group] += m->value[row];
    m->group_t0[group] += m->value[row] * m->t0[row];
    m->group_t1[group] += m->value[row] * m->t1[row];
    return supply == UINT32_MAX ? TARIFF_E_NOMEM : TARIFF_OK;
}

static void finish_group(tf_markets *m, size_t group)
{
    double value = m->group_value[group];
    m->group_t0[group] = value > 0 ? m->group_t0[group] / value : 0;
    m->group_t1[group] = value > 0 ? m->group_t1[group] / value : 0;
    if (m->group_ln_tau[group] == 0) /* rounding makes no change */
        m->group_t1[group] = m->group_t0[group];
}

/* Home sales that trade statistics do not have, as a multiple of imports. */
static tariff_status add_home(maker *k, tf_market_rows *market)
{
    tf_markets *m = k->m;
    uint32_t    entry = tf_elasticities_find(m->table, TF_HOME, market->hs, market->importer,
                                             TARIFF_COUNTRY_NONE);
    double      ratio = m->table->entries.at[entry].spread.value;
    if (m->spec->model == TF_MODEL_GSIM || ratio == 0 || market->value == 0)
        return TARIFF_OK;
    size_t group = m->groups++;
    m->group_value[group] = ratio * market->value;
    m->group_supply[group] = drawn_at(
        k, tf_elasticities_find(m->table, TF_SUPPLY, market->hs, market->importer,
                                market->importer), market->hs);
    m->group_home[group] = true;
    return m->group_supply[group] == UINT32_MAX ? TARIFF_E_NOMEM : TARIFF_OK;
}

static bool same_market(const tf_markets *m, size_t a, size_t b)
{
    return m->hs[a] == m->hs[b]
           && (m->spec->model == TF_MODEL_GSIM || m->importer[a] == m->importer[b]);
}

static tariff_status make_market(maker *k, size_t first, size_t end)
{
    tf_markets     *m = k->m;
    uint32_t        number = (uint32_t)m->count++;
    tf_market_rows *market = &m->market[number];
    *market = (tf_market_rows){ .hs = m->hs[first],
                                .importer = m->importer[first],
                                .first_row = (uint32_t)first,
                                .rows = (uint32_t)(end - first),
                                .first_group = (uint32_t)m->groups };
    for (size_t i = first; i < end; i++) {
        TF_TRY(add_row(k, number, i));
        market->value += m->value[i];
        market->touched = market->touched || (m->value[i] > 0 && m->ln_tau[i] != 0);
    }
    for (size_t g = market->first_group; g < m->groups; g++)
        finish_group(m, g);
    TF_TRY(add_home(k, market));
    market->groups = (uint32_t)m->groups - market->first_group;
    if (market->groups > m->most_groups)
        m->most_groups = market->groups;
    if (m->spec->model == TF_MODEL_GSIM)
        return TARIFF_OK;
    uint32_t *const into[] = { &market->sigma, &market->eta, &market->eps, &market->rho };
    static const tf_parameter which[] = { TF_SIGMA, TF_ETA, TF_EPS, TF_RHO };
    for (int i = 0; i < 4; i++) {
        *into[i] = find(k, which[i], market->hs, market->importer, TARIFF_COUNTRY_NONE,
                        market->value);
        if (*into[i] == UINT32_MAX)
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

/* Dimensions are numbered by name, so that points do not depend on the order of files. */
static tariff_status number_dimensions(maker *k)
{
    static const tf_parameter by_name[] = { TF_EPS, TF_ETA, TF_HOME, TF_RHO, TF_SIGMA, TF_SUPPLY };
    tf_markets *m = k->m;
    size_t      most = TF_PARAMETERS * CHAPTERS;
    m->dimension_names = TF_ARRAY(&m->arena, const char *, most);
    m->dimension_parameters = TF_ARRAY(&m->arena, tf_parameter, most);
    TF_NEED(m->dimension_names && m->dimension_parameters);
    for (int i = 0; i < TF_PARAMETERS; i++)
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

static tariff_status make(maker *k, const tf_trade *baseline, const tf_trade *scenario)
{
    tf_markets *m = k->m;
    k->pairs = TF_ARRAY(&k->scratch, uint32_t, m->table->entries.n * CHAPTERS + 1);
    TF_NEED(k->pairs);
    TF_TRY(make_rows(k, baseline, scenario));
    for (size_t first = 0, end; first < m->rows; first = end) {
        for (end = first + 1; end < m->rows && same_market(m, first, end); end++) {}
        TF_TRY(make_market(k, first, end));
    }
    return number_dimensions(k);
}

tariff_status tf_markets_make(tariff_env *env, const tf_impact_spec *spec,
                              const tf_elasticities *table, const tf_trade *baseline,
                              const tf_trade *scenario, tf_markets *out)
{
    memset(out, 0, sizeof *out);
    tf_arena_init(&out->arena, &env->allocator);
    out->spec = spec;
    out->table = table;
    tf_arena first;
    tf_arena_init(&first, &env->allocator);
    maker        *k = TF_NEW(&first, maker);
    tariff_status status = TARIFF_E_NOMEM;
    if (k) {
        k->env = env;
        k->m = out;
        tf_arena_init(&k->scratch, &env->allocator);
        status = make(k, baseline, scenario);
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
