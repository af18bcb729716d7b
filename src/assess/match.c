/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/coarse.h"
#include "assess/collect.h"

static bool names_all(const tf_countries *origins)
{
    static const tf_country_bits none;
    return origins->all && origins->not_group_count == 0 && origins->group_count == 0
           && memcmp(&origins->listed, &none, sizeof none) == 0
           && memcmp(&origins->unlisted, &none, sizeof none) == 0;
}

static bool are_dated(const tf_scopes *scopes, const tf_countries *countries)
{
    bool dated = false;
    for (uint16_t i = 0; i < countries->group_count; i++)
        dated = dated || scopes->groups.at[countries->groups[i]]->dated;
    for (uint16_t i = 0; i < countries->not_group_count; i++)
        dated = dated || scopes->groups.at[countries->not_groups[i]]->dated;
    return dated;
}

static tariff_status look_at_expressions(tf_matcher *matcher)
{
    const tf_scopes *scopes = &matcher->law->book.scopes;
    matcher->naming = TF_ARRAY(matcher->arena, tf_naming, scopes->countries.n + 1);
    TF_NEED(matcher->naming);
    for (size_t i = 0; i < scopes->countries.n; i++) {
        const tf_countries *countries = scopes->countries.at[i];
        matcher->naming[i] = (tf_naming){ names_all(countries), are_dated(scopes, countries) };
    }
    return TARIFF_OK;
}

tariff_status tf_matcher_init(tf_matcher *matcher, const tariff_law *law, uint64_t layers,
                              tf_arena *arena)
{
    memset(matcher, 0, sizeof *matcher);
    matcher->law = law;
    matcher->layers = layers;
    matcher->arena = arena;
    matcher->seen = TF_ARRAY(arena, uint32_t, law->measures.n + 1);
    TF_NEED(matcher->seen);
    TF_TRY(look_at_expressions(matcher));
    tf_treatments_init(&matcher->treatments, law, arena);
    matcher->epoch = (uint32_t)tf_law_epoch(law, matcher->cell.day);
    TF_TRY(tf_origin_init(&matcher->origin, law, layers, arena));
    return tf_product_init(&matcher->product, law, arena);
}

bool tf_matcher_meets(tf_matcher *matcher, uint32_t measure)
{
    bool first = matcher->seen[measure] != matcher->search;
    matcher->seen[measure] = matcher->search;
    return first;
}

/* Insertion: a cell has some ten matches, and most of them come in order. */
static void sort_matches(tf_matcher *matcher)
{
    tf_match *m = matcher->matches.at;
    for (size_t i = 1; i < matcher->matches.n; i++) {
        tf_match moved = m[i];
        size_t   k = i;
        for (; k > 0 && tf_matches_compare(matcher->law, &moved, &m[k - 1]) < 0; k--)
            m[k] = m[k - 1];
        m[k] = moved;
    }
}

static tariff_status look_at_origin(tf_matcher *matcher, const tf_cell *cell)
{
    if (matcher->cell.day != cell->day)
        matcher->epoch = (uint32_t)tf_law_epoch(matcher->law, cell->day);
    matcher->cell = *cell;
    return tf_origin_look(&matcher->origin, cell->origin, cell->importer, matcher->epoch,
                          cell->day);
}

static void decide(tf_matcher *matcher, uint32_t treatment)
{
    const tf_treatment *t = matcher->treatments.list.at[treatment];
    matcher->decisive = tf_country_in(&t->named, matcher->cell.origin) ? treatment : t->rest;
}

static bool is_same_product(const tf_matcher *matcher, const tf_cell *cell)
{
    return matcher->begun && matcher->cell.day == cell->day && matcher->cell.hs == cell->hs
           && matcher->cell.importer == cell->importer;
}

tariff_status tf_matcher_look(tf_matcher *matcher, const tf_cell *cell)
{
    bool same_product = is_same_product(matcher, cell);
    matcher->begun = false; /* until all of it is looked at */
    TF_TRY(look_at_origin(matcher, cell));
    if (!same_product) {
        TF_TRY(tf_product_look(&matcher->product, cell->hs, cell->day));
        TF_TRY(tf_collect(matcher));
        matcher->finer = tf_product_has_finer(&matcher->product);
    }
    decide(matcher, matcher->treatment);
    matcher->coarse = matcher->finer && tf_is_coarse(matcher);
    matcher->begun = true;
    return TARIFF_OK;
}

/* A look at the product's treatment stays good for that of its other origins. */
static bool is_looked_at(const tf_matcher *matcher, const tf_cell *cell, uint32_t treatment)
{
    return is_same_product(matcher, cell)
           && (matcher->treatment == treatment
               || matcher->treatments.list.at[matcher->treatment]->rest == treatment);
}

tariff_status tf_matcher_take(tf_matcher *matcher, const tf_cell *cell, uint32_t treatment)
{
    bool looked_at = is_looked_at(matcher, cell, treatment);
    matcher->begun = false;
    TF_TRY(look_at_origin(matcher, cell));
    matcher->begun = looked_at;
    if (!looked_at)
        matcher->treatment = treatment;
    matcher->coarse = false;
    decide(matcher, treatment);
    return TARIFF_OK;
}

tariff_status tf_matcher_origins(tf_matcher *matcher, uint32_t *out)
{
    bool     named = matcher->treatments.list.at[matcher->decisive]->names_origins;
    uint32_t number = matcher->origin.class;
    if (!named)
        TF_TRY(tf_origin_treated(&matcher->origin, &number));
    *out = number * 4 + (named ? 2 : 0) + (matcher->coarse ? 1 : 0);
    return TARIFF_OK;
}

/* Matching */

/* A measure on all products, but for those that it sets apart. */
static tariff_status match_all(tf_matcher *matcher, const tf_treatment *t, uint32_t number,
                               uint32_t *apart)
{
    const tf_measure *m = matcher->law->measures.at[number];
    tf_match          found = { number, m->layer, 0, matcher->origin.origin_level[m->origins->number],
                                matcher->origin.importer_level[m->importers->number] };
    while (*apart < t->apart_count && t->apart[*apart].measure < number)
        (*apart)++;
    if (*apart < t->apart_count && t->apart[*apart].measure == number) {
        if (t->apart[*apart].length < 0)
            return TARIFF_OK;
        found.length = (uint8_t)t->apart[*apart].length;
    }
    return TF_PUSH(matcher->arena, &matcher->matches, found) ? TARIFF_OK : TARIFF_E_NOMEM;
}

tariff_status tf_matcher_match(tf_matcher *matcher)
{
    const tf_treatment    *t = matcher->treatments.list.at[matcher->decisive];
    const tf_all_products *all;
    uint32_t               apart = 0;
    matcher->matches.n = 0;
    for (uint32_t i = 0; i < t->match_count; i++) {
        tf_match found = t->matches[i].match;
        found.origin = matcher->origin.origin_level[t->matches[i].origins];
        if (found.origin == TF_NOT_NAMED)
            continue;
        __builtin_prefetch(matcher->law->measures.at[found.measure]); /* of many, it is far away */
        if (!TF_PUSH(matcher->arena, &matcher->matches, found))
            return TARIFF_E_NOMEM;
    }
    TF_TRY(tf_origin_measures(&matcher->origin, &all));
    for (size_t i = 0; i < all->measures.n; i++)
        TF_TRY(match_all(matcher, t, all->measures.at[i], &apart));
    sort_matches(matcher);
    return TARIFF_OK;
}

/* Does a measure on single products name the product and the importer? */
static bool contains_product(const tf_matcher *matcher, const tf_measure *m, tf_match *out)
{
    int    length = tf_product_named(&matcher->product, &m->products);
    int8_t importer = matcher->origin.importer_level[m->importers->number];
    if (length < 0 || importer == TF_NOT_NAMED)
        return false;
    out->length = (uint8_t)length;
    out->importer = importer;
    return true;
}

static tariff_status try_measure(tf_matcher *matcher, uint32_t number)
{
    const tf_measure *m = matcher->law->measures.at[number];
    tf_match found = { number, m->layer, 0, matcher->origin.origin_level[m->origins->number], 0 };
    if (found.origin == TF_NOT_NAMED || !contains_product(matcher, m, &found))
        return TARIFF_OK;
    return TF_PUSH(matcher->arena, &matcher->matches, found) ? TARIFF_OK : TARIFF_E_NOMEM;
}

tariff_status tf_matcher_match_any_day(tf_matcher *matcher)
{
    const tariff_law *law = matcher->law;
    uint16_t          origin = matcher->cell.origin;
    matcher->matches.n = 0;
    matcher->search++;
    for (size_t i = 0; i < matcher->product.touched.n; i++) {
        const tf_set_user *end, *user = tf_law_users(law, matcher->product.touched.at[i], &end);
        for (; user < end; user++)
            if (!user->excludes && tf_matcher_meets(matcher, user->measure))
                TF_TRY(try_measure(matcher, user->measure));
    }
    for (uint32_t i = law->all_start[origin]; i < law->all_start[origin + 1]; i++)
        if (tf_matcher_meets(matcher, law->all_list[i]))
            TF_TRY(try_measure(matcher, law->all_list[i]));
    sort_matches(matcher);
    return TARIFF_OK;
}
