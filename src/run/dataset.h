/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Flows in memory, gathered by what decides their duty: product, origin,
 * importer and period.  A file of any length has only so many cells.  Read
 * once, a dataset serves any number of laws and threads.
 */
#ifndef TF_RUN_DATASET_H
#define TF_RUN_DATASET_H

#include "base/names.h"
#include "flows/flows.h"
#include "value/wide.h"

/** A row, for messages long after it was read. */
typedef struct tf_row_at {
    uint32_t file; /**< Number of the input. */
    uint32_t line;
} tf_row_at;

/** What flows are judged by, beside their origin. */
typedef struct tf_data_where {
    uint64_t    hs;
    tariff_span period;
    uint16_t    importer;
    bool        has_period;
} tf_data_where;

/** All rows from one origin, of which nothing else is known. */
typedef struct tf_data_cell {
    int64_t   value; /**< 1e-4; where a sum would not fit, there is another cell. */
    tf_row_at row;   /**< The first of them. */
    uint32_t  lines;
    uint16_t  origin;
} tf_data_cell;

/** Cells that differ in the origin alone. */
typedef struct tf_data_group {
    tf_data_where where;
    size_t        first, count; /**< Of the dataset's cells. */
} tf_data_group;

#define TF_NOTHING_KNOWN UINT32_MAX

/** A row with a quantity, or with claims or parts of its own. */
typedef struct tf_data_row {
    tf_data_where where;
    tf_data_cell  cell; /**< Its own value, one line. */
    int64_t       quantity;
    tariff_unit   unit;
    uint32_t      known; /**< Number of what is known, or TF_NOTHING_KNOWN. */
} tf_data_row;

/** What is known of some rows: equal texts are one. */
typedef struct tf_data_known {
    const char *claims, *parts; /**< As written. */
    tf_row_at   first;
} tf_data_known;

/** Flows that were read: a file, or rows of the caller's. */
typedef struct tf_input {
    const char    *path;   /**< Or what the caller calls them. */
    bool           pulled; /**< They are the caller's: places are numbers of rows, from 0. */
    uint64_t       rows;
    tf_i128        value; /**< 1e-4. */
    tf_fingerprint print;
    int            columns[TF_FLOW_COLUMNS]; /**< Where our columns are in it; -1: nowhere. */
    const uint32_t *block_lines; /**< By block: its first line; NULL: places are lines. */
} tf_input;

typedef struct tf_dataset {
    tariff_env *env;
    tf_arena    arena;
    TF_VEC(tf_input) inputs;
    TF_VEC(tf_data_group) groups; /**< By product. */
    TF_VEC(tf_data_cell) cells;
    TF_VEC(tf_data_row) rows;
    TF_VEC(tf_data_known) known;
    tf_names known_texts;
} tf_dataset;

typedef struct tf_cells tf_cells; /* cells.h */

/** Called for each row in the order of the input; for reports that follow it. */
typedef tariff_status (*tf_each_row_fn)(void *user, tf_flows *flows, const tf_flow *flow);

/** The line of a place in a file, as the cells of its reading had it. */
uint32_t tf_input_line(const tf_dataset *dataset, uint32_t file, uint64_t place);

/** How to read, and what need not be told apart. */
typedef struct tf_reading {
    unsigned       threads;  /**< 0: one per processor. */
    bool           any_time; /**< Periods do not matter. */
    const int32_t *epochs;   /**< Only the epoch that a period begins in does; may be NULL. */
    size_t         epoch_count;
    tf_each_row_fn each; /**< May be NULL. */
    void          *user;
    const struct tf_evaluation *fold; /**< Rows are added up under its law where that can be, and
                                           do not come into the dataset; may be NULL. */
    struct tf_folded *folded; /**< What they were added to, then. */
    struct tf_line_blocks *lines; /**< Rows that are read in bulk are written as well; may be
                                       NULL. */
} tf_reading;

/** One without rows, to which they are added. */
tariff_status tf_dataset_new(tariff_env *env, tf_dataset **out);
/** Add a row: to the cells, or, if more is known of it, to the dataset's rows. */
tariff_status tf_dataset_add(tf_dataset *dataset, tf_cells *cells, const tf_flow *flow,
                             tf_row_at at);

/** Read files of flows.  All bad rows are reported, up to the limit. */
tariff_status tf_dataset_load(tariff_env *env, const tf_flows_spec *specs, size_t count,
                              const tf_reading *reading, tf_dataset **out);
void          tf_dataset_free(tf_dataset *dataset);

/** The place of a row of the caller's, whose number is in the message. */
tf_place      tf_pulled_place(const char *name, tf_flow_column column);
/** Report what was found in a column of a row, long after it was read. */
tariff_status tf_dataset_error(const tf_dataset *dataset, tariff_env *env, tf_row_at row,
                               tf_flow_column column, const tf_why *why);
void          tf_dataset_warning(const tf_dataset *dataset, tariff_env *env, tf_row_at row,
                                 tf_flow_column column, const char *hint, const char *message);

#endif
