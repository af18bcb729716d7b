/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/stream_row.h"

#include "base/threads.h"
#include "base/utf8.h"
#include "io/separators.h"

#include <pthread.h>

enum { BLOCK = 256 * 1024, MOST_THREADS = 64 };

typedef struct worker {
    tf_stream_blocks *all;
    tf_row_rater      rows;
    char             *text;   /**< Of its block, in `room`. */
    uint64_t          number; /**< Of its block. */
    size_t            n, at;  /**< Its bytes, and those that are rated. */
    uint32_t          lines;
    tariff_status     status;
    tf_piece          row[TF_FLOW_COLUMNS]; /**< Columns that are nowhere stay empty. */
    tf_separators     separators;
    char              room[TF_PIECE_PADDING + BLOCK + TF_PIECE_PADDING];
} worker;

struct tf_stream_blocks {
    tf_stream       *s;
    tf_stream_layout layout;
    pthread_mutex_t  reading; /**< Held by who waits for more to read: others write meanwhile. */
    uint64_t         next;    /**< Blocks taken. */
    pthread_mutex_t  lock;    /**< Of what follows. */
    pthread_cond_t   turned;
    uint64_t         turn;    /**< Blocks written. */
    bool             stopped; /**< At that block. */
    unsigned         count;
    worker          *workers[MOST_THREADS];
};

/* Lines: false is a doubt, or w->rows.status */

static const char nothing[TF_WORD_LENGTH]; /* an empty text */

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t';
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
                        tf_piece *row)
{
    size_t width = w->all->layout.width;
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
    tf_piece               *row = w->row, record = { text + begin, 0 };
    size_t                  stop = at[all->layout.width - 1];
    if (s->returns) {
        if (stop > begin && text[stop - 1] == '\r')
            stop--;
        if (memchr(text + begin, '\r', stop - begin))
            return false;
    }
    record.length = stop - begin;
    if (record.length == 0)
        return false;
    for (size_t i = 0; i < all->layout.present_count; i++) {
        tf_flow_column ours = all->layout.present[i];
        int            column = all->layout.columns[ours];
        size_t start = column ? at[column - 1] + 1u : begin;
        size_t end = (size_t)column + 1 == all->layout.width ? stop : at[column];
        if (end > start && (is_blank(text[start]) || is_blank(text[end - 1])))
            return false;
        row[ours] = (tf_piece){ text + start, end - start };
    }
    if (s->quotes && memchr(record.text, '"', record.length)
        && !take_quotes(w, text, at, begin, row))
        return false;
    return tf_rate_row(&w->rows, row, record);
}

/* The lines of a stretch of the block; false if one is in doubt: it is the next one then. */
static bool take_window(worker *w, const char *text, size_t length)
{
    tf_separators *s = &w->separators;
    size_t         width = w->all->layout.width, begin = 0;
    tf_find_separators(text, length, s);
    if (s->lines == 0 || s->zeros)
        return false;
    size_t whole = s->line_end[s->lines - 1] + 1u;
    if (s->wide && tf_utf8_valid(text, whole) != whole)
        return false;
    const uint16_t *at = s->bounds + 1;
    size_t          base = w->at;
    for (size_t i = 0; i < s->lines; i++, at += width) {
        size_t end = s->line_end[i];
        if (at + width > s->bounds + 1 + s->n || at[width - 1] != end
            || !take_line(w, text, at, begin))
            return false;
        begin = end + 1;
        w->at = base + begin;
        w->lines++;
    }
    return true;
}

/* Blocks */

/* Rate the worker's block, up to a row in doubt. */
static void rate_block(worker *w)
{
    w->at = w->lines = 0;
    tf_row_rater_start(&w->rows);
    bool plain = w->rows.status == TARIFF_OK;
    while (plain && w->at < w->n) {
        size_t left = w->n - w->at;
        plain = take_window(w, w->text + w->at,
                            left < TF_SEPARATORS_WINDOW ? left : TF_SEPARATORS_WINDOW);
    }
    w->status = w->rows.status;
}

static bool is_stopped(tf_stream_blocks *all)
{
    pthread_mutex_lock(&all->lock);
    bool stopped = all->stopped;
    pthread_mutex_unlock(&all->lock);
    return stopped;
}

static void stop(tf_stream_blocks *all)
{
    pthread_mutex_lock(&all->lock);
    all->stopped = true;
    pthread_cond_broadcast(&all->turned);
    pthread_mutex_unlock(&all->lock);
}

/* Who has to wait for a writer first sees all written that it sent so far, or left to the other
 * lane: which could not go on before the wait is over. */
static void wait_for_all(tf_stream_blocks *all)
{
    pthread_mutex_lock(&all->lock);
    while (all->turn != all->next && !all->stopped)
        pthread_cond_wait(&all->turned, &all->lock);
    pthread_mutex_unlock(&all->lock);
}

/* Blocks are taken in order, by whoever needs one; false if there is none. */
static bool take_block(worker *w)
{
    tf_stream_blocks *all = w->all;
    w->n = w->at = 0;
    w->status = TARIFF_OK;
    pthread_mutex_lock(&all->reading);
    if (tf_csv_would_wait(all->s->csv))
        wait_for_all(all);
    if (!is_stopped(all)) {
        w->status = tf_cancelled(all->s->env)
                        ? TARIFF_E_CANCELLED
                        : tf_csv_take_some(all->s->csv, w->text, BLOCK, &w->n);
        if (w->status != TARIFF_OK)
            stop(all);
        w->number = all->next;
        all->next += w->n > 0;
    }
    pthread_mutex_unlock(&all->reading);
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
    tariff_status status = tf_sink_write(s->sink, w->rows.out.at, w->rows.out.n);
    if (status == TARIFF_OK)
        status = tf_sink_flush(s->sink);
    if (w->status == TARIFF_OK)
        w->status = status;
    pthread_mutex_lock(&all->lock);
    s->tally.rows += w->rows.tally.rows;
    for (int i = 0; i < TF_REMARKS; i++)
        s->tally.remarks[i] += w->rows.tally.remarks[i];
    tf_csv_pass_lines(s->csv, w->lines);
    if (!s->lines)
        tf_progress(s->env, "rows", s->tally.rows, 0);
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
    tf_stream_layout_of(s, &all->layout);
    pthread_mutex_init(&all->reading, NULL);
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
        memset(w->room, 0, TF_PIECE_PADDING);
        w->text = w->room + TF_PIECE_PADDING;
        w->all = all;
        w->rows.s = s;
        w->rows.layout = &all->layout;
        for (int k = 0; k < TF_FLOW_COLUMNS; k++)
            w->row[k] = (tf_piece){ nothing, 0 };
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
        tf_row_rater_free(&w->rows);
        tf_free(all->s->env, w, sizeof *w);
    }
    pthread_mutex_destroy(&all->reading);
    pthread_mutex_destroy(&all->lock);
    pthread_cond_destroy(&all->turned);
    tf_free(all->s->env, all, sizeof *all);
}
