/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A dataset from the caller's columns, pulled batch by batch, and what each row
 * bears, on its way.
 */
#ifndef TF_RUN_PULL_H
#define TF_RUN_PULL_H

#include "run/rows.h"

#include <tariff/source.h>

typedef struct tf_pull {
    const tariff_source *source;
    unsigned             threads; /**< 0: one per processor. */
    /* What follows is only needed where somebody takes burdens of rows. */
    const tariff_sink     *sink; /**< May be NULL. */
    const tariff_scenario *scenario;
    const tariff_law      *law;
    const tf_where        *where; /**< NULL: all flows. */
    tf_rows               *rows;  /**< With lines.csv; may be NULL. */
} tf_pull;

/** All rows at fault are reported, by their number, up to the limit. */
tariff_status tf_dataset_pull(tariff_env *env, const tf_pull *pull, tf_dataset **out);

#endif
