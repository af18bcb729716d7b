/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A product on a day, and the sets that contain it.
 */
#ifndef TF_ASSESS_PRODUCT_H
#define TF_ASSESS_PRODUCT_H

#include "law/law.h"
#include "value/hs.h"

/** The product looked at last. */
typedef struct tf_product {
    const tariff_law *law;
    tf_arena         *arena;
    uint64_t hs;
    int32_t  day;
    uint64_t level[TF_HS_DIGITS + 1];    /**< By digits: the code looked for last ... */
    size_t   level_at[TF_HS_DIGITS + 1]; /**< ... and where it is: products come by code. */
    size_t   after;            /**< The first of the law's prefixes after the code. */
    uint8_t *set_length;       /**< By set: digits matched; 0 is not in it. */
    TF_VEC(uint32_t) touched;  /**< Sets that name it. */
    tariff_span valid;         /**< Days on which the same ones do. */
} tf_product;

tariff_status tf_product_init(tf_product *product, const tariff_law *law, tf_arena *arena);

tariff_status tf_product_look(tf_product *product, uint64_t hs, int32_t day);

/** Digits by which products name the product looked at; -1 if they do not. */
int tf_product_named(const tf_product *product, const tf_products *products);

/** Does any set name a code below this one?  Mostly none does: then nothing is coarse. */
bool tf_product_has_finer(const tf_product *product);

#endif
