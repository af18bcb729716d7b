/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/gather.h"

#include "base/threads.h"
#include "run/fold.h"
#include "run/line_blocks.h"

typedef struct worker {
    tariff_env     *env;
    tf_bulk        *bulk;
    tf_bulk_reader *reader;
    tf_fold        *fold; /**< NULL: all rows go to the cells. */
    tf_line_thread *lines; /**< NULL: none are written. */
    uint16_t        left[TF_BULK_ROWS]; /**< By the fold. */
    tf_cells        cells;
    uint16_t        file;
    TF_VEC(uint32_t) times;    /**< By number of a period. */
    TF_VEC(uint32_t) products; /**< By number of a product of the reader. */
    uint64_t      rows;
    tf_i128       value;
    tariff_status status;
} worker;

/* What the reader met since it was asked last. */
static tariff_status learn_times(worker *w, uint32_t period)
{
    while (w->times.n <= period) {
        uint32_t    time;
        tariff_span span = tf_span_always();
        bool        given = tf_bulk_period(w->reader, (uint32_t)w->times.n, &span);
        TF_TRY(tf_cells_time(&w->cells, given, span, &time));
        if (!TF_PUSH(&w->cells.arena, &w->times, time))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

static tariff_status learn_products(worker *w)
{
    while (w->products.n < tf_bulk_products(w->reader)) {
        uint32_t product;
        uint64_t hs = tf_bulk_product(w->reader, (uint32_t)w->products.n);
        TF_TRY(tf_cells_product(&w->cells, hs, &product));
        if (!TF_PUSH(&w->cells.arena, &w->products, product))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

static tariff_status add_row(worker *w, const tf_bulk_rows *rows, size_t i, uint32_t block)
{
    uint64_t place = (uint64_t)block << 32 | (rows->first_line + i);
    tf_entry entry = { rows->value[i], place, 1, w->file, rows->origin[i] };
    if (rows->period[i] >= w->times.n)
        TF_TRY(learn_times(w, rows->period[i]));
    return tf_cells_add(&w->cells, w->products.at[rows->product[i]], w->times.at[rows->period[i]],
                        rows->importer[i], &entry);
}

static tariff_status add_rows(worker *w, const tf_bulk_rows *rows, uint32_t block)
{
    size_t left = rows->n;
    if (w->fold)
        TF_TRY(tf_fold_rows(w->fold, w->reader, rows, block, w->left, &left));
    if (left > 0)
        TF_TRY(learn_products(w));
    for (size_t i = 0; i < left; i++)
        TF_TRY(add_row(w, rows, w->fold ? w->left[i] : i, block));
    if (rows->bits <= TF_BULK_SMALL)
        w->value += rows->sum;
    for (size_t i = 0; rows->bits > TF_BULK_SMALL && i < rows->n; i++)
        w->value += rows->value[i];
    w->rows += rows->n;
    return TARIFF_OK;
}

static tariff_status read_all(worker *w)
{
    const tf_bulk_rows *rows;
    uint32_t            block;
    for (;;) {
        if (tf_cancelled(w->env))
            return TARIFF_E_CANCELLED;
        TF_TRY(tf_bulk_next(w->reader, &rows, &block));
        if (rows->n == 0)
            return w->fold && !tf_bulk_gave_up(w->bulk) ? tf_fold_sum(w->fold) : TARIFF_OK;
        TF_TRY(add_rows(w, rows, block));
        if (w->lines)
            TF_TRY(tf_line_thread_put(w->lines, rows, block));
    }
}

static void read_in_thread(void *user, unsigned number)
{
    worker *w = (worker *)user + number;
    if (w->lines)
        tf_line_thread_start(w->lines);
    w->status = read_all(w);
    if (!w->lines)
        return;
    tariff_status written = tf_line_thread_stop(w->lines, w->status != TARIFF_OK);
    if (w->status == TARIFF_OK)
        w->status = written;
}

/* A file */

static tariff_status start(worker *w, unsigned number, tariff_env *env, const tf_reading *reading,
                           tf_bulk *bulk, uint16_t file)
{
    w->env = env;
    w->bulk = bulk;
    w->file = file;
    tf_cells_init(&w->cells, env, reading);
    if (reading->fold)
        TF_TRY(tf_fold_new(reading->fold, &w->fold));
    TF_TRY(tf_bulk_reader_new(env, bulk, &w->reader));
    return reading->lines ? tf_line_thread_new(reading->lines, number, w->reader, &w->lines)
                          : TARIFF_OK;
}

static void stop(worker *w)
{
    tf_line_thread_free(w->lines);
    tf_bulk_reader_free(w->reader);
    tf_fold_free(w->fold);
    tf_cells_free(&w->cells);
}

/* The first worker's cells become those of all, if there are none yet. */
static tariff_status put_together(worker *workers, unsigned count, tf_cells *cells)
{
    if (cells->buckets.n == 0) {
        tf_cells own = *cells;
        *cells = workers[0].cells;
        workers[0].cells = own;
    }
    for (unsigned i = 0; i < count; i++)
        TF_TRY(tf_cells_merge(cells, &workers[i].cells));
    return TARIFF_OK;
}

static tariff_status gather(worker *workers, unsigned count, tf_dataset *dataset, tf_cells *cells,
                            tf_folded *folded, tf_input *input, tf_gathered *out)
{
    tf_bulk *bulk = workers[0].bulk;
    *out = TF_GATHERED_VAIN;
    tf_run_threads(count, read_in_thread, workers);
    for (unsigned i = 0; i < count; i++)
        if (workers[i].status != TARIFF_OK
            && !(tf_bulk_gave_up(bulk) && workers[i].status == TARIFF_E_OVERFLOW))
            return workers[i].status;
    if (tf_bulk_gave_up(bulk)) /* read row by row, sums that are too large come after what is wrong */
        return TARIFF_OK;
    input->block_lines = tf_bulk_lines(bulk, &dataset->arena);
    TF_NEED(input->block_lines);
    for (unsigned i = 0; i < count; i++) {
        input->rows += workers[i].rows;
        input->value += workers[i].value;
        if (workers[i].fold)
            TF_TRY(tf_fold_take(workers[i].fold, dataset, input, folded));
    }
    *out = TF_GATHERED_ALL;
    return put_together(workers, count, cells);
}

tariff_status tf_gather(tariff_env *env, tf_flows *flows, const tf_reading *reading,
                        tf_dataset *dataset, tf_cells *cells, tf_input *input, tf_gathered *out)
{
    tf_bulk *bulk;
    tf_arena arena;
    unsigned started = 0;
    *out = TF_GATHERED_NONE;
    TF_TRY(tf_bulk_begin(env, flows, &bulk));
    if (!bulk)
        return TARIFF_OK;
    unsigned count =
        tf_count_threads(reading->threads, tf_file_size(input->path) / TF_BULK_BLOCK + 1);
    tf_arena_init(&arena, &env->allocator);
    worker       *workers = TF_ARRAY(&arena, worker, count);
    tariff_status status = workers ? TARIFF_OK : TARIFF_E_NOMEM;
    if (reading->lines)
        tf_line_blocks_begin(reading->lines);
    for (; status == TARIFF_OK && started < count; started++)
        status = start(&workers[started], started, env, reading, bulk,
                       (uint16_t)dataset->inputs.n);
    if (status == TARIFF_OK)
        status = gather(workers, count, dataset, cells, reading->folded, input, out);
    if (reading->lines && *out == TF_GATHERED_ALL)
        tf_line_blocks_end(reading->lines);
    while (started > 0)
        stop(&workers[--started]);
    tf_arena_free(&arena);
    tf_bulk_end(bulk);
    return status;
}
