/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/fold.h"

#include "base/mix.h"
#include "value/hs.h"

enum {
    NOT_MET = 0, /* of an origin in a lane */
    LEFT = UINT8_MAX,
    FIRST_ROOM = 4
};

/* Of all values that a fold adds up: then no sum of theirs, whatever it is multiplied by, leaves
 * 128 bits. */
#define MOST (INT64_C(1) << 62)

/** A program's burden, if it is proportional to value. */
typedef struct digest {
    const tf_burden *burden; /**< NULL: not looked at yet. */
    bool             left;   /**< Rows under this program are not folded. */
    int64_t          affected; /**< Probability, 1e-18. */
    int64_t          ordinary, additional; /**< Rates, 1e-12. */
} digest;

/** Rows that share a burden. */
typedef struct sum {
    int64_t  value; /**< 1e-4. */
    uint64_t lines;
} sum;

/** The products that the law treats alike, for an importer in an epoch. */
typedef struct lane {
    uint32_t number;
    uint16_t importer;
    bool     by_origin; /**< It tells origins of one treatment apart. */
    bool     noted;     /**< Some of its rows are to be told of. */
    uint32_t room;
    uint8_t *of; /**< By origin or by its treatment: number in `programs`, + 1. */
    TF_VEC(uint32_t) programs; /**< That some origin has. */
    sum     *totals; /**< In the end, by number in `programs`. */
} lane;

/** The rows of a lane, by product of the reports. */
typedef struct block {
    uint64_t hs;
    lane    *lane;
    uint32_t room;
    sum     *sums; /**< By number in the lane's programs. */
} block;

/** Where rows go, for an importer in an epoch. */
typedef struct pane {
    TF_VEC(block *) of; /**< By number of product; NULL: not known yet. */
    uint16_t        origins[TF_COUNTRIES_MAX]; /**< Treatment + 1; 0: not known yet. */
} pane;

typedef struct lane_slot {
    uint64_t hs; /**< Of the only product, if a finer code may be in force; else 0. */
    uint32_t treatment;
    lane    *lane; /**< NULL: free. */
} lane_slot;

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
    tf_arena     arena;
    tf_programs *programs;
    tf_bench     bench;
    tf_cases     cases;
    unsigned     digits; /**< Of products, in blocks; 0: no report asks. */
    int64_t      total; /**< Of values without their signs. */
    pane        *panes[TF_COUNTRIES_MAX]; /**< By importer, then by epoch; NULL: none yet. */
    lane_slot   *lane_slots;
    size_t       lane_slot_count;
    block      **block_slots;
    size_t       block_slot_count;
    first_place  coarse, unassessed;
    TF_VEC(judged) judged;   /**< By number of a period. */
    TF_VEC(digest) digests;  /**< By number of a program. */
    TF_VEC(lane *) lanes;
    TF_VEC(block *) blocks;
    tf_sums      origins[TF_COUNTRIES_MAX];
    bool         met[TF_COUNTRIES_MAX]; /**< Origins of some row. */
};

bool tf_folds(tf_date_kind date_kind, const tf_report_choices *choices)
{
    return date_kind != TF_ON_PERIOD_AVERAGE && choices->flow_digits == 0
           && !choices->wanted[TF_REPORT_PRODUCTS_ORIGINS];
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
    tf_arena_init(&fold->arena, &e->env->allocator);
    tf_bench_init(&fold->bench, e->env);
    tariff_status status = tf_programs_new(e->env, e->law, &fold->programs);
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
    tf_programs_free(fold->programs);
    tf_bench_free(&fold->bench);
    tf_arena_free(&fold->arena);
    tf_free(fold->e->env, fold, sizeof *fold);
}

/* Programs */

static bool speaks(const tf_shares *shares)
{
    return shares->rows.n > 0 || shares->overrides.n > 0;
}

/* Might a share table say something of lines under the program? */
static bool asks_tables(const tariff_law *law, const tf_program *program)
{
    for (size_t i = 0; i < law->book.claims.n; i++)
        if (program->claims >> i & 1 && speaks(law->book.claims.at[i]))
            return true;
    for (size_t i = 0; i < law->book.parts.n; i++)
        if (program->parts >> i & 1 && speaks(law->book.parts.at[i]))
            return true;
    return false;
}

/* False if it is not proportional to value. */
static bool add_rates(const tariff_law *law, const tf_burden *burden, digest *d)
{
    for (unsigned i = 0; i < burden->charge_count; i++) {
        const tf_charge *charge = &burden->charges[i];
        int64_t *rate = law->ordinary >> charge->layer & 1 ? &d->ordinary : &d->additional;
        if (charge->money != 0 || __builtin_add_overflow(*rate, charge->rate, rate))
            return false;
    }
    return true;
}

static tariff_status look_at_program(tf_fold *fold, const tf_cell *cell, digest *d)
{
    tariff_span days = { { cell->day }, { cell->day + 1 } };
    TF_TRY(tf_cases_find(&fold->arena, fold->e->law, fold->programs, cell->hs, cell->origin,
                         cell->importer, days, &fold->cases));
    const tf_case *only = fold->cases.cases.at;
    d->left = fold->cases.cases.n != 1 || asks_tables(fold->e->law, only->program);
    if (d->left)
        return TARIFF_OK;
    TF_TRY(tf_assess(fold->e->law, only, 1, &fold->bench));
    d->burden = tf_burden_keep(&fold->arena, &fold->bench.burden);
    TF_NEED(d->burden);
    d->affected = d->burden->affected;
    d->left = !add_rates(fold->e->law, d->burden, d);
    return TARIFF_OK;
}

static tariff_status find_program(tf_fold *fold, const tf_cell *cell, uint32_t *number)
{
    const tf_program *program;
    digest            none = { .burden = NULL };
    TF_TRY(tf_program_find(fold->programs, cell, &program));
    while (fold->digests.n <= program->number)
        if (!TF_PUSH(&fold->arena, &fold->digests, none))
            return TARIFF_E_NOMEM;
    digest *d = &fold->digests.at[program->number];
    *number = program->number;
    return d->burden || d->left ? TARIFF_OK : look_at_program(fold, cell, d);
}

/* An origin, or a treatment of origins, that a lane has not met. */
static tariff_status meet(tf_fold *fold, lane *l, const tf_cell *cell, uint32_t key)
{
    uint32_t program;
    size_t   at = 0;
    TF_TRY(find_program(fold, cell, &program));
    const digest *d = &fold->digests.at[program];
    while (at < l->programs.n && l->programs.at[at] != program)
        at++;
    if (d->left || at + 1 == LEFT) {
        l->of[key] = LEFT;
        return TARIFF_OK;
    }
    if (at == l->programs.n && !TF_PUSH(&fold->arena, &l->programs, program))
        return TARIFF_E_NOMEM;
    l->of[key] = (uint8_t)(at + 1);
    l->noted = l->noted || d->burden->coarse || d->burden->unassessed;
    return TARIFF_OK;
}

static tariff_status widen(tf_fold *fold, lane *l, uint32_t key)
{
    uint32_t room = l->by_origin ? TF_COUNTRIES_MAX : l->room ? l->room : FIRST_ROOM;
    while (room <= key)
        room *= 2;
    uint8_t *of = TF_ARRAY(&fold->arena, uint8_t, room);
    TF_NEED(of);
    if (l->room)
        memcpy(of, l->of, l->room);
    l->of = of;
    l->room = room;
    return TARIFF_OK;
}

/* The number of an origin's program in a lane, the hard way. */
static tariff_status find_in_lane(tf_fold *fold, pane *p, lane *l, const tf_cell *cell,
                                  unsigned *number)
{
    uint32_t key = cell->origin;
    if (!l->by_origin) {
        if (!p->origins[cell->origin]) {
            TF_TRY(tf_program_origin(fold->programs, cell, &key));
            p->origins[cell->origin] = (uint16_t)(key + 1);
        }
        key = p->origins[cell->origin] - 1u;
    }
    if (key >= l->room)
        TF_TRY(widen(fold, l, key));
    if (l->of[key] == NOT_MET)
        TF_TRY(meet(fold, l, cell, key));
    *number = l->of[key];
    return TARIFF_OK;
}

/* Lanes */

static lane_slot *lane_at(const tf_fold *fold, uint32_t treatment, uint64_t hs)
{
    size_t at = tf_mix(treatment, hs) & (fold->lane_slot_count - 1);
    for (; fold->lane_slots[at].lane; at = (at + 1) & (fold->lane_slot_count - 1))
        if (fold->lane_slots[at].treatment == treatment && fold->lane_slots[at].hs == hs)
            break;
    return &fold->lane_slots[at];
}

static tariff_status grow_lanes(tf_fold *fold)
{
    lane_slot *old = fold->lane_slots;
    size_t     count = fold->lane_slot_count;
    if (fold->lanes.n * 2 < count)
        return TARIFF_OK;
    fold->lane_slot_count = count ? count * 2 : 256;
    fold->lane_slots = TF_ARRAY(&fold->arena, lane_slot, fold->lane_slot_count);
    TF_NEED(fold->lane_slots);
    for (size_t i = 0; i < count; i++)
        if (old[i].lane)
            *lane_at(fold, old[i].treatment, old[i].hs) = old[i];
    return TARIFF_OK;
}

static tariff_status find_lane(tf_fold *fold, const tf_cell *cell, lane **out)
{
    tf_program_look look;
    TF_TRY(grow_lanes(fold));
    TF_TRY(tf_program_look_at(fold->programs, cell, &look));
    uint64_t   hs = look.finer ? cell->hs : 0;
    lane_slot *slot = lane_at(fold, look.treatment, hs);
    *out = slot->lane;
    if (*out)
        return TARIFF_OK;
    lane *fresh = TF_NEW(&fold->arena, lane);
    TF_NEED(fresh);
    fresh->number = (uint32_t)fold->lanes.n;
    fresh->importer = cell->importer;
    fresh->by_origin = look.finer || look.tells_origins_apart;
    if (!TF_PUSH(&fold->arena, &fold->lanes, fresh))
        return TARIFF_E_NOMEM;
    *slot = (lane_slot){ hs, look.treatment, fresh };
    *out = fresh;
    return TARIFF_OK;
}

/* Blocks */

static block **block_at(const tf_fold *fold, uint64_t hs, const lane *l)
{
    size_t at = tf_mix(l->number, hs) & (fold->block_slot_count - 1);
    for (; fold->block_slots[at]; at = (at + 1) & (fold->block_slot_count - 1))
        if (fold->block_slots[at]->hs == hs && fold->block_slots[at]->lane == l)
            break;
    return &fold->block_slots[at];
}

static tariff_status grow_blocks(tf_fold *fold)
{
    if (fold->blocks.n * 2 < fold->block_slot_count)
        return TARIFF_OK;
    fold->block_slot_count = fold->block_slot_count ? fold->block_slot_count * 2 : 256;
    fold->block_slots = TF_ARRAY(&fold->arena, block *, fold->block_slot_count);
    TF_NEED(fold->block_slots);
    for (size_t i = 0; i < fold->blocks.n; i++)
        *block_at(fold, fold->blocks.at[i]->hs, fold->blocks.at[i]->lane) = fold->blocks.at[i];
    return TARIFF_OK;
}

static tariff_status find_block(tf_fold *fold, const tf_cell *cell, lane *l, block **out)
{
    tariff_hs product = { cell->hs };
    uint64_t  hs = fold->digits ? tariff_hs_truncate(product, fold->digits).key : 0;
    TF_TRY(grow_blocks(fold));
    block **slot = block_at(fold, hs, l);
    *out = *slot;
    if (*out)
        return TARIFF_OK;
    block *fresh = TF_NEW(&fold->arena, block);
    TF_NEED(fresh);
    fresh->hs = hs;
    fresh->lane = l;
    if (!TF_PUSH(&fold->arena, &fold->blocks, fresh))
        return TARIFF_E_NOMEM;
    *out = *slot = fresh;
    return TARIFF_OK;
}

static tariff_status grow_block(tf_fold *fold, block *b)
{
    uint32_t room = b->room ? b->room : FIRST_ROOM;
    while (room < b->lane->programs.n)
        room *= 2;
    sum *sums = TF_ARRAY(&fold->arena, sum, room);
    TF_NEED(sums);
    if (b->room)
        memcpy(sums, b->sums, b->room * sizeof *sums);
    b->sums = sums;
    b->room = room;
    return TARIFF_OK;
}

/* Panes */

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
        if (!TF_PUSH(&fold->arena, &fold->judged, fresh))
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
    block *none = NULL;
    if (!*panes)
        *panes = TF_ARRAY(&fold->arena, pane, fold->e->law->epochs.n);
    TF_NEED(*panes);
    *out = &(*panes)[when->epoch];
    while ((*out)->of.n <= row->product)
        if (!TF_PUSH(&fold->arena, &(*out)->of, none))
            return TARIFF_E_NOMEM;
    return TARIFF_OK;
}

static tariff_status fill_pane(tf_fold *fold, const tf_cell *cell, block **out)
{
    lane *l;
    TF_TRY(find_lane(fold, cell, &l));
    return find_block(fold, cell, l, out);
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

static inline void add(tf_fold *fold, const digest *d, sum *to, const tf_bulk_row *row)
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
                                      const tf_bulk_row *row, block **out, unsigned *number)
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
    block *b = p->of.at[row->product];
    if (!b) {
        tf_cell cell = cell_of(reader, row, when);
        TF_TRY(fill_pane(fold, &cell, &p->of.at[row->product]));
        b = p->of.at[row->product];
    }
    const lane *l = b->lane;
    uint32_t    key = l->by_origin ? row->origin : p->origins[row->origin] - 1u;
    *number = key < l->room ? l->of[key] : NOT_MET;
    if (*number == NOT_MET) {
        tf_cell cell = cell_of(reader, row, when);
        TF_TRY(find_in_lane(fold, p, b->lane, &cell, number));
    }
    if (*number == LEFT || !has_room(fold, row->value))
        return TARIFF_OK;
    *out = b;
    return *number > b->room ? grow_block(fold, b) : TARIFF_OK;
}

tariff_status tf_fold_rows(tf_fold *fold, const tf_bulk_reader *reader, const tf_bulk_row *rows,
                           size_t n, uint32_t block_number, uint16_t *left, size_t *left_count)
{
    *left_count = 0;
    for (size_t i = 0; i < n; i++) {
        const tf_bulk_row *row = &rows[i];
        unsigned           number;
        block             *b;
        TF_TRY(place_row(fold, reader, row, &b, &number));
        if (!b) {
            left[(*left_count)++] = (uint16_t)i;
            continue;
        }
        const digest *d = &fold->digests.at[b->lane->programs.at[number - 1]];
        add(fold, d, &b->sums[number - 1], row);
        if (b->lane->noted)
            note(fold, d->burden, (uint64_t)block_number << 32 | row->line);
    }
    return TARIFF_OK;
}

/* The end of a file */

/* Into the lane's totals, too, of which all but products is made. */
static tariff_status take_block(const tf_fold *fold, const block *b, tf_folded *to)
{
    lane *l = b->lane;
    for (uint32_t i = 0; i < b->room; i++) {
        const sum *s = &b->sums[i];
        if (s->lines == 0)
            continue;
        tf_batch      batch = { b->hs, 0, l->importer, s->value, s->lines };
        const digest *d = &fold->digests.at[l->programs.at[i]];
        TF_TRY(tf_tally_add_part(&to->tally, &batch, d->burden, TF_TALLY_PRODUCTS));
        l->totals[i].value += s->value; /* fits: see MOST */
        l->totals[i].lines += s->lines;
    }
    return TARIFF_OK;
}

static tariff_status take_lane(const tf_fold *fold, const lane *l, tf_folded *to)
{
    for (size_t i = 0; i < l->programs.n; i++) {
        tf_batch      batch = { 0, 0, l->importer, l->totals[i].value, l->totals[i].lines };
        const digest *d = &fold->digests.at[l->programs.at[i]];
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
    for (size_t i = 0; i < fold->lanes.n; i++) {
        lane *l = fold->lanes.at[i];
        l->totals = TF_ARRAY(&fold->arena, sum, l->programs.n + 1);
        TF_NEED(l->totals);
    }
    for (size_t i = 0; i < fold->blocks.n; i++)
        TF_TRY(take_block(fold, fold->blocks.at[i], to));
    for (size_t i = 0; i < fold->lanes.n; i++)
        TF_TRY(take_lane(fold, fold->lanes.at[i], to));
    TF_TRY(take_origins(fold, to));
    tell_first(dataset, input, &fold->coarse, &to->found.coarse, &to->found.first_coarse);
    tell_first(dataset, input, &fold->unassessed, &to->found.unassessed,
               &to->found.first_unassessed);
    return TARIFF_OK;
}
