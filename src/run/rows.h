/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Flows one by one through the law of a scenario, as they are read: for
 * lines.csv, and for the caller's sink.
 */
#ifndef TF_RUN_ROWS_H
#define TF_RUN_ROWS_H

#include "report/lines.h"
#include "run/told.h"

typedef struct tf_rows {
    const tariff_scenario *scenario;
    const tf_where        *where; /**< NULL: all flows. */
    tf_assessor            with;
    tf_lines              *lines; /**< NULL: none are written. */
    tf_told                told;  /**< Without a sink: nobody is told. */
    size_t                 told_rows; /**< That are to be handed over. */
} tf_rows;

/** Everything may be closed, opened or not. */
void          tf_rows_init(tf_rows *rows);
void          tf_rows_close(tf_rows *rows);
tariff_status tf_rows_open(tf_rows *rows, tariff_env *env, const tariff_scenario *scenario,
                           const tariff_law *law, const tf_where *where);

/** Write them to lines.csv, too. */
tariff_status tf_rows_open_lines(tf_rows *rows, tariff_env *env, tf_report_files *files,
                                 const tf_heading *heading, bool spreadsheet);

/** Tell the caller's sink of them, too. */
tariff_status tf_rows_open_sink(tf_rows *rows, tariff_env *env, const tariff_sink *sink);

/** What a row is at fault for. */
typedef struct tf_row_fault {
    tf_flow_column column;
    tf_why         why; /**< Its status is that of the row; TARIFF_OK where nothing is to be said. */
} tf_row_fault;

/**
 * The burden of a flow, until the next one; NULL for one that `where` leaves
 * out, or that has no period and needs one, which the evaluation tells of.
 */
tariff_status tf_rows_assess(tf_rows *rows, const tf_flow *flow, const tf_burden **out,
                             tf_row_fault *fault);

/** The next row: to lines.csv and to the sink. */
tariff_status tf_rows_put_flow(tf_rows *rows, const tf_flow *flow, tf_row_fault *fault);
/** The same, while a dataset is loaded: `user` are the rows, and faults are told. */
tariff_status tf_rows_put(void *user, tf_flows *flows, const tf_flow *flow);
tariff_status tf_rows_finish(tf_rows *rows);

#endif
