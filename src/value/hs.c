/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/hs.h"

#include <stdio.h>

static uint64_t big_endian(const char *text)
{
    const unsigned char *b = (const unsigned char *)text;
    return (uint64_t)b[0] << 56 | (uint64_t)b[1] << 48 | (uint64_t)b[2] << 40
           | (uint64_t)b[3] << 32 | (uint64_t)b[4] << 24 | (uint64_t)b[5] << 16
           | (uint64_t)b[6] << 8 | b[7];
}

/* Tariff lines and statistical codes begin with eight digits: all at once, a nibble each. */
static bool eight_digits(const char *text, uint64_t *key)
{
    const uint64_t high = UINT64_C(0xf0f0f0f0f0f0f0f0), zeros = UINT64_C(0x3030303030303030);
    uint64_t       x = big_endian(text);
    if ((x & high) != zeros || ((x + UINT64_C(0x0606060606060606)) & high) != zeros)
        return false;
    x = x - zeros + UINT64_C(0x0101010101010101);
    x = (x | x >> 4) & UINT64_C(0x00ff00ff00ff00ff);
    x = (x | x >> 8) & UINT64_C(0x0000ffff0000ffff);
    *key = (x | x >> 16) & UINT64_C(0xffffffff);
    return true;
}

static tariff_status odd_digits(const char *text, size_t length, tf_why *why)
{
    char hint[128];
    snprintf(hint, sizeof hint, "was a leading zero lost (0%.*s)? keep codes as text",
             (int)(length > 40 ? 40 : length), text);
    return tf_because(why, TARIFF_E_VALUE, 0, hint,
                      "the HS code '%.*s' has an odd number of digits", (int)length, text);
}

tariff_status tf_hs_parse(const char *text, size_t length, tariff_hs *out, tf_why *why)
{
    uint64_t key = 0;
    unsigned digits = length >= 8 && eight_digits(text, &key) ? 8 : 0;
    for (size_t i = digits; i < length; i++) {
        unsigned digit = (unsigned char)text[i] - (unsigned)'0';
        if (digit <= 9 && digits < TF_HS_DIGITS) {
            key = key << 4 | (digit + 1);
            digits++;
            continue;
        }
        if (text[i] == '.' || text[i] == ' ')
            continue;
        if (digit > 9)
            return tf_because(why, TARIFF_E_VALUE, i,
                              "an HS code is 2 to 12 digits, such as 6109.10.00",
                              "the HS code '%.*s' has a character that is not a digit",
                              (int)length, text);
        return tf_because(why, TARIFF_E_VALUE, i, NULL,
                          "the HS code '%.*s' has more than 12 digits", (int)length, text);
    }
    if (digits == 0)
        return tf_because(why, TARIFF_E_VALUE, 0, NULL, "the HS code is empty");
    if (digits % 2)
        return odd_digits(text, length, why);
    out->key = key << 4 * (TF_HS_DIGITS - digits);
    return TARIFF_OK;
}

tariff_status tariff_hs_parse(const char *text, size_t length, tariff_hs *out)
{
    return tf_hs_parse(text, length, out, NULL);
}

unsigned tariff_hs_digits(tariff_hs code)
{
    return tf_hs_length(code.key);
}

bool tariff_hs_covers(tariff_hs heading, tariff_hs code)
{
    return code.key >= heading.key && code.key < tf_hs_end(heading.key);
}

tariff_hs tariff_hs_truncate(tariff_hs code, unsigned digits)
{
    if (digits < tf_hs_length(code.key))
        code.key = tf_hs_cut(code.key, digits);
    return code;
}

size_t tariff_hs_format(tariff_hs code, char buf[13])
{
    unsigned digits = tf_hs_length(code.key);
    for (unsigned i = 0; i < digits; i++)
        buf[i] = (char)('0' - 1 + (int)(code.key >> (4 * (TF_HS_DIGITS - 1 - i)) & 15));
    buf[digits] = '\0';
    return digits;
}
