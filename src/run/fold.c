/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/fold.h"

#include "run/lanes.h"
#include "value/hs.h"

/* Of all values that a fold adds up: then no sum of theirs, whatever it is multiplied by, leaves
 * 128 bits. */
#define MOST (INT64_C(1) << 62)

/** Where rows go, for an importer in an epoch. */
typedef struct pane {
    TF_VEC(tf_lane_block *) of; /**< By number of product; NULL: not known yet. */
    uint16_t origins[TF_COUNTRIES_MAX]; /**< Treatment + 1; 0: not known yet. */
} pane;

/** What rows of a period are judged by. */
typedef struct judged {
    bool     given;
    int32_t  day;
    uint32_t epoch;
} judged;

/** What the rows of an origin bear in all. */
typedef struct origin_sums {
    int64_t value; /**< Fits: see MOST. */
    tf_i128 affected, ordinary, additional;
} origin_sums;

/** The first row of a kind. */
typedef struct first_place {
    bool     any;
    uint64_t place;
} first_place;

struct tf_fold {
    const tf_evaluation *e;
    tf_lanes             lanes;
    unsigned             digits; /**< Of products, in blocks; 0: no report asks. */
    int64_t              total;  /**< Of values without their signs. */
    pane                *panes[TF_COUNTRIES_MAX]; /**< By importer, then by epoch; NULL: none. */
    first_place          coarse, unassessed;
    TF_VEC(judged) judged; /**< By number of a period. */
    origin_sums          origins[TF_COUNTRIES_MAX];
    bool                 met[TF_COUNTRIES_MAX]; /**< Origins of some row. */
};

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

tariff_status tf_fold_new(const tf_evaluation *e, tf_fold **out)
{
    *out = NULL;
    tf_fold *fold = tf_alloc(e->env, sizeof *fold);
    TF_NEED(fold);
    memset(fold, 0, sizeof *fold);
    fold->e = e;
    fold->digits = block_digits(e->reports);
    tariff_status status = tf_lanes_init(&fold->lanes, e);
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
    tf_lanes_free(&fold->lanes);
    tf_free(fold->e->env, fold, sizeof *fold);
}

/* Panes */

/* The number of an origin's program in a lane, the hard way. */
static tariff_status find_in_lane(tf_fold *fold, pane *p, tf_lane *l, const tf_cell *cell,
                                  unsigned *number)
{
    uint32_t key = cell->origin;
    if (!l->by_origin) {
        if (!p->origins[cell->origin]) {
            TF_TRY(tf_program_origin(fold->lanes.programs, cell, &key));
            p->origins[cell->origin] = (uint16_t)(key + 1);
        }
        key = p->origins[cell->origin] - 1u;
    }
    if (key >= l->room || l->of[key] == TF_LANE_NOT_MET)
        TF_TRY(tf_lane_meet(&fold->lanes, l, cell, key));
    *number = l->of[key];
    return TARIFF_OK;
}

/* Periods that the reader has met since the last time. */
static tariff_status judge(tf_fold *fold, const tf_bulk_reader *reader, uint32_t period)
{
    while (fold->judged.n <= period) {
        tariff_span span = tf_span_always(), days;
        judged      fresh = { .given = false };
        bool given = tf_bulk_period(reader, (uint32_t)fold->judged.n, &span);
        fresh.given = tf_days_of(fold->e->date_kind, fold->e->date, given, span, &days);
        if (fresh.given) {
            fresh.day = days.from.days;
            fresh.epoch = (uint32_t)tf_law_epoch(fold->e->law, fresh.day);
        }
        if (!TF_PUSH(&fold->lanes.arena, &fold->judged, fresh))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

/** A row, and what is known of it. */
typedef struct placed {
    const tf_bulk_reader *reader;
    const tf_bulk_rows   *rows;
    size_t                i;
    uint32_t              period, product;
    uint16_t              importer;
    judged                when; /**< Of the period. */
    pane                 *pane; /**< Of the importer then; NULL: not looked at. */
    tf_lane_block        *block; /**< Of the product. */
} placed;

static tf_cell cell_of(const placed *p)
{
    return (tf_cell){ tf_bulk_product(p->reader, p->product), p->rows->origin[p->i], p->importer,
                      p->when.day };
}

/* Another period or importer than the row before had. */
static tariff_status open_pane(tf_fold *fold, placed *p)
{
    pane **panes = &fold->panes[p->importer];
    p->block = NULL;
    p->pane = NULL;
    if (p->period >= fold->judged.n)
        TF_TRY(judge(fold, p->reader, p->period));
    p->when = fold->judged.at[p->period];
    if (!p->when.given)
        return TARIFF_OK;
    if (!*panes)
        *panes = TF_ARRAY(&fold->lanes.arena, pane, fold->e->law->epochs.n);
    TF_NEED(*panes);
    p->pane = &(*panes)[p->when.epoch];
    return TARIFF_OK;
}

/* The block of a product that the pane does not know. */
static tariff_status fill_pane(tf_fold *fold, placed *p)
{
    tf_cell        cell = cell_of(p);
    tariff_hs      product = { cell.hs };
    uint64_t       hs = fold->digits ? tariff_hs_truncate(product, fold->digits).key : 0;
    tf_lane_block *none = NULL;
    while (p->pane->of.n <= p->product)
        if (!TF_PUSH(&fold->lanes.arena, &p->pane->of, none))
            return TARIFF_E_NOMEM;
    TF_TRY(tf_lanes_find(&fold->lanes, &cell, hs, &p->block));
    p->pane->of.at[p->product] = p->block;
    return TARIFF_OK;
}

/* Rows */

static void note_place(first_place *first, bool is, uint64_t place)
{
    if (is && (!first->any || place < first->place))
        *first = (first_place){ true, place };
}

static void note(tf_fold *fold, const tf_burden *burden, uint64_t place)
{
    note_place(&fold->coarse, burden->coarse, place);
    note_place(&fold->unassessed, burden->unassessed, place);
}

static inline void add(tf_fold *fold, const tf_digest *d, tf_lane_sum *to, uint16_t origin,
                       int64_t value)
{
    origin_sums *sums = &fold->origins[origin];
    to->value += value;
    to->lines++;
    fold->met[origin] = true;
    sums->value += value;
    sums->affected += (tf_i128)value * d->affected;
    sums->ordinary += (tf_i128)value * d->ordinary;
    sums->additional += (tf_i128)value * d->additional;
}

static inline uint64_t size_of(int64_t value)
{
    return (uint64_t)(value < 0 ? ~value : value) + 1; /* the least value has no opposite */
}

/* Would the sums be sure to fit, with so many rows more, of which none is larger? */
static bool has_room(const tf_fold *fold, uint64_t n, uint64_t largest)
{
    return largest < (uint64_t)(MOST - fold->total) / n;
}

/* A row of the product and pane looked at last, mostly; NULL: it is left. */
static inline tariff_status place_row(tf_fold *fold, placed *p, unsigned *number,
                                      tf_lane_block **out)
{
    const tf_bulk_rows *rows = p->rows;
    size_t              i = p->i;
    *out = NULL;
    if (rows->period[i] != p->period || rows->importer[i] != p->importer) {
        p->period = rows->period[i];
        p->importer = rows->importer[i];
        TF_TRY(open_pane(fold, p));
    }
    if (!p->pane)
        return TARIFF_OK;
    if (!p->block || rows->product[i] != p->product) {
        p->product = rows->product[i];
        p->block = p->product < p->pane->of.n ? p->pane->of.at[p->product] : NULL;
        if (!p->block)
            TF_TRY(fill_pane(fold, p));
    }
    tf_lane *l = p->block->lane;
    uint16_t origin = rows->origin[i];
    uint32_t key = l->by_origin ? origin : p->pane->origins[origin] - 1u;
    *number = key < l->room ? l->of[key] : TF_LANE_NOT_MET;
    if (*number == TF_LANE_NOT_MET) {
        tf_cell cell = cell_of(p);
        TF_TRY(find_in_lane(fold, p->pane, l, &cell, number));
    }
    if (*number == TF_LANE_LEFT)
        return TARIFF_OK;
    *out = p->block;
    return *number > p->block->room ? tf_lane_block_grow(&fold->lanes, p->block) : TARIFF_OK;
}

tariff_status tf_fold_rows(tf_fold *fold, const tf_bulk_reader *reader, const tf_bulk_rows *rows,
                           uint32_t block_number, uint16_t *left, size_t *left_count)
{
    placed     p = { .reader = reader, .rows = rows, .period = UINT32_MAX };
    const bool fit = rows->n == 0 || has_room(fold, rows->n, rows->bits);
    uint64_t   total = 0;
    size_t     n = 0;
    for (; p.i < rows->n; p.i++) {
        unsigned       number;
        tf_lane_block *b;
        int64_t        value = rows->value[p.i];
        TF_TRY(place_row(fold, &p, &number, &b));
        if (!b || (!fit && !has_room(fold, 1, size_of(value)))) {
            left[n++] = (uint16_t)p.i;
            continue;
        }
        const tf_digest *d = &fold->lanes.digests.at[b->lane->programs.at[number - 1]];
        add(fold, d, &b->sums[number - 1], rows->origin[p.i], value);
        if (fit)
            total += size_of(value);
        else
            fold->total += (int64_t)size_of(value);
        if (b->lane->noted)
            note(fold, d->burden, (uint64_t)block_number << 32 | (rows->first_line + p.i));
    }
    fold->total += (int64_t)total;
    *left_count = n;
    return TARIFF_OK;
}

/* The end of a file */

/* Into the lane's totals, too, of which all but products is made. */
static tariff_status take_block(const tf_fold *fold, const tf_lane_block *b, tf_folded *to)
{
    tf_lane *l = b->lane;
    for (uint32_t i = 0; i < b->room; i++) {
        const tf_lane_sum *s = &b->sums[i];
        if (s->lines == 0)
            continue;
        tf_batch      batch = { b->hs, 0, l->importer, s->value, s->lines };
        const tf_digest *d = &fold->lanes.digests.at[l->programs.at[i]];
        TF_TRY(tf_tally_add_part(&to->tally, &batch, d->burden, TF_TALLY_PRODUCTS));
        l->totals[i].value += s->value; /* fits: see MOST */
        l->totals[i].lines += s->lines;
    }
    return TARIFF_OK;
}

static tariff_status take_lane(const tf_fold *fold, const tf_lane *l, tf_folded *to)
{
    for (size_t i = 0; i < l->programs.n; i++) {
        tf_batch      batch = { 0, 0, l->importer, l->totals[i].value, l->totals[i].lines };
        const tf_digest *d = &fold->lanes.digests.at[l->programs.at[i]];
        if (batch.lines)
            TF_TRY(tf_tally_add_part(&to->tally, &batch, d->burden, TF_TALLY_REST));
    }
    return TARIFF_OK;
}

static tariff_status take_origins(const tf_fold *fold, tf_folded *to)
{
    if (fold->e->reports->wanted[TF_REPORT_ORIGINS])
        for (uint16_t origin = 0; origin < TF_COUNTRIES_MAX; origin++)
            if (fold->met[origin]) {
                const origin_sums *own = &fold->origins[origin];
                tf_sums sums = { own->value, own->affected, own->ordinary, own->additional };
                TF_TRY(tf_tally_add_origin(&to->tally, origin, &sums));
            }
    return TARIFF_OK;
}

static void tell_first(const tf_dataset *dataset, const tf_input *input,
                       const first_place *first, bool *any, tf_row_at *row)
{
    tf_row_at at = { (uint32_t)dataset->inputs.n,
                     input->block_lines[first->place >> 32] + (uint32_t)first->place };
    if (first->any)
        tf_note_row(any, row, at);
}

tariff_status tf_fold_take(tf_fold *fold, const tf_dataset *dataset, const tf_input *input,
                           tf_folded *to)
{
    for (size_t i = 0; i < fold->lanes.list.n; i++) {
        tf_lane *l = fold->lanes.list.at[i];
        l->totals = TF_ARRAY(&fold->lanes.arena, tf_lane_sum, l->programs.n + 1);
        TF_NEED(l->totals);
    }
    for (size_t i = 0; i < fold->lanes.blocks.n; i++)
        TF_TRY(take_block(fold, fold->lanes.blocks.at[i], to));
    for (size_t i = 0; i < fold->lanes.list.n; i++)
        TF_TRY(take_lane(fold, fold->lanes.list.at[i], to));
    TF_TRY(take_origins(fold, to));
    tell_first(dataset, input, &fold->coarse, &to->found.coarse, &to->found.first_coarse);
    tell_first(dataset, input, &fold->unassessed, &to->found.unassessed,
               &to->found.first_unassessed);
    return TARIFF_OK;
}
