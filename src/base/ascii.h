/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Letters and digits of ASCII, whatever the host's locale says: <ctype.h> would
 * read one file in two ways on two machines.
 */
#ifndef TF_BASE_ASCII_H
#define TF_BASE_ASCII_H

#include <stdbool.h>
#include <stddef.h>

static inline bool tf_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool tf_is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool tf_is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool tf_is_alpha(char c)
{
    return tf_is_lower(c) || tf_is_upper(c);
}

static inline bool tf_is_alnum(char c)
{
    return tf_is_alpha(c) || tf_is_digit(c);
}

static inline bool tf_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char tf_to_lower(char c)
{
    return tf_is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

static inline char tf_to_upper(char c)
{
    return tf_is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

/** Are the first `n` bytes of both equal but for case? */
static inline bool tf_same_letters(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (tf_to_lower(a[i]) != tf_to_lower(b[i]))
            return false;
    return true;
}

#endif
