/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Where rows go: by importer a window, by epoch a pane of it, in which products
 * have their blocks and origins their treatments.
 */
#ifndef TF_RUN_PANES_H
#define TF_RUN_PANES_H

#include "run/lanes.h"

enum {
    TF_SIDES = 2,
    TF_PAGE = 512 /**< Products come in pages: few of many are met in an epoch, and what grows is
                       not copied. */
};

/** Where the rows of a product go, in an epoch: by side the number of its block; 0: not known. */
typedef struct tf_pane_blocks {
    uint32_t side[TF_SIDES];
} tf_pane_blocks;

/** Where rows go, for an importer in an epoch. */
typedef struct tf_pane {
    TF_VEC(tf_pane_blocks *) pages; /**< By number of product. */
    uint16_t origins[TF_SIDES][TF_COUNTRIES_MAX]; /**< Treatment + 1; 0: not known yet. */
} tf_pane;

/** Where rows go, for an importer. */
typedef struct tf_window {
    TF_VEC(tf_lane_product *) pages; /**< By number of product, and side. */
    tf_pane panes[];                 /**< By epoch. */
} tf_window;

/** Some layers of the law, and what rows have under them. */
typedef struct tf_side {
    tf_lanes lanes;
    unsigned digits; /**< Of products, in blocks; 0: all are one. */
    bool     beside; /**< Values and lines are counted on another side. */
} tf_side;

/** The sides of a law, and where rows go on all of them. */
typedef struct tf_panes {
    tf_side    sides[TF_SIDES];
    unsigned   side_count;
    tf_window *windows[TF_COUNTRIES_MAX]; /**< By importer; NULL: none. */
} tf_panes;

/** One side more, of a zeroed tf_panes at first.  @param layers  see tf_lanes_init(). */
tariff_status tf_panes_add_side(tf_panes *panes, const tf_evaluation *e, uint64_t layers,
                                unsigned digits, bool beside);
void          tf_panes_free(tf_panes *panes);

/** The pane of an importer in an epoch. */
tariff_status tf_panes_open(tf_panes *panes, uint16_t importer, uint32_t epoch, tf_pane **out);

/** The blocks of a product that the pane does not know; it does then. */
tariff_status tf_panes_fill(tf_panes *panes, tf_pane *pane, uint32_t product, const tf_cell *cell,
                            uint32_t epoch, tf_pane_blocks *out);

/** The number of an origin's digest on a side, + 1, or TF_LANE_LEFT; room for its sum is in the
 * block, which is that of the cell's origin. */
tariff_status tf_panes_meet(tf_panes *panes, unsigned side, tf_pane *pane, tf_lane_block *block,
                            const tf_cell *cell, unsigned *number);

/** What the pane knows of a product; zeros if nothing. */
static inline const tf_pane_blocks *tf_pane_product(const tf_pane *pane, uint32_t product)
{
    static const tf_pane_blocks none;
    size_t                      number = product / TF_PAGE;
    return number < pane->pages.n && pane->pages.at[number]
               ? &pane->pages.at[number][product % TF_PAGE]
               : &none;
}

/** The same as tf_panes_meet(), if it is known; else TF_LANE_NOT_MET. */
static inline unsigned tf_pane_number(const tf_pane *pane, unsigned side, const tf_lane *lane,
                                      uint16_t origin)
{
    uint32_t key = lane->one         ? 0
                   : lane->by_origin ? tf_country_rank(&lane->named, origin)
                                     : pane->origins[side][origin] - 1u;
    return key < lane->room ? lane->of[key] : TF_LANE_NOT_MET;
}

#endif
