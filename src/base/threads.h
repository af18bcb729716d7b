/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_BASE_THREADS_H
#define TF_BASE_THREADS_H

/**
 * Call fn(user, 0) .. fn(user, count - 1), each on a thread of its own, the last
 * on the caller's; returns when all are done.  A thread that cannot be started
 * is made up for by the caller's.
 */
void tf_run_threads(unsigned count, void (*fn)(void *user, unsigned worker), void *user);

/** One thread per processor if `wanted` is 0; never more than `work` or 64. */
unsigned tf_count_threads(unsigned wanted, unsigned long long work);

#endif
