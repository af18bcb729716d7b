/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The careful lane of a stream: row by row, with words for what is wrong.
 */
#include "run/stream.h"

enum { STRETCH = 4096, LONGEST_STRETCH = 1 << 20, FULL = 128 * 1024 };

/** The careful lane. */
typedef struct by_row {
    tf_stream *s;
    tf_rater   rater;
    tf_text    text;
    bool       good; /**< No row was bad so far. */
} by_row;

static void put(tf_text *to, const char *bytes, size_t n)
{
    memcpy(to->at + to->n, bytes, n);
    to->n += n;
}

/* Rows */

static tariff_status refuse(const tf_stream *s, tf_flow_column column, tariff_status status,
                            const char *hint, const char *message)
{
    return tf_csv_error(s->csv, tf_flows_column(s->flows, column), 0, status, hint, "%s", message);
}

static tariff_status read_day(const tf_stream *s, const tf_flow *flow, tf_shipment *out)
{
    if (s->dated && flow->has_period && flow->period.until.days - flow->period.from.days > 1)
        return refuse(s, TF_FLOW_PERIOD, TARIFF_E_VALUE, "write 2025-08-27",
                      "the date of an entry is a day");
    if (tf_stream_day(s, flow->has_period, flow->period, &out->days.from.days)) {
        out->days.until.days = out->days.from.days + 1;
        return TARIFF_OK;
    }
    return refuse(s, TF_FLOW_PERIOD, TARIFF_E_VALUE, "give the row a date, or --date for all",
                  "no day of entry is known");
}

static tariff_status read_known(const tf_stream *s, const tf_flow *flow, tf_shipment *out)
{
    tf_why         why;
    const tf_book *book = &s->law->book;
    bool           good = true;
    out->known.claims = out->known.parts = 0;
    if (tf_parse_claims(book, flow->claims.text, flow->claims.length, &out->known, &why)
        != TARIFF_OK) {
        tf_csv_because(s->csv, tf_flows_column(s->flows, TF_FLOW_CLAIMS), &why);
        good = false;
    }
    if (tf_parse_parts(book, flow->parts.text, flow->parts.length, &out->known, &why)
        != TARIFF_OK) {
        tf_csv_because(s->csv, tf_flows_column(s->flows, TF_FLOW_PARTS), &why);
        good = false;
    }
    return good ? TARIFF_OK : TARIFF_E_VALUE;
}

static tariff_status read_shipment(const tf_stream *s, const tf_flow *flow, tf_shipment *out)
{
    out->hs = flow->hs;
    out->origin = flow->origin;
    out->importer = flow->importer;
    out->value = flow->value;
    out->quantity = flow->quantity;
    out->unit = flow->unit;
    tariff_status known = read_known(s, flow, out);
    if (s->lines)
        return known; /* the days are known before */
    tariff_status day = read_day(s, flow, out);
    return known != TARIFF_OK ? known : day;
}

static tariff_status check(const tf_stream *s, tariff_status status, const tf_rating *const *rating)
{
    if (status == TARIFF_E_LIMIT)
        return refuse(s, TF_FLOW_HS, TARIFF_E_VALUE,
                      "at most 12 claims may be shared on one line",
                      "too many claims that are made for part of the trade");
    if (status == TARIFF_E_OVERFLOW)
        return refuse(s, TF_FLOW_VALUE, TARIFF_E_VALUE, NULL,
                      "the duty does not fit in exact arithmetic");
    TF_TRY(status);
    if (s->options->require_detail && (*rating)->remarks >> TF_COARSE & 1)
        return refuse(s, TF_FLOW_HS, TARIFF_E_VALUE,
                      "give the flows more digits: measures on them cannot be decided",
                      "the code is coarser than a code in force");
    if (tf_stream_refuses(s, (*rating)->remarks))
        return refuse(s, TF_FLOW_QUANTITY, TARIFF_E_VALUE,
                      "give a quantity in the unit of the duty",
                      "a specific duty cannot be assessed without a quantity in its unit");
    return TARIFF_OK;
}

static char *put_front(const by_row *r, char *to, const tf_flow *flow)
{
    char          hs[TF_SHORT_TEXT] = "", period[TF_SHORT_TEXT] = "";
    tf_line_front front = { .hs = hs,
                            .hs_length = tariff_hs_format((tariff_hs){ flow->hs }, hs),
                            .origin = tariff_country_alpha2((tariff_country){ flow->origin }),
                            .importer = tariff_country_alpha2((tariff_country){ flow->importer }),
                            .period = period,
                            .value = flow->value };
    if (flow->has_period)
        tf_format_period(flow->period, period);
    front.period_length = strlen(period);
    return tf_put_line_front(to, r->s->lines, &front);
}

static tariff_status put_row(by_row *r, const tf_rating *rating, const tf_flow *flow)
{
    tf_field record = tf_csv_record(r->s->csv);
    int64_t  value = flow->value;
    if (!tf_text_reserve(&r->text, record.length + TF_RATED_ROOM))
        return TARIFF_E_NOMEM;
    if (r->s->lines)
        r->text.n = (size_t)(put_front(r, r->text.at + r->text.n, flow) - r->text.at);
    else
        put(&r->text, record.text, record.length);
    put(&r->text, rating->rates, rating->rates_length);
    r->text.n += tf_put_duty(rating, value, r->text.at + r->text.n);
    put(&r->text, rating->after, rating->after_length);
    return TARIFF_OK;
}

static tariff_status flush(by_row *r)
{
    size_t n = r->text.n;
    r->text.n = 0;
    if (!r->s->lines)
        tf_progress(r->s->env, "rows", r->s->tally.rows, 0);
    TF_TRY(tf_sink_write(r->s->sink, r->text.at, n));
    return tf_sink_flush(r->s->sink);
}

/* What the reader of flows warns of once, and the other lane leaves to it until then. */

static bool replaces(const tf_stream *s, tf_flow_column column, uint16_t constant)
{
    tariff_country country;
    tf_field       field = tf_csv_field(s->csv, tf_flows_column(s->flows, column));
    return constant != TARIFF_COUNTRY_NONE && field.length > 0
           && tf_parse_country(tf_flows_what(s->flows)->profile.countries, field.text,
                               field.length, &country, NULL)
                  == TARIFF_OK
           && country.id != constant;
}

static void note_countries(tf_stream *s)
{
    const tf_flows_spec *spec = tf_flows_what(s->flows);
    s->warned_origin = s->warned_origin || replaces(s, TF_FLOW_ORIGIN, spec->origin);
    s->warned_importer = s->warned_importer || replaces(s, TF_FLOW_IMPORTER, spec->importer);
}

static void note_unit(tf_stream *s)
{
    tf_field unit = tf_csv_field(s->csv, tf_flows_column(s->flows, TF_FLOW_UNIT));
    if (tf_csv_field(s->csv, tf_flows_column(s->flows, TF_FLOW_QUANTITY)).length > 0
        && (unit.length == 0 || (unit.length == 1 && strchr("X-", unit.text[0]))))
        s->warned_unit = true;
}

static tariff_status take_row(by_row *r, const tf_flow *flow)
{
    tf_stream       *s = r->s;
    tf_shipment      shipment;
    const tf_rating *rating;
    bool             kept;
    if (s->lines
        && (!tf_line_days(s, flow->has_period, flow->period, &shipment.days)
            || tf_is_outside(s->law, s->lines->where, flow->hs, flow->origin, flow->importer,
                             shipment.days.from.days)))
        return TARIFF_OK;
    TF_TRY(read_shipment(s, flow, &shipment));
    TF_TRY(check(s, tf_rate_shipment(&r->rater, &shipment, &rating, &kept), &rating));
    if (!r->good)
        return TARIFF_OK;
    note_unit(s);
    note_countries(s);
    tf_stream_count(&s->tally, rating->remarks);
    TF_TRY(put_row(r, rating, flow));
    return r->text.n >= FULL || tf_csv_would_wait(s->csv) ? flush(r) : TARIFF_OK;
}

static bool is_of_a_row(tariff_status status)
{
    return status == TARIFF_E_VALUE || status == TARIFF_E_SCHEMA || status == TARIFF_E_REFERENCE
           || status == TARIFF_E_OVERFLOW;
}

/* Up to `rows` of them; all that are left once one was bad. */
static tariff_status read_rows(by_row *r, size_t rows, bool *more)
{
    tf_stream *s = r->s;
    tf_flow    flow;
    *more = true;
    for (size_t i = 0; *more && (i < rows || !r->good); i++) {
        tariff_status status = tf_flows_next(s->flows, &flow, more);
        if (i % STRETCH == STRETCH - 1 && tf_cancelled(s->env))
            return TARIFF_E_CANCELLED;
        if (status == TARIFF_OK && *more)
            status = take_row(r, &flow);
        if (status != TARIFF_OK && !is_of_a_row(status))
            return status;
        r->good = r->good && status == TARIFF_OK;
        if (!r->good && !tf_may_go_on(s->env)) {
            tf_place here = { .file = tf_csv_path(s->csv) };
            tf_note(s->env, &here, "stopped after %u errors", s->env->limits.max_errors);
            break;
        }
    }
    return r->good ? flush(r) : tf_end(s->env);
}

/* Row by row where it has to be; for longer and longer, where that happens often. */
static tariff_status read_all(tf_stream *s, by_row *r)
{
    tf_stream_blocks *blocks;
    tariff_status     status = TARIFF_OK;
    bool              more = true;
    TF_TRY(tf_stream_blocks_new(s, &blocks));
    for (size_t rows = STRETCH; more && status == TARIFF_OK;) {
        uint64_t before = s->tally.rows;
        if (blocks)
            status = tf_stream_blocks_run(blocks);
        bool often = s->tally.rows - before < rows;
        rows = !often ? STRETCH : rows < LONGEST_STRETCH ? rows * 2 : rows;
        if (status == TARIFF_OK)
            status = read_rows(r, rows, &more);
    }
    tf_stream_blocks_free(blocks);
    return status;
}

tariff_status tf_stream_rate(tf_stream *s)
{
    by_row        r = { .s = s, .text = { .env = s->env }, .good = true };
    tariff_status status = tf_rater_init(&r.rater, s->env, s->law, &s->rated);
    if (status == TARIFF_OK)
        status = read_all(s, &r);
    tf_rater_free(&r.rater);
    tf_text_free(&r.text);
    return status;
}
