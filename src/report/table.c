/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/table.h"

#include "value/decimal.h"

tariff_table *tf_table_new(tf_arena *arena, const char *columns)
{
    tariff_table *table = TF_NEW(arena, tariff_table);
    if (!table)
        return NULL;
    table->arena = arena;
    for (;;) {
        size_t      n = strcspn(columns, ",");
        const char *name = tf_arena_text(arena, columns, n);
        if (!name || !TF_PUSH(arena, &table->headers, name))
            return NULL;
        if (columns[n] == '\0')
            return table;
        columns += n + 1;
    }
}

tariff_status tf_table_column(tariff_table *table, const char *name)
{
    const char *kept = tf_arena_text(table->arena, name, strlen(name));
    return kept && TF_PUSH(table->arena, &table->headers, kept) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static void add(tariff_table *table, const char *text)
{
    table->failed = table->failed || !text || !TF_PUSH(table->arena, &table->cells, text);
}

void tf_cell_text(tariff_table *table, const char *text)
{
    add(table, *text ? tf_arena_text(table->arena, text, strlen(text)) : "");
}

static void add_copy(tariff_table *table, const char *buf, size_t length)
{
    add(table, tf_arena_text(table->arena, buf, length));
}

void tf_cell_count(tariff_table *table, uint64_t n)
{
    tf_cell_decimal(table, (tf_i128)n, 0);
}

void tf_cell_cents(tariff_table *table, tf_i128 n, unsigned places)
{
    char   buf[TF_DECIMAL_TEXT];
    size_t length = tf_format_cents(n, places, buf);
    add_copy(table, buf, length);
}

void tf_cell_decimal(tariff_table *table, tf_i128 n, unsigned places)
{
    char   buf[TF_DECIMAL_TEXT];
    size_t length = tf_format_fixed(n, places, 0, buf);
    add_copy(table, buf, length);
}

void tf_cell_ratio(tariff_table *table, tf_i128 num, unsigned num_places, tf_i128 den,
                   unsigned den_places)
{
    int64_t ratio, scale = TF_E9;
    /* num 10^-a / den 10^-b = (num / den) 10^(b - a): bring both to the finer scale. */
    for (; den_places < num_places && tf_mul(den, 10, &den); den_places++) {}
    for (; num_places < den_places && tf_mul(num, 10, &num); num_places++) {}
    for (; den_places < num_places; num_places--)
        num = tf_div_half_even(num, 10);
    if (den == 0 || num_places != den_places || !tf_ratio(num, den, scale, &ratio))
        add(table, "");
    else
        tf_cell_decimal(table, ratio, 9);
}

tariff_status tf_table_end(const tariff_table *table)
{
    return table->failed ? TARIFF_E_NOMEM : TARIFF_OK;
}

tariff_status tf_table_write(const tariff_table *table, tf_output *output, bool spreadsheet)
{
    tf_csv_out csv;
    size_t     width = table->headers.n;
    tf_csv_out_init(&csv, output, spreadsheet);
    for (size_t i = 0; i < width; i++)
        tf_put_text(&csv, table->headers.at[i]);
    TF_TRY(tf_end_record(&csv));
    for (size_t i = 0; i < table->cells.n; i++) {
        tf_put_text(&csv, table->cells.at[i]);
        if ((i + 1) % width == 0)
            TF_TRY(tf_end_record(&csv));
    }
    return TARIFF_OK;
}

size_t tariff_table_rows(const tariff_table *table)
{
    return table->cells.n / table->headers.n;
}

size_t tariff_table_columns(const tariff_table *table)
{
    return table->headers.n;
}

const char *tariff_table_header(const tariff_table *table, size_t column)
{
    return table->headers.at[column];
}

const char *tariff_table_cell(const tariff_table *table, size_t row, size_t column)
{
    return table->cells.at[row * table->headers.n + column];
}

enum { MOST_DIGITS = 27, MOST_DECIMALS = 9 }; /* twice as much at 1e-9 fits into 128 bits */

bool tf_cell_is_number(const char *text)
{
    size_t digits = strspn(text += *text == '-', "0123456789");
    size_t decimals = text[digits] == '.' ? strspn(text + digits + 1, "0123456789") : 0;
    size_t length = digits + decimals + (text[digits] == '.');
    return digits <= MOST_DIGITS && decimals <= MOST_DECIMALS && text[length] == '\0';
}

tf_i128 tf_cell_number(const char *text)
{
    tf_i128  n = 0;
    unsigned decimals = 0;
    bool     minus = *text == '-', point = false;
    for (text += minus; *text; text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        n = n * 10 + (*text - '0');
        decimals += point;
    }
    for (; decimals < 9; decimals++)
        n *= 10;
    return minus ? -n : n;
}
