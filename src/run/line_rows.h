/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * lines.csv of files: once their flows are known to be good, they are read once
 * more, and rated on all threads as they pass.
 */
#ifndef TF_RUN_LINE_ROWS_H
#define TF_RUN_LINE_ROWS_H

#include "run/rows.h"

/** Can the flows be read more than once? */
bool tf_line_rows_can(const tariff_scenario *scenario);

/**
 * Write the rows after the header of lines.csv, whose rows are open.
 * @param dataset  of the same files: they have to be as they were.
 */
tariff_status tf_line_rows_write(const tf_rows *rows, tariff_env *env, const tf_dataset *dataset,
                                 const tf_heading *heading, bool spreadsheet, unsigned threads);

#endif
