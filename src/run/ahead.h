/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_RUN_AHEAD_H
#define TF_RUN_AHEAD_H

#include "run/store.h"

/**
 * Read a scenario's flows into the store on another thread while `work` is
 * done.  What is wrong with the flows is told after what is with the work.
 */
tariff_status tf_read_ahead(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                            tariff_status (*work)(void *user), void *user);

#endif
