/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Codes that no good can be declared under: those of measures, lists and share
 * tables that meet no line of the nomenclature.
 */
#include "law/audit.h"

#include "value/hs.h"

#include <stdio.h>

static bool has_lines(const tf_audit *audit, uint64_t key)
{
    return tf_nomenclature_meets(&audit->nomenclature, key, tf_hs_end(key), tf_span_always());
}

/* A number that was digits: 01012100 became 1012100, and then was cut to an even length. */
static bool lost_zero(const tf_audit *audit, uint64_t key)
{
    return has_lines(audit, UINT64_C(1) << 4 * (TF_HS_DIGITS - 1) | (key >> 4));
}

/* The code without the pairs of zeros it ends in. */
static uint64_t without_zeros(uint64_t key)
{
    unsigned digits = tf_hs_length(key);
    while (digits > 4 && (key >> 4 * (TF_HS_DIGITS - digits) & 0xff) == 0x11)
        digits -= 2;
    return tf_hs_cut(key, digits);
}

/* What the code may have been. */
static void guess(const tf_audit *audit, uint64_t key, char *hint, size_t size)
{
    char     code[13];
    uint64_t bare = without_zeros(key);
    if (bare != key && has_lines(audit, bare)) {
        tariff_hs_format((tariff_hs){ bare }, code);
        snprintf(hint, size,
                 "there are other lines under %s: were digits cut, and zeros put in their place?",
                 code);
        return;
    }
    for (unsigned digits = tf_hs_length(key); digits > 4; digits -= 2) {
        uint64_t above = tf_hs_cut(key, digits - 2);
        if (!has_lines(audit, above))
            continue;
        tariff_hs_format((tariff_hs){ above }, code);
        snprintf(hint, size, "there are other lines under %s", code);
        return;
    }
    tariff_hs_format((tariff_hs){ key }, code);
    if (lost_zero(audit, key))
        snprintf(hint, size, "was a leading zero lost (0%s)?", code);
}

static tariff_status find_outside(tf_audit *audit, uint64_t lo, uint64_t hi, tariff_span span,
                                  tf_row_place place)
{
    char codes[TF_CODES_TEXT], from[16], until[16], hint[160] = "";
    if (tf_nomenclature_meets(&audit->nomenclature, lo, hi, span))
        return TARIFF_OK;
    tf_codes_format(lo, hi, codes);
    if (!tf_nomenclature_meets(&audit->nomenclature, lo, hi, tf_span_always())) {
        if (hi == tf_hs_end(lo))
            guess(audit, lo, hint, sizeof hint);
        return tf_audit_find(audit, TF_FOUND_OUTSIDE, place, TF_AT_CODE, hint,
                             "no line of the ordinary duty of all origins has the code %s", codes);
    }
    tariff_date_format(span.from, from);
    tariff_date_format(span.until, until);
    return tf_audit_find(audit, TF_FOUND_NOT_THEN, place, TF_AT_CODE, NULL,
                         "the ordinary duty of all origins has lines of %s, but none%s%s%s%s",
                         codes, *from ? " from " : "", from, *until ? " until " : "", until);
}

/* The codes written in a measure; what it takes away may be there for clarity, and yet be wrong. */
static tariff_status audit_measure(tf_audit *audit, const tf_measure *measure)
{
    const tf_products *p = &measure->products;
    for (unsigned i = 0; i < (unsigned)p->include_count + p->exclude_count; i++) {
        uint32_t      number = i < p->include_count ? p->include[i]
                                                    : p->exclude[i - p->include_count];
        const tf_set *set = audit->book->scopes.sets.at[number];
        for (size_t k = 0; !set->name && k < set->rows.n; k++)
            TF_TRY(find_outside(audit, set->rows.at[k].lo, set->rows.at[k].hi, measure->span,
                                tf_measure_place(measure)));
    }
    return TARIFF_OK;
}

static tariff_status audit_list(tf_audit *audit, const tf_set *set)
{
    for (size_t i = 0; i < set->rows.n; i++) {
        const tf_set_row *row = &set->rows.at[i];
        TF_TRY(find_outside(audit, row->lo, row->hi, row->span,
                            (tf_row_place){ set->path, row->line }));
    }
    return TARIFF_OK;
}

static tariff_status audit_shares(tf_audit *audit, const tf_shares *shares)
{
    for (size_t i = 0; i < shares->rows.n; i++) {
        const tf_share_row *row = &shares->rows.at[i];
        if (row->key)
            TF_TRY(find_outside(audit, row->key, tf_hs_end(row->key), row->span,
                                (tf_row_place){ shares->path, row->line }));
    }
    return TARIFF_OK;
}

tariff_status tf_audit_codes(tf_audit *audit)
{
    const tf_book *book = audit->book;
    if (tf_nomenclature_empty(&audit->nomenclature))
        return TARIFF_OK; /* a schedule of additional duties alone knows no lines */
    for (size_t i = 0; i < book->measures.n; i++)
        if (!tf_is_nomenclature(book, book->measures.at[i]))
            TF_TRY(audit_measure(audit, book->measures.at[i]));
    for (size_t i = 0; i < book->scopes.named.n; i++)
        TF_TRY(audit_list(audit, book->scopes.sets.at[book->scopes.named.at[i]]));
    for (size_t i = 0; i < book->parts.n; i++)
        TF_TRY(audit_shares(audit, book->parts.at[i]));
    for (size_t i = 0; i < book->claims.n; i++)
        TF_TRY(audit_shares(audit, book->claims.at[i]));
    return TARIFF_OK;
}
