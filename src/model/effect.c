/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/effect.h"

#include <stddef.h>

_Static_assert(sizeof(tf_effect) % sizeof(double) == 0, "a table of doubles and nothing else");

void tf_effect_add(tf_effect *e, const tf_flow_change *f)
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
    }
}

void tf_effect_merge(tf_effect *effect, const tf_effect *more)
{
    double       *to = (double *)effect;
    const double *from = (const double *)more;
    for (size_t i = 0; i < sizeof *effect / sizeof *to; i++)
        to[i] += from[i];
}
