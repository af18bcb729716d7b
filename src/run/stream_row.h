/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A plain row, rated by memory: most rows repeat what others said of product,
 * origin, importer and day.  Their texts are looked up as they stand, and what
 * is found is the text to be added.  Memory is bounded, and reports nothing.
 */
#ifndef TF_RUN_STREAM_ROW_H
#define TF_RUN_STREAM_ROW_H

#include "run/stream.h"

enum {
    TF_PIECE_SHORT = 16,  /**< Texts that are looked up are no longer. */
    TF_PIECE_PADDING = 64, /**< Bytes after a row that may be read. */
    TF_COUNTRY_SLOTS = 1024
};

/** One of our columns in the file; at least TF_PIECE_SHORT bytes may be read. */
typedef struct tf_piece {
    const char *text;
    size_t      length;
} tf_piece;

/** How the rows of a file are laid out. */
typedef struct tf_stream_layout {
    size_t     width;
    size_t     words; /**< Of the key that a row is looked up by. */
    int        columns[TF_FLOW_COLUMNS]; /**< -1: nowhere. */
    tf_flow_column present[TF_FLOW_COLUMNS]; /**< Those that are somewhere. */
    size_t     present_count;
    tf_profile profile;
    uint16_t   origin, importer; /**< TARIFF_COUNTRY_NONE: the row says it. */
} tf_stream_layout;

void tf_stream_layout_of(const tf_stream *stream, tf_stream_layout *out);

/** What one thread rates with; zeroed but for the first two, it need not be started. */
typedef struct tf_row_rater {
    const tf_stream        *s;
    const tf_stream_layout *layout;
    bool                    begun; /**< Has a rater and a memory. */
    tf_rater                rater;
    const tf_rating       **ratings; /**< What is remembered, by slot; NULL: nothing. */
    uint64_t               *keys;    /**< Of each slot, the layout's words. */
    unsigned                last;    /**< Where something was forgotten for something else. */
    tf_arena                texts;   /**< Of ratings that are not the rater's. */
    size_t                  text_bytes;
    uint64_t                day_text[2]; /**< The last day, and what it meant. */
    tariff_span             days;
    uint64_t                epoch; /**< On all days of one the law says the same; 0: no day yet. */
    char                    period[16]; /**< As lines.csv has it. */
    size_t                  period_length;
    uint64_t                hs_text[2]; /**< The last code, and its key. */
    uint64_t                hs;
    struct {
        uint64_t text;
        uint16_t id;
    } countries[TF_COUNTRY_SLOTS]; /**< Texts of countries, and what they mean; "": nothing. */

    tf_text         out; /**< The rated rows. */
    tf_stream_tally tally;
    tariff_status   status;
} tf_row_rater;

/** Begin a block: no rows yet. */
void tf_row_rater_start(tf_row_rater *rater);
void tf_row_rater_free(tf_row_rater *rater);

/**
 * Rate a row, of which `pieces` are our columns, without quotes.
 * @return false if it is in doubt, or something failed: rater->status.
 */
bool tf_rate_row(tf_row_rater *rater, const tf_piece *pieces, tf_piece record);

#endif
