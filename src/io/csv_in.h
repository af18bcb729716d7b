/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * CSV records with exact positions, read through libcsv.
 *
 * Records on which any two parsers agree (one line, no quotes, no blanks beside
 * separators) are split here; libcsv reads all others.  It gives no positions, so it is fed one physical line per call: a record
 * then ends in the line just fed, and where a field begins is found again, only
 * when a message needs it, from the record's raw text.
 */
#ifndef TF_IO_CSV_IN_H
#define TF_IO_CSV_IN_H

#include "io/source.h"

typedef struct tf_csv tf_csv;

/** A field of the current record; "" where it is empty. */
typedef struct tf_field {
    const char *text; /**< NUL-terminated. */
    size_t      length;
} tf_field;

/**
 * Open a file and read its header.
 * @param place  where the file's name was written; may be NULL.
 */
tariff_status tf_csv_open(tariff_env *env, const char *path, const tf_place *place, tf_sum sum,
                          tf_csv **out);
void          tf_csv_close(tf_csv *csv);
/** Read all further records through libcsv, also those that need it not: to compare. */
void          tf_csv_only_libcsv(tf_csv *csv);

/**
 * The bytes of whole lines that follow, up to `size`, for who splits them: *n
 * is 0 at the end, and the last line ends in a newline even if the file's does
 * not.  A line that is longer is TARIFF_E_LIMIT, and nothing is said of it.
 */
tariff_status tf_csv_take_lines(tf_csv *csv, char *buf, size_t size, size_t *n);
/** The number of the line that is read next. */
uint32_t      tf_csv_next_line(const tf_csv *csv);

/**
 * The same of a stream, which cannot be read again: as many lines as are there
 * without waiting for more, at most `size` bytes of them; *n is 0 at the end,
 * and if the next line does not fit or has no newline.
 */
tariff_status tf_csv_take_some(tf_csv *csv, char *buf, size_t size, size_t *n);
/** Put lines back that were taken: they are read next. */
tariff_status tf_csv_give_back(tf_csv *csv, const char *lines, size_t n);
/** Is there no whole line to read without waiting for more? */
bool          tf_csv_would_wait(const tf_csv *csv);
/** So many of the lines that were taken are done with. */
void          tf_csv_pass_lines(tf_csv *csv, uint32_t lines);
/** The current record as it is in the file, without the end of its line; no NUL follows. */
tf_field      tf_csv_record(const tf_csv *csv);

/** How one column is found: by the first of several names, separated by '|', that is there. */
typedef struct tf_column {
    const char *names;
    bool        required;
    int         index; /**< Filled: -1 if absent. */
} tf_column;

/** Unknown columns: an error, one warning, or silence. */
typedef enum tf_unknown { TF_UNKNOWN_ERROR, TF_UNKNOWN_WARN, TF_UNKNOWN_IGNORE } tf_unknown;

/** Bind columns to the header; a missing or doubled one is reported. */
tariff_status tf_csv_bind(tf_csv *csv, tf_column *columns, size_t count, tf_unknown unknown);
/** Report that a column is missing; the hint is `advice` and the columns that are there. */
tariff_status tf_csv_missing(tf_csv *csv, const char *names, const char *advice);
size_t        tf_csv_width(const tf_csv *csv);
const char   *tf_csv_header(const tf_csv *csv, size_t column);

/** The next record; *more is false at the end.  A ragged row is an error. */
tariff_status tf_csv_next(tf_csv *csv, bool *more);

/** A field of the current record; the empty field if there is no such column. */
tf_field tf_csv_field_at(const tf_csv *csv, size_t column);
/** The same; the empty field if `column` is -1, as many are. */
static inline tf_field tf_csv_field(const tf_csv *csv, int column)
{
    return column < 0 ? (tf_field){ "", 0 } : tf_csv_field_at(csv, (size_t)column);
}

/** Line on which the current record begins, from 1. */
uint32_t tf_csv_line(const tf_csv *csv);

/** Where a field of a raw record begins, after blanks and an opening quote. */
size_t tf_csv_locate(const char *record, size_t length, int column);

/** Report an error at `offset` bytes into a field of the current record. */
tariff_status tf_csv_error(tf_csv *csv, int column, size_t offset, tariff_status status,
                           const char *hint, const char *format, ...) TARIFF_PRINTF(6, 7);
/** The same for what a value's parser found. */
tariff_status tf_csv_because(tf_csv *csv, int column, const tf_why *why);
void          tf_csv_warning(tf_csv *csv, int column, const char *hint, const char *format, ...)
    TARIFF_PRINTF(4, 5);

tf_fingerprint tf_csv_fingerprint(const tf_csv *csv);
/** Of the file as it was read, once all records were; opened with TF_SUM_SHA256. */
void           tf_csv_sha256(tf_csv *csv, char out[TF_SHA256_TEXT]);
tariff_env    *tf_csv_env(const tf_csv *csv);
const char    *tf_csv_path(const tf_csv *csv);

/** One line of a file, for messages about what was read long ago; "" if it is gone. */
void tf_csv_excerpt(const char *path, uint32_t line, char *buf, size_t size);

#endif
