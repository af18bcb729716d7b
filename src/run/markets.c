/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/grouping.h"

#include <stdio.h>

enum { CHAPTERS = 100 };

/** What making needs, and drops. */
typedef struct maker {
    tariff_env     *env;
    tf_markets     *m;
    tf_grouping    *grouping;
    const tf_trade *baseline, *scenario;
    tf_arena        scratch;
    uint32_t       *purchases; /**< By market: its first purchases. */
    uint32_t       *pairs;     /**< (entry, chapter) -> drawn + 1. */
    bool            used[TF_PARAMETERS][CHAPTERS]; /**< Dimensions. */
    uint32_t        number[TF_PARAMETERS][CHAPTERS];
} maker;

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
    bool whole = rows->rows == 0 || !memchr(k->scenario->there, 0, rows->rows);
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
    size_t               each = m->spec->by_chapter ? CHAPTERS : 1;
    uint32_t            *pair = &k->pairs[entry * each + chapter];
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

static tariff_status put_group(maker *k, const tf_group *g, uint64_t hs)
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

static tariff_status put_market(maker *k, tf_market_rows *market, const tf_group *groups)
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
        n += k->grouping->chunks[c].groups.n;
    TF_TRY(make_groups(m, n));
    for (size_t c = 0; c < TF_MARKET_CHUNKS; c++) {
        const tf_group *groups = k->grouping->chunks[c].groups.at;
        for (size_t i = tf_chunk_begin(m, c); i < tf_chunk_begin(m, c + 1); i++) {
            TF_TRY(put_market(k, &m->market[i], groups));
            groups += m->market[i].groups;
        }
        for (int p = 0; p < TF_PARAMETERS; p++)
            m->on_default[p] += k->grouping->chunks[c].on_default[p];
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

static tariff_status make(maker *k, unsigned threads)
{
    tf_markets  *m = k->m;
    tf_grouping *g = k->grouping;
    size_t       pairs = m->table->entries.n * (m->spec->by_chapter ? CHAPTERS : 1);
    TF_TRY(make_rows(k));
    *g = (tf_grouping){ .env = k->env,
                        .markets = m,
                        .baseline = k->baseline,
                        .scenario = k->scenario,
                        .purchases = k->purchases };
    TF_TRY(tf_grouping_run(g, threads));
    if (g->differs)
        return other_flows(k);
    k->pairs = TF_ARRAY(&k->scratch, uint32_t, pairs + 1);
    m->asked = TF_ARRAY(&m->arena, bool, m->table->entries.n + 1);
    TF_NEED(k->pairs && m->asked);
    TF_TRY(put_together(k));
    return number_dimensions(k);
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
    tf_grouping  *grouping = TF_NEW(&first, tf_grouping);
    tariff_status status = TARIFF_E_NOMEM;
    if (k && grouping) {
        *k = (maker){ .env = env,
                      .m = out,
                      .grouping = grouping,
                      .baseline = baseline,
                      .scenario = scenario };
        tf_arena_init(&k->scratch, &env->allocator);
        status = make(k, threads);
        tf_grouping_free(grouping);
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
