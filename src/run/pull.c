/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The threads are silent: each takes a stretch of a batch, and stops at a row
 * that it cannot take.  Then the batch is gone through once more, row by row,
 * on the caller's thread, which tells what is wrong.
 */
#include "run/pull.h"

#include "base/threads.h"
#include "run/cells.h"
#include "run/told.h"

#include <stdatomic.h>
#include <xxhash.h>

enum { STRETCH = 4096 };

typedef struct puller puller;

typedef struct worker {
    puller       *all;
    tf_cells      cells;
    tf_rows       rows; /**< Opened where there is a sink. */
    uint64_t      taken;
    tf_i128       value;
    tariff_status status;
} worker;

struct puller {
    tariff_env    *env;
    const tf_pull *what;
    tariff_source  source;
    tf_dataset    *dataset;
    tf_told        told;
    worker        *workers;
    unsigned       count, started;
    XXH3_state_t  *print;
    bool           good; /**< No row was at fault so far. */

    tariff_columns columns; /**< Of the batch. */
    size_t         n;
    uint64_t       first;   /**< Its first row. */
    atomic_size_t  next;
    atomic_bool    doubt;   /**< A row could not be taken. */
    atomic_bool    special; /**< More is known of some rows. */
};

/* Rows */

static tf_columns_given given_of(const tariff_source *source)
{
    return (tf_columns_given){ source->origin.id != TARIFF_COUNTRY_NONE,
                               source->importer.id != TARIFF_COUNTRY_NONE, true };
}

static bool find_fault(const puller *p, size_t i, const tariff_entry *entry, tf_row_fault *fault)
{
    const char *field = tf_entry_fault(entry, &fault->why);
    if (!field && p->columns.date && p->columns.until
        && (p->columns.until[i].days <= entry->date.days
            || p->columns.until[i].days == TARIFF_DATE_MAX)) {
        tf_because(&fault->why, TARIFF_E_ARG, 0, NULL, "its period ends before it begins");
        field = "period";
    }
    for (int c = 0; field && c < TF_FLOW_COLUMNS; c++)
        if (strcmp(tf_flow_column_name((tf_flow_column)c), field) == 0)
            fault->column = (tf_flow_column)c;
    if (field && strcmp(field, "date") == 0)
        fault->column = TF_FLOW_PERIOD;
    return field != NULL;
}

/* A text that is not there is empty; a unit that is none, no quantity. */
static tf_field field_of(const char *text)
{
    return text ? (tf_field){ text, strlen(text) } : (tf_field){ "", 0 };
}

/** False: the row is at fault. */
static bool take_row(const puller *p, size_t i, tf_flow *out, tf_row_fault *fault)
{
    tariff_entry entry = TARIFF_ENTRY_INIT;
    entry.origin = p->source.origin;
    entry.importer = p->source.importer;
    tf_columns_entry(&p->columns, i, &entry);
    if (find_fault(p, i, &entry, fault))
        return false;
    *out = (tf_flow){ .hs = entry.hs.key,
                      .origin = entry.origin.id,
                      .importer = entry.importer.id,
                      .has_period = p->columns.date != NULL,
                      .value = entry.value.e4,
                      .quantity = entry.unit.id ? entry.quantity.e4 : 0,
                      .unit = entry.unit,
                      .claims = field_of(entry.claims),
                      .parts = field_of(entry.parts) };
    if (out->has_period) {
        out->period.from = entry.date;
        out->period.until = p->columns.until ? p->columns.until[i]
                                             : (tariff_date){ entry.date.days + 1 };
    }
    return true;
}

static bool is_plain(const tf_flow *flow)
{
    return flow->unit.id == 0 && flow->claims.length + flow->parts.length == 0;
}

static tf_row_at place_of(const puller *p, size_t i)
{
    return (tf_row_at){ 0, (uint32_t)(p->first + i) };
}

static tariff_status tell_burden(worker *w, size_t i, const tf_flow *flow, tf_row_fault *fault)
{
    puller          *p = w->all;
    const tf_burden *burden;
    TF_TRY(tf_rows_assess(&w->rows, flow, &burden, fault));
    tariff_status status = tf_told_set(&p->told, i, p->what->law, burden, flow->value);
    if (tf_burden_fault(status, &fault->why))
        fault->column = TF_FLOW_VALUE;
    return status;
}

/* A stretch on a thread */

static tariff_status work_stretch(worker *w, size_t from, size_t until)
{
    puller *p = w->all;
    for (size_t i = from; i < until; i++) {
        tf_flow      flow;
        tf_row_fault fault = { .why = { .status = TARIFF_OK } };
        if (!take_row(p, i, &flow, &fault)) {
            atomic_store(&p->doubt, true);
            return TARIFF_OK;
        }
        if (p->what->sink) {
            tariff_status status = tell_burden(w, i, &flow, &fault);
            if (fault.why.status != TARIFF_OK && fault.why.status != TARIFF_E_NOMEM) {
                atomic_store(&p->doubt, true);
                return TARIFF_OK;
            }
            TF_TRY(status);
        }
        w->taken++;
        w->value += flow.value;
        if (is_plain(&flow))
            TF_TRY(tf_dataset_add(p->dataset, &w->cells, &flow, place_of(p, i)));
        else
            atomic_store_explicit(&p->special, true, memory_order_relaxed);
    }
    return TARIFF_OK;
}

static void work(void *user, unsigned number)
{
    puller *p = user;
    worker *w = &p->workers[number];
    while (w->status == TARIFF_OK && !atomic_load_explicit(&p->doubt, memory_order_relaxed)) {
        size_t from = atomic_fetch_add(&p->next, STRETCH);
        if (from >= p->n)
            return;
        size_t until = p->n - from < STRETCH ? p->n : from + STRETCH;
        w->status = tf_cancelled(p->env) ? TARIFF_E_CANCELLED : work_stretch(w, from, until);
    }
}

/* A batch on the caller's thread */

static tariff_status complain(const puller *p, size_t i, const tf_row_fault *fault)
{
    tf_place place = tf_pulled_place(p->source.name, fault->column);
    return tf_error(p->env, fault->why.status, &place, fault->why.hint, "row %llu: %s",
                    (unsigned long long)p->first + i, fault->why.message);
}

/* Faults: of a batch that is not taken; else what no thread may do, as rows of which more is known
 * and lines are in their order. */
static tariff_status take_again(puller *p, size_t i, const tf_flow *flow, bool faults,
                                tf_row_fault *fault)
{
    if (faults)
        return p->what->sink ? tell_burden(&p->workers[0], i, flow, fault) : TARIFF_OK;
    if (p->what->rows)
        TF_TRY(tf_rows_put_flow(p->what->rows, flow, fault));
    return is_plain(flow) ? TARIFF_OK
                          : tf_dataset_add(p->dataset, &p->workers[0].cells, flow, place_of(p, i));
}

static tariff_status go_through(puller *p, bool faults)
{
    for (size_t i = 0; i < p->n; i++) {
        tf_flow      flow;
        tf_row_fault fault = { .why = { .status = TARIFF_OK } };
        if (i % STRETCH == 0 && tf_cancelled(p->env))
            return TARIFF_E_CANCELLED;
        tariff_status status = TARIFF_OK;
        if (take_row(p, i, &flow, &fault))
            status = take_again(p, i, &flow, faults, &fault);
        if (fault.why.status == TARIFF_OK && status == TARIFF_OK)
            continue;
        if (fault.why.status == TARIFF_OK)
            return status;
        complain(p, i, &fault);
        p->good = false;
        if (!tf_may_go_on(p->env)) {
            tf_place here = { .file = p->source.name };
            tf_note(p->env, &here, "stopped after %u errors", p->env->limits.max_errors);
            return tf_end(p->env);
        }
    }
    return TARIFF_OK;
}

/* What two runs have in common if their rows are the same, however they came in batches. */
static void add_to_print(puller *p, size_t i)
{
    const tariff_columns *c = &p->columns;
    tariff_country origin = c->origin ? c->origin[i] : p->source.origin;
    tariff_country importer = c->importer ? c->importer[i] : p->source.importer;
    const char    *unit = c->unit ? tariff_unit_name(c->unit[i]) : "";
    const int64_t  numbers[] = { (int64_t)c->hs[i].key, c->value[i].e4,
                                 *unit ? c->quantity[i].e4 : 0, c->date ? c->date[i].days : 0,
                                 c->date && c->until ? c->until[i].days : 0 };
    char           row[sizeof numbers + 8] = "";
    memcpy(row, numbers, sizeof numbers);
    memcpy(row + sizeof numbers, tariff_country_alpha2(origin), 2);
    memcpy(row + sizeof numbers + 2, tariff_country_alpha2(importer), 2);
    memcpy(row + sizeof numbers + 4, unit, strnlen(unit, 4));
    XXH3_128bits_update(p->print, row, sizeof row);
    for (int k = 0; k < 2 && (c->claims || c->parts); k++) {
        const char *const *texts = k ? c->parts : c->claims;
        const char        *text = texts && texts[i] ? texts[i] : "";
        XXH3_128bits_update(p->print, text, strlen(text) + 1);
    }
}

/* What a thread could not take, nobody can. */
static tariff_status changed(const puller *p)
{
    tf_place here = { .file = p->source.name };
    return tf_error(p->env, TARIFF_E_ARG, &here, NULL, "rows were changed while they were read");
}

static tariff_status take_batch(puller *p)
{
    atomic_store(&p->next, 0);
    atomic_store(&p->doubt, !p->good); /* once a row was at fault, the others are only checked */
    atomic_store(&p->special, false);
    if (p->what->sink)
        TF_TRY(tf_told_reserve(&p->told, p->n));
    if (p->good) {
        tf_run_threads(tf_count_threads(p->count, p->n / STRETCH + 1), work, p);
        for (unsigned i = 0; i < p->count; i++)
            TF_TRY(p->workers[i].status);
    }
    if (atomic_load(&p->doubt)) {
        TF_TRY(go_through(p, true));
        return p->good ? changed(p) : TARIFF_OK;
    }
    for (size_t i = 0; i < p->n; i++)
        add_to_print(p, i);
    if (atomic_load(&p->special) || p->what->rows)
        TF_TRY(go_through(p, false));
    return p->good && p->what->sink ? tf_told_put(&p->told, p->n) : TARIFF_OK;
}

/* The next batch; its n is 0 at the end. */
static tariff_status ask(puller *p)
{
    static const tariff_columns none = TARIFF_COLUMNS_INIT;
    const tf_columns_given      given = given_of(&p->source);
    tf_place                    here = { .file = p->source.name };
    p->first += p->n;
    p->columns = none;
    p->n = 0;
    tariff_status status = p->source.next(p->source.user, &p->columns, &p->n);
    if (status == TARIFF_E_CANCELLED)
        return status;
    if (status != TARIFF_OK)
        return tf_error(p->env, status, &here, NULL, "the rows from %llu on could not be had",
                        (unsigned long long)p->first);
    if (p->n > UINT32_MAX - p->first)
        return tf_error(p->env, TARIFF_E_LIMIT, &here, NULL, "more than %u rows",
                        (unsigned)UINT32_MAX);
    return p->n ? tf_columns_check(p->env, p->source.name, &p->columns, &given) : TARIFF_OK;
}

/* Whole */

static tariff_status start(puller *p, worker *w)
{
    static const tf_reading all_told_apart = { .threads = 0 };
    const tf_pull          *what = p->what;
    w->all = p;
    tf_cells_init(&w->cells, p->env, &all_told_apart);
    tf_rows_init(&w->rows);
    return what->sink ? tf_rows_open(&w->rows, p->env, what->scenario, what->law, what->where)
                      : TARIFF_OK;
}

static void stop(worker *w)
{
    tf_rows_close(&w->rows);
    tf_cells_free(&w->cells);
}

static tariff_status put_together(puller *p)
{
    tf_cells     *all = &p->workers[0].cells;
    XXH128_hash_t print = XXH3_128bits_digest(p->print);
    tf_input      input = { .path = tf_arena_text(&p->dataset->arena, p->source.name,
                                                  strlen(p->source.name)),
                            .pulled = true,
                            .print = { 0, print.high64, print.low64 } };
    TF_NEED(input.path);
    for (unsigned i = 0; i < p->count; i++) {
        input.rows += p->workers[i].taken;
        input.value += p->workers[i].value;
        if (i > 0)
            TF_TRY(tf_cells_merge(all, &p->workers[i].cells));
    }
    if (!TF_PUSH(&p->dataset->arena, &p->dataset->inputs, input))
        return TARIFF_E_NOMEM;
    return tf_cells_put(all, p->dataset);
}

static tariff_status pull(puller *p)
{
    tf_begin(p->env);
    p->workers = TF_ARRAY(&p->dataset->arena, worker, p->count);
    TF_NEED(p->workers && p->print);
    XXH3_128bits_reset(p->print);
    while (p->started < p->count)
        TF_TRY(start(p, &p->workers[p->started++]));
    do {
        TF_TRY(ask(p));
        TF_TRY(take_batch(p));
        tf_progress(p->env, "rows", p->first + p->n, 0);
    } while (p->n);
    return p->good ? put_together(p) : tf_end(p->env);
}

tariff_status tf_dataset_pull(tariff_env *env, const tf_pull *what, tf_dataset **out)
{
    puller p = { .env = env, .what = what, .source = TARIFF_SOURCE_INIT, .good = true };
    size_t size = what->source->size;
    *out = NULL;
    memcpy(&p.source, what->source, size < sizeof p.source ? size : sizeof p.source);
    if (!p.source.next || !p.source.name)
        return tf_error(env, TARIFF_E_ARG, NULL, NULL, "a source has a name, and a function 'next'");
    TF_TRY(tf_dataset_new(env, &p.dataset));
    tf_told_init(&p.told, env, what->sink);
    p.print = XXH3_createState();
    p.count = tf_count_threads(what->threads, UINT64_MAX);
    tariff_status status = pull(&p);
    while (p.started > 0)
        stop(&p.workers[--p.started]);
    XXH3_freeState(p.print);
    tf_told_free(&p.told);
    if (status == TARIFF_OK)
        *out = p.dataset;
    else
        tf_dataset_free(p.dataset);
    return status;
}
