/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What stands in a row of lines.csv before its rates.
 */
#ifndef TF_RUN_LINE_FRONT_H
#define TF_RUN_LINE_FRONT_H

#include "scenario/scenario.h"
#include "value/digits.h"

/** Text of which whole chunks may be read is copied by the chunk: there is little to copy. */
enum { TF_CHUNK = 32 };

/** @return the end of the copy, after which a chunk more may have been written. */
static inline char *tf_put_chunks(char *to, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i += TF_CHUNK)
        memcpy(to + i, bytes + i, TF_CHUNK);
    return to + n;
}

/** What lines.csv of a scenario is written by. */
typedef struct tf_line_rows {
    const tariff_scenario *scenario;
    const tf_where        *where; /**< NULL: all flows. */
    char   heading[4 * TF_CHUNK]; /**< "NAME,DATE,". */
    size_t heading_length;
} tf_line_rows;

/** A text of up to this many bytes, all of which may be read. */
enum { TF_SHORT_TEXT = 16 };

typedef struct tf_line_front {
    const char *hs; /**< Digits alone, a short text. */
    size_t      hs_length;
    const char *origin, *importer; /**< Two letters. */
    const char *period; /**< A short text. */
    size_t      period_length;
    int64_t     value; /**< 1e-4. */
} tf_line_front;

/** @return its end. */
static inline char *tf_put_line_front(char *to, const tf_line_rows *rows,
                                      const tf_line_front *front)
{
    to = tf_put_chunks(to, rows->heading, rows->heading_length);
    memcpy(to, front->hs, TF_SHORT_TEXT);
    to += front->hs_length;
    to[0] = ',';
    memcpy(to + 1, front->origin, 2);
    to[3] = ',';
    memcpy(to + 4, front->importer, 2);
    to[6] = ',';
    memcpy(to + 7, front->period, TF_SHORT_TEXT);
    to += 7 + front->period_length;
    *to++ = ',';
    return to + tf_put_cents_of((uint64_t)(front->value + 50) / 100, to);
}

#endif
