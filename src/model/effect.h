/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What responses add up to: the one table of results that all models fill.
 */
#ifndef TF_MODEL_EFFECT_H
#define TF_MODEL_EFFECT_H

#include <stdbool.h>

/** Sums over flows of imports; money.  Home sales only add to what is named so. */
typedef struct tf_effect {
    double value0, value1;     /**< At producers' prices, before and after. */
    double volume1;            /**< Quantity after, at the prices before. */
    double paid1, paid_at0;    /**< What buyers pay for it after, at the prices after and before. */
    double revenue0, revenue1; /**< Duty. */
    double revenue_static;     /**< Duty at the new rates if nothing responded. */
    double buyers, exporters;  /**< Who bears the change of duty on what is still traded. */
    double direct0, direct1;   /**< Value of the flows whose own duty changes. */
    double diverted0, diverted1; /**< Value of all others. */
    double direct_buyers, direct_exporters; /**< The same of flows whose own duty changes. */
    double home0, home1;       /**< Sales at home. */
    double producer;           /**< Change of surplus of producers abroad. */
    double home_producer;      /**< Of those who sell at home. */
    double consumer;           /**< Change of buyers' surplus. */
    double creation;            /**< SMART's part of the change. */
    double diversion;           /**< Of flows whose own duty changes. */
    double gained;              /**< Of all others: together they are zero. */
} tf_effect;

/** A flow: its value, rates, ln tau, and what a model says of it. */
typedef struct tf_flow_change {
    double value, t0, t1, ln_tau;
    double price, quantity, producer, creation, diversion;
    bool   home; /**< Sold where it was made. */
} tf_flow_change;

/**
 * Add one flow.  Buyers bear V q (c (1+t0) - (1+t0)), exporters V q (1 - p):
 * together (t1 p - t0) V q, the change of duty on what is still traded.
 */
static inline void tf_effect_add(tf_effect *e, const tf_flow_change *f)
{
    double volume = f->value * f->quantity, value = volume * f->price;
    double paid_at0 = volume * (1 + f->t0), paid = value * (1 + f->t1);
    if (f->home) {
        e->home0 += f->value;
        e->home1 += value;
        e->home_producer += f->producer;
        return;
    }
    e->value0 += f->value;
    e->value1 += value;
    e->volume1 += volume;
    e->paid1 += paid;
    e->paid_at0 += paid_at0;
    e->revenue0 += f->t0 * f->value;
    e->revenue1 += f->t1 * value;
    e->revenue_static += f->t1 * f->value;
    e->buyers += paid - paid_at0;
    e->exporters += volume * (1 - f->price);
    e->producer += f->producer;
    e->creation += f->creation;
    if (f->ln_tau != 0) {
        e->direct0 += f->value;
        e->direct1 += value;
        e->diversion += f->diversion;
        e->direct_buyers += paid - paid_at0;
        e->direct_exporters += volume * (1 - f->price);
    } else {
        e->diverted0 += f->value;
        e->diverted1 += value;
        e->gained += f->diversion;
    }
}

void tf_effect_merge(tf_effect *effect, const tf_effect *more);

/** Surpluses and revenue of the importers; with those of producers abroad, of the world. */
static inline double tf_effect_home(const tf_effect *e)
{
    return e->consumer + e->home_producer + (e->revenue1 - e->revenue0);
}

static inline double tf_effect_world(const tf_effect *e)
{
    return tf_effect_home(e) + e->producer;
}

#endif
