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

/* A field of a plain window begins here. */
static inline const char *start_after(const column *c, const uint16_t *bound)
{
    return c->text + (int16_t)*bound + 1; /* before the first byte is -1 */
}

static inline const char *start_of(const column *c, size_t row)
{
    return start_after(c, c->bounds + row * c->width);
}

/** Sixteen bytes at once. */
typedef unsigned char bytes __attribute__((vector_size(16)));

/** A word as it stands in a plain window, with the separator after it, which is in no word. */
typedef struct spelling {
    bytes    text, mask;
    uint32_t number;
} spelling;

static TARIFF_ALWAYS_INLINE bytes bytes_at(const void *text)
{
    bytes b;
    memcpy(&b, text, sizeof b);
    return b;
}

static TARIFF_ALWAYS_INLINE bool is_zero(bytes b)
{
    uint64_t halves[2];
    memcpy(halves, &b, sizeof halves);
    return (halves[0] | halves[1]) == 0;
}

/* That no field has. */
static TARIFF_ALWAYS_INLINE spelling no_spelling(void)
{
    return (spelling){ { 1 }, { 0 }, 0 };
}

static TARIFF_ALWAYS_INLINE spelling spelling_of(piece field, uint32_t number)
{
    static const unsigned char edge[2 * sizeof(bytes)] = { 255, 255, 255, 255, 255, 255, 255, 255,
                                                           255, 255, 255, 255, 255, 255, 255, 255 };
    if (field.length >= sizeof(bytes))
        return no_spelling();
    bytes mask = bytes_at(edge + sizeof(bytes) - 1 - field.length);
    return (spelling){ bytes_at(field.text) & mask, mask, number };
}

/* Are so many rows spelt like this, from one on? */
static TARIFF_ALWAYS_INLINE bool are_spelt(const column *c, size_t from, size_t rows,
                                           const spelling *s)
{
    const uint16_t *bound = c->bounds + from * c->width;
    bytes           other = { 0 };
    for (size_t i = 0; i < rows; i++, bound += c->width)
        other |= (bytes_at(start_after(c, bound)) & s->mask) ^ s->text;
    return is_zero(other);
}

/* Rows that are compared together. */
enum { TOGETHER = 8 };

/* Products and periods */

/** The number of a word that may not be known yet; false gives up. */
typedef bool (*learning)(tf_bulk_reader *r, piece field, uint32_t *number);

/* Files are mostly sorted: by period, then by product.  After a product comes what came after it
 * the first time, and is near in memory. */
static bool follows(tf_bulk_reader *r, piece field, uint32_t *out)
{
    tf_word text;
    size_t  next = r->last_product + 1u;
    if (next >= r->spelt.n || !tf_word_of(field.text, field.length, &text)
        || text.a != r->spelt.at[next].a || text.b != r->spelt.at[next].b)
        return false;
    *out = (uint32_t)next;
    return true;
}

static bool meet_product(tf_bulk_reader *r, piece field, uint32_t *out)
{
    tariff_hs hs;
    tf_word   text;
    *out = (uint32_t)r->codes.n;
    if (tf_hs_parse(field.text, field.length, &hs, NULL) != TARIFF_OK
        || !tf_word_of(field.text, field.length, &text) || !TF_ROOM(&r->arena, &r->codes)
        || !TF_ROOM(&r->arena, &r->spelt)
        || tf_words_learn(&r->products, &r->arena, field.text, field.length, *out) != TARIFF_OK)
        return false;
    r->codes.at[r->codes.n++] = hs.key;
    r->spelt.at[r->spelt.n++] = text;
    return true;
}

static bool learn_product(tf_bulk_reader *r, piece field, uint32_t *out)
{
    if (!follows(r, field, out) && !tf_words_find(&r->products, field.text, field.length, out)
        && !meet_product(r, field, out))
        return false;
    r->last_product = *out;
    return true;
}

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

/* Most words are those of the row before, from one row to the next or in longer runs. */
static TARIFF_ALWAYS_INLINE bool read_runs(tf_bulk_reader *r, const column *c, bool plain,
                                           tf_words *words, learning learn, size_t *jumps,
                                           uint32_t *out)
{
    const bool long_runs = *jumps < c->rows / (2 * TOGETHER);
    spelling   last = no_spelling();
    size_t     n = 0, i = 0, apart = 0;
    while (i < c->rows) {
        if (plain && long_runs && i >= apart && c->rows - i >= TOGETHER) {
            if (are_spelt(c, i, TOGETHER, &last)) {
                for (size_t k = 0; k < TOGETHER; k++)
                    out[i++] = last.number;
                continue;
            }
            apart = i + TOGETHER;
        }
        if (plain && are_spelt(c, i, 1, &last)) {
            out[i++] = last.number;
            continue;
        }
        piece field = field_of(c, i, plain);
        if (!plain && tf_words_is_last(words, field.text, field.length)) {
            out[i++] = words->last_number;
            continue;
        }
        n++;
        if (!learn(r, field, &out[i]))
            return false;
        if (plain)
            last = spelling_of(field, out[i]);
        i++;
    }
    *jumps = n;
    return true;
}

/* Where they come in no order, most are far away in memory: they are asked for together. */
static TARIFF_ALWAYS_INLINE bool read_jumps(tf_bulk_reader *r, const column *c, bool plain,
                                            const tf_words *words, learning learn, size_t *jumps,
                                            uint32_t *out)
{
    enum { FAR = 1 << 11 };
    size_t n = 0;
    for (size_t i = 0; words->count > FAR && i < c->rows; i++) {
        piece field = field_of(c, i, plain);
        tf_words_expect(words, field.text, field.length);
    }
    for (size_t i = 0; i < c->rows; i++) {
        piece field = field_of(c, i, plain);
        if (!tf_words_glance(words, field.text, field.length, &out[i])
            && !learn(r, field, &out[i]))
            return false;
        n += i > 0 && out[i] != out[i - 1];
    }
    *jumps = n;
    return true;
}

static TARIFF_ALWAYS_INLINE bool read_words(tf_bulk_reader *r, const column *c, bool plain,
                                            tf_words *words, learning learn, size_t *jumps,
                                            uint32_t *out)
{
    return words->n > 0 && *jumps > c->rows / 4
               ? read_jumps(r, c, plain, words, learn, jumps, out)
               : read_runs(r, c, plain, words, learn, jumps, out);
}

/* Countries */

static bool learn_country(tf_bulk_reader *r, tf_words *words, piece field, uint32_t *number)
{
    tariff_country country;
    if (tf_words_quick(words, field.text, field.length, number)
        || tf_words_find(words, field.text, field.length, number))
        return true;
    if (tf_parse_country(r->bulk->layout.countries, field.text, field.length, &country, NULL)
        != TARIFF_OK)
        return false;
    *number = country.id;
    return tf_words_learn(words, &r->arena, field.text, field.length, country.id) == TARIFF_OK;
}

static bool learn_country_in(tf_bulk_reader *r, tf_words *words, piece field, uint16_t *out)
{
    uint32_t number;
    if (!learn_country(r, words, field, &number))
        return false;
    *out = (uint16_t)number;
    return true;
}

static TARIFF_ALWAYS_INLINE bool read_each_country(tf_bulk_reader *r, const column *c, bool plain,
                                                   tf_words *words, uint16_t *out)
{
    for (size_t i = 0; i < c->rows; i++) {
        piece    field = field_of(c, i, plain);
        uint32_t number = 0;
        bool     known = tf_words_quick(words, field.text, field.length, &number);
        out[i] = (uint16_t)number;
        if (!known && !learn_country_in(r, words, field, &out[i]))
            return false;
    }
    return true;
}

/* Most codes are as long as the first: with the separator after it, a code is what
 * tf_words_quick_text() looks for but for the last byte. */
static TARIFF_ALWAYS_INLINE bool read_plain_countries(tf_bulk_reader *r, const column *c,
                                                      tf_words *words, uint16_t *out)
{
    piece field = field_of(c, 0, true);
    if (field.length > TF_QUICK_LENGTH)
        return read_each_country(r, c, true, words, out);
    uint64_t end = (unsigned char)field.text[field.length] ^ UINT64_C(0xff);
    uint64_t mask = tf_word_mask(field.length + 1), separator = end << 8 * field.length;
    const uint16_t *bound = c->bounds;
    for (size_t i = 0; i < c->rows; i++, bound += c->width) {
        uint64_t text;
        uint32_t number;
        memcpy(&text, start_after(c, bound), sizeof text);
        bool known = tf_words_quick_text(words, (text & mask) ^ separator, &number);
        out[i] = (uint16_t)number;
        if (!known && !learn_country_in(r, words, field_of(c, i, true), &out[i]))
            return false;
    }
    return true;
}

static TARIFF_ALWAYS_INLINE bool read_countries(tf_bulk_reader *r, const column *c, bool plain,
                                                tf_words *words, uint16_t *out)
{
    return plain ? read_plain_countries(r, c, words, out)
                 : read_each_country(r, c, false, words, out);
}

/* Importers are mostly all the same. */
static bool are_one(tf_bulk_reader *r, const column *c, tf_words *words, uint16_t *out)
{
    uint32_t number;
    piece    first = field_of(c, 0, true);
    if (!learn_country(r, words, first, &number))
        return false;
    const spelling all = spelling_of(first, number);
    if (!are_spelt(c, 0, c->rows, &all))
        return false;
    for (size_t i = 0; i < c->rows; i++)
        out[i] = (uint16_t)number;
    return true;
}

/* A row that says another country than all are set to has a warning, and so is not plain; what
 * cannot be read may be another one with blanks beside it. */
static bool are_all(tf_bulk_reader *r, const column *c, tf_words *words, uint16_t all)
{
    for (size_t i = 0; i < c->rows; i++) {
        piece    field = field_of(c, i, false);
        uint32_t number = all;
        if (field.length > 0 && !learn_country(r, words, field, &number))
            return false;
        if (number != all)
            return false;
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
                                           bool mostly_one, int number, uint16_t all, tf_words *words,
                                           uint16_t *out)
{
    if (number < 0)
        return true;
    const column c = column_of(r, text, r->rows.n, number);
    if (plain && mostly_one && all == TARIFF_COUNTRY_NONE && are_one(r, &c, words, out))
        return true;
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
    return read_words(r, &products, plain, &r->products, learn_product, &r->product_jumps,
                      r->rows.product)
           && read_values(r, &values, plain)
           && read_side(r, text, plain, false, l->origin, l->all_origin, &r->origins, r->rows.origin)
           && read_side(r, text, plain, true, l->importer, l->all_importer, &r->importers,
                        r->rows.importer)
           && (l->period < 0
               || read_words(r, &periods, plain, &r->periods, learn_period, &r->period_jumps,
                             r->rows.period));
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
bool tf_bulk_returns_end_lines(const char *text, size_t length)
{
    const char *end = text + length, *at = text;
    while ((at = memchr(at, '\r', (size_t)(end - at))) != NULL)
        if (++at == end || *at != '\n')
            return false;
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
