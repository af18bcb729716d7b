/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A hash over a few words, for tables in memory.  Checksums of files are xxhash's.
 */
#ifndef TF_BASE_MIX_H
#define TF_BASE_MIX_H

#include <stdint.h>

/** Fibonacci hashing, both halves of the product folded: low bits depend on all of the word. */
static inline uint64_t tf_mix(uint64_t hash, uint64_t word)
{
    __extension__ unsigned __int128 product =
        (unsigned __int128)(hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

#endif
