/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Changes of a scenario that changed nothing: mostly a code, a country or a
 * day that was not meant.  What one law, dataset and day does not meet, the
 * next may: they are looked at one after the other, and told at the end.
 */
#ifndef TF_RUN_IDLE_H
#define TF_RUN_IDLE_H

#include "run/evaluate.h"

typedef struct tf_idle_change {
    const char *file; /**< Where it is written; of an option, line is 0, */
    uint32_t    line, column;
    uint32_t    number; /**< and the number tells. */
    bool        acted;  /**< Somewhere. */
    tf_place    place;  /**< Why not, as it was first found. */
    const char *message, *hint;
} tf_idle_change;

typedef struct tf_idle {
    tariff_env *env;
    tf_arena    arena;
    TF_VEC(tf_idle_change) changes;
    /** Reads the flows once more, where rows were not kept and a change has not acted; NULL: they
     * were kept. */
    tariff_status (*read_again)(void *user, const tf_dataset **out);
    void *user;
} tf_idle;

void tf_idle_init(tf_idle *idle, tariff_env *env);
void tf_idle_free(tf_idle *idle);

/** Make room for what evaluations of this scenario find. */
tariff_status tf_reach_make(tf_arena *arena, const tariff_scenario *scenario, tf_reach *out);

/**
 * Look at the changes of a scenario after its evaluation.
 * @param law   that `e` was made under; gets the expressions of the changes.
 * @param days  all that were evaluated; its reach is in e->reach.
 */
tariff_status tf_idle_look(tf_idle *idle, const tariff_scenario *scenario, tariff_law *law,
                           const tf_evaluation *e, const tf_days *days);

/** Warn of each change that acted nowhere. */
void tf_idle_tell(const tf_idle *idle);

#endif
