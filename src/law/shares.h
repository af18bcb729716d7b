/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Share tables: what part of a line's value is steel, for what share of the
 * trade a claim is made.
 */
#ifndef TF_LAW_SHARES_H
#define TF_LAW_SHARES_H

#include "law/scope.h"
#include "value/decimal.h"

typedef struct tf_share_row {
    uint64_t            key; /**< HS prefix; 0 for all products. */
    const tf_countries *origins, *importers;
    tariff_span         span;
    int64_t             nano;
    uint32_t            line;
} tf_share_row;

/** A share that a scenario sets, whatever the rows say. */
typedef struct tf_share_override {
    tf_products         products;
    const tf_countries *origins, *importers;
    tariff_span         span;
    int64_t             nano;
} tf_share_override;

typedef struct tf_shares {
    const char *name;
    const char *path;
    TF_VEC(tf_share_row) rows; /**< By key, once loaded. */
    uint32_t digits; /**< Lengths of codes that occur, a bit each. */
    tf_country_bits origins; /**< That some row could name, but for members of groups. */
    uint64_t        groups;  /**< Groups that rows name, by number: what they hold may change. */
    bool any_origin; /**< Every row is for all origins. */
    TF_VEC(tf_share_override) overrides; /**< Later ones win. */
} tf_shares;

/** Sort the rows for tf_shares_find(). */
void tf_shares_sort(tf_shares *shares);

/**
 * The share of a line: the longest code, then the closest origin, then the
 * closest importer.  False if there is no row; then *nano is 0.
 */
bool tf_shares_find(const tf_shares *shares, const tf_scopes *scopes, uint64_t hs, unsigned origin,
                    unsigned importer, int32_t day, int64_t *nano);

/** Could the table say anything of a product, whatever the rest? */
bool tf_shares_name(const tf_shares *shares, uint64_t hs);

/** Two sorted rows that tie with different shares, or false. */
bool tf_shares_tie(const tf_shares *shares, const tf_scopes *scopes, const tf_share_row **a,
                   const tf_share_row **b);

#endif
