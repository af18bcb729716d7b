/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * 128-bit integers for products and sums.  The scales in use:
 *
 *     1e-4   money, quantities          1e-16  duty of a line: rate of value x money
 *     1e-9   rates, shares              1e-18  probabilities, contributions in a branch
 *     1e-12  rates of a line, money     1e-22  contribution x money; specific duties before
 *            of specific duties                rounding; values weighted by a probability
 */
#ifndef TF_VALUE_WIDE_H
#define TF_VALUE_WIDE_H

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128          tf_i128;
__extension__ typedef unsigned __int128 tf_u128;

#define TF_E3 INT64_C(1000)
#define TF_E4 INT64_C(10000)
#define TF_E6 INT64_C(1000000)
#define TF_E8 INT64_C(100000000)
#define TF_E9 INT64_C(1000000000)
#define TF_E10 INT64_C(10000000000)
#define TF_E12 INT64_C(1000000000000)
#define TF_E14 INT64_C(100000000000000)
#define TF_E18 INT64_C(1000000000000000000)

/** False, with *out untouched in meaning, if the result does not fit. */
static inline bool tf_mul(tf_i128 a, tf_i128 b, tf_i128 *out)
{
    if (a == (int64_t)a && b == (int64_t)b) { /* nearly always: one instruction */
        *out = (tf_i128)(int64_t)a * (int64_t)b;
        return true;
    }
    return !__builtin_mul_overflow(a, b, out);
}

static inline bool tf_add(tf_i128 a, tf_i128 b, tf_i128 *out)
{
    return !__builtin_add_overflow(a, b, out);
}

/** The nearest double, without a call for what is small enough for one rounding: below 2^85. */
static inline double tf_to_double(tf_i128 a)
{
    const tf_i128 most = (tf_i128)1 << 85;
    if (a > -most && a < most)
        return (double)(int64_t)(a >> 32) * 0x1p32 + (double)(uint32_t)a;
    return (double)a;
}

/** a / b rounded half to even; b > 0. */
tf_i128 tf_div_half_even(tf_i128 a, tf_i128 b);

/** a / b rounded half away from zero; b > 0. */
tf_i128 tf_div_half_away(tf_i128 a, tf_i128 b);

/** num / den as a number of `scale`-ths, half to even; false on overflow.  den > 0. */
bool tf_ratio(tf_i128 num, tf_i128 den, int64_t scale, int64_t *out);

#endif
