/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Treatments of products: what the measures that name them say to an importer.
 *
 * Most products differ in their codes only.  Those of which the law says the
 * same, in whatever rows and on whatever days, have one treatment.
 */
#ifndef TF_ASSESS_TREATMENT_H
#define TF_ASSESS_TREATMENT_H

#include "law/law.h"

/** A measure that contains a cell, with how closely it names it. */
typedef struct tf_match {
    uint32_t measure;
    uint8_t  layer;
    uint8_t  length; /**< Digits of the product. */
    int8_t   origin, importer;
} tf_match;

/** The order of preference inside a layer (SPEC section 3, select), layer by layer: below 0 if x
 * comes before y. */
int tf_matches_compare(const tariff_law *law, const tf_match *x, const tf_match *y);

/** A match of a product, before it is known whether the origin is named. */
typedef struct tf_product_match {
    tf_match match;
    uint32_t origins; /**< Number of the measure's expression. */
} tf_product_match;

/** A measure on all products that takes a product out, or names it by a code besides. */
typedef struct tf_apart {
    uint32_t measure;
    int32_t  length; /**< -1: taken out. */
} tf_apart;

/** What is said of some products to an importer, origin by origin. */
typedef struct tf_treatment {
    uint64_t hash; /**< Of what is compared; the caller's. */
    uint64_t changes; /**< Those whose products it is of. */
    const tf_product_match *matches; /**< By preference. */
    const tf_apart         *apart;   /**< By measure. */
    uint32_t match_count, apart_count;
    uint32_t rest; /**< The treatment without measures on some origins alone, which decides for all
                        other origins than `named`; its own number if it names none. */
    uint16_t importer;
    bool     names_origins; /**< Some measure on single products is not on all origins. */
    tf_country_bits named;
} tf_treatment;

typedef struct tf_treatments {
    const tariff_law *law;
    tf_arena         *arena;
    TF_VEC(tf_treatment *) list;
    uint32_t *slots; /**< By hash: number + 1. */
    size_t    slot_count;
} tf_treatments;

/** @param arena  that all of it lives in. */
void tf_treatments_init(tf_treatments *treatments, const tariff_law *law, tf_arena *arena);

/**
 * The number of a treatment.
 * @param like  whose lists are copied if it is new.
 */
tariff_status tf_treatment_find(tf_treatments *treatments, const tf_treatment *like, uint32_t *out);

#endif
