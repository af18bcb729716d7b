/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Dates: days missing between rows that say the same, and rows that say again,
 * or in vain, what another one says on the same days.  Ties, where the law is
 * not known at all, are errors of their own: ties.c.
 */
#include "law/audit.h"

#include "value/hs.h"

#include <stdio.h>
#include <stdlib.h>

/* A shorter gap is rather a slip (`until` written as the last day in force) than law: exemptions
 * that lapse and are granted anew do so after years. Where nothing else would apply, in the
 * ordinary duty, any gap is one. */
enum { SLIP_DAYS = 31 };

/* What a measure is about, whatever its days, rank, base and rate. */

static int compare(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_sets(const tf_book *book, uint32_t a, uint32_t b)
{
    const tf_set *x = book->scopes.sets.at[a], *y = book->scopes.sets.at[b];
    if (x->name || y->name)
        return compare(x->name ? a + 1 : 0, y->name ? b + 1 : 0);
    for (size_t i = 0; i < x->rows.n && i < y->rows.n; i++) {
        int order = compare(x->rows.at[i].lo, y->rows.at[i].lo);
        if (order == 0)
            order = compare(x->rows.at[i].hi, y->rows.at[i].hi);
        if (order)
            return order;
    }
    return compare(x->rows.n, y->rows.n);
}

static int compare_products(const tf_book *book, const tf_products *a, const tf_products *b)
{
    int order = compare(a->all, b->all);
    if (order == 0)
        order = compare(a->include_count, b->include_count);
    if (order == 0)
        order = compare(a->exclude_count, b->exclude_count);
    for (uint16_t i = 0; order == 0 && i < a->include_count; i++)
        order = compare_sets(book, a->include[i], b->include[i]);
    for (uint16_t i = 0; order == 0 && i < a->exclude_count; i++)
        order = compare_sets(book, a->exclude[i], b->exclude[i]);
    return order;
}

static int compare_scopes(const tf_book *book, const tf_measure *a, const tf_measure *b)
{
    int order = compare(a->schedule, b->schedule);
    if (order == 0)
        order = compare(a->layer, b->layer);
    if (order == 0)
        order = compare(a->origins->number, b->origins->number);
    if (order == 0)
        order = compare(a->importers->number, b->importers->number);
    if (order == 0)
        order = strcmp(a->when->text ? a->when->text : "", b->when->text ? b->when->text : "");
    return order ? order : compare_products(book, &a->products, &b->products);
}

/** A measure, with the book that its numbers of sets are of. */
typedef struct entry {
    const tf_measure *measure;
    const tf_book    *book;
} entry;

/* By scope; then the higher rank, the base, the earlier day. */
static int by_scope(const void *x, const void *y)
{
    const tf_measure *a = ((const entry *)x)->measure, *b = ((const entry *)y)->measure;
    int               order = compare_scopes(((const entry *)x)->book, a, b);
    if (order == 0)
        order = (b->rank > a->rank) - (b->rank < a->rank);
    if (order == 0)
        order = compare(a->base, b->base);
    if (order == 0)
        order = compare(a->base_parts, b->base_parts);
    if (order == 0)
        order = (a->span.from.days > b->span.from.days) - (a->span.from.days < b->span.from.days);
    return order ? order : compare(a->order, b->order);
}

static bool same_base(const tf_measure *a, const tf_measure *b)
{
    return a->rank == b->rank && a->base == b->base && a->base_parts == b->base_parts;
}

/* Words */

static void say_where(const tf_measure *from, const tf_measure *other, char *buf, size_t size)
{
    if (strcmp(from->enacted->path, other->enacted->path) == 0)
        snprintf(buf, size, "line %u", other->line);
    else
        snprintf(buf, size, "%.200s:%u", other->enacted->path, other->line);
}

static void say_span(tariff_span span, char *buf, size_t size)
{
    char from[16], until[16];
    tariff_date_format(span.from, from);
    tariff_date_format(span.until, until);
    snprintf(buf, size, "%s%s%s%s", *from ? " from " : "", from, *until ? " until " : "", until);
}

/* Gaps */

/* Is any product of a measure without a line of the nomenclature on the first day of a gap? */
static bool leaves_codes_bare(const tf_audit *audit, const tf_measure *measure, tariff_span gap)
{
    tariff_span day = { gap.from, { gap.from.days + 1 } };
    for (uint16_t i = 0; i < measure->products.include_count; i++) {
        const tf_set *set = audit->book->scopes.sets.at[measure->products.include[i]];
        for (size_t k = 0; k < set->rows.n; k++)
            if (!tf_nomenclature_meets(&audit->nomenclature, set->rows.at[k].lo,
                                       set->rows.at[k].hi, day))
                return true;
    }
    return false;
}

static tariff_status find_gap(tf_audit *audit, const tf_measure *before, const tf_measure *after)
{
    char        where[256];
    tariff_span gap = { before->span.until, after->span.from };
    char        days[64];
    int32_t     length = gap.until.days - gap.from.days;
    if (length > SLIP_DAYS
        && !(tf_is_nomenclature(audit->book, after) && leaves_codes_bare(audit, after, gap)))
        return TARIFF_OK;
    say_where(after, before, where, sizeof where);
    say_span(gap, days, sizeof days);
    return tf_audit_find(audit, TF_FOUND_GAP, tf_measure_place(after), TF_AT_FROM,
                         length == 1 ? "until is the first day not in force" : NULL,
                         "a gap of %d day%s after %s, which is of the same goods:%s", length,
                         length == 1 ? "" : "s", where, days);
}

/* Overlaps */

/** One plain percentage of the whole base: comparable. */
static bool is_plain(const tf_rate *rate)
{
    return rate->kind == TF_RATE_SUM && rate->count == 1 && !rate->specific
           && rate->terms[0].part == TF_NO_PART;
}

/* Why the one never applies where both do; NULL if it may. */
static const char *beaten_by(const tf_audit *audit, const tf_measure *loser,
                             const tf_measure *winner)
{
    bool plain = is_plain(loser->rate) && is_plain(winner->rate);
    switch (audit->book->layers.at[loser->layer].select) {
    case TF_SELECT_SPECIFIC: return winner->rank > loser->rank ? "has the higher rank" : NULL;
    case TF_SELECT_FIRST: return winner->order < loser->order ? "comes first" : NULL;
    case TF_SELECT_HIGHEST:
        return plain && same_base(loser, winner)
                       && winner->rate->terms[0].nano > loser->rate->terms[0].nano
                   ? "is higher"
                   : NULL;
    case TF_SELECT_LOWEST:
        return plain && same_base(loser, winner)
                       && winner->rate->terms[0].nano < loser->rate->terms[0].nano
                   ? "is lower"
                   : NULL;
    case TF_SELECT_SUM: break;
    }
    return NULL;
}

/* A rank or a higher rate may well replace another for some days; a row that is replaced on all of
 * its days says nothing. */
static tariff_status find_hidden(tf_audit *audit, const tf_measure *loser,
                                 const tf_measure *winner, bool *found)
{
    char        where[256];
    const char *why = beaten_by(audit, loser, winner);
    *found = why && winner->span.from.days <= loser->span.from.days
             && winner->span.until.days >= loser->span.until.days;
    if (!*found)
        return TARIFF_OK;
    say_where(loser, winner, where, sizeof where);
    return tf_audit_find(audit, TF_FOUND_HIDDEN, tf_measure_place(loser), TF_AT_ROW, NULL,
                         "never applies: %s is of the same goods, origins and days, and %s", where,
                         why);
}

static tariff_status find_repeated(tf_audit *audit, const tf_measure *first,
                                   const tf_measure *again)
{
    char where[256], days[64];
    if (strcmp(first->rate->text, again->rate->text) != 0)
        return TARIFF_OK; /* a tie, or a choice that the layer's `select` makes */
    say_where(again, first, where, sizeof where);
    say_span(tf_span_meet(first->span, again->span), days, sizeof days);
    return tf_audit_find(audit, TF_FOUND_REPEATED, tf_measure_place(again), TF_AT_FROM, NULL,
                         "says the same as %s, of the same days%s%s", where, *days ? ":" : "",
                         days);
}

/* Measures of one scope, sorted. */
static tariff_status audit_group(tf_audit *audit, const entry *group, size_t n)
{
    const tf_measure *last = group[0].measure; /* of this rank and base: the one that lasts longest */
    for (size_t i = 1; i < n; i++) {
        const tf_measure *m = group[i].measure;
        bool              hidden = false;
        for (size_t k = 0; k < n && !hidden; k++)
            TF_TRY(find_hidden(audit, m, group[k].measure, &hidden));
        if (!same_base(m, last)) {
            last = m;
            continue;
        }
        if (m->span.from.days > last->span.until.days)
            TF_TRY(find_gap(audit, last, m));
        else if (m->span.from.days < last->span.until.days && !hidden)
            TF_TRY(find_repeated(audit, last, m));
        if (m->span.until.days > last->span.until.days)
            last = m;
    }
    return TARIFF_OK;
}

tariff_status tf_audit_dates(tf_audit *audit)
{
    const tf_book *book = audit->book;
    TF_VEC(entry) sorted = { 0 };
    for (size_t i = 0; i < book->measures.n; i++) {
        entry e = { book->measures.at[i], book };
        /* What was withdrawn says what was known once, not what the law is. */
        if (e.measure->enacted->known.until.days == TARIFF_DATE_MAX
            && !TF_PUSH(&audit->arena, &sorted, e))
            return TARIFF_E_NOMEM;
    }
    if (sorted.n == 0)
        return TARIFF_OK;
    qsort(sorted.at, sorted.n, sizeof sorted.at[0], by_scope);
    for (size_t i = 0, end; i < sorted.n; i = end) {
        for (end = i + 1;
             end < sorted.n && compare_scopes(book, sorted.at[i].measure, sorted.at[end].measure) == 0;)
            end++;
        TF_TRY(audit_group(audit, sorted.at + i, end - i));
    }
    return TARIFF_OK;
}
