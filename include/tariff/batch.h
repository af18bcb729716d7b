/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Many scenarios at once.
 */
#ifndef TARIFF_BATCH_H
#define TARIFF_BATCH_H

#include <tariff/run.h>

TARIFF_BEGIN_DECLS

typedef enum tariff_job_state {
    TARIFF_JOB_DONE,
    TARIFF_JOB_SKIPPED, /**< Its reports are there, whole, from the same inputs. */
    TARIFF_JOB_FAILED,
    TARIFF_JOB_NOT_RUN  /**< After a failure with `fail_fast`, or cancelled. */
} tariff_job_state;

/** How a scenario of a batch ended.  Pointers are valid during the callback only. */
typedef struct tariff_job {
    size_t                 size;
    size_t                 number, count; /**< From 0; of how many. */
    const char            *path;
    const tariff_scenario *scenario; /**< NULL if it could not be loaded. */
    const tariff_result   *result;   /**< NULL unless done. */
    tariff_job_state       state;
    tariff_status          status;
    const char            *reason;   /**< Of a failure, the first error; else "". */
    size_t                 warnings; /**< Of a skipped one: those of the run that made its reports. */
} tariff_job;

typedef struct tariff_batch_options {
    size_t                    size; /**< Set by TARIFF_BATCH_OPTIONS_INIT. */
    const tariff_run_options *run;  /**< For all; its threads are those of the whole batch. */
    const char *const        *overrides; /**< "key=value", for all scenarios. */
    size_t                    override_count;
    bool                      fail_fast; /**< Start nothing more after a failure. */
    bool                      fresh;     /**< Skip nothing. */
    /** Called for each scenario in the order given, one at a time, on any thread; may be NULL. */
    void (*on_job)(void *user, const tariff_job *job);
    void *user;
} tariff_batch_options;
#define TARIFF_BATCH_OPTIONS_INIT \
    { sizeof(tariff_batch_options), NULL, NULL, 0, false, false, NULL, NULL }

/**
 * Run scenarios on all cores.  Schedules and flows that they share are read
 * once.  One that fails does not stop the others.  With a directory and more
 * than one scenario, an index.csv is written; what was not run stays `ok` in it
 * if its reports are there and up to date, and else is `not run`.
 *
 * @return the status of the first that failed, in the order given.
 * Ownership: everything stays the caller's; threads: uses `threads` of its own;
 * one call at a time in an environment; failure: a status; every scenario's
 * words, in their order.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_batch(tariff_env *env, const char *const *paths,
                                                        size_t count,
                                                        const tariff_batch_options *options);

TARIFF_END_DECLS

#endif
