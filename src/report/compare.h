/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Two reports of one kind, side by side.
 */
#ifndef TF_REPORT_COMPARE_H
#define TF_REPORT_COMPARE_H

#include "report/choice.h"
#include "report/table.h"

/**
 * Compare two tables by their key columns: of the summary and of impact.csv
 * `baseline`, `scenario` and `change` of each metric, of other burdens these
 * three of each money column, of other answers of models a row for each column;
 * ranked by the size of the change of duty, of models of trade after.
 *
 * @param top      rows to keep; 0: all.
 * @param differs  set if anything does; else left as it is.
 */
tariff_status tf_compare_tables(tf_arena *arena, tf_report kind, const tariff_table *baseline,
                                const tariff_table *scenario, const char *name, const char *date,
                                unsigned top, tariff_table **out, bool *differs);

#endif
