/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/fold.h"

#include "run/lanes.h"
#include "value/hs.h"

/* Of all values that a fold adds up: then no sum of theirs, whatever it is multiplied by, leaves
 * 128 bits. */
#define MOST (INT64_C(1) << 62)

/* Products come in pages: few of many are met in an epoch, and what grows is not copied. */
enum { PAGE = 512 };

/** Where rows go, for an importer in an epoch. */
typedef struct pane {
    TF_VEC(tf_lane_block **) pages; /**< By number of product; NULL: not known yet. */
    uint16_t origins[TF_COUNTRIES_MAX]; /**< Treatment + 1; 0: not known yet. */
} pane;

/** Where rows go, for an importer. */
typedef struct window {
    TF_VEC(tf_lane_product *) pages; /**< By number of product. */
    pane panes[];                    /**< By epoch. */
} window;

/**
 * Some layers of the law, and where rows go for them.  Of a law whose ordinary and additional
 * layers have nothing to do with each other there are few ordinary burdens and few additional ones,
 * and many more pairs: rows are added up for either kind alone.
 */
typedef struct side {
    tf_lanes lanes;
    bool     beside; /**< Values and lines are counted on the other side. */
    window  *windows[TF_COUNTRIES_MAX]; /**< By importer; NULL: none. */
} side;

enum { MOST_SIDES = 2 };

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
    side                 sides[MOST_SIDES];
    unsigned             side_count;
    unsigned             digits; /**< Of products, in blocks; 0: no report asks. */
    int64_t              total;  /**< Of values without their signs. */
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

static uint64_t additional_layers(const tariff_law *law)
{
    size_t n = law->book.layers.n;
    return (n == TF_LAYERS_MAX ? UINT64_MAX : (UINT64_C(1) << n) - 1) & ~law->ordinary;
}

static tariff_status add_side(tf_fold *fold, uint64_t layers, bool beside)
{
    side *s = &fold->sides[fold->side_count++];
    s->beside = beside;
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
    fold->digits = block_digits(e->reports);
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

/* Places */

/** Rows, and what is known of the one at hand. */
typedef struct placing {
    const tf_bulk_reader *reader;
    const tf_bulk_rows   *rows;
    size_t                i;
    uint32_t              period, product;
    uint16_t              importer;
    judged                when; /**< Of the period. */
    struct {
        window        *window; /**< Of the importer. */
        pane          *pane;   /**< In the epoch. */
        tf_lane_block *block;  /**< Of the product. */
    } at[MOST_SIDES];
} placing;

/** A row's place on a side. */
typedef struct place {
    tf_lane_block   *block; /**< NULL: it is left. */
    unsigned         number; /**< Of its sum. */
    const tf_digest *digest;
} place;

static tf_cell cell_of(const placing *p)
{
    return (tf_cell){ tf_bulk_product(p->reader, p->product), p->rows->origin[p->i], p->importer,
                      p->when.day };
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
        if (!TF_PUSH(&fold->sides[0].lanes.arena, &fold->judged, fresh))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

static tariff_status open_window(tf_fold *fold, side *s, uint16_t importer, window **out)
{
    window **w = &s->windows[importer];
    if (!*w)
        *w = tf_arena_alloc(&s->lanes.arena,
                            sizeof **w + fold->e->law->epochs.n * sizeof (*w)->panes[0]);
    *out = *w;
    return *w ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* Another period or importer than the row before had. */
static tariff_status open_panes(tf_fold *fold, placing *p)
{
    if (p->period >= fold->judged.n)
        TF_TRY(judge(fold, p->reader, p->period));
    p->when = fold->judged.at[p->period];
    for (unsigned i = 0; p->when.given && i < fold->side_count; i++) {
        TF_TRY(open_window(fold, &fold->sides[i], p->importer, &p->at[i].window));
        p->at[i].pane = &p->at[i].window->panes[p->when.epoch];
        p->at[i].block = NULL;
    }
    return TARIFF_OK;
}

/* The block that the pane knows of a product. */
static inline tf_lane_block *block_in(const pane *p, uint32_t product)
{
    size_t number = product / PAGE;
    return number < p->pages.n && p->pages.at[number] ? p->pages.at[number][product % PAGE] : NULL;
}

static tariff_status keep_in_pane(tf_arena *arena, pane *p, uint32_t product, tf_lane_block *block)
{
    tf_lane_block **none = NULL;
    while (p->pages.n <= product / PAGE)
        if (!TF_PUSH(arena, &p->pages, none))
            return TARIFF_E_NOMEM;
    tf_lane_block ***page = &p->pages.at[product / PAGE];
    if (!*page)
        *page = TF_ARRAY(arena, tf_lane_block *, PAGE);
    TF_NEED(*page);
    (*page)[product % PAGE] = block;
    return TARIFF_OK;
}

/* Where the product was last. */
static tariff_status product_in(tf_arena *arena, window *w, uint32_t product,
                                tf_lane_product **out)
{
    tf_lane_product *none = NULL;
    while (w->pages.n <= product / PAGE)
        if (!TF_PUSH(arena, &w->pages, none))
            return TARIFF_E_NOMEM;
    tf_lane_product **page = &w->pages.at[product / PAGE];
    if (!*page)
        *page = TF_ARRAY(arena, tf_lane_product, PAGE);
    TF_NEED(*page);
    *out = &(*page)[product % PAGE];
    return TARIFF_OK;
}

/* The block of a product that the pane does not know. */
static tariff_status fill_pane(tf_fold *fold, placing *p, unsigned i)
{
    tf_lanes        *lanes = &fold->sides[i].lanes;
    tf_cell          cell = cell_of(p);
    tariff_hs        product = { cell.hs };
    uint64_t         hs = fold->digits ? tariff_hs_truncate(product, fold->digits).key : 0;
    tf_lane_product *last;
    tf_lane         *lane;
    TF_TRY(product_in(&lanes->arena, p->at[i].window, p->product, &last));
    TF_TRY(tf_lanes_find(lanes, &cell, p->when.epoch, last, &lane));
    TF_TRY(tf_lanes_block(lanes, lane, hs, &p->at[i].block));
    return keep_in_pane(&lanes->arena, p->at[i].pane, p->product, p->at[i].block);
}

/* The number of an origin's program in a lane, the hard way. */
static tariff_status find_in_lane(side *s, pane *p, tf_lane *l, const tf_cell *cell,
                                  unsigned *number)
{
    uint32_t key = cell->origin;
    if (!l->by_origin) {
        if (!p->origins[cell->origin]) {
            TF_TRY(tf_program_origin(s->lanes.programs, cell, &key));
            p->origins[cell->origin] = (uint16_t)(key + 1);
        }
        key = p->origins[cell->origin] - 1u;
    }
    if (key >= l->room || l->of[key] == TF_LANE_NOT_MET)
        TF_TRY(tf_lane_meet(&s->lanes, l, cell, key));
    *number = l->of[key];
    return TARIFF_OK;
}

/* A row of the product and pane looked at last, mostly. */
static inline tariff_status place_on_side(tf_fold *fold, placing *p, unsigned i, bool same_product,
                                          place *out)
{
    side *s = &fold->sides[i];
    pane *then = p->at[i].pane;
    out->block = NULL;
    if (!p->at[i].block || !same_product) {
        p->at[i].block = block_in(then, p->product);
        if (!p->at[i].block)
            TF_TRY(fill_pane(fold, p, i));
    }
    tf_lane_block *b = p->at[i].block;
    tf_lane       *l = b->lane;
    uint16_t       origin = p->rows->origin[p->i];
    uint32_t       key = l->by_origin ? origin : then->origins[origin] - 1u;
    unsigned       number = key < l->room ? l->of[key] : TF_LANE_NOT_MET;
    if (number == TF_LANE_NOT_MET) {
        tf_cell cell = cell_of(p);
        TF_TRY(find_in_lane(s, then, l, &cell, &number));
    }
    if (number == TF_LANE_LEFT)
        return TARIFF_OK;
    if (number > b->room)
        TF_TRY(tf_lane_block_grow(&s->lanes, b));
    *out = (place){ b, number - 1, &s->lanes.digests.at[l->programs.at[number - 1]] };
    return TARIFF_OK;
}

/* Rows */

static void note_place(first_place *first, bool is, uint64_t row)
{
    if (is && (!first->any || row < first->place))
        *first = (first_place){ true, row };
}

static void note(tf_fold *fold, const tf_burden *burden, uint64_t row)
{
    note_place(&fold->coarse, burden->coarse, row);
    note_place(&fold->unassessed, burden->unassessed, row);
}

/* On one side there is only one of the places, twice. */
static inline void add_origin(tf_fold *fold, uint16_t origin, int64_t value,
                              const tf_digest *additional, const tf_digest *ordinary)
{
    origin_sums *sums = &fold->origins[origin];
    fold->met[origin] = true;
    sums->value += value;
    sums->affected += (tf_i128)value * additional->affected;
    sums->ordinary += (tf_i128)value * ordinary->ordinary;
    sums->additional += (tf_i128)value * additional->additional;
}

static inline void add(tf_fold *fold, const place *to, int64_t value, uint64_t row)
{
    tf_lane_sum *sum = &to->block->sums[to->number];
    sum->value += value;
    sum->lines++;
    if (to->block->lane->noted)
        note(fold, to->digest->burden, row);
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

/* The row at hand; false leaves it. */
static inline tariff_status fold_row(tf_fold *fold, placing *p, bool fits, uint64_t row,
                                     bool *folded)
{
    const tf_bulk_rows *rows = p->rows;
    const size_t        i = p->i;
    const unsigned      last = fold->side_count - 1;
    const int64_t       value = rows->value[i];
    place               places[MOST_SIDES];
    *folded = false;
    if (rows->period[i] != p->period || rows->importer[i] != p->importer) {
        p->period = rows->period[i];
        p->importer = rows->importer[i];
        TF_TRY(open_panes(fold, p));
    }
    if (!p->when.given)
        return TARIFF_OK;
    bool same_product = rows->product[i] == p->product;
    p->product = rows->product[i];
    TF_TRY(place_on_side(fold, p, 0, same_product, &places[0]));
    if (last == 1)
        TF_TRY(place_on_side(fold, p, 1, same_product, &places[1]));
    if (!places[0].block || !places[last].block
        || (!fits && !has_room(fold, 1, size_of(value))))
        return TARIFF_OK;
    add_origin(fold, rows->origin[i], value, places[0].digest, places[last].digest);
    add(fold, &places[0], value, row);
    if (last == 1)
        add(fold, &places[1], value, row);
    fold->total += (int64_t)size_of(value);
    *folded = true;
    return TARIFF_OK;
}

tariff_status tf_fold_rows(tf_fold *fold, const tf_bulk_reader *reader, const tf_bulk_rows *rows,
                           uint32_t block_number, uint16_t *left, size_t *left_count)
{
    placing    p = { .reader = reader, .rows = rows, .period = UINT32_MAX };
    const bool fit = rows->n == 0 || has_room(fold, rows->n, rows->bits);
    size_t     n = 0;
    for (; p.i < rows->n; p.i++) {
        bool folded;
        TF_TRY(fold_row(fold, &p, fit, (uint64_t)block_number << 32 | (rows->first_line + p.i),
                        &folded));
        if (!folded)
            left[n++] = (uint16_t)p.i;
    }
    *left_count = n;
    return TARIFF_OK;
}

/* The end of a file */

/* Into the lane's totals, too, of which all but products is made. */
static tariff_status take_block(const side *of, const tf_lane_block *b, tf_folded *to)
{
    tf_lane *l = b->lane;
    for (uint32_t i = 0; i < b->room; i++) {
        const tf_lane_sum *s = &b->sums[i];
        if (s->lines == 0)
            continue;
        tf_batch         batch = { b->hs, 0, l->importer, s->value, s->lines, of->beside };
        const tf_digest *d = &of->lanes.digests.at[l->programs.at[i]];
        TF_TRY(tf_tally_add_part(&to->tally, &batch, d->burden, TF_TALLY_PRODUCTS));
        l->totals[i].value += s->value; /* fits: see MOST */
        l->totals[i].lines += s->lines;
    }
    return TARIFF_OK;
}

static tariff_status take_lane(const side *of, const tf_lane *l, tf_folded *to)
{
    for (size_t i = 0; i < l->programs.n; i++) {
        const tf_lane_sum *s = &l->totals[i];
        tf_batch           batch = { 0, 0, l->importer, s->value, s->lines, of->beside };
        const tf_digest   *d = &of->lanes.digests.at[l->programs.at[i]];
        if (batch.lines)
            TF_TRY(tf_tally_add_part(&to->tally, &batch, d->burden, TF_TALLY_REST));
    }
    return TARIFF_OK;
}

static tariff_status take_side(side *s, tf_folded *to)
{
    for (size_t i = 0; i < s->lanes.list.n; i++) {
        tf_lane *l = s->lanes.list.at[i];
        l->totals = TF_ARRAY(&s->lanes.arena, tf_lane_sum, l->programs.n + 1);
        TF_NEED(l->totals);
    }
    for (size_t i = 0; i < s->lanes.blocks.n; i++)
        TF_TRY(take_block(s, s->lanes.blocks.at[i], to));
    for (size_t i = 0; i < s->lanes.list.n; i++)
        TF_TRY(take_lane(s, s->lanes.list.at[i], to));
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
    for (unsigned i = 0; i < fold->side_count; i++)
        TF_TRY(take_side(&fold->sides[i], to));
    TF_TRY(take_origins(fold, to));
    tell_first(dataset, input, &fold->coarse, &to->found.coarse, &to->found.first_coarse);
    tell_first(dataset, input, &fold->unassessed, &to->found.unassessed,
               &to->found.first_unassessed);
    return TARIFF_OK;
}
