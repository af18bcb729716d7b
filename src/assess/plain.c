/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/plain.h"

tariff_status tf_plain_burden(tf_plain *plain, tf_arena *arena, const tariff_law *law,
                              const tf_case *line, tf_bench *bench, const tf_burden **out,
                              bool *anew)
{
    const tf_burden *none = NULL;
    while (plain->burdens.n <= line->program->number)
        if (!TF_PUSH(arena, &plain->burdens, none))
            return TARIFF_E_NOMEM;
    const tf_burden **kept = &plain->burdens.at[line->program->number];
    *anew = !*kept;
    if (!*kept) {
        TF_TRY(tf_assess(law, line, 1, bench));
        *kept = tf_burden_keep(arena, &bench->burden);
        TF_NEED(*kept);
    }
    *out = *kept;
    return TARIFF_OK;
}
