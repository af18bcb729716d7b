/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_RUN_SOLVE_H
#define TF_RUN_SOLVE_H

#include "run/run.h"

/** Search for the rate at which a metric reaches a target, into the table `solve`. */
tariff_status tf_run_solve(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                           const tariff_run_options *options, tariff_result *result);

#endif
