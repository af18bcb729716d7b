/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * How many bits a word has.
 */
#ifndef TF_BASE_BITS_H
#define TF_BASE_BITS_H

#include <stdint.h>

/** Without an instruction for it, which not every x86-64 has: there the builtin is a call. */
static inline unsigned tf_count_bits(uint64_t word)
{
    word -= word >> 1 & UINT64_C(0x5555555555555555);
    word = (word & UINT64_C(0x3333333333333333)) + (word >> 2 & UINT64_C(0x3333333333333333));
    word = (word + (word >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (unsigned)(word * UINT64_C(0x0101010101010101) >> 56);
}

#endif
