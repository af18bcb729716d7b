/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_BASE_ENV_H
#define TF_BASE_ENV_H

#include "base/arena.h"
#include "base/budget.h"

#include <tariff/env.h>

struct tariff_env {
    tariff_allocator allocator; /**< Counts what is asked of it, in `account`. */
    tf_account       account;
    tf_budget        budget; /**< Unless it is within another, whose budget it shares. */
    tariff_env      *outer;  /**< That other, or NULL. */
    tariff_limits    limits;
    tariff_diag_fn   on_diag;
    void            *on_diag_user;
    bool (*cancelled)(void *user);
    void            *cancelled_user;
    tariff_progress_fn on_progress;
    void            *on_progress_user;
    size_t           errors, warnings;
    tariff_status    first_error; /**< Since the last tf_begin(). */
    size_t           errors_at_begin;
    const char *const *data; /**< Directories to look in for what is not where it is named. */
    size_t           data_count;
    void            *data_memory; /**< Theirs; NULL in an environment that borrows them. */
    size_t           data_size;
};

/**
 * An environment for another thread, or other words, within `outer`, which has to outlive it: with
 * its memory, limits, data directories and wish to stop as they are now, without its diagnostics.
 */
tariff_status tf_env_within(tariff_env *outer, tariff_env **out);

/** Was the operation cancelled? */
bool tf_cancelled(const tariff_env *env);

/** Tell how far an operation is; a total of 0 is not known. */
void tf_progress(const tariff_env *env, const char *phase, uint64_t done, uint64_t total);

/** Memory that does not belong to an arena: large tables that are reallocated. */
void *tf_alloc(tariff_env *env, size_t size);
void *tf_realloc(tariff_env *env, void *p, size_t old_size, size_t new_size);
void  tf_free(tariff_env *env, void *p, size_t size);

#endif
