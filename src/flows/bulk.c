/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flows/bulk.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "flows/words.h"
#include "value/decimal.h"
#include "value/hs.h"

#include <pthread.h>
#include <stdatomic.h>

enum { PADDING = 64 };

/** What our columns are in the file; -1: nowhere. */
typedef struct layout {
    int      hs, origin, importer, period, value;
    uint16_t all_origin, all_importer; /**< TARIFF_COUNTRY_NONE: each row its own. */
    size_t   width;
    unsigned places; /**< Decimal places of a value of 1e-4. */
    tf_country_list countries;
} layout;

struct tf_bulk {
    tariff_env     *env;
    tf_csv         *csv;
    layout          layout;
    pthread_mutex_t lock; /**< Of all that follows: blocks are read in order. */
    tf_arena        arena;
    bool            at_end;
    TF_VEC(uint32_t) lines; /**< By block: how many it has, once it is read. */
    uint32_t        first_line;
    atomic_bool     gave_up;
};

/** The text of a product, to know it again where it follows the one it followed before. */
typedef struct product {
    tf_known_word word;
    size_t        length;
} product;

struct tf_bulk_reader {
    tf_bulk      *bulk;
    tariff_env   *env;
    tf_arena      arena;
    tf_words      products, origins, importers, periods;
    TF_VEC(uint64_t) codes;
    TF_VEC(product) texts; /**< Of products, by number. */
    TF_VEC(tariff_span) spans; /**< Of periods, from 1. */
    uint32_t      block, line;
    size_t        at, end; /**< Of the text not read yet. */
    bool          begun;
    tf_separators separators;
    tf_bulk_row   rows[TF_BULK_ROWS];
    char          text[TF_BULK_BLOCK + PADDING];
};

/* The file */

static bool is_plain(tariff_env *env, const tf_flows *flows, const tf_flows_spec *spec)
{
    const tariff_limits *limits = &env->limits;
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ /* texts are compared as words */
           && tf_file_size(spec->path) > 0 /* what cannot be read again is read once, with care */
           && !tf_flows_has_rules(flows)
           && limits->max_field >= TF_SEPARATORS_WINDOW
           && limits->max_record >= TF_SEPARATORS_WINDOW
           && tf_flows_column(flows, TF_FLOW_CLAIMS) < 0
           && tf_flows_column(flows, TF_FLOW_PARTS) < 0
           && tf_flows_column(flows, TF_FLOW_QUANTITY) < 0;
}

tariff_status tf_bulk_begin(tariff_env *env, tf_flows *flows, tf_bulk **out)
{
    const tf_flows_spec *spec = tf_flows_what(flows);
    *out = NULL;
    if (!is_plain(env, flows, spec))
        return TARIFF_OK;
    tf_bulk *bulk = tf_alloc(env, sizeof *bulk);
    TF_NEED(bulk);
    memset(bulk, 0, sizeof *bulk);
    bulk->env = env;
    bulk->csv = tf_flows_csv(flows);
    bulk->layout = (layout){ .hs = tf_flows_column(flows, TF_FLOW_HS),
                             .origin = tf_flows_column(flows, TF_FLOW_ORIGIN),
                             .importer = tf_flows_column(flows, TF_FLOW_IMPORTER),
                             .period = tf_flows_column(flows, TF_FLOW_PERIOD),
                             .value = tf_flows_column(flows, TF_FLOW_VALUE),
                             .all_origin = spec->origin,
                             .all_importer = spec->importer,
                             .width = tf_csv_width(bulk->csv),
                             .places = 4 + spec->profile.scale,
                             .countries = spec->profile.countries };
    bulk->first_line = tf_csv_next_line(bulk->csv);
    tf_arena_init(&bulk->arena, &env->allocator);
    pthread_mutex_init(&bulk->lock, NULL);
    *out = bulk;
    return TARIFF_OK;
}

void tf_bulk_end(tf_bulk *bulk)
{
    if (!bulk)
        return;
    pthread_mutex_destroy(&bulk->lock);
    tf_arena_free(&bulk->arena);
    tf_free(bulk->env, bulk, sizeof *bulk);
}

bool tf_bulk_gave_up(const tf_bulk *bulk)
{
    return atomic_load(&bulk->gave_up);
}

uint32_t *tf_bulk_lines(const tf_bulk *bulk, tf_arena *arena)
{
    uint32_t *lines = TF_ARRAY(arena, uint32_t, bulk->lines.n + 1);
    if (lines)
        lines[0] = bulk->first_line;
    for (size_t i = 0; lines && i < bulk->lines.n; i++)
        lines[i + 1] = lines[i] + bulk->lines.at[i];
    return lines;
}

/* What cannot be read gives up in silence: bad rows before it are told of first.  So does a long
 * line. */
static tariff_status take_lines(tf_bulk_reader *r, size_t *n)
{
    tf_hush       hush = tf_hush_begin(r->env);
    tariff_status status = tf_csv_take_lines(r->bulk->csv, r->text, TF_BULK_BLOCK, n);
    tf_hush_end(r->env, &hush);
    if (status == TARIFF_OK || status == TARIFF_E_NOMEM)
        return status;
    atomic_store(&r->bulk->gave_up, true);
    *n = 0;
    return TARIFF_OK;
}

/* Blocks are read in order, by whoever needs one; splitting them is the work. */
static tariff_status take_block(tf_bulk_reader *r)
{
    tf_bulk      *bulk = r->bulk;
    tariff_status status = TARIFF_OK;
    size_t        n = 0;
    pthread_mutex_lock(&bulk->lock);
    if (r->begun)
        bulk->lines.at[r->block] = r->line;
    if (!bulk->at_end && !atomic_load(&bulk->gave_up)) {
        uint32_t none = 0;
        status = take_lines(r, &n);
        if (status == TARIFF_OK && n > 0 && !TF_PUSH(&bulk->arena, &bulk->lines, none))
            status = TARIFF_E_NOMEM;
        r->block = (uint32_t)bulk->lines.n - 1;
        bulk->at_end = n == 0;
    }
    r->begun = n > 0;
    pthread_mutex_unlock(&bulk->lock);
    r->at = 0;
    r->end = n;
    r->line = 0;
    return status;
}

/* Fields: false gives up */

typedef struct piece {
    const char *text;
    size_t      length;
} piece;

/* Files are mostly sorted: by period, then by product.  After a product comes what came after it
 * the first time. */
static bool follows(tf_bulk_reader *r, piece field, uint32_t *number)
{
    tf_word text;
    size_t  next = r->products.last.number + 1u;
    if (next >= r->texts.n || !tf_word_of(field.text, field.length, &text))
        return false;
    const product *p = &r->texts.at[next];
    if (p->word.text.a != text.a || p->word.text.b != text.b)
        return false;
    tf_words_at(&r->products, &p->word, p->length);
    *number = p->word.number;
    return true;
}

static bool learn_product(tf_bulk_reader *r, piece field, uint32_t *out)
{
    tariff_hs hs;
    if (follows(r, field, out) || tf_words_find(&r->products, field.text, field.length, out))
        return true;
    *out = (uint32_t)r->codes.n;
    if (tf_hs_parse(field.text, field.length, &hs, NULL) != TARIFF_OK
        || tf_words_learn(&r->products, &r->arena, field.text, field.length, *out) != TARIFF_OK)
        return false;
    product fresh = { r->products.last, field.length };
    return TF_PUSH(&r->arena, &r->codes, hs.key) && TF_PUSH(&r->arena, &r->texts, fresh);
}

static TARIFF_ALWAYS_INLINE bool read_product(tf_bulk_reader *r, piece field, uint32_t *out)
{
    *out = r->products.last.number;
    return tf_words_is_last(&r->products, field.text, field.length)
           || learn_product(r, field, out);
}

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

static TARIFF_ALWAYS_INLINE bool read_country(tf_bulk_reader *r, tf_words *words, piece field,
                                              uint16_t *out)
{
    uint32_t number = words->last.number;
    if (!tf_words_quick(words, field.text, field.length, &number)
        && !learn_country(r, words, field, &number))
        return false;
    *out = (uint16_t)number;
    return true;
}

/* A row that says another country than all are set to has a warning, and so is not plain; what
 * cannot be read may be another one with blanks beside it. */
static TARIFF_ALWAYS_INLINE bool read_side(tf_bulk_reader *r, tf_words *words, piece field, uint16_t all,
                             uint16_t *out)
{
    uint16_t own;
    if (all == TARIFF_COUNTRY_NONE)
        return read_country(r, words, field, out);
    *out = all;
    return field.length == 0 || (read_country(r, words, field, &own) && own == all);
}

static bool learn_period(tf_bulk_reader *r, piece field, uint32_t *out)
{
    tariff_span span;
    if (tf_words_find(&r->periods, field.text, field.length, out))
        return true;
    if (tf_parse_period(field.text, field.length, &span, NULL) != TARIFF_OK
        || !TF_PUSH(&r->arena, &r->spans, span))
        return false;
    *out = (uint32_t)r->spans.n;
    return tf_words_learn(&r->periods, &r->arena, field.text, field.length, *out) == TARIFF_OK;
}

static TARIFF_ALWAYS_INLINE bool read_period(tf_bulk_reader *r, piece field, uint32_t *out)
{
    *out = field.length ? r->periods.last.number : TF_BULK_NO_PERIOD;
    return field.length == 0 || tf_words_is_last(&r->periods, field.text, field.length)
           || learn_period(r, field, out);
}

/* Eight digits, the first in the lowest byte: pairs, pairs of pairs, and those (D. Lemire, "Quickly
 * parsing eight digits", 2018). */
static inline uint64_t eight_digits(uint64_t digits)
{
    digits = digits * 10 + (digits >> 8);
    digits = (digits & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064)
             + (digits >> 16 & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001);
    return digits >> 32;
}

static inline bool are_digits(uint64_t bytes)
{
    return ((bytes | (bytes + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080)) == 0;
}

/* Digits, perhaps with a point, few enough that nothing can go wrong. */
static TARIFF_ALWAYS_INLINE bool read_plain_value(const char *text, size_t length, unsigned places, int64_t *out)
{
    static const int64_t powers[] = { 1, 10, 100, 1000, 10000 };
    enum { MOST_DIGITS = 14 };
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    __extension__ unsigned __int128 bytes;
    unsigned       decimals = 0;
    if (length == 0 || length > MOST_DIGITS)
        return false;
    memcpy(&bytes, text, sizeof bytes);
    __extension__ const unsigned __int128 zeros = (unsigned __int128)(ones * '0') << 64 | ones * '0';
    bytes = (bytes ^ zeros) << 8 * (16 - length); /* the last digit comes to the highest byte */
    uint64_t high = (uint64_t)(bytes >> 64), low = (uint64_t)bytes;
    uint64_t points = high ^ ones * ('.' ^ '0');
    points = (points - ones) & ~points & tops;
    if (points) {
        unsigned byte = (unsigned)__builtin_ctzll(points) / 8;
        uint64_t before = byte < 7 ? (UINT64_C(1) << 8 * (byte + 1)) - 1 : 0;
        decimals = 7 - byte;
        high = (high & ~before) | ((high << 8 | low >> 56) & before);
        low <<= 8;
        if (decimals == 0 || length == decimals + 1)
            return false;
    }
    if (!are_digits(high) || !are_digits(low) || decimals > places || places - decimals > 4)
        return false;
    *out = (int64_t)(eight_digits(low) * 100000000 + eight_digits(high))
           * powers[places - decimals];
    return true;
}

static TARIFF_ALWAYS_INLINE bool read_value(const layout *l, piece field, int64_t *out)
{
    return field.length > 0
           && (read_plain_value(field.text, field.length, l->places, out)
               || tf_parse_decimal(field.text, field.length, l->places, "value", out, NULL)
                      == TARIFF_OK);
}

/* Rows */

/* Between separators, without the quotes around it. */
static TARIFF_ALWAYS_INLINE piece field_of(const char *text, const uint16_t *at, size_t begin, int column, bool quotes)
{
    size_t start = column ? at[column - 1] + 1u : begin, end = at[column];
    if (quotes && end - start >= 2 && text[start] == '"' && text[end - 1] == '"') {
        start++;
        end--;
    }
    return (piece){ text + start, end - start };
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

static bool are_well_quoted(const char *text, const uint16_t *at, size_t begin, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        if (!is_well_quoted(text, begin, at[i]))
            return false;
        begin = at[i] + 1u;
    }
    return true;
}

static TARIFF_ALWAYS_INLINE bool read_row(tf_bulk_reader *r, const layout *l, const char *text,
                                          const uint16_t *at, size_t begin, bool quotes,
                                          tf_bulk_row *row)
{
    return read_product(r, field_of(text, at, begin, l->hs, quotes), &row->product)
           && read_value(l, field_of(text, at, begin, l->value, quotes), &row->value)
           && (l->origin < 0
               || read_side(r, &r->origins, field_of(text, at, begin, l->origin, quotes),
                            l->all_origin, &row->origin))
           && (l->importer < 0
               || read_side(r, &r->importers, field_of(text, at, begin, l->importer, quotes),
                            l->all_importer, &row->importer))
           && (l->period < 0
               || read_period(r, field_of(text, at, begin, l->period, quotes), &row->period));
}

/* A carriage return before the newline belongs to it; elsewhere it is a reason to give up. */
static bool take_returns(const char *text, uint16_t *at, size_t begin, size_t width)
{
    size_t newline = at[width - 1];
    if (newline > begin && text[newline - 1] == '\r')
        at[width - 1] = (uint16_t)--newline;
    return !memchr(text + begin, '\r', newline - begin);
}

/* The rows of a window; false gives up.  Rows of windows without quotes and carriage returns are
 * `plain`: a constant to the compiler. */
static TARIFF_ALWAYS_INLINE bool read_rows(tf_bulk_reader *r, const char *text, bool plain,
                                           size_t *n)
{
    tf_separators *s = &r->separators;
    const layout   l = r->bulk->layout;
    size_t         begin = 0, k = 0, rows = 0;
    uint32_t       number = r->line;
    for (size_t line = 0; line < s->lines; line++, number++) {
        size_t      end = s->line_end[line];
        tf_bulk_row row = { .origin = l.all_origin,
                            .importer = l.all_importer,
                            .period = TF_BULK_NO_PERIOD,
                            .line = number };
        if (end == begin || (!plain && end == begin + 1 && text[begin] == '\r')) { /* empty */
            k++;
            begin = end + 1;
            continue;
        }
        if (k + l.width > s->n || s->at[k + l.width - 1] != end)
            return false;
        if (!plain
            && ((s->returns && !take_returns(text, s->at + k, begin, l.width))
                || (s->quotes
                    && (memchr(text + begin, '\n', end - begin)
                        || !are_well_quoted(text, s->at + k, begin, l.width)))))
            return false;
        if (!read_row(r, &l, text, s->at + k, begin, !plain && s->quotes, &row))
            return false;
        r->rows[rows++] = row;
        k += l.width;
        begin = end + 1;
    }
    r->line = number;
    *n = rows;
    return true;
}

static bool read_window(tf_bulk_reader *r, const char *text, size_t *n)
{
    const tf_separators *s = &r->separators;
    return s->quotes || s->returns ? read_rows(r, text, false, n) : read_rows(r, text, true, n);
}

static bool read_stretch(tf_bulk_reader *r, size_t *n)
{
    const char    *text = r->text + r->at;
    size_t         length = r->end - r->at;
    tf_separators *s = &r->separators;
    if (length > TF_SEPARATORS_WINDOW)
        length = TF_SEPARATORS_WINDOW;
    tf_find_separators(text, length, s);
    if (s->lines == 0 || s->zeros)
        return false;
    length = s->line_end[s->lines - 1] + 1u;
    if ((s->wide && tf_utf8_valid(text, length) != length) || !read_window(r, text, n))
        return false;
    r->at += length;
    return true;
}

tariff_status tf_bulk_reader_new(tariff_env *env, tf_bulk *bulk, tf_bulk_reader **out)
{
    *out = NULL;
    tf_bulk_reader *r = tf_alloc(env, sizeof *r);
    TF_NEED(r);
    memset(r, 0, offsetof(tf_bulk_reader, separators));
    r->bulk = bulk;
    r->env = env;
    tf_arena_init(&r->arena, &env->allocator);
    memset(r->text + TF_BULK_BLOCK, 0, PADDING);
    *out = r;
    return TARIFF_OK;
}

void tf_bulk_reader_free(tf_bulk_reader *r)
{
    if (!r)
        return;
    tf_arena_free(&r->arena);
    tf_free(r->env, r, sizeof *r);
}

tariff_status tf_bulk_next(tf_bulk_reader *r, const tf_bulk_row **rows, size_t *n,
                           uint32_t *block)
{
    *n = 0;
    *rows = r->rows;
    while (*n == 0) {
        if (r->at == r->end)
            TF_TRY(take_block(r));
        if (r->at == r->end || atomic_load(&r->bulk->gave_up))
            return TARIFF_OK;
        if (!read_stretch(r, n)) {
            atomic_store(&r->bulk->gave_up, true);
            *n = 0;
            return TARIFF_OK;
        }
    }
    *block = r->block;
    return TARIFF_OK;
}

size_t tf_bulk_products(const tf_bulk_reader *r)
{
    return r->codes.n;
}

uint64_t tf_bulk_product(const tf_bulk_reader *r, uint32_t number)
{
    return r->codes.at[number];
}

bool tf_bulk_period(const tf_bulk_reader *r, uint32_t number, tariff_span *out)
{
    if (number == TF_BULK_NO_PERIOD)
        return false;
    *out = r->spans.at[number - 1];
    return true;
}
