/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Flows gathered by what decides their duty: product, origin, importer and
 * days.  A file of any length has only so many cells.
 */
#ifndef TF_RUN_CELLS_H
#define TF_RUN_CELLS_H

#include "assess/burden.h"
#include "value/wide.h"

/** One program of a cell, and its share of the cell's days. */
typedef struct tf_regime_share {
    const tf_program *program;
    int32_t           day;
    int64_t           weight; /**< 1e-18. */
} tf_regime_share;

typedef struct tf_cell_sum {
    uint64_t    hs;
    uint16_t    origin, importer;
    tariff_span days;
    uint32_t    regime, regime_count; /**< Into the regimes of the cells. */
    bool        outside;     /**< Filtered out by `where`. */
    bool        by_quantity; /**< Its rows are assessed one by one. */
    bool        coarse;
    tf_i128     value; /**< 1e-4, of the rows that are assessed together. */
    uint64_t    lines;
} tf_cell_sum;

typedef struct tf_cells {
    tf_arena *arena;
    TF_VEC(tf_cell_sum) list;
    TF_VEC(tf_regime_share) regimes;
    uint32_t *slots;
    size_t    slot_count;
} tf_cells;

/** The cell of these; *made tells whether it is new, with no programs yet. */
tariff_status tf_cells_find(tf_cells *cells, uint64_t hs, uint16_t origin, uint16_t importer,
                            tariff_span days, tf_cell_sum **out, bool *made);

/** Find the programs of a new cell: one per epoch that its days meet. */
tariff_status tf_cell_programs(tf_cells *cells, const tariff_law *law, tf_programs *programs,
                               tf_cell_sum *cell);

/** The number of the i-th cell's first program; 0 for a cell without one. */
static inline uint32_t tf_cell_program_number(const tf_cells *cells, size_t i)
{
    const tf_cell_sum *cell = &cells->list.at[i];
    return cell->regime_count ? cells->regimes.at[cell->regime].program->number : 0;
}

/** Room for the cases of one cell. */
typedef struct tf_cell_cases {
    TF_VEC(tf_case) cases;
    TF_VEC(tf_line) lines;
} tf_cell_cases;

/** What is known of the rows of a cell, from the share tables. */
tariff_status tf_cell_look_up(const tf_cells *cells, const tariff_law *law,
                              const tf_cell_sum *cell, tf_cell_cases *out);

#endif
