/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What a fold is made of, for those who add rows to it and take its sums.
 */
#ifndef TF_RUN_FOLD_PARTS_H
#define TF_RUN_FOLD_PARTS_H

#include "run/fold.h"
#include "run/panes.h"

/* Of all values that a fold adds up: then no sum of theirs, whatever it is multiplied by, leaves
 * 128 bits. */
#define TF_FOLD_MOST (INT64_C(1) << 62)

/** What rows of a period are judged by. */
typedef struct tf_fold_judged {
    bool     given, by_period;
    int32_t  day;
    uint32_t epoch;
} tf_fold_judged;

/** What the rows of an origin bear in all: a line of the processor's cache. */
typedef struct tf_fold_origin_sums {
    alignas(TF_CACHE_LINE) tf_i128 affected;
    tf_i128 ordinary, additional;
    int64_t value; /**< Fits: see TF_FOLD_MOST. */
    bool    met;
} tf_fold_origin_sums;

/** The first row of a kind. */
typedef struct tf_fold_first_place {
    bool     any;
    uint64_t place;
} tf_fold_first_place;

/** Rows that follow one another and differ in their values alone: they end where the next begin. */
typedef struct tf_fold_stretch {
    uint64_t before; /**< All values before them, modulo 2^64. */
    size_t   begin;
} tf_fold_stretch;

/** Stretches of the same product, importer and period, up to the next run's. */
typedef struct tf_fold_run {
    size_t                first; /**< Of the stretches. */
    tf_pane              *pane;  /**< NULL: they have no day. */
    const tf_pane_blocks *known; /**< What it knows of the product. */
    tf_lane_block        *block[TF_SIDES];
} tf_fold_run;

/* Of a law whose ordinary and additional layers have nothing to do with each other there are few
 * ordinary burdens and few additional ones, and many more pairs: rows are added up for either kind
 * alone, on two sides; the first has the additional ones. */
struct tf_fold {
    const tf_evaluation *e;
    tf_panes             panes;
    int64_t              total; /**< Of values without their signs, or more. */
    tf_fold_first_place  coarse, unassessed;
    TF_VEC(tf_fold_judged) judged; /**< By number of a period. */
    tf_fold_origin_sums  origins[TF_COUNTRIES_MAX];
    tf_tally             tally; /**< Of all rows, in the end. */
    tf_fold_stretch      stretches[TF_BULK_ROWS + 1]; /**< Of the rows being read; not cleared. */
    tf_fold_run          runs[TF_BULK_ROWS + 1];
    uint32_t             apart[TF_BULK_ROWS]; /**< By row: not 0 if a run begins there; */
    uint32_t             differs[TF_BULK_ROWS]; /**< a stretch. */
};

#endif
