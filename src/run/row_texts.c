/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/row_texts.h"

#include "value/hs.h"

enum { MANY = 1 << 18 };

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
}

void tf_row_texts_init(tf_row_texts *t, const tf_stream *s, const tf_stream_layout *layout)
{
    memset(t, 0, sizeof *t);
    t->s = s;
    t->layout = layout;
    tf_arena_init(&t->arena, &s->env->allocator);
}

void tf_row_texts_free(tf_row_texts *t)
{
    tf_arena_free(&t->arena);
}

bool tf_row_texts_are_many(const tf_row_texts *t)
{
    return t->product.n + t->day.n + t->origins.n + t->importers.n > MANY;
}

/* Products */

void tf_row_product_of(uint64_t hs, tf_row_product *out)
{
    memset(out, 0, sizeof *out);
    out->hs = hs;
    out->length = tariff_hs_format((tariff_hs){ hs }, out->digits);
}

bool tf_learn_product(tf_row_texts *t, tf_piece field, uint32_t *number)
{
    tariff_hs      hs;
    tf_row_product fresh;
    if (tf_words_find(&t->products, field.text, field.length, number))
        return true;
    if (tf_hs_parse(field.text, field.length, &hs, NULL) != TARIFF_OK)
        return false;
    tf_row_product_of(hs.key, &fresh);
    *number = (uint32_t)t->product.n;
    return TF_ROOM(&t->arena, &t->product)
           && tf_words_learn(&t->products, &t->arena, field.text, field.length, *number)
                  == TARIFF_OK
           && TF_PUSH(&t->arena, &t->product, fresh);
}

/* Countries */

bool tf_learn_country(tf_row_texts *t, tf_words *words, tf_piece field, uint16_t *out)
{
    tariff_country country;
    uint32_t       number;
    if (tf_words_find(words, field.text, field.length, &number)) {
        *out = (uint16_t)number;
        return true;
    }
    if (tf_parse_country(t->layout->profile.countries, field.text, field.length, &country, NULL)
        != TARIFF_OK)
        return false;
    *out = country.id;
    return field.length > TF_WORD_LENGTH
           || tf_words_learn(words, &t->arena, field.text, field.length, country.id) == TARIFF_OK;
}

bool tf_is_as_set(tf_row_texts *t, tf_words *words, uint16_t set, bool warned, tf_piece field)
{
    uint16_t said;
    return warned || field.length == 0 || !tf_read_country(t, words, field, &said) || said == set;
}

/* Days */

static bool find_day_of_entry(const tf_stream *s, bool has_period, tariff_span period,
                              tf_row_day *out)
{
    if ((s->dated && period.until.days - period.from.days > 1)
        || !tf_stream_day(s, has_period, period, &out->days.from.days))
        return false;
    out->days.until.days = out->days.from.days + 1;
    return true;
}

/* Lists that 'where' names may change on days that are no epochs of the law. */
bool tf_row_day_of(const tf_stream *s, bool has_period, tariff_span period, tf_row_day *out)
{
    const tf_line_rows *lines = s->lines;
    memset(out, 0, sizeof *out);
    out->known = lines ? tf_line_days(s, has_period, period, &out->days)
                       : find_day_of_entry(s, has_period, period, out);
    if (!out->known)
        return false;
    out->epoch = (uint32_t)tf_law_epoch(s->law, out->days.from.days);
    out->alike = out->epoch;
    if (lines && (lines->where || lines->scenario->date_kind == TF_ON_PERIOD_AVERAGE))
        out->alike = (uint64_t)(uint32_t)out->days.from.days << 32
                     | (uint32_t)out->days.until.days;
    if (lines && has_period) {
        tf_format_period(period, out->period);
        out->length = strlen(out->period);
    }
    return true;
}

static bool look_at_day(const tf_row_texts *t, tf_piece field, tf_row_day *out)
{
    tariff_span period = { { 0 }, { 0 } };
    bool        given = field.length > 0;
    return !(given && tf_parse_period(field.text, field.length, &period, NULL) != TARIFF_OK)
           && tf_row_day_of(t->s, given, period, out);
}

const tf_row_day *tf_learn_day(tf_row_texts *t, tf_piece field)
{
    uint32_t   number = 0;
    tf_row_day fresh = { .known = false };
    if (t->day.n == 0 && !TF_PUSH(&t->arena, &t->day, fresh))
        return NULL;
    if (field.length == 0) {
        tf_row_day *none = &t->day.at[0];
        return none->known || look_at_day(t, field, none) ? none : NULL;
    }
    if (tf_words_find(&t->days, field.text, field.length, &number))
        return &t->day.at[number];
    number = (uint32_t)t->day.n;
    if (!look_at_day(t, field, &fresh) || !TF_ROOM(&t->arena, &t->day)
        || tf_words_learn(&t->days, &t->arena, field.text, field.length, number) != TARIFF_OK
        || !TF_PUSH(&t->arena, &t->day, fresh))
        return NULL;
    return &t->day.at[number];
}
