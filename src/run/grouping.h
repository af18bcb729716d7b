/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The rows of trade, market by market, into groups that respond alike.
 */
#ifndef TF_RUN_GROUPING_H
#define TF_RUN_GROUPING_H

#include "run/markets.h"

/** A group while it grows: t0 and t1 are sums of duties until all its rows are there. */
typedef struct tf_group {
    double   value, t0, t1, ln_tau;
    uint32_t supply, sigma, eta; /**< Entries of the elasticities; the last two in GSIM alone. */
    uint16_t origin, importer;   /**< GSIM: of its one row. */
    bool     home;
} tf_group;

/** What a chunk of markets is made of, market after market. */
typedef struct tf_grouped {
    TF_VEC(tf_group) groups;
    double on_default[TF_PARAMETERS]; /**< Value of trade whose parameter is a default. */
} tf_grouped;

enum { TF_GROUPING_THREADS = 64 };

typedef struct tf_grouping {
    tariff_env     *env;
    tf_markets     *markets; /**< Listed, with room for their rows. */
    const tf_trade *baseline, *scenario;
    const uint32_t *purchases; /**< By market: the first purchases that are its. */
    tf_grouped      chunks[TF_MARKET_CHUNKS];
    bool            differs; /**< A row has another value under the baseline. */
    tf_arena        arenas[TF_GROUPING_THREADS];
    unsigned        arena_count;
} tf_grouping;

/** Fill all rows of the markets, and group them, on several threads. */
tariff_status tf_grouping_run(tf_grouping *grouping, unsigned threads);
void          tf_grouping_free(tf_grouping *grouping);

#endif
