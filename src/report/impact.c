/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/impact.h"

#include "report/cents.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* Cells */

/* Beyond what 128 bits hold at this many places, a number of money is nonsense: an empty cell. */
static bool to_fixed(double x, double scale, tf_i128 *out)
{
    if (!(fabs(x) < 1e27))
        return false;
    *out = (tf_i128)(x * scale + copysign(0.5, x));
    return true;
}

static void money_cell(tariff_table *table, double x)
{
    tf_i128 n;
    if (to_fixed(x, 100, &n))
        tf_cell_cents(table, n, 2);
    else
        tf_cell_text(table, "");
}

void tf_format_number(double x, char buf[TF_DECIMAL_TEXT])
{
    tf_i128 n;
    if (to_fixed(x, 1e9, &n))
        tf_format_fixed(n, 9, 0, buf);
    else
        snprintf(buf, TF_DECIMAL_TEXT, "%s", x > 0 && isinf(x) ? "inf" : "");
}

static void number_cell(tariff_table *table, double x)
{
    char text[TF_DECIMAL_TEXT];
    tf_format_number(x, text);
    tf_cell_text(table, text);
}

static void begin_row(tariff_table *table, const tf_heading *heading)
{
    tf_cell_text(table, heading->scenario);
    tf_cell_text(table, heading->date);
}

static void product_cell(tariff_table *table, uint64_t key)
{
    char code[13];
    tariff_hs_format((tariff_hs){ key }, code);
    tf_cell_text(table, key ? code : "");
}

static void country_cell(tariff_table *table, uint16_t country)
{
    tf_cell_text(table, tariff_country_alpha2((tariff_country){ country }));
}

/* impact.csv */

tariff_status tf_metrics_table(const tf_metric *metrics, size_t n, const tf_heading *heading,
                               tf_arena *arena, tariff_table **out)
{
    *out = tf_table_new(arena, "scenario,date,metric,value,unit");
    TF_NEED(*out);
    for (size_t i = 0; i < n; i++) {
        const tf_metric *m = &metrics[i];
        begin_row(*out, heading);
        tf_cell_text(*out, m->name);
        if (m->kind == TF_METRIC_TEXT)
            tf_cell_text(*out, m->text);
        else if (m->kind == TF_METRIC_MONEY)
            money_cell(*out, m->value);
        else
            number_cell(*out, m->value);
        tf_cell_text(*out, m->kind == TF_METRIC_MONEY ? heading->currency : m->unit);
    }
    return tf_table_end(*out);
}

/* Cents */

/* Money that is rounded; what follows from it is made of it afterwards. */
static const size_t rounded[] = {
    offsetof(tf_effect, value0),    offsetof(tf_effect, value1),
    offsetof(tf_effect, revenue0),  offsetof(tf_effect, revenue1),
    offsetof(tf_effect, revenue_static),
    offsetof(tf_effect, buyers),    offsetof(tf_effect, exporters),
    offsetof(tf_effect, direct0),   offsetof(tf_effect, direct1),
    offsetof(tf_effect, direct_buyers), offsetof(tf_effect, direct_exporters),
    offsetof(tf_effect, home0),     offsetof(tf_effect, home1),
    offsetof(tf_effect, producer),  offsetof(tf_effect, home_producer),
    offsetof(tf_effect, consumer),  offsetof(tf_effect, creation),
    offsetof(tf_effect, diversion), offsetof(tf_effect, gained),
};

static double *money_at(tf_effect *effect, size_t which)
{
    return (double *)(void *)((char *)effect + rounded[which]);
}

static void follow(tf_effect *shown)
{
    shown->diverted0 = shown->value0 - shown->direct0;
    shown->diverted1 = shown->value1 - shown->direct1;
}

tf_effect tf_effect_in_cents(const tf_effect *total)
{
    tf_effect shown = *total;
    for (size_t k = 0; k < sizeof rounded / sizeof rounded[0]; k++)
        *money_at(&shown, k) = tf_to_cents(*money_at(&shown, k));
    follow(&shown);
    return shown;
}

tariff_status tf_impact_round(tf_arena *scratch, tf_impact_group *groups, size_t n,
                              const tf_effect *total, double unsolved)
{
    tf_effect all = *total;
    double   *amounts = TF_ARRAY(scratch, double, n + 1);
    TF_NEED(amounts);
    for (size_t i = 0; i < n; i++)
        groups[i].shown = groups[i].effect;
    for (size_t k = 0; k < sizeof rounded / sizeof rounded[0]; k++) {
        for (size_t i = 0; i < n; i++)
            amounts[i] = *money_at(&groups[i].shown, k);
        TF_TRY(tf_share_cents(scratch, amounts, n, *money_at(&all, k)));
        for (size_t i = 0; i < n; i++)
            *money_at(&groups[i].shown, k) = amounts[i];
    }
    for (size_t i = 0; i < n; i++) {
        follow(&groups[i].shown);
        amounts[i] = groups[i].unsolved;
    }
    TF_TRY(tf_share_cents(scratch, amounts, n, unsolved));
    for (size_t i = 0; i < n; i++)
        groups[i].unsolved = amounts[i];
    return TARIFF_OK;
}

/* What totals have of a flow. */
static double part_of(const tf_impact_flow *f, int which)
{
    switch (which) {
    case 0: return f->value * f->price * f->quantity;
    case 1: return f->t0 * f->value;
    case 2: return f->t1 * f->value * f->price * f->quantity;
    default: return f->value; /* the last: the others are made of it */
    }
}

tariff_status tf_impact_round_flows(tf_arena *scratch, tf_impact_flow *flows, size_t n,
                                    const tf_effect *total)
{
    const double    totals[] = { total->value1, total->revenue0, total->revenue1, total->value0 };
    double         *amounts = TF_ARRAY(scratch, double, n + 1);
    tf_impact_flow **added = TF_ARRAY(scratch, tf_impact_flow *, n + 1);
    size_t          count = 0;
    TF_NEED(amounts && added);
    for (int which = 0; which < 4; which++) {
        count = 0;
        for (size_t i = 0; i < n; i++) {
            tf_impact_flow *f = &flows[i];
            double *const   into[] = { &f->after, &f->revenue0, &f->revenue1, &f->value };
            double          part = part_of(f, which);
            if (tf_is_solved(f->how) && f->origin != f->importer) {
                amounts[count] = part;
                added[count++] = f;
            } else {
                *into[which] = tf_to_cents(part);
            }
        }
        TF_TRY(tf_share_cents(scratch, amounts, count, totals[which]));
        for (size_t i = 0; i < count; i++) {
            double *const into[] = { &added[i]->after, &added[i]->revenue0, &added[i]->revenue1,
                                     &added[i]->value };
            *into[which] = amounts[i];
        }
    }
    return TARIFF_OK;
}

/* Groups */

#define TRADE_COLUMNS                                                                           \
    "value_before,value_after,value_change,value_change_share,direct_before,direct_change,"     \
    "diverted_change,volume_index,producer_price,buyer_price,revenue_before,revenue_after,"     \
    "revenue_change,buyers_bear,exporters_bear"

static void trade_cells(tariff_table *table, const tf_impact_group *group)
{
    const tf_effect *e = &group->effect, *shown = &group->shown;
    money_cell(table, shown->value0);
    money_cell(table, shown->value1);
    money_cell(table, shown->value1 - shown->value0);
    number_cell(table, (e->value1 - e->value0) / e->value0);
    money_cell(table, shown->direct0);
    money_cell(table, shown->direct1 - shown->direct0);
    money_cell(table, shown->diverted1 - shown->diverted0);
    number_cell(table, e->volume1 / e->value0);
    number_cell(table, e->value1 / e->volume1);
    number_cell(table, e->paid1 / e->paid_at0);
    money_cell(table, shown->revenue0);
    money_cell(table, shown->revenue1);
    money_cell(table, shown->revenue1 - shown->revenue0);
    money_cell(table, shown->buyers);
    money_cell(table, shown->exporters);
}

static double change_of(const tf_impact_group *group)
{
    return fabs(group->effect.value1 - group->effect.value0);
}

static int by_change_down(const void *left, const void *right)
{
    const tf_impact_group *a = left, *b = right;
    if (change_of(a) != change_of(b))
        return change_of(a) > change_of(b) ? -1 : 1;
    if (a->hs != b->hs)
        return a->hs < b->hs ? -1 : 1;
    return a->country < b->country ? -1 : a->country > b->country;
}

static size_t keep(tf_impact_group *groups, size_t n, unsigned top)
{
    if (top == 0 || n == 0)
        return n;
    qsort(groups, n, sizeof *groups, by_change_down);
    return top < n ? top : n;
}

tariff_status tf_impact_products_table(tf_impact_group *groups, size_t n, const tf_book *book,
                                       unsigned top, const tf_heading *heading, tf_arena *arena,
                                       tariff_table **out)
{
    *out = tf_table_new(arena, "scenario,date,hs,description," TRADE_COLUMNS
                               ",consumer_surplus_change,producer_surplus_change,home_welfare,"
                               "unsolved_value");
    TF_NEED(*out);
    n = keep(groups, n, top);
    for (size_t i = 0; i < n; i++) {
        const tf_effect *e = &groups[i].shown;
        begin_row(*out, heading);
        product_cell(*out, groups[i].hs);
        tf_cell_text(*out, tf_book_description(book, groups[i].hs));
        trade_cells(*out, &groups[i]);
        money_cell(*out, e->consumer);
        money_cell(*out, e->producer);
        money_cell(*out, tf_effect_home(e));
        money_cell(*out, groups[i].unsolved);
    }
    return tf_table_end(*out);
}

static void name_cells(tariff_table *table, uint16_t country)
{
    country_cell(table, country);
    tf_cell_text(table, tariff_country_name((tariff_country){ country }));
}

tariff_status tf_impact_origins_table(tf_impact_group *groups, size_t n, bool smart, unsigned top,
                                      const tf_heading *heading, tf_arena *arena,
                                      tariff_table **out)
{
    *out = tf_table_new(arena, "scenario,date,origin,name," TRADE_COLUMNS
                               ",producer_surplus_change,trade_creation,trade_diversion,"
                               "unsolved_value");
    TF_NEED(*out);
    n = keep(groups, n, top);
    for (size_t i = 0; i < n; i++) {
        const tf_effect *e = &groups[i].shown;
        begin_row(*out, heading);
        name_cells(*out, groups[i].country);
        trade_cells(*out, &groups[i]);
        money_cell(*out, e->producer);
        money_cell(*out, smart ? e->creation : NAN);
        money_cell(*out, smart ? e->diversion + e->gained : NAN);
        money_cell(*out, groups[i].unsolved);
    }
    return tf_table_end(*out);
}

tariff_status tf_impact_importers_table(tf_impact_group *groups, size_t n, unsigned top,
                                        const tf_heading *heading, tf_arena *arena,
                                        tariff_table **out)
{
    *out = tf_table_new(arena, "scenario,date,importer,name," TRADE_COLUMNS
                               ",home_sales_before,home_sales_change,consumer_surplus_change,"
                               "home_producer_surplus_change,home_welfare,"
                               "exporters_surplus_change,national_welfare,unsolved_value");
    TF_NEED(*out);
    n = keep(groups, n, top);
    for (size_t i = 0; i < n; i++) {
        const tf_effect *e = &groups[i].shown;
        begin_row(*out, heading);
        name_cells(*out, groups[i].country);
        trade_cells(*out, &groups[i]);
        money_cell(*out, e->home0);
        money_cell(*out, e->home1 - e->home0);
        money_cell(*out, e->consumer);
        money_cell(*out, e->home_producer);
        money_cell(*out, tf_effect_home(e));
        money_cell(*out, groups[i].exports);
        money_cell(*out, tf_effect_home(e) + groups[i].exports);
        money_cell(*out, groups[i].unsolved);
    }
    return tf_table_end(*out);
}

tariff_status tf_impact_layers_table(const tf_layer_revenue *layers, size_t n,
                                     const tf_heading *heading, tf_arena *arena,
                                     tariff_table **out)
{
    *out = tf_table_new(arena, "scenario,date,layer,kind,authority,revenue_before,revenue_after,"
                               "revenue_change");
    TF_NEED(*out);
    for (size_t i = 0; i < n; i++) {
        const tf_layer *layer = layers[i].layer;
        begin_row(*out, heading);
        tf_cell_text(*out, layer->name);
        tf_cell_text(*out, layer->kind == TF_ORDINARY ? "ordinary" : "additional");
        tf_cell_text(*out, layer->authority);
        money_cell(*out, layers[i].before);
        money_cell(*out, layers[i].after);
        money_cell(*out, layers[i].after - layers[i].before);
    }
    return tf_table_end(*out);
}

/* Flows */

static double flow_change(const tf_impact_flow *f)
{
    return fabs(f->value * (f->price * f->quantity - 1));
}

static int by_flow_change(const void *left, const void *right)
{
    const tf_impact_flow *a = left, *b = right;
    if (flow_change(a) != flow_change(b))
        return flow_change(a) > flow_change(b) ? -1 : 1;
    if (a->hs != b->hs)
        return a->hs < b->hs ? -1 : 1;
    if (a->importer != b->importer)
        return a->importer < b->importer ? -1 : 1;
    return a->origin < b->origin ? -1 : a->origin > b->origin;
}

tariff_status tf_impact_flows_table(tf_impact_flow *flows, size_t n, unsigned top,
                                    const tf_heading *heading, tf_arena *arena,
                                    tariff_table **out)
{
    *out = tf_table_new(arena, "scenario,date,hs,importer,origin,rate_before,rate_after,"
                               "value_before,value_after,value_change,volume_index,"
                               "producer_price,buyer_price,revenue_before,revenue_after,status");
    TF_NEED(*out);
    if (top && n)
        qsort(flows, n, sizeof *flows, by_flow_change);
    for (size_t i = 0; i < n && (top == 0 || i < top); i++) {
        const tf_impact_flow *f = &flows[i];
        begin_row(*out, heading);
        product_cell(*out, f->hs);
        country_cell(*out, f->importer);
        country_cell(*out, f->origin);
        number_cell(*out, f->t0);
        number_cell(*out, f->t1);
        money_cell(*out, f->value);
        money_cell(*out, f->after);
        money_cell(*out, f->after - f->value);
        number_cell(*out, f->quantity);
        number_cell(*out, f->price);
        number_cell(*out, f->price * (1 + f->t1) / (1 + f->t0));
        money_cell(*out, f->revenue0);
        money_cell(*out, f->revenue1);
        tf_cell_text(*out, tf_solved_name(f->how));
    }
    return tf_table_end(*out);
}

tariff_status tf_impact_unsolved_table(const tf_unsolved *markets, size_t n,
                                       const tf_heading *heading, tf_arena *arena,
                                       tariff_table **out)
{
    *out = tf_table_new(arena, "scenario,date,hs,importer,value,status,reason");
    TF_NEED(*out);
    for (size_t i = 0; i < n; i++) {
        begin_row(*out, heading);
        product_cell(*out, markets[i].hs);
        country_cell(*out, markets[i].importer);
        money_cell(*out, markets[i].value);
        tf_cell_text(*out, tf_solved_name(markets[i].how));
        tf_cell_text(*out, tf_solved_reason(markets[i].how));
    }
    return tf_table_end(*out);
}

/* Draws */

tariff_status tf_impact_bands_table(const tf_impact_band *bands, size_t n,
                                    const tf_heading *heading, tf_arena *arena,
                                    tariff_table **out)
{
    *out = tf_table_new(arena, "scenario,date,scope,hs,origin,metric,point,mean,"
                               "standard_deviation,standard_error,p2_5,p5,p25,p50,p75,p95,p97_5");
    TF_NEED(*out);
    for (size_t i = 0; i < n; i++) {
        const tf_impact_band *b = &bands[i];
        begin_row(*out, heading);
        tf_cell_text(*out, b->scope);
        product_cell(*out, b->hs);
        if (b->country == TARIFF_COUNTRY_NONE)
            tf_cell_text(*out, "");
        else
            country_cell(*out, b->country);
        tf_cell_text(*out, b->metric);
        money_cell(*out, b->point);
        money_cell(*out, b->band.mean);
        money_cell(*out, b->band.deviation);
        money_cell(*out, b->band.error);
        for (int p = 0; p < TF_PERCENTILES; p++)
            money_cell(*out, b->band.at[p]);
    }
    return tf_table_end(*out);
}

tariff_status tf_impact_sensitivity_table(const tf_impact_sensitivity *rows, size_t n,
                                          const tf_heading *heading, tf_arena *arena,
                                          tariff_table **out)
{
    *out = tf_table_new(arena, "scenario,date,metric,parameter,first_order,total");
    TF_NEED(*out);
    for (size_t i = 0; i < n; i++) {
        begin_row(*out, heading);
        tf_cell_text(*out, rows[i].metric);
        tf_cell_text(*out, rows[i].parameter);
        number_cell(*out, rows[i].at.first);
        number_cell(*out, rows[i].at.total);
    }
    return tf_table_end(*out);
}
