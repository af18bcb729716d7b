/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/fold_parts.h"

/* Of a lane's only block all is made, of others products, and of their totals the rest. */
static tariff_status sum_block(const tf_side *of, const tf_lane_block *b, tf_tally *tally)
{
    tf_lane *l = b->lane;
    for (uint32_t i = 0; i < b->count; i++) {
        const tf_lane_sum *s = &b->sums[i];
        tf_batch           batch = { b->hs, 0, l->importer, s->value, s->lines, of->beside };
        if (s->lines == 0)
            continue;
        TF_TRY(tf_tally_add_part(tally, &batch, s->digest->burden,
                                 l->totals ? TF_TALLY_PRODUCTS : TF_TALLY_BOTH));
        if (!l->totals)
            continue;
        l->totals[i].value += s->value; /* fits: see TF_FOLD_MOST */
        l->totals[i].lines += s->lines;
    }
    return TARIFF_OK;
}

static tariff_status sum_lane(const tf_side *of, const tf_lane *l, tf_tally *tally)
{
    for (size_t i = 0; l->totals && i < l->digests.n; i++) {
        const tf_lane_sum *s = &l->totals[i];
        tf_batch           batch = { 0, 0, l->importer, s->value, s->lines, of->beside };
        const tf_digest   *d = l->digests.at[i];
        if (batch.lines)
            TF_TRY(tf_tally_add_part(tally, &batch, d->burden, TF_TALLY_REST));
    }
    return TARIFF_OK;
}

static tariff_status sum_side(tf_side *s, tf_tally *tally)
{
    for (size_t i = 0; i < s->lanes.list.n; i++) {
        tf_lane *l = s->lanes.list.at[i];
        if (l->blocks < 2)
            continue;
        l->totals = TF_ARRAY(&s->lanes.arena, tf_lane_sum, l->digests.n + 1);
        TF_NEED(l->totals);
    }
    for (uint32_t i = 1; i <= s->lanes.block_count; i++)
        TF_TRY(sum_block(s, tf_lanes_block_at(&s->lanes, i), tally));
    for (size_t i = 0; i < s->lanes.list.n; i++)
        TF_TRY(sum_lane(s, s->lanes.list.at[i], tally));
    return TARIFF_OK;
}

static void take_reach(const tf_lanes *lanes, tf_reach *reach)
{
    tf_reach_add(reach, tf_programs_changes(lanes->digests.programs));
    for (size_t i = 0; lanes->digests.added && i < reach->added_count; i++)
        reach->added[i] = reach->added[i] || lanes->digests.added[i];
}

static tariff_status sum_origins(const tf_fold *fold, tf_tally *tally)
{
    if (fold->e->reports->wanted[TF_REPORT_ORIGINS])
        for (uint16_t origin = 0; origin < TF_COUNTRIES_MAX; origin++)
            if (fold->origins[origin].met) {
                const tf_fold_origin_sums *own = &fold->origins[origin];
                tf_sums sums = { own->value, own->affected, own->ordinary, own->additional };
                TF_TRY(tf_tally_add_origin(tally, origin, &sums));
            }
    return TARIFF_OK;
}

tariff_status tf_fold_sum(tf_fold *fold)
{
    for (unsigned i = 0; i < fold->panes.side_count; i++)
        TF_TRY(sum_side(&fold->panes.sides[i], &fold->tally));
    return sum_origins(fold, &fold->tally);
}

static void take_days(const tf_fold *fold, tf_folded *to)
{
    for (size_t i = 0; i < fold->judged.n; i++) {
        int32_t day = fold->judged.at[i].day;
        if (!fold->judged.at[i].given || !fold->judged.at[i].by_period)
            continue;
        to->first_day = !to->any_day || day < to->first_day ? day : to->first_day;
        to->last_day = !to->any_day || day > to->last_day ? day : to->last_day;
        to->any_day = true;
    }
}

static void tell_first(const tf_dataset *dataset, const tf_input *input,
                       const tf_fold_first_place *first, bool *any, tf_row_at *row)
{
    tf_row_at at = { (uint32_t)dataset->inputs.n,
                     input->block_lines[first->place >> 32] + (uint32_t)first->place };
    if (first->any)
        tf_note_row(any, row, at);
}

tariff_status tf_fold_take(tf_fold *fold, const tf_dataset *dataset, const tf_input *input,
                           tf_folded *to)
{
    for (unsigned i = 0; fold->e->reach && i < fold->panes.side_count; i++)
        take_reach(&fold->panes.sides[i].lanes, fold->e->reach);
    TF_TRY(tf_tally_merge(&to->tally, &fold->tally));
    take_days(fold, to);
    tell_first(dataset, input, &fold->coarse, &to->found.coarse, &to->found.first_coarse);
    tell_first(dataset, input, &fold->unassessed, &to->found.unassessed,
               &to->found.first_unassessed);
    return TARIFF_OK;
}
