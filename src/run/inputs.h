/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_RUN_INPUTS_H
#define TF_RUN_INPUTS_H

#include "run/run.h"

#include <jansson.h>

/**
 * Put into `root` all that decides what the reports say: the scenario after
 * overlay, and each file that it, its baseline or a point of its sweep reads.
 * @param dataset  the scenario's flows; NULL: as the store has them.
 */
tariff_status tf_inputs_put(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                            const tf_dataset *dataset, const tariff_run_options *options,
                            json_t *root);

#endif
