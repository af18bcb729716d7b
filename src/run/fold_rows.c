/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/fold_parts.h"

enum { AHEAD = 8 /* Runs whose sums are asked for before they are needed. */ };

/** Rows being read. */
typedef struct reading {
    const tf_bulk_reader *reader;
    const tf_bulk_rows   *rows;
    uint64_t              place; /**< Of the first of them, in the file. */
    bool                  fits;  /**< Nothing can overflow, whatever the rows are. */
    size_t                run_count;
    uint16_t             *left;
    size_t                left_count;
} reading;

/* Runs */

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

/* Where runs and stretches begin, and the last ones end.  Whether a row differs from the one before
 * is as good as chance: it is asked without a jump. */
static void find_runs(tf_fold *fold, reading *r)
{
    const tf_bulk_rows *rows = r->rows;
    tf_fold_stretch    *stretches = fold->stretches;
    tf_fold_run        *runs = fold->runs;
    uint32_t           *apart = fold->apart, *differs = fold->differs;
    uint64_t            sum = (uint64_t)rows->value[0];
    size_t              n = 1, m = 1;
    for (size_t i = 1; i < rows->n; i++) {
        apart[i] = (rows->product[i] ^ rows->product[i - 1])
                   | (rows->period[i] ^ rows->period[i - 1])
                   | (uint32_t)(rows->importer[i] ^ rows->importer[i - 1]);
        differs[i] = apart[i] | (uint32_t)(rows->origin[i] ^ rows->origin[i - 1]);
    }
    stretches[0] = (tf_fold_stretch){ 0, 0 };
    runs[0].first = 0;
    for (size_t i = 1; i < rows->n; i++) {
        stretches[n] = (tf_fold_stretch){ sum, i };
        runs[m].first = n;
        n += differs[i] != 0;
        m += apart[i] != 0;
        sum += (uint64_t)rows->value[i];
    }
    stretches[n] = (tf_fold_stretch){ sum, rows->n };
    runs[m].first = n;
    r->run_count = m;
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
    for (size_t k = 0; k < r->run_count; k++) {
        tf_fold_run *run = &fold->runs[k];
        size_t       row = fold->stretches[run->first].begin;
        TF_TRY(find_pane(fold, r, row, &run->pane));
        if (!run->pane)
            continue;
        run->known = tf_pane_product(run->pane, r->rows->product[row]);
        __builtin_prefetch(run->known);
    }
    return TARIFF_OK;
}

static tf_cell cell_of(const tf_fold *fold, const reading *r, size_t row)
{
    const tf_bulk_rows *rows = r->rows;
    return (tf_cell){ tf_bulk_product(r->reader, rows->product[row]), rows->origin[row],
                      rows->importer[row], fold->judged.at[rows->period[row]].day };
}

/* A product that the pane did not know when all were looked up. */
static tariff_status fill_pane(tf_fold *fold, const reading *r, const tf_fold_run *run,
                               tf_pane_blocks *out)
{
    size_t   row = fold->stretches[run->first].begin;
    uint32_t product = r->rows->product[row];
    uint32_t epoch = fold->judged.at[r->rows->period[row]].epoch;
    tf_cell  cell = cell_of(fold, r, row);
    *out = *tf_pane_product(run->pane, product);
    return out->side[0] ? TARIFF_OK
                        : tf_panes_fill(&fold->panes, run->pane, product, &cell, epoch, out);
}

static TARIFF_ALWAYS_INLINE tariff_status find_blocks(tf_fold *fold, const reading *r, bool two)
{
    const unsigned sides = two ? 2 : 1;
    for (size_t k = 0; k < r->run_count; k++) {
        tf_fold_run *run = &fold->runs[k];
        if (!run->pane)
            continue;
        tf_pane_blocks blocks = *run->known;
        if (!blocks.side[0])
            TF_TRY(fill_pane(fold, r, run, &blocks));
        for (unsigned i = 0; i < sides; i++) {
            run->block[i] = tf_lanes_block_at(&fold->panes.sides[i].lanes, blocks.side[i]);
            __builtin_prefetch(run->block[i]);
        }
    }
    return TARIFF_OK;
}

/* NULL if it is not known. */
static inline tf_lane_sum *sum_of(const tf_fold_run *run, unsigned side, uint16_t origin)
{
    tf_lane_block *block = run->block[side];
    if (block->single)
        return &block->own;
    block = tf_block_of(block, origin);
    unsigned number = tf_pane_number(run->pane, side, block->lane, origin);
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

/* A row of which something is not known yet, or would not fit; false leaves it. */
static tariff_status fold_row(tf_fold *fold, const reading *r, const tf_fold_run *run, size_t i,
                              const tf_cell *cell, bool *folded)
{
    const unsigned last = fold->panes.side_count - 1;
    tf_lane_sum   *sum[TF_SIDES];
    int64_t        value = r->rows->value[i];
    *folded = false;
    for (unsigned k = 0; k <= last; k++) {
        tf_lane_block *block = tf_block_of(run->block[k], cell->origin);
        unsigned       number;
        TF_TRY(tf_panes_meet(&fold->panes, k, run->pane, block, cell, &number));
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

static tariff_status fold_singly(tf_fold *fold, reading *r, const tf_fold_run *run,
                                 const tf_fold_stretch *s)
{
    tf_cell cell = cell_of(fold, r, s->begin);
    for (size_t i = s->begin; i < s[1].begin; i++) {
        bool folded;
        TF_TRY(fold_row(fold, r, run, i, &cell, &folded));
        if (!folded)
            r->left[r->left_count++] = (uint16_t)i;
    }
    return TARIFF_OK;
}

/* Rows together; where all is known, by look-ups and sums alone.  `two` sides or one: a constant to
 * the compiler. */

static TARIFF_ALWAYS_INLINE void fold_stretch(tf_fold *fold, const reading *r,
                                              const tf_fold_stretch *s, tf_lane_sum *first,
                                              tf_lane_sum *second, bool two)
{
    uint64_t lines = s[1].begin - s->begin;
    int64_t  value = (int64_t)(s[1].before - s->before);
    add(first, value, lines);
    if (two)
        add(second, value, lines);
    add_origin(fold, r->rows->origin[s->begin], value, first->digest, second->digest);
    if (first->digest->noted | second->digest->noted) {
        note(fold, first->digest, r->place + s->begin);
        note(fold, second->digest, r->place + s->begin);
    }
}

static TARIFF_ALWAYS_INLINE tariff_status fold_run(tf_fold *fold, reading *r, tf_fold_run *run,
                                                   bool two)
{
    const tf_fold_stretch *s = &fold->stretches[run[0].first];
    const tf_fold_stretch *end = &fold->stretches[run[1].first];
    for (; s < end; s++) {
        uint16_t     origin = r->rows->origin[s->begin];
        tf_lane_sum *first = sum_of(run, 0, origin);
        tf_lane_sum *second = two ? sum_of(run, 1, origin) : first;
        if (r->fits && first && second)
            fold_stretch(fold, r, s, first, second, two);
        else
            TF_TRY(fold_singly(fold, r, run, s));
    }
    return TARIFF_OK;
}

/* Rows without a period, where one is needed, are told of elsewhere. */
static void leave(const tf_fold *fold, reading *r, const tf_fold_run *run)
{
    size_t end = fold->stretches[run[1].first].begin;
    for (size_t i = fold->stretches[run[0].first].begin; i < end; i++)
        r->left[r->left_count++] = (uint16_t)i;
}

static TARIFF_ALWAYS_INLINE tariff_status fold_all(tf_fold *fold, reading *r, bool two)
{
    TF_TRY(find_blocks(fold, r, two));
    for (size_t k = 0; k < r->run_count; k++) {
        if (k + AHEAD < r->run_count && fold->runs[k + AHEAD].pane)
            __builtin_prefetch(fold->runs[k + AHEAD].block[0]->sums);
        if (fold->runs[k].pane)
            TF_TRY(fold_run(fold, r, &fold->runs[k], two));
        else
            leave(fold, r, &fold->runs[k]);
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
    find_runs(fold, &r);
    TF_TRY(find_panes(fold, &r));
    TF_TRY(fold->panes.side_count == 2 ? fold_all(fold, &r, true) : fold_all(fold, &r, false));
    if (r.fits)
        fold->total += (int64_t)(rows->sizes + rows->n);
    *left_count = r.left_count;
    return TARIFF_OK;
}
