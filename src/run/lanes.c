/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/lanes.h"

#include "base/mix.h"

enum { FIRST_ROOM = 4 };

struct tf_lane_slot {
    uint64_t hs; /**< Of the only product, if a finer code may be in force; else 0. */
    uint32_t treatment;
    tf_lane    *lane; /**< NULL: free. */
};

tariff_status tf_lanes_init(tf_lanes *lanes, const tf_evaluation *e, uint64_t layers)
{
    memset(lanes, 0, sizeof *lanes);
    lanes->e = e;
    lanes->layers = layers;
    tf_arena_init(&lanes->arena, &e->env->allocator);
    tf_bench_init(&lanes->bench, e->env);
    if (e->reach && e->reach->added_count) {
        lanes->added = TF_ARRAY(&lanes->arena, bool, e->reach->added_count);
        TF_NEED(lanes->added);
    }
    return tf_programs_new(e->env, e->law, layers, &lanes->programs);
}

void tf_lanes_free(tf_lanes *lanes)
{
    tf_programs_free(lanes->programs);
    tf_bench_free(&lanes->bench);
    tf_arena_free(&lanes->arena);
}

/* Programs */

static bool speaks(const tf_shares *shares)
{
    return shares->rows.n > 0 || shares->overrides.n > 0;
}

/* Might a share table say something of lines under the program? */
static bool asks_tables(const tariff_law *law, const tf_program *program)
{
    for (size_t i = 0; i < law->book.claims.n; i++)
        if (program->claims >> i & 1 && speaks(law->book.claims.at[i]))
            return true;
    for (size_t i = 0; i < law->book.parts.n; i++)
        if (program->parts >> i & 1 && speaks(law->book.parts.at[i]))
            return true;
    return false;
}

/* False if it is not proportional to value. */
static bool add_rates(const tariff_law *law, const tf_burden *burden, tf_digest *d)
{
    for (unsigned i = 0; i < burden->charge_count; i++) {
        const tf_charge *charge = &burden->charges[i];
        int64_t *rate = law->ordinary >> charge->layer & 1 ? &d->ordinary : &d->additional;
        if (charge->money != 0 || __builtin_add_overflow(*rate, charge->rate, rate))
            return false;
    }
    return true;
}

/* Is the burden of some layers, with that of the others, all there is to say?  What is told of a
 * line as a whole is told by ordinary layers alone. */
static bool can_be_apart(const tf_lanes *lanes, const tf_burden *burden)
{
    return lanes->layers == TF_ALL_LAYERS || (lanes->layers & lanes->e->law->ordinary)
           || (!burden->unassessed && !burden->unknown_part);
}

static tariff_status look_at_program(tf_lanes *lanes, const tf_cell *cell, tf_digest *d)
{
    tariff_span days = { { cell->day }, { cell->day + 1 } };
    TF_TRY(tf_cases_find(&lanes->arena, lanes->e->law, lanes->programs, cell->hs, cell->origin,
                         cell->importer, days, &lanes->cases));
    const tf_case *only = lanes->cases.cases.at;
    d->left = lanes->cases.cases.n != 1 || asks_tables(lanes->e->law, only->program);
    if (d->left)
        return TARIFF_OK;
    TF_TRY(tf_assess(lanes->e->law, only, 1, &lanes->bench));
    if (lanes->added)
        tf_note_added(lanes->e->law, &lanes->bench.burden, lanes->added);
    d->burden = tf_burden_keep(&lanes->arena, &lanes->bench.burden);
    TF_NEED(d->burden);
    d->affected = d->burden->affected;
    d->left = !can_be_apart(lanes, d->burden) || !add_rates(lanes->e->law, d->burden, d);
    return TARIFF_OK;
}

static tariff_status find_digest(tf_lanes *lanes, const tf_cell *cell, const tf_digest **out)
{
    const tf_program *program;
    tf_digest        *none = NULL;
    TF_TRY(tf_program_find(lanes->programs, cell, &program));
    while (lanes->digests.n <= program->number)
        if (!TF_PUSH(&lanes->arena, &lanes->digests, none))
            return TARIFF_E_NOMEM;
    tf_digest **d = &lanes->digests.at[program->number];
    if (!*d) {
        tf_digest *fresh = TF_NEW(&lanes->arena, tf_digest);
        TF_NEED(fresh);
        TF_TRY(look_at_program(lanes, cell, fresh));
        *d = fresh;
    }
    *out = *d;
    return TARIFF_OK;
}

static tariff_status widen(tf_lanes *lanes, tf_lane *l, uint32_t key)
{
    uint32_t room = l->by_origin ? TF_COUNTRIES_MAX : l->room ? l->room : FIRST_ROOM;
    while (room <= key)
        room *= 2;
    uint8_t *of = TF_ARRAY(&lanes->arena, uint8_t, room);
    TF_NEED(of);
    if (l->room)
        memcpy(of, l->of, l->room);
    l->of = of;
    l->room = room;
    return TARIFF_OK;
}

/* An origin, or a treatment of origins, that a lane has not met. */
tariff_status tf_lane_meet(tf_lanes *lanes, tf_lane *l, const tf_cell *cell, uint32_t key)
{
    const tf_digest *d;
    size_t           at = 0;
    if (key >= l->room)
        TF_TRY(widen(lanes, l, key));
    TF_TRY(find_digest(lanes, cell, &d));
    while (at < l->digests.n && l->digests.at[at] != d)
        at++;
    if (d->left || at + 1 == TF_LANE_LEFT) {
        l->of[key] = TF_LANE_LEFT;
        return TARIFF_OK;
    }
    if (at == l->digests.n && !TF_PUSH(&lanes->arena, &l->digests, d))
        return TARIFF_E_NOMEM;
    l->of[key] = (uint8_t)(at + 1);
    l->noted = l->noted || d->burden->coarse || d->burden->unassessed;
    return TARIFF_OK;
}

/* Lanes */

static struct tf_lane_slot *lane_at(const tf_lanes *lanes, uint32_t treatment, uint64_t hs)
{
    size_t at = tf_mix(treatment, hs) & (lanes->slot_count - 1);
    for (; lanes->slots[at].lane; at = (at + 1) & (lanes->slot_count - 1))
        if (lanes->slots[at].treatment == treatment && lanes->slots[at].hs == hs)
            break;
    return &lanes->slots[at];
}

static tariff_status grow_lanes(tf_lanes *lanes)
{
    struct tf_lane_slot *old = lanes->slots;
    size_t               count = lanes->slot_count;
    if (lanes->list.n * 2 < count)
        return TARIFF_OK;
    lanes->slot_count = count ? count * 2 : 256;
    lanes->slots = TF_ARRAY(&lanes->arena, struct tf_lane_slot, lanes->slot_count);
    TF_NEED(lanes->slots);
    for (size_t i = 0; i < count; i++)
        if (old[i].lane)
            *lane_at(lanes, old[i].treatment, old[i].hs) = old[i];
    return TARIFF_OK;
}

static tariff_status look_for_lane(tf_lanes *lanes, const tf_cell *cell, uint32_t epoch,
                                   tf_program_look *look, tf_lane **out)
{
    TF_TRY(grow_lanes(lanes));
    TF_TRY(tf_program_look_at(lanes->programs, cell, look));
    uint64_t             hs = look->finer ? cell->hs : 0;
    struct tf_lane_slot *slot = lane_at(lanes, look->treatment, hs);
    *out = slot->lane;
    if (*out)
        return TARIFF_OK;
    tf_lane *fresh = TF_NEW(&lanes->arena, tf_lane);
    TF_NEED(fresh);
    fresh->number = (uint32_t)lanes->list.n;
    fresh->epoch = epoch;
    fresh->importer = cell->importer;
    fresh->by_origin = look->finer || look->tells_origins_apart;
    fresh->one = look->one;
    if (!TF_PUSH(&lanes->arena, &lanes->list, fresh))
        return TARIFF_E_NOMEM;
    *slot = (struct tf_lane_slot){ hs, look->treatment, fresh };
    *out = fresh;
    return TARIFF_OK;
}

/* Where the products of a lane are in another epoch, if they stay together. */
static tariff_status lane_then(tf_lanes *lanes, const tf_cell *cell, uint32_t epoch, tf_lane *l,
                               tf_lane **out)
{
    tf_program_look look;
    *out = l;
    if (l->epoch == epoch)
        return TARIFF_OK;
    if (!l->then)
        l->then = TF_ARRAY(&lanes->arena, tf_lane *, lanes->e->law->epochs.n);
    TF_NEED(l->then);
    if (!l->then[epoch])
        TF_TRY(look_for_lane(lanes, cell, epoch, &look, &l->then[epoch]));
    *out = l->then[epoch];
    return TARIFF_OK;
}

tariff_status tf_lanes_find(tf_lanes *lanes, const tf_cell *cell, uint32_t epoch,
                            tf_lane_product *last, tf_lane **out)
{
    tf_program_look look;
    if (last->lane && tf_span_holds(last->valid, cell->day))
        return lane_then(lanes, cell, epoch, last->lane, out);
    last->lane = NULL;
    TF_TRY(look_for_lane(lanes, cell, epoch, &look, out));
    if (!look.finer)
        *last = (tf_lane_product){ *out, look.valid };
    return TARIFF_OK;
}

/* Blocks */

static tf_lane_block **block_at(const tf_lanes *lanes, uint64_t hs, const tf_lane *l)
{
    size_t at = tf_mix(l->number, hs) & (lanes->block_slot_count - 1);
    for (; lanes->block_slots[at]; at = (at + 1) & (lanes->block_slot_count - 1))
        if (lanes->block_slots[at]->hs == hs && lanes->block_slots[at]->lane == l)
            break;
    return &lanes->block_slots[at];
}

static tariff_status grow_blocks(tf_lanes *lanes)
{
    if (lanes->blocks.n * 2 < lanes->block_slot_count)
        return TARIFF_OK;
    lanes->block_slot_count = lanes->block_slot_count ? lanes->block_slot_count * 2 : 256;
    lanes->block_slots = TF_ARRAY(&lanes->arena, tf_lane_block *, lanes->block_slot_count);
    TF_NEED(lanes->block_slots);
    for (size_t i = 0; i < lanes->blocks.n; i++)
        *block_at(lanes, lanes->blocks.at[i]->hs, lanes->blocks.at[i]->lane) = lanes->blocks.at[i];
    return TARIFF_OK;
}

tariff_status tf_lanes_block(tf_lanes *lanes, tf_lane *l, uint64_t hs, tf_lane_block **out)
{
    *out = l->last;
    if (*out && (*out)->hs == hs)
        return TARIFF_OK;
    TF_TRY(grow_blocks(lanes));
    tf_lane_block **slot = block_at(lanes, hs, l);
    *out = l->last = *slot;
    if (*out)
        return TARIFF_OK;
    tf_lane_block *fresh = TF_NEW(&lanes->arena, tf_lane_block);
    TF_NEED(fresh);
    fresh->hs = hs;
    fresh->lane = l;
    if (!TF_PUSH(&lanes->arena, &lanes->blocks, fresh))
        return TARIFF_E_NOMEM;
    *out = l->last = *slot = fresh;
    return TARIFF_OK;
}

tariff_status tf_lane_block_grow(tf_lanes *lanes, tf_lane_block *b)
{
    uint32_t room = b->room * 2; /* at first, what is known to be needed */
    if (room < b->lane->digests.n)
        room = (uint32_t)b->lane->digests.n;
    if (room >= TF_LANE_LEFT)
        room = TF_LANE_LEFT - 1;
    tf_lane_sum *sums = TF_ARRAY(&lanes->arena, tf_lane_sum, room);
    TF_NEED(sums);
    if (b->room)
        memcpy(sums, b->sums, b->room * sizeof *sums);
    b->sums = sums;
    b->room = room;
    return TARIFF_OK;
}

