/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The numbers of words in the rows of a window: products, periods, countries.
 */
#include "flows/bulk_column.h"
#include "value/hs.h"

/** Sixteen bytes at once. */
typedef unsigned char bytes __attribute__((vector_size(16)));

/** A word as it stands in a plain window, with the separator after it, which is in no word. */
typedef struct spelling {
    bytes text, mask;
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
    return (spelling){ { 1 }, { 0 } };
}

static TARIFF_ALWAYS_INLINE spelling spelling_of(tf_bulk_field field)
{
    static const unsigned char edge[2 * sizeof(bytes)] = { 255, 255, 255, 255, 255, 255, 255, 255,
                                                           255, 255, 255, 255, 255, 255, 255, 255 };
    if (field.length >= sizeof(bytes))
        return no_spelling();
    bytes mask = bytes_at(edge + sizeof(bytes) - 1 - field.length);
    return (spelling){ bytes_at(field.text) & mask, mask };
}

/* Are so many rows spelt like this, from one on? */
static TARIFF_ALWAYS_INLINE bool are_spelt(const tf_bulk_column *c, size_t from, size_t rows,
                                           const spelling *s)
{
    const uint16_t *bound = c->bounds + from * c->width;
    bytes           other = { 0 };
    for (size_t i = 0; i < rows; i++, bound += c->width)
        other |= (bytes_at(tf_bulk_start_after(c, bound)) & s->mask) ^ s->text;
    return is_zero(other);
}

/* Products and periods: files are mostly sorted by them */

/** The number of a word that is not known yet; false gives up. */
typedef bool (*learning)(tf_bulk_reader *r, tf_bulk_field field, uint32_t *number);

static bool learn_product(tf_bulk_reader *r, tf_bulk_field field, uint32_t *out)
{
    tariff_hs hs;
    *out = (uint32_t)r->codes.n;
    if (tf_hs_parse(field.text, field.length, &hs, NULL) != TARIFF_OK
        || !TF_ROOM(&r->arena, &r->codes)
        || tf_words_learn(&r->products, &r->arena, field.text, field.length, *out) != TARIFF_OK)
        return false;
    r->codes.at[r->codes.n++] = hs.key;
    return true;
}

static bool learn_period(tf_bulk_reader *r, tf_bulk_field field, uint32_t *out)
{
    tariff_span span;
    if (field.length == 0) {
        *out = TF_BULK_NO_PERIOD;
        return true;
    }
    if (tf_parse_period(field.text, field.length, &span, NULL) != TARIFF_OK
        || !TF_PUSH(&r->arena, &r->spans, span))
        return false;
    *out = (uint32_t)r->spans.n;
    return tf_words_learn(&r->periods, &r->arena, field.text, field.length, *out) == TARIFF_OK;
}

/* Of most, the table says it at the first look. */
static TARIFF_ALWAYS_INLINE bool read_word(tf_bulk_reader *r, tf_bulk_field field, tf_words *words,
                                           learning learn, uint32_t *out)
{
    tf_word word;
    return (words->n > 0 && field.length <= TF_COMMON_LENGTH
            && tf_word_of(field.text, field.length, &word)
            && tf_words_glance(tf_words_place(words, word), word, out))
           || tf_words_find(words, field.text, field.length, out) || learn(r, field, out);
}

/* Most of a large table is far away in memory: the words of a window are asked for together. */
static TARIFF_ALWAYS_INLINE void expect_word(const tf_words *words, tf_bulk_field field)
{
    tf_word word;
    if (words->n > 0 && tf_word_of(field.text, field.length, &word))
        __builtin_prefetch(tf_words_place(words, word));
}

/* Rows that are compared, or written, together. */
enum { TOGETHER = 8 };

/* The rows whose word is not that of the row before. */
static TARIFF_ALWAYS_INLINE size_t find_heads(const tf_bulk_column *c, bool plain, bool long_runs,
                                              const tf_words *words, uint16_t *heads)
{
    spelling      last = no_spelling();
    tf_bulk_field before = { NULL, SIZE_MAX };
    size_t        n = 0, i = 0, apart = 0;
    while (i < c->rows) {
        if (plain && long_runs && i >= apart && c->rows - i >= TOGETHER) {
            if (are_spelt(c, i, TOGETHER, &last)) {
                i += TOGETHER;
                continue;
            }
            apart = i + TOGETHER;
        }
        if (plain && are_spelt(c, i, 1, &last)) {
            i++;
            continue;
        }
        tf_bulk_field field = tf_bulk_field_of(c, i, plain);
        if (plain)
            last = spelling_of(field);
        else if (field.length == before.length && !memcmp(field.text, before.text, field.length)) {
            i++;
            continue;
        }
        before = field;
        heads[n++] = (uint16_t)i++;
        expect_word(words, field);
    }
    return n;
}

/* May write a few rows more than there are, which has to be allowed for. */
static inline void put_run(uint32_t *out, size_t from, size_t to, uint32_t number)
{
    for (size_t i = from; i < to; i += TOGETHER)
        for (size_t k = 0; k < TOGETHER; k++)
            out[i + k] = number;
}

static TARIFF_ALWAYS_INLINE bool read_runs(tf_bulk_reader *r, const tf_bulk_column *c, bool plain,
                                           tf_words *words, learning learn, size_t *jumps,
                                           uint32_t *out)
{
    const bool long_runs = *jumps < c->rows / (2 * TOGETHER);
    uint16_t  *heads = r->heads;
    size_t     n = find_heads(c, plain, long_runs, words, heads);
    heads[n] = (uint16_t)c->rows;
    for (size_t i = 0; i < n; i++) {
        uint32_t number;
        if (!read_word(r, tf_bulk_field_of(c, heads[i], plain), words, learn, &number))
            return false;
        put_run(out, heads[i], heads[i + 1], number);
    }
    *jumps = n;
    return true;
}

/** What a field is like if it is as long as that of the first row. */
typedef struct likeness {
    tf_word mask;
    size_t  length;
    char    end; /**< The separator after it. */
} likeness;

static likeness likeness_of(tf_bulk_field field)
{
    size_t length = field.length <= TF_COMMON_LENGTH ? field.length : 0;
    return (likeness){ tf_word_masks(length), length, field.text[length] };
}

/* False if the field is another one. */
static TARIFF_ALWAYS_INLINE bool word_of(const tf_bulk_column *c, size_t row, bool plain,
                                         const likeness *l, tf_word *out)
{
    if (!plain) {
        tf_bulk_field field = tf_bulk_field_of(c, row, false);
        return field.length <= TF_COMMON_LENGTH && tf_word_of(field.text, field.length, out);
    }
    const char *text = tf_bulk_start_after(c, c->bounds + row * c->width);
    memcpy(&out->a, text, 8);
    memcpy(&out->b, text + 8, 8);
    out->a &= l->mask.a;
    out->b &= l->mask.b;
    return text[l->length] == l->end;
}

static size_t count_jumps(const uint32_t *numbers, size_t rows)
{
    size_t n = 0;
    for (size_t i = 1; i < rows; i++)
        n += numbers[i] != numbers[i - 1];
    return n;
}

static TARIFF_ALWAYS_INLINE bool read_jumps(tf_bulk_reader *r, const tf_bulk_column *c, bool plain,
                                            tf_words *words, learning learn, size_t *jumps,
                                            uint32_t *out)
{
    enum { FAR = 1 << 11 };
    const likeness l = likeness_of(tf_bulk_field_of(c, 0, plain));
    tf_word        word;
    for (size_t i = 0; words->count > FAR && i < c->rows; i++)
        if (word_of(c, i, plain, &l, &word))
            __builtin_prefetch(tf_words_place(words, word));
    for (size_t i = 0; i < c->rows; i++) {
        if (word_of(c, i, plain, &l, &word)
            && tf_words_glance(tf_words_place(words, word), word, &out[i]))
            continue;
        tf_bulk_field field = tf_bulk_field_of(c, i, plain);
        if (!tf_words_find(words, field.text, field.length, &out[i]) && !learn(r, field, &out[i]))
            return false;
    }
    *jumps = count_jumps(out, c->rows);
    return true;
}

static TARIFF_ALWAYS_INLINE bool read_words(tf_bulk_reader *r, const tf_bulk_column *c,
                                            tf_words *words, learning learn, size_t *jumps,
                                            uint32_t *out)
{
    if (words->n == 0 || *jumps <= c->rows / 2)
        return c->plain ? read_runs(r, c, true, words, learn, jumps, out)
                        : read_runs(r, c, false, words, learn, jumps, out);
    return c->plain ? read_jumps(r, c, true, words, learn, jumps, out)
                    : read_jumps(r, c, false, words, learn, jumps, out);
}

bool tf_bulk_read_products(tf_bulk_reader *r, const tf_bulk_column *c, uint32_t *out)
{
    return read_words(r, c, &r->products, learn_product, &r->product_jumps, out);
}

bool tf_bulk_read_periods(tf_bulk_reader *r, const tf_bulk_column *c, uint32_t *out)
{
    return read_words(r, c, &r->periods, learn_period, &r->period_jumps, out);
}

/* Countries */

static bool learn_country(tf_bulk_reader *r, tf_words *words, tf_bulk_field field, uint32_t *number)
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

static bool learn_country_in(tf_bulk_reader *r, tf_words *words, tf_bulk_field field, uint16_t *out)
{
    uint32_t number;
    if (!learn_country(r, words, field, &number))
        return false;
    *out = (uint16_t)number;
    return true;
}

static TARIFF_ALWAYS_INLINE bool read_each_country(tf_bulk_reader *r, const tf_bulk_column *c,
                                                   bool plain, tf_words *words, uint16_t *out)
{
    for (size_t i = 0; i < c->rows; i++) {
        tf_bulk_field field = tf_bulk_field_of(c, i, plain);
        uint32_t      number = 0;
        bool          known = tf_words_quick(words, field.text, field.length, &number);
        out[i] = (uint16_t)number;
        if (!known && !learn_country_in(r, words, field, &out[i]))
            return false;
    }
    return true;
}

/* Most codes are as long as the first: with the separator after it, a code is what
 * tf_words_quick_text() looks for but for the last byte. */
static TARIFF_ALWAYS_INLINE bool read_plain_countries(tf_bulk_reader *r,
                                                      const tf_bulk_column *c,
                                                      tf_words *words, uint16_t *out)
{
    tf_bulk_field field = tf_bulk_field_of(c, 0, true);
    if (field.length > TF_QUICK_LENGTH)
        return read_each_country(r, c, true, words, out);
    uint64_t end = (unsigned char)field.text[field.length] ^ UINT64_C(0xff);
    uint64_t mask = tf_word_mask(field.length + 1), separator = end << 8 * field.length;
    const uint16_t *bound = c->bounds;
    for (size_t i = 0; i < c->rows; i++, bound += c->width) {
        uint64_t text;
        uint32_t number;
        memcpy(&text, tf_bulk_start_after(c, bound), sizeof text);
        bool known = tf_words_quick_text(words, (text & mask) ^ separator, &number);
        out[i] = (uint16_t)number;
        if (!known && !learn_country_in(r, words, tf_bulk_field_of(c, i, true), &out[i]))
            return false;
    }
    return true;
}

bool tf_bulk_read_origins(tf_bulk_reader *r, const tf_bulk_column *c, uint16_t *out)
{
    return c->plain ? read_plain_countries(r, c, &r->origins, out)
                    : read_each_country(r, c, false, &r->origins, out);
}

/* Importers are mostly all the same. */
static bool are_one(tf_bulk_reader *r, const tf_bulk_column *c, tf_words *words, uint16_t *out)
{
    uint32_t      number;
    tf_bulk_field first = tf_bulk_field_of(c, 0, true);
    if (!learn_country(r, words, first, &number))
        return false;
    const spelling all = spelling_of(first);
    if (!are_spelt(c, 0, c->rows, &all))
        return false;
    for (size_t i = 0; i < c->rows; i++)
        out[i] = (uint16_t)number;
    return true;
}

bool tf_bulk_read_importers(tf_bulk_reader *r, const tf_bulk_column *c, uint16_t *out)
{
    if (!c->plain)
        return read_each_country(r, c, false, &r->importers, out);
    return are_one(r, c, &r->importers, out) || read_plain_countries(r, c, &r->importers, out);
}

/* A row that says another country than all are set to has a warning, and so is not plain; what
 * cannot be read may be another one with blanks beside it. */
bool tf_bulk_are_all(tf_bulk_reader *r, const tf_bulk_column *c, tf_words *words, uint16_t all)
{
    for (size_t i = 0; i < c->rows; i++) {
        tf_bulk_field field = tf_bulk_field_of(c, i, c->plain);
        uint32_t      number = all;
        if (field.length > 0 && !learn_country(r, words, field, &number))
            return false;
        if (number != all)
            return false;
    }
    return true;
}
