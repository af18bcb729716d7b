/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/fold_parts.h"

bool tf_folds(tf_date_kind date_kind, const tf_report_choices *choices)
{
    return date_kind != TF_ON_PERIOD_AVERAGE && !choices->wanted[TF_REPORT_PRODUCTS_ORIGINS];
}

static unsigned block_digits(const tf_report_choices *choices)
{
    unsigned digits = 0;
    for (int i = TF_REPORT_PRODUCTS; i <= TF_REPORT_PRODUCTS_LAYERS; i++)
        if (choices->wanted[i] && choices->digits[i] > digits)
            digits = choices->digits[i];
    return digits;
}

static uint64_t additional_layers(const tariff_law *law)
{
    size_t n = law->book.layers.n;
    return (n == TF_LAYERS_MAX ? UINT64_MAX : (UINT64_C(1) << n) - 1) & ~law->ordinary;
}

static tariff_status add_side(tf_fold *fold, uint64_t layers, bool beside)
{
    tf_side *s = &fold->sides[fold->side_count++];
    s->beside = beside;
    s->digits = block_digits(fold->e->reports);
    return tf_lanes_init(&s->lanes, fold->e, layers);
}

static tariff_status add_sides(tf_fold *fold)
{
    const tariff_law *law = fold->e->law;
    uint64_t          additional = additional_layers(law);
    if (!law->kinds_apart || !additional || !law->ordinary)
        return add_side(fold, TF_ALL_LAYERS, false);
    TF_TRY(add_side(fold, additional, false));
    return add_side(fold, law->ordinary, true);
}

tariff_status tf_fold_new(const tf_evaluation *e, tf_fold **out)
{
    *out = NULL;
    tf_fold *fold = tf_alloc(e->env, sizeof *fold);
    TF_NEED(fold);
    memset(fold, 0, sizeof *fold);
    fold->e = e;
    tariff_status status = add_sides(fold);
    if (status != TARIFF_OK) {
        tf_fold_free(fold);
        return status;
    }
    *out = fold;
    return TARIFF_OK;
}

void tf_fold_free(tf_fold *fold)
{
    if (!fold)
        return;
    for (unsigned i = 0; i < fold->side_count; i++)
        tf_lanes_free(&fold->sides[i].lanes);
    tf_free(fold->e->env, fold, sizeof *fold);
}

/* Runs: rows that follow one another, of the same product, importer and period */

typedef struct run {
    const tf_bulk_reader *reader;
    const tf_bulk_rows   *rows;
    uint64_t              place; /**< Of the first of the rows, in the file. */
    size_t                begin, end;
    tf_fold_judged                when;
    bool                  fits; /**< Nothing can overflow, whatever the rows are. */
    struct {
        tf_window     *window;
        tf_pane       *pane;
        tf_lane_block *block;
    } on[TF_FOLD_SIDES];
} run;

/* Periods that the reader has met since the last time. */
static tariff_status judge(tf_fold *fold, const tf_bulk_reader *reader, uint32_t period)
{
    while (fold->judged.n <= period) {
        tariff_span span = tf_span_always(), days;
        tf_fold_judged      fresh = { .given = false };
        bool given = tf_bulk_period(reader, (uint32_t)fold->judged.n, &span);
        fresh.given = tf_days_of(fold->e->date_kind, fold->e->date, given, span, &days);
        fresh.by_period = given && fold->e->date_kind != TF_ON_DAY;
        if (fresh.given) {
            fresh.day = days.from.days;
            fresh.epoch = (uint32_t)tf_law_epoch(fold->e->law, fresh.day);
        }
        if (!TF_PUSH(&fold->sides[0].lanes.arena, &fold->judged, fresh))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

static tf_cell cell_of(const run *r, size_t i)
{
    return (tf_cell){ tf_bulk_product(r->reader, r->rows->product[i]), r->rows->origin[i],
                      r->rows->importer[i], r->when.day };
}

/* Another period or importer than the rows before had. */
static tariff_status open_panes(tf_fold *fold, run *r)
{
    uint32_t period = r->rows->period[r->begin];
    if (period >= fold->judged.n)
        TF_TRY(judge(fold, r->reader, period));
    r->when = fold->judged.at[period];
    for (unsigned k = 0; r->when.given && k < fold->side_count; k++)
        TF_TRY(tf_side_open(&fold->sides[k], r->rows->importer[r->begin], r->when.epoch,
                            &r->on[k].window, &r->on[k].pane));
    return TARIFF_OK;
}

static tariff_status find_blocks(tf_fold *fold, run *r)
{
    uint32_t product = r->rows->product[r->begin];
    for (unsigned k = 0; k < fold->side_count; k++) {
        r->on[k].block = tf_pane_block(r->on[k].pane, product);
        if (!r->on[k].block) {
            tf_cell cell = cell_of(r, r->begin);
            TF_TRY(tf_side_fill(&fold->sides[k], r->on[k].window, r->on[k].pane, product, &cell,
                                r->when.epoch, &r->on[k].block));
        }
    }
    return TARIFF_OK;
}

/* Where the next run ends. */
static inline void find_end(run *r)
{
    const tf_bulk_rows *rows = r->rows;
    size_t              i = r->begin + 1;
    while (i < rows->n && rows->product[i] == rows->product[r->begin]
           && rows->period[i] == rows->period[r->begin]
           && rows->importer[i] == rows->importer[r->begin])
        i++;
    r->end = i;
}

/* Rows */

static void note_place(tf_fold_first_place *first, bool is, uint64_t place)
{
    if (is && (!first->any || place < first->place))
        *first = (tf_fold_first_place){ true, place };
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

static inline void add(tf_lane_block *block, unsigned number, int64_t value)
{
    block->sums[number - 1].value += value;
    block->sums[number - 1].lines++;
}

/* A row of which something is not known yet, or to be told; false leaves it. */
static tariff_status fold_row(tf_fold *fold, run *r, size_t i, bool *folded)
{
    const unsigned   last = fold->side_count - 1;
    unsigned         number[TF_FOLD_SIDES];
    const tf_digest *digest[TF_FOLD_SIDES];
    tf_lane_block   *block[TF_FOLD_SIDES];
    int64_t          value = r->rows->value[i];
    tf_cell          cell = cell_of(r, i);
    *folded = false;
    for (unsigned k = 0; k <= last; k++) {
        block[k] = tf_block_of(r->on[k].block, cell.origin);
        TF_TRY(tf_side_meet(&fold->sides[k], r->on[k].pane, block[k], &cell, &number[k]));
        if (number[k] == TF_LANE_LEFT)
            return TARIFF_OK;
        digest[k] = block[k]->lane->digests.at[number[k] - 1];
    }
    if (!r->fits && !has_room(fold, 1, size_of(value)))
        return TARIFF_OK;
    for (unsigned k = 0; k <= last; k++) {
        add(block[k], number[k], value);
        note_place(&fold->coarse, digest[k]->burden->coarse, r->place + i);
        note_place(&fold->unassessed, digest[k]->burden->unassessed, r->place + i);
    }
    add_origin(fold, r->rows->origin[i], value, digest[0], digest[last]);
    fold->total += r->fits ? 0 : (int64_t)size_of(value);
    *folded = true;
    return TARIFF_OK;
}

static bool is_plain(const tf_fold *fold, const run *r)
{
    for (unsigned k = 0; k < fold->side_count; k++) {
        const tf_lane_block *b = r->on[k].block;
        if (b->lane->noted || (b->rest && b->rest->lane->noted))
            return false;
    }
    return r->fits;
}

/* Rows to come */

static const tf_pane *pane_of(const tf_fold *fold, const tf_side *s, const tf_bulk_rows *rows,
                              size_t i)
{
    const tf_window *w = s->windows[rows->importer[i]];
    if (!w || rows->period[i] >= fold->judged.n || !fold->judged.at[rows->period[i]].given)
        return NULL;
    return &w->panes[fold->judged.at[rows->period[i]].epoch];
}

static void expect_on_side(tf_fold *fold, const tf_side *s, const tf_bulk_rows *rows)
{
    const tf_pane **panes = fold->panes;
    tf_lane_block **blocks = fold->blocks;
    for (size_t i = 0; i < rows->n; i++) {
        panes[i] = pane_of(fold, s, rows, i);
        if (panes[i])
            tf_pane_expect(panes[i], rows->product[i]);
    }
    for (size_t i = 0; i < rows->n; i++) {
        blocks[i] = panes[i] ? tf_pane_block(panes[i], rows->product[i]) : NULL;
        if (blocks[i])
            __builtin_prefetch(blocks[i]);
    }
    for (size_t i = 0; i < rows->n; i++) {
        if (!blocks[i])
            continue;
        tf_lane_block *b = tf_block_of(blocks[i], rows->origin[i]);
        unsigned       number = tf_pane_number(panes[i], b->lane, rows->origin[i]);
        if (number - 1 < b->room)
            __builtin_prefetch(&b->sums[number - 1]);
    }
}

/* Where products come in no order, their sums are far away in memory: they are asked for together,
 * step by step. */
static void expect_rows(tf_fold *fold, const tf_bulk_rows *rows)
{
    size_t jumps = 0;
    for (size_t i = 1; i < rows->n; i++)
        jumps += rows->product[i] != rows->product[i - 1];
    for (unsigned k = 0; jumps > rows->n / 2 && k < fold->side_count; k++)
        expect_on_side(fold, &fold->sides[k], rows);
}

/* The rows of a run; where all is known, by look-ups and sums alone.  `two` sides or one: a
 * constant to the compiler. */
static TARIFF_ALWAYS_INLINE tariff_status fold_run(tf_fold *fold, run *r, bool two, uint16_t *left,
                                                   size_t *n)
{
    const uint16_t *origins = r->rows->origin;
    const tf_pane  *first_pane = r->on[0].pane, *second_pane = r->on[two ? 1 : 0].pane;
    bool            plain = is_plain(fold, r);
    for (size_t i = r->begin; i < r->end; i++) {
        tf_lane_block *first = tf_block_of(r->on[0].block, origins[i]);
        tf_lane_block *second = two ? tf_block_of(r->on[1].block, origins[i]) : first;
        unsigned a = tf_pane_number(first_pane, first->lane, origins[i]);
        unsigned b = two ? tf_pane_number(second_pane, second->lane, origins[i]) : a;
        if (plain && a - 1 < first->room && b - 1 < second->room) {
            int64_t value = r->rows->value[i];
            add(first, a, value);
            if (two)
                add(second, b, value);
            add_origin(fold, origins[i], value, first->lane->digests.at[a - 1],
                       second->lane->digests.at[b - 1]);
            continue;
        }
        bool folded;
        TF_TRY(fold_row(fold, r, i, &folded));
        if (!folded)
            left[(*n)++] = (uint16_t)i;
        plain = is_plain(fold, r); /* there may be something new */
    }
    return TARIFF_OK;
}

/* Rows without a period, where one is needed, are told of elsewhere. */
static void leave_run(const run *r, uint16_t *left, size_t *n)
{
    for (size_t i = r->begin; i < r->end; i++)
        left[(*n)++] = (uint16_t)i;
}

tariff_status tf_fold_rows(tf_fold *fold, const tf_bulk_reader *reader, const tf_bulk_rows *rows,
                           uint32_t block_number, uint16_t *left, size_t *left_count)
{
    run      r = { .reader = reader,
                   .rows = rows,
                   .place = (uint64_t)block_number << 32 | rows->first_line,
                   .fits = rows->n == 0 || has_room(fold, rows->n, rows->bits) };
    size_t   n = 0;
    expect_rows(fold, rows);
    for (; r.begin < rows->n; r.begin = r.end) {
        size_t before = r.begin - (r.begin > 0);
        if (r.begin == 0 || rows->period[r.begin] != rows->period[before]
            || rows->importer[r.begin] != rows->importer[before])
            TF_TRY(open_panes(fold, &r));
        find_end(&r);
        if (!r.when.given) {
            leave_run(&r, left, &n);
            continue;
        }
        TF_TRY(find_blocks(fold, &r));
        TF_TRY(fold->side_count == 2 ? fold_run(fold, &r, true, left, &n)
                                     : fold_run(fold, &r, false, left, &n));
    }
    if (r.fits)
        fold->total += (int64_t)(rows->sizes + rows->n);
    *left_count = n;
    return TARIFF_OK;
}
