/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/effect.h"

#include <stddef.h>

_Static_assert(sizeof(tf_effect) % sizeof(double) == 0, "a table of doubles and nothing else");

void tf_effect_merge(tf_effect *effect, const tf_effect *more)
{
    double       *to = (double *)effect;
    const double *from = (const double *)more;
    for (size_t i = 0; i < sizeof *effect / sizeof *to; i++)
        to[i] += from[i];
}
