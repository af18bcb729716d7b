/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What one layer does in one branch of an explanation.
 */
#ifndef TF_RUN_STEPS_H
#define TF_RUN_STEPS_H

#include "assess/burden.h"
#include "run/overrides.h"

#include <tariff/explain.h>

/** An entry assessed under a law. */
typedef struct tf_assessed {
    const tariff_law *law;
    tf_programs      *programs;
    const tf_program *program;
    tf_line           line;
    tf_bench          bench;
} tf_assessed;

typedef struct tf_explanation {
    tariff_env             *env;
    const tariff_entry     *entry;
    const tariff_explainer *to;
    tf_cell                 cell;
    tf_overrides            known;
    tf_assessed             now;
    tariff_law  unchanged; /**< The law without what the scenario does to measures; a view. */
    tf_assessed before;    /**< Under it; without a program until it is needed. */
} tf_explanation;

void          tf_assessed_init(tf_assessed *a, tariff_env *env, const tariff_law *law);
void          tf_assessed_free(tf_assessed *a);
tariff_status tf_assessed_fill(const tf_explanation *e, tf_assessed *a);

tariff_status tf_tell_step(tf_explanation *e, const tf_outcome *outcome, unsigned layer);

#endif
