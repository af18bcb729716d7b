/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Where a measure applies: product sets and expressions over them, country
 * groups and expressions over them.
 */
#ifndef TF_LAW_SCOPE_H
#define TF_LAW_SCOPE_H

#include "base/names.h"
#include "value/country.h"
#include "value/date.h"

/** Codes [lo, hi), in force during a span. */
typedef struct tf_set_row {
    uint64_t    lo, hi;
    tariff_span span;
    tariff_span known;  /**< [published, withdrawn). */
    uint8_t     length; /**< Digits that count as matched: of a range, the shorter end's. */
    bool        minus;  /**< A scenario takes these codes out of the set. */
    uint32_t    line;   /**< Of the set's file; 0: written in a measure. */
} tf_set_row;

/** A product set: a named one of sets/NAME.csv, or the codes written in measures. */
typedef struct tf_set {
    const char *name; /**< NULL: the codes written in a measure. */
    const char *path; /**< Where a named one was read. */
    bool        clocked; /**< Some row was published or withdrawn on a day. */
    TF_VEC(tf_set_row) rows;
} tf_set;

/** Products: everything or the union of sets, less other sets. */
typedef struct tf_products {
    bool            all;
    uint16_t        include_count, exclude_count;
    const uint32_t *include, *exclude; /**< Numbers of sets. */
} tf_products;

typedef struct tf_member {
    tariff_country country;
    tariff_span    span;
} tf_member;

typedef struct tf_group {
    const char     *name;
    tf_country_bits ever;  /**< Members on any day. */
    bool            dated; /**< Some membership has a beginning or an end. */
    TF_VEC(tf_member) members;
} tf_group;

/** Countries: everyone, listed ones and groups, less others. */
typedef struct tf_countries {
    bool            all;
    tf_country_bits listed, unlisted; /**< Named plainly, and with "!". */
    uint16_t        group_count, not_group_count;
    const uint32_t *groups, *not_groups;
    uint32_t        number; /**< Among the expressions of its scopes. */
    const char     *text;
} tf_countries;

/** A set of one code, which many measures may name. */
typedef struct tf_single {
    uint64_t code;
    uint32_t number; /**< Of the set. */
} tf_single;

/** Sets, groups and the expressions seen so far. */
typedef struct tf_scopes {
    TF_VEC(tf_set *) sets;
    tf_names set_names;
    TF_VEC(uint32_t) named; /**< By number of set name: number of set. */
    TF_VEC(tf_group *) groups;
    tf_names group_names;
    tf_names country_texts; /**< Expressions are shared: most rows repeat a few. */
    TF_VEC(const tf_countries *) countries;
    TF_VEC(tf_single) singles;
    uint32_t *single_slots; /**< Their numbers + 1; open addressing by the code. */
    size_t    single_slot_count;
} tf_scopes;

/** The (emptied) set or group of this name, made if it is new. */
tariff_status tf_scopes_set(tf_scopes *scopes, tf_arena *arena, const char *name, size_t length,
                            tf_set **out);
tariff_status tf_scopes_group(tf_scopes *scopes, tf_arena *arena, const char *name, size_t length,
                              tf_group **out);

/** Parse "7206 7207.11 7208-7229 @annex_ii !9802". */
tariff_status tf_parse_products(tf_scopes *scopes, tf_arena *arena, const char *text,
                                size_t length, tf_products *out, tf_why *why);
/**
 * Digits by which the products name a code on a day: 0 for "all", -1 if they do
 * not.  It walks through the sets: for single questions.
 */
/** Digits by which a set names a code on a day; 0 if it does not. */
int tf_set_length(const tf_set *set, uint64_t hs, int32_t day);

int tf_products_length(const tf_scopes *scopes, const tf_products *products, uint64_t hs,
                       int32_t day);
/**
 * Write products as in a measure: "* !@annex_ii", "6109.10"; cut short with
 * "..." if there is no room.
 */
void tf_products_format(const tf_scopes *scopes, const tf_products *products, char *buf,
                        size_t size);
/** Write codes as "7206" or "7206-7229". */
enum { TF_CODES_TEXT = 32 };
void tf_codes_format(uint64_t lo, uint64_t hi, char buf[TF_CODES_TEXT]);
/** Parse one code or range into a row that is always in force. */
tariff_status tf_parse_set_row(const char *text, size_t length, tf_set_row *out, tf_why *why);

/** Parse "* !CA !MX" or "@EU27 GB". */
tariff_status tf_parse_countries(tf_scopes *scopes, tf_arena *arena, const char *text,
                                 size_t length, const tf_countries **out, tf_why *why);

bool tf_group_holds(const tf_group *group, unsigned country, int32_t day);

/** How closely an expression names a country. */
typedef enum tf_level { TF_NOT_NAMED = -1, TF_NAMED_ALL, TF_NAMED_GROUP, TF_NAMED_LISTED } tf_level;

tf_level tf_countries_level(const tf_scopes *scopes, const tf_countries *countries,
                            unsigned country, int32_t day);
/** Is there a country that both name equally closely on that day? */
bool tf_countries_tie(const tf_scopes *scopes, const tf_countries *a, const tf_countries *b,
                      int32_t day);
/** The next day on which what an expression names may change; TARIFF_DATE_MAX if none. */
int32_t tf_countries_next_day(const tf_scopes *scopes, const tf_countries *countries, int32_t day);

/** On some day of a span, do the first expressions tie, and the second ones (importers) too? */
bool tf_countries_tie_within(const tf_scopes *scopes, const tf_countries *const a[2],
                             const tf_countries *const b[2], tariff_span span);
/** The countries that it could name on some day. */
tf_country_bits tf_countries_ever(const tf_scopes *scopes, const tf_countries *countries);

#endif
