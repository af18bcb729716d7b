/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/stream_row.h"

#include "base/mix.h"
#include "value/hs.h"
#include "value/unit.h"

enum {
    KEY_WORDS = 10,
    MEMORY_SLOTS = 1 << 17,
    WAYS = 4, /* slots that a key may be in */
    MEMORY_TEXT = 32 * 1024 * 1024, /* when there is more of it, all is forgotten */
    CHUNK = 32 /* at most the padding */
};

/* Words */

static bool words_of(tf_piece field, uint64_t *a, uint64_t *b)
{
    uint64_t lo, hi;
    if (field.length > TF_PIECE_SHORT)
        return false;
    memcpy(&lo, field.text, 8);
    memcpy(&hi, field.text + 8, 8);
    if (field.length < 8)
        lo &= (UINT64_C(1) << 8 * field.length) - 1;
    if (field.length <= 8)
        hi = 0;
    else if (field.length < 16)
        hi &= (UINT64_C(1) << 8 * (field.length - 8)) - 1;
    *a = lo;
    *b = hi;
    return true;
}

/* Numbers: few digits with a point; all else by the careful parser. */
static bool read_decimal(tf_piece field, unsigned places, int64_t *out)
{
    static const int64_t powers[] = { 1,      10,      100,      1000,      10000,
                                      100000, 1000000, 10000000, 100000000, 1000000000 };
    const char *p = field.text, *end = p + field.length, *point = NULL;
    int64_t     value = 0;
    if (field.length > 0 && field.length <= 14) {
        for (; p < end; p++) {
            unsigned digit = (unsigned)(unsigned char)*p - '0';
            if (digit <= 9)
                value = value * 10 + digit;
            else if (*p == '.' && !point && p > field.text && p + 1 < end)
                point = p;
            else
                break;
        }
        size_t decimals = point ? (size_t)(end - point) - 1 : 0;
        if (p == end && decimals <= places && places - decimals <= 4) {
            *out = value * powers[places - decimals];
            return true;
        }
    }
    return tf_parse_decimal(field.text, field.length, places, "value", out, NULL) == TARIFF_OK;
}

/* Rows that nothing is remembered of: false is a doubt, or r->status */

/* A column has one list of countries, whose texts come again and again. */
static bool read_country(tf_row_rater *r, tf_piece field, uint16_t *out)
{
    tariff_country country;
    uint64_t       a, b;
    bool           is_short = words_of(field, &a, &b) && b == 0 && a != 0;
    size_t         slot = is_short ? tf_mix(0, a) & (TF_COUNTRY_SLOTS - 1) : 0;
    if (is_short && r->countries[slot].text == a) {
        *out = r->countries[slot].id;
        return true;
    }
    if (tf_parse_country(r->layout->profile.countries, field.text, field.length, &country, NULL)
        != TARIFF_OK)
        return false;
    *out = country.id;
    if (is_short) {
        r->countries[slot].text = a;
        r->countries[slot].id = country.id;
    }
    return true;
}

/* A row that says another country than is set for all is told of once, by the other lane. */
static bool country_of(tf_row_rater *r, uint16_t constant, bool warned, tf_piece field,
                       uint16_t *out)
{
    uint16_t said;
    if (constant == TARIFF_COUNTRY_NONE)
        return read_country(r, field, out);
    *out = constant;
    return warned || field.length == 0 || !read_country(r, field, &said) || said == constant;
}

/* Sorted files have the same code again and again. */
static bool read_code(tf_row_rater *r, tf_piece field, uint64_t *out)
{
    tariff_hs hs;
    uint64_t  a, b;
    bool      is_short = words_of(field, &a, &b);
    if (is_short && r->hs && a == r->hs_text[0] && b == r->hs_text[1]) {
        *out = r->hs;
        return true;
    }
    if (tf_hs_parse(field.text, field.length, &hs, NULL) != TARIFF_OK)
        return false;
    *out = hs.key;
    if (is_short) {
        r->hs = hs.key;
        r->hs_text[0] = a;
        r->hs_text[1] = b;
    }
    return true;
}

static bool read_known(const tf_row_rater *r, const tf_piece *row, tf_overrides *out)
{
    const tf_book *book = &r->rater.with.law->book;
    const tf_piece   *claims = &row[TF_FLOW_CLAIMS], *parts = &row[TF_FLOW_PARTS];
    out->claims = out->parts = 0;
    return tf_parse_claims(book, claims->text, claims->length, out, NULL) == TARIFF_OK
           && tf_parse_parts(book, parts->text, parts->length, out, NULL) == TARIFF_OK;
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

static bool read_shipment(tf_row_rater *r, const tf_piece *row, tf_shipment *out)
{
    const tf_stream_layout *all = r->layout;
    out->days = r->days;
    return read_code(r, row[TF_FLOW_HS], &out->hs)
           && country_of(r, all->origin, r->s->warned_origin, row[TF_FLOW_ORIGIN], &out->origin)
           && country_of(r, all->importer, r->s->warned_importer, row[TF_FLOW_IMPORTER],
                         &out->importer)
           && read_known(r, row, &out->known);
}

static const tf_rating *rate(tf_row_rater *r, const tf_shipment *shipment, bool *kept)
{
    static const tf_rating outside = { .by_value = true, .outside = true };
    const tf_line_rows    *lines = r->s->lines;
    const tf_rating       *rating = NULL;
    if (lines && tf_is_outside(r->s->law, lines->where, shipment->hs, shipment->origin,
                               shipment->importer, shipment->days.from.days)) {
        *kept = true;
        return &outside;
    }
    tariff_status    status = tf_rate_shipment(&r->rater, shipment, &rating, kept);
    if (status == TARIFF_E_LIMIT || status == TARIFF_E_OVERFLOW)
        return NULL;
    r->status = status;
    return status == TARIFF_OK && !tf_stream_refuses(r->s, rating->remarks) ? rating : NULL;
}

static void forget(tf_row_rater *r)
{
    memset(r->ratings, 0, MEMORY_SLOTS * sizeof(const tf_rating *));
    tf_arena_free(&r->texts);
    tf_arena_init(&r->texts, &r->s->env->allocator);
    r->text_bytes = 0;
}

/* In a free slot of its set, or in the place of another. */
static bool remember(tf_row_rater *r, const uint64_t *key, size_t set, const tf_rating *rating,
                     bool kept)
{
    if (!kept) {
        r->text_bytes += rating->rates_length + rating->after_length + sizeof *rating;
        if (r->text_bytes > MEMORY_TEXT)
            forget(r);
        rating = tf_rating_keep(&r->texts, rating);
        if (!rating) {
            r->status = TARIFF_E_NOMEM;
            return false;
        }
    }
    size_t slot = set;
    while (slot < set + WAYS && r->ratings[slot])
        slot++;
    if (slot == set + WAYS)
        slot = set + ++r->last % WAYS;
    r->ratings[slot] = rating;
    memcpy(r->keys + slot * r->layout->words, key, r->layout->words * sizeof *key);
    return true;
}

/* Output */

/* Mostly there is little to copy, and padding after it: it is copied by the chunk. */
static inline void put(tf_text *to, const char *bytes, size_t n)
{
    char *at = to->at + to->n;
    for (size_t i = 0; i < n; i += CHUNK)
        memcpy(at + i, bytes + i, CHUNK);
    to->n += n;
}

static bool letters_of(tf_row_rater *r, uint16_t constant, tf_piece field, const char **out)
{
    tariff_country country = { constant };
    if (constant == TARIFF_COUNTRY_NONE && !read_country(r, field, &country.id))
        return false;
    *out = tariff_country_alpha2(country);
    return true;
}

/* Digits alone; mostly there is nothing else. */
static bool digits_of(tf_piece field, char buf[13], const char **out, size_t *length)
{
    tariff_hs hs;
    unsigned  other = 0;
    for (size_t i = 0; i < field.length; i++)
        other |= (unsigned)(unsigned char)field.text[i] - '0' > 9;
    *out = field.text;
    *length = field.length;
    if (!other)
        return true;
    if (tf_hs_parse(field.text, field.length, &hs, NULL) != TARIFF_OK)
        return false;
    *out = buf;
    *length = tariff_hs_format(hs, buf);
    return true;
}

static bool put_front(tf_row_rater *r, const tf_piece *row, int64_t value)
{
    char          hs[13];
    tf_line_front front = { .period = r->period, .period_length = r->period_length,
                            .value = value };
    if (!digits_of(row[TF_FLOW_HS], hs, &front.hs, &front.hs_length)
        || !letters_of(r, r->layout->origin, row[TF_FLOW_ORIGIN], &front.origin)
        || !letters_of(r, r->layout->importer, row[TF_FLOW_IMPORTER], &front.importer))
        return false;
    tf_put_line_front(&r->out, r->s->lines, &front);
    return true;
}

static bool put_row(tf_row_rater *r, const tf_piece *row, tf_piece record,
                    const tf_rating *rating, int64_t value)
{
    if (rating->outside)
        return true;
    if (!tf_text_reserve(&r->out, record.length + TF_RATED_ROOM)) {
        r->status = TARIFF_E_NOMEM;
        return false;
    }
    if (!r->s->lines)
        put(&r->out, record.text, record.length);
    else if (!put_front(r, row, value))
        return false;
    put(&r->out, rating->rates, rating->rates_length);
    r->out.n += tf_put_duty(rating, value, r->out.at + r->out.n);
    put(&r->out, rating->after, rating->after_length);
    tf_stream_count(&r->tally, rating->remarks);
    return true;
}

/* Rows */

static bool read_day_of_entry(tf_row_rater *r, bool has_period, tariff_span period)
{
    const tf_stream *s = r->s;
    if ((s->dated && period.until.days - period.from.days > 1)
        || !tf_stream_day(s, has_period, period, &r->days.from.days))
        return false;
    r->days.until.days = r->days.from.days + 1;
    r->epoch = tf_law_epoch(s->law, r->days.from.days) + 1;
    return true;
}

/* Lists that 'where' names may change on days that are no epochs of the law. */
static bool read_days_of_line(tf_row_rater *r, bool has_period, tariff_span period)
{
    const tf_line_rows *lines = r->s->lines;
    if (!tf_line_days(r->s, has_period, period, &r->days))
        return false;
    if (lines->where || lines->scenario->date_kind == TF_ON_PERIOD_AVERAGE)
        r->epoch = ((uint64_t)(uint32_t)r->days.from.days << 32 | (uint32_t)r->days.until.days) + 1;
    else
        r->epoch = tf_law_epoch(r->s->law, r->days.from.days) + 1;
    r->period[0] = '\0';
    if (has_period)
        tf_format_period(period, r->period);
    r->period_length = strlen(r->period);
    return true;
}

/* The epoch of the row's days: the law says the same on all days of it. */
static bool read_day(tf_row_rater *r, tf_piece field)
{
    const tf_stream *s = r->s;
    uint64_t         a, b;
    tariff_span      period = { { 0 }, { 0 } };
    if (!words_of(field, &a, &b))
        return false;
    if (r->epoch && a == r->day_text[0] && b == r->day_text[1])
        return true;
    if (field.length && tf_parse_period(field.text, field.length, &period, NULL) != TARIFF_OK)
        return false;
    if (!(s->lines ? read_days_of_line(r, field.length > 0, period)
                   : read_day_of_entry(r, field.length > 0, period)))
        return false;
    r->day_text[0] = a;
    r->day_text[1] = b;
    return true;
}

/* The columns that decide beside the day, and how many words each is looked up by. */
static const struct {
    tf_flow_column column;
    size_t         words;
} deciding[] = { { TF_FLOW_HS, 2 },
                 { TF_FLOW_ORIGIN, 1 },
                 { TF_FLOW_IMPORTER, 1 },
                 { TF_FLOW_CLAIMS, 2 },
                 { TF_FLOW_PARTS, 2 } };

enum { DECIDING = sizeof deciding / sizeof deciding[0] };

static size_t words_of_key(const tf_stream_layout *all)
{
    size_t n = 1;
    for (size_t i = 0; i < DECIDING; i++)
        n += all->columns[deciding[i].column] < 0 ? 0 : deciding[i].words;
    return n;
}

/* The set of slots of the row's key; false if a text is too long to be looked up. */
static bool key_of(const tf_row_rater *r, const tf_piece *row, uint64_t key[KEY_WORDS], size_t *set)
{
    size_t   n = 1;
    uint64_t hash = key[0] = r->epoch;
    for (size_t i = 0; i < DECIDING; i++) {
        if (r->layout->columns[deciding[i].column] < 0)
            continue;
        if (row[deciding[i].column].length > 8 * deciding[i].words
            || !words_of(row[deciding[i].column], &key[n], &key[n + 1]))
            return false;
        for (size_t k = 0; k < deciding[i].words; k++)
            hash = tf_mix(hash, key[n++]);
    }
    *set = hash & (MEMORY_SLOTS - WAYS);
    return true;
}

static const tf_rating *recall(const tf_row_rater *r, const uint64_t *key, size_t set)
{
    size_t          words = r->layout->words;
    const uint64_t *keys = r->keys + set * words;
    for (size_t slot = set; slot < set + WAYS && r->ratings[slot]; slot++, keys += words) {
        uint64_t differ = 0;
        for (size_t i = 0; i < words; i++)
            differ |= keys[i] ^ key[i];
        if (!differ)
            return r->ratings[slot];
    }
    return NULL;
}

bool tf_rate_row(tf_row_rater *r, const tf_piece *row, tf_piece record)
{
    tf_shipment shipment;
    uint64_t    key[KEY_WORDS + 1];
    size_t      set = 0;
    bool        kept;
    if (!read_day(r, row[TF_FLOW_PERIOD])
        || !read_decimal(row[TF_FLOW_VALUE], 4 + r->layout->profile.scale, &shipment.value)
        || !read_quantity(r, row, &shipment))
        return false;
    bool             is_short = key_of(r, row, key, &set);
    const tf_rating *rating = is_short ? recall(r, key, set) : NULL;
    if (rating && !(rating->by_quantity && shipment.unit.id))
        return put_row(r, row, record, rating, shipment.value);
    bool known = rating != NULL;
    if (!read_shipment(r, row, &shipment) || !(rating = rate(r, &shipment, &kept)))
        return false;
    return put_row(r, row, record, rating, shipment.value)
           && (known || !is_short || !rating->by_value || remember(r, key, set, rating, kept));
}

/* Whole */

void tf_stream_layout_of(const tf_stream *s, tf_stream_layout *out)
{
    const tf_flows_spec *spec = tf_flows_what(s->flows);
    out->width = tf_csv_width(s->csv);
    out->profile = spec->profile;
    out->origin = spec->origin;
    out->importer = spec->importer;
    out->present_count = 0;
    for (int i = 0; i < TF_FLOW_COLUMNS; i++) {
        out->columns[i] = tf_flows_column(s->flows, (tf_flow_column)i);
        if (out->columns[i] >= 0)
            out->present[out->present_count++] = (tf_flow_column)i;
    }
    out->words = words_of_key(out);
}

static tariff_status begin(tf_row_rater *r)
{
    tariff_env *env = r->s->env;
    r->begun = true;
    r->out.env = env;
    tf_arena_init(&r->texts, &env->allocator);
    r->ratings = tf_alloc(env, MEMORY_SLOTS * sizeof(const tf_rating *));
    r->keys = tf_alloc(env, MEMORY_SLOTS * r->layout->words * sizeof *r->keys);
    TF_TRY(tf_rater_init(&r->rater, env, r->s->law, &r->s->rated));
    TF_NEED(r->ratings && r->keys);
    forget(r);
    return TARIFF_OK;
}

void tf_row_rater_start(tf_row_rater *r)
{
    r->out.n = 0;
    r->epoch = 0;
    memset(&r->tally, 0, sizeof r->tally);
    r->status = r->begun ? TARIFF_OK : begin(r);
}

void tf_row_rater_free(tf_row_rater *r)
{
    tariff_env *env = r->s->env;
    if (!r->begun)
        return;
    tf_rater_free(&r->rater);
    tf_arena_free(&r->texts);
    tf_free(env, r->ratings, MEMORY_SLOTS * sizeof(const tf_rating *));
    tf_free(env, r->keys, MEMORY_SLOTS * r->layout->words * sizeof *r->keys);
    tf_text_free(&r->out);
}
