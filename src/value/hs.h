/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Harmonized System codes.
 *
 * A digit d is stored as the nibble d + 1, left-justified in 48 bits, so that
 * 0 marks "no more digits" and a heading sorts before its subheadings.
 */
#ifndef TF_VALUE_HS_H
#define TF_VALUE_HS_H

#include "base/diag.h"

#include <tariff/value.h>

enum { TF_HS_DIGITS = 12 };

tariff_status tf_hs_parse(const char *text, size_t length, tariff_hs *out, tf_why *why);

/** Number of digits of a key. */
static inline unsigned tf_hs_length(uint64_t key)
{
    return key ? TF_HS_DIGITS - (unsigned)__builtin_ctzll(key) / 4 : 0;
}

/** Is this a key at all?  Keys from outside may be any number. */
static inline bool tf_hs_is_key(uint64_t key)
{
    unsigned digits = tf_hs_length(key);
    bool     good = key >> 48 == 0 && digits > 0 && digits <= TF_HS_DIGITS && digits % 2 == 0;
    for (unsigned i = 1; good && i <= digits; i++) {
        unsigned nibble = key >> (4 * (TF_HS_DIGITS - i)) & 15;
        good = nibble >= 1 && nibble <= 10;
    }
    return good;
}

/** The first key after all codes below `key`: [key, end) is the range of a prefix. */
static inline uint64_t tf_hs_end(uint64_t key)
{
    return key + (UINT64_C(1) << (4 * (TF_HS_DIGITS - tf_hs_length(key))));
}

/** The key cut to `digits` digits. */
static inline uint64_t tf_hs_cut(uint64_t key, unsigned digits)
{
    return key & ~((UINT64_C(1) << (4 * (TF_HS_DIGITS - digits))) - 1);
}

#endif
