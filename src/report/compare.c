/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/compare.h"

#include "base/names.h"
#include "value/decimal.h"

#include <stdio.h>
#include <stdlib.h>

enum { PLACES = 9, FIRST = 2 /* column after scenario and date */ };

static int column_of(const tariff_table *table, const char *name)
{
    for (size_t i = 0; i < table->headers.n; i++)
        if (strcmp(table->headers.at[i], name) == 0)
            return (int)i;
    return -1;
}

static bool is_one_of(const char *header, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(header, *names) == 0)
            return true;
    return false;
}

/* What tells the rows of a report apart; in the two that have several of these, all together. */
static bool is_key(const char *header)
{
    static const char *const keys[] = { "metric", "hs", "origin", "importer", "layer",
                                        "additional_rate", NULL };
    return is_one_of(header, keys);
}

static bool is_label(const char *header)
{
    static const char *const names[] = { "description", "name", NULL };
    return is_key(header) || is_one_of(header, names);
}

/* What a layer is, which does not change. */
static bool is_word(const char *header)
{
    static const char *const names[] = { "kind", "authority", NULL };
    return is_one_of(header, names);
}

/** A key with its rows in both tables; -1 where it is missing. */
typedef struct pair {
    long    baseline, scenario;
    tf_i128 change; /**< Of what rows are ranked by, its size. */
} pair;

typedef struct comparison {
    tf_arena           *arena;
    const tariff_table *baseline, *scenario;
    const char         *name, *date;
    tf_names            keys;
    TF_VEC(pair) pairs;
    bool *differs;
} comparison;

static const char *cell(const tariff_table *table, long row, int column)
{
    return row < 0 || column < 0 ? "" : tariff_table_cell(table, (size_t)row, (size_t)column);
}

static void put_key(const comparison *c, const tariff_table *table, long row, char *out,
                    size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = FIRST; i < c->scenario->headers.n; i++)
        if (is_key(c->scenario->headers.at[i]) && n < size)
            n += (size_t)snprintf(out + n, size - n, "%s\n",
                                  cell(table, row, column_of(table, c->scenario->headers.at[i])));
}

static tariff_status pair_up(comparison *c, const tariff_table *table, bool is_baseline)
{
    for (size_t row = 0; row < tariff_table_rows(table); row++) {
        char key[512];
        put_key(c, table, (long)row, key, sizeof key);
        uint32_t at = tf_names_add(&c->keys, c->arena, key, strlen(key));
        pair     fresh = { -1, -1, 0 };
        if (at == TF_NO_NAME
            || (at == c->pairs.n && !TF_PUSH(c->arena, &c->pairs, fresh)))
            return TARIFF_E_NOMEM;
        *(is_baseline ? &c->pairs.at[at].baseline : &c->pairs.at[at].scenario) = (long)row;
    }
    return TARIFF_OK;
}

/* A column of the scenario, as the baseline has it: reports of different versions may differ. */
static const char *cell_before(const comparison *c, const pair *p, int column)
{
    return cell(c->baseline, p->baseline,
                column < 0 ? -1 : column_of(c->baseline, c->scenario->headers.at[column]));
}

/* What a row is of is the same on both sides; one of them may not have it. */
static const char *label_of(const comparison *c, const pair *p, int column)
{
    return p->scenario >= 0 ? cell(c->scenario, p->scenario, column) : cell_before(c, p, column);
}

static tf_i128 change_of(const comparison *c, const pair *p, int column)
{
    const char *before = cell_before(c, p, column), *after = cell(c->scenario, p->scenario, column);
    if (!tf_cell_is_number(before) || !tf_cell_is_number(after)) {
        *c->differs = *c->differs || strcmp(before, after) != 0;
        return 0;
    }
    tf_i128 change = tf_cell_number(after) - tf_cell_number(before);
    if (change != 0)
        *c->differs = true;
    return change;
}

/* `none` is what the side without this row has of it: nothing is zero of money, no price is. */
static void put_three(const comparison *c, tariff_table *out, const pair *p, int column,
                      unsigned least, const char *none)
{
    char        buf[TF_DECIMAL_TEXT];
    const char *before = cell_before(c, p, column);
    const char *after = cell(c->scenario, p->scenario, column);
    tf_format_fixed(change_of(c, p, column), PLACES, least, buf);
    before = *before || p->baseline >= 0 ? before : none;
    after = *after || p->scenario >= 0 ? after : none;
    bool numbers = *before && *after && tf_cell_is_number(before) && tf_cell_is_number(after);
    tf_cell_text(out, before);
    tf_cell_text(out, after);
    tf_cell_text(out, numbers ? buf : "");
}

static void begin_row(const comparison *c, tariff_table *out)
{
    tf_cell_text(out, c->name);
    tf_cell_text(out, c->date);
}

/* How a model was run is no answer of it; bands, which draws are for, are not compared. */
static bool is_answer(const char *metric)
{
    static const char *const others[] = { "draws", "failed_draws", NULL };
    return !is_one_of(metric, others);
}

/* The summary, or the totals of a model: a row a metric, in its order. */
static tariff_status compare_metrics(comparison *c, tariff_table **out)
{
    int value = column_of(c->scenario, "value"), metric = column_of(c->scenario, "metric");
    *out = tf_table_new(c->arena, "scenario,date,metric,baseline_value,scenario_value,change");
    TF_NEED(*out);
    for (size_t i = 0; i < c->pairs.n; i++) {
        const pair *p = &c->pairs.at[i];
        const char *name = label_of(c, p, metric);
        bool        money = strlen(label_of(c, p, column_of(c->scenario, "unit"))) == 3;
        if (!is_answer(name))
            continue;
        begin_row(c, *out);
        tf_cell_text(*out, name);
        put_three(c, *out, p, value, money ? 2 : 0, money ? "0.00" : "0");
    }
    return tf_table_end(*out);
}

static int by_change_down(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    if (x->change != y->change)
        return x->change > y->change ? -1 : 1;
    /* Equal changes stay in the order of the scenario's report. */
    long at_x = x->scenario >= 0 ? x->scenario : 1000000000 + x->baseline;
    long at_y = y->scenario >= 0 ? y->scenario : 1000000000 + y->baseline;
    return at_x < at_y ? -1 : at_x > at_y;
}

/* By the change of duty; of brackets, which have none, of value; of a model, of trade after. */
static void rank(comparison *c)
{
    static const char *const by[] = { "total_duty", "duty", "export_value", "value_after" };
    int                      column = -1;
    for (size_t i = 0; i < sizeof by / sizeof by[0] && column < 0; i++)
        column = column_of(c->scenario, by[i]);
    for (size_t i = 0; i < c->pairs.n; i++) {
        tf_i128 change = change_of(c, &c->pairs.at[i], column);
        c->pairs.at[i].change = change < 0 ? -change : change;
    }
    if (c->pairs.n)
        qsort(c->pairs.at, c->pairs.n, sizeof c->pairs.at[0], by_change_down);
}

static tariff_status add_header(const comparison *c, tariff_table *out, const char *header)
{
    static const char *const sides[] = { "baseline", "scenario", "change" };
    if (is_label(header))
        return TF_PUSH(c->arena, &out->headers, header) ? TARIFF_OK : TARIFF_E_NOMEM;
    for (int side = 0; tf_header_is_money(header) && side < 3; side++) {
        size_t size = strlen(header) + 12;
        char  *name = tf_arena_alloc(c->arena, size);
        TF_NEED(name);
        snprintf(name, size, "%s_%s", header, sides[side]);
        const char *kept = name;
        if (!TF_PUSH(c->arena, &out->headers, kept))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

static void put_labels(const comparison *c, tariff_table *out, const pair *p)
{
    begin_row(c, out);
    for (int k = FIRST; k < (int)c->scenario->headers.n; k++)
        if (is_label(c->scenario->headers.at[k]))
            tf_cell_text(out, label_of(c, p, k));
}

/* Of burdens: a row a key, three columns for each of money. */
static tariff_status compare_rows(comparison *c, unsigned top, tariff_table **out)
{
    rank(c);
    *out = tf_table_new(c->arena, "scenario,date");
    TF_NEED(*out);
    for (size_t i = FIRST; i < c->scenario->headers.n; i++)
        TF_TRY(add_header(c, *out, c->scenario->headers.at[i]));
    for (size_t i = 0; i < c->pairs.n && (!top || i < top); i++) {
        put_labels(c, *out, &c->pairs.at[i]);
        for (int k = FIRST; k < (int)c->scenario->headers.n; k++)
            if (tf_header_is_money(c->scenario->headers.at[k]))
                put_three(c, *out, &c->pairs.at[i], k, 2, "0.00");
    }
    return tf_table_end(*out);
}

/* Money is written in cents, all else with the decimals it needs. */
static unsigned least_decimals(const comparison *c, const pair *p, int column)
{
    const char *sides[] = { cell_before(c, p, column), cell(c->scenario, p->scenario, column) };
    for (int i = 0; i < 2; i++) {
        const char *point = strchr(sides[i], '.');
        if (!point || strlen(point) != 3)
            return 0;
    }
    return 2;
}

/* Of a model, which has many columns of all kinds: a row a key and column. */
static tariff_status compare_columns(comparison *c, unsigned top, tariff_table **out)
{
    const tariff_table *table = c->scenario;
    rank(c);
    *out = tf_table_new(c->arena, "scenario,date");
    TF_NEED(*out);
    for (size_t i = FIRST; i < table->headers.n; i++)
        if (is_label(table->headers.at[i]))
            TF_TRY(add_header(c, *out, table->headers.at[i]));
    static const char *const rest[] = { "metric", "baseline_value", "scenario_value", "change" };
    for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++)
        TF_TRY(tf_table_column(*out, rest[i]));
    for (size_t i = 0; i < c->pairs.n && (!top || i < top); i++)
        for (int k = FIRST; k < (int)table->headers.n; k++) {
            if (is_label(table->headers.at[k]) || is_word(table->headers.at[k]))
                continue;
            put_labels(c, *out, &c->pairs.at[i]);
            tf_cell_text(*out, table->headers.at[k]);
            put_three(c, *out, &c->pairs.at[i], k, least_decimals(c, &c->pairs.at[i], k), "");
        }
    return tf_table_end(*out);
}

tariff_status tf_compare_tables(tf_arena *arena, tf_report kind, const tariff_table *baseline,
                                const tariff_table *scenario, const char *name, const char *date,
                                unsigned top, tariff_table **out, bool *differs)
{
    comparison c = { .arena = arena,
                     .baseline = baseline,
                     .scenario = scenario,
                     .name = name,
                     .date = date,
                     .differs = differs };
    TF_TRY(pair_up(&c, scenario, false));
    TF_TRY(pair_up(&c, baseline, true));
    if (kind == TF_REPORT_COMPARE || kind == TF_REPORT_IMPACT_COMPARE)
        return compare_metrics(&c, out);
    return kind > TF_LAST_BURDEN_COMPARE ? compare_columns(&c, top, out)
                                         : compare_rows(&c, top, out);
}
