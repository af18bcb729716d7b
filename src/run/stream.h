/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Rows rated as they pass: as they came, with columns added, or as rows of
 * lines.csv.  Two lanes give the same bytes: stream_blocks.c takes blocks of
 * lines on all threads and reports nothing; where it has any doubt,
 * stream_careful.c reads on row by row, and tells what is wrong.
 */
#ifndef TF_RUN_STREAM_H
#define TF_RUN_STREAM_H

#include "flows/flows.h"
#include "io/sink.h"
#include "run/line_front.h"
#include "run/rating.h"

/** How many rows, and how many of them with each remark. */
typedef struct tf_stream_tally {
    uint64_t rows, remarks[TF_REMARKS];
} tf_stream_tally;

typedef struct tf_stream {
    tariff_env                  *env;
    const tariff_law            *law;
    const tariff_stream_options *options;
    tf_flows                    *flows;
    tf_csv                      *csv;
    tf_sink                     *sink;
    const tf_line_rows          *lines;       /**< NULL: rows leave as they came. */
    tf_rated                     rated;
    bool                         dated;       /**< Its period is the day of entry. */
    bool                         warned_unit; /**< That a quantity without a unit is not used. */
    bool warned_origin, warned_importer; /**< That another one is set for all rows. */
    tf_stream_tally              tally;
} tf_stream;

/** Text that grows. */
typedef struct tf_text {
    tariff_env *env;
    char       *at;
    size_t      n, room;
} tf_text;

bool tf_text_grow(tf_text *text, size_t more);
void tf_text_free(tf_text *text);

/** Room for `more` bytes at its end; false if memory ran out. */
static inline bool tf_text_reserve(tf_text *text, size_t more)
{
    return text->room - text->n >= more || tf_text_grow(text, more);
}

/** Room that is enough for what is added to a record, or for a row of lines.csv. */
enum { TF_RATED_ROOM = 256 + TF_RATES_TEXT + 2 * TF_DECIMAL_TEXT + TF_AFTER_TEXT
                       + TF_RATING_PADDING };

/** The days on which a row of lines.csv enters; false if it has no period and needs one. */
bool tf_line_days(const tf_stream *stream, bool has_period, tariff_span period, tariff_span *out);

/** Both lanes, up to the end of the flows or to their first bad row. */
tariff_status tf_stream_rate(tf_stream *stream);

/** Would the options rather call the row an error? */
bool tf_stream_refuses(const tf_stream *stream, unsigned remarks);

static inline void tf_stream_count(tf_stream_tally *tally, unsigned remarks)
{
    tally->rows++;
    for (unsigned i = 0; remarks; i++, remarks >>= 1)
        tally->remarks[i] += remarks & 1;
}

/** The day of entry: of the row or of the options; false if there is none. */
bool tf_stream_day(const tf_stream *stream, bool has_period, tariff_span period, int32_t *out);

/** The threads that take blocks, and what they remember. */
typedef struct tf_stream_blocks tf_stream_blocks;

/** *out is NULL if this stream is read row by row. */
tariff_status tf_stream_blocks_new(tf_stream *stream, tf_stream_blocks **out);
void          tf_stream_blocks_free(tf_stream_blocks *blocks);
/** Rate whole blocks, up to the end or to a row that is not plain: it is the next one then. */
tariff_status tf_stream_blocks_run(tf_stream_blocks *blocks);

#endif
