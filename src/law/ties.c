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
    if (a == b || (tf_rate_is_zero(a) && tf_rate_is_zero(b)))
        return true; /* 0% is Free */
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

/* All that does not depend on the day or the code. */
static bool could_tie(const tf_measure *a, const tf_measure *b)
{
    return a->layer == b->layer && a->rank == b->rank && a->schedule == b->schedule
           && a->when.count == b->when.count
           && (!same_rate(a->rate, b->rate) || a->base != b->base
               || a->base_parts != b->base_parts)
           && tf_when_compatible(&a->when, &b->when)
           && a->span.from.days < b->span.until.days && b->span.from.days < a->span.until.days;
}

/* Do both name one code, one origin and one importer equally closely on a day? */
static bool tie_on(const tariff_law *law, const tf_measure *a, const tf_measure *b, uint64_t key,
                   int32_t day)
{
    const tf_scopes *scopes = &law->book.scopes;
    if (!tf_countries_tie(scopes, a->origins, b->origins, day)
        || !tf_countries_tie(scopes, a->importers, b->importers, day))
        return false;
    int length = tf_products_length(scopes, &a->products, key, day);
    return length >= 0 && length == tf_products_length(scopes, &b->products, key, day);
}

/** The last question about countries and its answer: neighbouring codes ask the same. */
typedef struct asked {
    const tf_countries *a_origins, *b_origins, *a_importers, *b_importers;
    tariff_span         span;
    bool                answer;
} asked;

/* Origins and importers alone, which mostly settle it: do they tie on any day of the span? */
static bool countries_tie_within(const tariff_law *law, const tf_measure *a, const tf_measure *b,
                                 tariff_span span)
{
    const tf_countries *x[2] = { a->origins, a->importers }, *y[2] = { b->origins, b->importers };
    return tf_countries_tie_within(&law->book.scopes, x, y, span);
}

static bool ask(const tariff_law *law, asked *last, const tf_measure *a, const tf_measure *b,
                tariff_span span)
{
    asked question = { a->origins, b->origins, a->importers, b->importers, span, false };
    if (question.a_origins != last->a_origins || question.b_origins != last->b_origins
        || question.a_importers != last->a_importers
        || question.b_importers != last->b_importers
        || span.from.days != last->span.from.days || span.until.days != last->span.until.days) {
        *last = question;
        last->answer = countries_tie_within(law, a, b, span);
    }
    return last->answer;
}

/* The same on some day of a span: sets and groups change between epochs only. */
static bool tie_within(const tariff_law *law, const tf_measure *a, const tf_measure *b,
                       uint64_t key, tariff_span span)
{
    for (size_t e = tf_law_epoch(law, span.from.days);
         e < law->epochs.n && law->epochs.at[e] < span.until.days; e++) {
        int32_t day = law->epochs.at[e] > span.from.days ? law->epochs.at[e] : span.from.days;
        if (tie_on(law, a, b, key, day))
            return true;
    }
    return false;
}

/* A full code that begins with `key`: as small a product as there is. */
static uint64_t first_code(uint64_t key)
{
    uint64_t zeros = UINT64_C(0x111111111111); /* the digit 0 is the nibble 1 */
    return key | (zeros & ((UINT64_C(1) << 4 * (TF_HS_DIGITS - tf_hs_length(key))) - 1));
}

/* The first code at or after a key that may be the end of a prefix: 7209 ends where 7210 begins. */
static uint64_t code_from(uint64_t key)
{
    for (unsigned shift = 0; shift < 4 * TF_HS_DIGITS; shift += 4)
        if ((key >> shift & 15) > 10) /* above the digit 9 */
            key = ((key >> (shift + 4)) + 1) << (shift + 4);
    return first_code(key);
}

/* Do they tie where a row of some set begins, or just after it ends? */
static bool tie_around(const tariff_law *law, const tf_measure *a, const tf_measure *b,
                       const tf_set_row *row, uint64_t lo, uint64_t hi, tariff_span span,
                       uint64_t *key)
{
    uint64_t after = code_from(row->hi);
    *key = row->lo;
    if (row->lo >= lo && row->lo < hi && tie_within(law, a, b, first_code(row->lo), span))
        return true;
    *key = after;
    return after >= lo && after < hi && tie_within(law, a, b, after, span);
}

/* Is there a code in [lo, hi) on which they tie?  What sets say changes only where a code that
 * some set names begins or ends, so these stand for all. */
static bool tie_somewhere(const tariff_law *law, const tf_measure *a, const tf_measure *b,
                          uint64_t lo, uint64_t hi, tariff_span span, uint64_t *key)
{
    *key = lo;
    if (lo && tf_hs_end(lo) <= hi && tie_within(law, a, b, lo, span))
        return true;
    if (lo && tie_within(law, a, b, first_code(lo), span))
        return true;
    for (size_t i = 0; i < law->prefixes.n; i++)
        if (tie_around(law, a, b, tf_law_row(law, &law->prefixes.at[i]), lo, hi, span, key))
            return true;
    for (size_t i = 0; i < law->ranges.n; i++)
        if (tie_around(law, a, b, tf_law_row(law, &law->ranges.at[i]), lo, hi, span, key))
            return true;
    return false;
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

static tariff_status check_pair(const tariff_law *law, asked *last, const meeting *x,
                                const meeting *y)
{
    if (x->layer != y->layer || x->measure == y->measure)
        return TARIFF_OK;
    const tf_measure *a = law->measures.at[x->measure], *b = law->measures.at[y->measure];
    tariff_span       span = tf_span_meet(tf_span_meet(x->span, y->span),
                                          tf_span_meet(a->span, b->span));
    uint64_t          lo = x->lo > y->lo ? x->lo : y->lo, hi = x->hi < y->hi ? x->hi : y->hi;
    uint64_t          key;
    if (tf_span_empty(span) || !could_tie(a, b) || !ask(law, last, a, b, span)
        || !tie_somewhere(law, a, b, lo, hi, span, &key))
        return TARIFF_OK;
    return a->order < b->order ? report(law, a, b, key) : report(law, b, a, key);
}

static void keep_first(tariff_status *first, tariff_status status)
{
    if (*first == TARIFF_OK)
        *first = status;
}

static void check_within(const tariff_law *law, asked *last, const meetings *here,
                         tariff_status *first)
{
    for (size_t i = 0; i < here->n; i++)
        for (size_t k = i + 1; k < here->n; k++)
            keep_first(first, check_pair(law, last, &here->at[i], &here->at[k]));
}

/* A range meets prefixes and ranges of its own length that overlap it. */
static tariff_status check_range(tariff_law *law, asked *last, size_t number,
                                 tariff_status *first)
{
    meetings          mine = { 0 }, others = { 0 };
    const tf_set_row *range = tf_law_row(law, &law->ranges.at[number]);
    TF_TRY(add_users(law, &law->ranges.at[number], &mine));
    for (size_t i = 0; i < law->prefixes.n; i++) {
        const tf_set_row *row = tf_law_row(law, &law->prefixes.at[i]);
        if (row->lo < range->hi && range->lo < row->hi && row->length == range->length)
            TF_TRY(add_users(law, &law->prefixes.at[i], &others));
    }
    for (size_t i = number + 1; i < law->ranges.n; i++) {
        const tf_set_row *row = tf_law_row(law, &law->ranges.at[i]);
        if (row->lo < range->hi && range->lo < row->hi && row->length == range->length)
            TF_TRY(add_users(law, &law->ranges.at[i], &others));
    }
    check_within(law, last, &mine, first);
    for (size_t i = 0; i < mine.n; i++)
        for (size_t k = 0; k < others.n; k++)
            keep_first(first, check_pair(law, last, &mine.at[i], &others.at[k]));
    return TARIFF_OK;
}

/* Prefixes of equal length meet only if they are the same code; ranges meet anything. */
static tariff_status check_codes(tariff_law *law)
{
    meetings      here = { 0 };
    asked         last = { .a_origins = NULL };
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
        check_within(law, &last, &here, &first);
    }
    for (size_t i = 0; i < law->ranges.n && tf_may_go_on(law->env); i++)
        TF_TRY(check_range(law, &last, i, &first));
    return first;
}

/* A code that no set names, 00, stands for most of the nomenclature; then all that are named. */
static bool tie_on_all_products(const tariff_law *law, const tf_measure *a, const tf_measure *b)
{
    uint64_t    key;
    tariff_span span = tf_span_meet(a->span, b->span);
    if (!countries_tie_within(law, a, b, span))
        return false;
    return tie_within(law, a, b, first_code(UINT64_C(0x110000000000)), span)
           || tie_somewhere(law, a, b, 0, UINT64_MAX, span, &key);
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
            if (b->layer != a->layer || !b->products.all || !could_tie(a, b)
                || !tie_on_all_products(law, a, b))
                continue;
            tariff_status status = report(law, a, b, 0);
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
