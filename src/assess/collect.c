/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/collect.h"

#include "base/mix.h"

static void sort_apart(tf_apart *apart, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        tf_apart moved = apart[i];
        size_t   k = i;
        for (; k > 0 && moved.measure < apart[k - 1].measure; k--)
            apart[k] = apart[k - 1];
        apart[k] = moved;
    }
}

/* What is compared first in tf_matches_compare(), as far as one number holds it. */
static uint64_t order_of(const tf_matcher *matcher, const tf_set_user *user, unsigned length)
{
    uint64_t order = (uint64_t)user->layer << 56;
    if (matcher->law->book.layers.at[user->layer].select != TF_SELECT_SPECIFIC)
        return order;
    return order | (uint64_t)((uint32_t)INT32_MAX - (uint32_t)user->rank) << 24
           | (uint64_t)(UINT8_MAX - length) << 16;
}

/* As far as it does not depend on the origin; of equal ones in the order of their rows, so that the
 * same ones always come in the same order. */
static bool is_preferred(const tf_found *x, const tf_found *y)
{
    return x->order != y->order ? x->order < y->order
                                : x->known.match.measure < y->known.match.measure;
}

static void sort_by_preference(tf_found *found, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        tf_found moved = found[i];
        size_t   k = i;
        for (; k > 0 && is_preferred(&moved, &found[k - 1]); k--)
            found[k] = found[k - 1];
        found[k] = moved;
    }
}

/* On other days an expression with dated groups may name others. */
static void keep_to_epoch(tf_matcher *matcher)
{
    const tariff_law *law = matcher->law;
    size_t            next = matcher->epoch + 1;
    tariff_span       epoch = { { law->epochs.at[matcher->epoch] }, { TARIFF_DATE_MAX } };
    if (next < law->epochs.n)
        epoch.until.days = law->epochs.at[next];
    tf_span_keep(&matcher->valid, epoch, matcher->cell.day);
}

static tariff_status collect_apart(tf_matcher *matcher, const tf_measure *m, uint32_t measure)
{
    tf_apart apart = { measure, tf_product_named(&matcher->product, &m->products) };
    return apart.length == 0 || TF_PUSH(matcher->arena, &matcher->apart, apart) ? TARIFF_OK
                                                                              : TARIFF_E_NOMEM;
}

/* A measure in force on the product, named by so many digits: -1 if it is not. */
static tariff_status collect_named(tf_matcher *matcher, const tf_set_user *user, int length,
                                   tf_treatment *t)
{
    bool   all = matcher->naming[user->origins].all;
    int8_t importer = matcher->origin.importer_level[user->importers];
    if (matcher->naming[user->importers].dated)
        keep_to_epoch(matcher);
    if (length < 0 || importer == TF_NOT_NAMED)
        return TARIFF_OK;
    tf_match match = { user->measure, user->layer, (uint8_t)length, 0, importer };
    tf_found found = { { match, user->origins }, order_of(matcher, user, match.length), user->rate };
    for (unsigned w = 0; !all && w < TF_COUNTRIES_MAX / 64; w++)
        t->named.word[w] |= matcher->law->ever[user->origins].word[w];
    t->names_origins = t->names_origins || !all;
    return TF_PUSH(matcher->arena, &matcher->found, found) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* A measure that uses a set which the product is in. */
static tariff_status collect_user(tf_matcher *matcher, const tf_set_user *user, uint32_t set,
                                  tf_treatment *t)
{
    if (!(matcher->layers >> user->layer & 1)
        || (!user->only && !tf_matcher_meets(matcher, user->measure)))
        return TARIFF_OK;
    tf_span_keep(&matcher->valid, user->span, matcher->cell.day);
    if (!tf_span_holds(user->span, matcher->cell.day))
        return TARIFF_OK;
    if (user->only)
        return collect_named(matcher, user, matcher->product.set_length[set], t);
    const tf_measure *m = matcher->law->measures.at[user->measure];
    return m->products.all
               ? collect_apart(matcher, m, user->measure)
               : collect_named(matcher, user, tf_product_named(&matcher->product, &m->products), t);
}

/* The measures in force on the product looked at, whatever its origin. */
static tariff_status collect(tf_matcher *matcher, tf_treatment *t)
{
    const tariff_law *law = matcher->law;
    matcher->apart.n = matcher->found.n = 0;
    matcher->search++;
    matcher->valid = matcher->product.valid;
    for (size_t i = 0; i < matcher->product.touched.n; i++) {
        uint32_t           set = matcher->product.touched.at[i];
        const tf_set_user *end, *user = tf_law_users(law, set, &end);
        for (; user < end; user++)
            TF_TRY(collect_user(matcher, user, set, t));
    }
    if (matcher->found.n)
        sort_by_preference(matcher->found.at, matcher->found.n);
    if (matcher->apart.n)
        sort_apart(matcher->apart.at, matcher->apart.n);
    return TARIFF_OK;
}

static uint64_t changes_of_product(const tf_matcher *matcher)
{
    uint64_t changes = 0;
    for (size_t i = 0; i < matcher->law->changes.n; i++)
        if (tf_product_named(&matcher->product, &matcher->law->changes.at[i].products) >= 0)
            changes |= UINT64_C(1) << i;
    return changes;
}

/* The treatment by what was collected, or by measures on all origins alone. */
static tariff_status intern(tf_matcher *matcher, const tf_treatment *t, bool all, uint32_t *out)
{
    tf_treatment like = *t;
    if (!tf_vec_reserve(matcher->arena, &matcher->wanted.at, &matcher->wanted.room,
                        matcher->found.n, sizeof *matcher->wanted.at))
        return TARIFF_E_NOMEM;
    matcher->wanted.n = 0;
    like.hash = tf_mix(t->importer, t->changes);
    for (size_t i = 0; i < matcher->apart.n; i++)
        like.hash = tf_mix(like.hash, (uint64_t)matcher->apart.at[i].measure << 8
                                          | (uint8_t)matcher->apart.at[i].length);
    for (size_t i = 0; i < matcher->found.n; i++) {
        const tf_found *found = &matcher->found.at[i];
        if (!all && !matcher->naming[found->known.origins].all)
            continue;
        matcher->wanted.at[matcher->wanted.n++] = found->known;
        like.hash = tf_mix(like.hash, (uint64_t)found->rate << 32 | found->known.origins);
        like.hash = tf_mix(like.hash, (uint64_t)found->known.match.layer << 8
                                          | found->known.match.length);
    }
    like.matches = matcher->wanted.at;
    like.match_count = (uint32_t)matcher->wanted.n;
    like.apart = matcher->apart.at;
    like.apart_count = (uint32_t)matcher->apart.n;
    return tf_treatment_find(&matcher->treatments, &like, out);
}

tariff_status tf_collect(tf_matcher *matcher)
{
    tf_treatment fresh = { .changes = changes_of_product(matcher),
                           .importer = matcher->cell.importer };
    TF_TRY(collect(matcher, &fresh));
    tf_treatment rest = { .changes = fresh.changes, .importer = fresh.importer };
    TF_TRY(intern(matcher, &rest, false, &fresh.rest));
    matcher->treatments.list.at[fresh.rest]->rest = fresh.rest;
    matcher->treatment = fresh.rest;
    return fresh.names_origins ? intern(matcher, &fresh, true, &matcher->treatment) : TARIFF_OK;
}
