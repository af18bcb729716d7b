/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Beside a model's answer: how restrictive both laws are, and which pass-through
 * the importers would break even at.
 */
#include "run/impact.h"

#include "base/threads.h"
#include "model/passthrough.h"
#include "model/root.h"

#include <math.h>
#include <stdatomic.h>

/* Indices: chunks of markets are summed by themselves, then in their order */

enum { BEFORE, AFTER, LAWS };

typedef struct indexer {
    const tf_markets *m;
    tf_index_sums    *sums;    /**< By chunk and law; in the second pass, the first is of all. */
    tf_index_moments *moments; /**< NULL in the first pass. */
    atomic_uint       next;
} indexer;

/* Some rows of a market of one importer, none of them sold at home. */
static void index_rows(indexer *x, unsigned chunk, size_t market, size_t first, size_t n)
{
    const tf_markets *m = x->m;
    double            eps = tf_markets_estimate(m, TF_EPS, market, first);
    for (unsigned law = BEFORE; law < LAWS; law++) {
        const double *rate = law == BEFORE ? m->t0 : m->t1;
        size_t        at = chunk * LAWS + law;
        if (x->moments)
            tf_index_spread(&x->moments[at], &x->sums[law], n, m->value + first, rate + first, eps);
        else
            tf_index_add(&x->sums[at], n, m->value + first, rate + first, eps);
    }
}

static void index_market(indexer *x, unsigned chunk, size_t market)
{
    const tf_markets *m = x->m;
    size_t            row = m->market[market].first_row, end = row + m->market[market].rows;
    while (row < end) {
        size_t   first = row;
        uint16_t importer = m->importer[row];
        while (row < end && m->importer[row] == importer && m->origin[row] != importer)
            row++;
        if (row > first)
            index_rows(x, chunk, market, first, row - first);
        row += row < end && m->origin[row] == m->importer[row]; /* no import */
    }
}

static void index_chunks(void *user, unsigned number)
{
    indexer *x = user;
    (void)number;
    for (unsigned c; (c = atomic_fetch_add(&x->next, 1)) < TF_MARKET_CHUNKS;)
        for (size_t i = tf_chunk_begin(x->m, c); i < tf_chunk_begin(x->m, c + 1); i++)
            index_market(x, c, i);
}

tariff_status tf_impact_indices(tf_impact *impact, unsigned threads, tf_arena *scratch)
{
    tf_index_moments *moments = TF_ARRAY(scratch, tf_index_moments, LAWS * TF_MARKET_CHUNKS);
    indexer           x = { .m = &impact->markets };
    unsigned          count = tf_count_threads(threads, x.m->rows / 4096 + 1);
    x.sums = TF_ARRAY(scratch, tf_index_sums, LAWS * TF_MARKET_CHUNKS);
    TF_NEED(moments && x.sums);
    tf_run_threads(count, index_chunks, &x);
    for (size_t i = LAWS; i < LAWS * TF_MARKET_CHUNKS; i++)
        tf_index_merge(&x.sums[i % LAWS], &x.sums[i]);
    x.moments = moments;
    atomic_store(&x.next, 0);
    tf_run_threads(count, index_chunks, &x);
    for (size_t i = LAWS; i < LAWS * TF_MARKET_CHUNKS; i++) {
        moments[i % LAWS].variance += moments[i].variance;
        moments[i % LAWS].covariance += moments[i].covariance;
    }
    impact->before = tf_indices_of(&x.sums[BEFORE], &moments[BEFORE]);
    impact->after = tf_indices_of(&x.sums[AFTER], &moments[AFTER]);
    return TARIFF_OK;
}

/* Break-even: welfare is linear in value and duty, so that groups stand for their rows */

typedef struct changed {
    double value, t0, t1, ln_tau, eta;
} changed;

typedef struct breakeven {
    changed *at;
    size_t   n;
} breakeven;

static void list_changed(const tf_markets *m, size_t number, breakeven *out)
{
    const tf_market_rows *market = &m->market[number];
    bool                  world = m->spec->model == TF_MODEL_GSIM; /* a group is a row */
    for (size_t i = 0; i < market->groups; i++) {
        size_t g = market->first_group + i;
        if (m->group_ln_tau[g] == 0 || m->group_home[g] || m->group_value[g] == 0)
            continue;
        double eta =
            tf_markets_estimate(m, TF_ETA, number, market->first_row + (world ? i : 0));
        out->at[out->n++] = (changed){ m->group_value[g], m->group_t0[g], m->group_t1[g],
                                       m->group_ln_tau[g], eta };
    }
}

static bool welfare_at(void *user, double rho, double *y)
{
    const breakeven *all = user;
    *y = 0;
    for (size_t i = 0; i < all->n; i++) {
        const changed *c = &all->at[i];
        *y += tf_passthrough_welfare(c->value, c->t0, c->t1, c->ln_tau, c->eta, rho);
    }
    return true;
}

/* Buyers bear more, importers lose: the share at which they gain and lose nothing. */
tariff_status tf_impact_breakeven(tf_impact *impact, tf_arena *scratch)
{
    const tf_markets *m = &impact->markets;
    breakeven         all = { TF_ARRAY(scratch, changed, m->groups + 1), 0 };
    tf_root           root;
    TF_NEED(all.at);
    for (size_t i = 0; i < m->count; i++)
        list_changed(m, i, &all);
    impact->breakeven = NAN;
    impact->changes = all.n > 0;
    if (all.n == 0)
        return TARIFF_OK;
    TF_TRY(tf_find_root(welfare_at, &all, 0, 2, 1e-10, &root));
    if (root.bracketed)
        impact->breakeven = root.x;
    return TARIFF_OK;
}
