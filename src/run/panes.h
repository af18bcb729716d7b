/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Where rows go: by importer a window, by epoch a pane of it, in which products
 * have their blocks and origins their treatments.
 */
#ifndef TF_RUN_PANES_H
#define TF_RUN_PANES_H

#include "run/lanes.h"

/* Products come in pages: few of many are met in an epoch, and what grows is not copied. */
enum { TF_PAGE = 512 };

/** Where rows go, for an importer in an epoch. */
typedef struct tf_pane {
    TF_VEC(tf_lane_block **) pages; /**< By number of product; NULL: not known yet. */
    uint16_t origins[TF_COUNTRIES_MAX]; /**< Treatment + 1; 0: not known yet. */
} tf_pane;

/** Where rows go, for an importer. */
typedef struct tf_window {
    TF_VEC(tf_lane_product *) pages; /**< By number of product. */
    tf_pane panes[];                 /**< By epoch. */
} tf_window;

/** Some layers of the law, and where rows go for them. */
typedef struct tf_side {
    tf_lanes   lanes;
    unsigned   digits; /**< Of products, in blocks; 0: all are one. */
    bool       beside; /**< Values and lines are counted on another side. */
    tf_window *windows[TF_COUNTRIES_MAX]; /**< By importer; NULL: none. */
} tf_side;

/** The window and pane of an importer in an epoch. */
tariff_status tf_side_open(tf_side *side, uint16_t importer, uint32_t epoch, tf_window **window,
                           tf_pane **pane);

/** The block of a product that the pane does not know; it does then. */
tariff_status tf_side_fill(tf_side *side, tf_window *window, tf_pane *pane, uint32_t product,
                           const tf_cell *cell, uint32_t epoch, tf_lane_block **out);

/** The number of an origin's digest in a lane, + 1, or TF_LANE_LEFT; room for its sum is in the
 * block. */
tariff_status tf_side_meet(tf_side *side, tf_pane *pane, tf_lane_block *block,
                           const tf_cell *cell, unsigned *number);

/** The block that the pane knows of a product. */
static inline tf_lane_block *tf_pane_block(const tf_pane *pane, uint32_t product)
{
    size_t number = product / TF_PAGE;
    return number < pane->pages.n && pane->pages.at[number]
               ? pane->pages.at[number][product % TF_PAGE]
               : NULL;
}

/** Have the place in which a pane keeps the block of a product on its way to the processor. */
static inline void tf_pane_expect(const tf_pane *pane, uint32_t product)
{
    size_t number = product / TF_PAGE;
    if (number < pane->pages.n && pane->pages.at[number])
        __builtin_prefetch(&pane->pages.at[number][product % TF_PAGE]);
}

/** The same as tf_side_meet(), if it is known; else TF_LANE_NOT_MET. */
static inline unsigned tf_pane_number(const tf_pane *pane, const tf_lane *lane, uint16_t origin)
{
    uint32_t key = lane->one ? 0 : lane->by_origin ? origin : pane->origins[origin] - 1u;
    return key < lane->room ? lane->of[key] : TF_LANE_NOT_MET;
}

#endif
