/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/trade.h"

#include "value/hs.h"

#include <stdlib.h>

/* Product and importer as one number; a code has twelve digits of four bits. */
static uint64_t key_of(const tf_trade_rows *rows, const tf_data_where *where)
{
    return tf_hs_cut(where->hs, rows->digits) << 16 | where->importer;
}

static int by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

/* Groups come by code, but for the few whose sums did not fit; within a code by no order. */
static tariff_status make_purchases(const tf_dataset *d, tf_arena *scratch, tf_arena *arena,
                                    tf_trade_rows *rows)
{
    size_t    n = 0, all = d->groups.n + d->rows.n;
    uint64_t *keys = TF_ARRAY(scratch, uint64_t, all + 1);
    bool      sorted = true;
    TF_NEED(keys);
    for (size_t i = 0; i < all; i++) {
        uint64_t key = key_of(rows, i < d->groups.n ? &d->groups.at[i].where
                                                    : &d->rows.at[i - d->groups.n].where);
        if (n && keys[n - 1] == key)
            continue;
        sorted = sorted && (n == 0 || keys[n - 1] < key);
        keys[n++] = key;
    }
    if (!sorted)
        qsort(keys, n, sizeof *keys, by_number);
    rows->at = TF_ARRAY(arena, tf_purchases, n + 1);
    TF_NEED(rows->at);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || keys[i] != keys[i - 1]) {
            rows->at[rows->count].hs = keys[i] >> 16;
            rows->at[rows->count++].importer = (uint16_t)keys[i];
        }
    return TARIFF_OK;
}

static uint32_t purchases_at(const tf_trade_rows *rows, uint64_t key)
{
    size_t low = 0, high = rows->count;
    while (low < high) {
        size_t   middle = low + (high - low) / 2;
        uint64_t there = rows->at[middle].hs << 16 | rows->at[middle].importer;
        if (there < key)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < rows->count && (rows->at[low].hs << 16 | rows->at[low].importer) == key;
    return found ? (uint32_t)low : TF_NO_PURCHASES;
}

void tf_trade_rows_of(const tf_trade_rows *rows, uint32_t purchases, uint32_t out[TF_COUNTRIES_MAX])
{
    for (size_t c = 0; c < TF_COUNTRIES_MAX; c++)
        out[c] = TF_NO_ROW;
    for (size_t w = 0; purchases != TF_NO_PURCHASES && w < TF_COUNTRIES_MAX / 64; w++) {
        uint32_t row = rows->at[purchases].before[w];
        for (uint64_t bits = rows->at[purchases].origins.word[w]; bits; bits &= bits - 1)
            out[64 * w + (size_t)__builtin_ctzll(bits)] = row++;
    }
}

uint32_t tf_trade_find(const tf_trade_rows *rows, const tf_data_where *where, uint16_t origin)
{
    uint32_t at = purchases_at(rows, key_of(rows, where));
    if (at == TF_NO_PURCHASES || !tf_country_in(&rows->at[at].origins, origin))
        return TF_NO_ROW;
    uint64_t below = rows->at[at].origins.word[origin / 64] & ((UINT64_C(1) << origin % 64) - 1);
    return rows->at[at].before[origin / 64] + (uint32_t)__builtin_popcountll(below);
}

tariff_status tf_trade_locate(const tf_trade_rows *rows, const tf_dataset *d, tf_arena *arena,
                              tf_trade_places *out)
{
    out->of_group = TF_ARRAY(arena, uint32_t, d->groups.n + d->rows.n + 1);
    TF_NEED(out->of_group);
    out->of_row = out->of_group + d->groups.n;
    out->ordered = 0;
    for (size_t i = 0; i < d->groups.n; i++) {
        out->of_group[i] = purchases_at(rows, key_of(rows, &d->groups.at[i].where));
        if (out->ordered == i
            && (i == 0 || d->groups.at[i - 1].where.hs <= d->groups.at[i].where.hs))
            out->ordered = i + 1;
    }
    for (size_t i = 0; i < d->rows.n; i++)
        out->of_row[i] = purchases_at(rows, key_of(rows, &d->rows.at[i].where));
    return TARIFF_OK;
}

static void add_origins(const tf_dataset *d, const tf_trade_places *places, tf_trade_rows *rows)
{
    for (size_t i = 0; i < d->groups.n; i++) {
        const tf_data_group *group = &d->groups.at[i];
        const tf_data_cell  *cells = &d->cells.at[group->first];
        for (size_t k = 0; k < group->count; k++)
            tf_country_put(&rows->at[places->of_group[i]].origins, cells[k].origin);
    }
    for (size_t i = 0; i < d->rows.n; i++)
        tf_country_put(&rows->at[places->of_row[i]].origins, d->rows.at[i].cell.origin);
}

static tariff_status number_rows(tf_trade_rows *rows)
{
    size_t n = 0;
    for (size_t i = 0; i < rows->count; i++)
        for (size_t w = 0; w < TF_COUNTRIES_MAX / 64; w++) {
            rows->at[i].before[w] = (uint32_t)n;
            n += (size_t)__builtin_popcountll(rows->at[i].origins.word[w]);
        }
    rows->rows = n;
    return n < TF_NO_ROW ? TARIFF_OK : TARIFF_E_LIMIT;
}

tariff_status tf_trade_rows_make(const tf_dataset *d, unsigned digits, tf_arena *arena,
                                 tf_trade_rows *rows)
{
    tf_arena        scratch;
    tf_trade_places places;
    *rows = (tf_trade_rows){ .digits = digits };
    tf_arena_init(&scratch, &d->env->allocator);
    tariff_status status = make_purchases(d, &scratch, arena, rows);
    if (status == TARIFF_OK)
        status = tf_trade_locate(rows, d, &scratch, &places);
    if (status == TARIFF_OK)
        add_origins(d, &places, rows);
    tf_arena_free(&scratch);
    return status == TARIFF_OK ? number_rows(rows) : status;
}

tariff_status tf_trade_begin(const tf_trade_rows *rows, tf_arena *arena, tf_trade *out)
{
    *out = (tf_trade){ .rows = rows, .there = TF_ARRAY(arena, bool, rows->rows + 1) };
    return out->there
                   && tf_vec_reserve(arena, &out->sums.at, &out->sums.room, rows->rows + 1,
                                     sizeof *out->sums.at)
               ? TARIFF_OK
               : TARIFF_E_NOMEM;
}
