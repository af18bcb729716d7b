/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * From products to measures: the rows of all sets that measures use, sorted by
 * code, and for each set the measures that use it.
 */
#include "law/law.h"
#include "value/hs.h"

/** The end of each run of rows that rise. */
typedef TF_VEC(size_t) run_ends;

static bool find_runs(tf_arena *arena, const tf_index_row *rows, size_t n, run_ends *runs)
{
    for (size_t i = 1; i < n; i++)
        if (rows[i].lo < rows[i - 1].lo && !TF_PUSH(arena, runs, i))
            return false;
    return n == 0 || TF_PUSH(arena, runs, n);
}

/* Rows of equal codes stay in their order.  What is before `middle` goes through `other`. */
static void merge(tf_index_row *rows, size_t middle, size_t n, tf_index_row *other)
{
    const tf_index_row *a = other, *a_end = other + middle, *b = rows + middle, *b_end = rows + n;
    memcpy(other, rows, middle * sizeof *rows);
    while (a < a_end && b < b_end)
        *rows++ = b->lo < a->lo ? *b++ : *a++;
    memcpy(rows, a, (size_t)(a_end - a) * sizeof *rows);
}

/* Runs are halved by rows, so that a long one is merged last, and once. */
static void merge_runs(tf_index_row *rows, size_t begin, const size_t *ends, size_t runs,
                       tf_index_row *other)
{
    size_t half = 1, end = ends[runs - 1];
    if (runs == 1)
        return;
    while (half < runs - 1 && ends[half] - begin <= (end - begin) / 2)
        half++;
    size_t middle = ends[half - 1];
    merge_runs(rows, begin, ends, half, other);
    merge_runs(rows, middle, ends + half, runs - half, other);
    merge(rows + begin, middle - begin, end - begin, other);
}

/* Rows were added by set and row, and stay so within a code.  Schedules are written by code: there
 * are few runs, and often one. */
static tariff_status sort_by_code(tariff_law *law)
{
    run_ends runs = { 0 };
    size_t   n = law->prefixes.n;
    if (!find_runs(&law->arena, law->prefixes.at, n, &runs))
        return TARIFF_E_NOMEM;
    if (runs.n <= 1)
        return TARIFF_OK;
    tf_index_row *other = tf_alloc(law->env, n * sizeof *other);
    TF_NEED(other);
    merge_runs(law->prefixes.at, 0, runs.at, runs.n, other);
    tf_free(law->env, other, n * sizeof *other);
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

/* Counting sorts */

/* Counts become where each begins; returns how many there are. */
static uint32_t begin_each(uint32_t *counts, size_t n)
{
    uint32_t running = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t count = counts[i];
        counts[i] = running;
        running += count;
    }
    return running;
}

/* Where each ended is where the next one begins. */
static void begin_again(uint32_t *starts, size_t n)
{
    memmove(starts + 1, starts, n * sizeof *starts);
    starts[0] = 0;
}

/* (set, user) pairs, by set */
static void each_use(const tariff_law *law, void (*use)(tariff_law *, uint32_t set, tf_set_user),
                     tariff_law *target)
{
    for (uint32_t i = 0; i < law->measures.n; i++) {
        const tf_measure  *m = law->measures.at[i];
        const tf_products *products = &m->products;
        tf_set_user        user = { .measure = i,
                                    .origins = m->origins->number,
                                    .importers = m->importers->number,
                                    .rate = (uint32_t)((uintptr_t)m->rate / alignof(tf_rate)),
                                    .span = m->span,
                                    .rank = m->rank,
                                    .layer = m->layer,
                                    .only = !products->all && products->include_count == 1
                                            && products->exclude_count == 0 };
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
    law->users_of[set].count++;
}

static void place_use(tariff_law *law, uint32_t set, tf_set_user user)
{
    tf_set_users *of = &law->users_of[set];
    law->users[of->first + of->count++] = user;
}

static tariff_status count_users(tariff_law *law)
{
    law->users_of = TF_ARRAY(&law->arena, tf_set_users, law->book.scopes.sets.n + 1);
    TF_NEED(law->users_of);
    each_use(law, count_use, law);
    return TARIFF_OK;
}

/* The users of a set, if they have no place yet, are next. */
static void give_place(tf_set_users *of, uint32_t *next)
{
    if (of->count == 0)
        return;
    of->first = *next;
    *next += of->count;
    of->count = 0;
}

/* Who looks for products by code, as most do, finds the users of their sets one after the other. */
static tariff_status place_users(tariff_law *law)
{
    uint32_t next = 0, all = 0;
    size_t   sets = law->book.scopes.sets.n;
    for (size_t i = 0; i < sets; i++)
        all += law->users_of[i].count;
    law->users = TF_ARRAY(&law->arena, tf_set_user, all + 1);
    TF_NEED(law->users);
    for (size_t i = 0; i < law->prefixes.n; i++)
        give_place(&law->users_of[law->prefixes.at[i].set], &next);
    for (size_t i = 0; i < sets; i++) /* those without a code of their own */
        give_place(&law->users_of[i], &next);
    each_use(law, place_use, law);
    return TARIFF_OK;
}

/* Measures on all products, by the origins they could apply to: counted, then placed at `place`. */
static void each_origin(const tariff_law *law, uint32_t *start, uint32_t *place)
{
    unsigned countries = tariff_country_count();
    for (size_t i = 0; i < law->on_all.n; i++) {
        const tf_measure      *measure = law->measures.at[law->on_all.at[i]];
        const tf_country_bits *ever = &law->ever[measure->origins->number];
        for (unsigned w = 0; w < TF_COUNTRIES_MAX / 64; w++)
            for (uint64_t left = ever->word[w]; left; left &= left - 1) {
                unsigned origin = 64 * w + (unsigned)__builtin_ctzll(left);
                if (origin >= countries)
                    break;
                if (place)
                    place[start[origin]] = law->on_all.at[i];
                start[origin]++;
            }
    }
}

static tariff_status index_all_products(tariff_law *law)
{
    law->all_start = TF_ARRAY(&law->arena, uint32_t, TF_COUNTRIES_MAX + 1);
    TF_NEED(law->all_start);
    each_origin(law, law->all_start, NULL);
    law->all_list = TF_ARRAY(&law->arena, uint32_t, begin_each(law->all_start, TF_COUNTRIES_MAX));
    TF_NEED(law->all_list);
    each_origin(law, law->all_start, law->all_list);
    begin_again(law->all_start, TF_COUNTRIES_MAX);
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
    TF_TRY(count_users(law));
    for (uint32_t i = 0; i < sets; i++)
        used[i] = law->users_of[i].count > 0;
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
    TF_TRY(sort_by_code(law));
    TF_TRY(place_users(law));
    return index_all_products(law);
}
