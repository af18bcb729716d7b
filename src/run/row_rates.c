/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/row_rates.h"

static bool read_known(const tf_row_rates *r, const tf_piece *row, tf_overrides *out)
{
    const tf_book  *book = &r->s->law->book;
    const tf_piece *claims = &row[TF_FLOW_CLAIMS], *parts = &row[TF_FLOW_PARTS];
    out->claims = out->parts = 0;
    return tf_parse_claims(book, claims->text, claims->length, out, NULL) == TARIFF_OK
           && tf_parse_parts(book, parts->text, parts->length, out, NULL) == TARIFF_OK;
}

static const tf_rating *rate_anew(tf_row_rates *r, const tf_shipment *shipment, bool *kept)
{
    static const tf_rating outside = { .by_value = true, .outside = true };
    const tf_line_rows    *lines = r->s->lines;
    const tf_rating       *rating = NULL;
    *kept = true;
    if (lines && tf_is_outside(r->s->law, lines->where, shipment->hs, shipment->origin,
                               shipment->importer, shipment->days.from.days))
        return &outside;
    tariff_status status = tf_rate_shipment(&r->rater, shipment, &rating, kept);
    if (status != TARIFF_E_LIMIT && status != TARIFF_E_OVERFLOW)
        r->status = status;
    return status == TARIFF_OK ? rating : NULL;
}

static bool key_of(const tf_piece *row, const tf_shipment *s, uint64_t alike, tf_row_key *out)
{
    const tf_piece *claims = &row[TF_FLOW_CLAIMS], *parts = &row[TF_FLOW_PARTS];
    tf_word         words[2];
    if (!tf_word_of(claims->text, claims->length, &words[0])
        || !tf_word_of(parts->text, parts->length, &words[1]))
        return false;
    *out = (tf_row_key){ .alike = alike,
                         .hs = s->hs,
                         .countries = (uint64_t)s->origin << 16 | s->importer,
                         .claims = { words[0].a, words[0].b },
                         .parts = { words[1].a, words[1].b } };
    return true;
}

/* Of rows with the same texts; a quantity may make it another one. */
static const tf_rating *rate_singly(tf_row_rates *r, const tf_piece *row, tf_shipment *shipment,
                                    uint64_t alike)
{
    tf_row_key       key;
    bool             kept;
    bool             is_short = key_of(row, shipment, alike, &key);
    const tf_rating *known = is_short ? tf_recall(&r->memory, &key) : NULL;
    if (known && !(known->by_quantity && shipment->unit.id))
        return known;
    if (!read_known(r, row, &shipment->known))
        return NULL;
    const tf_rating *rating = rate_anew(r, shipment, &kept);
    if (rating && !known && is_short && rating->by_value)
        r->status = tf_remember(&r->memory, &key, rating, kept);
    return r->status == TARIFF_OK ? rating : NULL;
}

const tf_rating *tf_row_rate_slowly(tf_row_rates *r, const tf_piece *row, tf_shipment *shipment,
                                    uint32_t product, const tf_row_day *day)
{
    const tf_rating *rating = NULL;
    tf_rate_place    place = { product,           shipment->hs,        shipment->origin,
                               shipment->importer, day->days.from.days, day->epoch };
    if (tf_is_on_card(r, row, shipment)) {
        tariff_status status = tf_rate_card_fill(&r->card, &place, &rating);
        if (status != TARIFF_E_LIMIT && status != TARIFF_E_OVERFLOW)
            r->status = status;
        if (status != TARIFF_OK)
            return NULL;
    }
    return rating ? rating : rate_singly(r, row, shipment, day->alike);
}

/* Lists that 'where' names, and shares of a period, are no matter of an epoch. */
static bool goes_by_card(const tf_stream *s)
{
    return !s->lines
           || (!s->lines->where && s->lines->scenario->date_kind != TF_ON_PERIOD_AVERAGE);
}

tariff_status tf_row_rates_init(tf_row_rates *r, const tf_stream *s)
{
    memset(r, 0, sizeof *r);
    r->s = s;
    r->by_card = goes_by_card(s);
    tf_row_memory_init(&r->memory, s->env);
    TF_TRY(tf_rater_init(&r->rater, s->env, s->law, &s->rated));
    return tf_rate_card_open(&r->card, &r->rater, s->env);
}

void tf_row_rates_free(tf_row_rates *r)
{
    if (!r->s)
        return;
    tf_rate_card_close(&r->card);
    tf_rater_free(&r->rater);
    tf_row_memory_free(&r->memory);
}

tariff_status tf_row_rates_tidy(tf_row_rates *r, bool all)
{
    if (!all && !tf_rate_card_is_full(&r->card))
        return TARIFF_OK;
    tf_rate_card_close(&r->card);
    return tf_rate_card_open(&r->card, &r->rater, r->s->env);
}
