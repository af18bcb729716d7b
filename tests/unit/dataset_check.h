/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What reading flows came to, as text that can be compared: how it ended, what
 * was said, the files, and the cells in an order of their own.
 */
#ifndef TESTS_UNIT_DATASET_CHECK_H
#define TESTS_UNIT_DATASET_CHECK_H

#include "run/dataset.h"
#include "unit/csv_check.h"
#include "value/decimal.h"

#include <inttypes.h>
#include <stdbool.h>

/** What periods are told apart by. */
typedef enum check_times { CHECK_PERIODS, CHECK_EPOCHS, CHECK_NO_TIMES } check_times;

/** How flows are read. */
typedef struct check_way {
    const char          *name;
    bool                 row_by_row;
    unsigned             threads;
    check_times          times;
    const tariff_limits *limits; /**< NULL: the usual ones. */
} check_way;

/** Of CHECK_EPOCHS: from 2024-01-01 on. */
static const int32_t check_epochs[] = { 19723, 19905, 20089, 20307, 20329 };
enum { CHECK_EPOCH_COUNT = sizeof check_epochs / sizeof *check_epochs };

typedef struct check_loaded {
    const check_way *way;
    tariff_env      *env;
    tf_dataset      *dataset;
    tariff_status    status;
    check_bytes      said;
} check_loaded;

static inline void check_keep_words(void *user, const tariff_diag *diag)
{
    char text[8192];
    tariff_diag_format(diag, text, sizeof text);
    check_put_text(user, text);
    check_put_text(user, "\n");
}

static inline tariff_status check_leave_row(void *user, tf_flows *flows, const tf_flow *flow)
{
    (void)user;
    (void)flows;
    (void)flow;
    return TARIFF_OK;
}

static inline void check_load(check_loaded *loaded, const tf_flows_spec *specs, size_t count,
                              const check_way *way)
{
    bool       by_epoch = way->times == CHECK_EPOCHS;
    tf_reading reading = { .threads = way->threads,
                           .any_time = way->times == CHECK_NO_TIMES,
                           .epochs = by_epoch ? check_epochs : NULL,
                           .epoch_count = by_epoch ? CHECK_EPOCH_COUNT : 0,
                           .each = way->row_by_row ? check_leave_row : NULL };
    memset(loaded, 0, sizeof *loaded);
    loaded->way = way;
    check_put(&loaded->said, "", 0);
    assert_int_equal(tariff_env_new(NULL, &loaded->env), TARIFF_OK);
    tariff_env_on_diag(loaded->env, check_keep_words, &loaded->said);
    if (way->limits)
        tariff_env_set_limits(loaded->env, way->limits);
    loaded->status = tf_dataset_load(loaded->env, specs, count, &reading, &loaded->dataset);
}

static inline void check_unload(check_loaded *loaded)
{
    tf_dataset_free(loaded->dataset);
    tariff_env_free(loaded->env);
    free(loaded->said.at);
}

/** Was no file read row by row? */
static inline bool check_was_in_bulk(const check_loaded *loaded)
{
    const tf_dataset *d = loaded->dataset;
    for (size_t i = 0; d && i < d->inputs.n; i++)
        if (!d->inputs.at[i].block_lines)
            return false;
    return d != NULL;
}

/* Cells */

/** All cells of one product, origin, importer and time. */
typedef struct check_sum {
    uint64_t key[4];
    tf_i128  value;
    uint64_t lines;
    uint64_t first; /**< File and line. */
    unsigned pieces;
} check_sum;

static inline int check_by_key(const void *a, const void *b)
{
    return memcmp(a, b, sizeof((check_sum *)0)->key); /* any order does */
}

/** A time as a number: the period, the number of its epoch, or nothing. */
static inline uint64_t check_time(const tf_data_where *where, const check_way *by)
{
    uint32_t from = (uint32_t)where->period.from.days, until = (uint32_t)where->period.until.days;
    uint64_t n = 0;
    if (by->times == CHECK_NO_TIMES || !where->has_period)
        return 0;
    if (by->times == CHECK_PERIODS)
        return (uint64_t)from << 32 | until;
    for (size_t i = 1; i < CHECK_EPOCH_COUNT; i++) /* what is before the first counts as in it */
        n += check_epochs[i] <= where->period.from.days;
    return n + 1;
}

static inline check_sum check_sum_of(const tf_data_where *where, const tf_data_cell *cell,
                                     const check_way *by)
{
    return (check_sum){ .key = { where->hs, (uint64_t)cell->origin << 16 | where->importer,
                                 check_time(where, by),
                                 by->times != CHECK_NO_TIMES && where->has_period },
                        .value = cell->value,
                        .lines = cell->lines,
                        .first = (uint64_t)cell->row.file << 32 | cell->row.line,
                        .pieces = 1 };
}

static inline void check_add(check_sum *to, const check_sum *more)
{
    to->value += more->value;
    to->lines += more->lines;
    to->pieces += more->pieces;
    if (more->first < to->first)
        to->first = more->first;
}

/** The cells, added up; *n of them. */
static inline check_sum *check_sums(const tf_dataset *d, const check_way *by, size_t *n)
{
    check_sum *sums = malloc((d->cells.n + 1) * sizeof *sums);
    size_t     all = 0, kept = 0;
    assert_non_null(sums);
    for (size_t g = 0; g < d->groups.n; g++) {
        const tf_data_group *group = &d->groups.at[g];
        for (size_t i = 0; i < group->count; i++)
            sums[all++] = check_sum_of(&group->where, &d->cells.at[group->first + i], by);
    }
    assert_int_equal(all, d->cells.n);
    qsort(sums, all, sizeof *sums, check_by_key);
    for (size_t i = 0; i < all; i++)
        if (kept > 0 && check_by_key(&sums[kept - 1], &sums[i]) == 0)
            check_add(&sums[kept - 1], &sums[i]);
        else
            sums[kept++] = sums[i];
    *n = kept;
    return sums;
}

/** Is there one cell of a kind, but where the sum would not fit into one? */
static inline bool check_cells_are_one(const check_loaded *loaded)
{
    size_t     n;
    bool       one = true;
    check_sum *sums = check_sums(loaded->dataset, loaded->way, &n);
    for (size_t i = 0; i < n; i++)
        one = one && (sums[i].pieces == 1) == (sums[i].value <= INT64_MAX);
    free(sums);
    return one;
}

/* As text */

static inline void check_tell_number(check_bytes *out, tf_i128 n, unsigned places)
{
    char text[TF_DECIMAL_TEXT];
    tf_format_fixed(n, places, places, text);
    check_put_text(out, text);
    check_put_text(out, " ");
}

static inline void check_tell_input(check_bytes *out, const tf_input *input)
{
    check_put_text(out, input->path);
    check_put_text(out, ": ");
    check_tell_number(out, input->rows, 0);
    check_tell_number(out, input->value, 4);
    for (int i = 0; i < TF_FLOW_COLUMNS; i++)
        check_tell_number(out, input->columns[i], 0);
    check_tell_number(out, input->print.bytes, 0);
    check_tell_number(out, input->print.xxh3_high, 0);
    check_tell_number(out, input->print.xxh3_low, 0);
    check_put_text(out, "\n");
}

static inline void check_tell_sum(check_bytes *out, const check_sum *sum)
{
    char text[160];
    check_tell_number(out, sum->value, 4);
    snprintf(text, sizeof text,
             "%012" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIu64 ": %" PRIu64 " from %" PRIu64
             ":%" PRIu64 "\n",
             sum->key[0], sum->key[1], sum->key[2], sum->key[3], sum->lines, sum->first >> 32,
             sum->first & UINT32_MAX);
    check_put_text(out, text);
}

static inline void check_tell_row(check_bytes *out, const tf_dataset *d, const tf_data_row *row,
                                  const check_way *by)
{
    check_sum sum = check_sum_of(&row->where, &row->cell, by);
    check_tell_number(out, row->quantity, 4);
    check_tell_number(out, row->unit.id, 0);
    check_put_text(out, row->known == TF_NOTHING_KNOWN ? "" : d->known.at[row->known].claims);
    check_tell_sum(out, &sum);
}

/** All that was read, with times told apart as `by` does: no finer than they were. */
static inline void check_tell(check_bytes *out, const check_loaded *loaded, const check_way *by)
{
    const tf_dataset *d = loaded->dataset;
    size_t            n;
    out->n = 0;
    check_put_text(out, tariff_status_name(loaded->status));
    check_put_text(out, "\n");
    check_put(out, loaded->said.at, loaded->said.n);
    if (!d)
        return;
    for (size_t i = 0; i < d->inputs.n; i++)
        check_tell_input(out, &d->inputs.at[i]);
    check_sum *sums = check_sums(d, by, &n);
    for (size_t i = 0; i < n; i++)
        check_tell_sum(out, &sums[i]);
    free(sums);
    for (size_t i = 0; i < d->rows.n; i++)
        check_tell_row(out, d, &d->rows.at[i], by);
}

#endif
