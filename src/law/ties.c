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
    uint8_t     length;
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

/* Is there a country that both name equally closely on the first common day? */
static bool share_country(const tf_scopes *scopes, const tf_countries *a, const tf_countries *b,
                          int32_t day)
{
    if (a == b)
        return true;
    tf_country_bits x = tf_countries_ever(scopes, a), y = tf_countries_ever(scopes, b);
    for (unsigned w = 0; w < TF_COUNTRIES_MAX / 64; w++)
        for (uint64_t both = x.word[w] & y.word[w]; both; both &= both - 1) {
            unsigned country = 64 * w + (unsigned)__builtin_ctzll(both);
            tf_level level = tf_countries_level(scopes, a, country, day);
            if (level != TF_NOT_NAMED && level == tf_countries_level(scopes, b, country, day))
                return true;
        }
    return false;
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
           && share_country(&law->book.scopes, a->origins, b->origins, span.from.days)
           && share_country(&law->book.scopes, a->importers, b->importers, span.from.days);
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

static int by_code(const void *a, const void *b)
{
    const meeting *x = a, *y = b;
    if (x->lo != y->lo)
        return x->lo < y->lo ? -1 : 1;
    if (x->length != y->length)
        return x->length < y->length ? -1 : 1;
    return x->measure < y->measure ? -1 : x->measure > y->measure;
}

static tariff_status collect(tariff_law *law, const tf_index_row *rows, size_t count,
                             meetings *out)
{
    for (size_t i = 0; i < count; i++)
        for (uint32_t u = law->users_start[rows[i].set]; u < law->users_start[rows[i].set + 1];
             u++) {
            const tf_set_user *user = &law->users[u];
            if (user->excludes
                || law->book.layers.at[law->measures.at[user->measure]->layer].select
                       != TF_SELECT_SPECIFIC)
                continue;
            meeting entry = { rows[i].lo, rows[i].hi, rows[i].span, user->measure,
                              rows[i].length };
            if (!TF_PUSH(&law->arena, out, entry))
                return TARIFF_E_NOMEM;
        }
    return TARIFF_OK;
}

static tariff_status check_pair(const tariff_law *law, const meeting *x, const meeting *y)
{
    const tf_measure *a = law->measures.at[x->measure], *b = law->measures.at[y->measure];
    tariff_span       span = tf_span_meet(x->span, y->span);
    uint64_t          key = x->lo > y->lo ? x->lo : y->lo;
    if (a == b || tf_span_empty(span) || !can_tie(law, a, b, span))
        return TARIFF_OK;
    span = tf_span_meet(span, tf_span_meet(a->span, b->span));
    if (!tie_at(law, a, b, key, span.from.days))
        return TARIFF_OK;
    return a->order < b->order ? report(law, a, b, key) : report(law, b, a, key);
}

/* Prefixes of equal length meet only if they are the same code; ranges meet anything. */
static tariff_status check_codes(tariff_law *law)
{
    meetings      prefixes = { 0 }, ranges = { 0 };
    tariff_status first = TARIFF_OK;
    TF_TRY(collect(law, law->prefixes.at, law->prefixes.n, &prefixes));
    TF_TRY(collect(law, law->ranges.at, law->ranges.n, &ranges));
    if (prefixes.n)
        qsort(prefixes.at, prefixes.n, sizeof prefixes.at[0], by_code);
    for (size_t i = 0; i < prefixes.n && tf_may_go_on(law->env); i++)
        for (size_t k = i + 1; k < prefixes.n && prefixes.at[k].lo == prefixes.at[i].lo; k++) {
            tariff_status status = check_pair(law, &prefixes.at[i], &prefixes.at[k]);
            first = first == TARIFF_OK ? status : first;
        }
    for (size_t i = 0; i < ranges.n && tf_may_go_on(law->env); i++) {
        const meeting *range = &ranges.at[i];
        for (size_t k = 0; k < prefixes.n; k++)
            if (prefixes.at[k].lo >= range->lo && prefixes.at[k].hi <= range->hi
                && prefixes.at[k].length == range->length) {
                tariff_status status = check_pair(law, range, &prefixes.at[k]);
                first = first == TARIFF_OK ? status : first;
            }
        for (size_t k = i + 1; k < ranges.n; k++)
            if (ranges.at[k].lo < range->hi && range->lo < ranges.at[k].hi
                && ranges.at[k].length == range->length) {
                tariff_status status = check_pair(law, range, &ranges.at[k]);
                first = first == TARIFF_OK ? status : first;
            }
    }
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
