/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_REPORT_TABLE_H
#define TF_REPORT_TABLE_H

#include "base/arena.h"
#include "io/csv_out.h"

#include <tariff/run.h>

struct tariff_table {
    tf_arena *arena;
    TF_VEC(const char *) headers;
    TF_VEC(const char *) cells; /**< Row by row. */
    bool failed;                /**< Memory ran out; tf_table_end() says so. */
};

/** Columns as "a,b,c". */
tariff_table *tf_table_new(tf_arena *arena, const char *columns);

/** One more column, before any cell is added. */
tariff_status tf_table_column(tariff_table *table, const char *name);

/* Cells, from left to right. */
void tf_cell_text(tariff_table *table, const char *text);
void tf_cell_count(tariff_table *table, uint64_t n);
/** n units of 10^-places, rounded to cents half away from zero. */
void tf_cell_cents(tariff_table *table, tf_i128 n, unsigned places);
/** n units of 10^-places, with as many decimals as it needs. */
void tf_cell_decimal(tariff_table *table, tf_i128 n, unsigned places);
/**
 * num / den as a fraction with up to nine decimals, empty if den is 0; both in
 * units of 10^-num_places and 10^-den_places.
 */
void tf_cell_ratio(tariff_table *table, tf_i128 num, unsigned num_places, tf_i128 den,
                   unsigned den_places);

/** Is a cell empty or a number that tf_cell_number() can hold? */
bool    tf_cell_is_number(const char *text);
/** A cell that holds a number, in units of 1e-9. */
tf_i128 tf_cell_number(const char *text);

/** Does a column of this name hold money? */
bool tf_header_is_money(const char *header);

tariff_status tf_table_end(const tariff_table *table);
tariff_status tf_table_write(const tariff_table *table, tf_output *output, bool spreadsheet);

/**
 * Read a report that was written before.
 * @param has_texts  its column `value` may hold texts, as that of impact.csv does.
 */
tariff_status tf_table_read(tariff_env *env, tf_arena *arena, const char *path, bool has_texts,
                            tariff_table **out);

#endif
