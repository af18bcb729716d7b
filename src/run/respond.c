/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/respond.h"

#include "model/armington.h"
#include "model/passthrough.h"
#include "model/smart.h"

#include <math.h>

/* Scratch */

static size_t countries_of(const tf_markets *m, const tf_market_rows *market, uint16_t *list,
                           uint16_t *place)
{
    bool   there[TF_COUNTRIES_MAX] = { false };
    size_t n = 0;
    for (size_t g = market->first_group; g < market->first_group + market->groups; g++)
        there[m->group_origin[g]] = there[m->group_importer[g]] = true;
    for (uint16_t c = 0; c < TF_COUNTRIES_MAX; c++)
        if (there[c]) {
            if (place)
                place[c] = (uint16_t)n;
            if (list)
                list[n] = c;
            n++;
        }
    return n;
}

static tariff_status make_world(tf_responder *r)
{
    size_t most = 0;
    for (size_t i = 0; i < r->markets->count; i++) {
        size_t n = countries_of(r->markets, &r->markets->market[i], NULL, NULL);
        most = n > most ? n : most;
    }
    r->gsim_room = most ? most : 1;
    r->cells = TF_ARRAY(&r->arena, double, 4 * most * most + 6 * most + 1);
    TF_NEED(r->cells);
    return tf_gsim_new(r->gsim_room, &r->gsim);
}

tariff_status tf_responder_init(tf_responder *r, tariff_env *env, const tf_markets *markets)
{
    size_t n = markets->most_groups + 1;
    memset(r, 0, sizeof *r);
    r->markets = markets;
    tf_arena_init(&r->arena, &env->allocator);
    double *arrays = TF_ARRAY(&r->arena, double, 6 * n);
    if (!arrays)
        return TARIFF_E_NOMEM;
    r->response = (tf_response){ .price = arrays,
                                 .quantity = arrays + n,
                                 .producer = arrays + 2 * n,
                                 .creation = arrays + 3 * n,
                                 .diversion = arrays + 4 * n };
    r->supply = arrays + 5 * n;
    return markets->spec->model == TF_MODEL_GSIM ? make_world(r) : TARIFF_OK;
}

void tf_responder_free(tf_responder *r)
{
    tf_gsim_free(r->gsim);
    tf_arena_free(&r->arena);
    r->gsim = NULL;
}

/* A market of one importer */

static double value_of(const tf_markets *m, tf_parameter p, uint32_t at, const double *values)
{
    return tf_impact_uses(m->spec) >> p & 1 ? values[at] : NAN;
}

static tf_solved respond_single(tf_responder *r, const tf_market_rows *market,
                                const double *values)
{
    const tf_markets *m = r->markets;
    size_t            first = market->first_group;
    bool              supplied = tf_impact_uses(m->spec) >> TF_SUPPLY & 1;
    for (size_t i = 0; i < market->groups; i++)
        r->supply[i] = supplied ? values[m->group_supply[first + i]] : INFINITY;
    tf_market one = { .n = market->groups,
                      .value = m->group_value + first,
                      .t0 = m->group_t0 + first,
                      .t1 = m->group_t1 + first,
                      .ln_tau = m->group_ln_tau + first,
                      .supply = r->supply,
                      .sigma = value_of(m, TF_SIGMA, market->drawn[TF_SIGMA], values),
                      .eta = value_of(m, TF_ETA, market->drawn[TF_ETA], values),
                      .eps = value_of(m, TF_EPS, market->drawn[TF_EPS], values),
                      .rho = value_of(m, TF_RHO, market->drawn[TF_RHO], values) };
    switch (m->spec->form) {
    case TF_FORM_CES_BOUNDED: return tf_smart(&one, TF_SMART_BOUNDED, &r->response);
    case TF_FORM_CES: return tf_smart(&one, TF_SMART_CES, &r->response);
    case TF_FORM_LINEAR: return tf_smart(&one, TF_SMART_LINEAR, &r->response);
    case TF_FORM_REDUCED: return tf_passthrough_reduced(&one, &r->response);
    case TF_FORM_STRUCTURAL: return tf_passthrough_structural(&one, &r->response);
    default: return tf_armington(&one, &r->response);
    }
}

/* A world */

static void fill_world(tf_responder *r, const tf_market_rows *market, const double *values)
{
    const tf_markets *m = r->markets;
    size_t            n = countries_of(m, market, r->country, r->place);
    double *value = r->cells, *t0 = value + n * n, *t1 = t0 + n * n, *quantity = t1 + n * n;
    double *demand = quantity + n * n, *substitution = demand + n, *supply = substitution + n;
    memset(value, 0, 3 * n * n * sizeof *value);
    for (size_t i = 0; i < n; i++) {
        demand[i] = substitution[i] = 1; /* of who buys nothing: of no effect */
        supply[i] = INFINITY;
    }
    for (size_t g = market->first_group; g < market->first_group + market->groups; g++) {
        size_t from = r->place[m->group_origin[g]], to = r->place[m->group_importer[g]];
        value[to * n + from] = m->group_value[g];
        t0[to * n + from] = m->group_t0[g];
        t1[to * n + from] = m->group_t1[g];
        demand[to] = values[m->group_eta[g]];
        substitution[to] = values[m->group_sigma[g]];
        supply[from] = values[m->group_supply[g]];
    }
    r->world = (tf_world){ n, value, t0, t1, demand, substitution, supply };
    r->world_response = (tf_world_response){ .price = supply + n,
                                             .quantity = quantity,
                                             .consumer = supply + 2 * n,
                                             .producer = supply + 3 * n };
}

/* Producers' surplus is shared out over an exporter's flows by value. */
static void read_world(tf_responder *r, const tf_market_rows *market)
{
    const tf_markets *m = r->markets;
    size_t            n = r->world.n;
    double            sales[TF_COUNTRIES_MAX] = { 0 };
    for (size_t i = 0; i < market->groups; i++)
        sales[r->place[m->group_origin[market->first_group + i]]] +=
            m->group_value[market->first_group + i];
    r->response.consumer = r->response.ln_index = 0;
    for (size_t i = 0; i < market->groups; i++) {
        size_t g = market->first_group + i;
        size_t from = r->place[m->group_origin[g]], to = r->place[m->group_importer[g]];
        r->response.price[i] = r->world_response.price[from];
        r->response.quantity[i] = r->world_response.quantity[to * n + from];
        r->response.producer[i] =
            sales[from] > 0 ? r->world_response.producer[from] * m->group_value[g] / sales[from]
                            : 0;
        r->response.creation[i] = r->response.diversion[i] = 0;
    }
    for (size_t v = 0; v < n; v++)
        r->response.consumer += r->world_response.consumer[v];
    r->response.residual = r->world_response.residual;
    r->response.iterations = r->world_response.iterations;
}

static tf_solved respond_world(tf_responder *r, const tf_market_rows *market,
                               const double *values)
{
    tf_impact_form form = r->markets->spec->form;
    fill_world(r, market, values);
    tf_solved how = form == TF_FORM_EXACT
                        ? tf_gsim_exact(r->gsim, &r->world, &r->world_response)
                        : tf_gsim_linear(r->gsim, &r->world, form == TF_FORM_PRINTED,
                                         &r->world_response);
    if (tf_is_solved(how))
        read_world(r, market);
    return how;
}

tf_solved tf_respond(tf_responder *r, size_t number, const double *values)
{
    const tf_market_rows *market = &r->markets->market[number];
    for (size_t i = 0; i < market->groups; i++)
        r->response.creation[i] = r->response.diversion[i] = 0;
    return r->markets->spec->model == TF_MODEL_GSIM ? respond_world(r, market, values)
                                                    : respond_single(r, market, values);
}

/* Sums */

void tf_respond_add(const tf_responder *r, size_t number, tf_effect *effect)
{
    const tf_markets     *m = r->markets;
    const tf_market_rows *market = &m->market[number];
    effect->consumer += r->response.consumer;
    for (size_t i = 0; i < market->groups; i++) {
        size_t         g = market->first_group + i;
        tf_flow_change flow = { .value = m->group_value[g],
                                .t0 = m->group_t0[g],
                                .t1 = m->group_t1[g],
                                .ln_tau = m->group_ln_tau[g],
                                .price = r->response.price[i],
                                .quantity = r->response.quantity[i],
                                .producer = r->response.producer[i],
                                .creation = r->response.creation[i],
                                .diversion = r->response.diversion[i],
                                .home = m->group_home[g] };
        tf_effect_add(effect, &flow);
    }
}
