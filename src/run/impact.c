/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/impact.h"

#include "model/passthrough.h"
#include "model/root.h"
#include "value/hs.h"

#include <math.h>

tariff_status tf_impact_elasticities(tariff_env *env, const tf_impact_spec *spec,
                                     tf_elasticities *out)
{
    TF_TRY(tf_elasticities_init(out, &env->allocator, spec->horizon));
    tariff_status status = TARIFF_OK;
    for (int p = 0; p < TF_PARAMETERS; p++)
        if (spec->has_default[p])
            tf_elasticities_default(out, (tf_parameter)p, spec->defaults[p]);
    for (size_t i = 0; i < spec->paths.n && status == TARIFF_OK; i++)
        status = tf_elasticities_load(out, env, spec->paths.at[i], &spec->places.at[i]);
    if (status == TARIFF_OK)
        status = tf_elasticities_finish(out, env);
    if (status != TARIFF_OK)
        tf_elasticities_free(out);
    return status;
}

/* Groups */

/** Groups by what they are of, while they are filled. */
typedef struct grouping {
    tf_impact       *impact;
    const tf_markets *m;
    unsigned         digits;
    tf_impact_group  origins[TF_COUNTRIES_MAX], importers[TF_COUNTRIES_MAX];
    bool             has_origin[TF_COUNTRIES_MAX], has_importer[TF_COUNTRIES_MAX];
    double           consumer[TF_COUNTRIES_MAX];
} grouping;

static tf_impact_group *product_at(grouping *k, uint64_t hs)
{
    tf_impact *impact = k->impact;
    uint64_t   code = tf_hs_cut(hs, k->digits);
    size_t     n = impact->product_count;
    if (n == 0 || impact->products[n - 1].hs != code)
        impact->products[impact->product_count++] =
            (tf_impact_group){ .hs = code, .country = TARIFF_COUNTRY_NONE };
    return &impact->products[impact->product_count - 1];
}

/* A row has the price and the quantity of its group; surplus of producers goes by value. */
static void add_row(grouping *k, const tf_responder *r, size_t row, size_t at, tf_solved how)
{
    const tf_markets *m = k->m;
    size_t            g = m->group[row];
    double            part = m->group_value[g] > 0 ? m->value[row] / m->group_value[g] : 0;
    bool              good = tf_is_solved(how);
    tf_impact_group  *origin = &k->origins[m->origin[row]];
    tf_impact_group  *importer = &k->importers[m->importer[row]];
    tf_impact_flow   *out = &k->impact->flows[row];
    *out = (tf_impact_flow){ m->hs[row], m->origin[row], m->importer[row], m->value[row],
                             m->t0[row], m->t1[row], NAN, NAN, how };
    k->has_origin[m->origin[row]] = k->has_importer[m->importer[row]] = true;
    if (!good) {
        origin->unsolved += m->value[row];
        importer->unsolved += m->value[row];
        return;
    }
    out->price = r->response.price[at];
    out->quantity = r->response.quantity[at];
    tf_flow_change flow = { .value = m->value[row],
                            .t0 = m->t0[row],
                            .t1 = m->t1[row],
                            .ln_tau = m->ln_tau[row],
                            .price = out->price,
                            .quantity = out->quantity,
                            .producer = r->response.producer[at] * part,
                            .creation = r->response.creation[at] * part,
                            .diversion = r->response.diversion[at] * part,
                            .home = m->group_home[g] };
    tf_effect_add(&origin->effect, &flow);
    tf_effect_add(&importer->effect, &flow);
}

/* Home sales that come from no row. */
static void add_home(grouping *k, const tf_responder *r, const tf_market_rows *market)
{
    const tf_markets *m = k->m;
    size_t            last = market->groups - 1, g = market->first_group + last;
    bool              named = false;
    for (size_t row = market->first_row; row < market->first_row + market->rows; row++)
        named = named || m->group[row] == g;
    if (named || !m->group_home[g])
        return;
    tf_flow_change flow = { .value = m->group_value[g],
                            .price = r->response.price[last],
                            .quantity = r->response.quantity[last],
                            .producer = r->response.producer[last],
                            .home = true };
    tf_effect_add(&k->importers[market->importer].effect, &flow);
}

static tariff_status add_unsolved(tf_impact *impact, const tf_market_rows *market, tf_solved how)
{
    bool        world = impact->markets.spec->model == TF_MODEL_GSIM; /* one market for all */
    tf_unsolved one = { market->hs, world ? TARIFF_COUNTRY_NONE : market->importer,
                        market->value, how };
    impact->unsolved_value += market->value;
    return TF_PUSH(&impact->arena, &impact->unsolved, one) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status add_market(grouping *k, tf_responder *r, size_t number, const double *values)
{
    tf_impact            *impact = k->impact;
    const tf_market_rows *market = &k->m->market[number];
    tf_impact_group      *product = product_at(k, market->hs);
    tf_solved             how = tf_respond(r, number, values);
    impact->value += market->value;
    impact->untouched += how == TF_UNTOUCHED || how == TF_NO_TRADE;
    for (size_t row = market->first_row; row < market->first_row + market->rows; row++)
        add_row(k, r, row, k->m->group[row] - market->first_group, how);
    if (!tf_is_solved(how)) {
        product->unsolved += market->value;
        return add_unsolved(impact, market, how);
    }
    tf_effect one = { 0 };
    tf_respond_add(r, number, &one);
    tf_effect_merge(&impact->total, &one);
    tf_effect_merge(&product->effect, &one);
    tf_respond_importers(r, number, k->consumer);
    if (market->groups)
        add_home(k, r, market);
    impact->residual = fmax(impact->residual, r->response.residual);
    if (r->response.iterations > impact->iterations)
        impact->iterations = r->response.iterations;
    return TARIFF_OK;
}

static void finish_countries(grouping *k)
{
    tf_impact *impact = k->impact;
    for (uint16_t c = 0; c < TF_COUNTRIES_MAX; c++) {
        k->importers[c].effect.consumer += k->consumer[c];
        k->importers[c].exports = k->origins[c].effect.producer;
        k->origins[c].country = k->importers[c].country = c;
        if (k->has_origin[c])
            impact->origins[impact->origin_count++] = k->origins[c];
        if (k->has_importer[c])
            impact->importers[impact->importer_count++] = k->importers[c];
    }
}

static tariff_status solve_all(grouping *k, tf_responder *r)
{
    const tf_markets *m = k->m;
    double           *values = TF_ARRAY(&k->impact->arena, double, m->drawn.n + 1);
    TF_NEED(values);
    tf_markets_draw(m, NULL, values);
    for (size_t i = 0; i < m->count; i++)
        TF_TRY(add_market(k, r, i, values));
    finish_countries(k);
    return TARIFF_OK;
}

/* Beside the burden */

/* The point estimate for a row's product and importer; rows of one market follow one another. */
static double estimate_at(const tf_markets *m, tf_parameter p, size_t row, double last)
{
    if (row > 0 && m->hs[row] == m->hs[row - 1] && m->importer[row] == m->importer[row - 1])
        return last;
    uint32_t at =
        tf_elasticities_find(m->table, p, m->hs[row], m->importer[row], TARIFF_COUNTRY_NONE);
    return m->table->entries.at[at].spread.value;
}

static tariff_status set_indices(tf_impact *impact)
{
    const tf_markets *m = &impact->markets;
    size_t            n = 0;
    double           *arrays = TF_ARRAY(&impact->arena, double, 4 * m->rows + 1), last = 0;
    TF_NEED(arrays);
    double *eps = arrays, *value = eps + m->rows, *t0 = value + m->rows, *t1 = t0 + m->rows;
    for (size_t i = 0; i < m->rows; i++) {
        last = estimate_at(m, TF_EPS, i, last);
        if (m->origin[i] == m->importer[i])
            continue; /* no import */
        eps[n] = last;
        value[n] = m->value[i];
        t0[n] = m->t0[i];
        t1[n++] = m->t1[i];
    }
    tf_indices_of(n, value, t0, eps, &impact->before);
    tf_indices_of(n, value, t1, eps, &impact->after);
    return TARIFF_OK;
}

static bool welfare_at(void *user, double rho, double *y)
{
    const tf_markets *m = user;
    double            eta = 0;
    *y = 0;
    for (size_t i = 0; i < m->rows; i++) {
        eta = estimate_at(m, TF_ETA, i, eta);
        if (m->ln_tau[i] != 0 && m->origin[i] != m->importer[i])
            *y += tf_passthrough_welfare(m->value[i], m->t0[i], m->t1[i], m->ln_tau[i], eta, rho);
    }
    return true;
}

/* Buyers bear more, importers lose: the share at which they gain and lose nothing. */
static tariff_status set_breakeven(tf_impact *impact)
{
    tf_root root;
    impact->breakeven = NAN;
    TF_TRY(tf_find_root(welfare_at, &impact->markets, 0, 2, 1e-10, &root));
    if (root.bracketed)
        impact->breakeven = root.x;
    return TARIFF_OK;
}

static tariff_status solve(tariff_env *env, unsigned digits, tf_impact *impact)
{
    const tf_markets *m = &impact->markets;
    tf_responder      r;
    grouping         *k = TF_NEW(&impact->arena, grouping);
    impact->products = TF_ARRAY(&impact->arena, tf_impact_group, m->count + 1);
    impact->origins = TF_ARRAY(&impact->arena, tf_impact_group, TF_COUNTRIES_MAX);
    impact->importers = TF_ARRAY(&impact->arena, tf_impact_group, TF_COUNTRIES_MAX);
    impact->flows = TF_ARRAY(&impact->arena, tf_impact_flow, m->rows + 1);
    TF_NEED(k && impact->products && impact->origins && impact->importers && impact->flows);
    k->impact = impact;
    k->m = m;
    k->digits = digits;
    TF_TRY(tf_responder_init(&r, env, m));
    tariff_status status = solve_all(k, &r);
    tf_responder_free(&r);
    if (status == TARIFF_OK)
        status = set_indices(impact);
    return status == TARIFF_OK ? set_breakeven(impact) : status;
}

tariff_status tf_impact_solve(tariff_env *env, const tf_impact_spec *spec,
                              const tf_elasticities *table, const tf_trade *baseline,
                              const tf_trade *scenario, unsigned digits, tf_impact *impact)
{
    memset(impact, 0, sizeof *impact);
    TF_TRY(tf_markets_make(env, spec, table, baseline, scenario, &impact->markets));
    tf_arena_init(&impact->arena, &env->allocator);
    tariff_status status = solve(env, digits, impact);
    if (status != TARIFF_OK)
        tf_impact_free(impact);
    return status;
}

void tf_impact_free(tf_impact *impact)
{
    tf_arena_free(&impact->arena);
    tf_markets_free(&impact->markets);
}
