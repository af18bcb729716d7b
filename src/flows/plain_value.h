/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Values as most files have them: a few digits, perhaps with a point.  Eight
 * bytes are read at once, on a machine that puts the first byte lowest.
 */
#ifndef TF_FLOWS_PLAIN_VALUE_H
#define TF_FLOWS_PLAIN_VALUE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <tariff/export.h>

enum {
    TF_PLAIN_BYTES = 14, /**< Then nothing overflows. */
    TF_PLAIN_READ = 16   /**< Bytes that are read, whatever the length. */
};

/* Eight digits, the first in the lowest byte: pairs, pairs of pairs, and those (D. Lemire, "Quickly
 * parsing eight digits", 2018). */
static inline uint64_t tf_eight_digits(uint64_t digits)
{
    digits = digits * 10 + (digits >> 8);
    digits = (digits & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064)
             + (digits >> 16 & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001);
    return digits >> 32;
}

static inline bool tf_are_digits(uint64_t high, uint64_t low)
{
    const uint64_t past_nine = UINT64_C(0x7676767676767676), tops = UINT64_C(0x8080808080808080);
    return ((high | (high + past_nine) | low | (low + past_nine)) & tops) == 0;
}

/**
 * The value that ends at `end`, with so many decimal places.
 * @param end  after it; TF_PLAIN_READ bytes before are readable.
 * @return false if it is written otherwise: longer, with a sign, with more places.
 */
static TARIFF_ALWAYS_INLINE bool tf_plain_value(const char *end, size_t length, unsigned places,
                                                int64_t *out)
{
    static const uint64_t kept[TF_PLAIN_BYTES + 1][2] = { /* high, low: the last bytes */
        { 0, 0 },
        { UINT64_C(0xff) << 56, 0 },
        { UINT64_C(0xffff) << 48, 0 },
        { UINT64_C(0xffffff) << 40, 0 },
        { UINT64_C(0xffffffff) << 32, 0 },
        { UINT64_C(0xffffffffff) << 24, 0 },
        { UINT64_C(0xffffffffffff) << 16, 0 },
        { UINT64_C(0xffffffffffffff) << 8, 0 },
        { UINT64_MAX, 0 },
        { UINT64_MAX, UINT64_C(0xff) << 56 },
        { UINT64_MAX, UINT64_C(0xffff) << 48 },
        { UINT64_MAX, UINT64_C(0xffffff) << 40 },
        { UINT64_MAX, UINT64_C(0xffffffff) << 32 },
        { UINT64_MAX, UINT64_C(0xffffffffff) << 24 },
        { UINT64_MAX, UINT64_C(0xffffffffffff) << 16 },
    };
    static const int64_t powers[] = { 1, 10, 100, 1000, 10000 };
    const uint64_t       ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    uint64_t             high, low;
    unsigned             decimals = 0;
    if (length - 1 >= TF_PLAIN_BYTES)
        return false;
    memcpy(&high, end - 8, 8); /* the last digit is its highest byte */
    memcpy(&low, end - 16, 8);
    high = (high ^ ones * '0') & kept[length][0];
    low = (low ^ ones * '0') & kept[length][1];
    uint64_t points = high ^ ones * ('.' ^ '0');
    points = (points - ones) & ~points & tops;
    if (points) {
        unsigned bits = (unsigned)__builtin_ctzll(points) & 56u;
        uint64_t before = (UINT64_C(0x80) << bits << 1) - 1;
        decimals = 7 - bits / 8;
        if (decimals == 0 || length == decimals + 1) /* nothing after it, or before */
            return false;
        high = (high & ~before) | ((high << 8 | low >> 56) & before);
        low <<= 8;
    }
    if (!tf_are_digits(high, low) || decimals > places || places - decimals > 4)
        return false;
    *out = (int64_t)(tf_eight_digits(low) * 100000000 + tf_eight_digits(high))
           * powers[places - decimals];
    return true;
}

#endif
