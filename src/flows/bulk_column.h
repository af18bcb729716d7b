/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The columns of a window of text, and their fields.
 */
#ifndef TF_FLOWS_BULK_COLUMN_H
#define TF_FLOWS_BULK_COLUMN_H

#include "flows/bulk_reader.h"

#include <tariff/export.h>

/** A field, or what is in its quotes. */
typedef struct tf_bulk_field {
    const char *text;
    size_t      length;
} tf_bulk_field;

/** A column of a window. */
typedef struct tf_bulk_column {
    const char     *text;
    const uint16_t *bounds; /**< Of its field in the first row. */
    size_t          width, rows;
    bool            plain;   /**< There are no quotes and carriage returns in the window; after each
                                  field is the same byte, and before it, and in no field. */
    bool            returns; /**< A carriage return may end its fields. */
} tf_bulk_column;

/** Between separators, without the quotes around it.  @param plain  a constant to the compiler. */
static TARIFF_ALWAYS_INLINE tf_bulk_field tf_bulk_field_of(const tf_bulk_column *c, size_t row,
                                                           bool plain)
{
    const uint16_t *bounds = c->bounds + row * c->width;
    size_t          start = (uint16_t)(bounds[0] + 1), end = bounds[1];
    if (!plain) {
        if (c->returns && end > start && c->text[end - 1] == '\r')
            end--;
        if (end - start >= 2 && c->text[start] == '"' && c->text[end - 1] == '"') {
            start++;
            end--;
        }
    }
    return (tf_bulk_field){ c->text + start, end - start };
}

/** Where the field after a bound of a plain window begins. */
static inline const char *tf_bulk_start_after(const tf_bulk_column *c, const uint16_t *bound)
{
    return c->text + (int16_t)*bound + 1; /* before the first byte is -1 */
}

/** The numbers of a column's words, for each row; false gives up.  Of `out`, TF_BULK_SPARE more
 * may be written over. */
bool tf_bulk_read_products(tf_bulk_reader *reader, const tf_bulk_column *column, uint32_t *out);
bool tf_bulk_read_periods(tf_bulk_reader *reader, const tf_bulk_column *column, uint32_t *out);
bool tf_bulk_read_origins(tf_bulk_reader *reader, const tf_bulk_column *column, uint16_t *out);
bool tf_bulk_read_importers(tf_bulk_reader *reader, const tf_bulk_column *column, uint16_t *out);

/** Does no row say another country than all are set to? */
bool tf_bulk_are_all(tf_bulk_reader *reader, const tf_bulk_column *column, tf_words *words,
                     uint16_t all);

#endif
