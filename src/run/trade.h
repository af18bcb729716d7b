/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Trade by product, importer and origin, and its duty under one law: what
 * markets are made of.
 *
 * Which rows there are is found once, in the order of their codes; laws then add
 * to the same rows, so that two of them are joined by number.
 */
#ifndef TF_RUN_TRADE_H
#define TF_RUN_TRADE_H

#include "run/dataset.h"
#include "value/country.h"

/** What one importer buys of one product; each origin is a row, in the order of its number. */
typedef struct tf_purchases {
    uint64_t        hs;
    uint16_t        importer;
    tf_country_bits origins;
    uint32_t        before[TF_COUNTRIES_MAX / 64]; /**< Row of the first origin of each word. */
} tf_purchases;

/** The rows that flows make. */
typedef struct tf_trade_rows {
    unsigned      digits; /**< Of their products. */
    tf_purchases *at;     /**< By product, then importer. */
    size_t        count, rows;
} tf_trade_rows;

#define TF_NO_PURCHASES UINT32_MAX
#define TF_NO_ROW UINT32_MAX

/** To which purchases the groups and rows of a dataset belong. */
typedef struct tf_trade_places {
    uint32_t *of_group, *of_row; /**< TF_NO_PURCHASES: to none. */
    size_t    ordered;           /**< So many groups come by product. */
} tf_trade_places;

/** The rows that the flows of a dataset make. */
tariff_status tf_trade_rows_make(const tf_dataset *dataset, unsigned digits, tf_arena *arena,
                                 tf_trade_rows *rows);

/** Where flows of the same or of another dataset belong. */
tariff_status tf_trade_locate(const tf_trade_rows *rows, const tf_dataset *dataset,
                              tf_arena *arena, tf_trade_places *out);

/** The rows of purchases by origin; TF_NO_ROW where there is none. */
void tf_trade_rows_of(const tf_trade_rows *rows, uint32_t purchases,
                      uint32_t out[TF_COUNTRIES_MAX]);

/** The row of one flow; TF_NO_ROW if it has none. */
uint32_t tf_trade_find(const tf_trade_rows *rows, const tf_data_where *where, uint16_t origin);

/** Numbers of purchases: are they of the same product? */
static inline bool tf_same_product(const tf_trade_rows *rows, uint32_t a, uint32_t b)
{
    return a == b || (a != TF_NO_PURCHASES && b != TF_NO_PURCHASES
                      && rows->at[a].hs == rows->at[b].hs);
}

typedef struct tf_trade_sums {
    tf_i128 value; /**< 1e-4 */
    tf_i128 duty;  /**< 1e-16 */
} tf_trade_sums;

/** All rows under one law. */
typedef struct tf_trade {
    const tf_trade_rows *rows;
    TF_VEC(tf_trade_sums) sums; /**< By row; of those that are there. */
    bool                *there; /**< By row: some flow was; others lie outside of `where`. */
    bool                 strays; /**< There were flows that have no row. */
    tf_i128              unassessed_value; /**< 1e-4: some specific duty is not in `duty`. */
    uint64_t             unassessed_lines;
} tf_trade;

/** Nothing is there yet. */
tariff_status tf_trade_begin(const tf_trade_rows *rows, tf_arena *arena, tf_trade *out);

/** False on overflow. */
static inline bool tf_trade_add(tf_trade *trade, uint32_t row, tf_i128 value, tf_i128 duty)
{
    tf_trade_sums *sums = &trade->sums.at[row];
    if (!trade->there[row]) {
        trade->there[row] = true;
        *sums = (tf_trade_sums){ value, duty };
        return true;
    }
    return tf_add(sums->value, value, &sums->value) && tf_add(sums->duty, duty, &sums->duty);
}

#endif
