/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Markets for tests of the models: made by hand or at random, and solved.
 */
#ifndef TESTS_UNIT_MARKET_CHECK_H
#define TESTS_UNIT_MARKET_CHECK_H

#include "unit/random.h"

#include "model/armington.h"
#include "model/effect.h"
#include "model/passthrough.h"
#include "model/smart.h"

#include <math.h>

enum { CHECK_ORIGINS = 12 };

/** A market with room for its arrays, and what a model makes of it. */
typedef struct check_market {
    double      value[CHECK_ORIGINS], t0[CHECK_ORIGINS], t1[CHECK_ORIGINS];
    double      ln_tau[CHECK_ORIGINS], supply[CHECK_ORIGINS];
    double      price[CHECK_ORIGINS], quantity[CHECK_ORIGINS], producer[CHECK_ORIGINS];
    double      creation[CHECK_ORIGINS], diversion[CHECK_ORIGINS];
    bool        home; /**< The last origin sells at home. */
    tf_market   market;
    tf_response response;
    tf_effect   effect;
    tf_solved   how;
} check_market;

/** What tests run by name. */
typedef enum check_model {
    CHECK_REDUCED,
    CHECK_STRUCTURAL,
    CHECK_ARMINGTON,
    CHECK_LINEAR,
    CHECK_CES,
    CHECK_BOUNDED,
    CHECK_MODELS
} check_model;

/** Point a market at its own arrays, after it was copied or changed. */
static inline void check_bind(check_market *m)
{
    tf_ln_tau(m->market.n, m->t0, m->t1, m->ln_tau);
    m->market.value = m->value;
    m->market.t0 = m->t0;
    m->market.t1 = m->t1;
    m->market.ln_tau = m->ln_tau;
    m->market.supply = m->supply;
    m->response = (tf_response){ .price = m->price,
                                 .quantity = m->quantity,
                                 .producer = m->producer,
                                 .creation = m->creation,
                                 .diversion = m->diversion };
}

static inline void check_run(check_market *m, check_model model)
{
    check_bind(m);
    switch (model) {
    case CHECK_REDUCED: m->how = tf_passthrough_reduced(&m->market, &m->response); break;
    case CHECK_STRUCTURAL: m->how = tf_passthrough_structural(&m->market, &m->response); break;
    case CHECK_ARMINGTON: m->how = tf_armington(&m->market, &m->response); break;
    case CHECK_LINEAR: m->how = tf_smart(&m->market, TF_SMART_LINEAR, &m->response); break;
    case CHECK_CES: m->how = tf_smart(&m->market, TF_SMART_CES, &m->response); break;
    default: m->how = tf_smart(&m->market, TF_SMART_BOUNDED, &m->response);
    }
    m->effect = (tf_effect){ .consumer = m->response.consumer };
    for (size_t i = 0; i < m->market.n && tf_is_solved(m->how); i++) {
        tf_flow_change flow = { m->value[i],    m->t0[i],       m->t1[i],
                                m->ln_tau[i],   m->price[i],    m->quantity[i],
                                m->producer[i], m->creation[i], m->diversion[i],
                                m->home && i == m->market.n - 1 };
        tf_effect_add(&m->effect, &flow);
    }
}

/** A number between two others. */
static inline double check_between(check_random *random, double low, double high)
{
    return low + (high - low) * (double)(check_next(random) >> 11) * 0x1p-53;
}

/** A market at random: any rates up to 60 %, some origins untouched, some price takers. */
static inline check_market check_any_market(check_random *random)
{
    check_market m;
    memset(&m, 0, sizeof m);
    m.market.n = 1 + check_below(random, CHECK_ORIGINS);
    m.market.sigma = check_between(random, 0.3, 8);
    m.market.eta = check_between(random, 0.05, 4);
    m.market.eps = check_between(random, 0.05, 1.5);
    m.market.rho = check_between(random, 0.05, 1);
    for (size_t i = 0; i < m.market.n; i++) {
        m.value[i] = check_between(random, 1, 1000);
        m.t0[i] = check_one_in(random, 3) ? 0 : check_between(random, 0, 0.3);
        m.t1[i] = check_one_in(random, 3) ? m.t0[i] : check_between(random, 0, 0.6);
        m.supply[i] = check_one_in(random, 4) ? INFINITY : check_between(random, 0.2, 20);
    }
    return m;
}

/** Equal but for rounding, relative to the size of the numbers. */
static inline _Bool check_near(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance * fmax(1, fmax(fabs(a), fabs(b)));
}

#define check_close(a, b, tolerance)                                                        \
    do {                                                                                    \
        if (!check_near((a), (b), (tolerance)))                                             \
            fail_msg("%s is %.15g, not %.15g", #a, (double)(a), (double)(b));               \
    } while (0)

#endif
