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
