/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Flows and how a law charges them, kept so that another scenario of them costs
 * what it changes: the value and the lines of every strand (assess/strand.h), in
 * all, and by what reports group by.
 */
#ifndef TF_RUN_BASE_H
#define TF_RUN_BASE_H

#include "assess/strand.h"
#include "run/run.h"

#include <tariff/base.h>

#define TF_NO_STRAND UINT32_MAX

/** What a strand charges on value. */
typedef struct tf_levy {
    int64_t          ordinary, additional; /**< 1e-12. */
    int64_t          affected;             /**< Probability, 1e-18. */
    const tf_burden *burden;
} tf_levy;

/** Flows of one strand in a row of a report. */
typedef struct tf_share_of_row {
    uint32_t row, strand;
    int64_t  value; /**< 1e-4. */
} tf_share_of_row;

/** Flows of one strand, origin, place and product as reports have it. */
typedef struct tf_placed {
    uint32_t product, strand;
    int64_t  value;
    uint32_t lines;
} tf_placed;

/** An importer on a day. */
typedef struct tf_place_of_law {
    uint16_t importer;
    int32_t  day;
} tf_place_of_law;

/** The reports that sums are kept by. */
typedef enum tf_axis { TF_BY_PRODUCT, TF_BY_ORIGIN, TF_BY_IMPORTER, TF_AXES } tf_axis;

/** One strand of every flow. */
typedef struct tf_base_strands {
    tf_strands strands;
    uint32_t  *of_cell; /**< By cell of the dataset; TF_NO_STRAND of those left out. */
    tf_levy   *levies;  /**< By strand. */
    int64_t   *value;   /**< By strand, 1e-4. */
    uint64_t  *lines;
    TF_VEC(tf_share_of_row) by[TF_AXES];
    tf_placed *placed;       /**< By place and origin. */
    size_t    *placed_first; /**< By place x TF_COUNTRIES_MAX + origin; one more than there are. */
} tf_base_strands;

/** The first strand of a flow, and ordinary layers apart from it. */
typedef enum tf_twist { TF_TWIST_FIRST, TF_TWIST_APART, TF_TWISTS } tf_twist;

struct tariff_base {
    tariff_env            *env;
    tf_arena               arena;
    const tariff_scenario *scenario;
    tariff_run_options     options;
    const char            *hindrance; /**< Why every scenario is run in full; NULL: none is. */
    tf_store *store, *whole; /**< Flows as the law tells them apart; as any law may. */
    bool      lends;         /**< The stores are another base's. */
    tariff_law            *law;
    tf_where               where;
    const tf_dataset      *dataset;

    unsigned  digits;            /**< Of products as reports have them, at most. */
    TF_VEC(uint64_t) products;   /**< As reports have them, by code. */
    TF_VEC(uint64_t) codes;      /**< As flows have them, by code ... */
    TF_VEC(uint32_t) first;      /**< ... and the first group of each; one more than there are. */
    TF_VEC(tf_place_of_law) places;
    uint32_t *place_of;          /**< By group of the dataset. */
    uint32_t *product_of;        /**< By group: into products. */
    bool      has_origin[TF_COUNTRIES_MAX], has_importer[TF_COUNTRIES_MAX];
    bool     *has_product;       /**< By product of reports: some flow of it is counted. */
    int64_t  *value[TF_AXES];    /**< By row of a report. */
    uint64_t  topped;            /**< Layers that a rate `to` of some measure tops up. */
    uint64_t  related[TF_LAYERS_MAX]; /**< By layer: those that give way to it, or it to them. */
    tf_base_strands twists[TF_TWISTS];
};

/** The levy of an assessed strand; false if it is out of bounds for plain sums. */
bool tf_levy_of(const tariff_law *law, const tf_burden *burden, tf_levy *out);

/** Take all flows through the law of the base; what is odd about them is told. */
tariff_status tf_base_fill(tariff_base *base, const tf_evaluation *e);

/** Gather the strands of flows by what reports group by. */
tariff_status tf_base_gather(tariff_base *base);

/**
 * The tables of a scenario that goes on from the base.
 * @param shared   how many changes both have.
 * @param[out] why  not NULL: it has to be run in full, and nothing was made.
 */
tariff_status tf_base_vary(tariff_env *env, const tariff_base *base,
                           const tariff_scenario *scenario, uint32_t shared,
                           tariff_result *result, const char **why);

#endif
