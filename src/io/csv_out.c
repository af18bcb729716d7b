/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_out.h"

#include "value/decimal.h"

#include <csv.h>
#include <stdio.h>

static void put(tf_csv_out *csv, const char *bytes, size_t length)
{
    if (csv->status == TARIFF_OK)
        csv->status = tf_output_write(csv->output, bytes, length);
}

static void separate(tf_csv_out *csv)
{
    if (csv->begun)
        put(csv, ",", 1);
    csv->begun = true;
}

void tf_csv_out_init(tf_csv_out *csv, tf_output *output, bool spreadsheet)
{
    csv->output = output;
    csv->begun = false;
    csv->spreadsheet = spreadsheet;
    csv->status = TARIFF_OK;
    if (spreadsheet)
        put(csv, "\xEF\xBB\xBF", 3);
}

static bool needs_quotes(const char *text, size_t length)
{
    return strpbrk(text, ",\"\r\n") != NULL || text[0] == ' ' || text[0] == '\t'
           || (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'));
}

static void put_quoted(tf_csv_out *csv, const char *text, size_t length)
{
    char small[512], *large = NULL, *buf = small;
    size_t need = csv_write(NULL, 0, text, length);
    if (need > sizeof small) {
        buf = large = tf_alloc(tf_output_env(csv->output), need);
        if (!large) {
            csv->status = TARIFF_E_NOMEM;
            return;
        }
    }
    csv_write(buf, need, text, length);
    put(csv, buf, need);
    tf_free(tf_output_env(csv->output), large, need);
}

void tf_put_text(tf_csv_out *csv, const char *text)
{
    size_t length = strlen(text);
    separate(csv);
    /* What a spreadsheet would run as a formula becomes text (OWASP, "CSV injection"). */
    char guarded[1024];
    if (csv->spreadsheet && length > 0 && length < sizeof guarded - 1
        && strchr("=+-@\t\r", text[0])) {
        guarded[0] = '\'';
        memcpy(guarded + 1, text, length + 1);
        text = guarded;
        length++;
    }
    if (needs_quotes(text, length))
        put_quoted(csv, text, length);
    else
        put(csv, text, length);
}

void tf_put_cents(tf_csv_out *csv, tf_i128 n, unsigned places)
{
    char buf[TF_DECIMAL_TEXT];
    separate(csv);
    put(csv, buf, tf_format_cents(n, places, buf));
}

void tf_put_decimal(tf_csv_out *csv, tf_i128 n, unsigned places)
{
    char buf[TF_DECIMAL_TEXT];
    separate(csv);
    put(csv, buf, tf_format_fixed(n, places, 0, buf));
}

void tf_put_empty(tf_csv_out *csv)
{
    separate(csv);
}

tariff_status tf_end_record(tf_csv_out *csv)
{
    put(csv, csv->spreadsheet ? "\r\n" : "\n", csv->spreadsheet ? 2 : 1);
    csv->begun = false;
    return csv->status;
}
