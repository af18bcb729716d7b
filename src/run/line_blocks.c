/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/line_blocks.h"

#include "run/row_line.h"
#include "run/row_rates.h"

#include <pthread.h>

enum { MOST_THREADS = 64 };

struct tf_line_blocks {
    const tf_stream *s;
    tf_output       *output;
    size_t           files;
    pthread_mutex_t  lock; /**< Of what follows. */
    pthread_cond_t   moved;
    bool             vain; /**< Some row could not be rated. */
    /** By thread: no earlier block comes from it; UINT64_MAX: none at all. */
    uint64_t         from[MOST_THREADS];
};

struct tf_line_thread {
    tf_line_blocks       *all;
    unsigned              number;
    const tf_bulk_reader *reader;
    tf_row_rates          rates;
    tf_arena              arena;
    TF_VEC(tf_row_product) products; /**< By number of the reader. */
    TF_VEC(tf_row_day) days;         /**< By number of a period. */
    tf_piece              nothing[TF_FLOW_COLUMNS]; /**< Claims and parts: bulk has none. */
    tf_text               out; /**< Of the block at hand. */
    bool                  begun;
    uint32_t              block;
};

tariff_status tf_line_blocks_new(const tf_stream *s, tf_output *output, tf_line_blocks **out)
{
    tf_line_blocks *all = tf_alloc(s->env, sizeof *all);
    *out = all;
    TF_NEED(all);
    memset(all, 0, sizeof *all);
    all->s = s;
    all->output = output;
    pthread_mutex_init(&all->lock, NULL);
    pthread_cond_init(&all->moved, NULL);
    return TARIFF_OK;
}

void tf_line_blocks_free(tf_line_blocks *all)
{
    if (!all)
        return;
    pthread_mutex_destroy(&all->lock);
    pthread_cond_destroy(&all->moved);
    tf_free(all->s->env, all, sizeof *all);
}

void tf_line_blocks_begin(tf_line_blocks *all)
{
    for (int i = 0; i < MOST_THREADS; i++)
        all->from[i] = UINT64_MAX;
}

void tf_line_blocks_end(tf_line_blocks *all)
{
    all->files += !all->vain;
}

size_t tf_line_blocks_files(const tf_line_blocks *all)
{
    return all->vain ? 0 : all->files;
}

/* Order */

static void move_to(tf_line_thread *t, uint64_t block)
{
    tf_line_blocks *all = t->all;
    pthread_mutex_lock(&all->lock);
    all->from[t->number] = block;
    pthread_cond_broadcast(&all->moved);
    pthread_mutex_unlock(&all->lock);
}

/* May an earlier block than this thread's still come from another one? */
static bool is_ahead(const tf_line_thread *t)
{
    for (unsigned i = 0; i < MOST_THREADS; i++)
        if (i != t->number && t->all->from[i] <= t->block)
            return true;
    return false;
}

static tariff_status write_block(tf_line_thread *t)
{
    tf_line_blocks *all = t->all;
    if (!t->begun)
        return TARIFF_OK;
    pthread_mutex_lock(&all->lock);
    while (is_ahead(t) && !all->vain)
        pthread_cond_wait(&all->moved, &all->lock);
    bool vain = all->vain;
    pthread_mutex_unlock(&all->lock);
    /* Nobody else writes before this thread has moved on. */
    return vain ? TARIFF_OK : tf_output_write(all->output, t->out.at, t->out.n);
}

static void give_up(tf_line_thread *t)
{
    pthread_mutex_lock(&t->all->lock);
    t->all->vain = true;
    pthread_cond_broadcast(&t->all->moved);
    pthread_mutex_unlock(&t->all->lock);
}

/* Rows */

static tariff_status learn_products(tf_line_thread *t)
{
    while (t->products.n < tf_bulk_products(t->reader)) {
        tf_row_product fresh;
        tf_row_product_of(tf_bulk_product(t->reader, (uint32_t)t->products.n), &fresh);
        if (!TF_PUSH(&t->arena, &t->products, fresh))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

static tariff_status learn_days(tf_line_thread *t, uint32_t period)
{
    while (t->days.n <= period) {
        tariff_span span = tf_span_always();
        tf_row_day  fresh;
        bool        given = tf_bulk_period(t->reader, (uint32_t)t->days.n, &span);
        tf_row_day_of(t->all->s, given, span, &fresh);
        if (!TF_PUSH(&t->arena, &t->days, fresh))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

/* Rows without a day are left out: the evaluation tells of them. */
static tariff_status put_row(tf_line_thread *t, const tf_bulk_rows *rows, size_t i)
{
    const tf_row_day     *day = &t->days.at[rows->period[i]];
    const tf_row_product *product = &t->products.at[rows->product[i]];
    tf_shipment           shipment; /* large: what is known besides is set where it is needed */
    shipment.hs = product->hs;
    shipment.origin = rows->origin[i];
    shipment.importer = rows->importer[i];
    shipment.days = day->days;
    shipment.unit.id = 0;
    shipment.value = rows->value[i];
    shipment.quantity = 0;
    if (!day->known)
        return TARIFF_OK;
    const tf_rating *rating =
        tf_row_rate(&t->rates, t->nothing, &shipment, rows->product[i], day);
    if (!rating) {
        give_up(t);
        return t->rates.status;
    }
    if (rating->outside)
        return TARIFF_OK;
    if (!tf_text_reserve(&t->out, TF_RATED_ROOM))
        return TARIFF_E_NOMEM;
    tf_put_line(&t->out, t->all->s->lines, &shipment, product, day, rating);
    return TARIFF_OK;
}

/* The block before is written, unless it goes on. */
static tariff_status turn_to(tf_line_thread *t, uint32_t block)
{
    if (t->begun && block == t->block)
        return TARIFF_OK;
    TF_TRY(write_block(t));
    t->out.n = 0;
    t->begun = true;
    t->block = block;
    move_to(t, block);
    return tf_row_rates_tidy(&t->rates, false);
}

tariff_status tf_line_thread_put(tf_line_thread *t, const tf_bulk_rows *rows, uint32_t block)
{
    TF_TRY(turn_to(t, block));
    TF_TRY(learn_products(t));
    for (size_t i = 0; i < rows->n; i++) {
        if (rows->period[i] >= t->days.n)
            TF_TRY(learn_days(t, rows->period[i]));
        TF_TRY(put_row(t, rows, i));
    }
    return TARIFF_OK;
}

/* Threads */

tariff_status tf_line_thread_new(tf_line_blocks *all, unsigned number,
                                 const tf_bulk_reader *reader, tf_line_thread **out)
{
    static const char nothing[TF_WORD_LENGTH];
    tariff_env       *env = all->s->env;
    tf_line_thread   *t = tf_alloc(env, sizeof *t);
    *out = t;
    TF_NEED(t);
    memset(t, 0, sizeof *t);
    t->all = all;
    t->number = number;
    t->reader = reader;
    t->out.env = env;
    for (int i = 0; i < TF_FLOW_COLUMNS; i++)
        t->nothing[i] = (tf_piece){ nothing, 0 };
    tf_arena_init(&t->arena, &env->allocator);
    return tf_row_rates_init(&t->rates, all->s);
}

void tf_line_thread_free(tf_line_thread *t)
{
    if (!t)
        return;
    tf_row_rates_free(&t->rates);
    tf_arena_free(&t->arena);
    tf_text_free(&t->out);
    tf_free(t->all->s->env, t, sizeof *t);
}

void tf_line_thread_start(tf_line_thread *t)
{
    move_to(t, 0);
}

tariff_status tf_line_thread_stop(tf_line_thread *t, bool failed)
{
    tariff_status status = failed ? TARIFF_OK : write_block(t);
    if (failed)
        give_up(t);
    move_to(t, UINT64_MAX);
    return status;
}
