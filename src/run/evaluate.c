/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/evaluate.h"

#include "assess/plain.h"
#include "base/threads.h"
#include "run/overrides.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>

enum { CHUNK = 256 }; /* groups or rows that a thread takes at a time */

/** Trade of a row that other threads may add to, too. */
typedef struct shared_trade {
    uint32_t row;
    tf_i128  value, duty;
} shared_trade;

typedef struct worker {
    const tf_evaluation *e;
    const tf_overrides  *known; /**< By number of what is known. */
    atomic_size_t       *next;
    tf_programs         *programs;
    tf_bench             bench;
    tf_arena             arena;
    tf_cases             cases;
    tf_tally             tally;
    tf_plain             plain;
    tf_findings          found;
    bool                *added; /**< Of the reach; NULL if nothing is added. */
    /* Trade: what is at hand is of these purchases, whose rows are this thread's alone or not. */
    const tf_trade_rows   *rows; /**< NULL: there is no question of trade. */
    const tf_trade_places *places;
    uint32_t               purchases, trade_row[TF_COUNTRIES_MAX]; /**< Rows by origin. */
    bool                   own, strays;
    TF_VEC(shared_trade) shared;
} worker;

void tf_note_row(bool *any, tf_row_at *first, tf_row_at row)
{
    if (!*any || row.file < first->file || (row.file == first->file && row.line < first->line))
        *first = row;
    *any = true;
}

/* Measures that the scenario adds, where a line takes them */

static void note_choice(const tf_choice *choice, bool *added)
{
    if (choice && choice->measure->born)
        added[choice->measure->born - 1] = true;
}

void tf_note_added(const tariff_law *law, const tf_burden *burden, bool *added)
{
    for (size_t i = 0; i < burden->outcomes.n; i++) {
        const tf_outcome *o = &burden->outcomes.at[i];
        for (unsigned k = 0; k < o->program->layer_count; k++) {
            const tf_program_layer *layer = &o->program->layers[k];
            bool sums = law->book.layers.at[layer->layer].select == TF_SELECT_SUM;
            note_choice(burden->verdicts.at[o->verdicts + k].choice, added);
            for (unsigned n = 0; sums && n < layer->count; n++)
                note_choice(&o->program->choices[layer->first + n], added);
        }
    }
}

void tf_reach_add(tf_reach *reach, tf_changes_met met)
{
    reach->met.applied |= met.applied;
    reach->met.spared |= met.spared;
    reach->met.kept |= met.kept;
}

/* Trade */

static const tf_trade_rows *rows_of(const tf_evaluation *e)
{
    return e->trade ? e->trade->rows : e->weighted;
}

static int64_t weigh(int64_t amount, double weight)
{
    double times = round((double)amount * weight);
    return times < 0x1p63 ? (int64_t)times : INT64_MAX;
}

/* A flow with so many times its value and quantity. */
static void set_weight(const worker *w, tf_data_cell *cell, tf_data_row *row)
{
    uint32_t at = w->trade_row[cell->origin];
    double   weight = at == TF_NO_ROW ? 0 : w->e->weights[at];
    cell->value = weigh(cell->value, weight);
    if (row)
        row->quantity = weigh(row->quantity, weight);
}

static tariff_status add_trade(worker *w, const tf_batch *batch, tf_i128 duty)
{
    tf_trade *trade = w->e->trade;
    uint32_t  row = w->trade_row[batch->origin];
    if (row == TF_NO_ROW) {
        w->strays = true;
        return TARIFF_OK;
    }
    if (w->own)
        return tf_trade_add(trade, row, batch->value, duty) ? TARIFF_OK : TARIFF_E_OVERFLOW;
    shared_trade one = { row, batch->value, duty };
    return TF_PUSH(&w->arena, &w->shared, one) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static void set_purchases(worker *w, uint32_t purchases, bool own)
{
    if (purchases != w->purchases)
        tf_trade_rows_of(w->rows, purchases, w->trade_row);
    w->purchases = purchases;
    w->own = own;
}

static tariff_status merge_trade(const worker *w)
{
    tf_trade *trade = w->e->trade;
    trade->strays = trade->strays || w->strays;
    for (size_t i = 0; i < w->shared.n; i++) {
        const shared_trade *one = &w->shared.at[i];
        if (!tf_trade_add(trade, one->row, one->value, one->duty))
            return TARIFF_E_OVERFLOW;
    }
    return TARIFF_OK;
}

/* Threads take whole products, so that the rows of trade they add to are theirs alone. */
static size_t chunk_edge(const worker *w, size_t at)
{
    const tf_trade_places *p = w->places;
    while (p && at > 0 && at < p->ordered
           && tf_same_product(w->rows, p->of_group[at - 1], p->of_group[at]))
        at++;
    return at;
}

/* One cell or row */

/* No share table says anything of the cell that was looked up. */
static bool is_plain(const worker *w)
{
    const tf_line *line = &w->cases.lines.at[0];
    return w->cases.cases.n == 1 && line->part_rows == 0 && line->claim_rows == 0;
}

static void know(worker *w, const tf_data_row *row)
{
    for (size_t i = 0; i < w->cases.lines.n; i++) {
        tf_line *line = &w->cases.lines.at[i];
        if (row->known != TF_NOTHING_KNOWN)
            tf_override(&w->known[row->known], line);
        line->value = row->cell.value;
        line->quantity = row->quantity;
        line->unit = row->unit;
    }
}

static tariff_status assess(worker *w, const tf_data_where *where, const tf_data_cell *cell,
                            const tf_data_row *row)
{
    const tf_evaluation *e = w->e;
    tf_batch    batch = { where->hs, cell->origin, where->importer, cell->value, cell->lines,
                         false };
    tariff_span days;
    if (!tf_days_of(e->date_kind, e->date, where->has_period, where->period, &days)) {
        tf_note_row(&w->found.periodless, &w->found.first_periodless, cell->row);
        return TARIFF_OK;
    }
    if (tf_is_outside(e->law, e->where, where->hs, cell->origin, where->importer,
                      days.from.days))
        return TARIFF_OK;
    TF_TRY(tf_cases_find(&w->arena, e->law, w->programs, where->hs, cell->origin,
                         where->importer, days, &w->cases));
    const tf_burden *burden = &w->bench.burden;
    if (row)
        know(w, row);
    bool             anew = true;
    if (row || !is_plain(w))
        TF_TRY(tf_assess(e->law, w->cases.cases.at, w->cases.cases.n, &w->bench));
    else
        TF_TRY(tf_plain_burden(&w->plain, &w->arena, e->law, &w->cases.cases.at[0], &w->bench,
                               &burden, &anew));
    if (anew && w->added)
        tf_note_added(e->law, &w->bench.burden, w->added);
    if (burden->coarse)
        tf_note_row(&w->found.coarse, &w->found.first_coarse, cell->row);
    if (burden->unassessed)
        tf_note_row(&w->found.unassessed, &w->found.first_unassessed, cell->row);
    tf_i128 duty;
    TF_TRY(tf_tally_add(&w->tally, &batch, burden, &duty));
    return e->trade ? add_trade(w, &batch, duty) : TARIFF_OK;
}

/* Threads */

static tariff_status work_cell(worker *w, const tf_data_where *where, const tf_data_cell *cell,
                               const tf_data_row *row)
{
    tf_data_cell own;
    tf_data_row  own_row;
    if (w->e->weights) {
        own = *cell;
        own_row = row ? *row : (tf_data_row){ .quantity = 0 };
        set_weight(w, &own, row ? &own_row : NULL);
        cell = &own;
        row = row ? &own_row : NULL;
    }
    tariff_status status = assess(w, where, cell, row);
    if (status != TARIFF_OK)
        w->found.failed = cell->row;
    return status;
}

static tariff_status work_group(worker *w, size_t number)
{
    const tf_data_group *group = &w->e->dataset->groups.at[number];
    const tf_data_cell  *cells = &w->e->dataset->cells.at[group->first];
    if (w->places)
        set_purchases(w, w->places->of_group[number], number < w->places->ordered);
    for (size_t i = 0; i < group->count; i++)
        TF_TRY(work_cell(w, &group->where, &cells[i], NULL));
    return TARIFF_OK;
}

static tariff_status work_row(worker *w, size_t number)
{
    const tf_data_row *row = &w->e->dataset->rows.at[number];
    if (w->places)
        set_purchases(w, w->places->of_row[number], false);
    return work_cell(w, &row->where, &row->cell, row);
}

static tariff_status work(worker *w)
{
    const tf_dataset *d = w->e->dataset;
    size_t            groups = d->groups.n, all = groups + d->rows.n;
    for (;;) {
        size_t from = atomic_fetch_add(w->next, CHUNK);
        if (from >= all)
            return TARIFF_OK;
        if (tf_cancelled(w->e->env))
            return TARIFF_E_CANCELLED;
        size_t end = chunk_edge(w, from + CHUNK < all ? from + CHUNK : all);
        for (size_t i = chunk_edge(w, from); i < end; i++)
            TF_TRY(i < groups ? work_group(w, i) : work_row(w, i - groups));
    }
}

static void work_in_thread(void *user, unsigned number)
{
    worker *w = (worker *)user + number;
    w->found.failure = work(w);
}

static tariff_status start(worker *w, const tf_evaluation *e, const tf_overrides *known,
                           const tf_trade_places *places, atomic_size_t *next)
{
    memset(w, 0, sizeof *w);
    w->e = e;
    w->known = known;
    w->rows = rows_of(e);
    w->places = places;
    w->purchases = TF_NO_PURCHASES;
    memset(w->trade_row, 0xFF, sizeof w->trade_row); /* TF_NO_ROW */
    w->next = next;
    tf_bench_init(&w->bench, e->env);
    tf_arena_init(&w->arena, &e->env->allocator);
    tf_tally_init(&w->tally, e->env, e->law, e->reports);
    if (e->reach && e->reach->added_count) {
        w->added = TF_ARRAY(&w->arena, bool, e->reach->added_count);
        TF_NEED(w->added);
    }
    return tf_programs_new(e->env, e->law, TF_ALL_LAYERS, &w->programs);
}

static void stop(worker *w)
{
    tf_programs_free(w->programs);
    tf_bench_free(&w->bench);
    tf_arena_free(&w->arena);
    tf_tally_free(&w->tally);
}

/* Messages */

static tariff_status tell_row(const tf_evaluation *e, tf_row_at row, tf_flow_column column,
                              tariff_status status, const char *hint, const char *message)
{
    tf_why why;
    tf_because(&why, status, 0, hint, "%s", message);
    return tf_dataset_error(e->dataset, e->env, row, column, &why);
}

static tariff_status tell_failure(const tf_evaluation *e, const tf_findings *found)
{
    if (found->failure == TARIFF_E_LIMIT)
        return tell_row(e, found->failed, TF_FLOW_HS, TARIFF_E_LIMIT,
                        "at most 12 claims may be shared on one line",
                        "too many claims that are made for part of the trade");
    if (found->failure == TARIFF_E_OVERFLOW)
        return tell_row(e, found->failed, TF_FLOW_VALUE, TARIFF_E_OVERFLOW, NULL,
                        "the duty does not fit in exact arithmetic");
    return found->failure;
}

static tariff_status tell(const tf_evaluation *e, const tf_findings *found)
{
    static const char detail[] =
        "give the flows more digits: measures on them cannot be decided";
    if (found->failure != TARIFF_OK)
        return tell_failure(e, found);
    if (found->periodless)
        return tell_row(e, found->first_periodless, TF_FLOW_PERIOD, TARIFF_E_VALUE,
                        "give the flows a period, or the scenario a day",
                        "the scenario's date is the period of the flow, but it has none");
    if (found->coarse && e->require_detail)
        return tell_row(e, found->first_coarse, TF_FLOW_HS, TARIFF_E_VALUE, detail,
                        "the code is coarser than a code in force");
    if (found->unassessed && e->require_quantity)
        return tell_row(e, found->first_unassessed, TF_FLOW_QUANTITY, TARIFF_E_VALUE,
                        "give a quantity in the unit of the duty",
                        "a specific duty cannot be assessed without a quantity in its unit");
    if (found->coarse && !e->quiet)
        tf_dataset_warning(e->dataset, e->env, found->first_coarse, TF_FLOW_HS, detail,
                           "codes coarser than codes in force; see coarse_value in the summary");
    return TARIFF_OK;
}

static void gather(tf_findings *all, const tf_findings *more)
{
    if (more->coarse)
        tf_note_row(&all->coarse, &all->first_coarse, more->first_coarse);
    if (more->periodless)
        tf_note_row(&all->periodless, &all->first_periodless, more->first_periodless);
    if (more->unassessed)
        tf_note_row(&all->unassessed, &all->first_unassessed, more->first_unassessed);
    if (more->failure != TARIFF_OK && all->failure == TARIFF_OK) {
        all->failure = more->failure;
        all->failed = more->failed;
    }
}

static void add_reach(tf_reach *all, const worker *w)
{
    tf_reach_add(all, tf_programs_changes(w->programs));
    for (size_t i = 0; i < all->added_count; i++)
        all->added[i] = all->added[i] || w->added[i];
}

/* What is known of rows, in the names of this law; all errors are reported. */
static tariff_status parse_known(const tf_evaluation *e, tf_arena *arena, tf_overrides **out)
{
    const tf_dataset *d = e->dataset;
    tariff_status     first = TARIFF_OK;
    *out = TF_ARRAY(arena, tf_overrides, d->known.n + 1);
    TF_NEED(*out);
    for (size_t i = 0; i < d->known.n; i++) {
        const tf_data_known *known = &d->known.at[i];
        tf_overrides        *into = &(*out)[i];
        tf_why               why;
        if (tf_parse_claims(&e->law->book, known->claims, strlen(known->claims), into, &why)
            != TARIFF_OK)
            first = tf_dataset_error(d, e->env, known->first, TF_FLOW_CLAIMS, &why);
        if (tf_parse_parts(&e->law->book, known->parts, strlen(known->parts), into, &why)
            != TARIFF_OK)
            first = tf_dataset_error(d, e->env, known->first, TF_FLOW_PARTS, &why);
    }
    return first;
}

static tariff_status run_workers(const tf_evaluation *e, worker *workers, unsigned count,
                                 tf_tally *tally)
{
    tf_findings   all = { .failure = TARIFF_OK };
    tariff_status status = TARIFF_OK;
    tf_run_threads(count, work_in_thread, workers);
    for (unsigned i = 0; i < count; i++) {
        gather(&all, &workers[i].found);
        if (e->reach)
            add_reach(e->reach, &workers[i]);
    }
    if (e->folded)
        gather(&all, &e->folded->found);
    TF_TRY(tell(e, &all));
    if (e->folded)
        status = tf_tally_merge(tally, &e->folded->tally);
    for (unsigned i = 0; i < count && status == TARIFF_OK; i++) {
        status = tf_tally_merge(tally, &workers[i].tally);
        if (status == TARIFF_OK && e->trade)
            status = merge_trade(&workers[i]);
    }
    if (e->trade) {
        e->trade->unassessed_value = tally->unassessed_value;
        e->trade->unassessed_lines = tally->unassessed_lines;
    }
    if (status == TARIFF_E_OVERFLOW)
        return tf_error(e->env, status, NULL, NULL,
                        "a sum of duties does not fit in exact arithmetic");
    return status;
}

tariff_status tf_evaluate(const tf_evaluation *e, tf_tally *tally)
{
    tf_arena      arena;
    tf_overrides *known;
    tf_trade_places places;
    atomic_size_t next = 0;
    size_t        chunks = (e->dataset->groups.n + e->dataset->rows.n) / CHUNK + 1;
    unsigned      count = tf_count_threads(e->threads, chunks), started = 0;
    tf_tally_init(tally, e->env, e->law, e->reports);
    tf_arena_init(&arena, &e->env->allocator);
    worker       *workers = TF_ARRAY(&arena, worker, count);
    tariff_status status = workers ? parse_known(e, &arena, &known) : TARIFF_E_NOMEM;
    if (status == TARIFF_OK && rows_of(e))
        status = tf_trade_locate(rows_of(e), e->dataset, &arena, &places);
    while (status == TARIFF_OK && started < count)
        status = start(&workers[started++], e, known, rows_of(e) ? &places : NULL, &next);
    if (status == TARIFF_OK)
        status = run_workers(e, workers, count, tally);
    while (started > 0)
        stop(&workers[--started]);
    tf_arena_free(&arena);
    if (status != TARIFF_OK)
        tf_tally_free(tally);
    return status;
}
