/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * `sweep:` of a scenario: named dimensions, whose cross product is many
 * scenarios.
 */
#ifndef TF_SCENARIO_SWEEP_H
#define TF_SCENARIO_SWEEP_H

#include "law/rate.h"
#include "scenario/extend.h"

enum { TF_DIMENSIONS_MAX = 32 };

typedef enum tf_dimension_kind {
    TF_VARIES_RATE,   /**< {set: {...}, rate: VALUES}; shift and scale with `by`. */
    TF_VARIES_SWITCH, /**< {suspend: {...}, when: [no, yes]}; exempt and add likewise. */
    TF_VARIES_KEY     /**< {key: date, values: [...]}: any key of the scenario. */
} tf_dimension_kind;

typedef struct tf_dimension {
    const char       *name;
    tf_dimension_kind kind;
    tf_rate_change    how;     /**< Of TF_VARIES_RATE. */
    const tf_node    *change;  /**< The change without the value, or NULL. */
    const char       *key;     /**< Of TF_VARIES_KEY. */
    TF_VEC(const tf_node *) values;
} tf_dimension;

typedef struct tf_sweep {
    const tf_node *node; /**< NULL: no sweep. */
    TF_VEC(tf_dimension) dimensions;
    uint64_t points;
} tf_sweep;

tariff_status tf_sweep_read(tariff_env *env, tf_arena *arena, const tf_node *node, tf_sweep *out);

/** Which value of each dimension a point has; the last dimension varies fastest. */
void tf_sweep_point(const tf_sweep *sweep, uint64_t point, size_t *values);

/** Does a dimension vary flows or schedules? */
bool tf_varies_files(const tf_dimension *dimension);
bool tf_sweep_varies_files(const tf_sweep *sweep);

/** Put the value of one dimension into the tree of a scenario. */
tariff_status tf_sweep_apply(tariff_env *env, tf_arena *arena, const tf_dimension *dimension,
                             size_t value, tf_node *root);

#endif
