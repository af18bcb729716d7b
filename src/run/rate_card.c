/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/rate_card.h"

enum { FULL = 48 * 1024 * 1024, LINE = 512 /* bytes of a line, about */ };

tariff_status tf_rate_card_open(tf_rate_card *card, tf_rater *rater, tariff_env *env)
{
    card->rater = rater;
    card->asked = (tf_evaluation){ .env = env, .law = rater->with.law };
    return tf_panes_add_side(&card->panes, &card->asked, TF_ALL_LAYERS, 0, false);
}

void tf_rate_card_close(tf_rate_card *card)
{
    tf_panes_free(&card->panes);
    memset(card, 0, sizeof *card);
}

bool tf_rate_card_is_full(const tf_rate_card *card)
{
    return card->bytes + card->panes.sides[0].lanes.list.n * LINE > FULL;
}

/* A number's place in a list that grows as numbers are met. */
static const tf_rating **rating_at(tf_arena *arena, tf_rate_line *list, size_t number)
{
    const tf_rating *none = NULL;
    while (list->ratings.n <= number)
        if (!TF_PUSH(arena, &list->ratings, none))
            return NULL;
    return &list->ratings.at[number];
}

/* The rating of a cell's program.  @param digest  what it charges */
static tariff_status rate_program(tf_rate_card *card, const tf_cell *cell, const tf_digest *digest,
                                  const tf_rating **out)
{
    tf_lanes         *lanes = &card->panes.sides[0].lanes;
    const tf_program *program;
    const tf_rating  *rating;
    TF_TRY(tf_program_find(lanes->digests.programs, cell, &program));
    const tf_rating **kept = rating_at(&lanes->arena, &card->programs, program->number);
    TF_NEED(kept);
    if (!*kept) {
        TF_TRY(tf_rate_program(card->rater, program, digest->burden, &rating));
        *kept = tf_rating_keep(&lanes->arena, rating);
        TF_NEED(*kept);
    }
    *out = *kept;
    return TARIFF_OK;
}

/* The block of the place's rows, which stands for their line. */
static tariff_status find_block(tf_rate_card *card, const tf_rate_place *place,
                                const tf_cell *cell, tf_pane **pane, tf_lane_block **out)
{
    tf_rate_line none = { .ratings = { .at = NULL } };
    TF_TRY(tf_panes_open(&card->panes, place->importer, place->epoch, pane));
    tf_pane_blocks at = *tf_pane_product(*pane, place->product);
    if (!at.side[0]) {
        size_t page = place->product / TF_PAGE;
        if (page >= (*pane)->pages.n || !(*pane)->pages.at[page])
            card->bytes += TF_PAGE * (sizeof(tf_pane_blocks) + sizeof(tf_lane_product));
        TF_TRY(tf_panes_fill(&card->panes, *pane, place->product, cell, place->epoch, &at));
    }
    while (card->lines.n < card->panes.sides[0].lanes.list.n)
        if (!TF_PUSH(&card->panes.sides[0].lanes.arena, &card->lines, none))
            return TARIFF_E_NOMEM;
    *out = tf_block_of(tf_lanes_block_at(&card->panes.sides[0].lanes, at.side[0]), place->origin);
    return TARIFF_OK;
}

tariff_status tf_rate_card_fill(tf_rate_card *card, const tf_rate_place *place,
                                const tf_rating **out)
{
    tf_cell        cell = { place->hs, place->origin, place->importer, place->day };
    tf_pane       *pane;
    tf_lane_block *block;
    unsigned       number;
    *out = NULL;
    TF_TRY(find_block(card, place, &cell, &pane, &block));
    TF_TRY(tf_panes_meet(&card->panes, 0, pane, block, &cell, &number));
    if (number == TF_LANE_LEFT)
        return TARIFF_OK;
    const tf_rating **at = rating_at(&card->panes.sides[0].lanes.arena,
                                     &card->lines.at[block->lane->number], number - 1);
    TF_NEED(at);
    if (!*at)
        TF_TRY(rate_program(card, &cell, block->lane->digests.at[number - 1], at));
    *out = *at;
    return TARIFF_OK;
}
