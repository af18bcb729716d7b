/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Measures that tie: equally specific, on the same lines, with different rates.
 * Law does not say which one applies, so neither can we.
 */
#include "base/mix.h"
#include "law/law.h"
#include "value/hs.h"

#include <stdio.h>

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
           && a->when->count == b->when->count
           && (!same_rate(a->rate, b->rate) || a->base != b->base
               || a->base_parts != b->base_parts)
           && tf_when_compatible(a->when, b->when)
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

/** A question about countries and its answer: most codes ask one of a few. */
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

enum { ASKED = 256 };

/* @param answers  ASKED of them: the last in each place. */
static bool ask(const tariff_law *law, asked *answers, const tf_measure *a, const tf_measure *b,
                tariff_span span)
{
    asked    question = { a->origins, b->origins, a->importers, b->importers, span, false };
    uint64_t countries = (uint64_t)a->origins->number << 32 | b->origins->number;
    uint64_t days = (uint64_t)(uint32_t)span.from.days << 32 | (uint32_t)span.until.days;
    asked   *last = &answers[tf_mix(tf_mix(0, countries), days) % ASKED];
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
                       uint64_t row_lo, uint64_t row_hi, uint64_t lo, uint64_t hi,
                       tariff_span span, uint64_t *key)
{
    uint64_t after = code_from(row_hi);
    *key = row_lo;
    if (row_lo >= lo && row_lo < hi && tie_within(law, a, b, first_code(row_lo), span))
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
    for (size_t i = 0; i < law->prefixes.n; i++) {
        uint64_t row_lo = law->prefixes.at[i].lo;
        if (tie_around(law, a, b, row_lo, tf_hs_end(row_lo), lo, hi, span, key))
            return true;
    }
    for (size_t i = 0; i < law->ranges.n; i++) {
        const tf_index_range *range = &law->ranges.at[i];
        if (tie_around(law, a, b, range->row.lo, range->hi, lo, hi, span, key))
            return true;
    }
    return false;
}

static tariff_status report(const tariff_law *law, const tf_measure *a, const tf_measure *b,
                            uint64_t key)
{
    char code[13] = "all products";
    char where[128];
    if (key)
        tariff_hs_format((tariff_hs){ key }, code);
    const tf_row_place one = tf_measure_place(a), other = tf_measure_place(b);
    if (strcmp(one.path, other.path) == 0)
        snprintf(where, sizeof where, "line %u", one.line);
    else
        snprintf(where, sizeof where, "%.100s:%u", one.path, one.line);
    return tf_law_error(law, &other, TARIFF_E_CONFLICT,
                        "give one of them a rank, narrower products, or dates",
                        "ties with %s: layer '%s', %s, '%s' against '%s'", where,
                        law->book.layers.at[a->layer].name, code, a->rate->text, b->rate->text);
}

/* Rows of sets that meet at a code */

enum { ASKED_SETS = 1 << 12 };

/** Two sets, and whether a measure on one could tie with a measure on the other. */
typedef struct asked_sets {
    uint64_t sets; /**< Both numbers + 1; 0: not asked yet. */
    bool     answer;
} asked_sets;

typedef struct tie_check {
    const tariff_law *law;
    uint64_t *layers;  /**< By set: those with one choice, of the measures that use it... */
    uint64_t *crowded; /**< ... and those of which two that use it could name one origin. */
    asked_sets       *asked_sets; /**< The last answer in each place. */
    asked            *asked;
    tariff_status     first; /**< What was found first. */
    uint64_t          work;  /**< Pairs looked at. */
    uint64_t          asks_at; /**< So many of them, until it is asked whether to go on. */
} tie_check;

/* The shipped laws need a few million; this many pairs take seconds, and what is built to need more
 * would take hours. */
static const uint64_t MOST_WORK = UINT64_C(1000000000);
enum { PAIR_IN_DEPTH = 64 }; /* what a pair costs, in others, that is compared code by code */

static bool may_go_on(tie_check *t)
{
    if (t->first == TARIFF_E_LIMIT || t->first == TARIFF_E_CANCELLED)
        return false;
    if (t->work > MOST_WORK)
        t->first = tf_error(t->law->env, TARIFF_E_LIMIT, NULL,
                            "put the products of measures that overlap into fewer sets, or give the "
                            "measures of a layer different dates or ranks",
                            "too many measures overlap: whether they tie cannot be told in time");
    else if (tf_cancelled(t->law->env))
        t->first = TARIFF_E_CANCELLED;
    t->asks_at = t->work + (1u << 20);
    return t->first != TARIFF_E_LIMIT && t->first != TARIFF_E_CANCELLED
           && tf_may_go_on(t->law->env);
}

/* Look at another pair?  No, once there are too many of them, or of errors, or it was cancelled. */
static inline bool go_on(tie_check *t, unsigned work)
{
    t->work += work;
    if (t->work < t->asks_at)
        return true;
    if (may_go_on(t))
        return true;
    t->asks_at = 0; /* no is no */
    return false;
}

/* Mostly each measure on a code names origins that those before it do not: then none of them tie,
 * and they are not compared in pairs.  Two that name nobody may be the same expression. */
static bool name_again(tf_country_bits *named, const tf_country_bits *more)
{
    uint64_t again = 0, any = 0;
    for (unsigned w = 0; w < TF_COUNTRIES_MAX / 64; w++) {
        again |= named->word[w] & more->word[w];
        any |= more->word[w];
        named->word[w] |= more->word[w];
    }
    return again || !any;
}

static void note_users(tie_check *t, uint32_t set)
{
    const tariff_law  *law = t->law;
    tf_country_bits    named[TF_LAYERS_MAX]; /**< Of a layer that has its bit. */
    const tf_set_user *end, *user = tf_law_users(law, set, &end);
    for (; user < end; user++) {
        uint64_t layer = UINT64_C(1) << user->layer;
        if (user->excludes || law->book.layers.at[user->layer].select != TF_SELECT_SPECIFIC)
            continue;
        if (!(t->layers[set] & layer))
            named[user->layer] = law->ever[user->origins];
        else if (name_again(&named[user->layer], &law->ever[user->origins]))
            t->crowded[set] |= layer;
        t->layers[set] |= layer;
    }
}

static tariff_status begin_check(tie_check *t, tariff_law *law)
{
    memset(t, 0, sizeof *t);
    t->law = law;
    t->layers = TF_ARRAY(&law->arena, uint64_t, law->book.scopes.sets.n + 1);
    t->crowded = TF_ARRAY(&law->arena, uint64_t, law->book.scopes.sets.n + 1);
    t->asked_sets = TF_ARRAY(&law->arena, asked_sets, ASKED_SETS);
    t->asked = TF_ARRAY(&law->arena, asked, ASKED);
    TF_NEED(t->layers && t->crowded && t->asked_sets && t->asked);
    for (uint32_t set = 0; set < law->book.scopes.sets.n; set++)
        note_users(t, set);
    return TARIFF_OK;
}

static bool could_meet(const tie_check *t, const tf_set_user *x, const tf_set_user *y)
{
    const tf_country_bits *ever = t->law->ever;
    return x->layer == y->layer && !x->excludes && !y->excludes && x->measure != y->measure
           && (x->origins == y->origins
               || tf_countries_meet(&ever[x->origins], &ever[y->origins]))
           && could_tie(t->law->measures.at[x->measure], t->law->measures.at[y->measure]);
}

static bool some_users_tie(tie_check *t, uint32_t one, uint32_t other)
{
    const tariff_law *law = t->law;
    const tf_set_user *x_end, *y_end, *x = tf_law_users(law, one, &x_end);
    for (; x < x_end; x++)
        for (const tf_set_user *y = tf_law_users(law, other, &y_end); y < y_end; y++) {
            if (!go_on(t, 1) || !could_meet(t, x, y))
                continue;
            const tf_measure *a = law->measures.at[x->measure], *b = law->measures.at[y->measure];
            if (ask(law, t->asked, a, b, tf_span_meet(a->span, b->span)))
                return true;
        }
    return false;
}

/* Lists meet at thousands of codes, and could tie at all of them or at none. */
static bool sets_could_tie(tie_check *t, uint32_t one, uint32_t other)
{
    if (!(one == other ? t->crowded[one] : t->layers[one] & t->layers[other]))
        return false;
    uint64_t    sets = (uint64_t)(one + 1) << 32 | (other + 1);
    asked_sets *kept = &t->asked_sets[tf_mix(0, sets) % ASKED_SETS];
    if (kept->sets != sets) {
        bool answer = some_users_tie(t, one, other);
        *kept = (asked_sets){ sets, answer };
    }
    return kept->answer;
}

static void check_users(tie_check *t, const tf_set_user *x, const tf_set_user *y, uint64_t lo,
                        uint64_t hi, tariff_span span)
{
    const tariff_law *law = t->law;
    const tf_measure *a = law->measures.at[x->measure], *b = law->measures.at[y->measure];
    uint64_t          key;
    span = tf_span_meet(span, tf_span_meet(a->span, b->span));
    if (law->book.layers.at[x->layer].select != TF_SELECT_SPECIFIC || tf_span_empty(span)
        || !could_meet(t, x, y) || !ask(law, t->asked, a, b, span) || !go_on(t, PAIR_IN_DEPTH)
        || !tie_somewhere(law, a, b, lo, hi, span, &key))
        return;
    tariff_status status = a->order < b->order ? report(law, a, b, key) : report(law, b, a, key);
    if (t->first == TARIFF_OK)
        t->first = status;
    t->asks_at = 0; /* it may have been one error too many */
}

static void check_rows(tie_check *t, const tf_index_row *x, uint64_t x_hi, const tf_index_row *y,
                       uint64_t y_hi)
{
    const tariff_law *law = t->law;
    if (!go_on(t, 1) || !sets_could_tie(t, x->set, y->set))
        return;
    const tf_set_user *end, *v_end, *u = tf_law_users(law, x->set, &end);
    for (; u < end; u++) {
        const tf_set_user *v = tf_law_users(law, y->set, &v_end);
        for (v = x == y ? u + 1 : v; v < v_end && go_on(t, 1); v++)
            check_users(t, u, v, x->lo > y->lo ? x->lo : y->lo, x_hi < y_hi ? x_hi : y_hi,
                        tf_span_meet(x->span, y->span));
    }
}

/* A range meets prefixes and ranges of its own length that overlap it. */
static void check_range(tie_check *t, size_t number)
{
    const tariff_law     *law = t->law;
    const tf_index_range *range = &law->ranges.at[number];
    const tf_index_row   *mine = &range->row;
    check_rows(t, mine, range->hi, mine, range->hi);
    for (size_t i = tf_law_prefix(law, tf_hs_cut(mine->lo, mine->length), 0);
         i < law->prefixes.n && law->prefixes.at[i].lo < range->hi; i++) {
        const tf_index_row *row = &law->prefixes.at[i];
        if (row->length == mine->length && mine->lo < tf_hs_end(row->lo))
            check_rows(t, mine, range->hi, row, tf_hs_end(row->lo));
    }
    for (size_t i = number + 1; i < law->ranges.n; i++) {
        const tf_index_range *other = &law->ranges.at[i];
        if (other->row.lo < range->hi && mine->lo < other->hi
            && other->row.length == mine->length)
            check_rows(t, mine, range->hi, &other->row, other->hi);
    }
}

/* Layers of which two measures name the code of these rows.  Mostly there are none. */
static uint64_t layers_that_meet(const tie_check *t, const tf_index_row *rows, size_t n)
{
    uint64_t seen = 0, meet = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t layers = t->layers[rows[i].set];
        meet |= t->crowded[rows[i].set] | (seen & layers);
        seen |= layers;
    }
    return meet;
}

static void check_code(tie_check *t, const tf_index_row *rows, size_t n)
{
    uint64_t meet = layers_that_meet(t, rows, n), hi = tf_hs_end(rows[0].lo);
    for (size_t i = 0; meet && i < n; i++) {
        uint64_t layers = t->layers[rows[i].set] & meet;
        for (size_t k = 0; layers && k < i; k++)
            if (t->layers[rows[k].set] & layers)
                check_rows(t, &rows[k], hi, &rows[i], hi);
        if (t->crowded[rows[i].set])
            check_rows(t, &rows[i], hi, &rows[i], hi);
    }
}

/* Prefixes of equal length meet only if they are the same code; ranges meet anything. */
static void check_codes(tie_check *t)
{
    const tariff_law *law = t->law;
    for (size_t i = 0, end; i < law->prefixes.n && tf_may_go_on(law->env); i = end) {
        const tf_index_row *rows = &law->prefixes.at[i];
        for (end = i + 1; end < law->prefixes.n && law->prefixes.at[end].lo == rows->lo;)
            end++;
        check_code(t, rows, end - i);
    }
    for (size_t i = 0; i < law->ranges.n && tf_may_go_on(law->env); i++)
        check_range(t, i);
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

/** A measure on all products, and the countries that it could ever apply to. */
typedef struct everything {
    const tf_measure      *measure;
    const tf_country_bits *origins, *importers;
} everything;

typedef TF_VEC(everything) everythings;

static tariff_status collect_all_products(tariff_law *law, everythings *all)
{
    for (size_t i = 0; i < law->on_all.n; i++) {
        const tf_measure *m = law->measures.at[law->on_all.at[i]];
        if (law->book.layers.at[m->layer].select != TF_SELECT_SPECIFIC)
            continue;
        everything one = { m, &law->ever[m->origins->number], &law->ever[m->importers->number] };
        if (!TF_PUSH(&law->arena, all, one))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

/* Mostly they do not: a country has a measure of its own. */
static bool could_share(const everything *x, const everything *y)
{
    const tf_measure *a = x->measure, *b = y->measure;
    return (a->origins == b->origins || tf_countries_meet(x->origins, y->origins))
           && (a->importers == b->importers || tf_countries_meet(x->importers, y->importers));
}

static void check_all_products(tie_check *t, const everythings *all)
{
    const tariff_law *law = t->law;
    for (size_t i = 0; i < all->n && tf_may_go_on(law->env); i++)
        for (size_t k = i + 1; k < all->n && go_on(t, 1); k++) {
            const everything *x = &all->at[i], *y = &all->at[k];
            const tf_measure *a = x->measure, *b = y->measure;
            if (!could_share(x, y) || !could_tie(a, b) || !go_on(t, PAIR_IN_DEPTH)
                || !tie_on_all_products(law, a, b))
                continue;
            tariff_status status = report(law, a, b, 0);
            if (t->first == TARIFF_OK)
                t->first = status;
        }
}

tariff_status tf_law_check_ties(tariff_law *law)
{
    tie_check   t;
    everythings all = { 0 };
    TF_TRY(begin_check(&t, law));
    check_codes(&t);
    TF_TRY(collect_all_products(law, &all));
    check_all_products(&t, &all);
    return t.first;
}
