/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/panes.h"

#include "value/hs.h"

tariff_status tf_panes_add_side(tf_panes *panes, const tf_evaluation *e, uint64_t layers,
                                unsigned digits, bool beside)
{
    tf_side *s = &panes->sides[panes->side_count++];
    s->digits = digits;
    s->beside = beside;
    return tf_lanes_init(&s->lanes, e, layers);
}

void tf_panes_free(tf_panes *panes)
{
    for (unsigned i = 0; i < panes->side_count; i++)
        tf_lanes_free(&panes->sides[i].lanes);
}

static tf_arena *arena_of(tf_panes *panes)
{
    return &panes->sides[0].lanes.arena;
}

tariff_status tf_panes_open(tf_panes *panes, uint16_t importer, uint32_t epoch, tf_pane **out)
{
    tf_window **w = &panes->windows[importer];
    size_t      epochs = panes->sides[0].lanes.e->law->epochs.n;
    if (!*w)
        *w = tf_arena_alloc(arena_of(panes), sizeof **w + epochs * sizeof (*w)->panes[0]);
    TF_NEED(*w);
    *out = &(*w)->panes[epoch];
    return TARIFF_OK;
}

/* Products */

static tariff_status find_place(tf_panes *panes, tf_pane *p, uint32_t product, tf_pane_blocks **out)
{
    tf_pane_blocks *none = NULL;
    while (p->pages.n <= product / TF_PAGE)
        if (!TF_PUSH(arena_of(panes), &p->pages, none))
            return TARIFF_E_NOMEM;
    tf_pane_blocks **page = &p->pages.at[product / TF_PAGE];
    if (!*page)
        *page = TF_ARRAY(arena_of(panes), tf_pane_blocks, TF_PAGE);
    TF_NEED(*page);
    *out = &(*page)[product % TF_PAGE];
    return TARIFF_OK;
}

/* Where the product was last, on each side. */
static tariff_status find_product(tf_panes *panes, tf_window *w, uint32_t product,
                                  tf_lane_product **out)
{
    tf_lane_product *none = NULL;
    while (w->pages.n <= product / TF_PAGE)
        if (!TF_PUSH(arena_of(panes), &w->pages, none))
            return TARIFF_E_NOMEM;
    tf_lane_product **page = &w->pages.at[product / TF_PAGE];
    if (!*page)
        *page = TF_ARRAY(arena_of(panes), tf_lane_product, TF_PAGE * panes->side_count);
    TF_NEED(*page);
    *out = &(*page)[product % TF_PAGE * panes->side_count];
    return TARIFF_OK;
}

tariff_status tf_panes_fill(tf_panes *panes, tf_pane *pane, uint32_t product, const tf_cell *cell,
                            uint32_t epoch, tf_pane_blocks *out)
{
    tariff_hs        code = { cell->hs };
    tf_pane_blocks  *place;
    tf_lane_product *last;
    TF_TRY(find_place(panes, pane, product, &place));
    TF_TRY(find_product(panes, panes->windows[cell->importer], product, &last));
    *out = (tf_pane_blocks){ { 0 } };
    for (unsigned i = 0; i < panes->side_count; i++) {
        tf_side       *s = &panes->sides[i];
        uint64_t       hs = s->digits ? tariff_hs_truncate(code, s->digits).key : 0;
        tf_lane       *lane;
        tf_lane_block *block;
        TF_TRY(tf_lanes_find(&s->lanes, cell, epoch, &last[i], &lane));
        TF_TRY(tf_lanes_block(&s->lanes, lane, cell, hs, &block));
        out->side[i] = block->number;
    }
    *place = *out;
    return TARIFF_OK;
}

/* Origins */

/* By what the lane knows the cell's origin. */
static tariff_status find_key(tf_panes *panes, unsigned side, tf_pane *pane, const tf_lane *lane,
                              const tf_cell *cell, uint32_t *key)
{
    *key = lane->one ? 0 : tf_country_rank(&lane->named, cell->origin);
    if (lane->one || lane->by_origin)
        return TARIFF_OK;
    uint16_t *treatment = &pane->origins[side][cell->origin];
    if (!*treatment) {
        TF_TRY(tf_program_origin(panes->sides[side].lanes.digests.programs, cell, key));
        *treatment = (uint16_t)(*key + 1);
    }
    *key = *treatment - 1u;
    return TARIFF_OK;
}

tariff_status tf_panes_meet(tf_panes *panes, unsigned side, tf_pane *pane, tf_lane_block *block,
                            const tf_cell *cell, unsigned *number)
{
    tf_lanes *lanes = &panes->sides[side].lanes;
    tf_lane  *lane = block->lane;
    uint32_t  key;
    TF_TRY(find_key(panes, side, pane, lane, cell, &key));
    if (key >= lane->room || lane->of[key] == TF_LANE_NOT_MET)
        TF_TRY(tf_lane_meet(lanes, lane, cell, key));
    *number = lane->of[key];
    return *number != TF_LANE_LEFT && *number > block->count ? tf_lane_block_grow(lanes, block)
                                                             : TARIFF_OK;
}
