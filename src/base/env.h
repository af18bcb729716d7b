/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_BASE_ENV_H
#define TF_BASE_ENV_H

#include "base/arena.h"

#include <tariff/env.h>

struct tariff_env {
    tariff_allocator allocator;
    tariff_limits    limits;
    tariff_diag_fn   on_diag;
    void            *on_diag_user;
    bool (*cancelled)(void *user);
    void            *cancelled_user;
    size_t           errors, warnings;
    tariff_status    first_error; /**< Since the last tf_begin(). */
    size_t           errors_at_begin;
    const char *const *data; /**< Directories to look in for what is not where it is named. */
    size_t           data_count;
    void            *data_memory; /**< Theirs; NULL in an environment that borrows them. */
    size_t           data_size;
};

/** Look in the directories of `from`, which has to outlive `env`. */
void tf_env_borrow_data(tariff_env *env, const tariff_env *from);

/** Was the operation cancelled? */
bool tf_cancelled(const tariff_env *env);

/** Memory that does not belong to an arena: large tables that are reallocated. */
void *tf_alloc(tariff_env *env, size_t size);
void *tf_realloc(tariff_env *env, void *p, size_t old_size, size_t new_size);
void  tf_free(tariff_env *env, void *p, size_t size);

#endif
