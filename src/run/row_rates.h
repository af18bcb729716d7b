/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The rating of a row, by what one thread remembers: most rows repeat what
 * others said of product, origin, importer and day, and what is found for one
 * is the text to be added to all.  Memory is bounded.
 */
#ifndef TF_RUN_ROW_RATES_H
#define TF_RUN_ROW_RATES_H

#include "run/rate_card.h"
#include "run/row_memory.h"
#include "run/row_texts.h"

typedef struct tf_row_rates {
    const tf_stream *s;
    bool             by_card; /**< Days and `where` allow it. */
    tf_rater         rater;
    tf_rate_card     card;
    tf_row_memory    memory;
    tariff_status    status;
} tf_row_rates;

/** Made even if it fails: freed in any case. */
tariff_status tf_row_rates_init(tf_row_rates *rates, const tf_stream *stream);
void          tf_row_rates_free(tf_row_rates *rates);
/** Forget the card, if it is full or `all` numbers of products have changed. */
tariff_status tf_row_rates_tidy(tf_row_rates *rates, bool all);

/** May the card speak of a row? */
static inline bool tf_is_on_card(const tf_row_rates *rates, const tf_piece *row,
                                 const tf_shipment *shipment)
{
    return rates->by_card && row[TF_FLOW_CLAIMS].length + row[TF_FLOW_PARTS].length == 0
           && shipment->unit.id == 0;
}

/** The same as tf_row_rate(), where the card says nothing. */
const tf_rating *tf_row_rate_slowly(tf_row_rates *rates, const tf_piece *row,
                                    tf_shipment *shipment, uint32_t product,
                                    const tf_row_day *day);

/**
 * The rating of a row's shipment, valid until the next one; NULL is a doubt, or rates->status.
 * @param row      our columns, of which claims and parts are read.
 * @param product  its number, the same for the same code.
 */
static inline const tf_rating *tf_row_rate(tf_row_rates *rates, const tf_piece *row,
                                           tf_shipment *shipment, uint32_t product,
                                           const tf_row_day *day)
{
    if (tf_is_on_card(rates, row, shipment)) {
        tf_rate_place    place = { .product = product,
                                   .origin = shipment->origin,
                                   .importer = shipment->importer,
                                   .epoch = day->epoch };
        const tf_rating *rating = tf_rate_card_at(&rates->card, &place);
        if (rating)
            return rating;
    }
    return tf_row_rate_slowly(rates, row, shipment, product, day);
}

#endif
