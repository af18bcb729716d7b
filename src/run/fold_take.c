/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/fold_parts.h"

static void take_reach(const tf_lanes *lanes, tf_reach *reach)
{
    tf_reach_add(reach, tf_programs_changes(lanes->digests.programs));
    for (size_t i = 0; lanes->digests.added && i < reach->added_count; i++)
        reach->added[i] = reach->added[i] || lanes->digests.added[i];
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
