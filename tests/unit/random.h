/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Numbers at random that come again: the seed is printed, and taken from
 * TARIFF_TEST_SEED if that is set.
 */
#ifndef TESTS_UNIT_RANDOM_H
#define TESTS_UNIT_RANDOM_H

#include "unit/check.h"

#include <stdlib.h>

typedef struct check_random {
    uint64_t             state;
    const unsigned char *bytes; /**< Of a fuzz target: decide first. */
    size_t               count;
} check_random;

static inline uint64_t check_seed(void)
{
    const char *text = getenv("TARIFF_TEST_SEED");
    uint64_t    seed = text && *text ? strtoull(text, NULL, 10) : 20250827;
    print_message("TARIFF_TEST_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

static inline check_random check_random_begin(uint64_t seed)
{
    return (check_random){ .state = seed };
}

/* SplitMix64: a counter, stirred. */
static inline uint64_t check_next(check_random *random)
{
    if (random->count > 0) {
        random->count--;
        return *random->bytes++;
    }
    uint64_t x = random->state += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/** A number from 0 to n - 1. */
static inline unsigned check_below(check_random *random, unsigned n)
{
    return (unsigned)(check_next(random) % n);
}

/** True once in n times. */
static inline _Bool check_one_in(check_random *random, unsigned n)
{
    return check_below(random, n) == 0;
}

#endif
