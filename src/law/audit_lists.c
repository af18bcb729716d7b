/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Lists of products: those that nothing uses, rows that no use ever meets, and
 * codes whose digits look cut.
 */
#include "law/audit.h"

#include "value/hs.h"

/** From the first day on which some measure uses a set to the last. */
static tariff_status spans_of_use(tf_audit *audit, tariff_span **out)
{
    const tf_book *book = audit->book;
    size_t         n = book->scopes.sets.n;
    tariff_span   *spans = TF_ARRAY(&audit->arena, tariff_span, n + 1);
    TF_NEED(spans);
    for (size_t i = 0; i < n; i++)
        spans[i] = (tariff_span){ { TARIFF_DATE_MAX }, { TARIFF_DATE_MIN } };
    for (size_t i = 0; i < book->measures.n; i++) {
        const tf_measure  *measure = book->measures.at[i];
        const tf_products *p = &measure->products;
        for (unsigned k = 0; k < (unsigned)p->include_count + p->exclude_count; k++) {
            tariff_span *span = &spans[k < p->include_count ? p->include[k]
                                                            : p->exclude[k - p->include_count]];
            if (measure->span.from.days < span->from.days)
                span->from = measure->span.from;
            if (measure->span.until.days > span->until.days)
                span->until = measure->span.until;
        }
    }
    *out = spans;
    return TARIFF_OK;
}

static tariff_status find_idle_rows(tf_audit *audit, const tf_set *set, tariff_span used)
{
    char from[16], until[16], codes[TF_CODES_TEXT];
    tariff_date_format(used.from, from);
    tariff_date_format(used.until, until);
    for (size_t i = 0; i < set->rows.n; i++) {
        const tf_set_row *row = &set->rows.at[i];
        if (!tf_span_empty(tf_span_meet(row->span, used)))
            continue;
        tf_codes_format(row->lo, row->hi, codes);
        TF_TRY(tf_audit_find(audit, TF_FOUND_IDLE, (tf_row_place){ set->path, row->line },
                             TF_AT_FROM, NULL,
                             "%s is on the list on no day on which a measure uses it:%s%s%s%s",
                             codes, *from ? " from " : "", from, *until ? " until " : "", until));
    }
    return TARIFF_OK;
}

/* Lists are drawn up at one level of detail. In one where nine codes of ten have the same number
 * of digits, a shorter one takes in more than its neighbours do: 3004.90.92 where 3004.90.9244 is
 * meant takes most medicines. Short lists and mixed ones tell nothing. */
enum { LIST_MIN = 20, TENTHS = 9 };

static tariff_status find_short_codes(tf_audit *audit, const tf_set *set)
{
    size_t   lengths[TF_HS_DIGITS + 1] = { 0 };
    unsigned usual = 2;
    for (size_t i = 0; i < set->rows.n; i++)
        lengths[set->rows.at[i].length]++;
    for (unsigned digits = 2; digits <= TF_HS_DIGITS; digits++)
        if (lengths[digits] > lengths[usual])
            usual = digits;
    if (set->rows.n < LIST_MIN || lengths[usual] * 10 < set->rows.n * TENTHS)
        return TARIFF_OK;
    for (size_t i = 0; i < set->rows.n; i++) {
        const tf_set_row *row = &set->rows.at[i];
        char              codes[TF_CODES_TEXT];
        if (row->length >= usual)
            continue;
        tf_codes_format(row->lo, row->hi, codes);
        TF_TRY(tf_audit_find(audit, TF_FOUND_SHORT, (tf_row_place){ set->path, row->line },
                             TF_AT_CODE, "if it is meant to take in all that begins so, all is well",
                             "%s has %u digits where %zu of the %zu codes of the list have %u: "
                             "were some cut?",
                             codes, row->length, lengths[usual], set->rows.n, usual));
    }
    return TARIFF_OK;
}

tariff_status tf_audit_lists(tf_audit *audit)
{
    const tf_book *book = audit->book;
    tariff_span   *used;
    TF_TRY(spans_of_use(audit, &used));
    for (size_t i = 0; i < book->scopes.named.n; i++) {
        uint32_t      number = book->scopes.named.at[i];
        const tf_set *set = book->scopes.sets.at[number];
        TF_TRY(find_short_codes(audit, set));
        if (book->measures.n == 0)
            continue; /* an overlay of lists: what uses them is elsewhere */
        if (!tf_span_empty(used[number]))
            TF_TRY(find_idle_rows(audit, set, used[number]));
        else
            TF_TRY(tf_audit_find(audit, TF_FOUND_UNUSED, (tf_row_place){ set->path, 0 },
                                 TF_AT_ROW, NULL, "no measure uses the list @%s", set->name));
    }
    return TARIFF_OK;
}
