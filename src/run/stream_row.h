/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A plain row, rated: its texts are looked up as they stand.  Nothing is
 * reported.
 */
#ifndef TF_RUN_STREAM_ROW_H
#define TF_RUN_STREAM_ROW_H

#include "run/row_rates.h"

/** What one thread rates with; zeroed but for the first two, it need not be started. */
typedef struct tf_row_rater {
    const tf_stream        *s;
    const tf_stream_layout *layout;
    bool                    begun;
    unsigned                refused; /**< Remarks that are errors. */
    unsigned                places;  /**< Decimals of values. */
    tf_row_texts            texts;
    tf_row_rates            rates;

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
