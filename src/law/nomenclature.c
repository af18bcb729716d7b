/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "law/nomenclature.h"

#include "value/hs.h"

#include <stdlib.h>

bool tf_is_nomenclature(const tf_book *book, const tf_measure *measure)
{
    return book->layers.at[measure->layer].kind == TF_ORDINARY && measure->origins->all
           && measure->when->count == 0;
}

static tariff_status add_set(tf_arena *arena, const tf_set *set, tariff_span span,
                             tf_nomenclature *out)
{
    for (size_t i = 0; i < set->rows.n; i++) {
        const tf_set_row   *from = &set->rows.at[i];
        tf_nomenclature_row row = { from->lo, from->hi, tf_span_meet(from->span, span) };
        bool                single = from->hi == tf_hs_end(from->lo);
        if (!(single ? TF_PUSH(arena, &out->codes, row) : TF_PUSH(arena, &out->ranges, row)))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

static int by_code(const void *a, const void *b)
{
    const tf_nomenclature_row *x = a, *y = b;
    return x->lo != y->lo ? (x->lo < y->lo ? -1 : 1) : (x->hi > y->hi) - (x->hi < y->hi);
}

tariff_status tf_nomenclature_of(const tf_book *book, tf_arena *arena, tf_nomenclature *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < book->measures.n; i++) {
        const tf_measure *measure = book->measures.at[i];
        if (!tf_is_nomenclature(book, measure))
            continue;
        out->everything = out->everything || measure->products.all;
        for (uint16_t k = 0; k < measure->products.include_count; k++)
            TF_TRY(add_set(arena, book->scopes.sets.at[measure->products.include[k]],
                           measure->span, out));
    }
    if (out->codes.n)
        qsort(out->codes.at, out->codes.n, sizeof out->codes.at[0], by_code);
    return TARIFF_OK;
}

static bool overlap(tariff_span a, tariff_span b)
{
    return !tf_span_empty(tf_span_meet(a, b));
}

/* The first single code at or after a key. */
static size_t first_from(const tf_nomenclature *n, uint64_t key)
{
    size_t lo = 0, hi = n->codes.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (n->codes.at[mid].lo < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

bool tf_nomenclature_meets(const tf_nomenclature *n, uint64_t lo, uint64_t hi, tariff_span span)
{
    if (n->everything)
        return true;
    for (size_t i = first_from(n, lo); i < n->codes.n && n->codes.at[i].lo < hi; i++)
        if (overlap(n->codes.at[i].span, span))
            return true;
    /* Prefixes of a code come before it: 72 before 7206. */
    for (unsigned digits = 2; digits < tf_hs_length(lo); digits += 2) {
        uint64_t above = tf_hs_cut(lo, digits);
        for (size_t i = first_from(n, above); i < n->codes.n && n->codes.at[i].lo == above; i++)
            if (overlap(n->codes.at[i].span, span))
                return true;
    }
    for (size_t i = 0; i < n->ranges.n; i++) {
        const tf_nomenclature_row *row = &n->ranges.at[i];
        if (row->lo < hi && lo < row->hi && overlap(row->span, span))
            return true;
    }
    return false;
}
