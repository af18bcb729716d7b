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
#include "run/trade.h"
#include "scenario/impact.h"

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
    uint32_t  entry[TF_PARAMETERS]; /**< Elasticities of the market; supply: of no one origin. */
    uint32_t  drawn[TF_PARAMETERS]; /**< Of those that the model uses for a whole market. */
} tf_market_rows;

typedef struct tf_markets {
    tf_arena               arena;
    const tf_impact_spec  *spec;
    const tf_elasticities *table;
    size_t                 rows, groups, count, most_groups;
    /* By row */
    uint16_t *origin, *importer;
    double   *value, *t0, *t1, *ln_tau;
    uint32_t *group; /**< Among its market's. */
    uint32_t *trade_row;
    /* By group */
    double   *group_value, *group_t0, *group_t1, *group_ln_tau;
    uint32_t *group_supply;                  /**< Drawn parameter. */
    uint16_t *group_origin, *group_importer; /**< GSIM: of the one row it has. */
    uint32_t *group_sigma, *group_eta;       /**< GSIM: drawn parameters of its importer. */
    bool     *group_home;
    tf_market_rows *market;
    TF_VEC(tf_drawn) drawn;
    size_t        dimensions;
    const char  **dimension_names; /**< "sigma", or "sigma_61". */
    tf_parameter *dimension_parameters;
    double        on_default[TF_PARAMETERS]; /**< Value of trade whose parameter is a default. */
    bool         *asked; /**< By entry of the elasticities: some flow takes it. */
} tf_markets;

/** Markets are worked on in chunks, so many whatever the threads: sums are made chunk by chunk. */
enum { TF_MARKET_CHUNKS = 64 };
static inline size_t tf_chunk_begin(const tf_markets *m, size_t chunk)
{
    return m->count * chunk / TF_MARKET_CHUNKS;
}

/**
 * Trade under the baseline and under the scenario, in the same rows.  Flows that
 * differ between the two are an error.
 */
tariff_status tf_markets_make(tariff_env *env, const tf_impact_spec *spec,
                              const tf_elasticities *table, const tf_trade *baseline,
                              const tf_trade *scenario, unsigned threads, tf_markets *out);
void          tf_markets_free(tf_markets *markets);

/** The point estimate of a parameter in the market of a row, for its importer. */
double tf_markets_estimate(const tf_markets *markets, tf_parameter parameter, size_t market,
                           size_t row);

/** Values of all drawn parameters at a point, or at their point estimates if it is NULL. */
void tf_markets_draw(const tf_markets *markets, const double *point, double *values);

#endif
