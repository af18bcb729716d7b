/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Amounts written eight digits at a time, on a machine that puts the first byte
 * lowest.  (They are read so by flows/plain_value.h.)
 */
#ifndef TF_VALUE_DIGITS_H
#define TF_VALUE_DIGITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** Bytes that an amount may take. */
enum { TF_DIGITS_WRITTEN = 32 };

#define TF_EIGHT_DIGITS UINT64_C(100000000)

/* Of a number below TF_EIGHT_DIGITS, without their '0', the first in the lowest byte: each half, each
 * pair, each digit. */
static inline uint64_t tf_split_digits(uint64_t n)
{
    uint64_t halves = n / 10000 | n % 10000 << 32;
    uint64_t hundreds = halves * 10486 >> 20 & UINT64_C(0x0000007f0000007f);
    uint64_t pairs = hundreds | (halves - hundreds * 100) << 16;
    uint64_t tens = pairs * 103 >> 10 & UINT64_C(0x000f000f000f000f);
    return tens | (pairs - tens * 10) << 8;
}

/* Without zeros in front. */
static inline size_t tf_put_few_digits(uint64_t n, char *to)
{
    uint64_t digits = tf_split_digits(n);
    unsigned zeros = (unsigned)__builtin_ctzll(digits | UINT64_C(1) << 56) / 8;
    digits = (digits | UINT64_C(0x3030303030303030)) >> 8 * zeros;
    memcpy(to, &digits, 8);
    return 8 - zeros;
}

static inline size_t tf_put_eight_digits(uint64_t n, char *to)
{
    uint64_t digits = tf_split_digits(n) | UINT64_C(0x3030303030303030);
    memcpy(to, &digits, 8);
    return 8;
}

/** "1234.50"; `to` holds TF_DIGITS_WRITTEN.  @return the length. */
static inline size_t tf_put_cents_of(uint64_t cents, char *to)
{
    uint64_t whole = cents / 100, rest = cents % 100;
    size_t   n;
    if (whole < TF_EIGHT_DIGITS) {
        n = tf_put_few_digits(whole, to);
    } else {
        uint64_t high = whole / TF_EIGHT_DIGITS;
        if (high >= TF_EIGHT_DIGITS) {
            n = tf_put_few_digits(high / TF_EIGHT_DIGITS, to);
            n += tf_put_eight_digits(high % TF_EIGHT_DIGITS, to + n);
        } else {
            n = tf_put_few_digits(high, to);
        }
        n += tf_put_eight_digits(whole % TF_EIGHT_DIGITS, to + n);
    }
    to[n] = '.';
    to[n + 1] = (char)('0' + rest / 10);
    to[n + 2] = (char)('0' + rest % 10);
    return n + 3;
}

#endif
