/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/stream.h"

#include "base/mix.h"
#include "base/threads.h"
#include "base/utf8.h"
#include "io/separators.h"
#include "value/hs.h"
#include "value/unit.h"

#include <pthread.h>

/*
 * Most rows repeat what others said of product, origin, importer and day: their
 * texts are looked up as they stand, and what is found is the text to be added.
 */
enum {
    BLOCK = 256 * 1024,
    PADDING = 64, /* of texts: a word may be read at their last byte */
    KEY_WORDS = 10,
    MEMORY_SLOTS = 1 << 17,
    WAYS = 4, /* slots that a key may be in */
    MEMORY_TEXT = 32 * 1024 * 1024, /* when there is more of it, all is forgotten */
    CHUNK = 32, /* at most the padding */
    SHORT = 16 /* texts that are looked up */
};

/** One of our columns in the file. */
typedef struct piece {
    const char *text;
    size_t      length;
} piece;

typedef struct worker {
    tf_stream_blocks *all;
    tf_rater          rater;
    bool              begun; /**< Has a rater and a memory. */
    const tf_rating **ratings; /**< What is remembered, by slot; NULL: nothing. */
    uint64_t         *keys;    /**< Of each slot, `words` of them. */
    unsigned          last;    /**< Where something was forgotten for something else. */
    tf_arena          texts;   /**< Of ratings that are not the rater's. */
    size_t            text_bytes;
    uint64_t          day_text[2]; /**< The last day, and what it meant. */
    int32_t           day;
    uint64_t          epoch;

    uint64_t        number; /**< Of its block. */
    size_t          n, at;  /**< Its bytes, and those that are rated. */
    uint32_t        lines;
    tf_stream_tally tally;
    tf_text         out;
    tariff_status   status;
    tf_separators   separators;
    char            text[BLOCK + PADDING];
} worker;

struct tf_stream_blocks {
    tf_stream      *s;
    size_t          width, words;
    int             columns[TF_FLOW_COLUMNS];
    tf_profile      profile;
    uint16_t        origin, importer;
    pthread_mutex_t lock; /**< Of all that follows. */
    pthread_cond_t  turned;
    uint64_t        next, turn; /**< Blocks taken, and written. */
    bool            stopped;    /**< At block `turn`. */
    unsigned        count;
    worker         *workers[64];
};

/* Words */

static bool words_of(piece field, uint64_t *a, uint64_t *b)
{
    uint64_t lo, hi;
    if (field.length > SHORT)
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

static const char nothing[SHORT]; /* an empty text that may be read as words */

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Numbers: few digits with a point; all else by the careful parser. */
static bool read_decimal(piece field, unsigned places, int64_t *out)
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

/* Rows that nothing is remembered of: false is a doubt, or w->status */

/* A row that says another country than is set for all is told of once, by the other lane. */
static bool country_of(const tf_stream_blocks *all, uint16_t constant, bool warned, piece field,
                       uint16_t *out)
{
    tariff_country country;
    bool           read = (constant == TARIFF_COUNTRY_NONE || (field.length && !warned))
                && tf_parse_country(all->profile.countries, field.text, field.length, &country, NULL)
                       == TARIFF_OK;
    *out = constant;
    if (constant != TARIFF_COUNTRY_NONE)
        return !read || country.id == constant;
    if (read)
        *out = country.id;
    return read;
}

static bool read_known(const worker *w, const piece *row, tf_overrides *out)
{
    const tf_book *book = &w->rater.law->book;
    const piece   *claims = &row[TF_FLOW_CLAIMS], *parts = &row[TF_FLOW_PARTS];
    out->claims = out->parts = 0;
    return tf_parse_claims(book, claims->text, claims->length, out, NULL) == TARIFF_OK
           && tf_parse_parts(book, parts->text, parts->length, out, NULL) == TARIFF_OK;
}

/* Quantities without a unit are told of once, by the other lane. */
static bool read_quantity(const worker *w, const piece *row, tf_shipment *out)
{
    const piece *quantity = &row[TF_FLOW_QUANTITY], *unit = &row[TF_FLOW_UNIT];
    out->quantity = 0;
    out->unit.id = 0;
    if (quantity->length == 0)
        return true;
    if (unit->length == 0 || (unit->length == 1 && (*unit->text == 'X' || *unit->text == '-')))
        return w->all->s->warned_unit;
    return tf_parse_unit(unit->text, unit->length, &out->unit, NULL) == TARIFF_OK
           && read_decimal(*quantity, 4, &out->quantity);
}

static bool read_shipment(const worker *w, const piece *row, int32_t day, tf_shipment *out)
{
    const tf_stream_blocks *all = w->all;
    tariff_hs               hs;
    if (tf_hs_parse(row[TF_FLOW_HS].text, row[TF_FLOW_HS].length, &hs, NULL) != TARIFF_OK)
        return false;
    out->hs = hs.key;
    out->day = day;
    return country_of(all, all->origin, all->s->warned_origin, row[TF_FLOW_ORIGIN], &out->origin)
           && country_of(all, all->importer, all->s->warned_importer, row[TF_FLOW_IMPORTER],
                         &out->importer)
           && read_known(w, row, &out->known);
}

static const tf_rating *rate(worker *w, const tf_shipment *shipment, bool *kept)
{
    const tf_rating *rating = NULL;
    tariff_status    status = tf_rate_shipment(&w->rater, shipment, &rating, kept);
    if (status == TARIFF_E_LIMIT || status == TARIFF_E_OVERFLOW)
        return NULL;
    w->status = status;
    return status == TARIFF_OK && !tf_stream_refuses(w->all->s, rating->remarks) ? rating : NULL;
}

static void forget(worker *w)
{
    memset(w->ratings, 0, MEMORY_SLOTS * sizeof(const tf_rating *));
    tf_arena_free(&w->texts);
    tf_arena_init(&w->texts, &w->all->s->env->allocator);
    w->text_bytes = 0;
}

/* In a free slot of its set, or in the place of another. */
static bool remember(worker *w, const uint64_t *key, size_t set, const tf_rating *rating,
                     bool kept)
{
    if (!kept) {
        w->text_bytes += rating->rates_length + rating->after_length + sizeof *rating;
        if (w->text_bytes > MEMORY_TEXT)
            forget(w);
        rating = tf_rating_keep(&w->texts, rating);
        if (!rating) {
            w->status = TARIFF_E_NOMEM;
            return false;
        }
    }
    size_t slot = set;
    while (slot < set + WAYS && w->ratings[slot])
        slot++;
    if (slot == set + WAYS)
        slot = set + ++w->last % WAYS;
    w->ratings[slot] = rating;
    memcpy(w->keys + slot * w->all->words, key, w->all->words * sizeof *key);
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

static bool put_row(worker *w, piece record, const tf_rating *r, int64_t value)
{
    if (!tf_text_reserve(&w->out, record.length + TF_RATED_ROOM)) {
        w->status = TARIFF_E_NOMEM;
        return false;
    }
    put(&w->out, record.text, record.length);
    put(&w->out, r->rates, r->rates_length);
    w->out.n += tf_put_duty(r, value, w->out.at + w->out.n);
    put(&w->out, r->after, r->after_length);
    tf_stream_count(&w->tally, r->remarks);
    return true;
}

/* Rows */

/* The epoch of the row's day: the law says the same on all days of it. */
static bool read_day(worker *w, piece field)
{
    const tf_stream *s = w->all->s;
    uint64_t         a, b;
    tariff_span      period = { { 0 }, { 0 } };
    if (!words_of(field, &a, &b))
        return false;
    if (w->epoch && a == w->day_text[0] && b == w->day_text[1])
        return true;
    if (field.length && tf_parse_period(field.text, field.length, &period, NULL) != TARIFF_OK)
        return false;
    if ((s->dated && period.until.days - period.from.days > 1)
        || !tf_stream_day(s, field.length > 0, period, &w->day))
        return false;
    w->day_text[0] = a;
    w->day_text[1] = b;
    w->epoch = tf_law_epoch(s->law, w->day) + 1;
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

static size_t words_of_key(const tf_stream_blocks *all)
{
    size_t n = 1;
    for (size_t i = 0; i < DECIDING; i++)
        n += all->columns[deciding[i].column] < 0 ? 0 : deciding[i].words;
    return n;
}

/* The set of slots of the row's key; false if a text is too long to be looked up. */
static bool key_of(const worker *w, const piece *row, uint64_t key[KEY_WORDS], size_t *set)
{
    size_t   n = 1;
    uint64_t hash = key[0] = w->epoch;
    for (size_t i = 0; i < DECIDING; i++) {
        if (w->all->columns[deciding[i].column] < 0)
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

static const tf_rating *recall(const worker *w, const uint64_t *key, size_t set)
{
    size_t          words = w->all->words;
    const uint64_t *keys = w->keys + set * words;
    for (size_t slot = set; slot < set + WAYS && w->ratings[slot]; slot++, keys += words) {
        uint64_t differ = 0;
        for (size_t i = 0; i < words; i++)
            differ |= keys[i] ^ key[i];
        if (!differ)
            return w->ratings[slot];
    }
    return NULL;
}

/* False is a doubt, or w->status. */
static bool rate_row(worker *w, const piece *row, piece record)
{
    tf_shipment shipment;
    uint64_t    key[KEY_WORDS + 1];
    size_t      set = 0;
    bool        kept;
    if (!read_day(w, row[TF_FLOW_PERIOD])
        || !read_decimal(row[TF_FLOW_VALUE], 4 + w->all->profile.scale, &shipment.value)
        || !read_quantity(w, row, &shipment))
        return false;
    bool             is_short = key_of(w, row, key, &set);
    const tf_rating *rating = is_short ? recall(w, key, set) : NULL;
    if (rating && !(rating->by_quantity && shipment.unit.id))
        return put_row(w, record, rating, shipment.value);
    bool known = rating != NULL;
    if (!read_shipment(w, row, w->day, &shipment) || !(rating = rate(w, &shipment, &kept)))
        return false;
    return put_row(w, record, rating, shipment.value)
           && (known || !is_short || !rating->by_value || remember(w, key, set, rating, kept));
}

/* Quotes only around a whole field, none inside: then any parser finds the same fields. */
static bool is_well_quoted(const char *text, size_t start, size_t end)
{
    const char *quote = memchr(text + start, '"', end - start);
    if (!quote)
        return true;
    return quote == text + start && end - start >= 2 && text[end - 1] == '"'
           && !memchr(quote + 1, '"', end - start - 2);
}

static bool take_quotes(const worker *w, const char *text, const uint16_t *at, size_t begin,
                        piece *row)
{
    size_t width = w->all->width;
    if (memchr(text + begin, '\n', at[width - 1] - begin))
        return false;
    for (size_t i = 0, start = begin; i < width; i++) {
        size_t end = at[i];
        if (i + 1 == width && end > start && text[end - 1] == '\r')
            end--;
        if (!is_well_quoted(text, start, end))
            return false;
        start = at[i] + 1u;
    }
    for (int i = 0; i < TF_FLOW_COLUMNS; i++)
        if (row[i].length && row[i].text[0] == '"') {
            row[i].text++;
            row[i].length -= 2;
        }
    return true;
}

/* The line from `begin`, whose separators are at `at`. */
static bool take_line(worker *w, const char *text, const uint16_t *at, size_t begin)
{
    const tf_stream_blocks *all = w->all;
    const tf_separators    *s = &w->separators;
    piece                   row[TF_FLOW_COLUMNS], record = { text + begin, 0 };
    size_t                  stop = at[all->width - 1];
    if (s->returns) {
        if (stop > begin && text[stop - 1] == '\r')
            stop--;
        if (memchr(text + begin, '\r', stop - begin))
            return false;
    }
    record.length = stop - begin;
    if (record.length == 0)
        return false;
    for (int i = 0; i < TF_FLOW_COLUMNS; i++) {
        int column = all->columns[i];
        row[i] = (piece){ nothing, 0 };
        if (column < 0)
            continue;
        size_t start = column ? at[column - 1] + 1u : begin;
        size_t end = (size_t)column + 1 == all->width ? stop : at[column];
        if (end > start && (is_blank(text[start]) || is_blank(text[end - 1])))
            return false;
        row[i] = (piece){ text + start, end - start };
    }
    if (s->quotes && memchr(record.text, '"', record.length)
        && !take_quotes(w, text, at, begin, row))
        return false;
    return rate_row(w, row, record);
}

/* The lines of a stretch of the block; false if one is in doubt: it is the next one then. */
static bool take_window(worker *w, const char *text, size_t length)
{
    tf_separators *s = &w->separators;
    size_t         width = w->all->width, begin = 0;
    tf_find_separators(text, length, s);
    if (s->lines == 0 || s->zeros)
        return false;
    size_t whole = s->line_end[s->lines - 1] + 1u;
    if (s->wide && tf_utf8_valid(text, whole) != whole)
        return false;
    const uint16_t *at = s->at;
    size_t          base = w->at;
    for (size_t i = 0; i < s->lines; i++, at += width) {
        size_t end = s->line_end[i];
        if (at + width > s->at + s->n || at[width - 1] != end || !take_line(w, text, at, begin))
            return false;
        begin = end + 1;
        w->at = base + begin;
        w->lines++;
    }
    return true;
}

/* Blocks */

static tariff_status begin(worker *w)
{
    tf_stream *s = w->all->s;
    if (w->begun)
        return TARIFF_OK;
    w->begun = true;
    w->out.env = s->env;
    tf_arena_init(&w->texts, &s->env->allocator);
    w->ratings = tf_alloc(s->env, MEMORY_SLOTS * sizeof(const tf_rating *));
    w->keys = tf_alloc(s->env, MEMORY_SLOTS * w->all->words * sizeof *w->keys);
    TF_TRY(tf_rater_init(&w->rater, s->env, s->law, s->options->layers));
    TF_NEED(w->ratings && w->keys);
    forget(w);
    return TARIFF_OK;
}

/* Rate the worker's block, up to a row in doubt. */
static void rate_block(worker *w)
{
    w->at = w->lines = 0;
    w->out.n = 0;
    w->epoch = 0;
    memset(&w->tally, 0, sizeof w->tally);
    w->status = begin(w);
    while (w->status == TARIFF_OK && w->at < w->n) {
        size_t left = w->n - w->at;
        if (!take_window(w, w->text + w->at,
                         left < TF_SEPARATORS_WINDOW ? left : TF_SEPARATORS_WINDOW))
            return;
    }
}

/* Blocks are taken in order, by whoever needs one; false if there is none. */
static bool take_block(worker *w)
{
    tf_stream_blocks *all = w->all;
    w->n = 0;
    w->status = TARIFF_OK;
    pthread_mutex_lock(&all->lock);
    if (!all->stopped && tf_cancelled(all->s->env))
        w->status = TARIFF_E_CANCELLED;
    else if (!all->stopped)
        w->status = tf_csv_take_some(all->s->csv, w->text, BLOCK, &w->n);
    if (w->status != TARIFF_OK)
        all->stopped = true;
    if (w->n > 0)
        w->number = all->next++;
    pthread_mutex_unlock(&all->lock);
    return w->n > 0;
}

/* In their order; what comes after a doubt is not written. */
static bool write_block(worker *w)
{
    tf_stream_blocks *all = w->all;
    tf_stream        *s = all->s;
    pthread_mutex_lock(&all->lock);
    while (all->turn != w->number && !all->stopped)
        pthread_cond_wait(&all->turned, &all->lock);
    bool mine = all->turn == w->number;
    pthread_mutex_unlock(&all->lock);
    if (!mine) {
        w->at = 0;
        return false;
    }
    /* Nobody else writes before the turn has passed on. */
    tariff_status status = tf_sink_write(s->sink, w->out.at, w->out.n);
    if (status == TARIFF_OK)
        status = tf_sink_flush(s->sink);
    if (w->status == TARIFF_OK)
        w->status = status;
    pthread_mutex_lock(&all->lock);
    s->tally.rows += w->tally.rows;
    for (int i = 0; i < TF_REMARKS; i++)
        s->tally.remarks[i] += w->tally.remarks[i];
    tf_csv_pass_lines(s->csv, w->lines);
    bool whole = w->at == w->n && w->status == TARIFF_OK;
    if (whole)
        all->turn++;
    else
        all->stopped = true;
    pthread_cond_broadcast(&all->turned);
    pthread_mutex_unlock(&all->lock);
    return whole;
}

static void work(void *user, unsigned number)
{
    tf_stream_blocks *all = user;
    worker           *w = all->workers[number];
    while (take_block(w)) {
        rate_block(w);
        if (!write_block(w))
            break;
    }
}

/* What was taken and not written is read again, the last block first. */
static tariff_status give_back(tf_stream_blocks *all)
{
    for (uint64_t number = all->next; number-- > all->turn;)
        for (unsigned i = 0; i < all->count; i++) {
            worker *w = all->workers[i];
            if (w->n > w->at && w->number == number)
                TF_TRY(tf_csv_give_back(all->s->csv, w->text + w->at, w->n - w->at));
        }
    return TARIFF_OK;
}

tariff_status tf_stream_blocks_run(tf_stream_blocks *all)
{
    all->next = all->turn = 0;
    all->stopped = false;
    for (unsigned i = 0; i < all->count; i++)
        all->workers[i]->n = all->workers[i]->at = 0;
    tf_run_threads(all->count, work, all);
    for (unsigned i = 0; i < all->count; i++)
        TF_TRY(all->workers[i]->status);
    return give_back(all);
}

/* Whole */

static bool is_plain(const tf_stream *s)
{
    const tariff_limits *limits = &s->env->limits;
    return !tf_flows_has_rules(s->flows) && limits->max_field >= BLOCK
           && limits->max_record >= BLOCK;
}

tariff_status tf_stream_blocks_new(tf_stream *s, tf_stream_blocks **out)
{
    *out = NULL;
    if (!is_plain(s))
        return TARIFF_OK;
    tf_stream_blocks *all = tf_alloc(s->env, sizeof *all);
    TF_NEED(all);
    memset(all, 0, sizeof *all);
    all->s = s;
    all->width = tf_csv_width(s->csv);
    all->profile = tf_flows_what(s->flows)->profile;
    all->origin = tf_flows_what(s->flows)->origin;
    all->importer = tf_flows_what(s->flows)->importer;
    for (int i = 0; i < TF_FLOW_COLUMNS; i++)
        all->columns[i] = tf_flows_column(s->flows, (tf_flow_column)i);
    all->words = words_of_key(all);
    pthread_mutex_init(&all->lock, NULL);
    pthread_cond_init(&all->turned, NULL);
    unsigned wanted = tf_count_threads(s->options->threads, UINT64_MAX);
    for (unsigned i = 0; i < wanted; i++) {
        worker *w = tf_alloc(s->env, sizeof *w);
        if (!w) {
            tf_stream_blocks_free(all);
            return TARIFF_E_NOMEM;
        }
        memset(w, 0, offsetof(worker, separators));
        w->all = all;
        all->workers[all->count++] = w;
    }
    *out = all;
    return TARIFF_OK;
}

void tf_stream_blocks_free(tf_stream_blocks *all)
{
    if (!all)
        return;
    for (unsigned i = 0; i < all->count; i++) {
        worker *w = all->workers[i];
        if (w->begun) {
            tf_rater_free(&w->rater);
            tf_arena_free(&w->texts);
            tf_free(all->s->env, w->ratings, MEMORY_SLOTS * sizeof(const tf_rating *));
            tf_free(all->s->env, w->keys, MEMORY_SLOTS * all->words * sizeof *w->keys);
            tf_text_free(&w->out);
        }
        tf_free(all->s->env, w, sizeof *w);
    }
    pthread_mutex_destroy(&all->lock);
    pthread_cond_destroy(&all->turned);
    tf_free(all->s->env, all, sizeof *all);
}
