/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Inside of the CSV reader: what its files share.
 */
#ifndef TF_IO_CSV_READER_H
#define TF_IO_CSV_READER_H

#include "io/csv_in.h"
#include "io/separators.h"

#include <csv.h>

/** A field inside `text`; offset SIZE_MAX marks an empty, unquoted one. */
typedef struct field_at {
    size_t offset, length;
} field_at;

struct tf_csv {
    tariff_env       *env;
    tf_source        *source;
    tf_arena          arena; /**< The header. */
    struct csv_parser parser;
    bool              parser_ready;

    char  *buf; /**< Raw bytes; [record, end) are still needed. */
    size_t size, record, next, end;
    bool   at_end;

    uint32_t line;        /**< Number of the physical line that is fed next. */
    uint32_t record_line; /**< Line on which the current record begins. */
    bool     in_record;   /**< Inside quotes at the end of a line. */
    size_t   record_end;  /**< One past the current record's raw text. */

    field_at *fields;
    size_t    field_count, field_room;
    char     *text; /**< Unquoted fields of the current record, NUL-terminated. */
    size_t    text_length, text_size;
    unsigned  rows; /**< Records that ended in the line being fed. */

    /* The plain lane: whole lines whose separators are known. */
    tf_separators *separators;  /**< Of buf from `window`; NULL for libcsv alone. */
    size_t window, window_end;  /**< [next, window_end) is known, if that is not empty. */
    size_t separator;           /**< The next of them. */
    bool   window_plain;        /**< No NUL, and UTF-8: else libcsv's lane says what is wrong. */
    bool      no_memory;

    const char **header;
    size_t       width;
};

/** Report an error at a byte of the current record, or of the line being fed. */
tariff_status tf_csv_error_at(const tf_csv *csv, size_t at, tariff_status status,
                              const char *hint, const char *message);

#endif
