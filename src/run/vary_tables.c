/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * From what a scenario's strands charge to the tally that a run would have, and
 * to its tables.
 */
#include "run/vary.h"

#include "report/tables.h"

/* The tally that a run would have */

static tariff_status tally_first(tf_vary_sums *a)
{
    tf_vary_strands *t = &a->v->twists[TF_TWIST_FIRST];
    for (uint32_t i = 0; i < t->value.n; i++) {
        tf_batch batch = { .value = t->value.at[i], .lines = (uint64_t)t->lines.at[i] };
        if (batch.lines)
            TF_TRY(tf_tally_add_part(&a->tally, &batch, tf_vary_levy(t, i)->burden, TF_TALLY_REST));
    }
    return TARIFF_OK;
}

static void tally_apart(tf_vary_sums *a)
{
    tf_vary_strands *t = &a->v->twists[TF_TWIST_APART];
    for (uint32_t i = 0; i < t->value.n; i++) {
        const tf_levy *levy = tf_vary_levy(t, i);
        tf_levy_layers(levy, t->value.at[i], a->tally.layers);
        a->tally.total.ordinary += (tf_i128)t->value.at[i] * levy->ordinary;
    }
}

static void add_sums(tf_sums *to, const tf_sums *more)
{
    to->value += more->value;
    to->affected += more->affected;
    to->ordinary += more->ordinary;
    to->additional += more->additional;
}

static uint64_t cut_to(uint64_t key, unsigned digits)
{
    return tariff_hs_truncate((tariff_hs){ key }, digits).key;
}

static tariff_status tally_products(tf_vary_sums *a)
{
    static const tf_sums none;
    const tariff_base   *base = a->v->base;
    tf_sums_map         *map = &a->tally.products;
    unsigned             digits = a->v->scenario->reports.digits[TF_REPORT_PRODUCTS];
    for (size_t i = 0; i < base->products.n; i++) {
        uint64_t key = cut_to(base->products.at[i], digits);
        if (!base->has_product[i])
            continue;
        if ((!map->keys.n || map->keys.at[map->keys.n - 1] != key)
            && (!TF_PUSH(&a->tally.arena, &map->keys, key)
                || !TF_PUSH(&a->tally.arena, &map->sums, none)))
            return TARIFF_E_NOMEM;
        add_sums(&map->sums.at[map->sums.n - 1], &a->by[TF_BY_PRODUCT].sums[i]);
    }
    return TARIFF_OK;
}

static tariff_status tally_products_layers(tf_vary_sums *a)
{
    const tariff_base *base = a->v->base;
    tf_layer_sums_map *map = &a->tally.products_layers;
    size_t             layers = a->v->law.book.layers.n;
    unsigned           digits = a->v->scenario->reports.digits[TF_REPORT_PRODUCTS_LAYERS];
    for (size_t i = 0; i < base->products.n; i++) {
        uint64_t             key = cut_to(base->products.at[i], digits);
        const tf_layer_sums *from = a->layers + i * layers;
        if (!base->has_product[i])
            continue;
        if (!map->keys.n || map->keys.at[map->keys.n - 1] != key) {
            tf_layer_sums *fresh = TF_ARRAY(&a->tally.arena, tf_layer_sums, layers + 1);
            TF_NEED(fresh);
            if (!TF_PUSH(&a->tally.arena, &map->keys, key)
                || !TF_PUSH(&a->tally.arena, &map->sums, fresh))
                return TARIFF_E_NOMEM;
        }
        for (size_t k = 0; k < layers; k++) {
            map->sums.at[map->sums.n - 1][k].duty += from[k].duty;
            map->sums.at[map->sums.n - 1][k].covered += from[k].covered;
        }
    }
    return TARIFF_OK;
}

static tariff_status tally(tf_vary_sums *a)
{
    const tariff_base *base = a->v->base;
    tf_tally          *t = &a->tally;
    TF_TRY(tally_first(a));
    tally_apart(a);
    memcpy(t->has_importer, base->has_importer, sizeof t->has_importer);
    memset(t->importers, 0, sizeof t->importers);
    if (a->by[TF_BY_IMPORTER].wanted)
        memcpy(t->importers, a->by[TF_BY_IMPORTER].sums, sizeof t->importers);
    if (a->by[TF_BY_ORIGIN].wanted) {
        memcpy(t->has_origin, base->has_origin, sizeof t->has_origin);
        memcpy(t->origins, a->by[TF_BY_ORIGIN].sums, sizeof t->origins);
    }
    if (a->by[TF_BY_PRODUCT].wanted)
        TF_TRY(tally_products(a));
    return a->layers ? tally_products_layers(a) : TARIFF_OK;
}

/* Tables */

tariff_status tf_vary_tables(tf_vary_sums *a, tariff_result *result)
{
    const tariff_scenario *scenario = a->v->scenario;
    char                   date[16] = "period";
    TF_TRY(tally(a));
    if (scenario->date_kind == TF_ON_DAY)
        tariff_date_format(scenario->date, date);
    tf_heading heading = { scenario->name, date, scenario->account };
    for (int i = 0; i < TF_REPORTS; i++)
        if (tf_report_is_tallied(i) && scenario->reports.wanted[i] && i != TF_REPORT_TIMELINE)
            TF_TRY(tf_report_table(&a->tally, &heading, (tf_report)i, scenario->reports.top[i],
                                   &result->arena, &result->tables[i]));
    return tf_result_keep(result, &a->tally);
}
