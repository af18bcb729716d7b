/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What programs charge on plain lines: those of which neither a table nor the
 * line itself says anything.  It depends on no line, and is assessed once.
 */
#ifndef TF_ASSESS_PLAIN_H
#define TF_ASSESS_PLAIN_H

#include "assess/burden.h"

typedef struct tf_plain {
    TF_VEC(const tf_burden *) burdens; /**< By number of program; NULL: not assessed yet. */
} tf_plain;

/**
 * The burden of a plain line, which lives as long as the arena.
 * @param[out] anew  whether it was assessed now, and bench->burden has its verdicts.
 * @return as of tf_assess(); nothing is reported.
 */
tariff_status tf_plain_burden(tf_plain *plain, tf_arena *arena, const tariff_law *law,
                              const tf_case *line, tf_bench *bench, const tf_burden **out,
                              bool *anew);

#endif
