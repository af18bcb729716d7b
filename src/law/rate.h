/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Duty expressions: "25%", "1.865 USD/kg + 8.5%", "max(5%, 10 c/no)", "to 15%".
 */
#ifndef TF_LAW_RATE_H
#define TF_LAW_RATE_H

#include "base/names.h"
#include "value/decimal.h"

typedef enum tf_rate_kind {
    TF_RATE_SUM, /**< Terms that add up; none of them: free. */
    TF_RATE_MAX,
    TF_RATE_MIN,
    TF_RATE_TO /**< Tops other layers up to a rate. */
} tf_rate_kind;

enum { TF_NO_PART = -1 };

/** A percentage of value, or an amount per unit of quantity. */
typedef struct tf_term {
    bool        specific;
    int8_t      part;        /**< `on PART`; TF_NO_PART for the whole base. */
    char        currency[4]; /**< Of an amount. */
    tariff_unit unit;
    int64_t     nano; /**< Rate, or amount in 1e-9 of the currency. */
    int64_t     per;  /**< The amount is for this many 1e-4 units. */
} tf_term;

typedef struct tf_rate tf_rate;
struct tf_rate {
    tf_rate_kind   kind;
    bool           specific; /**< Contains an amount per unit. */
    uint64_t       parts;    /**< Parts named with `on`. */
    const tf_term *terms;
    size_t         count;
    const tf_rate *left, *right; /**< Of max and min. */
    int64_t        to;           /**< Target of `to`, 1e-9. */
    uint64_t       over;         /**< Layers that `to` names; 0: the other ordinary ones. */
    const char    *text;         /**< As it was written. */
};

/** The names that an expression may use. */
typedef struct tf_rate_names {
    const tf_names *parts, *layers;
} tf_rate_names;

tariff_status tf_parse_rate(tf_arena *arena, const tf_rate_names *names, const char *text,
                            size_t length, const tf_rate **out, tf_why *why);

/** Charges nothing whatever the line: Free, exempt, 0%. */
bool tf_rate_is_zero(const tf_rate *rate);

/** Has amounts in another currency than `account`. */
bool tf_rate_is_foreign(const tf_rate *rate, const char *account);

/** Do both charge the same on every line? As they are written: 2 % + 3 % is not 5 %. */
bool tf_rate_same(const tf_rate *a, const tf_rate *b);

/** A copy that outlives it, but for its text; NULL if memory ran out. */
tf_rate *tf_rate_copy(tf_arena *arena, const tf_rate *rate);

/** What a change makes of a rate. */
typedef enum tf_rate_change { TF_RATE_SET, TF_RATE_SHIFT, TF_RATE_SCALE } tf_rate_change;

/**
 * The rate after a change: `set` replaces it by `value`; `shift` adds `nano` to
 * its percentage (never below zero), `scale` multiplies all of it by `nano`.
 */
tariff_status tf_rate_change_apply(tf_arena *arena, const tf_rate *rate, tf_rate_change change,
                                   const tf_rate *value, int64_t nano, const tf_rate **out);

#endif
