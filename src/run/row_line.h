/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A rated row as text: a line of lines.csv, or the row as it came with its
 * burden after it.  There has to be TF_RATED_ROOM for it, beside the row's own.
 */
#ifndef TF_RUN_ROW_LINE_H
#define TF_RUN_ROW_LINE_H

#include "run/row_texts.h"

/* Rates, the duty on the value, and what else is added. */
static inline void tf_put_burden(tf_text *to, char *at, int64_t value, const tf_rating *rating)
{
    at = tf_put_chunks(at, rating->rates, rating->rates_length);
    at += tf_put_duty(rating, value, at);
    at = tf_put_chunks(at, rating->after, rating->after_length);
    to->n = (size_t)(at - to->at);
}

static inline void tf_put_line(tf_text *to, const tf_line_rows *lines, const tf_shipment *shipment,
                               const tf_row_product *product, const tf_row_day *day,
                               const tf_rating *rating)
{
    tf_line_front front = {
        .hs = product->digits,
        .hs_length = product->length,
        .origin = tariff_country_alpha2((tariff_country){ shipment->origin }),
        .importer = tariff_country_alpha2((tariff_country){ shipment->importer }),
        .period = day->period,
        .period_length = day->length,
        .value = shipment->value,
    };
    char *at = tf_put_line_front(to->at + to->n, lines, &front);
    tf_put_burden(to, at, shipment->value, rating);
}

/** After the record as it came, of which whole chunks may be read. */
static inline void tf_put_rated(tf_text *to, tf_piece record, int64_t value,
                                const tf_rating *rating)
{
    char *at = tf_put_chunks(to->at + to->n, record.text, record.length);
    tf_put_burden(to, at, value, rating);
}

#endif
