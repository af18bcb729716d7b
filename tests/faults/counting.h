/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * An allocator that counts, and refuses one request or all from one on.  It may
 * be used by several threads; which of them is refused is then chance.
 */
#ifndef TESTS_FAULTS_COUNTING_H
#define TESTS_FAULTS_COUNTING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <tariff/env.h>

typedef struct counting {
    size_t        fail_at;   /**< The number of the request that is refused, from 1; 0: none. */
    bool          fail_rest; /**< Those after it, too. */
    atomic_size_t requests;
    atomic_size_t blocks, bytes; /**< Held now. */
} counting;

static inline bool counting_refuses(counting *c)
{
    size_t number = atomic_fetch_add(&c->requests, 1) + 1;
    return c->fail_at && (number == c->fail_at || (c->fail_rest && number > c->fail_at));
}

static inline void *counting_alloc(void *user, size_t size)
{
    counting *c = user;
    void     *p = counting_refuses(c) ? NULL : malloc(size);
    if (p) {
        memset(p, 0xa5, size); /* no one may rely on zeros */
        atomic_fetch_add(&c->blocks, 1);
        atomic_fetch_add(&c->bytes, size);
    }
    return p;
}

static inline void *counting_realloc(void *user, void *old, size_t old_size, size_t new_size)
{
    counting *c = user;
    void     *p = counting_refuses(c) ? NULL : realloc(old, new_size);
    if (p) {
        atomic_fetch_add(&c->bytes, new_size);
        atomic_fetch_sub(&c->bytes, old_size);
    }
    return p;
}

static inline void counting_free(void *user, void *p, size_t size)
{
    counting *c = user;
    atomic_fetch_sub(&c->blocks, 1);
    atomic_fetch_sub(&c->bytes, size);
    free(p);
}

/** True if a request was refused. */
static inline bool counting_refused(const counting *c)
{
    return c->fail_at && atomic_load(&c->requests) >= c->fail_at;
}

static inline tariff_allocator counting_allocator(counting *c)
{
    return (tariff_allocator){ counting_alloc, counting_realloc, counting_free, c };
}

#endif
