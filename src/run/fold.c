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
    tf_sums              origins[TF_COUNTRIES_MAX];
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

static tf_cell cell_of(const tf_bulk_reader *reader, const tf_bulk_row *row, const judged *when)
{
    return (tf_cell){ tf_bulk_product(reader, row->product), row->origin, row->importer,
                      when->day };
}

/* The place of a row's product. */
static tariff_status open_pane(tf_fold *fold, const tf_bulk_row *row, const judged *when,
                               pane **out)
{
    pane **panes = &fold->panes[row->importer];
    tf_lane_block *none = NULL;
    if (!*panes)
        *panes = TF_ARRAY(&fold->lanes.arena, pane, fold->e->law->epochs.n);
    TF_NEED(*panes);
    *out = &(*panes)[when->epoch];
    while ((*out)->of.n <= row->product)
        if (!TF_PUSH(&fold->lanes.arena, &(*out)->of, none))
            return TARIFF_E_NOMEM;
    return TARIFF_OK;
}

/* The block of a product that the pane does not know. */
static tariff_status fill_pane(tf_fold *fold, const tf_cell *cell, tf_lane_block **out)
{
    tariff_hs product = { cell->hs };
    uint64_t  hs = fold->digits ? tariff_hs_truncate(product, fold->digits).key : 0;
    return tf_lanes_find(&fold->lanes, cell, hs, out);
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

static inline void add(tf_fold *fold, const tf_digest *d, tf_lane_sum *to, const tf_bulk_row *row)
{
    tf_sums *by_origin = &fold->origins[row->origin];
    tf_i128  value = row->value;
    to->value += row->value;
    to->lines++;
    fold->met[row->origin] = true;
    by_origin->value += value;
    by_origin->affected += value * d->affected;
    by_origin->ordinary += value * d->ordinary;
    by_origin->additional += value * d->additional;
}

/* Would the sums still be sure to fit? */
static inline bool has_room(tf_fold *fold, int64_t value)
{
    int64_t size = value < 0 ? -(value + 1) : value; /* the least value has no opposite */
    if (size > MOST - 1 - fold->total)
        return false;
    fold->total += size + 1;
    return true;
}

/* The block of a row, and its sum's number there; NULL: the row is left. */
static inline tariff_status place_row(tf_fold *fold, const tf_bulk_reader *reader,
                                      const tf_bulk_row *row, tf_lane_block **out, unsigned *number)
{
    *out = NULL;
    if (row->period >= fold->judged.n)
        TF_TRY(judge(fold, reader, row->period));
    const judged *when = &fold->judged.at[row->period];
    if (!when->given)
        return TARIFF_OK;
    pane *p = fold->panes[row->importer];
    if (p)
        p += when->epoch;
    if (!p || row->product >= p->of.n)
        TF_TRY(open_pane(fold, row, when, &p));
    tf_lane_block *b = p->of.at[row->product];
    if (!b) {
        tf_cell cell = cell_of(reader, row, when);
        TF_TRY(fill_pane(fold, &cell, &p->of.at[row->product]));
        b = p->of.at[row->product];
    }
    const tf_lane *l = b->lane;
    uint32_t    key = l->by_origin ? row->origin : p->origins[row->origin] - 1u;
    *number = key < l->room ? l->of[key] : TF_LANE_NOT_MET;
    if (*number == TF_LANE_NOT_MET) {
        tf_cell cell = cell_of(reader, row, when);
        TF_TRY(find_in_lane(fold, p, b->lane, &cell, number));
    }
    if (*number == TF_LANE_LEFT || !has_room(fold, row->value))
        return TARIFF_OK;
    *out = b;
    return *number > b->room ? tf_lane_block_grow(&fold->lanes, b) : TARIFF_OK;
}

tariff_status tf_fold_rows(tf_fold *fold, const tf_bulk_reader *reader, const tf_bulk_row *rows,
                           size_t n, uint32_t block_number, uint16_t *left, size_t *left_count)
{
    *left_count = 0;
    for (size_t i = 0; i < n; i++) {
        const tf_bulk_row *row = &rows[i];
        unsigned           number;
        tf_lane_block             *b;
        TF_TRY(place_row(fold, reader, row, &b, &number));
        if (!b) {
            left[(*left_count)++] = (uint16_t)i;
            continue;
        }
        const tf_digest *d = &fold->lanes.digests.at[b->lane->programs.at[number - 1]];
        add(fold, d, &b->sums[number - 1], row);
        if (b->lane->noted)
            note(fold, d->burden, (uint64_t)block_number << 32 | row->line);
    }
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
            if (fold->met[origin])
                TF_TRY(tf_tally_add_origin(&to->tally, origin, &fold->origins[origin]));
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
