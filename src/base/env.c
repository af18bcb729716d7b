/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/env.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 * 1024 * 1024 };

/* Arenas grow by chunks of this size and touch all of them: one fault each is cheaper than 512.
 * Only a wish: what it says of memory beside the block does no harm, and a kernel may refuse. */
static void wish_for_huge_pages(void *p, size_t size)
{
    uintptr_t first = (uintptr_t)p & ~(uintptr_t)(HUGE_PAGE - 1);
    (void)madvise((void *)first, (uintptr_t)p + size - first, MADV_HUGEPAGE);
}

static void *std_alloc(void *user, size_t size)
{
    (void)user;
    void *p = malloc(size);
    if (p && size >= HUGE_PAGE)
        wish_for_huge_pages(p, size);
    return p;
}

static void *std_realloc(void *user, void *p, size_t old_size, size_t new_size)
{
    (void)user;
    (void)old_size;
    return realloc(p, new_size);
}

static void std_free(void *user, void *p, size_t size)
{
    (void)user;
    (void)size;
    free(p);
}

tariff_status tariff_env_new(const tariff_allocator *allocator, tariff_env **out)
{
    static const tariff_allocator standard = { std_alloc, std_realloc, std_free, NULL };
    static const tariff_limits    limits = TARIFF_LIMITS_INIT;
    *out = NULL;
    if (!allocator)
        allocator = &standard;
    tariff_env *env = allocator->alloc(allocator->user, sizeof *env);
    if (!env)
        return TARIFF_E_NOMEM;
    memset(env, 0, sizeof *env);
    env->budget.given = *allocator;
    env->account.budget = &env->budget;
    env->allocator = tf_account_allocator(&env->account);
    env->limits = limits;
    *out = env;
    return TARIFF_OK;
}

tariff_status tf_env_within(tariff_env *outer, tariff_env **out)
{
    *out = NULL;
    tariff_env *env = tf_alloc(outer, sizeof *env);
    TF_NEED(env);
    memset(env, 0, sizeof *env);
    env->outer = outer;
    env->account.budget = outer->account.budget;
    env->allocator = tf_account_allocator(&env->account);
    env->limits = outer->limits;
    env->cancelled = outer->cancelled;
    env->cancelled_user = outer->cancelled_user;
    env->data = outer->data;
    env->data_count = outer->data_count;
    *out = env;
    return TARIFF_OK;
}

void tariff_env_free(tariff_env *env)
{
    if (!env)
        return;
    tf_free(env, env->data_memory, env->data_size);
    if (env->outer) {
        tf_free(env->outer, env, sizeof *env);
        return;
    }
    tariff_allocator given = env->budget.given;
    given.free(given.user, env, sizeof *env);
}

void tariff_env_on_diag(tariff_env *env, tariff_diag_fn fn, void *user)
{
    env->on_diag = fn;
    env->on_diag_user = user;
}

void tariff_env_on_cancel(tariff_env *env, bool (*cancelled)(void *user), void *user)
{
    env->cancelled = cancelled;
    env->cancelled_user = user;
}

bool tf_cancelled(const tariff_env *env)
{
    return env->cancelled && env->cancelled(env->cancelled_user);
}

void tariff_env_on_progress(tariff_env *env, tariff_progress_fn fn, void *user)
{
    env->on_progress = fn;
    env->on_progress_user = user;
}

void tf_progress(const tariff_env *env, const char *phase, uint64_t done, uint64_t total)
{
    const tariff_progress progress = { sizeof progress, phase, done, total };
    if (env->on_progress)
        env->on_progress(env->on_progress_user, &progress);
}

void tariff_env_set_limits(tariff_env *env, const tariff_limits *limits)
{
    /* A caller built against an older header knows fewer fields. */
    size_t known = limits->size < sizeof env->limits ? limits->size : sizeof env->limits;
    memcpy(&env->limits, limits, known);
    env->limits.size = sizeof env->limits;
    atomic_store(&env->account.budget->limit, env->limits.max_memory);
}

void tariff_env_memory(const tariff_env *env, tariff_memory *out)
{
    const tf_budget *budget = env->account.budget;
    bool             noted = atomic_load(&budget->noted) == 2;
    tariff_memory    memory = { .held = atomic_load(&budget->held),
                                .most = atomic_load(&budget->most),
                                .limit = atomic_load(&budget->limit),
                                .refused = atomic_load(&budget->refused),
                                .reading = noted ? budget->reading : NULL };
    memory.size = out->size < sizeof memory ? out->size : sizeof memory;
    memcpy(out, &memory, memory.size);
}

tariff_status tariff_env_set_data(tariff_env *env, const char *const *directories, size_t count)
{
    size_t size = count * sizeof *directories;
    for (size_t i = 0; i < count; i++)
        size += strlen(directories[i]) + 1;
    char *memory = tf_alloc(env, size + 1);
    if (!memory)
        return TARIFF_E_NOMEM;
    const char **list = (const char **)(void *)memory;
    char        *text = memory + count * sizeof *directories;
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(directories[i]) + 1;
        list[i] = memcpy(text, directories[i], n);
        text += n;
    }
    tf_free(env, env->data_memory, env->data_size);
    env->data = list;
    env->data_count = count;
    env->data_memory = memory;
    env->data_size = size + 1;
    return TARIFF_OK;
}

size_t tariff_env_errors(const tariff_env *env)
{
    return env->errors;
}

size_t tariff_env_warnings(const tariff_env *env)
{
    return env->warnings;
}

void *tf_alloc(tariff_env *env, size_t size)
{
    return env->allocator.alloc(env->allocator.user, size);
}

void *tf_realloc(tariff_env *env, void *p, size_t old_size, size_t new_size)
{
    return p ? env->allocator.realloc(env->allocator.user, p, old_size, new_size)
             : env->allocator.alloc(env->allocator.user, new_size);
}

void tf_free(tariff_env *env, void *p, size_t size)
{
    if (p)
        env->allocator.free(env->allocator.user, p, size);
}
