/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The memory that an environment and those within it hold together, on all their threads, and the
 * most that they may.
 */
#ifndef TF_BASE_BUDGET_H
#define TF_BASE_BUDGET_H

#include <stdatomic.h>
#include <stddef.h>
#include <tariff/env.h>

enum { TF_READING_TEXT = 256 };

/** What they share. */
typedef struct tf_budget {
    tariff_allocator given; /**< Where it comes from. */
    atomic_size_t    limit; /**< In bytes; 0: none. */
    atomic_size_t    held, most;
    atomic_bool      refused; /**< Something was, for the limit. */
    atomic_int       noted;   /**< What was being read: 0 unknown, 1 being written, 2 known. */
    char             reading[TF_READING_TEXT];
} tf_budget;

/** One environment's share. */
typedef struct tf_account {
    tf_budget  *budget;
    atomic_bool refused; /**< Something was, here, and what was being read is not noted. */
} tf_account;

/** An allocator that counts; the account has to outlive all that comes from it. */
tariff_allocator tf_account_allocator(tf_account *account);

/** A file is done with: if something was refused meanwhile, it is the one that is named. */
void tf_account_note(tf_account *account, const char *path);

/** The file that is named was: the next refusal names another. */
void tf_budget_told(tf_budget *budget);

#endif
