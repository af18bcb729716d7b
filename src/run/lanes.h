/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What rows have in common: products that the law treats alike share a lane,
 * which knows the program of each origin; the rows of a lane and a product of
 * the reports share a block, which has a sum for each program.
 */
#ifndef TF_RUN_LANES_H
#define TF_RUN_LANES_H

#include "run/digests.h"

enum {
    TF_LANE_NOT_MET = 0,     /**< Of an origin. */
    TF_LANE_LEFT = UINT8_MAX /**< Its rows are not added up in lanes. */
};

/** Rows that share a burden. */
typedef struct tf_lane_sum {
    int64_t          value; /**< 1e-4. */
    uint64_t         lines;
    const tf_digest *digest; /**< What they bear. */
} tf_lane_sum;

/** The products that the law treats alike, for an importer in epochs with one backdrop: see
 * tf_program_backdrop(). */
typedef struct tf_lane {
    uint64_t     hs;        /**< Of its product, if it has one alone; else 0. */
    uint32_t     number;
    uint32_t     treatment; /**< Of its products: see tf_program_look. */
    uint32_t     epoch;     /**< Of all with one backdrop the first one met; if `finer`, its own. */
    uint16_t     importer;
    bool         finer;     /**< It has one product, of which a finer code may be in force. */
    bool         by_origin; /**< It tells origins of one treatment apart. */
    bool         one;       /**< All origins have the same program, by the key 0. */
    uint32_t     room;
    uint8_t     *of; /**< By treatment of origins, or by rank among those `named`: number in
                          `digests`, + 1, or TF_LANE_NOT_MET or TF_LANE_LEFT. */
    TF_VEC(const tf_digest *) digests; /**< That some origin has. */
    struct tf_lane *rest; /**< Where rows are of origins that its products do not name; NULL: here. */
    tf_country_ranks named; /**< If it tells them apart: the origins that it has. */
    struct tf_lane *home; /**< If `one`: where its rows are, with those of other lanes that have the
                               same digest. */
    struct tf_lane_block *first; /**< Its first block, mostly the only one, */
    struct tf_lane_block *last;  /**< and the one asked for last: products come by code. */
    struct tf_lane *then; /**< Where its products were found last before another backdrop; NULL:
                               nowhere. */
    uint32_t     blocks; /**< How many it has. */
    tf_lane_sum *totals; /**< In the end, of all of them, by number in `digests`; NULL if there is
                              one. */
} tf_lane;

/** Where a product was last, for an importer. */
typedef struct tf_lane_product {
    tf_lane    *lane; /**< NULL: nowhere, or alone in its lane. */
    tariff_span valid; /**< It has the lane's treatment on these days. */
} tf_lane_product;

/** The rows of a lane, by product of the reports: a line of the processor's cache. */
typedef struct tf_lane_block {
    tf_lane_sum *sums; /**< By number in the lane's digests. */
    uint8_t      count, room; /**< Of them. */
    bool         single; /**< All its rows are in the first. */
    uint32_t     number; /**< Among all blocks, from 1. */
    tf_lane     *lane;
    struct tf_lane_block *rest; /**< Of origins that the lane does not name; NULL: this one. */
    uint64_t     hs;
    tf_lane_sum  own; /**< Most have one: it is here. */
} tf_lane_block;

enum {
    TF_CACHE_LINE = 64,
    TF_LANE_BLOCKS = 64 /**< In a page. */
};

/** All that one thread's rows have, under one law or some layers of it. */
typedef struct tf_lanes {
    const tf_evaluation *e;
    tf_arena             arena;
    tf_digests           digests;
    tf_lane            **slots; /**< Open addressing. */
    size_t               slot_count;
    uint32_t            *block_slots; /**< Numbers; 0: free. */
    size_t               block_slot_count;
    uint32_t             block_count, further_count;
    TF_VEC(tf_lane *) list;
    TF_VEC(tf_lane_block *) blocks; /**< By number, in pages that stay where they are. */
} tf_lanes;

/** @param layers  TF_ALL_LAYERS, or those of one kind of a law whose kinds are apart. */
tariff_status tf_lanes_init(tf_lanes *lanes, const tf_evaluation *e, uint64_t layers);
void          tf_lanes_free(tf_lanes *lanes);

/** The lane of a cell's product.  @param last  where it was last: kept up to date. */
tariff_status tf_lanes_find(tf_lanes *lanes, const tf_cell *cell, uint32_t epoch,
                            tf_lane_product *last, tf_lane **out);

/** The block of a lane, for a product of the reports.  @param cell  of a product of the lane. */
tariff_status tf_lanes_block(tf_lanes *lanes, tf_lane *lane, const tf_cell *cell, uint64_t hs,
                             tf_lane_block **out);

/** The block of a number. */
static inline tf_lane_block *tf_lanes_block_at(const tf_lanes *lanes, uint32_t number)
{
    return &lanes->blocks.at[number / TF_LANE_BLOCKS][number % TF_LANE_BLOCKS];
}

/** Of a product's block and that of its lane's `rest`, the one for rows of an origin. */
static inline tf_lane_block *tf_block_of(tf_lane_block *block, uint16_t origin)
{
    return block->rest && !tf_country_in(&block->lane->named.set, origin) ? block->rest : block;
}

/**
 * Find the program of an origin, or a treatment of origins, that the lane has not met.
 * @param key  by which the lane knows it.
 */
tariff_status tf_lane_meet(tf_lanes *lanes, tf_lane *lane, const tf_cell *cell, uint32_t key);

/** Make room in a block for the sums of all of its lane's programs; never for TF_LANE_LEFT. */
tariff_status tf_lane_block_grow(tf_lanes *lanes, tf_lane_block *block);

#endif
