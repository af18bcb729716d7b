/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A law and a line of trade as plain data, for tests that draw them at random,
 * write them as files, and evaluate them without the library.
 */
#ifndef TESTS_UNIT_LAW_MODEL_H
#define TESTS_UNIT_LAW_MODEL_H

#include "unit/schedule.h"

enum { LAW_LAYERS = 6, LAW_MEASURES = 24, LAW_PARTS = 3, LAW_CLAIMS = 3, LAW_YIELDS = 12 };

/** Days are ISO texts, so that strcmp() orders them; "" is open. */
typedef struct law_span {
    const char *from, *until;
} law_span;

typedef enum law_item_kind { LAW_ALL, LAW_CODE, LAW_RANGE, LAW_NAME } law_item_kind;

/** "*", "8481", "8471-8481", "@s0": of products, of countries, and the rows of sets. */
typedef struct law_item {
    law_item_kind kind;
    bool          minus;
    const char   *a, *b; /**< Code, or both ends of a range; name of a set or group. */
    law_span      span;  /**< Of a set's row and a group's member. */
} law_item;

typedef struct law_scope {
    law_item items[4];
    unsigned count;
} law_scope;

typedef struct law_share {
    const char *hs; /**< "*" or digits. */
    law_item    origin;
    law_span    span;
    int64_t     nano;
} law_share;

typedef struct law_shares {
    law_share rows[3];
    unsigned  count;
} law_shares;

typedef struct law_term {
    bool        specific;
    const char *text; /**< "2.5%", "1.5 USD". */
    int64_t     nano;
    int64_t     per; /**< In whole units. */
    const char *unit;
    int         part; /**< -1: the whole base. */
} law_term;

typedef enum law_rate_kind { LAW_SUM, LAW_MAX, LAW_MIN, LAW_TO } law_rate_kind;

typedef struct law_rate {
    law_rate_kind kind;
    law_term      terms[2]; /**< Of a sum; the two sides of max and min; the target of `to`. */
    unsigned      count;
    unsigned      over; /**< Layers that `to` names; 0: the other ordinary ones. */
} law_rate;

typedef enum law_base_kind { LAW_BASE_ALL, LAW_BASE_LIST, LAW_BASE_EXCEPT } law_base_kind;

typedef struct law_test {
    bool    claim, minus; /**< `minus`: "!c0", "p0<20%". */
    int     number;
    int64_t nano; /**< Whole percents. */
} law_test;

typedef struct law_measure {
    int           layer;
    law_scope     products, origins, importers;
    law_span      span;
    law_rate      rate;
    law_base_kind base;
    unsigned      base_parts;
    law_test      when[2];
    unsigned      when_count;
    int           rank;
} law_measure;

typedef enum law_select {
    LAW_SPECIFIC,
    LAW_HIGHEST,
    LAW_LOWEST,
    LAW_SUM_ALL,
    LAW_FIRST
} law_select;

typedef struct law_layer {
    bool       ordinary;
    law_select select;
} law_layer;

typedef struct law_yield {
    int      from, to;
    bool     line;
    law_span span;
} law_yield;

typedef struct law_model {
    law_layer   layers[LAW_LAYERS];
    unsigned    layer_count;
    law_measure measures[LAW_MEASURES];
    unsigned    measure_count;
    law_yield   yields[LAW_YIELDS];
    unsigned    yield_count;
    law_scope   sets[2]; /**< s0, s1. */
    law_shares  parts[LAW_PARTS], claims[LAW_CLAIMS];
} law_model;

/** Groups are the same in all laws. */
static const struct law_member {
    const char *group, *country;
    law_span    span;
} law_members[] = { { "G", "IN", { "", "" } },
                    { "G", "CN", { "", "2025-06-04" } },
                    { "H", "CA", { "", "" } },
                    { "H", "CN", { "", "" } },
                    { "H", "US", { "2025-06-04", "" } } };

/** A line of trade; `entry` points to the texts beside it. */
typedef struct law_line {
    check_entry entry;
    int64_t     parts[LAW_PARTS], claims[LAW_CLAIMS]; /**< Known shares, or -1. */
    char        part_words[96], claim_words[96], value[32], quantity[32];
} law_line;

#endif
