/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_REPORT_TABLES_H
#define TF_REPORT_TABLES_H

#include "report/table.h"
#include "report/tally.h"

/** What every row begins with. */
typedef struct tf_heading {
    const char *scenario, *date;
    const char *currency;
} tf_heading;

/** Is it made from a tally (not from rows, nor from other tables)? */
static inline bool tf_report_is_tallied(int report)
{
    return report != TF_REPORT_LINES && report < TF_REPORT_COMPARE;
}

/**
 * Add the rows of a report to its table, which is made in `arena` if *out is NULL.
 * @param top  rows to keep, by total duty, of a report that takes it; 0: all.
 */
tariff_status tf_report_table(const tf_tally *tally, const tf_heading *heading, tf_report report,
                              unsigned top, tf_arena *arena, tariff_table **out);

#endif
