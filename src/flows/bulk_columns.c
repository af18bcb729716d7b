/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The rows of a window of text, column by column: what is done to one field is
 * done to that of the next row before anything else, and depends on nothing of
 * it.
 */
#include "flows/bulk_reader.h"
#include "flows/plain_value.h"
#include "flows/plain_values.h"
#include "value/decimal.h"
#include "value/hs.h"

typedef struct piece {
    const char *text;
    size_t      length;
} piece;

/** A column of a window. */
typedef struct column {
    const char     *text;
    const uint16_t *bounds; /**< Of its field in the first row. */
    size_t          width, rows;
    bool            returns; /**< A carriage return may end its fields. */
} column;

static column column_of(const tf_bulk_reader *r, const char *text, size_t rows, int number)
{
    const tf_separators *s = &r->separators;
    size_t               width = r->bulk->layout.width;
    return (column){ text, s->bounds + number, width, rows,
                     s->returns && (size_t)number + 1 == width };
}

/* Between separators, without the quotes around it.  In `plain` windows there are no quotes and
 * carriage returns: a constant to the compiler. */
static TARIFF_ALWAYS_INLINE piece field_of(const column *c, size_t row, bool plain)
{
    const uint16_t *bounds = c->bounds + row * c->width;
    size_t          start = (uint16_t)(bounds[0] + 1), end = bounds[1];
    if (!plain) {
        if (c->returns && end > start && c->text[end - 1] == '\r')
            end--;
        if (end - start >= 2 && c->text[start] == '"' && c->text[end - 1] == '"') {
            start++;
            end--;
        }
    }
    return (piece){ c->text + start, end - start };
}

/* Products */

/* Files are mostly sorted: by period, then by product.  After a product comes what came after it
 * the first time. */
static bool follows(tf_bulk_reader *r, piece field, uint32_t *number)
{
    tf_word text;
    size_t  next = r->products.last.number + 1u;
    if (next >= r->products.list.n || !tf_word_of(field.text, field.length, &text))
        return false;
    const tf_known_word *word = &r->products.list.at[next];
    if (word->text.a != text.a || word->text.b != text.b)
        return false;
    tf_words_at(&r->products, word);
    *number = word->number;
    return true;
}

static bool learn_product(tf_bulk_reader *r, piece field, uint32_t *out)
{
    tariff_hs hs;
    if (follows(r, field, out))
        return true;
    r->jumps++;
    if (tf_words_find(&r->products, field.text, field.length, out))
        return true;
    *out = (uint32_t)r->codes.n;
    if (tf_hs_parse(field.text, field.length, &hs, NULL) != TARIFF_OK
        || !tf_vec_reserve(&r->arena, &r->codes.at, &r->codes.room, r->codes.n + 1,
                           sizeof r->codes.at[0])
        || tf_words_learn(&r->products, &r->arena, field.text, field.length, *out) != TARIFF_OK)
        return false;
    r->codes.at[r->codes.n++] = hs.key;
    return true;
}

/* Where products come in no order, most are far away in memory: they are asked for together. */
static TARIFF_ALWAYS_INLINE void expect_products(tf_bulk_reader *r, const column *c, bool plain)
{
    uint32_t *slots = r->rows.product; /* until the products are there */
    for (size_t i = 0; i < c->rows; i++) {
        piece field = field_of(c, i, plain);
        slots[i] = tf_words_expect(&r->products, field.text, field.length);
    }
    for (size_t i = 0; i < c->rows; i++)
        tf_words_await(&r->products, slots[i]);
}

static TARIFF_ALWAYS_INLINE bool read_products(tf_bulk_reader *r, const column *c, bool plain)
{
    uint32_t number = 0;
    if (r->products.count > 0 && r->jumps > c->rows / 4)
        expect_products(r, c, plain);
    r->jumps = 0;
    for (size_t i = 0; i < c->rows; i++) {
        piece field = field_of(c, i, plain);
        if (tf_words_is_last(&r->products, field.text, field.length))
            number = r->products.last.number;
        else if (!learn_product(r, field, &number))
            return false;
        r->rows.product[i] = number;
    }
    return true;
}

/* Countries */

static bool learn_country(tf_bulk_reader *r, tf_words *words, piece field, uint32_t *number)
{
    tariff_country country;
    if (tf_words_find(words, field.text, field.length, number))
        return true;
    if (tf_parse_country(r->bulk->layout.countries, field.text, field.length, &country, NULL)
        != TARIFF_OK)
        return false;
    *number = country.id;
    return tf_words_learn(words, &r->arena, field.text, field.length, country.id) == TARIFF_OK;
}

static TARIFF_ALWAYS_INLINE bool read_countries(tf_bulk_reader *r, const column *c, bool plain,
                                                tf_words *words, uint16_t *out)
{
    for (size_t i = 0; i < c->rows; i++) {
        piece    field = field_of(c, i, plain);
        uint32_t number;
        if (!tf_words_quick(words, field.text, field.length, &number)
            && !learn_country(r, words, field, &number))
            return false;
        out[i] = (uint16_t)number;
    }
    return true;
}

/* A row that says another country than all are set to has a warning, and so is not plain; what
 * cannot be read may be another one with blanks beside it. */
static bool are_all(tf_bulk_reader *r, const column *c, tf_words *words, uint16_t all)
{
    for (size_t i = 0; i < c->rows; i++) {
        piece    field = field_of(c, i, false);
        uint32_t number = all;
        if (field.length > 0 && !tf_words_quick(words, field.text, field.length, &number)
            && !learn_country(r, words, field, &number))
            return false;
        if (number != all)
            return false;
    }
    return true;
}

/* Periods */

static bool learn_period(tf_bulk_reader *r, piece field, uint32_t *out)
{
    tariff_span span;
    if (field.length == 0) {
        *out = TF_BULK_NO_PERIOD;
        return true;
    }
    if (tf_words_find(&r->periods, field.text, field.length, out))
        return true;
    if (tf_parse_period(field.text, field.length, &span, NULL) != TARIFF_OK
        || !TF_PUSH(&r->arena, &r->spans, span))
        return false;
    *out = (uint32_t)r->spans.n;
    return tf_words_learn(&r->periods, &r->arena, field.text, field.length, *out) == TARIFF_OK;
}

static TARIFF_ALWAYS_INLINE bool read_periods(tf_bulk_reader *r, const column *c, bool plain)
{
    uint32_t number = TF_BULK_NO_PERIOD;
    for (size_t i = 0; i < c->rows; i++) {
        piece field = field_of(c, i, plain);
        if (tf_words_is_last(&r->periods, field.text, field.length))
            number = r->periods.last.number;
        else if (!learn_period(r, field, &number))
            return false;
        r->rows.period[i] = number;
    }
    return true;
}

/* Values */

static bool read_value(const tf_bulk_reader *r, piece field, int64_t *out)
{
    const unsigned places = r->bulk->layout.places;
    return tf_plain_value(field.text + field.length, field.length, places, out)
           || (field.length > 0
               && tf_parse_decimal(field.text, field.length, places, "value", out, NULL)
                      == TARIFF_OK);
}

/* None is negative. */
static void add_values(tf_bulk_rows *rows)
{
    uint64_t bits = 0, sum = 0;
    for (size_t i = 0; i < rows->n; i++) {
        bits |= (uint64_t)rows->value[i];
        sum += (uint64_t)rows->value[i];
    }
    rows->bits = bits;
    rows->sizes = sum;
    rows->sum = (int64_t)sum;
}

static TARIFF_ALWAYS_INLINE bool read_values(tf_bulk_reader *r, const column *c, bool plain)
{
    int64_t *values = r->rows.value;
    bool     odd = !plain
               || tf_plain_values(c->text, c->bounds, c->width, c->rows, r->bulk->layout.places,
                                  values);
    for (size_t i = 0; odd && i < c->rows; i++)
        if ((!plain || values[i] == TF_NOT_PLAIN) && !read_value(r, field_of(c, i, plain), &values[i]))
            return false;
    add_values(&r->rows);
    return true;
}

/* All columns */

static TARIFF_ALWAYS_INLINE bool read_side(tf_bulk_reader *r, const char *text, bool plain,
                                           int number, uint16_t all, tf_words *words,
                                           uint16_t *out)
{
    if (number < 0)
        return true;
    const column c = column_of(r, text, r->rows.n, number);
    return all == TARIFF_COUNTRY_NONE ? read_countries(r, &c, plain, words, out)
                                      : are_all(r, &c, words, all);
}

static TARIFF_ALWAYS_INLINE bool read_columns(tf_bulk_reader *r, const char *text, bool plain)
{
    const tf_bulk_layout *l = &r->bulk->layout;
    const size_t          n = r->rows.n;
    const column          products = column_of(r, text, n, l->hs);
    const column          values = column_of(r, text, n, l->value);
    const column          periods = column_of(r, text, n, l->period < 0 ? 0 : l->period);
    return read_products(r, &products, plain) && read_values(r, &values, plain)
           && read_side(r, text, plain, l->origin, l->all_origin, &r->origins, r->rows.origin)
           && read_side(r, text, plain, l->importer, l->all_importer, &r->importers,
                        r->rows.importer)
           && (l->period < 0 || read_periods(r, &periods, plain));
}

/* Quotes only around a whole field, and doubled inside: then any parser finds the same fields. */
static bool is_well_quoted(const char *text, size_t start, size_t end)
{
    if (start == end || text[start] != '"')
        return !memchr(text + start, '"', end - start);
    if (end - start < 2 || text[end - 1] != '"')
        return false;
    for (start++, end--; start < end; start++)
        if (text[start] == '"' && (++start == end || text[start] != '"'))
            return false;
    return true;
}

/* A carriage return before the newline belongs to it. */
static size_t end_of(const tf_separators *s, const char *text, size_t field)
{
    size_t end = s->bounds[field + 1];
    return text[end] == '\n' && end > 0 && text[end - 1] == '\r' ? end - 1 : end;
}

static bool are_well_quoted(const tf_separators *s, const char *text, size_t fields)
{
    for (size_t i = 0; i < fields; i++) {
        size_t start = (uint16_t)(s->bounds[i] + 1), end = end_of(s, text, i);
        if (end < start || !is_well_quoted(text, start, end))
            return false;
    }
    return true;
}

/* Elsewhere than before a newline it is a reason to give up. */
bool tf_bulk_returns_end_lines(const tf_separators *s, const char *text, size_t lines)
{
    size_t begin = 0;
    for (size_t i = 0; i < lines; begin = s->line_end[i++] + 1u) {
        size_t      end = s->line_end[i];
        const char *found = memchr(text + begin, '\r', end - begin);
        if (found && found + 1 != text + end)
            return false;
    }
    return true;
}

bool tf_bulk_read_columns(tf_bulk_reader *r, const char *text, size_t lines)
{
    const tf_separators *s = &r->separators;
    r->rows.n = lines;
    r->rows.first_line = r->line;
    if (!s->quotes && !s->returns)
        return read_columns(r, text, true);
    return !s->hidden
           && (!s->quotes || are_well_quoted(s, text, lines * r->bulk->layout.width))
           && read_columns(r, text, false);
}

static void fill(uint16_t *countries, uint16_t country)
{
    for (size_t i = 0; i < TF_BULK_ROWS; i++)
        countries[i] = country;
}

void tf_bulk_fill_columns(tf_bulk_reader *r)
{
    const tf_bulk_layout *l = &r->bulk->layout;
    fill(r->rows.origin, l->all_origin);
    fill(r->rows.importer, l->all_importer);
    for (size_t i = 0; i < TF_BULK_ROWS; i++)
        r->rows.period[i] = TF_BULK_NO_PERIOD;
}
