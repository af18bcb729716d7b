/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * One market through the scenario's model.
 */
#ifndef TF_RUN_RESPOND_H
#define TF_RUN_RESPOND_H

#include "model/effect.h"
#include "model/gsim.h"
#include "run/markets.h"

/** A worker's scratch; after tf_respond(), what became of the market's groups. */
typedef struct tf_responder {
    const tf_markets *markets;
    tf_arena          arena;
    tf_response       response; /**< Arrays by group of the market at hand. */
    double           *supply;
    /* GSIM: the countries of the market at hand. */
    tf_gsim          *gsim;
    tf_world          world;
    tf_world_response world_response;
    size_t            gsim_room;
    uint16_t          country[TF_COUNTRIES_MAX];
    uint16_t          place[TF_COUNTRIES_MAX]; /**< In `country`, by id. */
    double           *cells; /**< Storage of world and response. */
} tf_responder;

tariff_status tf_responder_init(tf_responder *responder, tariff_env *env,
                                const tf_markets *markets);
void          tf_responder_free(tf_responder *responder);

/** Solve a market with these values of the drawn parameters. */
tf_solved tf_respond(tf_responder *responder, size_t market, const double *values);

/** Add what became of the market, if it was solved. */
void tf_respond_add(const tf_responder *responder, size_t market, tf_effect *effect);

#endif
