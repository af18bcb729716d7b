/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Sweeps.  Dimensions that only vary rates share one law and one reduction of
 * the flows to classes; for each combination of the others both are made anew.
 */
#include "run/sweep.h"

#include "base/threads.h"
#include "run/classes.h"
#include "run/coverage.h"
#include "run/idle.h"
#include "scenario/point.h"

#include <stdatomic.h>
#include <stdio.h>

/** What a rate dimension may set. */
typedef struct rate_values {
    tf_rate_change  how;
    const tf_rate **value;
    int64_t        *nano;
} rate_values;

typedef struct sweeper {
    tariff_env               *env;
    tf_store                 *store;
    const tariff_scenario    *scenario;
    const tf_sweep           *sweep;
    const tariff_run_options *options;
    tf_arena                  arena;
    const char             ***cells; /**< By point: its metrics. */
    const char              **dates; /**< By point. */
    tf_arena                 *kept;  /**< Arenas of the workers, which hold the cells. */
    size_t                    kept_count, kept_room;
    tf_idle                   idle; /**< Changes that act at no point. */
    const char              **metrics;
    size_t                    metric_count;
    bool                      by_rate[TF_DIMENSIONS_MAX]; /**< Else structural. */
    bool                      told_coverage; /**< Once, whatever the points. */
} sweeper;

/* One combination of the structural dimensions */

typedef struct block {
    sweeper           *s;
    tariff_scenario   *variant;
    tariff_law        *law;
    tf_classes         classes;
    const size_t      *values; /**< Of the structural dimensions. */
    rate_values        rates[TF_DIMENSIONS_MAX];
    uint64_t           points;
    size_t             first_change; /**< Of the rate dimensions, among the law's changes. */
    atomic_ullong      next;
    atomic_int         failure;
    tf_report_choices  choices;
    char               date[16];
    tf_arena          *arenas; /**< By worker. */
} block;

/* The point's number in the whole sweep, from its number in the block. */
static uint64_t number_of(const block *b, uint64_t inner, size_t *values)
{
    const tf_sweep *sweep = b->s->sweep;
    uint64_t        point = 0;
    for (size_t i = sweep->dimensions.n; i-- > 0;) {
        size_t n = sweep->dimensions.at[i].values.n;
        values[i] = b->values[i];
        if (b->s->by_rate[i]) {
            values[i] = (size_t)(inner % n);
            inner /= n;
        }
    }
    for (size_t i = 0; i < sweep->dimensions.n; i++)
        point = point * sweep->dimensions.at[i].values.n + values[i];
    return point;
}

static tariff_status keep_metrics(block *b, uint64_t point, const tf_tally *tally,
                                  tf_arena *scratch, tf_arena *kept)
{
    sweeper      *s = b->s;
    tf_heading    heading = { "", "", s->scenario->account };
    tariff_table *table = NULL;
    TF_TRY(tf_report_table(tally, &heading, TF_REPORT_SUMMARY, 0, scratch, &table));
    const char **cells = TF_ARRAY(kept, const char *, s->metric_count + 1);
    TF_NEED(cells);
    for (size_t i = 0; i < s->metric_count; i++) {
        const char *cell = tariff_table_cell(table, i, 3);
        cells[i] = tf_arena_text(kept, cell, strlen(cell));
        TF_NEED(cells[i]);
    }
    s->cells[point] = cells;
    s->dates[point] = tf_arena_text(kept, b->date, strlen(b->date));
    return s->dates[point] ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status do_point(block *b, tf_rebound *r, tf_change *changes, uint64_t inner,
                              tf_arena *kept)
{
    size_t   values[TF_DIMENSIONS_MAX], change = b->first_change;
    uint64_t point = number_of(b, inner, values);
    tf_arena scratch;
    tf_tally tally;
    for (size_t i = 0; i < b->s->sweep->dimensions.n; i++) {
        if (!b->s->by_rate[i])
            continue;
        changes[change].value = b->rates[i].value[values[i]];
        changes[change++].nano = b->rates[i].nano[values[i]];
    }
    tf_arena_init(&scratch, &b->s->env->allocator);
    tf_tally_init(&tally, b->s->env, b->law, &b->choices);
    tariff_status status = tf_rebound_tally(r, changes, &scratch, &tally);
    if (status == TARIFF_OK)
        status = keep_metrics(b, point, &tally, &scratch, kept);
    tf_tally_free(&tally);
    tf_arena_free(&scratch);
    return status;
}

static tariff_status do_points(block *b, tf_arena *kept)
{
    tf_rebound r;
    size_t     count = b->law->changes.n;
    tf_change *changes = TF_ARRAY(kept, tf_change, count + 1);
    TF_NEED(changes);
    if (count)
        memcpy(changes, b->law->changes.at, count * sizeof *changes);
    tariff_status status = tf_rebound_make(&b->classes, b->s->env, &r);
    while (status == TARIFF_OK && atomic_load(&b->failure) == TARIFF_OK) {
        uint64_t inner = atomic_fetch_add(&b->next, 1);
        if (inner >= b->points)
            break;
        status = tf_cancelled(b->s->env) ? TARIFF_E_CANCELLED
                                         : do_point(b, &r, changes, inner, kept);
    }
    tf_rebound_free(&r);
    return status;
}

static void work(void *user, unsigned worker)
{
    block        *b = user;
    tariff_status status = do_points(b, &b->arenas[worker]);
    int           none = TARIFF_OK;
    if (status != TARIFF_OK)
        atomic_compare_exchange_strong(&b->failure, &none, (int)status);
}

static tariff_status read_values(block *b)
{
    sweeper *s = b->s;
    for (size_t i = 0; i < s->sweep->dimensions.n; i++) {
        const tf_dimension *dimension = &s->sweep->dimensions.at[i];
        rate_values        *rates = &b->rates[i];
        if (!s->by_rate[i])
            continue;
        rates->how = dimension->how;
        rates->value = TF_ARRAY(&s->arena, const tf_rate *, dimension->values.n);
        rates->nano = TF_ARRAY(&s->arena, int64_t, dimension->values.n);
        TF_NEED(rates->value && rates->nano);
        for (size_t k = 0; k < dimension->values.n; k++) {
            TF_TRY(tf_change_value(s->env, b->law, dimension->values.at[k], dimension->how,
                                   &rates->value[k], &rates->nano[k]));
            if (rates->value[k] && tf_rate_is_foreign(rates->value[k], s->scenario->account))
                return tf_doc_error(s->env, dimension->values.at[k], false, TARIFF_E_VALUE,
                                    "give the amounts of a sweep in the currency of the flows",
                                    "an amount that is not in %s", s->scenario->account);
        }
    }
    return TARIFF_OK;
}

static tariff_status prepare(block *b)
{
    sweeper               *s = b->s;
    const tariff_schedule *schedule;
    const tf_dataset      *dataset;
    tf_where               where;
    tf_tally               tally;
    tf_reach               reach;
    size_t                 rate_dimensions = 0;
    TF_TRY(tf_scenario_vary(s->env, s->scenario, b->values, NULL, &b->variant));
    if (b->variant->dates.given)
        return tf_doc_error(s->env, s->sweep->node, true, TARIFF_E_CONFLICT,
                            "sweep over dates with {key: date, values: [..]}",
                            "a sweep goes with one date, not with 'dates'");
    TF_TRY(tf_store_schedule(s->store, s->env, b->variant, &schedule));
    TF_TRY(tf_scenario_law(s->env, b->variant, schedule, &b->law));
    if (b->variant->where)
        TF_TRY(tf_scenario_where(b->variant, s->env, b->law, &where));
    TF_TRY(tf_store_dataset(s->store, s->env, b->variant, NULL, &dataset));
    tf_evaluation e = { .env = s->env,
                        .law = b->law,
                        .dataset = dataset,
                        .where = b->variant->where ? &where : NULL,
                        .date_kind = b->variant->date_kind,
                        .date = b->variant->date,
                        .reports = &b->choices,
                        .require_detail = s->options->require_detail,
                        .require_quantity = s->options->require_quantity,
                        .threads = s->options->threads,
                        .reach = &reach };
    TF_TRY(tf_reach_make(&s->arena, b->variant, &reach));
    /* The full evaluation says what is wrong with rows; the classes are silent. */
    TF_TRY(tf_evaluate(&e, &tally));
    bool has_lines = tally.lines > 0;
    tf_tally_free(&tally);
    tf_days days = { .at = &b->variant->date, .n = 1 };
    for (size_t i = 0; i < s->sweep->dimensions.n; i++)
        rate_dimensions += s->by_rate[i];
    reach.varied = rate_dimensions;
    if (has_lines && !s->told_coverage)
        s->told_coverage = tf_coverage_tell(&e, b->variant, &days);
    if (has_lines)
        TF_TRY(tf_idle_look(&s->idle, b->variant, b->law, &e, &days));
    TF_TRY(tf_classes_make(&e, NULL, &b->classes));
    b->first_change = b->law->changes.n - rate_dimensions;
    tariff_date_format(b->variant->date, b->date);
    if (b->variant->date_kind != TF_ON_DAY)
        snprintf(b->date, sizeof b->date, "%s",
                 b->variant->date_kind == TF_ON_PERIOD ? "period" : "period-average");
    return read_values(b);
}

/* Arenas for the workers of a block, which live as long as the sweep. */
static tariff_status make_arenas(sweeper *s, unsigned count, tf_arena **out)
{
    if (!tf_vec_reserve(&s->arena, &s->kept, &s->kept_room, s->kept_count + count,
                        sizeof *s->kept))
        return TARIFF_E_NOMEM;
    *out = s->kept + s->kept_count;
    for (unsigned i = 0; i < count; i++)
        tf_arena_init(&s->kept[s->kept_count++], &s->env->allocator);
    return TARIFF_OK;
}

static tariff_status do_block(sweeper *s, const size_t *values)
{
    block b = { .s = s, .values = values, .points = 1 };
    b.choices = s->scenario->reports;
    memset(b.choices.wanted, 0, sizeof b.choices.wanted);
    for (size_t i = 0; i < s->sweep->dimensions.n; i++)
        if (s->by_rate[i])
            b.points *= s->sweep->dimensions.at[i].values.n;
    tariff_status status = prepare(&b);
    unsigned      count = tf_count_threads(s->options->threads, b.points);
    if (status == TARIFF_OK)
        status = make_arenas(s, count, &b.arenas);
    if (status == TARIFF_OK) {
        tf_run_threads(count, work, &b);
        status = (tariff_status)atomic_load(&b.failure);
        if (status == TARIFF_E_OVERFLOW)
            tf_error(s->env, status, NULL, NULL, "a duty does not fit in exact arithmetic");
    }
    if (b.classes.law)
        tf_classes_free(&b.classes);
    tariff_law_free(b.law);
    tariff_scenario_free(b.variant);
    return status;
}

/* All combinations of the structural dimensions, the last varying fastest. */
static tariff_status do_blocks(sweeper *s)
{
    size_t values[TF_DIMENSIONS_MAX] = { 0 };
    for (;;) {
        TF_TRY(do_block(s, values));
        size_t i = s->sweep->dimensions.n;
        while (i > 0) {
            i--;
            if (s->by_rate[i])
                continue;
            if (++values[i] < s->sweep->dimensions.at[i].values.n)
                break;
            values[i] = 0;
            if (i == 0)
                return TARIFF_OK;
        }
        bool done = true;
        for (size_t k = 0; k < s->sweep->dimensions.n; k++)
            done = done && values[k] == 0;
        if (done)
            return TARIFF_OK;
    }
}

/* The table */

static tariff_status list_metrics(sweeper *s)
{
    tf_tally      tally;
    tf_heading    heading = { "", "", "" };
    tariff_table *table = NULL;
    tariff_law    empty; /* a summary of nothing names all metrics */
    memset(&empty, 0, sizeof empty);
    tf_tally_init(&tally, s->env, &empty, &s->scenario->reports);
    tariff_status status = tf_report_table(&tally, &heading, TF_REPORT_SUMMARY, 0, &s->arena, &table);
    tf_tally_free(&tally);
    TF_TRY(status);
    s->metric_count = tariff_table_rows(table);
    s->metrics = TF_ARRAY(&s->arena, const char *, s->metric_count + 1);
    TF_NEED(s->metrics);
    for (size_t i = 0; i < s->metric_count; i++)
        s->metrics[i] = tariff_table_cell(table, i, 2);
    return TARIFF_OK;
}

/* A list as its words; a mapping by its number among the values. */
static const char *value_text(tf_arena *arena, const tf_dimension *dimension, size_t number)
{
    const tf_node *node = dimension->values.at[number];
    char           text[512] = "";
    size_t         n = 0;
    if (node->kind == TF_SCALAR)
        return node->text;
    for (const tf_node *item = node->first; item && node->kind == TF_LIST; item = item->next)
        if (item->kind == TF_SCALAR && n < sizeof text)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? " " : "", item->text);
    if (n == 0)
        snprintf(text, sizeof text, "#%zu", number);
    return tf_arena_text(arena, text, strlen(text));
}

static tariff_status make_table(sweeper *s, tf_arena *arena, tariff_table **out)
{
    *out = tf_table_new(arena, "scenario,date,point");
    TF_NEED(*out);
    for (size_t i = 0; i < s->sweep->dimensions.n; i++)
        TF_TRY(tf_table_column(*out, s->sweep->dimensions.at[i].name));
    for (size_t i = 0; i < s->metric_count; i++) {
        for (size_t k = 0; k < s->sweep->dimensions.n; k++)
            if (strcmp(s->sweep->dimensions.at[k].name, s->metrics[i]) == 0)
                return tf_doc_error(s->env, s->sweep->node, true, TARIFF_E_VALUE, NULL,
                                    "the table of a sweep has a column '%s' of its own",
                                    s->metrics[i]);
        TF_TRY(tf_table_column(*out, s->metrics[i]));
    }
    for (uint64_t point = 0; point < s->sweep->points; point++) {
        size_t values[TF_DIMENSIONS_MAX];
        tf_sweep_point(s->sweep, point, values);
        tf_cell_text(*out, s->scenario->name);
        tf_cell_text(*out, s->dates[point]);
        tf_cell_count(*out, point);
        for (size_t i = 0; i < s->sweep->dimensions.n; i++)
            tf_cell_text(*out, value_text(arena, &s->sweep->dimensions.at[i], values[i]));
        for (size_t i = 0; i < s->metric_count; i++)
            tf_cell_text(*out, s->cells[point][i]);
    }
    return tf_table_end(*out);
}

static tariff_status sweep(sweeper *s, tariff_result *result)
{
    for (size_t i = 0; i < s->sweep->dimensions.n; i++)
        s->by_rate[i] = tf_varies_rate_alone(&s->sweep->dimensions.at[i]);
    s->cells = TF_ARRAY(&s->arena, const char **, s->sweep->points);
    s->dates = TF_ARRAY(&s->arena, const char *, s->sweep->points);
    TF_NEED(s->cells && s->dates);
    TF_TRY(list_metrics(s));
    TF_TRY(do_blocks(s));
    tf_idle_tell(&s->idle);
    return make_table(s, &result->arena, &result->tables[TF_REPORT_SWEEP]);
}

tariff_status tf_run_sweep(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                           const tariff_run_options *options, tariff_result *result)
{
    sweeper s = { .env = env,
                  .store = store,
                  .scenario = scenario,
                  .sweep = &scenario->sweep,
                  .options = options };
    tf_arena_init(&s.arena, &env->allocator);
    tf_idle_init(&s.idle, env);
    tariff_status status = sweep(&s, result);
    for (size_t i = 0; i < s.kept_count; i++)
        tf_arena_free(&s.kept[i]);
    tf_idle_free(&s.idle);
    tf_arena_free(&s.arena);
    return status;
}
