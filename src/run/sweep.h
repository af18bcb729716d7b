/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_RUN_SWEEP_H
#define TF_RUN_SWEEP_H

#include "run/run.h"

/** Evaluate all points of a scenario's sweep, in parallel, into the table `sweep`. */
tariff_status tf_run_sweep(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                           const tariff_run_options *options, tariff_result *result);

#endif
