/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Revenue by layer, before and after trade responds: each law is asked again
 * what its layers charge, on the flows of which the model has an answer, at the
 * values they have under it.
 */
#include "run/impact.h"

#include "report/cents.h"

/** By row of trade: how many times its value is there. */
typedef struct weights {
    double *before, *after;
} weights;

/* Sales at home bear no duty on imports, and what has no answer is in no sum. */
static tariff_status weigh(const tf_impact *impact, size_t trade_rows, tf_arena *scratch,
                           weights *out)
{
    const tf_markets *m = &impact->markets;
    out->before = TF_ARRAY(scratch, double, 2 * trade_rows + 1);
    TF_NEED(out->before && impact->flows);
    out->after = out->before + trade_rows;
    for (size_t i = 0; i < m->rows; i++) {
        const tf_impact_flow *f = &impact->flows[i];
        if (!tf_is_solved(f->how) || f->origin == f->importer)
            continue;
        out->before[m->trade_row[i]] = 1;
        out->after[m->trade_row[i]] = f->price * f->quantity;
    }
    return TARIFF_OK;
}

/* What the layers of a law charge on so many times the values. */
static tariff_status charge(const tf_evaluation *side, const tf_trade_rows *rows,
                            const double *times, double *duty)
{
    tf_report_choices none = { .bracket_step = 0 };
    tf_evaluation     e = *side;
    tf_tally          tally;
    e.reports = &none;
    e.quiet = true;
    e.require_detail = e.require_quantity = false;
    e.reach = NULL;
    e.trade = NULL;
    e.weighted = rows;
    e.weights = times;
    TF_TRY(tf_evaluate(&e, &tally));
    for (size_t i = 0; i < e.law->book.layers.n; i++)
        duty[i] = tf_to_double(tally.layers[i].duty) / 1e16;
    tf_tally_free(&tally);
    return TARIFF_OK;
}

static size_t layer_at(tf_layer_revenue *list, size_t *n, const tf_layer *layer)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(list[i].layer->name, layer->name) == 0)
            return i;
    list[*n] = (tf_layer_revenue){ .layer = layer };
    return (*n)++;
}

static tariff_status list_layers(const tf_impact *impact, const tf_trade_rows *rows,
                                 const tf_evaluation *before, const tf_evaluation *after,
                                 tf_arena *scratch, tf_layer_revenue *list, size_t *n)
{
    const tf_book *books[] = { &before->law->book, &after->law->book };
    double        *duty[] = { TF_ARRAY(scratch, double, TF_LAYERS_MAX),
                              TF_ARRAY(scratch, double, TF_LAYERS_MAX) };
    weights        w;
    TF_NEED(duty[0] && duty[1]);
    TF_TRY(weigh(impact, rows->rows, scratch, &w));
    TF_TRY(charge(before, rows, w.before, duty[0]));
    TF_TRY(charge(after, rows, w.after, duty[1]));
    /* Values are weighed to a hundredth of a cent: what that loses goes among the cents. */
    TF_TRY(tf_share_cents(scratch, duty[0], books[0]->layers.n, impact->total.revenue0));
    TF_TRY(tf_share_cents(scratch, duty[1], books[1]->layers.n, impact->total.revenue1));
    for (int side = 1; side >= 0; side--)
        for (size_t i = 0; i < books[side]->layers.n; i++) {
            if (duty[side][i] == 0)
                continue;
            tf_layer_revenue *one = &list[layer_at(list, n, &books[side]->layers.at[i])];
            *(side ? &one->after : &one->before) = duty[side][i];
        }
    return TARIFF_OK;
}

tariff_status tf_impact_layers(const tf_impact *impact, const tf_trade_rows *rows,
                               const tf_evaluation *before, const tf_evaluation *after,
                               tf_arena *arena, tf_layer_revenue **out, size_t *n)
{
    tf_arena scratch;
    *n = 0;
    *out = TF_ARRAY(arena, tf_layer_revenue, 2 * TF_LAYERS_MAX);
    TF_NEED(*out);
    tf_arena_init(&scratch, &before->env->allocator);
    tariff_status status = list_layers(impact, rows, before, after, &scratch, *out, n);
    tf_arena_free(&scratch);
    return status;
}
