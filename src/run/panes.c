/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/panes.h"

#include "value/hs.h"

tariff_status tf_side_open(tf_side *side, uint16_t importer, uint32_t epoch, tf_window **window,
                           tf_pane **pane)
{
    tf_window **w = &side->windows[importer];
    size_t      epochs = side->lanes.e->law->epochs.n;
    if (!*w)
        *w = tf_arena_alloc(&side->lanes.arena, sizeof **w + epochs * sizeof (*w)->panes[0]);
    TF_NEED(*w);
    *window = *w;
    *pane = &(*w)->panes[epoch];
    return TARIFF_OK;
}

static tariff_status keep_block(tf_arena *arena, tf_pane *p, uint32_t product,
                                tf_lane_block *block)
{
    tf_lane_block **none = NULL;
    while (p->pages.n <= product / TF_PAGE)
        if (!TF_PUSH(arena, &p->pages, none))
            return TARIFF_E_NOMEM;
    tf_lane_block ***page = &p->pages.at[product / TF_PAGE];
    if (!*page)
        *page = TF_ARRAY(arena, tf_lane_block *, TF_PAGE);
    TF_NEED(*page);
    (*page)[product % TF_PAGE] = block;
    return TARIFF_OK;
}

/* Where the product was last. */
static tariff_status find_product(tf_arena *arena, tf_window *w, uint32_t product,
                                  tf_lane_product **out)
{
    tf_lane_product *none = NULL;
    while (w->pages.n <= product / TF_PAGE)
        if (!TF_PUSH(arena, &w->pages, none))
            return TARIFF_E_NOMEM;
    tf_lane_product **page = &w->pages.at[product / TF_PAGE];
    if (!*page)
        *page = TF_ARRAY(arena, tf_lane_product, TF_PAGE);
    TF_NEED(*page);
    *out = &(*page)[product % TF_PAGE];
    return TARIFF_OK;
}

tariff_status tf_side_fill(tf_side *side, tf_window *window, tf_pane *pane, uint32_t product,
                           const tf_cell *cell, uint32_t epoch, tf_lane_block **out)
{
    tf_lanes        *lanes = &side->lanes;
    tariff_hs        code = { cell->hs };
    uint64_t         hs = side->digits ? tariff_hs_truncate(code, side->digits).key : 0;
    tf_lane_product *last;
    tf_lane         *lane;
    TF_TRY(find_product(&lanes->arena, window, product, &last));
    TF_TRY(tf_lanes_find(lanes, cell, epoch, last, &lane));
    TF_TRY(tf_lanes_block(lanes, lane, cell, hs, out));
    return keep_block(&lanes->arena, pane, product, *out);
}

/* By what the lane knows the cell's origin. */
static tariff_status find_key(tf_side *side, tf_pane *pane, const tf_lane *lane,
                              const tf_cell *cell, uint32_t *key)
{
    *key = lane->one ? 0 : cell->origin;
    if (lane->one || lane->by_origin)
        return TARIFF_OK;
    uint16_t *treatment = &pane->origins[cell->origin];
    if (!*treatment) {
        TF_TRY(tf_program_origin(side->lanes.digests.programs, cell, key));
        *treatment = (uint16_t)(*key + 1);
    }
    *key = *treatment - 1u;
    return TARIFF_OK;
}

tariff_status tf_side_meet(tf_side *side, tf_pane *pane, tf_lane_block *block,
                           const tf_cell *cell, unsigned *number)
{
    tf_lane *lane = block->lane;
    uint32_t key;
    TF_TRY(find_key(side, pane, lane, cell, &key));
    if (key >= lane->room || lane->of[key] == TF_LANE_NOT_MET)
        TF_TRY(tf_lane_meet(&side->lanes, lane, cell, key));
    *number = lane->of[key];
    return *number != TF_LANE_LEFT && *number > block->room
               ? tf_lane_block_grow(&side->lanes, block)
               : TARIFF_OK;
}
