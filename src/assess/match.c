/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/match.h"

#include "base/mix.h"
#include "value/hs.h"

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
        matcher->naming[i] = (tf_naming){ names_all(countries), are_dated(scopes, countries),
                                          tf_countries_ever(scopes, countries) };
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

/* Order of preference inside a layer (SPEC section 3, select). */
static int compare_matches(const tariff_law *law, const tf_match *x, const tf_match *y)
{
    const tf_measure *a = law->measures.at[x->measure], *b = law->measures.at[y->measure];
    if (a->layer != b->layer)
        return a->layer < b->layer ? -1 : 1;
    if (law->book.layers.at[a->layer].select == TF_SELECT_SPECIFIC) {
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

/* Insertion: a cell has some ten matches, and most of them come in order. */
static void sort_matches(tf_matcher *matcher)
{
    tf_match *m = matcher->matches.at;
    for (size_t i = 1; i < matcher->matches.n; i++) {
        tf_match moved = m[i];
        size_t   k = i;
        for (; k > 0 && compare_matches(matcher->law, &moved, &m[k - 1]) < 0; k--)
            m[k] = m[k - 1];
        m[k] = moved;
    }
}

/* Treatments of products */

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

static bool first_meeting(tf_matcher *matcher, uint32_t measure)
{
    bool first = matcher->seen[measure] != matcher->search;
    matcher->seen[measure] = matcher->search;
    return first;
}

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

/* What is compared of measures in compare_matches(), as far as one number holds it. */
static uint64_t order_of(const tf_matcher *matcher, const tf_measure *m, const tf_match *match)
{
    uint64_t order = (uint64_t)m->layer << 56;
    if (matcher->law->book.layers.at[m->layer].select != TF_SELECT_SPECIFIC)
        return order;
    return order | (uint64_t)((uint32_t)INT32_MAX - (uint32_t)m->rank) << 24
           | (uint64_t)(UINT8_MAX - match->length) << 16;
}

static bool is_preferred(const tf_matcher *matcher, const tf_found *x, const tf_found *y)
{
    return x->order != y->order
               ? x->order < y->order
               : compare_matches(matcher->law, &x->known.match, &y->known.match) < 0;
}

/* In the order of preference, as far as it does not depend on the origin. */
static void sort_by_preference(const tf_matcher *matcher, tf_found *found, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        tf_found moved = found[i];
        size_t   k = i;
        for (; k > 0 && is_preferred(matcher, &moved, &found[k - 1]); k--)
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

static tariff_status collect_user(tf_matcher *matcher, const tf_set_user *user, tf_treatment *t)
{
    const tf_measure *m = matcher->law->measures.at[user->measure];
    tf_found          found = { { { user->measure, 0, 0, 0 }, m->origins->number }, 0 };
    if (!(matcher->layers >> user->layer & 1) || (user->excludes && !m->products.all)
        || !first_meeting(matcher, user->measure))
        return TARIFF_OK;
    tf_span_keep(&matcher->valid, m->span, matcher->cell.day);
    if (!tf_span_holds(m->span, matcher->cell.day))
        return TARIFF_OK;
    if (m->products.all)
        return collect_apart(matcher, m, user->measure);
    if (matcher->naming[m->importers->number].dated)
        keep_to_epoch(matcher);
    if (!contains_product(matcher, m, &found.known.match))
        return TARIFF_OK;
    found.order = order_of(matcher, m, &found.known.match);
    const tf_naming *naming = &matcher->naming[found.known.origins];
    for (unsigned w = 0; !naming->all && w < TF_COUNTRIES_MAX / 64; w++)
        t->named.word[w] |= naming->ever.word[w];
    t->names_origins = t->names_origins || !naming->all;
    return TF_PUSH(matcher->arena, &matcher->found, found) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* The measures in force on the product looked at, whatever its origin. */
static tariff_status collect(tf_matcher *matcher, tf_treatment *t)
{
    const tariff_law *law = matcher->law;
    matcher->apart.n = matcher->found.n = 0;
    matcher->search++;
    matcher->valid = matcher->product.valid;
    for (size_t i = 0; i < matcher->product.touched.n; i++) {
        uint32_t set = matcher->product.touched.at[i];
        for (uint32_t u = law->users_start[set]; u < law->users_start[set + 1]; u++)
            TF_TRY(collect_user(matcher, &law->users[u], t));
    }
    if (matcher->found.n)
        sort_by_preference(matcher, matcher->found.at, matcher->found.n);
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
    for (size_t i = 0; i < matcher->found.n; i++) {
        const tf_product_match *known = &matcher->found.at[i].known;
        if (all || matcher->naming[known->origins].all)
            matcher->wanted.at[matcher->wanted.n++] = *known;
    }
    like.matches = matcher->wanted.at;
    like.match_count = (uint32_t)matcher->wanted.n;
    like.apart = matcher->apart.at;
    like.apart_count = (uint32_t)matcher->apart.n;
    return tf_treatment_find(&matcher->treatments, &like, out);
}

static tariff_status find_treatment(tf_matcher *matcher)
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

/* Codes coarser than the law's */

/* A change on part of a code cannot be decided either. */
static bool is_changed(const tf_matcher *matcher, uint32_t set)
{
    const tariff_law *law = matcher->law;
    for (size_t i = 0; i < law->changes.n; i++) {
        const tf_change *change = &law->changes.at[i];
        if (!tf_span_holds(change->span, matcher->cell.day)
            || matcher->origin.origin_level[change->origins->number] == TF_NOT_NAMED
            || matcher->origin.importer_level[change->importers->number] == TF_NOT_NAMED)
            continue;
        for (uint16_t k = 0; k < change->products.include_count; k++)
            if (change->products.include[k] == set)
                return true;
        for (uint16_t k = 0; k < change->products.exclude_count; k++)
            if (change->products.exclude[k] == set)
                return true;
    }
    return false;
}

/* Is a finer code than the cell's in force for its origin, importer and day? */
static bool is_finer_in_force(const tf_matcher *matcher, const tf_index_row *entry)
{
    const tariff_law *law = matcher->law;
    int32_t           day = matcher->cell.day;
    if (!tf_span_holds(entry->span, day))
        return false;
    for (uint32_t u = law->users_start[entry->set]; u < law->users_start[entry->set + 1]; u++) {
        const tf_measure *m = law->measures.at[law->users[u].measure];
        if (tf_span_holds(m->span, day)
            && matcher->origin.origin_level[m->origins->number] != TF_NOT_NAMED
            && matcher->origin.importer_level[m->importers->number] != TF_NOT_NAMED)
            return true;
    }
    return is_changed(matcher, entry->set);
}

static bool is_coarse(const tf_matcher *matcher)
{
    const tariff_law *law = matcher->law;
    uint64_t          hs = matcher->cell.hs, end = tf_hs_end(hs);
    for (size_t i = matcher->product.after;
         i < law->prefixes.n && law->prefixes.at[i].lo < end; i++)
        if (is_finer_in_force(matcher, &law->prefixes.at[i]))
            return true;
    for (size_t i = 0; i < law->ranges.n; i++) {
        const tf_index_range *range = &law->ranges.at[i];
        bool within = (range->row.lo > hs && range->row.lo < end)
                      || (range->hi > hs && range->hi < end);
        if (within && is_finer_in_force(matcher, &range->row))
            return true;
    }
    return false;
}

static tariff_status look_at_origin(tf_matcher *matcher, const tf_cell *cell)
{
    if (matcher->cell.day != cell->day)
        matcher->epoch = (uint32_t)tf_law_epoch(matcher->law, cell->day);
    matcher->cell = *cell;
    return tf_origin_look(&matcher->origin, cell->origin, cell->importer, matcher->epoch,
                          cell->day);
}

static void decide(tf_matcher *matcher)
{
    const tf_treatment *t = matcher->treatments.list.at[matcher->treatment];
    matcher->decisive = tf_country_in(&t->named, matcher->cell.origin) ? matcher->treatment
                                                                       : t->rest;
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
        TF_TRY(find_treatment(matcher));
        matcher->finer = tf_product_has_finer(&matcher->product);
    }
    decide(matcher);
    matcher->coarse = matcher->finer && is_coarse(matcher);
    matcher->begun = true;
    return TARIFF_OK;
}

tariff_status tf_matcher_take(tf_matcher *matcher, const tf_cell *cell, uint32_t treatment)
{
    matcher->begun = matcher->treatment == treatment && is_same_product(matcher, cell);
    TF_TRY(look_at_origin(matcher, cell));
    matcher->treatment = treatment;
    matcher->coarse = false;
    decide(matcher);
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
    tf_match          found = { number, 0, matcher->origin.origin_level[m->origins->number],
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
        if (found.origin != TF_NOT_NAMED && !TF_PUSH(matcher->arena, &matcher->matches, found))
            return TARIFF_E_NOMEM;
    }
    TF_TRY(tf_origin_measures(&matcher->origin, &all));
    for (size_t i = 0; i < all->measures.n; i++)
        TF_TRY(match_all(matcher, t, all->measures.at[i], &apart));
    sort_matches(matcher);
    return TARIFF_OK;
}

static tariff_status try_measure(tf_matcher *matcher, uint32_t number)
{
    const tf_measure *m = matcher->law->measures.at[number];
    tf_match found = { number, 0, matcher->origin.origin_level[m->origins->number], 0 };
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
        uint32_t set = matcher->product.touched.at[i];
        for (uint32_t u = law->users_start[set]; u < law->users_start[set + 1]; u++)
            if (!law->users[u].excludes && first_meeting(matcher, law->users[u].measure))
                TF_TRY(try_measure(matcher, law->users[u].measure));
    }
    for (uint32_t i = law->all_start[origin]; i < law->all_start[origin + 1]; i++)
        if (first_meeting(matcher, law->all_list[i]))
            TF_TRY(try_measure(matcher, law->all_list[i]));
    sort_matches(matcher);
    return TARIFF_OK;
}
