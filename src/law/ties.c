/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Measures that tie: equally specific, on the same lines, with different rates.
 * Law does not say which one applies, so neither can we.
 */
#include "law/law.h"
#include "value/hs.h"

#include <stdio.h>
#include <stdlib.h>

/** A measure at one code: whom it meets there is checked. */
typedef struct meeting {
    uint64_t    lo, hi;
    tariff_span span;
    uint32_t    measure;
    uint8_t     length, layer;
} meeting;

typedef TF_VEC(meeting) meetings;

static bool same_rate(const tf_rate *a, const tf_rate *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || a->count != b->count || a->to != b->to || a->over != b->over)
        return false;
    if (a->kind == TF_RATE_MAX || a->kind == TF_RATE_MIN)
        return same_rate(a->left, b->left) && same_rate(a->right, b->right);
    for (size_t i = 0; i < a->count; i++) {
        const tf_term *x = &a->terms[i], *y = &b->terms[i];
        if (x->specific != y->specific || x->part != y->part || x->nano != y->nano
            || x->per != y->per || x->unit.id != y->unit.id
            || strcmp(x->currency, y->currency) != 0)
            return false;
    }
    return true;
}

static bool can_tie(const tariff_law *law, const tf_measure *a, const tf_measure *b,
                    tariff_span span)
{
    span = tf_span_meet(span, tf_span_meet(a->span, b->span));
    return a->layer == b->layer && a->rank == b->rank && a->schedule == b->schedule
           && a->when.count == b->when.count && !tf_span_empty(span)
           && (!same_rate(a->rate, b->rate) || a->base != b->base
               || a->base_parts != b->base_parts)
           && tf_when_compatible(&a->when, &b->when)
           && tf_countries_tie(&law->book.scopes, a->origins, b->origins, span.from.days)
           && tf_countries_tie(&law->book.scopes, a->importers, b->importers, span.from.days);
}

/* The exact check of a suspected pair at a code. */
static bool tie_at(const tariff_law *law, const tf_measure *a, const tf_measure *b, uint64_t key,
                   int32_t day)
{
    int length = tf_products_length(&law->book.scopes, &a->products, key, day);
    return length >= 0
           && length == tf_products_length(&law->book.scopes, &b->products, key, day);
}

static tariff_status report(const tariff_law *law, const tf_measure *a, const tf_measure *b,
                            uint64_t key)
{
    char code[13] = "all products";
    char where[128];
    if (key)
        tariff_hs_format((tariff_hs){ key }, code);
    if (a->place.path == b->place.path || strcmp(a->place.path, b->place.path) == 0)
        snprintf(where, sizeof where, "line %u", a->place.line);
    else
        snprintf(where, sizeof where, "%.100s:%u", a->place.path, a->place.line);
    return tf_law_error(law, &b->place, TARIFF_E_CONFLICT,
                        "give one of them a rank, narrower products, or dates",
                        "ties with %s: layer '%s', %s, '%s' against '%s'", where,
                        law->book.layers.at[a->layer].name, code, a->rate->text, b->rate->text);
}

static tariff_status add_users(tariff_law *law, const tf_index_row *row, meetings *out)
{
    const tf_set_row *codes = tf_law_row(law, row);
    for (uint32_t u = law->users_start[row->set]; u < law->users_start[row->set + 1]; u++) {
        const tf_set_user *user = &law->users[u];
        uint8_t            layer = law->measures.at[user->measure]->layer;
        if (user->excludes || law->book.layers.at[layer].select != TF_SELECT_SPECIFIC)
            continue;
        meeting entry = { codes->lo, codes->hi, codes->span, user->measure, codes->length, layer };
        if (!TF_PUSH(&law->arena, out, entry))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

static tariff_status check_pair(const tariff_law *law, const meeting *x, const meeting *y)
{
    if (x->layer != y->layer || x->measure == y->measure)
        return TARIFF_OK;
    const tf_measure *a = law->measures.at[x->measure], *b = law->measures.at[y->measure];
    tariff_span       span = tf_span_meet(x->span, y->span);
    uint64_t          key = x->lo > y->lo ? x->lo : y->lo;
    if (tf_span_empty(span) || !can_tie(law, a, b, span))
        return TARIFF_OK;
    span = tf_span_meet(span, tf_span_meet(a->span, b->span));
    if (!tie_at(law, a, b, key, span.from.days))
        return TARIFF_OK;
    return a->order < b->order ? report(law, a, b, key) : report(law, b, a, key);
}

static void keep_first(tariff_status *first, tariff_status status)
{
    if (*first == TARIFF_OK)
        *first = status;
}

static void check_within(const tariff_law *law, const meetings *here, tariff_status *first)
{
    for (size_t i = 0; i < here->n; i++)
        for (size_t k = i + 1; k < here->n; k++)
            keep_first(first, check_pair(law, &here->at[i], &here->at[k]));
}

/* A range meets prefixes and ranges of its own length that lie in it. */
static tariff_status check_range(tariff_law *law, size_t number, tariff_status *first)
{
    meetings          mine = { 0 }, others = { 0 };
    const tf_set_row *range = tf_law_row(law, &law->ranges.at[number]);
    TF_TRY(add_users(law, &law->ranges.at[number], &mine));
    for (size_t i = 0; i < law->prefixes.n; i++) {
        const tf_set_row *row = tf_law_row(law, &law->prefixes.at[i]);
        if (row->lo >= range->lo && row->hi <= range->hi && row->length == range->length)
            TF_TRY(add_users(law, &law->prefixes.at[i], &others));
    }
    for (size_t i = number + 1; i < law->ranges.n; i++) {
        const tf_set_row *row = tf_law_row(law, &law->ranges.at[i]);
        if (row->lo < range->hi && range->lo < row->hi && row->length == range->length)
            TF_TRY(add_users(law, &law->ranges.at[i], &others));
    }
    check_within(law, &mine, first);
    for (size_t i = 0; i < mine.n; i++)
        for (size_t k = 0; k < others.n; k++)
            keep_first(first, check_pair(law, &mine.at[i], &others.at[k]));
    return TARIFF_OK;
}

/* Prefixes of equal length meet only if they are the same code; ranges meet anything. */
static tariff_status check_codes(tariff_law *law)
{
    meetings      here = { 0 };
    tariff_status first = TARIFF_OK;
    for (size_t i = 0; i < law->prefixes.n && tf_may_go_on(law->env);) {
        uint64_t lo = law->prefixes.at[i].lo;
        size_t   begin = i;
        while (i < law->prefixes.n && law->prefixes.at[i].lo == lo)
            i++;
        if (i - begin == 1 && law->users_start[law->prefixes.at[begin].set + 1]
                                      - law->users_start[law->prefixes.at[begin].set]
                                  == 1)
            continue; /* one measure names this code */
        here.n = 0;
        for (size_t k = begin; k < i; k++)
            TF_TRY(add_users(law, &law->prefixes.at[k], &here));
        check_within(law, &here, &first);
    }
    for (size_t i = 0; i < law->ranges.n && tf_may_go_on(law->env); i++)
        TF_TRY(check_range(law, i, &first));
    return first;
}

/* A code on which both measures on all products apply, if there is one. */
static bool common_code(const tariff_law *law, const tf_measure *a, const tf_measure *b,
                        int32_t day, uint64_t *key)
{
    *key = 0;
    if (a->products.exclude_count + a->products.include_count == 0
        || b->products.exclude_count + b->products.include_count == 0)
        return true; /* one of them is on everything, the other surely on something */
    for (size_t i = 0; i < law->prefixes.n; i++)
        if (tie_at(law, a, b, law->prefixes.at[i].lo, day)) {
            *key = law->prefixes.at[i].lo;
            return true;
        }
    return tie_at(law, a, b, tf_hs_cut(UINT64_C(0x998877665544), 2), day);
}

static tariff_status check_all_products(tariff_law *law)
{
    tariff_status first = TARIFF_OK;
    for (uint32_t i = 0; i < law->measures.n && tf_may_go_on(law->env); i++) {
        const tf_measure *a = law->measures.at[i];
        if (!a->products.all || law->book.layers.at[a->layer].select != TF_SELECT_SPECIFIC)
            continue;
        for (uint32_t k = i + 1; k < law->measures.n; k++) {
            const tf_measure *b = law->measures.at[k];
            uint64_t          key;
            tariff_span       span = tf_span_meet(a->span, b->span);
            if (b->layer != a->layer || !b->products.all || !can_tie(law, a, b, span)
                || !common_code(law, a, b, span.from.days, &key))
                continue;
            tariff_status status = report(law, a, b, key);
            first = first == TARIFF_OK ? status : first;
        }
    }
    return first;
}

tariff_status tf_law_check_ties(tariff_law *law)
{
    tariff_status status = check_codes(law);
    if (status == TARIFF_E_NOMEM)
        return status;
    tariff_status other = check_all_products(law);
    return status != TARIFF_OK ? status : other;
}
