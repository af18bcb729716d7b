/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * From a book of law to a law: settle what is visible and in which currency,
 * then index, order and check it.
 */
#include "law/law.h"

#include "io/csv_in.h"

#include <stdio.h>
#include <stdlib.h>

tariff_status tf_law_error(const tariff_law *law, const tf_row_place *row, tariff_status status,
                           const char *hint, const char *format, ...)
{
    char     message[512], excerpt[512];
    tf_place place = { .file = row->path, .line = row->line };
    va_list  args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (row->line) {
        tf_csv_excerpt(row->path, row->line, excerpt, sizeof excerpt);
        place.column = 1;
        place.excerpt = excerpt;
    }
    return tf_error(law->env, status, &place, hint, "%s", message);
}

tariff_status tf_law_begin(tariff_env *env, const tariff_schedule *schedule, tariff_law **out)
{
    *out = NULL;
    tariff_law *law = tf_alloc(env, sizeof *law);
    TF_NEED(law);
    memset(law, 0, sizeof *law);
    law->env = env;
    law->schedule = schedule;
    tf_arena_init(&law->arena, &env->allocator);
    tariff_status status = tf_book_copy(&law->book, &law->arena, &schedule->book);
    if (status != TARIFF_OK) {
        tariff_law_free(law);
        return status;
    }
    *out = law;
    return TARIFF_OK;
}

void tariff_law_free(tariff_law *law)
{
    if (!law)
        return;
    tariff_schedule_free(law->owned);
    tf_arena_free(&law->arena);
    tf_free(law->env, law, sizeof *law);
}

/* Amounts in foreign currencies */

enum { CURRENCIES_MAX = 32 };

/** The settling of a law, and what has been complained of. */
typedef struct settling {
    tariff_law               *law;
    const tariff_law_options *options;
    bool   any_currency; /**< Amounts without an exchange rate stay as they are. */
    char   missing[CURRENCIES_MAX][4];
    size_t missing_count;
    const tf_countries *importers[2]; /**< Of the last measure that is not ordinary, and is. */
} settling;

static const tariff_exchange *find_exchange(const tariff_law_options *options,
                                            const char               *currency)
{
    for (size_t i = 0; i < options->exchange_count; i++)
        if (strcmp(options->exchange[i].currency, currency) == 0)
            return &options->exchange[i];
    return NULL;
}

/* Said once for a currency, at its first row: a schedule has hundreds of them. */
static tariff_status no_exchange(settling *s, const tf_row_place *place, const char *currency)
{
    char hint[160];
    for (size_t i = 0; i < s->missing_count; i++)
        if (strcmp(s->missing[i], currency) == 0)
            return TARIFF_E_REFERENCE;
    if (s->missing_count < CURRENCIES_MAX)
        memcpy(s->missing[s->missing_count++], currency, sizeof s->missing[0]);
    snprintf(hint, sizeof hint,
             "say what one %s is in %s: exchange: {%s: 1.25} in the scenario, or --exchange "
             "%s=1.25",
             currency, s->options->account, currency, currency);
    return tf_law_error(s->law, place, TARIFF_E_REFERENCE, hint,
                        "amounts in %s, but the flows are in %s and no exchange rate is given",
                        currency, s->options->account);
}

static tariff_status convert_term(settling *s, const tf_row_place *place, tf_term *term)
{
    if (!term->specific || strcmp(term->currency, s->options->account) == 0)
        return TARIFF_OK;
    const tariff_exchange *exchange = find_exchange(s->options, term->currency);
    if (!exchange)
        return s->any_currency ? TARIFF_OK : no_exchange(s, place, term->currency);
    tf_i128 nano = tf_div_half_even((tf_i128)term->nano * exchange->rate.nano, TF_E9);
    if (nano > INT64_MAX)
        return tf_law_error(s->law, place, TARIFF_E_OVERFLOW, NULL,
                            "the amount is too large in %s", s->options->account);
    term->nano = (int64_t)nano;
    snprintf(term->currency, sizeof term->currency, "%.3s", s->options->account);
    return TARIFF_OK;
}

static tariff_status convert_rate(settling *s, const tf_row_place *place, const tf_rate *rate,
                                  const tf_rate **out)
{
    tf_arena *arena = &s->law->arena;
    tf_rate  *fresh = TF_NEW(arena, tf_rate);
    TF_NEED(fresh);
    *fresh = *rate;
    *out = fresh;
    if (rate->kind == TF_RATE_MAX || rate->kind == TF_RATE_MIN) {
        TF_TRY(convert_rate(s, place, rate->left, &fresh->left));
        return convert_rate(s, place, rate->right, &fresh->right);
    }
    tf_term *terms = TF_ARRAY(arena, tf_term, rate->count + 1);
    TF_NEED(terms);
    if (rate->count)
        memcpy(terms, rate->terms, rate->count * sizeof *terms);
    fresh->terms = terms;
    for (size_t i = 0; i < rate->count; i++)
        TF_TRY(convert_term(s, place, &terms[i]));
    return TARIFF_OK;
}

static tariff_status settle_currency(settling *s, const tf_measure **measure)
{
    const tf_rate *rate = (*measure)->rate;
    if (!rate->specific || !tf_rate_is_foreign(rate, s->options->account))
        return TARIFF_OK;
    tf_measure *copy = TF_NEW(&s->law->arena, tf_measure);
    TF_NEED(copy);
    *copy = **measure;
    const tf_row_place place = tf_measure_place(copy);
    TF_TRY(convert_rate(s, &place, copy->rate, &copy->rate));
    *measure = copy;
    return TARIFF_OK;
}

/* Rates that changes of the scenario set.  Their places are gone: the message names the change. */
static tariff_status settle_changes(settling *s)
{
    for (size_t i = 0; i < s->law->changes.n; i++) {
        tf_change *change = &s->law->changes.at[i];
        char       name[32];
        snprintf(name, sizeof name, "changes[%u]", change->number);
        const tf_row_place place = { name, 0 };
        if (change->value && tf_rate_is_foreign(change->value, s->options->account))
            TF_TRY(convert_rate(s, &place, change->value, &change->value));
    }
    return TARIFF_OK;
}

static void note_layers(tariff_law *law)
{
    for (size_t i = 0; i < law->book.layers.n; i++)
        if (law->book.layers.at[i].kind == TF_ORDINARY)
            law->ordinary |= UINT64_C(1) << i;
}

static tariff_status note_countries(tariff_law *law)
{
    const tf_scopes *scopes = &law->book.scopes;
    tf_country_bits *ever = TF_ARRAY(&law->arena, tf_country_bits, scopes->countries.n);
    TF_NEED(ever);
    for (size_t i = 0; i < scopes->countries.n; i++)
        ever[i] = tf_countries_ever(scopes, scopes->countries.at[i]);
    law->ever = ever;
    return TARIFF_OK;
}

/* The second clock: what was known. */
static bool is_visible(tariff_span known, const tariff_law_options *options)
{
    if (options->has_as_of)
        return tf_span_holds(known, options->as_of.days);
    return known.until.days == TARIFF_DATE_MAX;
}

/* The schedule's sets are shared: the law gets its own of those that were not always the same. */
static tariff_status select_rows(settling *s)
{
    tariff_law *law = s->law;
    for (size_t i = 0; i < law->book.scopes.sets.n; i++) {
        const tf_set *from = law->book.scopes.sets.at[i];
        if (!from->clocked)
            continue;
        tf_set *fresh = TF_NEW(&law->arena, tf_set);
        TF_NEED(fresh);
        fresh->name = from->name;
        fresh->path = from->path;
        for (size_t k = 0; k < from->rows.n; k++)
            if (is_visible(from->rows.at[k].known, s->options)
                && !TF_PUSH(&law->arena, &fresh->rows, from->rows.at[k]))
                return TARIFF_E_NOMEM;
        law->book.scopes.sets.at[i] = fresh;
    }
    return TARIFF_OK;
}

/* Mostly all are visible, as they are: then the law's are the book's, and have no room. */
static bool keep_measure(tariff_law *law, size_t i, const tf_measure *measure)
{
    const size_t most = law->book.measures.n;
    if (law->measures.room == 0) {
        law->measures.at = law->book.measures.at;
        if (law->measures.n == i && measure == law->book.measures.at[i]) {
            law->measures.n++;
            return true;
        }
        law->measures.at = NULL;
        if (!tf_vec_reserve(&law->arena, &law->measures.at, &law->measures.room, most,
                            sizeof law->measures.at[0]))
            return false;
        memcpy(law->measures.at, law->book.measures.at,
               law->measures.n * sizeof law->measures.at[0]);
    }
    law->measures.at[law->measures.n++] = measure;
    return true;
}

static void add_countries(tf_country_bits *to, const tf_country_bits *more)
{
    for (unsigned w = 0; w < TF_COUNTRIES_MAX / 64; w++)
        to->word[w] |= more->word[w];
}

static void note_importers(settling *s, const tf_measure *measure)
{
    tariff_law *law = s->law;
    const bool  ordinary = law->ordinary >> measure->layer & 1;
    if (measure->importers == s->importers[ordinary])
        return;
    s->importers[ordinary] = measure->importers;
    const tf_country_bits *ever = &law->ever[measure->importers->number];
    add_countries(&law->importers, ever);
    if (ordinary)
        add_countries(&law->ordinary_importers, ever);
}

/* Is it on all products? */
static bool note_products(tariff_law *law, const tf_measure *measure)
{
    uint32_t number = (uint32_t)law->measures.n - 1;
    return !measure->products.all || TF_PUSH(&law->arena, &law->on_all, number);
}

static tariff_status select_measures(settling *s)
{
    tariff_status first = TARIFF_OK;
    tariff_law   *law = s->law;
    for (size_t i = 0; i < law->book.measures.n; i++) {
        const tf_measure *measure = law->book.measures.at[i];
        if (!is_visible(measure->enacted->known, s->options))
            continue;
        tariff_status status = settle_currency(s, &measure);
        if (status == TARIFF_E_NOMEM || !tf_may_go_on(law->env))
            return status;
        if (first == TARIFF_OK)
            first = status;
        if (!keep_measure(law, i, measure) || !note_products(law, measure))
            return TARIFF_E_NOMEM;
        note_importers(s, measure);
    }
    return first;
}

/* Scenarios that change rates alone share the answer: whether measures tie does not turn on them. */
static tariff_status check_ties(tariff_law *law, const tariff_law_options *options)
{
    atomic_llong *known = &((tariff_schedule *)law->schedule)->free_of_ties;
    long long     day = options->has_as_of ? 2 + (long long)options->as_of.days - TARIFF_DATE_MIN
                                           : 1; /* 0: not asked yet */
    if (!law->redefined && atomic_load(known) == day)
        return TARIFF_OK;
    TF_TRY(tf_law_check_ties(law));
    if (!law->redefined)
        atomic_store(known, day);
    return TARIFF_OK;
}

static tariff_status finish(tariff_law *law, const tariff_law_options *options, bool any_currency)
{
    settling s = { .law = law, .options = options, .any_currency = any_currency };
    tf_begin(law->env);
    note_layers(law);
    TF_TRY(note_countries(law));
    TF_TRY(select_rows(&s));
    TF_TRY(select_measures(&s));
    TF_TRY(settle_changes(&s));
    TF_TRY(tf_law_index(law));
    TF_TRY(tf_law_epochs(law));
    TF_TRY(check_ties(law, options));
    return tf_law_regimes(law);
}

tariff_status tf_law_finish(tariff_law *law, const tariff_law_options *options)
{
    return finish(law, options, false);
}

tariff_status tariff_law_compile(tariff_env *env, const tariff_schedule *schedule,
                                 const tariff_law_options *options, tariff_law **out)
{
    static const tariff_law_options defaults = TARIFF_LAW_OPTIONS_INIT;
    TF_TRY(tf_law_begin(env, schedule, out));
    tariff_status status = finish(*out, options ? options : &defaults, false);
    if (status != TARIFF_OK) {
        tariff_law_free(*out);
        *out = NULL;
    }
    return status;
}

/* The law is not kept: amounts of different currencies in it would be added up as one. */
tariff_status tariff_schedule_check(tariff_env *env, const tariff_schedule *schedule)
{
    static const tariff_law_options defaults = TARIFF_LAW_OPTIONS_INIT;
    tariff_law                     *law;
    TF_TRY(tf_law_begin(env, schedule, &law));
    tariff_status status = finish(law, &defaults, true);
    tariff_law_free(law);
    return status;
}

size_t tf_law_epoch(const tariff_law *law, int32_t day)
{
    size_t lo = 0, hi = law->epochs.n;
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (law->epochs.at[mid] <= day)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

uint64_t tf_law_topped(const tariff_law *law, const tf_rate *rate, unsigned layer)
{
    return (rate->over ? rate->over : law->ordinary) & ~(UINT64_C(1) << layer);
}
