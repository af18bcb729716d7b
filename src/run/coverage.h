/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Days that a schedule hardly speaks of.
 */
#ifndef TF_RUN_COVERAGE_H
#define TF_RUN_COVERAGE_H

#include "run/evaluate.h"

/**
 * Warn if a day that is asked for lies more than a year before the first or
 * after the last date in the schedule: before, if nothing is in force.
 *
 * @param days  that are evaluated; of flows that are judged on their own days, no matter.
 * @return whether there was something to say.
 */
bool tf_coverage_tell(const tf_evaluation *e, const tariff_scenario *scenario,
                      const tf_days *days);

#endif
