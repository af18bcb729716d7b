/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Compiled law: the measures that are visible, indexed by product, by origin
 * and by day.
 */
#ifndef TF_LAW_LAW_H
#define TF_LAW_LAW_H

#include "law/book.h"

#include <tariff/law.h>

/** What a scenario does to measures that are there. */
typedef enum tf_change_kind { TF_CHANGE_RATE, TF_CHANGE_EXEMPT, TF_CHANGE_SUSPEND } tf_change_kind;

typedef struct tf_change {
    tf_change_kind      kind;
    uint64_t            layers;
    tf_products         products;
    const tf_countries *origins, *importers;
    tariff_span         span;
    tf_rate_change      how;   /**< Of TF_CHANGE_RATE. */
    const tf_rate      *value; /**< Of `set`. */
    int64_t             nano;  /**< Of `shift` and `scale`. */
    uint32_t            number; /**< Place in the scenario's list, from 0. */
} tf_change;

enum { TF_CHANGES_MAX = 64 }; /**< Sets of changes are 64-bit masks. */

/** Who gives way to whom on some days, and the order that follows. */
typedef struct tf_regime {
    uint64_t part[TF_LAYERS_MAX]; /**< Layers that layer i yields to, part by part. */
    uint64_t line[TF_LAYERS_MAX]; /**< ... with the whole line. */
    uint8_t  order[TF_LAYERS_MAX]; /**< Layers, each after those it depends on. */
} tf_regime;

/** A row of a set that some measure or change uses, for binary search by `lo`: a copy, because
 * looking for the row itself would miss the cache at every step. */
typedef struct tf_index_row {
    uint64_t    lo;
    tariff_span span;
    uint32_t    set;
    uint8_t     length;
    bool        minus;
} tf_index_row;

/** A row that is no single prefix. */
typedef struct tf_index_range {
    tf_index_row row;
    uint64_t     hi;
} tf_index_range;

/** A measure that uses a set, with what is asked of it for each product: of a hundred thousand
 * measures, each is far away in memory. */
typedef struct tf_set_user {
    uint32_t    measure;
    uint32_t    origins, importers; /**< Numbers of its expressions. */
    uint32_t    rate; /**< To be hashed alone: cut from the address of its rate. */
    tariff_span span;
    int32_t     rank;
    uint8_t     layer;
    bool        excludes;
    bool        only; /**< The measure is on this set alone. */
} tf_set_user;

/** The users of a set: from the first one on. */
typedef struct tf_set_users {
    uint32_t first, count;
} tf_set_users;

struct tariff_law {
    tariff_env      *env;
    tf_arena         arena;
    const tariff_schedule *schedule;
    tariff_schedule *owned; /**< The same, if it is freed with the law. */
    tf_book          book;
    TF_VEC(tf_change) changes;
    TF_VEC(uint32_t) idle; /**< Numbers of changes that left a set or a group as it was. */
    bool redefined; /**< A change added measures, or altered sets, groups or tables. */

    TF_VEC(const tf_measure *) measures; /**< The visible ones, in file order. */
    uint64_t ordinary;                   /**< Ordinary layers. */
    bool     kinds_apart; /**< None of them ever depends on an additional one, or the reverse. */
    const tf_country_bits *ever; /**< By number of an expression: whom it could name on some day. */
    tf_country_bits importers;           /**< Have a measure at all, */
    tf_country_bits ordinary_importers;  /**< and an ordinary one. */

    TF_VEC(tf_index_row) prefixes; /**< Sorted. */
    TF_VEC(tf_index_range) ranges;
    tf_set_users *users_of;        /**< By set. */
    tf_set_user  *users;           /**< Set by set, as codes name them. */
    TF_VEC(uint32_t) on_all; /**< Measures on all products. */
    uint32_t    *all_start;  /**< By origin: those of them, into all_list. */
    uint32_t    *all_list;

    TF_VEC(int32_t) epochs; /**< First days; the first one is TARIFF_DATE_MIN. */
    const tf_regime **regimes; /**< By epoch; equal ones are shared. */
    size_t            regime_count;
};

/** An unfinished law: a copy of the schedule's book, to which changes may be applied. */
tariff_status tf_law_begin(tariff_env *env, const tariff_schedule *schedule, tariff_law **out);
/** Filter, check, index.  The law is freed by the caller on failure. */
tariff_status tf_law_finish(tariff_law *law, const tariff_law_options *options);

/** Parts of tf_law_finish(). */
tariff_status tf_law_index(tariff_law *law);
tariff_status tf_law_epochs(tariff_law *law);
tariff_status tf_law_regimes(tariff_law *law);
tariff_status tf_law_check_ties(tariff_law *law);

/** The first of the law's prefixes at or after a code.  @param near  where it is looked for first:
 * products come by code. */
size_t tf_law_prefix(const tariff_law *law, uint64_t key, size_t near);

/** The epoch of a day. */
size_t tf_law_epoch(const tariff_law *law, int32_t day);

/** What `to` without `over` tops up, seen from a layer. */
uint64_t tf_law_topped(const tariff_law *law, const tf_rate *rate, unsigned layer);

/** Report an error that concerns a row read long ago. */
tariff_status tf_law_error(const tariff_law *law, const tf_row_place *place, tariff_status status,
                           const char *hint, const char *format, ...) TARIFF_PRINTF(5, 6);

/** The first user of a set, and where they end. */
static inline const tf_set_user *tf_law_users(const tariff_law *law, uint32_t set,
                                              const tf_set_user **end)
{
    const tf_set_users *of = &law->users_of[set];
    *end = law->users + of->first + of->count;
    return law->users + of->first;
}

#endif
