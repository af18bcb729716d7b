/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * From products to measures: the rows of all sets that measures use, sorted by
 * code, and for each set the measures that use it.
 */
#include "law/law.h"
#include "value/hs.h"


enum { RADIX_BITS = 16, RADIX = 1 << RADIX_BITS, RADIX_PASSES = 3 }; /* a key has 48 bits */

/* Stable radix sort by code: rows were added by set and row, and stay so within a code. */
static tariff_status sort_by_code(tf_arena *arena, tf_index_row *rows, size_t n)
{
    uint32_t     *counts = TF_ARRAY(arena, uint32_t, RADIX);
    tf_index_row *other = TF_ARRAY(arena, tf_index_row, n + 1), *from = rows, *to = other;
    TF_NEED(counts && other);
    for (unsigned pass = 0; pass < RADIX_PASSES; pass++) {
        unsigned shift = pass * RADIX_BITS;
        uint32_t running = 0;
        memset(counts, 0, RADIX * sizeof *counts);
        for (size_t i = 0; i < n; i++)
            counts[from[i].lo >> shift & (RADIX - 1)]++;
        for (size_t d = 0; d < RADIX; d++) {
            uint32_t count = counts[d];
            counts[d] = running;
            running += count;
        }
        for (size_t i = 0; i < n; i++)
            to[counts[from[i].lo >> shift & (RADIX - 1)]++] = from[i];
        tf_index_row *swap = from;
        from = to;
        to = swap;
    }
    if (from != rows && n)
        memcpy(rows, from, n * sizeof *rows);
    return TARIFF_OK;
}

static tariff_status index_set(tariff_law *law, uint32_t number)
{
    const tf_set *set = law->book.scopes.sets.at[number];
    for (size_t i = 0; i < set->rows.n; i++) {
        const tf_set_row *row = &set->rows.at[i];
        tf_index_range    entry = { { row->lo, row->span, number, row->length, row->minus },
                                    row->hi };
        bool kept = row->hi == tf_hs_end(row->lo)
                        ? TF_PUSH(&law->arena, &law->prefixes, entry.row)
                        : TF_PUSH(&law->arena, &law->ranges, entry);
        TF_NEED(kept);
    }
    return TARIFF_OK;
}

/* Counting sort of (set, user) pairs by set. */
static void each_use(const tariff_law *law, void (*use)(tariff_law *, uint32_t set, tf_set_user),
                     tariff_law *target)
{
    for (uint32_t i = 0; i < law->measures.n; i++) {
        const tf_products *products = &law->measures.at[i]->products;
        tf_set_user        user = { i, law->measures.at[i]->layer, false };
        for (uint16_t k = 0; k < products->include_count; k++)
            use(target, products->include[k], user);
        user.excludes = true;
        for (uint16_t k = 0; k < products->exclude_count; k++)
            use(target, products->exclude[k], user);
    }
}

static void count_use(tariff_law *law, uint32_t set, tf_set_user user)
{
    (void)user;
    law->users_start[set + 1]++;
}

static void place_use(tariff_law *law, uint32_t set, tf_set_user user)
{
    law->users[law->users_start[set]++] = user;
}

static tariff_status index_users(tariff_law *law)
{
    size_t sets = law->book.scopes.sets.n;
    law->users_start = TF_ARRAY(&law->arena, uint32_t, sets + 2);
    TF_NEED(law->users_start);
    each_use(law, count_use, law);
    for (size_t i = 0; i < sets; i++)
        law->users_start[i + 1] += law->users_start[i];
    law->users = TF_ARRAY(&law->arena, tf_set_user, law->users_start[sets] + 1);
    TF_NEED(law->users);
    each_use(law, place_use, law);
    for (size_t i = sets; i > 0; i--)
        law->users_start[i] = law->users_start[i - 1];
    law->users_start[0] = 0;
    return TARIFF_OK;
}

/* Measures on all products, by the origins they could apply to. */
static tariff_status index_all_products(tariff_law *law)
{
    TF_VEC(uint32_t) all = { 0 };
    TF_VEC(tf_country_bits) origins = { 0 };
    TF_VEC(uint32_t) list = { 0 };
    for (uint32_t i = 0; i < law->measures.n; i++) {
        const tf_measure *measure = law->measures.at[i];
        if (!measure->products.all)
            continue;
        tf_country_bits ever = tf_countries_ever(&law->book.scopes, measure->origins);
        if (!TF_PUSH(&law->arena, &all, i) || !TF_PUSH(&law->arena, &origins, ever))
            return TARIFF_E_NOMEM;
    }
    law->all_start = TF_ARRAY(&law->arena, uint32_t, TF_COUNTRIES_MAX + 1);
    TF_NEED(law->all_start);
    for (unsigned c = 0; c < TF_COUNTRIES_MAX; c++) {
        law->all_start[c] = (uint32_t)list.n;
        for (size_t i = 0; i < all.n && c < tariff_country_count(); i++)
            if (tf_country_in(&origins.at[i], c) && !TF_PUSH(&law->arena, &list, all.at[i]))
                return TARIFF_E_NOMEM;
    }
    law->all_start[TF_COUNTRIES_MAX] = (uint32_t)list.n;
    law->all_list = list.at;
    return TARIFF_OK;
}

/* Where it is not near, halving all that is left is the faster way. */
enum { FAR = 64 };

size_t tf_law_prefix(const tariff_law *law, uint64_t key, size_t near)
{
    size_t n = law->prefixes.n, lo = 0, hi = near < n ? near : n;
    if (near < n && law->prefixes.at[near].lo < key) {
        size_t step = 1;
        lo = near + 1;
        for (; step < FAR && lo + step < n && law->prefixes.at[lo + step].lo < key; step *= 2)
            lo += step + 1;
        hi = step < FAR && lo + step < n ? lo + step : n;
    }
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (law->prefixes.at[mid].lo < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

tariff_status tf_law_index(tariff_law *law)
{
    uint32_t sets = (uint32_t)law->book.scopes.sets.n;
    bool    *used = TF_ARRAY(&law->arena, bool, sets + 1);
    TF_NEED(used);
    TF_TRY(index_users(law));
    for (uint32_t i = 0; i < sets; i++)
        used[i] = law->users_start[i + 1] > law->users_start[i];
    for (size_t i = 0; i < law->changes.n; i++) {
        const tf_products *products = &law->changes.at[i].products;
        for (uint16_t k = 0; k < products->include_count; k++)
            used[products->include[k]] = true;
        for (uint16_t k = 0; k < products->exclude_count; k++)
            used[products->exclude[k]] = true;
    }
    size_t rows = 0;
    for (uint32_t i = 0; i < sets; i++)
        rows += used[i] ? law->book.scopes.sets.at[i]->rows.n : 0;
    if (!tf_vec_reserve(&law->arena, &law->prefixes.at, &law->prefixes.room, rows,
                        sizeof law->prefixes.at[0]))
        return TARIFF_E_NOMEM;
    for (uint32_t i = 0; i < sets; i++)
        if (used[i])
            TF_TRY(index_set(law, i));
    TF_TRY(sort_by_code(&law->arena, law->prefixes.at, law->prefixes.n));
    return index_all_products(law);
}
