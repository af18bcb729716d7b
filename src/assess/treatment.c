/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/treatment.h"

#include "assess/origin.h"

enum { FIRST_SLOTS = 256 };

void tf_treatments_init(tf_treatments *treatments, const tariff_law *law, tf_arena *arena)
{
    memset(treatments, 0, sizeof *treatments);
    treatments->law = law;
    treatments->arena = arena;
}

int tf_matches_compare(const tariff_law *law, const tf_match *x, const tf_match *y)
{
    if (x->layer != y->layer)
        return x->layer < y->layer ? -1 : 1;
    if (law->book.layers.at[x->layer].select == TF_SELECT_SPECIFIC) {
        const tf_measure *a = law->measures.at[x->measure], *b = law->measures.at[y->measure];
        if (a->rank != b->rank)
            return a->rank > b->rank ? -1 : 1;
        if (x->length != y->length)
            return x->length > y->length ? -1 : 1;
        if (x->origin != y->origin)
            return x->origin > y->origin ? -1 : 1;
        if (x->importer != y->importer)
            return x->importer > y->importer ? -1 : 1;
        if (a->when->count != b->when->count)
            return a->when->count > b->when->count ? -1 : 1;
        if (a->schedule != b->schedule)
            return a->schedule > b->schedule ? -1 : 1;
    }
    return x->measure < y->measure ? -1 : x->measure > y->measure;
}

/* Where nothing but the order of rows tells two matches apart, the one chosen is another row of law,
 * never another rate: the law was checked for ties. */
static bool says_the_same(const tariff_law *law, const tf_product_match *x,
                          const tf_product_match *y)
{
    const tf_measure *a = law->measures.at[x->match.measure];
    const tf_measure *b = law->measures.at[y->match.measure];
    return x->match.length == y->match.length && x->match.importer == y->match.importer
           && x->origins == y->origins && a->importers->number == b->importers->number
           && tf_measures_say_same(law, a, b);
}

static bool is_same(const tariff_law *law, const tf_treatment *x, const tf_treatment *y)
{
    if (x->hash != y->hash || x->importer != y->importer || x->changes != y->changes
        || x->names_origins != y->names_origins || x->match_count != y->match_count
        || x->apart_count != y->apart_count)
        return false;
    for (uint32_t i = 0; i < x->apart_count; i++)
        if (x->apart[i].measure != y->apart[i].measure || x->apart[i].length != y->apart[i].length)
            return false;
    for (uint32_t i = 0; i < x->match_count; i++)
        if (!says_the_same(law, &x->matches[i], &y->matches[i]))
            return false;
    return true;
}

static tariff_status grow_slots(tf_treatments *treatments)
{
    if (treatments->list.n * 2 < treatments->slot_count)
        return TARIFF_OK;
    size_t count = treatments->slot_count ? treatments->slot_count * 2 : FIRST_SLOTS;
    treatments->slots = TF_ARRAY(treatments->arena, uint32_t, count);
    TF_NEED(treatments->slots);
    treatments->slot_count = count;
    for (uint32_t i = 0; i < treatments->list.n; i++) {
        size_t at = treatments->list.at[i]->hash & (count - 1);
        while (treatments->slots[at])
            at = (at + 1) & (count - 1);
        treatments->slots[at] = i + 1;
    }
    return TARIFF_OK;
}

static tariff_status keep(tf_treatments *treatments, const tf_treatment *like)
{
    tf_arena         *arena = treatments->arena;
    tf_treatment     *kept = TF_NEW(arena, tf_treatment);
    tf_product_match *matches = TF_ARRAY(arena, tf_product_match, like->match_count + 1);
    tf_apart         *apart = TF_ARRAY(arena, tf_apart, like->apart_count + 1);
    TF_NEED(kept && matches && apart);
    if (like->match_count)
        memcpy(matches, like->matches, like->match_count * sizeof *matches);
    if (like->apart_count)
        memcpy(apart, like->apart, like->apart_count * sizeof *apart);
    *kept = *like;
    kept->matches = matches;
    kept->apart = apart;
    return TF_PUSH(arena, &treatments->list, kept) ? TARIFF_OK : TARIFF_E_NOMEM;
}

tariff_status tf_treatment_find(tf_treatments *treatments, const tf_treatment *like, uint32_t *out)
{
    TF_TRY(grow_slots(treatments));
    size_t at = like->hash & (treatments->slot_count - 1);
    for (; treatments->slots[at]; at = (at + 1) & (treatments->slot_count - 1)) {
        *out = treatments->slots[at] - 1;
        if (is_same(treatments->law, like, treatments->list.at[*out]))
            return TARIFF_OK;
    }
    TF_TRY(keep(treatments, like));
    *out = (uint32_t)treatments->list.n - 1;
    treatments->slots[at] = *out + 1;
    return TARIFF_OK;
}
