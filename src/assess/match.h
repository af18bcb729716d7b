/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The measures that contain a cell, the closest first.
 *
 * What the law says of a cell depends on the measures that name its product, and
 * on how closely each expression over countries names its origin and importer.
 * Products of which it says the same, in whatever rows, have one treatment; so
 * have origins (origin.h).  What is found for one holds for all.
 */
#ifndef TF_ASSESS_MATCH_H
#define TF_ASSESS_MATCH_H

#include "assess/origin.h"
#include "assess/product.h"
#include "assess/treatment.h"

/** The lines that a program decides: all with these four in common. */
typedef struct tf_cell {
    uint64_t hs;
    uint16_t origin, importer;
    int32_t  day;
} tf_cell;

/** A match of the product looked at. */
typedef struct tf_found {
    tf_product_match known;
    uint64_t         order; /**< Lower ones are preferred; of equal ones other things decide. */
    uint32_t         rate;  /**< See tf_set_user. */
} tf_found;

/** What is asked of an expression over countries for each product. */
typedef struct tf_naming {
    bool all;   /**< Whichever, equally closely. */
    bool dated; /**< Some of its groups has other members on other days. */
} tf_naming;

typedef struct tf_matcher {
    const tariff_law *law;
    tf_arena         *arena;
    uint64_t          layers; /**< Measures of others are of no account. */

    /* The cell looked at, as tf_matcher_look() left it. */
    bool          begun; /**< What follows of the product is of the cell's code and day. */
    tf_cell       cell;
    tf_product    product;
    uint32_t      epoch;
    uint32_t      treatment; /**< Of the product, */
    uint32_t      decisive;  /**< and the one that decides for the origin: see tf_treatment. */
    tariff_span   valid; /**< Days on which the same measures name the product. */
    tf_origin     origin;
    bool          finer;  /**< Some set names a code below the product's. */
    bool          coarse; /**< One of them is in force for the cell. */
    TF_VEC(tf_match) matches; /**< As tf_matcher_match() left them. */

    /* Scratch: the product's. */
    TF_VEC(tf_found) found;
    TF_VEC(tf_product_match) wanted;
    TF_VEC(tf_apart) apart;

    tf_treatments treatments;
    tf_naming *naming; /**< By number of expression. */
    uint32_t *seen; /**< By measure: the search that met it. */
    uint32_t  search;
} tf_matcher;

/** @param arena  that all of it lives in. */
tariff_status tf_matcher_init(tf_matcher *matcher, const tariff_law *law, uint64_t layers,
                              tf_arena *arena);

/** Look at a cell: its treatment, and whether its code is coarse. */
tariff_status tf_matcher_look(tf_matcher *matcher, const tf_cell *cell);

/** The same, of a product whose treatment is known, and of which no code is finer. */
tariff_status tf_matcher_take(tf_matcher *matcher, const tf_cell *cell, uint32_t treatment);

/** A number for all that the cell's origin and the coarseness of its code decide, among cells of
 * one decisive treatment of products before one backdrop. */
tariff_status tf_matcher_origins(tf_matcher *matcher, uint32_t *out);

/** Note a measure that the search met; false if it had. */
bool tf_matcher_meets(tf_matcher *matcher, uint32_t measure);

/** The measures in force on the cell looked at, in the order in which they are chosen. */
tariff_status tf_matcher_match(tf_matcher *matcher);

/** The same, of any day: also those that are not in force yet, or no longer. */
tariff_status tf_matcher_match_any_day(tf_matcher *matcher);

#endif
