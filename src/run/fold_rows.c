/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/fold_parts.h"

/** Rows being read. */
typedef struct reading {
    const tf_bulk_reader *reader;
    const tf_bulk_rows   *rows;
    uint64_t              place; /**< Of the first of them, in the file. */
    bool                  fits;  /**< Nothing can overflow, whatever the rows are. */
    size_t                stretch_count;
    uint16_t             *left;
    size_t                left_count;
} reading;

/* Stretches */

/* Periods that the reader has met since the last time. */
static tariff_status judge(tf_fold *fold, const tf_bulk_reader *reader, uint32_t period)
{
    while (fold->judged.n <= period) {
        tariff_span    span = tf_span_always(), days;
        tf_fold_judged fresh = { .given = false };
        bool given = tf_bulk_period(reader, (uint32_t)fold->judged.n, &span);
        fresh.given = tf_days_of(fold->e->date_kind, fold->e->date, given, span, &days);
        fresh.by_period = given && fold->e->date_kind != TF_ON_DAY;
        if (fresh.given) {
            fresh.day = days.from.days;
            fresh.epoch = (uint32_t)tf_law_epoch(fold->e->law, fresh.day);
        }
        if (!TF_PUSH(&fold->panes.sides[0].lanes.arena, &fold->judged, fresh))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

/* Where stretches begin, and the last one ends.  Whether a row differs from the one before is as
 * good as chance: it is asked without a jump. */
static void find_stretches(tf_fold *fold, reading *r)
{
    const tf_bulk_rows *rows = r->rows;
    tf_fold_stretch    *at = fold->stretches;
    uint32_t            differs[TF_BULK_ROWS];
    uint64_t            sum = 0;
    size_t              n = 1;
    for (size_t i = 1; i < rows->n; i++)
        differs[i] = (rows->product[i] ^ rows->product[i - 1])
                     | (rows->period[i] ^ rows->period[i - 1])
                     | (uint32_t)((rows->origin[i] ^ rows->origin[i - 1])
                                  | (rows->importer[i] ^ rows->importer[i - 1]));
    at[0].begin = 0;
    at[0].before = 0;
    sum = (uint64_t)rows->value[0];
    for (size_t i = 1; i < rows->n; i++) {
        at[n].begin = (uint32_t)i;
        at[n].before = sum;
        n += differs[i] != 0;
        sum += (uint64_t)rows->value[i];
    }
    at[n].begin = (uint32_t)rows->n;
    at[n].before = sum;
    r->stretch_count = n;
}

static tariff_status find_pane(tf_fold *fold, const reading *r, size_t row, tf_pane **out)
{
    uint32_t period = r->rows->period[row];
    uint16_t importer = r->rows->importer[row];
    if (period >= fold->judged.n)
        TF_TRY(judge(fold, r->reader, period));
    const tf_fold_judged *when = &fold->judged.at[period];
    tf_window            *window = fold->panes.windows[importer];
    *out = NULL;
    if (!when->given)
        return TARIFF_OK;
    if (!window)
        return tf_panes_open(&fold->panes, importer, when->epoch, out);
    *out = &window->panes[when->epoch];
    return TARIFF_OK;
}

static tariff_status find_panes(tf_fold *fold, const reading *r)
{
    const tf_bulk_rows *rows = r->rows;
    size_t              last = 0;
    for (size_t k = 0; k < r->stretch_count; k++) {
        tf_fold_stretch *s = &fold->stretches[k];
        uint32_t         product = rows->product[s->begin];
        s->goes_on = k > 0 && product == rows->product[last]
                     && rows->period[s->begin] == rows->period[last]
                     && rows->importer[s->begin] == rows->importer[last];
        last = s->begin;
        if (s->goes_on) {
            s->pane = s[-1].pane;
            continue;
        }
        TF_TRY(find_pane(fold, r, s->begin, &s->pane));
        if (s->pane)
            tf_pane_expect(s->pane, product);
    }
    return TARIFF_OK;
}

static tf_cell cell_of(const tf_fold *fold, const reading *r, const tf_fold_stretch *s)
{
    const tf_bulk_rows *rows = r->rows;
    return (tf_cell){ tf_bulk_product(r->reader, rows->product[s->begin]), rows->origin[s->begin],
                      rows->importer[s->begin], fold->judged.at[rows->period[s->begin]].day };
}

static tariff_status fill_pane(tf_fold *fold, const reading *r, const tf_fold_stretch *s,
                               tf_pane_blocks *out)
{
    tf_cell  cell = cell_of(fold, r, s);
    uint32_t product = r->rows->product[s->begin];
    uint32_t epoch = fold->judged.at[r->rows->period[s->begin]].epoch;
    return tf_panes_fill(&fold->panes, s->pane, product, &cell, epoch, out);
}

static TARIFF_ALWAYS_INLINE tariff_status find_blocks(tf_fold *fold, const reading *r, bool two)
{
    for (size_t k = 0; k < r->stretch_count; k++) {
        tf_fold_stretch *s = &fold->stretches[k];
        if (s->goes_on) {
            memcpy(s->block, s[-1].block, sizeof s->block);
            continue;
        }
        if (!s->pane)
            continue;
        tf_pane_blocks blocks = tf_pane_product(s->pane, r->rows->product[s->begin]);
        if (!blocks.side[0])
            TF_TRY(fill_pane(fold, r, s, &blocks));
        for (unsigned i = 0; i <= two; i++) {
            s->block[i] = tf_lanes_block_at(&fold->panes.sides[i].lanes, blocks.side[i] - 1);
            __builtin_prefetch(s->block[i]);
        }
    }
    return TARIFF_OK;
}

/* NULL if it is not known. */
static inline tf_lane_sum *sum_of(const tf_fold_stretch *s, unsigned side, uint16_t origin)
{
    if (s->block[side]->single)
        return &s->block[side]->own;
    tf_lane_block *block = tf_block_of(s->block[side], origin);
    unsigned       number = tf_pane_number(s->pane, side, block->lane, origin);
    return number - 1 < block->count ? &block->sums[number - 1] : NULL;
}

/* Sums */

static void note_place(tf_fold_first_place *first, bool is, uint64_t place)
{
    if (is && (!first->any || place < first->place))
        *first = (tf_fold_first_place){ true, place };
}

static void note(tf_fold *fold, const tf_digest *digest, uint64_t place)
{
    note_place(&fold->coarse, digest->burden->coarse, place);
    note_place(&fold->unassessed, digest->burden->unassessed, place);
}

static inline uint64_t size_of(int64_t value)
{
    return (uint64_t)(value < 0 ? ~value : value) + 1; /* the least value has no opposite */
}

/* Would the sums be sure to fit, with so many rows more, of which none is larger? */
static bool has_room(const tf_fold *fold, uint64_t n, uint64_t largest)
{
    return largest < (uint64_t)(TF_FOLD_MOST - fold->total) / n;
}

/* Where there is one side, its digest is both. */
static inline void add_origin(tf_fold *fold, uint16_t origin, int64_t value,
                              const tf_digest *additional, const tf_digest *ordinary)
{
    tf_fold_origin_sums *sums = &fold->origins[origin];
    sums->met = true;
    sums->value += value;
    sums->affected += (tf_i128)value * additional->affected;
    sums->ordinary += (tf_i128)value * ordinary->ordinary;
    sums->additional += (tf_i128)value * additional->additional;
}

static inline void add(tf_lane_sum *sum, int64_t value, uint64_t lines)
{
    sum->value += value;
    sum->lines += lines;
}

/* Rows one by one */

/* A row of which something is not known yet, or to be told; false leaves it. */
static tariff_status fold_row(tf_fold *fold, const reading *r, tf_fold_stretch *s, size_t i,
                              const tf_cell *cell, bool *folded)
{
    const unsigned last = fold->panes.side_count - 1;
    tf_lane_sum   *sum[TF_SIDES];
    int64_t        value = r->rows->value[i];
    *folded = false;
    for (unsigned k = 0; k <= last; k++) {
        tf_lane_block *block = tf_block_of(s->block[k], cell->origin);
        unsigned       number;
        TF_TRY(tf_panes_meet(&fold->panes, k, s->pane, block, cell, &number));
        if (number == TF_LANE_LEFT)
            return TARIFF_OK;
        sum[k] = &block->sums[number - 1];
    }
    if (!r->fits && !has_room(fold, 1, size_of(value)))
        return TARIFF_OK;
    for (unsigned k = 0; k <= last; k++) {
        add(sum[k], value, 1);
        note(fold, sum[k]->digest, r->place + i);
    }
    add_origin(fold, cell->origin, value, sum[0]->digest, sum[last]->digest);
    fold->total += r->fits ? 0 : (int64_t)size_of(value);
    *folded = true;
    return TARIFF_OK;
}

static tariff_status fold_singly(tf_fold *fold, reading *r, tf_fold_stretch *s)
{
    tf_cell cell = cell_of(fold, r, s);
    for (size_t i = s->begin; i < s[1].begin; i++) {
        bool folded;
        TF_TRY(fold_row(fold, r, s, i, &cell, &folded));
        if (!folded)
            r->left[r->left_count++] = (uint16_t)i;
    }
    return TARIFF_OK;
}

/* Rows without a period, where one is needed, are told of elsewhere. */
static void leave(reading *r, const tf_fold_stretch *s)
{
    for (size_t i = s->begin; i < s[1].begin; i++)
        r->left[r->left_count++] = (uint16_t)i;
}

static TARIFF_ALWAYS_INLINE void fold_together(tf_fold *fold, const reading *r,
                                               const tf_fold_stretch *s, tf_lane_sum *first,
                                               tf_lane_sum *second)
{
    uint64_t lines = s[1].begin - s->begin;
    int64_t  value = (int64_t)(s[1].before - s->before);
    add(first, value, lines);
    if (second != first)
        add(second, value, lines);
    add_origin(fold, r->rows->origin[s->begin], value, first->digest, second->digest);
    if (first->digest->noted | second->digest->noted) {
        note(fold, first->digest, r->place + s->begin);
        note(fold, second->digest, r->place + s->begin);
    }
}

/* All rows; where all is known, by look-ups and sums alone.  `two` sides or one: a constant to the
 * compiler. */
static TARIFF_ALWAYS_INLINE tariff_status fold_all(tf_fold *fold, reading *r, bool two)
{
    TF_TRY(find_blocks(fold, r, two));
    for (size_t k = 0; k < r->stretch_count; k++) {
        tf_fold_stretch *s = &fold->stretches[k];
        if (!s->pane) {
            leave(r, s);
            continue;
        }
        uint16_t     origin = r->rows->origin[s->begin];
        tf_lane_sum *first = sum_of(s, 0, origin), *second = two ? sum_of(s, 1, origin) : first;
        if (r->fits && first && second)
            fold_together(fold, r, s, first, second);
        else
            TF_TRY(fold_singly(fold, r, s));
    }
    return TARIFF_OK;
}

tariff_status tf_fold_rows(tf_fold *fold, const tf_bulk_reader *reader, const tf_bulk_rows *rows,
                           uint32_t block_number, uint16_t *left, size_t *left_count)
{
    *left_count = 0;
    if (rows->n == 0)
        return TARIFF_OK;
    reading r = { .reader = reader,
                  .rows = rows,
                  .place = (uint64_t)block_number << 32 | rows->first_line,
                  .fits = has_room(fold, rows->n, rows->bits),
                  .left = left };
    /* Step by step for all, so that what is far away in memory is waited for together. */
    find_stretches(fold, &r);
    TF_TRY(find_panes(fold, &r));
    TF_TRY(fold->panes.side_count == 2 ? fold_all(fold, &r, true) : fold_all(fold, &r, false));
    if (r.fits)
        fold->total += (int64_t)(rows->sizes + rows->n);
    *left_count = r.left_count;
    return TARIFF_OK;
}
