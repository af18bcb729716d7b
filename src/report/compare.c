/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/compare.h"

#include "base/names.h"
#include "io/csv_in.h"
#include "value/decimal.h"

#include <stdio.h>
#include <stdlib.h>

enum { PLACES = 9 };

tf_report tf_compared_report(tf_report comparison)
{
    switch (comparison) {
    case TF_REPORT_PRODUCTS_COMPARE: return TF_REPORT_PRODUCTS;
    case TF_REPORT_ORIGINS_COMPARE: return TF_REPORT_ORIGINS;
    case TF_REPORT_LAYERS_COMPARE: return TF_REPORT_LAYERS;
    default: return TF_REPORT_SUMMARY;
    }
}

static int column_of(const tariff_table *table, const char *name)
{
    for (size_t i = 0; i < table->headers.n; i++)
        if (strcmp(table->headers.at[i], name) == 0)
            return (int)i;
    return -1;
}

static bool is_money(const char *header)
{
    size_t n = strlen(header);
    return strcmp(header, "duty") == 0 || (n > 5 && strcmp(header + n - 5, "_duty") == 0)
           || (n > 6 && strcmp(header + n - 6, "_value") == 0);
}

/** A key with its rows in both tables; -1 where it is missing. */
typedef struct pair {
    long    baseline, scenario;
    tf_i128 change; /**< Of the total duty, its size. */
} pair;

typedef struct comparison {
    tf_arena           *arena;
    const tariff_table *baseline, *scenario;
    int                 key; /**< Column. */
    tf_names            keys;
    TF_VEC(pair) pairs;
    bool *differs;
} comparison;

static const char *cell(const tariff_table *table, long row, int column)
{
    return row < 0 || column < 0 ? "" : tariff_table_cell(table, (size_t)row, (size_t)column);
}

static tariff_status pair_up(comparison *c, const tariff_table *table, bool is_baseline)
{
    for (size_t row = 0; row < tariff_table_rows(table); row++) {
        const char *key = cell(table, (long)row, c->key);
        uint32_t    at = tf_names_add(&c->keys, c->arena, key, strlen(key));
        pair        fresh = { -1, -1, 0 };
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

static tf_i128 change_of(const comparison *c, const pair *p, int column)
{
    tf_i128 change = tf_cell_number(cell(c->scenario, p->scenario, column))
                     - tf_cell_number(cell_before(c, p, column));
    if (change != 0)
        *c->differs = true;
    return change;
}

static void put_three(const comparison *c, tariff_table *out, const pair *p, int column,
                      unsigned least)
{
    char        buf[TF_DECIMAL_TEXT];
    const char *none = least ? "0.00" : "0"; /* what the side without this row has of it */
    const char *before = cell_before(c, p, column);
    const char *after = cell(c->scenario, p->scenario, column);
    tf_format_fixed(change_of(c, p, column), PLACES, least, buf);
    tf_cell_text(out, *before || p->baseline >= 0 ? before : none);
    tf_cell_text(out, *after || p->scenario >= 0 ? after : none);
    tf_cell_text(out, (*before || p->baseline < 0) && (*after || p->scenario < 0) ? buf : "");
}

/* The summary: a row a metric, in its order. */
static tariff_status compare_metrics(comparison *c, const char *name, const char *date,
                                     tariff_table **out)
{
    int value = column_of(c->scenario, "value");
    *out = tf_table_new(c->arena, "scenario,date,metric,baseline_value,scenario_value,change");
    TF_NEED(*out);
    for (size_t i = 0; i < c->pairs.n; i++) {
        const pair *p = &c->pairs.at[i];
        const tariff_table *known = p->scenario >= 0 ? c->scenario : c->baseline;
        const char *unit = cell(known, p->scenario >= 0 ? p->scenario : p->baseline,
                                column_of(known, "unit"));
        bool        money = strlen(unit) == 3;
        tf_cell_text(*out, name);
        tf_cell_text(*out, date);
        tf_cell_text(*out, c->keys.list.at[i]);
        put_three(c, *out, p, value, money ? 2 : 0);
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

static void rank(comparison *c)
{
    int duty = column_of(c->scenario, "total_duty");
    if (duty < 0)
        duty = column_of(c->scenario, "duty");
    for (size_t i = 0; i < c->pairs.n; i++) {
        tf_i128 change = change_of(c, &c->pairs.at[i], duty);
        c->pairs.at[i].change = change < 0 ? -change : change;
    }
    if (c->pairs.n)
        qsort(c->pairs.at, c->pairs.n, sizeof c->pairs.at[0], by_change_down);
}

static tariff_status make_header(const comparison *c, tariff_table **out)
{
    static const char *const sides[] = { "baseline", "scenario", "change" };
    *out = tf_table_new(c->arena, "scenario,date");
    TF_NEED(*out);
    for (size_t i = 2; i < c->scenario->headers.n; i++) {
        const char *header = c->scenario->headers.at[i];
        bool        label = (int)i == c->key || strcmp(header, "description") == 0
                     || strcmp(header, "name") == 0;
        if (label && !TF_PUSH(c->arena, &(*out)->headers, header))
            return TARIFF_E_NOMEM;
        for (int side = 0; is_money(header) && side < 3; side++) {
            size_t size = strlen(header) + 12;
            char  *name = tf_arena_alloc(c->arena, size);
            TF_NEED(name);
            snprintf(name, size, "%s_%s", header, sides[side]);
            const char *kept = name;
            if (!TF_PUSH(c->arena, &(*out)->headers, kept))
                return TARIFF_E_NOMEM;
        }
    }
    return TARIFF_OK;
}

static tariff_status compare_rows(comparison *c, const char *name, const char *date, unsigned top,
                                  tariff_table **out)
{
    rank(c);
    TF_TRY(make_header(c, out));
    for (size_t i = 0; i < c->pairs.n && (!top || i < top); i++) {
        const pair         *p = &c->pairs.at[i];
        tf_cell_text(*out, name);
        tf_cell_text(*out, date);
        for (int k = 2; k < (int)c->scenario->headers.n; k++) {
            const char *header = c->scenario->headers.at[k];
            if (k == c->key || strcmp(header, "description") == 0 || strcmp(header, "name") == 0)
                tf_cell_text(*out, p->scenario >= 0 ? cell(c->scenario, p->scenario, k)
                                                    : cell_before(c, p, k));
            if (is_money(header))
                put_three(c, *out, p, k, 2);
        }
    }
    return tf_table_end(*out);
}

tariff_status tf_compare_tables(tf_arena *arena, tf_report comparison_kind,
                                const tariff_table *baseline, const tariff_table *scenario,
                                const char *name, const char *date, unsigned top,
                                tariff_table **out, bool *differs)
{
    comparison c = { .arena = arena,
                     .baseline = baseline,
                     .scenario = scenario,
                     .key = 2, /* after scenario and date */
                     .differs = differs };
    TF_TRY(pair_up(&c, scenario, false));
    TF_TRY(pair_up(&c, baseline, true));
    return comparison_kind == TF_REPORT_COMPARE ? compare_metrics(&c, name, date, out)
                                                : compare_rows(&c, name, date, top, out);
}

/* Reports on the disk */

static tariff_status read_header(tf_csv *csv, tariff_table *table)
{
    static const char *const first[] = { "scenario", "date" };
    for (size_t i = 0; i < tf_csv_width(csv); i++) {
        if (i < 2 && strcmp(tf_csv_header(csv, i), first[i]) != 0)
            return tf_csv_missing(csv, first[i], "reports begin with scenario and date");
        TF_TRY(tf_table_column(table, tf_csv_header(csv, i)));
    }
    return tf_csv_width(csv) > 3 ? TARIFF_OK
                                 : tf_csv_missing(csv, "value", "this is no report of a run");
}

/* What is compared as a number is one; nothing else is taken for zero. */
static tariff_status read_rows(tf_csv *csv, tariff_table *table)
{
    bool more;
    for (;;) {
        TF_TRY(tf_csv_next(csv, &more));
        if (!more)
            return tf_table_end(table);
        for (size_t i = 0; i < tf_csv_width(csv); i++) {
            const char *header = table->headers.at[i], *text = tf_csv_field(csv, (int)i).text;
            if ((is_money(header) || strcmp(header, "value") == 0) && !tf_cell_is_number(text))
                return tf_csv_error(csv, (int)i, 0, TARIFF_E_VALUE, NULL,
                                    "'%.60s' is not a number", text);
            tf_cell_text(table, text);
        }
    }
}

tariff_status tf_table_read(tariff_env *env, tf_arena *arena, const char *path,
                            tariff_table **out)
{
    tf_csv *csv;
    *out = NULL;
    TF_TRY(tf_csv_open(env, path, NULL, TF_SUM_XXH3, &csv));
    tariff_table *table = TF_NEW(arena, tariff_table);
    tariff_status status = table ? TARIFF_OK : TARIFF_E_NOMEM;
    if (table) {
        table->arena = arena;
        status = read_header(csv, table);
    }
    if (status == TARIFF_OK)
        status = read_rows(csv, table);
    tf_csv_close(csv);
    if (status == TARIFF_OK)
        *out = table;
    return status;
}
