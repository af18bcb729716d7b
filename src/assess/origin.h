/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * An origin and an importer on a day: how expressions over countries name them,
 * and the measures on all products that do.
 *
 * Origins that no expression tells apart in an epoch form a class.  Origins of
 * which the measures on all products say the same have one treatment, as far as
 * no measure on single products names them: most laws give each origin a row of
 * its own, and few rates.
 */
#ifndef TF_ASSESS_ORIGIN_H
#define TF_ASSESS_ORIGIN_H

#include "law/law.h"

/** Countries that no expression tells apart in an epoch. */
typedef struct tf_country_classes {
    uint32_t count;
    uint16_t of[TF_COUNTRIES_MAX];    /**< By country: its class + 1; 0 if not seen yet. */
    int8_t  *level[TF_COUNTRIES_MAX]; /**< By class, then by number of expression: tf_level. */
} tf_country_classes;

/** The measures on all products that name an origin and an importer before a backdrop. */
typedef struct tf_all_products {
    bool     known;
    uint16_t importer;
    uint32_t before;
    TF_VEC(uint32_t) measures;
} tf_all_products;

/** A treatment: what it was made of. */
typedef struct tf_origin_treatment {
    const uint32_t *measures; /**< On all products. */
    size_t          count;
    const int8_t   *level; /**< Of its first origin, by number of expression. */
} tf_origin_treatment;

/** The treatments of origins, for an importer before a backdrop. */
typedef struct tf_origin_treatments {
    uint16_t importer;
    uint16_t of[TF_COUNTRIES_MAX]; /**< By origin: its treatment + 1; 0 if not seen yet. */
    TF_VEC(tf_origin_treatment) list;
    struct tf_origin_treatments *next; /**< Of another importer. */
} tf_origin_treatments;

typedef struct tf_origin {
    const tariff_law *law;
    tf_arena         *arena;
    uint64_t          layers; /**< Measures of others are of no account. */
    size_t            expressions;
    bool              dated; /**< Some group has other members on other days. */
    bool              matters; /**< Some measure on all products, or change, may tell origins apart. */
    int8_t           *level; /**< Scratch, by number of expression. */

    uint32_t         *backdrop; /**< By epoch: see tf_origin_backdrop(), + 1; 0: not known yet. */

    /* The ones looked at last. */
    uint16_t origin, importer;
    uint32_t before; /**< The backdrop. */
    int32_t  day;
    uint32_t class;
    const int8_t *origin_level, *importer_level; /**< By number of expression. */

    tf_country_classes   **countries;  /**< By epoch; if no group is dated, of all. */
    tf_origin_treatments **treatments; /**< By backdrop, the importer asked for last first. */
    tf_all_products        all[TF_COUNTRIES_MAX]; /**< By origin. */
} tf_origin;

tariff_status tf_origin_init(tf_origin *origin, const tariff_law *law, uint64_t layers,
                             tf_arena *arena);

/** The first epoch met in which all is as in this one, but measures on single products: programs
 * of products with the same treatment are the same in both. */
uint32_t tf_origin_backdrop(tf_origin *o, uint32_t epoch);

tariff_status tf_origin_look(tf_origin *o, uint16_t origin, uint16_t importer, uint32_t epoch,
                             int32_t day);

/** The measures on all products that are in force for the origin looked at. */
tariff_status tf_origin_measures(tf_origin *o, const tf_all_products **out);

/** Its treatment: a number, for its importer before the backdrop. */
tariff_status tf_origin_treated(tf_origin *o, uint32_t *out);

/** Would two measures that name a line equally closely decide alike?  Which row of law they stand
 * in is another matter, unless their layer goes by the order of its rows. */
bool tf_measures_say_same(const tariff_law *law, const tf_measure *a, const tf_measure *b);

#endif
