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

/** The table of a report (not of TF_REPORT_LINES), in `arena`. */
tariff_status tf_report_table(const tf_tally *tally, const tf_report_choices *choices,
                              const tf_heading *heading, tf_report report, tf_arena *arena,
                              tariff_table **out);

#endif
