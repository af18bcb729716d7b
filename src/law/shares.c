/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "law/shares.h"

#include "base/sort.h"
#include "value/hs.h"

static int by_key(const void *a, const void *b)
{
    const tf_share_row *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

/* Which origins a row may name.  A group is kept by number: an overlay or a change of the
 * scenario may give it other members later. */
static void note_origins(tf_shares *shares, const tf_countries *origins)
{
    bool every = origins->all;
    for (uint16_t i = 0; i < origins->group_count; i++) {
        every = every || origins->groups[i] >= 64;
        shares->groups |= UINT64_C(1) << (origins->groups[i] & 63);
    }
    for (unsigned w = 0; w < TF_COUNTRIES_MAX / 64; w++)
        shares->origins.word[w] |= every ? UINT64_MAX : origins->listed.word[w];
}

void tf_shares_sort(tf_shares *shares)
{
    const tf_countries *last = NULL;
    shares->any_origin = true;
    tf_sort(shares->rows.at, shares->rows.n, sizeof shares->rows.at[0], by_key);
    for (size_t i = 0; i < shares->rows.n; i++) {
        const tf_share_row *row = &shares->rows.at[i];
        shares->digits |= UINT32_C(1) << tf_hs_length(row->key);
        if (row->origins == last)
            continue;
        last = row->origins;
        shares->any_origin = shares->any_origin && strcmp(last->text, "*") == 0;
        note_origins(shares, last);
    }
}

/* Mostly no row names the origin: that is found here. */
static bool may_name(const tf_shares *shares, const tf_scopes *scopes, unsigned origin)
{
    bool named = tf_country_in(&shares->origins, origin);
    for (uint64_t rest = named ? 0 : shares->groups; rest && !named; rest &= rest - 1)
        named = tf_country_in(&scopes->groups.at[__builtin_ctzll(rest)]->ever, origin);
    return named;
}

/* First row with this key or a later one. */
static size_t lower_bound(const tf_shares *shares, uint64_t key)
{
    size_t lo = 0, hi = shares->rows.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (shares->rows.at[mid].key < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* The closest row among those of one key. */
static bool find_at(const tf_shares *shares, const tf_scopes *scopes, uint64_t key,
                    unsigned origin, unsigned importer, int32_t day, int64_t *nano)
{
    int best = -1;
    for (size_t i = lower_bound(shares, key); i < shares->rows.n && shares->rows.at[i].key == key;
         i++) {
        const tf_share_row *row = &shares->rows.at[i];
        if (!tf_span_holds(row->span, day))
            continue;
        tf_level by_origin = tf_countries_level(scopes, row->origins, origin, day);
        tf_level by_importer = tf_countries_level(scopes, row->importers, importer, day);
        if (by_origin == TF_NOT_NAMED || by_importer == TF_NOT_NAMED)
            continue;
        int closeness = (int)by_origin * 4 + (int)by_importer;
        if (closeness > best) {
            best = closeness;
            *nano = row->nano;
        }
    }
    return best >= 0;
}

static bool find_override(const tf_shares *shares, const tf_scopes *scopes, uint64_t hs,
                          unsigned origin, unsigned importer, int32_t day, int64_t *nano)
{
    for (size_t i = shares->overrides.n; i-- > 0;) {
        const tf_share_override *o = &shares->overrides.at[i];
        if (!tf_span_holds(o->span, day)
            || tf_countries_level(scopes, o->origins, origin, day) == TF_NOT_NAMED
            || tf_countries_level(scopes, o->importers, importer, day) == TF_NOT_NAMED
            || tf_products_length(scopes, &o->products, hs, day) < 0)
            continue;
        *nano = o->nano;
        return true;
    }
    return false;
}

bool tf_shares_name(const tf_shares *shares, uint64_t hs)
{
    bool named = shares->overrides.n > 0 || (shares->digits & 1);
    for (unsigned digits = tf_hs_length(hs); digits > 0 && !named; digits -= 2)
        if (shares->digits >> digits & 1) {
            uint64_t key = tf_hs_cut(hs, digits);
            size_t   at = lower_bound(shares, key);
            named = at < shares->rows.n && shares->rows.at[at].key == key;
        }
    return named;
}

bool tf_shares_find(const tf_shares *shares, const tf_scopes *scopes, uint64_t hs, unsigned origin,
                    unsigned importer, int32_t day, int64_t *nano)
{
    *nano = 0;
    if (shares->overrides.n && find_override(shares, scopes, hs, origin, importer, day, nano))
        return true;
    if (!may_name(shares, scopes, origin))
        return false;
    for (unsigned digits = tf_hs_length(hs); digits > 0; digits -= 2)
        if ((shares->digits >> digits & 1)
            && find_at(shares, scopes, tf_hs_cut(hs, digits), origin, importer, day, nano))
            return true;
    return (shares->digits & 1) && find_at(shares, scopes, 0, origin, importer, day, nano);
}

/* Do both rows name one origin and one importer equally closely on some common day? */
static bool rows_tie(const tf_scopes *scopes, const tf_share_row *a, const tf_share_row *b)
{
    tariff_span both = tf_span_meet(a->span, b->span);
    if (a->nano == b->nano || tf_span_empty(both))
        return false;
    const tf_countries *x[2] = { a->origins, a->importers }, *y[2] = { b->origins, b->importers };
    return tf_countries_tie_within(scopes, x, y, both);
}

bool tf_shares_tie(const tf_shares *shares, const tf_scopes *scopes, const tf_share_row **a,
                   const tf_share_row **b)
{
    for (size_t i = 0; i < shares->rows.n; i++)
        for (size_t k = i + 1;
             k < shares->rows.n && shares->rows.at[k].key == shares->rows.at[i].key; k++) {
            *a = &shares->rows.at[i];
            *b = &shares->rows.at[k];
            if (rows_tie(scopes, *a, *b))
                return true;
        }
    return false;
}
