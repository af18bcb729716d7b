/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The ratings of a law as a carrier's rate card has them: by importer, epoch,
 * product and origin.  It fills as rows ask, and products that the law treats
 * alike share a line of it; of rows with quantities, and of those on which share
 * tables may speak, it says nothing.
 */
#ifndef TF_RUN_RATE_CARD_H
#define TF_RUN_RATE_CARD_H

#include "run/panes.h"
#include "run/rating.h"

/** Ratings by number: of a line, of its lane's digests; NULL: not known yet. */
typedef struct tf_rate_line {
    TF_VEC(const tf_rating *) ratings;
} tf_rate_line;

typedef struct tf_rate_card {
    tf_rater     *rater;
    tf_evaluation asked;
    tf_panes      panes; /**< Of one side. */
    TF_VEC(tf_rate_line) lines;        /**< By number of a lane. */
    tf_rate_line  programs;            /**< By number of a program. */
    size_t        bytes; /**< Of pages, about. */
} tf_rate_card;

/** Where a row's rating stands. */
typedef struct tf_rate_place {
    uint32_t product; /**< Its number: the caller's. */
    uint64_t hs;
    uint16_t origin, importer;
    int32_t  day;
    uint32_t epoch; /**< Of that day. */
} tf_rate_place;

/** `card` is zeroed, and `rater` outlives it. */
tariff_status tf_rate_card_open(tf_rate_card *card, tf_rater *rater, tariff_env *env);
/** Of one that was zeroed, too. */
void          tf_rate_card_close(tf_rate_card *card);
/** Does it hold so much that it had better be forgotten? */
bool          tf_rate_card_is_full(const tf_rate_card *card);

/** Fill in a place, and read it: *out is NULL if the rows there are to be rated one by one. */
tariff_status tf_rate_card_fill(tf_rate_card *card, const tf_rate_place *place,
                                const tf_rating **out);

/** What stands at a place; NULL: nothing yet, or never. */
static inline const tf_rating *tf_rate_card_at(const tf_rate_card *card,
                                               const tf_rate_place *place)
{
    const tf_window *window = card->panes.windows[place->importer];
    if (!window)
        return NULL;
    const tf_pane *pane = &window->panes[place->epoch];
    uint32_t       block = tf_pane_product(pane, place->product)->side[0];
    if (!block)
        return NULL;
    const tf_lanes     *lanes = &card->panes.sides[0].lanes;
    const tf_lane      *lane = tf_block_of(tf_lanes_block_at(lanes, block), place->origin)->lane;
    unsigned            number = tf_pane_number(pane, 0, lane, place->origin);
    const tf_rate_line *line = &card->lines.at[lane->number];
    return number == TF_LANE_NOT_MET || number > line->ratings.n ? NULL
                                                                 : line->ratings.at[number - 1];
}

#endif
