/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/budget.h"

#include <stdio.h>

static bool take(tf_account *account, size_t size)
{
    tf_budget *budget = account->budget;
    size_t     limit = atomic_load_explicit(&budget->limit, memory_order_relaxed);
    size_t     before = atomic_fetch_add_explicit(&budget->held, size, memory_order_relaxed);
    if (limit && (size > limit || before > limit - size)) {
        atomic_fetch_sub_explicit(&budget->held, size, memory_order_relaxed);
        atomic_store(&budget->refused, true);
        atomic_store(&account->refused, true);
        return false;
    }
    size_t most = atomic_load_explicit(&budget->most, memory_order_relaxed);
    while (before + size > most
           && !atomic_compare_exchange_weak_explicit(&budget->most, &most, before + size,
                                                     memory_order_relaxed, memory_order_relaxed))
        ;
    return true;
}

static void give_back(tf_account *account, size_t size)
{
    atomic_fetch_sub_explicit(&account->budget->held, size, memory_order_relaxed);
}

static void *counted_alloc(void *user, size_t size)
{
    tf_account             *account = user;
    const tariff_allocator *given = &account->budget->given;
    if (!take(account, size))
        return NULL;
    void *p = given->alloc(given->user, size);
    if (!p)
        give_back(account, size);
    return p;
}

/* Both are held while the one is copied into the other. */
static void *counted_realloc(void *user, void *old, size_t old_size, size_t new_size)
{
    tf_account             *account = user;
    const tariff_allocator *given = &account->budget->given;
    if (!take(account, new_size))
        return NULL;
    void *p = given->realloc(given->user, old, old_size, new_size);
    give_back(account, p ? old_size : new_size);
    return p;
}

static void counted_free(void *user, void *p, size_t size)
{
    tf_account             *account = user;
    const tariff_allocator *given = &account->budget->given;
    given->free(given->user, p, size);
    give_back(account, size);
}

tariff_allocator tf_account_allocator(tf_account *account)
{
    return (tariff_allocator){ counted_alloc, counted_realloc, counted_free, account };
}

void tf_account_note(tf_account *account, const char *path)
{
    tf_budget *budget = account->budget;
    int        unknown = 0;
    if (!atomic_exchange(&account->refused, false)
        || !atomic_compare_exchange_strong(&budget->noted, &unknown, 1))
        return;
    snprintf(budget->reading, sizeof budget->reading, "%s", path);
    atomic_store(&budget->noted, 2);
}

void tf_budget_told(tf_budget *budget)
{
    atomic_store(&budget->noted, 0);
}
