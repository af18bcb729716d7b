/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The first half of reference.h: its numbers, and which measures contain a line.
 */
#ifndef TESTS_UNIT_REFERENCE_MATCH_H
#define TESTS_UNIT_REFERENCE_MATCH_H

#include "unit/law_model.h"

__extension__ typedef __int128 ref_int;

enum { REF_PIECES = LAW_PARTS + 1 }; /**< The parts, then the rest. */

#define REF_ONE_9 INT64_C(1000000000)
#define REF_ONE_18 INT64_C(1000000000000000000)

/** A duty on one piece of the value: a rate of the value, and money. */
typedef struct ref_amount {
    ref_int rate_18;  /**< Exact: a rate times a share. */
    ref_int money_28; /**< Exact: all units here differ by powers of ten. */
} ref_amount;

typedef struct ref_duty {
    ref_amount piece[REF_PIECES];
} ref_duty;

/** What a layer charges over all branches. */
typedef struct ref_charge {
    int64_t rate_12;
    ref_int money_12;
} ref_charge;

typedef struct ref_result {
    ref_charge charges[LAW_LAYERS];
    int64_t    affected_18; /**< Probability that an additional layer charges. */
    bool       tied;        /**< Two measures tied: the law should have been refused. */
} ref_result;

typedef struct ref_state {
    const law_model *law;
    const law_line  *line;
    int64_t          value_4, quantity_4;
    int64_t          share_9[REF_PIECES];
    bool             made[LAW_CLAIMS];
    ref_duty         duty[LAW_LAYERS];
    bool             done[LAW_LAYERS];
    bool             tied;
} ref_state;

static inline ref_int ref_half_even(ref_int n, ref_int d)
{
    ref_int sign = n < 0 ? -1 : 1, size = n * sign, q = size / d, twice = 2 * (size % d);
    if (twice > d || (twice == d && q % 2 == 1))
        q++;
    return sign * q;
}

/* "1234.5" in ten-thousandths. */
static inline int64_t ref_money_4(const char *text)
{
    int64_t     n = strtoll(text, NULL, 10) * 10000, unit = 1000;
    const char *point = strchr(text, '.');
    for (const char *c = point ? point + 1 : ""; *c; c++, unit /= 10)
        n += (*c - '0') * unit;
    return n;
}

static inline bool ref_in_span(law_span span, const char *day)
{
    return strcmp(span.from, day) <= 0 && (!*span.until || strcmp(day, span.until) < 0);
}

static inline int ref_item_length(const ref_state *s, const law_item *item);

/* Digits by which a set names the line's code today; -1: not at all. */
static inline int ref_set_length(const ref_state *s, const char *name)
{
    const law_scope *set = &s->law->sets[name[1] - '0'];
    int              length = -1;
    for (unsigned i = 0; i < set->count; i++)
        if (ref_in_span(set->items[i].span, s->line->entry.date)
            && ref_item_length(s, &set->items[i]) > length)
            length = ref_item_length(s, &set->items[i]);
    return length;
}

static inline int ref_item_length(const ref_state *s, const law_item *item)
{
    const char *hs = s->line->entry.hs;
    size_t      n = strlen(item->a), m;
    switch (item->kind) {
    case LAW_ALL:
        return 0;
    case LAW_CODE:
        return strncmp(hs, item->a, n) == 0 ? (int)n : -1;
    case LAW_RANGE:
        m = strlen(item->b);
        return strncmp(hs, item->a, n) >= 0 && strncmp(hs, item->b, m) <= 0 ? (int)(n < m ? n : m)
                                                                            : -1;
    case LAW_NAME:
        return ref_set_length(s, item->a);
    }
    return -1;
}

static inline int ref_products(const ref_state *s, const law_scope *products)
{
    int length = -1;
    for (unsigned i = 0; i < products->count; i++) {
        int at = ref_item_length(s, &products->items[i]);
        if (products->items[i].minus && at >= 0)
            return -1;
        if (!products->items[i].minus && at > length)
            length = at;
    }
    return length;
}

/* 2 listed, 1 by a group, 0 by "*", -1 not at all. */
static inline int ref_country(const law_item *item, const char *country, const char *day)
{
    if (item->kind == LAW_ALL)
        return 0;
    if (item->kind == LAW_CODE)
        return strcmp(item->a, country) == 0 ? 2 : -1;
    for (size_t i = 0; i < sizeof law_members / sizeof *law_members; i++)
        if (strcmp(law_members[i].group, item->a) == 0
            && strcmp(law_members[i].country, country) == 0
            && ref_in_span(law_members[i].span, day))
            return 1;
    return -1;
}

static inline int ref_countries(const law_scope *scope, const char *country, const char *day)
{
    int level = -1;
    for (unsigned i = 0; i < scope->count; i++) {
        int at = ref_country(&scope->items[i], country, day);
        if (scope->items[i].minus && at >= 0)
            return -1;
        if (!scope->items[i].minus && at > level)
            level = at;
    }
    return level;
}

static inline bool ref_when(const ref_state *s, const law_measure *m)
{
    for (unsigned i = 0; i < m->when_count; i++) {
        const law_test *test = &m->when[i];
        bool holds = test->claim ? s->made[test->number]
                                 : s->share_9[test->number] >= test->nano;
        if (holds == test->minus)
            return false;
    }
    return true;
}

/* A share of a table: the longest code, then the closest origin. */
static inline int64_t ref_look_up(const ref_state *s, const law_shares *shares)
{
    int64_t found = 0;
    int     best = -1;
    for (unsigned i = 0; i < shares->count; i++) {
        const law_share *row = &shares->rows[i];
        int length = strcmp(row->hs, "*") == 0 ? 0 : (int)strlen(row->hs);
        int level = ref_country(&row->origin, s->line->entry.origin, s->line->entry.date);
        if (strncmp(row->hs, s->line->entry.hs, (size_t)length) != 0 || level < 0
            || !ref_in_span(row->span, s->line->entry.date) || length * 4 + level <= best)
            continue;
        best = length * 4 + level;
        found = row->nano;
    }
    return found;
}

#endif
