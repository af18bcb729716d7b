/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * lines.csv: the burden of every row, in the order of the input.
 */
#ifndef TF_REPORT_LINES_H
#define TF_REPORT_LINES_H

#include "assess/burden.h"
#include "flows/flows.h"
#include "report/files.h"
#include "report/tables.h"

/** What the layers charge on a line, as rates of its value. */
typedef struct tf_line_rates {
    bool    has_rate[TF_LAYERS_MAX]; /**< False: an amount on a value of zero. */
    tf_i128 layer[TF_LAYERS_MAX];    /**< 1e-12. */
    tf_i128 ordinary, additional;    /**< 1e-12. */
    bool    has_ordinary, has_additional;
    tf_i128 duty; /**< 1e-16. */
} tf_line_rates;

/** TARIFF_E_OVERFLOW is not reported. */
tariff_status tf_line_rates_of(const tariff_law *law, int64_t value, const tf_burden *burden,
                               tf_line_rates *out);

typedef struct tf_lines tf_lines;

tariff_status tf_lines_open(tariff_env *env, tf_report_files *files, const tariff_law *law,
                            const tf_heading *heading, bool spreadsheet, tf_lines **out);
void          tf_lines_close(tf_lines *lines);
/** TARIFF_E_OVERFLOW is not reported. */
tariff_status tf_lines_put(tf_lines *lines, const tf_flow *flow, const tf_burden *burden);
tariff_status tf_lines_finish(tf_lines *lines);
/** Drop all rows that were written. */
tariff_status tf_lines_restart(tf_lines *lines);
/** The file, for who writes rows that somebody else made. */
tf_output    *tf_lines_output(const tf_lines *lines);

#endif
