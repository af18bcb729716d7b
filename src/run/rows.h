/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * lines.csv: row by row through the law, as the rows are read.
 */
#ifndef TF_RUN_ROWS_H
#define TF_RUN_ROWS_H

#include "report/lines.h"
#include "run/evaluate.h"

typedef struct tf_rows {
    const tariff_scenario *scenario;
    const tariff_law      *law;
    const tf_where        *where; /**< NULL: all flows. */
    tf_lines              *lines;
    tf_programs           *programs;
    tf_bench               bench;
    tf_cases               cases;
} tf_rows;

/** Everything may be closed, opened or not. */
void          tf_rows_init(tf_rows *rows, tariff_env *env);
void          tf_rows_close(tf_rows *rows);
tariff_status tf_rows_open(tf_rows *rows, tariff_env *env, const tariff_scenario *scenario,
                           const tariff_law *law, const tf_where *where, tf_report_files *files,
                           const tf_heading *heading, bool spreadsheet);

/** The next row, while a dataset is loaded; `user` are the rows. */
tariff_status tf_rows_put(void *user, tf_flows *flows, const tf_flow *flow);
tariff_status tf_rows_finish(tf_rows *rows);

#endif
