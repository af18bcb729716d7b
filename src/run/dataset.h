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

/** All rows that agree in these, and of which nothing else is known. */
typedef struct tf_data_cell {
    uint64_t    hs;
    uint16_t    origin, importer;
    bool        has_period;
    tariff_span period;
    tf_row_at   first; /**< The first of them. */
    tf_i128     value; /**< 1e-4. */
    uint64_t    lines;
} tf_data_cell;

#define TF_NOTHING_KNOWN UINT32_MAX

/** A row with a quantity, or with claims or parts of its own. */
typedef struct tf_data_row {
    tf_data_cell cell; /**< Its own value, one line. */
    int64_t      quantity;
    tariff_unit  unit;
    uint32_t     known; /**< Number of what is known, or TF_NOTHING_KNOWN. */
} tf_data_row;

/** What is known of some rows: equal texts are one. */
typedef struct tf_data_known {
    const char *claims, *parts; /**< As written. */
    tf_row_at   first;
} tf_data_known;

/** A file of flows that was read. */
typedef struct tf_input {
    const char    *path;
    uint64_t       rows;
    tf_i128        value; /**< 1e-4. */
    tf_fingerprint print;
    int            columns[TF_FLOW_COLUMNS]; /**< Where our columns are in it; -1: nowhere. */
} tf_input;

typedef struct tf_dataset {
    tariff_env *env;
    tf_arena    arena;
    TF_VEC(tf_input) inputs;
    TF_VEC(tf_data_cell) cells;
    TF_VEC(tf_data_row) rows;
    TF_VEC(tf_data_known) known;
    tf_names  known_texts;
    uint32_t *slots; /**< Open addressing: cell + 1. */
    size_t    slot_count;
} tf_dataset;

/** Called for each row in the order of the input; for reports that follow it. */
typedef tariff_status (*tf_each_row_fn)(void *user, tf_flows *flows, const tf_flow *flow);

/**
 * Read files of flows.  All bad rows are reported, up to the limit.
 * @param each  may be NULL.
 */
tariff_status tf_dataset_load(tariff_env *env, const tf_flows_spec *specs, size_t count,
                              tf_each_row_fn each, void *user, tf_dataset **out);
void          tf_dataset_free(tf_dataset *dataset);

/** Report what was found in a column of a row, long after it was read. */
tariff_status tf_dataset_error(const tf_dataset *dataset, tariff_env *env, tf_row_at row,
                               tf_flow_column column, const tf_why *why);
void          tf_dataset_warning(const tf_dataset *dataset, tariff_env *env, tf_row_at row,
                                 tf_flow_column column, const char *hint, const char *message);

#endif
