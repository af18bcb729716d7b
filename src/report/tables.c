/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The reports of SPEC section 7, from a tally.
 */
#include "report/tables.h"

#include "value/hs.h"

#include <stdio.h>
#include <stdlib.h>

enum { MONEY = 4, DUTY = 16, WEIGHTED = 22 }; /* decimal places of the tally's sums */

#define SUMS_COLUMNS                                                                            \
    "export_value,affected_value,affected_share,ordinary_duty,additional_duty,total_duty,"      \
    "average_rate"

/* A table may be begun already: with several dates, their rows follow one another. */
static tariff_status begin_table(tf_arena *arena, tariff_table **out, const char *columns)
{
    if (!*out)
        *out = tf_table_new(arena, columns);
    return *out ? TARIFF_OK : TARIFF_E_NOMEM;
}

static void begin_row(tariff_table *table, const tf_heading *heading)
{
    tf_cell_text(table, heading->scenario);
    tf_cell_text(table, heading->date);
}

static void sums_cells(tariff_table *table, const tf_sums *sums)
{
    tf_i128 duty = sums->ordinary + sums->additional;
    tf_cell_cents(table, sums->value, MONEY);
    tf_cell_cents(table, sums->affected, WEIGHTED);
    tf_cell_ratio(table, sums->affected, WEIGHTED, sums->value, MONEY);
    tf_cell_cents(table, sums->ordinary, DUTY);
    tf_cell_cents(table, sums->additional, DUTY);
    tf_cell_cents(table, duty, DUTY);
    tf_cell_ratio(table, duty, DUTY, sums->value, MONEY);
}

/* summary.csv */

typedef struct summary {
    tariff_table     *table;
    const tf_heading *heading;
} summary;

static tariff_table *metric(const summary *s, const char *name)
{
    begin_row(s->table, s->heading);
    tf_cell_text(s->table, name);
    return s->table;
}

static void money(const summary *s, const char *name, tf_i128 n, unsigned places)
{
    tf_cell_cents(metric(s, name), n, places);
    tf_cell_text(s->table, s->heading->currency);
}

static void count(const summary *s, const char *name, uint64_t n)
{
    tf_cell_count(metric(s, name), n);
    tf_cell_text(s->table, "lines");
}

static void share(const summary *s, const char *name, tf_i128 num, unsigned num_places, tf_i128 den,
                  unsigned den_places, const char *unit)
{
    tf_cell_ratio(metric(s, name), num, num_places, den, den_places);
    tf_cell_text(s->table, unit);
}

static void rate(const summary *s, const char *name, int64_t n, unsigned places)
{
    tf_cell_decimal(metric(s, name), n, places);
    tf_cell_text(s->table, "rate");
}

static const tf_bracket *peak_bracket(const tf_tally *tally)
{
    const tf_bracket *peak = NULL;
    for (size_t i = 0; i < tally->brackets.n; i++)
        if (tally->brackets.at[i].rate > 0 && (!peak || tally->brackets.at[i].rate > peak->rate))
            peak = &tally->brackets.at[i];
    return peak;
}

static void summary_peak(const summary *s, const tf_tally *tally)
{
    static const tf_bracket none;
    const tf_bracket       *peak = peak_bracket(tally);
    int64_t                 combined = 0;
    if (!peak)
        peak = &none;
    for (size_t i = 0; i < TF_LAYERS_MAX; i++)
        combined += peak->statutory[i];
    rate(s, "peak_additional_rate", peak->rate, 4);
    money(s, "peak_value", peak->value, WEIGHTED);
    share(s, "peak_share", peak->value, WEIGHTED, tally->total.value, MONEY,
          "share of export_value");
    rate(s, "combined_statutory_rate", combined, 9);
}

static tariff_status summary_table(const tf_tally *tally, const tf_heading *heading,
                                   tf_arena *arena, tariff_table **out)
{
    const tf_sums *t = &tally->total;
    tf_i128        duty = t->ordinary + t->additional;
    TF_TRY(begin_table(arena, out, "scenario,date,metric,value,unit"));
    summary s = { *out, heading };
    money(&s, "export_value", t->value, MONEY);
    count(&s, "lines", tally->lines);
    money(&s, "affected_value", t->affected, WEIGHTED);
    share(&s, "affected_share", t->affected, WEIGHTED, t->value, MONEY, "share of export_value");
    count(&s, "affected_lines", tally->affected_lines);
    money(&s, "ordinary_duty", t->ordinary, DUTY);
    money(&s, "additional_duty", t->additional, DUTY);
    money(&s, "total_duty", duty, DUTY);
    share(&s, "average_ordinary_rate", t->ordinary, DUTY, t->value, MONEY, "rate of export_value");
    share(&s, "average_additional_rate", t->additional, DUTY, t->value, MONEY,
          "rate of export_value");
    share(&s, "average_rate", duty, DUTY, t->value, MONEY, "rate of export_value");
    share(&s, "average_additional_rate_on_affected", t->additional, DUTY, t->affected, WEIGHTED,
          "rate of affected_value");
    summary_peak(&s, tally);
    money(&s, "unassessed_value", tally->unassessed_value, MONEY);
    count(&s, "unassessed_lines", tally->unassessed_lines);
    money(&s, "coarse_value", tally->coarse_value, MONEY);
    count(&s, "coarse_lines", tally->coarse_lines);
    money(&s, "unknown_part_value", tally->unknown_part_value, MONEY);
    money(&s, "estimated_value", tally->estimated_value, MONEY);
    money(&s, "estimated_duty", tally->estimated_duty, DUTY);
    count(&s, "unmatched_lines", tally->unmatched_lines);
    return tf_table_end(*out);
}

/* layers.csv */

static tariff_status layers_table(const tf_tally *tally, const tf_heading *heading,
                                  tf_arena *arena, tariff_table **out)
{
    tf_i128 value = tally->total.value;
    TF_TRY(begin_table(arena, out,
                       "scenario,date,layer,kind,authority,covered_value,covered_share,duty,"
                       "average_rate,rate_on_covered"));
    for (size_t i = 0; i < tally->law->book.layers.n; i++) {
        const tf_layer      *layer = &tally->law->book.layers.at[i];
        const tf_layer_sums *sums = &tally->layers[i];
        begin_row(*out, heading);
        tf_cell_text(*out, layer->name);
        tf_cell_text(*out, layer->kind == TF_ORDINARY ? "ordinary" : "additional");
        tf_cell_text(*out, layer->authority);
        tf_cell_cents(*out, sums->covered, WEIGHTED);
        tf_cell_ratio(*out, sums->covered, WEIGHTED, value, MONEY);
        tf_cell_cents(*out, sums->duty, DUTY);
        tf_cell_ratio(*out, sums->duty, DUTY, value, MONEY);
        tf_cell_ratio(*out, sums->duty, DUTY, sums->covered, WEIGHTED);
    }
    return tf_table_end(*out);
}

/* Rows by a key: in the order of the keys, or the first by total duty */

typedef struct keyed {
    uint64_t key;
    size_t   at;
    tf_i128  duty;
} keyed;

static int by_key(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

static int by_duty_down(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    return x->duty > y->duty ? -1 : x->duty < y->duty ? 1 : by_key(a, b);
}

/* `sums` may be NULL, if `top` is 0. */
static keyed *sort_keys(tf_arena *arena, const uint64_t *keys, const tf_sums *sums, unsigned top,
                        size_t *n)
{
    keyed *sorted = TF_ARRAY(arena, keyed, *n + 1);
    if (!sorted)
        return NULL;
    for (size_t i = 0; i < *n; i++)
        sorted[i] = (keyed){ keys[i], i, top ? sums[i].ordinary + sums[i].additional : 0 };
    if (*n)
        qsort(sorted, *n, sizeof *sorted, top ? by_duty_down : by_key);
    if (top && top < *n)
        *n = top;
    return sorted;
}

static void product_cell(tariff_table *table, uint64_t key)
{
    char code[13];
    tariff_hs_format((tariff_hs){ key }, code);
    tf_cell_text(table, code);
}

static tariff_status products_table(const tf_tally *tally, const tf_heading *heading,
                                    unsigned top, tf_arena *arena, tariff_table **out)
{
    const tf_sums_map *map = &tally->products;
    size_t             n = map->keys.n;
    keyed             *sorted = sort_keys(arena, map->keys.at, map->sums.at, top, &n);
    TF_NEED(sorted);
    TF_TRY(begin_table(arena, out, "scenario,date,hs,description," SUMS_COLUMNS));
    for (size_t i = 0; i < n; i++) {
        begin_row(*out, heading);
        product_cell(*out, sorted[i].key);
        tf_cell_text(*out, tf_book_description(&tally->law->book, sorted[i].key));
        sums_cells(*out, &map->sums.at[sorted[i].at]);
    }
    return tf_table_end(*out);
}

static tariff_status products_origins_table(const tf_tally *tally, const tf_heading *heading,
                                            unsigned top, tf_arena *arena, tariff_table **out)
{
    const tf_sums_map *map = &tally->products_origins;
    size_t             n = map->keys.n;
    keyed             *sorted = sort_keys(arena, map->keys.at, map->sums.at, top, &n);
    TF_NEED(sorted);
    TF_TRY(begin_table(arena, out, "scenario,date,hs,description,origin," SUMS_COLUMNS));
    for (size_t i = 0; i < n; i++) {
        uint64_t product = sorted[i].key >> 16;
        begin_row(*out, heading);
        product_cell(*out, product);
        tf_cell_text(*out, tf_book_description(&tally->law->book, product));
        tf_cell_text(*out, tariff_country_alpha2((tariff_country){ (uint16_t)sorted[i].key }));
        sums_cells(*out, &map->sums.at[sorted[i].at]);
    }
    return tf_table_end(*out);
}

static tariff_status products_layers_table(const tf_tally *tally, const tf_heading *heading,
                                           tf_arena *arena, tariff_table **out)
{
    const tf_layer_sums_map *map = &tally->products_layers;
    size_t                   n = map->keys.n;
    keyed                   *sorted = sort_keys(arena, map->keys.at, NULL, 0, &n);
    TF_NEED(sorted);
    TF_TRY(begin_table(arena, out, "scenario,date,hs,layer,covered_value,duty"));
    for (size_t i = 0; i < n; i++)
        for (size_t layer = 0; layer < tally->law->book.layers.n; layer++) {
            const tf_layer_sums *sums = &map->sums.at[sorted[i].at][layer];
            if (sums->covered == 0 && sums->duty == 0)
                continue;
            begin_row(*out, heading);
            product_cell(*out, sorted[i].key);
            tf_cell_text(*out, tally->law->book.layers.at[layer].name);
            tf_cell_cents(*out, sums->covered, WEIGHTED);
            tf_cell_cents(*out, sums->duty, DUTY);
        }
    return tf_table_end(*out);
}

/* By country: ids are in the order of the alpha-2 codes */

static tariff_status countries_table(const tf_sums *sums, const bool *present, unsigned top,
                                     const char *columns, const tf_heading *heading,
                                     tf_arena *arena, tariff_table **out)
{
    uint64_t ids[TF_COUNTRIES_MAX];
    tf_sums  there[TF_COUNTRIES_MAX];
    size_t   n = 0;
    for (uint16_t i = 0; i < tariff_country_count(); i++)
        if (present[i]) {
            ids[n] = i;
            there[n++] = sums[i];
        }
    keyed *sorted = sort_keys(arena, ids, there, top, &n);
    TF_NEED(sorted);
    TF_TRY(begin_table(arena, out, columns));
    for (size_t i = 0; i < n; i++) {
        tariff_country country = { (uint16_t)sorted[i].key };
        begin_row(*out, heading);
        tf_cell_text(*out, tariff_country_alpha2(country));
        tf_cell_text(*out, tariff_country_name(country));
        sums_cells(*out, &there[sorted[i].at]);
    }
    return tf_table_end(*out);
}

/* brackets.csv */

static int by_rate_down(const void *a, const void *b)
{
    const tf_bracket *x = a, *y = b;
    return x->rate > y->rate ? -1 : x->rate < y->rate;
}

static tariff_status brackets_table(const tf_tally *tally, int64_t step, const tf_heading *heading,
                                    tf_arena *arena, tariff_table **out)
{
    size_t      n = tally->brackets.n;
    tf_bracket *sorted = TF_ARRAY(arena, tf_bracket, n + 1);
    tf_i128     running = 0;
    TF_NEED(sorted);
    TF_TRY(begin_table(arena, out,
                       "scenario,date,additional_rate,lines,export_value,share,"
                       "cumulative_share"));
    if (n)
        memcpy(sorted, tally->brackets.at, n * sizeof *sorted);
    for (size_t i = 0; step && i < n; i++)
        sorted[i].rate -= sorted[i].rate % step; /* each bracket from its lower end */
    qsort(sorted, n, sizeof *sorted, by_rate_down);
    for (size_t i = 0; i < n;) {
        tf_bracket sum = sorted[i];
        for (i++; i < n && sorted[i].rate == sum.rate; i++) {
            sum.lines += sorted[i].lines;
            sum.value += sorted[i].value;
        }
        running += sum.value;
        begin_row(*out, heading);
        tf_cell_decimal(*out, sum.rate, 4);
        tf_cell_count(*out, sum.lines);
        tf_cell_cents(*out, sum.value, WEIGHTED);
        tf_cell_ratio(*out, sum.value, WEIGHTED, tally->total.value, MONEY);
        tf_cell_ratio(*out, running, WEIGHTED, tally->total.value, MONEY);
    }
    return tf_table_end(*out);
}

tariff_status tf_report_table(const tf_tally *tally, const tf_heading *heading, tf_report report,
                              unsigned top, tf_arena *arena, tariff_table **out)
{
    switch (report) {
    case TF_REPORT_SUMMARY:
    case TF_REPORT_TIMELINE: return summary_table(tally, heading, arena, out);
    case TF_REPORT_LAYERS: return layers_table(tally, heading, arena, out);
    case TF_REPORT_PRODUCTS: return products_table(tally, heading, top, arena, out);
    case TF_REPORT_PRODUCTS_LAYERS: return products_layers_table(tally, heading, arena, out);
    case TF_REPORT_PRODUCTS_ORIGINS:
        return products_origins_table(tally, heading, top, arena, out);
    case TF_REPORT_ORIGINS:
        return countries_table(tally->origins, tally->has_origin, top,
                               "scenario,date,origin,name," SUMS_COLUMNS, heading, arena, out);
    case TF_REPORT_IMPORTERS:
        return countries_table(tally->importers, tally->has_importer, top,
                               "scenario,date,importer,name," SUMS_COLUMNS, heading, arena, out);
    case TF_REPORT_BRACKETS:
        return brackets_table(tally, tally->choices->bracket_step, heading, arena, out);
    default: return TARIFF_E_ARG;
    }
}
