/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/stream_row.h"

#include "flows/plain_value.h"
#include "run/row_line.h"
#include "value/unit.h"

/* What a row says: false is a doubt */

static inline bool read_decimal(tf_piece field, unsigned places, int64_t *out)
{
    return tf_plain_value(field.text + field.length, field.length, places, out)
           || tf_parse_decimal(field.text, field.length, places, "value", out, NULL) == TARIFF_OK;
}

/* Quantities without a unit are told of once, by the other lane. */
static bool read_quantity(const tf_row_rater *r, const tf_piece *row, tf_shipment *out)
{
    const tf_piece *quantity = &row[TF_FLOW_QUANTITY], *unit = &row[TF_FLOW_UNIT];
    out->quantity = 0;
    out->unit.id = 0;
    if (quantity->length == 0)
        return true;
    if (unit->length == 0 || (unit->length == 1 && (*unit->text == 'X' || *unit->text == '-')))
        return r->s->warned_unit;
    return tf_parse_unit(unit->text, unit->length, &out->unit, NULL) == TARIFF_OK
           && read_decimal(*quantity, 4, &out->quantity);
}

/* Rows */

bool tf_rate_row(tf_row_rater *r, const tf_piece *row, tf_piece record)
{
    uint32_t          number;
    tf_shipment       shipment;
    const tf_row_day *day = tf_read_day(&r->texts, row[TF_FLOW_PERIOD]);
    if (!day || !tf_read_product(&r->texts, row[TF_FLOW_HS], &number)
        || !tf_read_origin(&r->texts, row[TF_FLOW_ORIGIN], &shipment.origin)
        || !tf_read_importer(&r->texts, row[TF_FLOW_IMPORTER], &shipment.importer)
        || !read_decimal(row[TF_FLOW_VALUE], r->places, &shipment.value)
        || !read_quantity(r, row, &shipment))
        return false;
    const tf_row_product *product = &r->texts.product.at[number];
    shipment.hs = product->hs;
    shipment.days = day->days;
    const tf_rating *rating = tf_row_rate(&r->rates, row, &shipment, number, day);
    r->status = r->rates.status;
    if (!rating || rating->remarks & r->refused)
        return false;
    if (rating->outside)
        return true;
    if (!tf_text_reserve(&r->out, record.length + TF_RATED_ROOM)) {
        r->status = TARIFF_E_NOMEM;
        return false;
    }
    if (r->s->lines)
        tf_put_line(&r->out, r->s->lines, &shipment, product, day, rating);
    else
        tf_put_rated(&r->out, record, shipment.value, rating);
    tf_stream_count(&r->tally, rating->remarks);
    return true;
}

/* Whole */

static tariff_status begin(tf_row_rater *r)
{
    r->begun = true;
    r->out.env = r->s->env;
    r->places = 4 + r->layout->profile.scale;
    for (unsigned i = 0; i < TF_REMARKS; i++)
        r->refused |= (unsigned)tf_stream_refuses(r->s, 1u << i) << i;
    tf_row_texts_init(&r->texts, r->s, r->layout);
    return tf_row_rates_init(&r->rates, r->s);
}

/* What is no longer small is found out anew. */
static tariff_status tidy(tf_row_rater *r)
{
    bool many = tf_row_texts_are_many(&r->texts);
    if (many) {
        tf_row_texts_free(&r->texts);
        tf_row_texts_init(&r->texts, r->s, r->layout);
    }
    return tf_row_rates_tidy(&r->rates, many);
}

void tf_row_rater_start(tf_row_rater *r)
{
    r->out.n = 0;
    memset(&r->tally, 0, sizeof r->tally);
    r->status = r->begun ? tidy(r) : begin(r);
}

void tf_row_rater_free(tf_row_rater *r)
{
    if (!r->begun)
        return;
    tf_row_rates_free(&r->rates);
    tf_row_texts_free(&r->texts);
    tf_text_free(&r->out);
}
