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

static tariff_status look_at_expressions(tf_matcher *matcher)
{
    const tf_scopes *scopes = &matcher->law->book.scopes;
    matcher->naming = TF_ARRAY(matcher->arena, tf_naming, scopes->countries.n + 1);
    TF_NEED(matcher->naming);
    for (size_t i = 0; i < scopes->countries.n; i++) {
        const tf_countries *countries = scopes->countries.at[i];
        matcher->naming[i] =
            (tf_naming){ names_all(countries), tf_countries_ever(scopes, countries) };
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
        if (a->when.count != b->when.count)
            return a->when.count > b->when.count ? -1 : 1;
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

static bool says_the_same(const tariff_law *law, const tf_product_match *x,
                          const tf_product_match *y)
{
    const tf_measure *a = law->measures.at[x->match.measure];
    const tf_measure *b = law->measures.at[y->match.measure];
    return x->match.length == y->match.length && x->match.importer == y->match.importer
           && x->origins == y->origins && a->importers->number == b->importers->number
           && tf_measures_say_same(law, a, b);
}

static bool same_treatment(const tf_matcher *matcher, const tf_treatment *x, const tf_treatment *y)
{
    if (x->hash != y->hash || x->epoch != y->epoch || x->importer != y->importer
        || x->changes != y->changes || x->match_count != y->match_count
        || x->apart_count != y->apart_count)
        return false;
    for (uint32_t i = 0; i < x->apart_count; i++) {
        const tf_apart *a = &matcher->product_apart.at[x->first_apart + i];
        const tf_apart *b = &matcher->product_apart.at[y->first_apart + i];
        if (a->measure != b->measure || a->length != b->length)
            return false;
    }
    for (uint32_t i = 0; i < x->match_count; i++)
        if (!says_the_same(matcher->law, &matcher->product_matches.at[x->first_match + i],
                           &matcher->product_matches.at[y->first_match + i]))
            return false;
    return true;
}

static uint64_t hash_treatment(const tf_matcher *matcher, const tf_treatment *t)
{
    uint64_t hash = tf_mix((uint64_t)t->epoch << 16 | t->importer, t->changes);
    for (uint32_t i = 0; i < t->apart_count; i++) {
        const tf_apart *apart = &matcher->product_apart.at[t->first_apart + i];
        hash = tf_mix(hash, (uint64_t)apart->measure << 8 | (uint8_t)apart->length);
    }
    for (uint32_t i = 0; i < t->match_count; i++) {
        const tf_product_match *m = &matcher->product_matches.at[t->first_match + i];
        const tf_measure       *measure = matcher->law->measures.at[m->match.measure];
        hash = tf_mix(hash, (uint64_t)(uintptr_t)measure->rate);
        hash = tf_mix(hash, (uint64_t)m->origins << 16 | (uint64_t)measure->layer << 8
                                | m->match.length);
    }
    return hash;
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

static bool is_preferred(const tf_matcher *matcher, const tf_product_match *x,
                         const tf_product_match *y)
{
    return x->order != y->order ? x->order < y->order
                                : compare_matches(matcher->law, &x->match, &y->match) < 0;
}

/* In the order of preference, as far as it does not depend on the origin. */
static void sort_by_preference(const tf_matcher *matcher, tf_product_match *matches, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        tf_product_match moved = matches[i];
        size_t           k = i;
        for (; k > 0 && is_preferred(matcher, &moved, &matches[k - 1]); k--)
            matches[k] = matches[k - 1];
        matches[k] = moved;
    }
}

static tariff_status collect_user(tf_matcher *matcher, const tf_set_user *user, tf_treatment *t)
{
    const tf_measure *m = matcher->law->measures.at[user->measure];
    tf_product_match  found = { { user->measure, 0, 0, 0 }, m->origins->number, 0 };
    tf_apart          apart = { user->measure, 0 };
    bool              good = true;
    if (!(matcher->layers >> user->layer & 1) || (user->excludes && !m->products.all)
        || !first_meeting(matcher, user->measure))
        return TARIFF_OK;
    tf_span_keep(&matcher->valid, m->span, matcher->cell.day);
    if (!tf_span_holds(m->span, matcher->cell.day))
        return TARIFF_OK;
    if (m->products.all) {
        apart.length = tf_product_named(&matcher->product, &m->products);
        good = apart.length == 0 || TF_PUSH(matcher->arena, &matcher->product_apart, apart);
    } else if (contains_product(matcher, m, &found.match)) {
        found.order = order_of(matcher, m, &found.match);
        good = TF_PUSH(matcher->arena, &matcher->found, found);
        const tf_naming *naming = &matcher->naming[found.origins];
        for (unsigned w = 0; !naming->all && w < TF_COUNTRIES_MAX / 64; w++)
            t->named.word[w] |= naming->ever.word[w];
        t->names_origins = t->names_origins || !naming->all;
    }
    return good ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* The measures in force on the product looked at, whatever its origin. */
static tariff_status collect(tf_matcher *matcher, tf_treatment *t)
{
    const tariff_law *law = matcher->law;
    t->first_apart = (uint32_t)matcher->product_apart.n;
    matcher->found.n = 0;
    matcher->search++;
    matcher->valid = matcher->product.valid;
    for (size_t i = 0; i < matcher->product.touched.n; i++) {
        uint32_t set = matcher->product.touched.at[i];
        for (uint32_t u = law->users_start[set]; u < law->users_start[set + 1]; u++)
            TF_TRY(collect_user(matcher, &law->users[u], t));
    }
    t->apart_count = (uint32_t)matcher->product_apart.n - t->first_apart;
    if (matcher->found.n)
        sort_by_preference(matcher, matcher->found.at, matcher->found.n);
    if (t->apart_count)
        sort_apart(matcher->product_apart.at + t->first_apart, t->apart_count);
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

static tariff_status grow_slots(tf_matcher *matcher)
{
    if (matcher->treatments.n * 2 < matcher->slot_count)
        return TARIFF_OK;
    size_t count = matcher->slot_count ? matcher->slot_count * 2 : 1024;
    matcher->slots = TF_ARRAY(matcher->arena, uint32_t, count);
    TF_NEED(matcher->slots);
    matcher->slot_count = count;
    for (uint32_t i = 0; i < matcher->treatments.n; i++) {
        size_t at = matcher->treatments.at[i].hash & (count - 1);
        while (matcher->slots[at])
            at = (at + 1) & (count - 1);
        matcher->slots[at] = i + 1;
    }
    return TARIFF_OK;
}

/* What was collected is kept for a treatment that is new; that of measures on all origins alone, or
 * of all. */
static tariff_status intern(tf_matcher *matcher, tf_treatment *t, bool all, uint32_t *out)
{
    TF_TRY(grow_slots(matcher));
    t->first_match = (uint32_t)matcher->product_matches.n;
    for (size_t i = 0; i < matcher->found.n; i++) {
        const tf_product_match *found = &matcher->found.at[i];
        if ((all || matcher->naming[found->origins].all)
            && !TF_PUSH(matcher->arena, &matcher->product_matches, *found))
            return TARIFF_E_NOMEM;
    }
    t->match_count = (uint32_t)matcher->product_matches.n - t->first_match;
    t->hash = hash_treatment(matcher, t);
    size_t at = t->hash & (matcher->slot_count - 1);
    for (; matcher->slots[at]; at = (at + 1) & (matcher->slot_count - 1)) {
        *out = matcher->slots[at] - 1;
        if (same_treatment(matcher, t, &matcher->treatments.at[*out])) {
            matcher->product_matches.n = t->first_match;
            return TARIFF_OK;
        }
    }
    *out = (uint32_t)matcher->treatments.n;
    if (!TF_PUSH(matcher->arena, &matcher->treatments, *t))
        return TARIFF_E_NOMEM;
    matcher->slots[at] = *out + 1;
    return TARIFF_OK;
}

static tariff_status find_treatment(tf_matcher *matcher)
{
    tf_treatment fresh = { .changes = changes_of_product(matcher),
                           .epoch = matcher->epoch,
                           .importer = matcher->cell.importer };
    size_t       before = matcher->treatments.n;
    TF_TRY(collect(matcher, &fresh));
    tf_treatment rest = fresh;
    rest.names_origins = false;
    memset(&rest.named, 0, sizeof rest.named);
    TF_TRY(intern(matcher, &rest, false, &fresh.rest));
    matcher->treatments.at[fresh.rest].rest = fresh.rest;
    matcher->treatment = fresh.rest;
    if (fresh.names_origins)
        TF_TRY(intern(matcher, &fresh, true, &matcher->treatment));
    if (matcher->treatments.n == before) /* both were there */
        matcher->product_apart.n = fresh.first_apart;
    return TARIFF_OK;
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

tariff_status tf_matcher_look(tf_matcher *matcher, const tf_cell *cell)
{
    bool begun = matcher->begun, same_day = begun && matcher->cell.day == cell->day;
    bool same_product = same_day && matcher->cell.hs == cell->hs
                        && matcher->cell.importer == cell->importer;
    matcher->begun = false; /* until all of it is looked at */
    matcher->cell = *cell;
    if (!same_day)
        matcher->epoch = (uint32_t)tf_law_epoch(matcher->law, cell->day);
    TF_TRY(tf_origin_look(&matcher->origin, cell->origin, cell->importer, matcher->epoch,
                          cell->day));
    if (!same_product) {
        TF_TRY(tf_product_look(&matcher->product, cell->hs, cell->day));
        TF_TRY(find_treatment(matcher));
        matcher->finer = tf_product_has_finer(&matcher->product);
    }
    const tf_treatment *t = &matcher->treatments.at[matcher->treatment];
    matcher->decisive = tf_country_in(&t->named, cell->origin) ? matcher->treatment : t->rest;
    matcher->coarse = matcher->finer && is_coarse(matcher);
    matcher->begun = true;
    return TARIFF_OK;
}

tariff_status tf_matcher_origins(tf_matcher *matcher, uint32_t *out)
{
    bool     named = matcher->treatments.at[matcher->decisive].names_origins;
    uint32_t number = matcher->origin.class;
    if (!named)
        TF_TRY(tf_origin_treated(&matcher->origin, &number));
    *out = number * 4 + (named ? 2 : 0) + (matcher->coarse ? 1 : 0);
    return TARIFF_OK;
}

/* Matching */

static tariff_status try_measure(tf_matcher *matcher, uint32_t number)
{
    const tf_measure *m = matcher->law->measures.at[number];
    tf_match found = { number, 0, matcher->origin.origin_level[m->origins->number], 0 };
    if (found.origin == TF_NOT_NAMED || !contains_product(matcher, m, &found))
        return TARIFF_OK;
    return TF_PUSH(matcher->arena, &matcher->matches, found) ? TARIFF_OK : TARIFF_E_NOMEM;
}

tariff_status tf_matcher_match(tf_matcher *matcher)
{
    const tf_treatment    *t = &matcher->treatments.at[matcher->decisive];
    const tf_all_products *all;
    matcher->matches.n = 0;
    for (uint32_t i = 0; i < t->match_count; i++) {
        const tf_product_match *known = &matcher->product_matches.at[t->first_match + i];
        tf_match                found = known->match;
        found.origin = matcher->origin.origin_level[known->origins];
        if (found.origin != TF_NOT_NAMED && !TF_PUSH(matcher->arena, &matcher->matches, found))
            return TARIFF_E_NOMEM;
    }
    TF_TRY(tf_origin_measures(&matcher->origin, &all));
    for (size_t i = 0; i < all->measures.n; i++)
        TF_TRY(try_measure(matcher, all->measures.at[i]));
    sort_matches(matcher);
    return TARIFF_OK;
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
