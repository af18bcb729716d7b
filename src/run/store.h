/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What scenarios share: schedules and flows, each read once, and checksums.
 * May be used by several threads; what it hands out is immutable and lives as
 * long as the store.
 */
#ifndef TF_RUN_STORE_H
#define TF_RUN_STORE_H

#include "io/digest.h"
#include "run/dataset.h"
#include "scenario/scenario.h"

typedef struct tf_store tf_store;

/**
 * @param threads  for reading: 0: one per processor.
 * @param shared   by scenarios of different laws.
 */
tariff_status tf_store_new(tariff_env *env, unsigned threads, bool shared, tf_store **out);
void          tf_store_free(tf_store *store);

/** The overlaid schedules of a scenario.  Messages go to `env`. */
tariff_status tf_store_schedule(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                                const tariff_schedule **out);
bool tf_store_is_shared(const tf_store *store);
/** Are periods of flows told apart only where the scenario's law does?  A law's own flows are. */
bool tf_store_asks_law(const tf_store *store, const tariff_scenario *scenario);
/** The flows of a scenario.  @param law  may be NULL: then all periods are told apart. */
tariff_status tf_store_dataset(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                               const tariff_law *law, const tf_dataset **out);
/** The same, for one evaluation: rows are folded where they can be, and written if `lines` is not
 * NULL (see tf_reading); the rest is the caller's dataset. */
tariff_status tf_store_fold(tf_store *store, const tariff_scenario *scenario,
                            const struct tf_evaluation *evaluation, struct tf_folded *folded,
                            struct tf_line_blocks *lines, tf_dataset **out);
/** The dataset of all scenarios from now on, whatever their files; it is the store's. */
void tf_store_hold(tf_store *store, tf_dataset *dataset);
bool tf_store_holds(const tf_store *store);
/** SHA-256 of a file, as it was when it was first asked for. */
tariff_status tf_store_sha256(tf_store *store, tariff_env *env, const char *path,
                              char out[TF_SHA256_TEXT]);

#endif
