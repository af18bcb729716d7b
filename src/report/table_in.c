/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Reports that were written before.
 */
#include "io/csv_in.h"
#include "report/table.h"

bool tf_header_is_money(const char *header)
{
    size_t n = strlen(header);
    return strcmp(header, "duty") == 0 || (n > 5 && strcmp(header + n - 5, "_duty") == 0)
           || (n > 6 && strcmp(header + n - 6, "_value") == 0);
}

static tariff_status read_header(tf_csv *csv, tariff_table *table)
{
    static const char *const first[] = { "scenario", "date" };
    for (size_t i = 0; i < tf_csv_width(csv); i++) {
        if (i < 2 && strcmp(tf_csv_header(csv, i), first[i]) != 0)
            return tf_csv_missing(csv, first[i], "reports begin with scenario and date");
        TF_TRY(tf_table_column(table, tf_csv_header(csv, i)));
    }
    return tf_csv_width(csv) > 3 ? TARIFF_OK
                                 : tf_csv_missing(csv, "value", "this is no report of a run");
}

/* What is compared as a number is one; nothing else is taken for zero. */
static tariff_status read_rows(tf_csv *csv, bool has_texts, tariff_table *table)
{
    bool more;
    for (;;) {
        TF_TRY(tf_csv_next(csv, &more));
        if (!more)
            return tf_table_end(table);
        for (size_t i = 0; i < tf_csv_width(csv); i++) {
            const char *header = table->headers.at[i], *text = tf_csv_field(csv, (int)i).text;
            if ((tf_header_is_money(header) || (!has_texts && strcmp(header, "value") == 0))
                && !tf_cell_is_number(text))
                return tf_csv_error(csv, (int)i, 0, TARIFF_E_VALUE, NULL,
                                    "'%.60s' is not a number", text);
            tf_cell_text(table, text);
        }
    }
}

tariff_status tf_table_read(tariff_env *env, tf_arena *arena, const char *path, bool has_texts,
                            tariff_table **out)
{
    tf_csv *csv;
    *out = NULL;
    TF_TRY(tf_csv_open(env, path, NULL, TF_SUM_XXH3, &csv));
    tariff_table *table = TF_NEW(arena, tariff_table);
    tariff_status status = table ? TARIFF_OK : TARIFF_E_NOMEM;
    if (table) {
        table->arena = arena;
        status = read_header(csv, table);
    }
    if (status == TARIFF_OK)
        status = read_rows(csv, has_texts, table);
    tf_csv_close(csv);
    if (status == TARIFF_OK)
        *out = table;
    return status;
}
