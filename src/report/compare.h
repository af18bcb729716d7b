/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Two reports of one kind, side by side.
 */
#ifndef TF_REPORT_COMPARE_H
#define TF_REPORT_COMPARE_H

#include "report/choice.h"
#include "report/table.h"

/** The kind of report that a comparison is made from. */
tf_report tf_compared_report(tf_report comparison);

/**
 * Compare two tables by their key columns: of the summary `baseline`,
 * `scenario` and `change` of each metric, of others these three of each money
 * column, ranked by the size of the change of the total duty.
 *
 * @param top      rows to keep; 0: all.
 * @param differs  set if anything does; else left as it is.
 */
tariff_status tf_compare_tables(tf_arena *arena, tf_report comparison, const tariff_table *baseline,
                                const tariff_table *scenario, const char *name, const char *date,
                                unsigned top, tariff_table **out, bool *differs);

/** Read a report that was written before. */
tariff_status tf_table_read(tariff_env *env, tf_arena *arena, const char *path,
                            tariff_table **out);

#endif
