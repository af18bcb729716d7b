/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/match.h"

#include "base/mix.h"
#include "value/hs.h"

tariff_status tf_matcher_init(tf_matcher *matcher, const tariff_law *law, tf_arena *arena)
{
    memset(matcher, 0, sizeof *matcher);
    matcher->law = law;
    matcher->arena = arena;
    matcher->seen = TF_ARRAY(arena, uint32_t, law->measures.n + 1);
    TF_NEED(matcher->seen);
    TF_TRY(tf_origin_init(&matcher->origin, law, arena));
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

/* Product classes */

static bool is_class(const tf_matcher *matcher, const tf_product_class *c, uint64_t hash)
{
    const tf_product *product = &matcher->product;
    if (c->hash != hash || c->count != product->touched.n || c->epoch != matcher->epoch
        || c->importer != matcher->cell.importer)
        return false;
    for (size_t i = 0; i < product->touched.n; i++) {
        uint32_t              set = product->touched.at[i];
        const tf_touched_set *kept = &matcher->class_sets.at[c->first + i];
        if (kept->set != set || kept->length != product->set_length[set])
            return false;
    }
    return true;
}

static uint64_t hash_touched(const tf_matcher *matcher)
{
    const tf_product *product = &matcher->product;
    uint64_t          hash = (uint64_t)matcher->epoch << 16 | matcher->cell.importer;
    for (size_t i = 0; i < product->touched.n; i++) {
        uint32_t set = product->touched.at[i];
        hash = tf_mix(hash, (uint64_t)set << 8 | product->set_length[set]);
    }
    return hash;
}

static uint32_t *free_slot(uint32_t *slots, size_t count, uint64_t hash)
{
    size_t at = hash & (count - 1);
    while (slots[at])
        at = (at + 1) & (count - 1);
    return &slots[at];
}

static bool says_the_same(const tariff_law *law, const tf_class_match *x, const tf_class_match *y)
{
    return x->match.length == y->match.length && x->match.importer == y->match.importer
           && x->origins == y->origins
           && tf_measures_say_same(law, law->measures.at[x->match.measure],
                                   law->measures.at[y->match.measure]);
}

static bool same_treatment(const tf_matcher *matcher, const tf_product_class *x,
                           const tf_product_class *y)
{
    if (x->epoch != y->epoch || x->importer != y->importer || x->changes != y->changes
        || x->match_count != y->match_count || x->excluded_count != y->excluded_count)
        return false;
    for (uint32_t i = 0; i < x->excluded_count; i++)
        if (matcher->class_excluded.at[x->first_excluded + i]
            != matcher->class_excluded.at[y->first_excluded + i])
            return false;
    for (uint32_t i = 0; i < x->match_count; i++)
        if (!says_the_same(matcher->law, &matcher->class_matches.at[x->first_match + i],
                           &matcher->class_matches.at[y->first_match + i]))
            return false;
    return true;
}

static uint64_t hash_treatment(const tf_matcher *matcher, const tf_product_class *c)
{
    uint64_t hash = tf_mix((uint64_t)c->epoch << 16 | c->importer, c->changes);
    for (uint32_t i = 0; i < c->excluded_count; i++)
        hash = tf_mix(hash, matcher->class_excluded.at[c->first_excluded + i]);
    for (uint32_t i = 0; i < c->match_count; i++) {
        const tf_class_match *m = &matcher->class_matches.at[c->first_match + i];
        const tf_measure     *measure = matcher->law->measures.at[m->match.measure];
        hash = tf_mix(hash, (uint64_t)(uintptr_t)measure->rate);
        hash = tf_mix(hash, (uint64_t)m->origins << 16 | (uint64_t)measure->layer << 8
                                | m->match.length);
    }
    return hash;
}

/* The first class that is treated like this one, or itself. */
static void find_treatment(tf_matcher *matcher, tf_product_class *fresh, uint32_t number)
{
    size_t count = matcher->class_slot_count, at = hash_treatment(matcher, fresh) & (count - 1);
    fresh->treatment = number;
    for (; matcher->treatment_slots[at]; at = (at + 1) & (count - 1)) {
        uint32_t other = matcher->treatment_slots[at] - 1;
        if (same_treatment(matcher, fresh, &matcher->classes.at[other])) {
            fresh->treatment = other;
            return;
        }
    }
    matcher->treatment_slots[at] = number + 1;
}

static tariff_status grow_classes(tf_matcher *matcher)
{
    if (matcher->classes.n * 2 < matcher->class_slot_count)
        return TARIFF_OK;
    size_t count = matcher->class_slot_count ? matcher->class_slot_count * 2 : 1024;
    matcher->class_slots = TF_ARRAY(matcher->arena, uint32_t, count);
    matcher->treatment_slots = TF_ARRAY(matcher->arena, uint32_t, count);
    TF_NEED(matcher->class_slots && matcher->treatment_slots);
    matcher->class_slot_count = count;
    for (uint32_t i = 0; i < matcher->classes.n; i++) {
        const tf_product_class *c = &matcher->classes.at[i];
        *free_slot(matcher->class_slots, count, c->hash) = i + 1;
        if (c->treatment == i)
            *free_slot(matcher->treatment_slots, count, hash_treatment(matcher, c)) = i + 1;
    }
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

static bool first_meeting(tf_matcher *matcher, uint32_t measure)
{
    bool first = matcher->seen[measure] != matcher->search;
    matcher->seen[measure] = matcher->search;
    return first;
}

static void sort_numbers(uint32_t *numbers, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint32_t moved = numbers[i];
        size_t   k = i;
        for (; k > 0 && moved < numbers[k - 1]; k--)
            numbers[k] = numbers[k - 1];
        numbers[k] = moved;
    }
}

static void sort_by_measure(tf_class_match *matches, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        tf_class_match moved = matches[i];
        size_t         k = i;
        for (; k > 0 && moved.match.measure < matches[k - 1].match.measure; k--)
            matches[k] = matches[k - 1];
        matches[k] = moved;
    }
}

static tariff_status collect_user(tf_matcher *matcher, const tf_set_user *user)
{
    const tf_measure *m = matcher->law->measures.at[user->measure];
    tf_class_match    found = { { user->measure, 0, 0, 0 }, m->origins->number };
    bool              good = true;
    if (user->excludes != m->products.all || !first_meeting(matcher, user->measure)
        || !tf_span_holds(m->span, matcher->cell.day))
        return TARIFF_OK;
    if (user->excludes)
        good = TF_PUSH(matcher->arena, &matcher->class_excluded, user->measure);
    else if (contains_product(matcher, m, &found.match))
        good = TF_PUSH(matcher->arena, &matcher->class_matches, found);
    return good ? TARIFF_OK : TARIFF_E_NOMEM;
}

static bool names_all(const tariff_law *law, const tf_class_match *match)
{
    const tf_countries *origins = law->measures.at[match->match.measure]->origins;
    static const tf_country_bits none;
    return origins->all && origins->not_group_count == 0 && origins->group_count == 0
           && memcmp(&origins->listed, &none, sizeof none) == 0
           && memcmp(&origins->unlisted, &none, sizeof none) == 0;
}

/* The measures in force on the product looked at, whatever its origin. */
static tariff_status collect_class(tf_matcher *matcher, tf_product_class *fresh)
{
    const tariff_law *law = matcher->law;
    fresh->first_match = (uint32_t)matcher->class_matches.n;
    fresh->first_excluded = (uint32_t)matcher->class_excluded.n;
    matcher->search++;
    for (size_t i = 0; i < matcher->product.touched.n; i++) {
        uint32_t set = matcher->product.touched.at[i];
        for (uint32_t u = law->users_start[set]; u < law->users_start[set + 1]; u++)
            TF_TRY(collect_user(matcher, &law->users[u]));
    }
    fresh->match_count = (uint32_t)matcher->class_matches.n - fresh->first_match;
    for (uint32_t i = 0; i < fresh->match_count; i++)
        fresh->names_origins =
            fresh->names_origins
            || !names_all(law, &matcher->class_matches.at[fresh->first_match + i]);
    fresh->excluded_count = (uint32_t)matcher->class_excluded.n - fresh->first_excluded;
    if (fresh->match_count)
        sort_by_measure(matcher->class_matches.at + fresh->first_match, fresh->match_count);
    if (fresh->excluded_count)
        sort_numbers(matcher->class_excluded.at + fresh->first_excluded, fresh->excluded_count);
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

static tariff_status make_class(tf_matcher *matcher, uint64_t hash)
{
    const tf_product *product = &matcher->product;
    tf_product_class  fresh = { .hash = hash,
                                .first = (uint32_t)matcher->class_sets.n,
                                .count = (uint32_t)product->touched.n,
                                .changes = changes_of_product(matcher),
                                .epoch = matcher->epoch,
                                .importer = matcher->cell.importer };
    for (size_t i = 0; i < product->touched.n; i++) {
        uint32_t       set = product->touched.at[i];
        tf_touched_set entry = { set, product->set_length[set] };
        if (!TF_PUSH(matcher->arena, &matcher->class_sets, entry))
            return TARIFF_E_NOMEM;
    }
    TF_TRY(collect_class(matcher, &fresh));
    matcher->product_class = (uint32_t)matcher->classes.n;
    find_treatment(matcher, &fresh, matcher->product_class);
    return TF_PUSH(matcher->arena, &matcher->classes, fresh) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status classify(tf_matcher *matcher)
{
    TF_TRY(grow_classes(matcher));
    uint64_t hash = hash_touched(matcher);
    size_t   at = hash & (matcher->class_slot_count - 1);
    for (; matcher->class_slots[at]; at = (at + 1) & (matcher->class_slot_count - 1)) {
        matcher->product_class = matcher->class_slots[at] - 1;
        if (is_class(matcher, &matcher->classes.at[matcher->product_class], hash))
            return TARIFF_OK;
    }
    TF_TRY(make_class(matcher, hash));
    matcher->class_slots[at] = matcher->product_class + 1;
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
        TF_TRY(classify(matcher));
        matcher->finer = tf_product_has_finer(&matcher->product);
    }
    matcher->coarse = matcher->finer && is_coarse(matcher);
    matcher->begun = true;
    return TARIFF_OK;
}

tariff_status tf_matcher_origins(tf_matcher *matcher, uint32_t *out)
{
    bool     named = matcher->classes.at[matcher->product_class].names_origins;
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
    const tf_product_class *c = &matcher->classes.at[matcher->product_class];
    const tf_all_products  *all;
    matcher->matches.n = 0;
    for (uint32_t i = 0; i < c->match_count; i++) {
        const tf_class_match *known = &matcher->class_matches.at[c->first_match + i];
        tf_match              found = known->match;
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
