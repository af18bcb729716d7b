/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * CSV text, built record by record; quoting by libcsv, only where it is needed.
 */
#ifndef TF_IO_CSV_OUT_H
#define TF_IO_CSV_OUT_H

#include "io/output.h"
#include "value/wide.h"

typedef struct tf_csv_out {
    tf_output *output;
    bool       begun;       /**< The current record has a field. */
    bool       spreadsheet; /**< CRLF, BOM, and guards against formulas. */
    tariff_status status;   /**< The first failure; later calls do nothing. */
} tf_csv_out;

void tf_csv_out_init(tf_csv_out *csv, tf_output *output, bool spreadsheet);
void tf_put_text(tf_csv_out *csv, const char *text);
/** n units of 10^-places, rounded to cents. */
void tf_put_cents(tf_csv_out *csv, tf_i128 n, unsigned places);
/** n units of 10^-places with as many decimals as it needs. */
void tf_put_decimal(tf_csv_out *csv, tf_i128 n, unsigned places);
void tf_put_empty(tf_csv_out *csv);
tariff_status tf_end_record(tf_csv_out *csv);

#endif
