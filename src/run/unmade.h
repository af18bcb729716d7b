/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Reports that a scenario asks for and cannot have.
 */
#ifndef TF_RUN_UNMADE_H
#define TF_RUN_UNMADE_H

#include "scenario/scenario.h"

#include <tariff/run.h>

/** Warn of each report that the scenario names and a run of it does not make. */
void tf_tell_unmade(tariff_env *env, const tariff_scenario *scenario,
                    const tariff_run_options *options);

#endif
