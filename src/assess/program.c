/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/program.h"

#include "value/hs.h"

#include <stdlib.h>
#include <xxhash.h>

/** A measure that contains the cell, with how closely it names it. */
typedef struct match {
    uint32_t measure;
    uint8_t  length;
    int8_t   origin, importer;
} match;

/** How closely each expression over countries names one country on one day. */
typedef struct levels {
    uint16_t country;
    int32_t  day;
    int8_t  *level; /**< By number of expression. */
} levels;

enum { UNKNOWN_LEVEL = 100, TAKEN_OUT = UINT8_MAX };

/** The measures on all products that name an origin and an importer on a day. */
typedef struct all_products {
    bool     known, any_day;
    uint16_t importer;
    int32_t  day;
    TF_VEC(uint32_t) measures;
} all_products;

/** What a change made of a measure's rate. */
typedef struct changed_rate {
    uint32_t       measure;
    uint64_t       changes;
    const tf_rate *rate;
} changed_rate;

/** What identifies a program: bytes that are hashed and compared. */
typedef struct identity {
    const tf_regime *regime;
    uint64_t         changed_out;
    uint64_t         flags;
} identity;

typedef struct made {
    tf_program program;
    uint64_t   hash;
    identity   id;
} made;

/** A set that contains a product, and by how many digits. */
typedef struct touched_set {
    uint32_t set;
    uint32_t length;
} touched_set;

/**
 * Products that lie in the same sets, for an importer in an epoch: whatever
 * else differs, they share their programs, origin by origin.
 */
typedef struct product_class {
    uint64_t hash;
    uint32_t first, count; /**< Into the touched sets of all classes. */
    uint32_t epoch;
    uint16_t importer;
    uint32_t room;
    const tf_program **found; /**< By origin class, twice: for codes that are coarse, and not. */
} product_class;

/** Origins that no expression over countries tells apart in an epoch share their programs. */
typedef struct origin_classes {
    uint32_t epoch, count;
    uint16_t of[TF_COUNTRIES_MAX];     /**< By country: its class + 1; 0 if not seen yet. */
    int8_t  *level[TF_COUNTRIES_MAX];  /**< By class, then by number of expression. */
} origin_classes;

struct tf_programs {
    tariff_env       *env;
    const tariff_law *law;
    tf_arena          arena;

    /* The product looked at last: sets that contain it. */
    uint64_t hs;
    int32_t  day;
    uint8_t *set_length; /**< By set: digits matched; 0 is not in it. */
    TF_VEC(uint32_t) touched;
    levels       origins, importers;
    all_products all[TF_COUNTRIES_MAX]; /**< By origin. */

    uint32_t class_number; /**< Of the product looked at. */
    uint32_t epoch;        /**< Of the day looked at. */
    uint16_t class_importer;
    bool     finer; /**< Some set names a code below the product's. */
    origin_classes same_origins;
    TF_VEC(product_class) classes;
    TF_VEC(touched_set) class_sets;
    uint32_t *class_slots; /**< Class + 1. */
    size_t    class_slot_count;

    uint32_t *seen; /**< By measure: the cell it was matched for. */
    uint32_t  cell;
    TF_VEC(match) matches;
    TF_VEC(tf_choice) choices;

    TF_VEC(made *) list;
    uint32_t *slots;
    size_t    slot_count;

    changed_rate *rates; /**< Open addressing. */
    size_t        rate_count, rate_slots;
};

tariff_status tf_programs_new(tariff_env *env, const tariff_law *law, tf_programs **out)
{
    *out = NULL;
    tf_programs *programs = tf_alloc(env, sizeof *programs);
    TF_NEED(programs);
    memset(programs, 0, sizeof *programs);
    programs->env = env;
    programs->law = law;
    tf_arena_init(&programs->arena, &env->allocator);
    programs->set_length = TF_ARRAY(&programs->arena, uint8_t, law->book.scopes.sets.n + 1);
    programs->seen = TF_ARRAY(&programs->arena, uint32_t, law->measures.n + 1);
    size_t texts = law->book.scopes.countries.n + 1;
    programs->origins.level = TF_ARRAY(&programs->arena, int8_t, texts);
    programs->importers.level = TF_ARRAY(&programs->arena, int8_t, texts);
    programs->origins.country = programs->importers.country = TARIFF_COUNTRY_NONE;
    if (!programs->set_length || !programs->seen || !programs->origins.level
        || !programs->importers.level) {
        tf_programs_free(programs);
        return TARIFF_E_NOMEM;
    }
    *out = programs;
    return TARIFF_OK;
}

void tf_programs_free(tf_programs *programs)
{
    if (!programs)
        return;
    tf_arena_free(&programs->arena);
    tf_free(programs->env, programs, sizeof *programs);
}

/* Which sets contain the product */

static size_t first_prefix(const tariff_law *law, uint64_t key)
{
    size_t lo = 0, hi = law->prefixes.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (law->prefixes.at[mid].lo < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static tariff_status touch(tf_programs *programs, const tf_index_row *entry)
{
    const tf_set_row *row = tf_law_row(programs->law, entry);
    uint8_t          *length = &programs->set_length[entry->set];
    if (!tf_span_holds(row->span, programs->day))
        return TARIFF_OK;
    if (*length == 0 && !TF_PUSH(&programs->arena, &programs->touched, entry->set))
        return TARIFF_E_NOMEM;
    if (row->minus)
        *length = TAKEN_OUT;
    else if (row->length > *length)
        *length = row->length; /* what is taken out stays out: TAKEN_OUT is more than any */
    return TARIFF_OK;
}

/* Digits by which a set names the product looked at; 0 if it does not. */
static int length_in(const tf_programs *programs, uint32_t set)
{
    uint8_t length = programs->set_length[set];
    return length == TAKEN_OUT ? 0 : length;
}

static tariff_status look_at_product(tf_programs *programs, uint64_t hs, int32_t day)
{
    const tariff_law *law = programs->law;
    if (programs->hs == hs && programs->day == day)
        return TARIFF_OK;
    for (size_t i = 0; i < programs->touched.n; i++)
        programs->set_length[programs->touched.at[i]] = 0;
    programs->touched.n = 0;
    programs->hs = hs;
    programs->day = day;
    for (unsigned digits = tf_hs_length(hs); digits > 0; digits -= 2) {
        uint64_t key = tf_hs_cut(hs, digits);
        for (size_t i = first_prefix(law, key);
             i < law->prefixes.n && law->prefixes.at[i].lo == key; i++)
            TF_TRY(touch(programs, &law->prefixes.at[i]));
    }
    uint64_t end = tf_hs_end(hs);
    for (size_t i = 0; i < law->ranges.n; i++)
        if (law->ranges.at[i].lo <= hs && end <= tf_law_row(law, &law->ranges.at[i])->hi)
            TF_TRY(touch(programs, &law->ranges.at[i]));
    return TARIFF_OK;
}

/* Digits by which products name the product looked at; -1 if they do not. */
static int products_length(const tf_programs *programs, const tf_products *products)
{
    int length = products->all ? 0 : -1;
    for (uint16_t i = 0; i < products->exclude_count; i++)
        if (length_in(programs, products->exclude[i]))
            return -1;
    for (uint16_t i = 0; i < products->include_count; i++) {
        int at = length_in(programs, products->include[i]);
        if (at > 0 && at > length)
            length = at;
    }
    return length;
}

/* Matching */

/* tf_countries_level(), remembered while the country and the day stay the same. */
static int8_t level_of(const tf_programs *programs, levels *known, const tf_countries *countries,
                       uint16_t country, int32_t day)
{
    if (known->country != country || known->day != day) {
        known->country = country;
        known->day = day;
        memset(known->level, UNKNOWN_LEVEL, programs->law->book.scopes.countries.n);
    }
    int8_t *level = &known->level[countries->number];
    if (*level == UNKNOWN_LEVEL)
        *level = (int8_t)tf_countries_level(&programs->law->book.scopes, countries, country, day);
    return *level;
}

static tariff_status try_measure(tf_programs *programs, const tf_cell *cell, uint32_t number,
                                 bool any_day)
{
    const tf_measure *m = programs->law->measures.at[number];
    if (programs->seen[number] == programs->cell)
        return TARIFF_OK;
    programs->seen[number] = programs->cell;
    if (!any_day && !tf_span_holds(m->span, cell->day))
        return TARIFF_OK;
    int length = products_length(programs, &m->products);
    if (length < 0)
        return TARIFF_OK;
    int8_t origin = level_of(programs, &programs->origins, m->origins, cell->origin, cell->day);
    if (origin == TF_NOT_NAMED)
        return TARIFF_OK;
    int8_t importer =
        level_of(programs, &programs->importers, m->importers, cell->importer, cell->day);
    if (importer == TF_NOT_NAMED)
        return TARIFF_OK;
    match found = { number, (uint8_t)length, origin, importer };
    return TF_PUSH(&programs->arena, &programs->matches, found) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* Measures on all products are the same for all of an origin's cells on a day. */
static tariff_status find_all_products(tf_programs *programs, const tf_cell *cell, bool any_day,
                                       const all_products **out)
{
    const tariff_law *law = programs->law;
    const tf_scopes  *scopes = &law->book.scopes;
    all_products     *all = &programs->all[cell->origin];
    *out = all;
    if (all->known && all->importer == cell->importer && all->day == cell->day
        && all->any_day == any_day)
        return TARIFF_OK;
    all->known = true;
    all->importer = cell->importer;
    all->day = cell->day;
    all->any_day = any_day;
    all->measures.n = 0;
    for (uint32_t i = law->all_start[cell->origin]; i < law->all_start[cell->origin + 1]; i++) {
        const tf_measure *m = law->measures.at[law->all_list[i]];
        if ((any_day || tf_span_holds(m->span, cell->day))
            && tf_countries_level(scopes, m->origins, cell->origin, cell->day) != TF_NOT_NAMED
            && tf_countries_level(scopes, m->importers, cell->importer, cell->day)
                   != TF_NOT_NAMED
            && !TF_PUSH(&programs->arena, &all->measures, law->all_list[i]))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

static tariff_status match_measures(tf_programs *programs, const tf_cell *cell, bool any_day)
{
    const tariff_law *law = programs->law;
    programs->matches.n = 0;
    programs->cell++;
    TF_TRY(look_at_product(programs, cell->hs, cell->day));
    for (size_t i = 0; i < programs->touched.n; i++) {
        uint32_t set = programs->touched.at[i];
        for (uint32_t u = law->users_start[set]; u < law->users_start[set + 1]; u++)
            if (!law->users[u].excludes)
                TF_TRY(try_measure(programs, cell, law->users[u].measure, any_day));
    }
    const all_products *all;
    TF_TRY(find_all_products(programs, cell, any_day, &all));
    for (size_t i = 0; i < all->measures.n; i++)
        TF_TRY(try_measure(programs, cell, all->measures.at[i], any_day));
    return TARIFF_OK;
}

/* Is a finer code than the cell's in force for its origin, importer and day? */
static bool is_finer_in_force(tf_programs *programs, const tf_cell *cell,
                              const tf_index_row *entry)
{
    const tariff_law *law = programs->law;
    if (!tf_span_holds(tf_law_row(law, entry)->span, cell->day))
        return false;
    for (uint32_t u = law->users_start[entry->set]; u < law->users_start[entry->set + 1]; u++) {
        const tf_measure *m = law->measures.at[law->users[u].measure];
        if (tf_span_holds(m->span, cell->day)
            && level_of(programs, &programs->origins, m->origins, cell->origin, cell->day)
                   != TF_NOT_NAMED
            && level_of(programs, &programs->importers, m->importers, cell->importer, cell->day)
                   != TF_NOT_NAMED)
            return true;
    }
    return false;
}

/* Does any set name a code below this one?  Mostly none does: then nothing is coarse. */
static bool has_finer(const tf_programs *programs, uint64_t hs)
{
    const tariff_law *law = programs->law;
    size_t            next = first_prefix(law, hs + 1);
    return law->ranges.n > 0
           || (next < law->prefixes.n && law->prefixes.at[next].lo < tf_hs_end(hs));
}

static bool is_coarse(tf_programs *programs, const tf_cell *cell)
{
    const tariff_law *law = programs->law;
    uint64_t          end = tf_hs_end(cell->hs);
    for (size_t i = first_prefix(law, cell->hs + 1);
         i < law->prefixes.n && law->prefixes.at[i].lo < end; i++)
        if (is_finer_in_force(programs, cell, &law->prefixes.at[i]))
            return true;
    for (size_t i = 0; i < law->ranges.n; i++) {
        const tf_set_row *row = tf_law_row(law, &law->ranges.at[i]);
        bool within = (row->lo > cell->hs && row->lo < end) || (row->hi > cell->hs && row->hi < end);
        if (within && is_finer_in_force(programs, cell, &law->ranges.at[i]))
            return true;
    }
    return false;
}

/* Choosing */

/* Order of preference inside a layer (SPEC section 3, select). */
static int compare_matches(const tariff_law *law, const match *x, const match *y)
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

/* Insertion: a cell has some ten matches. */
static void sort_matches(tf_programs *programs)
{
    match *m = programs->matches.at;
    for (size_t i = 1; i < programs->matches.n; i++) {
        match  moved = m[i];
        size_t k = i;
        for (; k > 0 && compare_matches(programs->law, &moved, &m[k - 1]) < 0; k--)
            m[k] = m[k - 1];
        m[k] = moved;
    }
}

static bool change_meets(const tf_programs *programs, const tf_change *change, const tf_cell *cell)
{
    const tf_scopes *scopes = &programs->law->book.scopes;
    return tf_span_holds(change->span, cell->day)
           && products_length(programs, &change->products) >= 0
           && tf_countries_level(scopes, change->origins, cell->origin, cell->day) != TF_NOT_NAMED
           && tf_countries_level(scopes, change->importers, cell->importer, cell->day)
                  != TF_NOT_NAMED;
}

static tariff_status grow_rates(tf_programs *programs)
{
    changed_rate *old = programs->rates;
    size_t        count = programs->rate_slots;
    programs->rate_slots = count ? count * 2 : 64;
    programs->rates = TF_ARRAY(&programs->arena, changed_rate, programs->rate_slots);
    TF_NEED(programs->rates);
    for (size_t i = 0; i < count; i++) {
        if (!old[i].rate)
            continue;
        size_t at = (old[i].measure * 2654435761u) & (programs->rate_slots - 1);
        while (programs->rates[at].rate)
            at = (at + 1) & (programs->rate_slots - 1);
        programs->rates[at] = old[i];
    }
    return TARIFF_OK;
}

/* The rate of a measure after the given changes, in their order. */
static tariff_status rate_after(tf_programs *programs, uint32_t number, uint64_t changes,
                                const tf_rate **out)
{
    const tf_rate *rate = programs->law->measures.at[number]->rate;
    *out = rate;
    if (!changes || tf_rate_is_zero(rate))
        return TARIFF_OK;
    if (programs->rate_count * 2 >= programs->rate_slots)
        TF_TRY(grow_rates(programs));
    size_t at = (number * 2654435761u) & (programs->rate_slots - 1);
    for (; programs->rates[at].rate; at = (at + 1) & (programs->rate_slots - 1))
        if (programs->rates[at].measure == number && programs->rates[at].changes == changes) {
            *out = programs->rates[at].rate;
            return TARIFF_OK;
        }
    for (size_t i = 0; i < programs->law->changes.n; i++) {
        const tf_change *change = &programs->law->changes.at[i];
        if (changes >> i & 1)
            TF_TRY(tf_rate_change_apply(&programs->arena, rate, change->how, change->value,
                                        change->nano, &rate));
    }
    programs->rates[at] = (changed_rate){ number, changes, rate };
    programs->rate_count++;
    *out = rate;
    return TARIFF_OK;
}

/* Apply the changes to a match: true if the measure still applies. */
static tariff_status apply_changes(tf_programs *programs, uint64_t met, uint32_t number,
                                   tf_choice *choice, bool *stays)
{
    const tf_measure *m = choice->measure;
    uint64_t          on_rate = 0;
    *stays = true;
    for (size_t i = 0; i < programs->law->changes.n; i++) {
        const tf_change *change = &programs->law->changes.at[i];
        if (!(met >> i & 1) || !(change->layers >> m->layer & 1) || change->number < m->born)
            continue;
        if (change->kind == TF_CHANGE_RATE)
            on_rate |= UINT64_C(1) << i;
        else
            *stays = false;
    }
    if (!*stays || tf_rate_is_zero(m->rate))
        return TARIFF_OK; /* what charges nothing is not touched by changes of rates */
    choice->changes = on_rate;
    return rate_after(programs, number, on_rate, &choice->rate);
}

static tariff_status choose(tf_programs *programs, const tf_cell *cell, identity *id)
{
    const tariff_law *law = programs->law;
    uint64_t          met = 0;
    programs->choices.n = 0;
    for (size_t i = 0; i < law->changes.n; i++)
        if (change_meets(programs, &law->changes.at[i], cell))
            met |= UINT64_C(1) << i;
    bool    settled = false; /* the layer's choice is certain: what follows cannot apply */
    uint8_t layer = UINT8_MAX;
    for (size_t i = 0; i < programs->matches.n; i++) {
        uint32_t          number = programs->matches.at[i].measure;
        const tf_measure *m = law->measures.at[number];
        tf_choice         choice = { m, m->rate, 0, 0 };
        bool              stays = true;
        if (m->layer != layer)
            settled = false;
        layer = m->layer;
        if (settled)
            continue;
        if (met)
            TF_TRY(apply_changes(programs, met, number, &choice, &stays));
        if (!stays) {
            id->changed_out |= UINT64_C(1) << layer;
            continue;
        }
        tf_select select = law->book.layers.at[layer].select;
        settled = m->when.count == 0
                  && (select == TF_SELECT_SPECIFIC || select == TF_SELECT_FIRST);
        if (!TF_PUSH(&programs->arena, &programs->choices, choice))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

/* Making and finding programs */

static void name_parts(tf_program *program)
{
    for (size_t i = 0; i < program->choice_count; i++) {
        const tf_choice *choice = &program->choices[i];
        program->parts |= choice->measure->base_parts | choice->measure->when.parts
                          | (uint32_t)choice->rate->parts;
        program->claims |= choice->measure->when.claims;
        program->by_quantity = program->by_quantity || choice->rate->specific;
        if (choice->measure->base == TF_BASE_LIST)
            program->listed_parts |= choice->measure->base_parts;
    }
    for (uint8_t part = 0; part < TF_PARTS_MAX; part++) {
        program->piece_of_part[part] = -1;
        if (program->parts >> part & 1) {
            program->piece_of_part[part] = (int8_t)program->piece_count;
            program->part_of_piece[program->piece_count++] = part;
        }
    }
    program->piece_count++; /* the rest */
}

static uint32_t pieces_of_base(const tf_program *program, const tf_measure *measure)
{
    uint32_t all = (UINT32_C(1) << program->piece_count) - 1, named = 0;
    for (unsigned piece = 0; piece + 1 < program->piece_count; piece++)
        if (measure->base_parts >> program->part_of_piece[piece] & 1)
            named |= UINT32_C(1) << piece;
    return measure->base == TF_BASE_ALL ? all : measure->base == TF_BASE_LIST ? named
                                                                              : all & ~named;
}

static tariff_status order_layers(tf_programs *programs, tf_program *program)
{
    size_t   layers = programs->law->book.layers.n;
    uint16_t first[TF_LAYERS_MAX], count[TF_LAYERS_MAX] = { 0 };
    for (size_t i = 0; i < program->choice_count; i++) {
        uint8_t layer = program->choices[i].measure->layer;
        if (count[layer]++ == 0)
            first[layer] = (uint16_t)i;
    }
    for (size_t i = 0; i < layers; i++)
        program->layer_count += count[i] > 0;
    tf_program_layer *ordered =
        TF_ARRAY(&programs->arena, tf_program_layer, program->layer_count + 1);
    TF_NEED(ordered);
    program->layers = ordered;
    for (size_t i = 0; i < layers; i++) {
        uint8_t layer = program->regime->order[i];
        if (count[layer])
            *ordered++ = (tf_program_layer){ layer, first[layer], count[layer] };
    }
    return TARIFF_OK;
}

static tariff_status make_program(tf_programs *programs, const identity *id, uint64_t hash,
                                  made **out)
{
    size_t     n = programs->choices.n;
    made      *fresh = TF_NEW(&programs->arena, made);
    tf_choice *choices = TF_ARRAY(&programs->arena, tf_choice, n + 1);
    TF_NEED(fresh && choices);
    if (n)
        memcpy(choices, programs->choices.at, n * sizeof *choices);
    tf_program *program = &fresh->program;
    fresh->hash = hash;
    fresh->id = *id;
    program->number = (uint32_t)programs->list.n;
    program->regime = id->regime;
    program->choices = choices;
    program->choice_count = n;
    program->changed_out = id->changed_out;
    program->coarse = id->flags & 1;
    program->unmatched = id->flags >> 1 & 1;
    name_parts(program);
    for (size_t i = 0; i < n; i++)
        choices[i].pieces = pieces_of_base(program, choices[i].measure);
    TF_TRY(order_layers(programs, program));
    if (!TF_PUSH(&programs->arena, &programs->list, fresh))
        return TARIFF_E_NOMEM;
    *out = fresh;
    return TARIFF_OK;
}

/* Do two choices decide alike?  Which row of law they stand in is another matter. */
static bool same_choice(const tf_choice *x, const tf_choice *y)
{
    const tf_measure *a = x->measure, *b = y->measure;
    return x->rate == y->rate && x->changes == y->changes && a->layer == b->layer && a->base == b->base
           && a->base_parts == b->base_parts && a->when.count == b->when.count
           && (a->when.count == 0 || strcmp(a->when.text, b->when.text) == 0);
}

static bool same_program(const tf_programs *programs, const made *candidate, const identity *id,
                         uint64_t hash)
{
    if (candidate->hash != hash || candidate->id.regime != id->regime
        || candidate->id.changed_out != id->changed_out || candidate->id.flags != id->flags
        || candidate->program.choice_count != programs->choices.n)
        return false;
    for (size_t i = 0; i < programs->choices.n; i++)
        if (!same_choice(&candidate->program.choices[i], &programs->choices.at[i]))
            return false;
    return true;
}

static uint64_t hash_choices(const tf_programs *programs, const identity *id)
{
    uint64_t hash = XXH3_64bits(id, sizeof *id);
    for (size_t i = 0; i < programs->choices.n; i++) {
        const tf_choice  *choice = &programs->choices.at[i];
        const tf_measure *m = choice->measure;
        uint64_t parts[3] = { (uint64_t)(uintptr_t)choice->rate,
                              (uint64_t)m->layer << 32 | (uint64_t)m->base << 40 | m->when.count,
                              (uint64_t)m->when.claims << 32 | m->base_parts };
        hash = XXH3_64bits_withSeed(parts, sizeof parts, hash ^ choice->changes);
    }
    return hash;
}

static tariff_status grow_slots(tf_programs *programs)
{
    size_t count = programs->slot_count ? programs->slot_count * 2 : 256;
    programs->slots = TF_ARRAY(&programs->arena, uint32_t, count);
    TF_NEED(programs->slots);
    programs->slot_count = count;
    for (size_t i = 0; i < programs->list.n; i++) {
        size_t at = programs->list.at[i]->hash & (count - 1);
        while (programs->slots[at])
            at = (at + 1) & (count - 1);
        programs->slots[at] = (uint32_t)i + 1;
    }
    return TARIFF_OK;
}

static tariff_status intern(tf_programs *programs, const identity *id, const tf_program **out)
{
    if (programs->list.n * 2 >= programs->slot_count)
        TF_TRY(grow_slots(programs));
    uint64_t hash = hash_choices(programs, id);
    size_t   at = hash & (programs->slot_count - 1);
    for (; programs->slots[at]; at = (at + 1) & (programs->slot_count - 1)) {
        const made *candidate = programs->list.at[programs->slots[at] - 1];
        if (same_program(programs, candidate, id, hash)) {
            *out = &candidate->program;
            return TARIFF_OK;
        }
    }
    made *fresh;
    TF_TRY(make_program(programs, id, hash, &fresh));
    programs->slots[at] = (uint32_t)programs->list.n;
    *out = &fresh->program;
    return TARIFF_OK;
}

/* Product classes */

static bool is_class(const tf_programs *programs, const product_class *c, uint64_t hash,
                     uint16_t importer)
{
    if (c->hash != hash || c->count != programs->touched.n || c->epoch != programs->epoch
        || c->importer != importer)
        return false;
    for (size_t i = 0; i < programs->touched.n; i++) {
        uint32_t           set = programs->touched.at[i];
        const touched_set *kept = &programs->class_sets.at[c->first + i];
        if (kept->set != set || kept->length != programs->set_length[set])
            return false;
    }
    return true;
}

static uint64_t hash_touched(const tf_programs *programs, uint16_t importer)
{
    uint64_t hash = (uint64_t)programs->epoch << 16 | importer;
    for (size_t i = 0; i < programs->touched.n; i++) {
        uint32_t    set = programs->touched.at[i];
        touched_set entry = { set, programs->set_length[set] };
        hash = XXH3_64bits_withSeed(&entry, sizeof entry, hash);
    }
    return hash;
}

static tariff_status grow_classes(tf_programs *programs)
{
    if (programs->classes.n * 2 < programs->class_slot_count)
        return TARIFF_OK;
    size_t count = programs->class_slot_count ? programs->class_slot_count * 2 : 1024;
    programs->class_slots = TF_ARRAY(&programs->arena, uint32_t, count);
    TF_NEED(programs->class_slots);
    programs->class_slot_count = count;
    for (size_t i = 0; i < programs->classes.n; i++) {
        size_t at = programs->classes.at[i].hash & (count - 1);
        while (programs->class_slots[at])
            at = (at + 1) & (count - 1);
        programs->class_slots[at] = (uint32_t)i + 1;
    }
    return TARIFF_OK;
}

/* The class of the product looked at, made if it is new. */
static tariff_status classify(tf_programs *programs, uint16_t importer)
{
    TF_TRY(grow_classes(programs));
    uint64_t hash = hash_touched(programs, importer);
    size_t   at = hash & (programs->class_slot_count - 1);
    programs->class_importer = importer;
    for (; programs->class_slots[at]; at = (at + 1) & (programs->class_slot_count - 1))
        if (is_class(programs, &programs->classes.at[programs->class_slots[at] - 1], hash,
                     importer)) {
            programs->class_number = programs->class_slots[at] - 1;
            return TARIFF_OK;
        }
    product_class fresh = { hash,
                            (uint32_t)programs->class_sets.n,
                            (uint32_t)programs->touched.n,
                            programs->epoch,
                            importer,
                            0,
                            NULL };
    for (size_t i = 0; i < programs->touched.n; i++) {
        uint32_t    set = programs->touched.at[i];
        touched_set entry = { set, programs->set_length[set] };
        if (!TF_PUSH(&programs->arena, &programs->class_sets, entry))
            return TARIFF_E_NOMEM;
    }
    programs->class_number = (uint32_t)programs->classes.n;
    if (!TF_PUSH(&programs->arena, &programs->classes, fresh))
        return TARIFF_E_NOMEM;
    programs->class_slots[at] = (uint32_t)programs->classes.n;
    return TARIFF_OK;
}

/* The class of an origin in the epoch looked at. */
static tariff_status origin_class(tf_programs *programs, const tf_cell *cell, uint32_t *out)
{
    const tf_scopes *scopes = &programs->law->book.scopes;
    size_t           texts = scopes->countries.n;
    origin_classes  *same = &programs->same_origins;
    if (same->epoch != programs->epoch) {
        memset(same->of, 0, sizeof same->of);
        same->epoch = programs->epoch;
        same->count = 0;
    }
    if (!same->of[cell->origin]) {
        int8_t **mine = &same->level[same->count];
        if (!*mine)
            *mine = TF_ARRAY(&programs->arena, int8_t, texts + 1);
        TF_NEED(*mine);
        for (size_t i = 0; i < texts; i++)
            (*mine)[i] = level_of(programs, &programs->origins, scopes->countries.at[i],
                                  cell->origin, cell->day);
        uint32_t number = 0;
        while (memcmp(same->level[number], *mine, texts) != 0)
            number++;
        if (number == same->count)
            same->count++;
        same->of[cell->origin] = (uint16_t)(number + 1);
    }
    *out = same->of[cell->origin] - 1u;
    return TARIFF_OK;
}

/* Where a class keeps its program for an index made of origin class and coarseness. */
static tariff_status program_of_class(tf_programs *programs, uint32_t index,
                                      const tf_program ***out)
{
    product_class *c = &programs->classes.at[programs->class_number];
    if (index >= c->room) {
        uint32_t room = c->room ? c->room : 16;
        while (room <= index)
            room *= 2;
        const tf_program **wider = TF_ARRAY(&programs->arena, const tf_program *, room);
        TF_NEED(wider);
        if (c->room)
            memcpy(wider, c->found, c->room * sizeof(*wider));
        c->found = wider;
        c->room = room;
    }
    *out = &c->found[index];
    return TARIFF_OK;
}

static tariff_status find_anew(tf_programs *programs, const tf_cell *cell, bool coarse,
                               const tf_program **out)
{
    const tariff_law *law = programs->law;
    identity          id = { law->regimes[programs->epoch], 0, 0 };
    TF_TRY(match_measures(programs, cell, false));
    bool ordinary = false;
    for (size_t i = 0; i < programs->matches.n; i++)
        ordinary = ordinary
                   || (law->ordinary >> law->measures.at[programs->matches.at[i].measure]->layer
                       & 1);
    if (coarse)
        id.flags |= 1;
    if (!ordinary && tf_country_in(&law->ordinary_importers, cell->importer))
        id.flags |= 2;
    sort_matches(programs);
    TF_TRY(choose(programs, cell, &id));
    return intern(programs, &id, out);
}

tariff_status tf_program_find(tf_programs *programs, const tf_cell *cell, const tf_program **out)
{
    bool begun = programs->classes.n > 0;
    if (!begun || programs->day != cell->day)
        programs->epoch = (uint32_t)tf_law_epoch(programs->law, cell->day);
    if (!begun || programs->hs != cell->hs || programs->day != cell->day
        || programs->class_importer != cell->importer) {
        TF_TRY(look_at_product(programs, cell->hs, cell->day));
        TF_TRY(classify(programs, cell->importer));
        programs->finer = has_finer(programs, cell->hs);
    }
    bool     coarse = programs->finer && is_coarse(programs, cell);
    uint32_t origins;
    TF_TRY(origin_class(programs, cell, &origins));
    const tf_program **kept;
    TF_TRY(program_of_class(programs, origins << 1 | coarse, &kept));
    if (!*kept)
        TF_TRY(find_anew(programs, cell, coarse, kept));
    *out = *kept;
    return TARIFF_OK;
}

size_t tf_programs_count(const tf_programs *programs)
{
    return programs->list.n;
}

const tf_program *tf_program_at(const tf_programs *programs, uint32_t number)
{
    return &programs->list.at[number]->program;
}

tariff_status tf_program_out_of_force(tf_programs *programs, const tf_cell *cell, unsigned layer,
                                      const tf_measure **out)
{
    *out = NULL;
    TF_TRY(match_measures(programs, cell, true));
    sort_matches(programs);
    for (size_t i = 0; i < programs->matches.n && !*out; i++) {
        const tf_measure *m = programs->law->measures.at[programs->matches.at[i].measure];
        if (m->layer == layer && m->when.count == 0)
            *out = m; /* one with a condition would answer another question */
    }
    return TARIFF_OK;
}
