/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/program.h"

#include "base/mix.h"

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

typedef struct program_slot {
    uint64_t hash;
    uint32_t number; /**< Of the program, + 1. */
} program_slot;

/** The program of some origins, by tf_matcher_origins(), before a backdrop. */
typedef struct origins_slot {
    uint32_t origins, before;
    uint32_t program; /**< + 1; 0: free. */
} origins_slot;

/** The programs of a treatment of products. */
typedef struct treatment_programs {
    uint32_t    count, room;
    origins_slot *slots; /**< Open addressing. */
} treatment_programs;

struct tf_programs {
    tariff_env       *env;
    const tariff_law *law;
    tf_arena          arena;
    bool              tells; /**< Of facts that are not single layers'. */
    tf_matcher        matcher;
    TF_VEC(treatment_programs) by_treatment; /**< By its number. */
    tf_chooser        chooser;

    TF_VEC(made *) list;
    program_slot *slots;
    size_t        slot_count;
};

tariff_status tf_programs_new(tariff_env *env, const tariff_law *law, uint64_t layers,
                              tf_programs **out)
{
    *out = NULL;
    tf_programs *programs = tf_alloc(env, sizeof *programs);
    TF_NEED(programs);
    memset(programs, 0, sizeof *programs);
    programs->env = env;
    programs->law = law;
    programs->tells = layers == TF_ALL_LAYERS || (layers & law->ordinary);
    tf_arena_init(&programs->arena, &env->allocator);
    tf_chooser_init(&programs->chooser, law, &programs->arena);
    if (tf_matcher_init(&programs->matcher, law, layers, &programs->arena) != TARIFF_OK) {
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

/* Making programs */

static void name_parts(tf_program *program)
{
    for (size_t i = 0; i < program->choice_count; i++) {
        const tf_choice *choice = &program->choices[i];
        program->parts |= choice->measure->base_parts | choice->measure->when->parts
                          | (uint32_t)choice->rate->parts;
        program->claims |= choice->measure->when->claims;
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

static tariff_status order_layers(tf_arena *arena, const tariff_law *law, tf_program *program)
{
    size_t   layers = law->book.layers.n;
    uint32_t first[TF_LAYERS_MAX], count[TF_LAYERS_MAX] = { 0 };
    for (size_t i = 0; i < program->choice_count; i++) {
        uint8_t layer = program->choices[i].measure->layer;
        if (count[layer]++ == 0)
            first[layer] = (uint32_t)i;
    }
    for (size_t i = 0; i < layers; i++)
        program->layer_count += count[i] > 0;
    tf_program_layer *ordered = TF_ARRAY(arena, tf_program_layer, program->layer_count + 1);
    TF_NEED(ordered);
    program->layers = ordered;
    for (size_t i = 0; i < layers; i++) {
        uint8_t layer = program->regime->order[i];
        if (count[layer])
            *ordered++ = (tf_program_layer){ layer, first[layer], count[layer] };
    }
    return TARIFF_OK;
}

tariff_status tf_program_compose(tf_arena *arena, const tariff_law *law, tf_choice *choices,
                                 size_t count, tf_program *program)
{
    program->choices = choices;
    program->choice_count = count;
    name_parts(program);
    for (size_t i = 0; i < count; i++)
        choices[i].pieces = pieces_of_base(program, choices[i].measure);
    return order_layers(arena, law, program);
}

static tariff_status make_program(tf_programs *programs, const identity *id, uint64_t hash,
                                  made **out)
{
    size_t     n = programs->chooser.choices.n;
    made      *fresh = TF_NEW(&programs->arena, made);
    tf_choice *choices = TF_ARRAY(&programs->arena, tf_choice, n + 1);
    TF_NEED(fresh && choices);
    if (n)
        memcpy(choices, programs->chooser.choices.at, n * sizeof *choices);
    tf_program *program = &fresh->program;
    fresh->hash = hash;
    fresh->id = *id;
    program->number = (uint32_t)programs->list.n;
    program->regime = id->regime;
    program->changed_out = id->changed_out;
    program->coarse = id->flags & 1;
    program->unmatched = id->flags >> 1 & 1;
    TF_TRY(tf_program_compose(&programs->arena, programs->law, choices, n, program));
    if (!TF_PUSH(&programs->arena, &programs->list, fresh))
        return TARIFF_E_NOMEM;
    *out = fresh;
    return TARIFF_OK;
}

/* Do two choices decide alike?  Which row of law they stand in is another matter. */
static bool same_choice(const tf_choice *x, const tf_choice *y)
{
    const tf_measure *a = x->measure, *b = y->measure;
    return x->rate == y->rate && x->changes == y->changes && a->layer == b->layer
           && a->born == b->born && a->base == b->base && a->base_parts == b->base_parts
           && a->when->count == b->when->count
           && (a->when->count == 0 || strcmp(a->when->text, b->when->text) == 0);
}

static bool same_program(const tf_programs *programs, const made *candidate, const identity *id)
{
    if (candidate->id.regime != id->regime
        || candidate->id.changed_out != id->changed_out || candidate->id.flags != id->flags
        || candidate->program.choice_count != programs->chooser.choices.n)
        return false;
    for (size_t i = 0; i < programs->chooser.choices.n; i++)
        if (!same_choice(&candidate->program.choices[i], &programs->chooser.choices.at[i]))
            return false;
    return true;
}

static uint64_t hash_choices(const tf_programs *programs, const identity *id)
{
    uint64_t hash = tf_mix((uint64_t)(uintptr_t)id->regime, id->changed_out);
    hash = tf_mix(hash, id->flags);
    for (size_t i = 0; i < programs->chooser.choices.n; i++) {
        const tf_choice  *choice = &programs->chooser.choices.at[i];
        const tf_measure *m = choice->measure;
        hash = tf_mix(hash, (uint64_t)(uintptr_t)choice->rate);
        hash = tf_mix(hash, (uint64_t)m->when->claims << 32 | m->base_parts);
        hash = tf_mix(hash, (uint64_t)m->layer << 32 | (uint64_t)m->base << 40 | m->when->count);
        if (choice->changes || m->born)
            hash = tf_mix(hash, choice->changes ^ m->born);
    }
    return hash;
}

static tariff_status grow_slots(tf_programs *programs)
{
    if (programs->list.n * 2 < programs->slot_count)
        return TARIFF_OK;
    size_t count = programs->slot_count ? programs->slot_count * 2 : 256;
    programs->slots = TF_ARRAY(&programs->arena, program_slot, count);
    TF_NEED(programs->slots);
    programs->slot_count = count;
    for (size_t i = 0; i < programs->list.n; i++) {
        uint64_t hash = programs->list.at[i]->hash;
        size_t   at = hash & (count - 1);
        while (programs->slots[at].number)
            at = (at + 1) & (count - 1);
        programs->slots[at] = (program_slot){ hash, (uint32_t)i + 1 };
    }
    return TARIFF_OK;
}

static tariff_status intern(tf_programs *programs, const identity *id, const tf_program **out)
{
    TF_TRY(grow_slots(programs));
    uint64_t hash = hash_choices(programs, id);
    size_t   at = hash & (programs->slot_count - 1);
    for (; programs->slots[at].number; at = (at + 1) & (programs->slot_count - 1)) {
        if (programs->slots[at].hash != hash)
            continue;
        const made *candidate = programs->list.at[programs->slots[at].number - 1];
        if (same_program(programs, candidate, id)) {
            *out = &candidate->program;
            return TARIFF_OK;
        }
    }
    made *fresh;
    TF_TRY(make_program(programs, id, hash, &fresh));
    programs->slots[at] = (program_slot){ hash, (uint32_t)programs->list.n };
    *out = &fresh->program;
    return TARIFF_OK;
}

/* Finding programs */

static bool has_ordinary(const tf_programs *programs)
{
    const tf_matcher *matcher = &programs->matcher;
    for (size_t i = 0; i < matcher->matches.n; i++)
        if (programs->law->ordinary >> matcher->matches.at[i].layer & 1)
            return true;
    return false;
}

static tariff_status find_anew(tf_programs *programs, const tf_program **out)
{
    const tariff_law *law = programs->law;
    tf_matcher       *matcher = &programs->matcher;
    identity          id = { law->regimes[matcher->epoch], 0, 0 };
    TF_TRY(tf_matcher_match(matcher));
    if (programs->tells && matcher->coarse)
        id.flags |= 1;
    if (programs->tells && !has_ordinary(programs)
        && tf_country_in(&law->ordinary_importers, matcher->cell.importer))
        id.flags |= 2;
    TF_TRY(tf_choose(&programs->chooser, matcher, &id.changed_out));
    return intern(programs, &id, out);
}

static origins_slot *slot_of(const treatment_programs *c, uint32_t origins, uint32_t before)
{
    uint32_t at = (origins ^ before << 12) * UINT32_C(2654435761) >> 16 & (c->room - 1);
    while (c->slots[at].program && (c->slots[at].origins != origins || c->slots[at].before != before))
        at = (at + 1) & (c->room - 1);
    return &c->slots[at];
}

static tariff_status grow_origins(tf_arena *arena, treatment_programs *c)
{
    treatment_programs wider = { c->count, c->room ? c->room * 2 : 2, NULL };
    if (c->count * 2 < c->room)
        return TARIFF_OK;
    wider.slots = TF_ARRAY(arena, origins_slot, wider.room);
    TF_NEED(wider.slots);
    for (uint32_t i = 0; i < c->room; i++)
        if (c->slots[i].program)
            *slot_of(&wider, c->slots[i].origins, c->slots[i].before) = c->slots[i];
    *c = wider;
    return TARIFF_OK;
}

tariff_status tf_program_find(tf_programs *programs, const tf_cell *cell, const tf_program **out)
{
    tf_matcher        *matcher = &programs->matcher;
    treatment_programs none = { 0, 0, NULL };
    uint32_t           origins;
    TF_TRY(tf_matcher_look(matcher, cell));
    uint32_t treatment = matcher->decisive;
    while (programs->by_treatment.n <= treatment)
        if (!TF_PUSH(&programs->arena, &programs->by_treatment, none))
            return TARIFF_E_NOMEM;
    treatment_programs *c = &programs->by_treatment.at[treatment];
    TF_TRY(grow_origins(&programs->arena, c));
    TF_TRY(tf_matcher_origins(matcher, &origins));
    origins_slot *slot = slot_of(c, origins, matcher->origin.before);
    if (slot->program) {
        *out = &programs->list.at[slot->program - 1]->program;
        return TARIFF_OK;
    }
    TF_TRY(find_anew(programs, out));
    *slot = (origins_slot){ origins, matcher->origin.before, (*out)->number + 1 };
    c->count++;
    return TARIFF_OK;
}

uint32_t tf_program_backdrop(tf_programs *programs, uint32_t epoch)
{
    return tf_origin_backdrop(&programs->matcher.origin, epoch);
}

tariff_status tf_program_take(tf_programs *programs, const tf_cell *cell, uint32_t treatment,
                              const tf_program **out)
{
    TF_TRY(tf_matcher_take(&programs->matcher, cell, treatment));
    return find_anew(programs, out);
}

tariff_status tf_program_look_at(tf_programs *programs, const tf_cell *cell, tf_program_look *out)
{
    tf_matcher *matcher = &programs->matcher;
    TF_TRY(tf_matcher_look(matcher, cell));
    bool finer = programs->tells && matcher->finer;
    const tf_treatment *t = matcher->treatments.list.at[matcher->treatment];
    *out = (tf_program_look){ .treatment = matcher->treatment,
                              .finer = finer,
                              .tells_origins_apart = t->names_origins,
                              .one = !finer && !matcher->origin.matters,
                              .rest = t->rest,
                              .named = t->named,
                              .valid = matcher->valid };
    return TARIFF_OK;
}

tariff_status tf_program_origin(tf_programs *programs, const tf_cell *cell, uint32_t *treatment)
{
    TF_TRY(tf_matcher_look(&programs->matcher, cell));
    return tf_origin_treated(&programs->matcher.origin, treatment);
}

size_t tf_programs_count(const tf_programs *programs)
{
    return programs->list.n;
}

const tf_program *tf_program_at(const tf_programs *programs, uint32_t number)
{
    return &programs->list.at[number]->program;
}

tf_changes_met tf_programs_changes(const tf_programs *programs)
{
    return programs->chooser.met;
}

tariff_status tf_program_out_of_force(tf_programs *programs, const tf_cell *cell, unsigned layer,
                                      const tf_measure **out)
{
    const tf_matcher *matcher = &programs->matcher;
    *out = NULL;
    TF_TRY(tf_matcher_look(&programs->matcher, cell));
    TF_TRY(tf_matcher_match_any_day(&programs->matcher));
    for (size_t i = 0; i < matcher->matches.n && !*out; i++) {
        const tf_measure *m = programs->law->measures.at[matcher->matches.at[i].measure];
        if (m->layer == layer && m->when->count == 0)
            *out = m; /* one with a condition would answer another question */
    }
    return TARIFF_OK;
}
