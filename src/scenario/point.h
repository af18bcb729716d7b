/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_SCENARIO_POINT_H
#define TF_SCENARIO_POINT_H

#include "scenario/scenario.h"

/** Does a dimension set, shift or scale a rate of value, and nothing else? */
bool tf_varies_rate_alone(const tf_dimension *dimension);

/**
 * The scenario with one value of each dimension in the place of its sweep.
 * Dimensions that vary rates alone are its last changes.  Not to outlive `scenario`.
 * @param name  NULL: the scenario's own.
 */
tariff_status tf_scenario_vary(tariff_env *env, const tariff_scenario *scenario,
                               const size_t *values, const char *name, tariff_scenario **out);

#endif
