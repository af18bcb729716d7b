/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/lanes.h"

#include "base/mix.h"

enum { FIRST_ROOM = 4 };

tariff_status tf_lanes_init(tf_lanes *lanes, const tf_evaluation *e, uint64_t layers)
{
    memset(lanes, 0, sizeof *lanes);
    lanes->e = e;
    tf_arena_init(&lanes->arena, &e->env->allocator);
    return tf_digests_init(&lanes->digests, e, layers, &lanes->arena);
}

void tf_lanes_free(tf_lanes *lanes)
{
    tf_digests_free(&lanes->digests);
    tf_arena_free(&lanes->arena);
}

/* Origins in lanes */

static tariff_status widen(tf_lanes *lanes, tf_lane *l, uint32_t key)
{
    uint32_t room = l->by_origin ? tf_country_rank(&l->named, TF_COUNTRIES_MAX - 1) + 1u
                    : l->room    ? l->room
                                 : FIRST_ROOM;
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

static tariff_status put_digest(tf_lanes *lanes, tf_lane *l, uint32_t key, const tf_digest *d)
{
    size_t at = 0;
    if (key >= l->room)
        TF_TRY(widen(lanes, l, key));
    while (at < l->digests.n && l->digests.at[at] != d)
        at++;
    if (d->left || at + 1 == TF_LANE_LEFT) {
        l->of[key] = TF_LANE_LEFT;
        return TARIFF_OK;
    }
    if (at == l->digests.n && !TF_PUSH(&lanes->arena, &l->digests, d))
        return TARIFF_E_NOMEM;
    l->of[key] = (uint8_t)(at + 1);
    return TARIFF_OK;
}

tariff_status tf_lane_meet(tf_lanes *lanes, tf_lane *l, const tf_cell *cell, uint32_t key)
{
    tf_digest *d;
    TF_TRY(tf_digest_find(&lanes->digests, cell, l->finer ? NULL : &l->treatment, &d));
    return put_digest(lanes, l, key, d);
}

/* Lanes */

static tf_lane **lane_at(const tf_lanes *lanes, uint32_t treatment, uint32_t epoch, uint64_t hs)
{
    size_t at = tf_mix((uint64_t)epoch << 32 | treatment, hs) & (lanes->slot_count - 1);
    for (; lanes->slots[at]; at = (at + 1) & (lanes->slot_count - 1)) {
        const tf_lane *l = lanes->slots[at];
        if (l->treatment == treatment && l->epoch == epoch && l->hs == hs)
            break;
    }
    return &lanes->slots[at];
}

static tariff_status grow_lanes(tf_lanes *lanes)
{
    if (lanes->list.n * 2 < lanes->slot_count)
        return TARIFF_OK;
    lanes->slot_count = lanes->slot_count ? lanes->slot_count * 2 : 256;
    lanes->slots = TF_ARRAY(&lanes->arena, tf_lane *, lanes->slot_count);
    TF_NEED(lanes->slots);
    for (size_t i = 0; i < lanes->list.n; i++) {
        tf_lane *l = lanes->list.at[i];
        *lane_at(lanes, l->treatment, l->epoch, l->hs) = l;
    }
    return TARIFF_OK;
}

/* @param like  a lane of the same treatment, importer, and kind */
static tariff_status find_lane(tf_lanes *lanes, uint32_t epoch, const tf_lane *like, tf_lane **out)
{
    TF_TRY(grow_lanes(lanes));
    tf_lane **slot = lane_at(lanes, like->treatment, epoch, like->hs);
    *out = *slot;
    if (*out)
        return TARIFF_OK;
    tf_lane *fresh = TF_NEW(&lanes->arena, tf_lane);
    TF_NEED(fresh);
    *fresh = (tf_lane){ .hs = like->hs,
                        .number = (uint32_t)lanes->list.n,
                        .treatment = like->treatment,
                        .epoch = epoch,
                        .importer = like->importer,
                        .finer = like->finer,
                        .by_origin = like->by_origin,
                        .one = like->one,
                        .named = like->named };
    if (!TF_PUSH(&lanes->arena, &lanes->list, fresh))
        return TARIFF_E_NOMEM;
    *out = *slot = fresh;
    return like->rest ? find_lane(lanes, epoch, like->rest, &fresh->rest) : TARIFF_OK;
}

/* The only product of its lane, if a finer code may be in force: any origin may be apart. */
static tf_lane alone(const tf_cell *cell, uint32_t treatment)
{
    tf_lane l = { .hs = cell->hs,
                  .treatment = treatment,
                  .importer = cell->importer,
                  .finer = true,
                  .by_origin = true };
    tf_country_bits any;
    memset(&any, 0xff, sizeof any);
    tf_country_ranks_init(&l.named, &any);
    return l;
}

static tariff_status look_for_lane(tf_lanes *lanes, const tf_cell *cell, uint32_t epoch,
                                   tf_program_look *look, tf_lane **out)
{
    tf_programs *programs = lanes->digests.programs;
    TF_TRY(tf_program_look_at(programs, cell, look));
    bool    apart = look->tells_origins_apart;
    tf_lane rest = { .treatment = look->rest, .importer = cell->importer, .one = look->one };
    tf_lane like = { .treatment = look->treatment,
                     .importer = cell->importer,
                     .by_origin = apart,
                     .one = look->one && !apart,
                     .rest = apart ? &rest : NULL /* products that name none are there, too */ };
    tf_country_ranks_init(&like.named, &look->named);
    if (look->finer)
        like = alone(cell, look->treatment);
    else
        epoch = tf_program_backdrop(programs, epoch);
    return find_lane(lanes, epoch, &like, out);
}

/* Where the products of a lane are before another backdrop. */
static tariff_status lane_then(tf_lanes *lanes, tf_lane *l, uint32_t backdrop, tf_lane **out)
{
    *out = l->epoch == backdrop ? l : l->then;
    if (*out && (*out)->epoch == backdrop)
        return TARIFF_OK;
    TF_TRY(find_lane(lanes, backdrop, l, &l->then));
    *out = l->then;
    return TARIFF_OK;
}

tariff_status tf_lanes_find(tf_lanes *lanes, const tf_cell *cell, uint32_t epoch,
                            tf_lane_product *last, tf_lane **out)
{
    tf_program_look look;
    if (last->lane && tf_span_holds(last->valid, cell->day))
        return lane_then(lanes, last->lane,
                         tf_program_backdrop(lanes->digests.programs, epoch), out);
    last->lane = NULL;
    TF_TRY(look_for_lane(lanes, cell, epoch, &look, out));
    if (!look.finer)
        *last = (tf_lane_product){ *out, look.valid };
    return TARIFF_OK;
}

/* Blocks */

static uint32_t *block_at(const tf_lanes *lanes, uint64_t hs, const tf_lane *l)
{
    size_t at = tf_mix(l->number, hs) & (lanes->block_slot_count - 1);
    for (; lanes->block_slots[at]; at = (at + 1) & (lanes->block_slot_count - 1)) {
        const tf_lane_block *b = tf_lanes_block_at(lanes, lanes->block_slots[at]);
        if (b->hs == hs && b->lane == l)
            break;
    }
    return &lanes->block_slots[at];
}

static tariff_status grow_blocks(tf_lanes *lanes)
{
    uint32_t *old = lanes->block_slots;
    size_t    count = lanes->block_slot_count;
    if (lanes->further_count * 2 < count)
        return TARIFF_OK;
    lanes->block_slot_count = count ? count * 2 : 256;
    lanes->block_slots = TF_ARRAY(&lanes->arena, uint32_t, lanes->block_slot_count);
    TF_NEED(lanes->block_slots);
    for (size_t i = 0; i < count; i++)
        if (old[i]) {
            const tf_lane_block *b = tf_lanes_block_at(lanes, old[i]);
            *block_at(lanes, b->hs, b->lane) = old[i];
        }
    return TARIFF_OK;
}

static tariff_status add_page(tf_lanes *lanes)
{
    size_t size = TF_LANE_BLOCKS * sizeof(tf_lane_block);
    char  *page = tf_arena_alloc(&lanes->arena, size + TF_CACHE_LINE);
    TF_NEED(page);
    page += -(uintptr_t)page % TF_CACHE_LINE;
    return TF_PUSH(&lanes->arena, &lanes->blocks, (tf_lane_block *)(void *)page)
               ? TARIFF_OK
               : TARIFF_E_NOMEM;
}

static tariff_status add_block(tf_lanes *lanes, tf_lane *l, uint64_t hs, tf_lane_block **out)
{
    uint32_t number = lanes->block_count + 1;
    if (number >= lanes->blocks.n * TF_LANE_BLOCKS)
        TF_TRY(add_page(lanes));
    lanes->block_count = number;
    l->blocks++;
    *out = tf_lanes_block_at(lanes, number);
    **out = (tf_lane_block){ .number = number, .lane = l, .hs = hs };
    return TARIFF_OK;
}

/* One of a lane that has others. */
static tariff_status find_further(tf_lanes *lanes, tf_lane *l, uint64_t hs, tf_lane_block **out)
{
    TF_TRY(grow_blocks(lanes));
    uint32_t *slot = block_at(lanes, hs, l);
    if (*slot) {
        *out = tf_lanes_block_at(lanes, *slot);
        return TARIFF_OK;
    }
    TF_TRY(add_block(lanes, l, hs, out));
    *slot = (*out)->number;
    lanes->further_count++;
    return TARIFF_OK;
}

static tariff_status find_block(tf_lanes *lanes, tf_lane *l, uint64_t hs, tf_lane_block **out)
{
    *out = l->last;
    if (*out && (*out)->hs == hs)
        return TARIFF_OK;
    *out = l->first;
    if (!l->first) {
        TF_TRY(add_block(lanes, l, hs, out));
        l->first = *out;
    } else if (l->first->hs != hs) {
        TF_TRY(find_further(lanes, l, hs, out));
    }
    l->last = *out;
    return TARIFF_OK;
}

/* Of lanes whose rows all have one burden, those with the same one are one, in whatever epoch.  They
 * have met it from the first: others' rows, that come to them, are not theirs to look at. */
static tariff_status find_home(tf_lanes *lanes, tf_lane *l, const tf_cell *cell, tf_lane **out)
{
    if (l->one && !l->home) {
        tf_digest *d;
        TF_TRY(tf_digest_find(&lanes->digests, cell, &l->treatment, &d));
        TF_TRY(put_digest(lanes, l, 0, d));
        if (!d->left && !d->home)
            d->home = l;
        l->home = d->left || d->home->importer != l->importer ? l : d->home;
    }
    *out = l->one ? l->home : l;
    return TARIFF_OK;
}

tariff_status tf_lanes_block(tf_lanes *lanes, tf_lane *l, const tf_cell *cell, uint64_t hs,
                             tf_lane_block **out)
{
    tf_lane       *home;
    tf_lane_block *rest = NULL;
    if (l->rest)
        TF_TRY(tf_lanes_block(lanes, l->rest, cell, hs, &rest));
    TF_TRY(find_home(lanes, l, cell, &home));
    TF_TRY(find_block(lanes, home, hs, out));
    (*out)->rest = rest;
    return TARIFF_OK;
}

static tariff_status widen_block(tf_lanes *lanes, tf_lane_block *b)
{
    size_t known = b->lane->digests.n, room = b->room * 2u; /* at first, what is known */
    room = room < known ? known : room < TF_LANE_LEFT ? room : TF_LANE_LEFT - 1;
    tf_lane_sum *sums = room > 1 ? TF_ARRAY(&lanes->arena, tf_lane_sum, room) : &b->own;
    TF_NEED(sums);
    if (b->count)
        memcpy(sums, b->sums, b->count * sizeof *sums);
    b->sums = sums;
    b->room = (uint8_t)room;
    return TARIFF_OK;
}

tariff_status tf_lane_block_grow(tf_lanes *lanes, tf_lane_block *b)
{
    if (b->room < b->lane->digests.n)
        TF_TRY(widen_block(lanes, b));
    for (; b->count < b->lane->digests.n; b->count++)
        b->sums[b->count].digest = b->lane->digests.at[b->count];
    b->single = b->lane->one;
    return TARIFF_OK;
}
