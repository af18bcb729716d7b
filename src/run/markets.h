/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Flows under two laws as markets for a model: flat arrays, exact sums turned
 * into floating point here and nowhere else.
 *
 * Flows of a market that have the same change of rate and the same supply
 * respond alike, so they are one group (splitting an origin changes nothing):
 * a duty on one origin leaves two or three groups a market, whatever the number
 * of origins.
 */
#ifndef TF_RUN_MARKETS_H
#define TF_RUN_MARKETS_H

#include "elasticity/table.h"
#include "report/tally.h"
#include "scenario/impact.h"

/** Flows by product, importer and origin, with their duty under one law. */
typedef struct tf_trade_cell {
    uint64_t key;   /**< tf_flow_key() */
    tf_i128  value; /**< 1e-4 */
    tf_i128  duty;  /**< 1e-16 */
} tf_trade_cell;

typedef struct tf_trade {
    tf_trade_cell *at; /**< By key. */
    size_t         n;
} tf_trade;

/** Take the flows out of a tally that gathered them. */
tariff_status tf_trade_take(const tf_tally *tally, tf_arena *arena, tf_trade *out);

#define TF_FIXED_DIMENSION UINT32_MAX

/** A parameter that draws may move. */
typedef struct tf_drawn {
    uint32_t entry;     /**< Of the elasticities. */
    uint32_t dimension; /**< Which coordinate of a point moves it, or TF_FIXED_DIMENSION. */
} tf_drawn;

typedef struct tf_market_rows {
    uint64_t  hs;
    uint16_t  importer; /**< GSIM, whose markets have many: of the first row. */
    uint32_t  first_row, rows, first_group, groups;
    bool      touched; /**< Some rate changes. */
    double    value;   /**< Of imports. */
    uint32_t  sigma, eta, eps, rho; /**< Drawn parameters. */
} tf_market_rows;

typedef struct tf_markets {
    tf_arena               arena;
    const tf_impact_spec  *spec;
    const tf_elasticities *table;
    size_t                 rows, groups, count, most_groups;
    /* By row */
    uint64_t *hs;
    uint16_t *origin, *importer;
    double   *value, *t0, *t1, *ln_tau;
    uint32_t *group;
    /* By group */
    double   *group_value, *group_t0, *group_t1, *group_ln_tau;
    uint32_t *group_supply;
    uint16_t *group_origin, *group_importer; /**< GSIM: of the one row it has. */
    uint32_t *group_sigma, *group_eta;       /**< GSIM: of its importer. */
    bool     *group_home;
    tf_market_rows *market;
    TF_VEC(tf_drawn) drawn;
    size_t        dimensions;
    const char  **dimension_names; /**< "sigma", or "sigma_61". */
    tf_parameter *dimension_parameters;
    double        on_default[TF_PARAMETERS]; /**< Value of trade whose parameter is a default. */
} tf_markets;

/**
 * Join flows under the baseline and under the scenario.  Flows that differ
 * between the two are an error.
 */
tariff_status tf_markets_make(tariff_env *env, const tf_impact_spec *spec,
                              const tf_elasticities *table, const tf_trade *baseline,
                              const tf_trade *scenario, tf_markets *out);
void          tf_markets_free(tf_markets *markets);

/** Values of all drawn parameters at a point, or at their point estimates if it is NULL. */
void tf_markets_draw(const tf_markets *markets, const double *point, double *values);

#endif
