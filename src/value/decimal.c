/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/decimal.h"

#include <stdio.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

tariff_status tf_parse_decimal(const char *text, size_t length, unsigned places, const char *what,
                               int64_t *out, tf_why *why)
{
    int64_t  n = 0;
    unsigned decimals = 0;
    size_t   digits = 0;
    bool     point = false;
    if (length == 0)
        return tf_because(why, TARIFF_E_VALUE, 0, NULL, "the %s is empty", what);
    if (text[0] == '-')
        return tf_because(why, TARIFF_E_VALUE, 0, "duties and flows are never negative",
                          "negative %s '%.*s'", what, (int)length, text);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(text[i])) {
            const char *hint = "write digits and a decimal point, such as 1234.5";
            if (text[i] == ',')
                hint = "no thousands separators, and a point for decimals";
            else if ((text[i] == 'e' || text[i] == 'E') && i > 0)
                hint = "write the number out: no exponent";
            return tf_because(why, TARIFF_E_VALUE, i, hint, "the %s '%.*s' is not a number", what,
                              (int)length, text);
        }
        digits++;
        if (point && ++decimals > places) {
            /* Further zeros change nothing. */
            if (text[i] == '0') {
                decimals--;
                continue;
            }
            return tf_because(why, TARIFF_E_VALUE, i, "round it before, so that it is known how",
                              "the %s '%.*s' has more than %u decimals", what, (int)length, text,
                              places);
        }
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, text[i] - '0', &n))
            return tf_because(why, TARIFF_E_OVERFLOW, i, NULL,
                              "the %s '%.*s' is too large", what, (int)length, text);
    }
    if (digits == 0)
        return tf_because(why, TARIFF_E_VALUE, 0, NULL, "the %s '%.*s' is not a number", what,
                          (int)length, text);
    for (; decimals < places; decimals++)
        if (__builtin_mul_overflow(n, 10, &n))
            return tf_because(why, TARIFF_E_OVERFLOW, 0, NULL, "the %s '%.*s' is too large", what,
                              (int)length, text);
    *out = n;
    return TARIFF_OK;
}

tariff_status tf_parse_percent(const char *text, size_t length, tariff_rate *out, tf_why *why)
{
    int64_t n;
    size_t  end = length;
    if (end == 0)
        return tf_because(why, TARIFF_E_VALUE, 0, "write a percentage, such as 25%",
                          "the rate is empty");
    if (text[end - 1] != '%') {
        char hint[128];
        if (tf_parse_decimal(text, length, 9, "rate", &n, NULL) == TARIFF_OK) {
            if (n > 0 && n < TF_E9) {
                char percent[TF_DECIMAL_TEXT];
                tf_format_percent(n, 9, percent);
                snprintf(hint, sizeof hint, "write %s or %.*s%%, whichever is meant", percent,
                         (int)length, text);
            } else {
                snprintf(hint, sizeof hint, "write %.*s%% if a percentage is meant", (int)length,
                         text);
            }
            return tf_because(why, TARIFF_E_VALUE, 0, hint, "bare rate '%.*s'", (int)length, text);
        }
        return tf_because(why, TARIFF_E_VALUE, 0, "write a percentage, such as 25%",
                          "'%.*s' is not a rate", (int)length, text);
    }
    end--;
    while (end > 0 && text[end - 1] == ' ')
        end--;
    TF_TRY(tf_parse_decimal(text, end, 7, "rate", &n, why));
    if (n > 100 * TF_E9)
        return tf_because(why, TARIFF_E_VALUE, 0, "is the decimal point in its place?",
                          "a rate of %.*s is above 10,000%%", (int)length, text);
    out->nano = n;
    return TARIFF_OK;
}

tariff_status tf_parse_share(const char *text, size_t length, tariff_rate *out, tf_why *why)
{
    int64_t n;
    if (length && text[length - 1] == '%') {
        tariff_rate rate;
        TF_TRY(tf_parse_percent(text, length, &rate, why));
        n = rate.nano;
    } else {
        TF_TRY(tf_parse_decimal(text, length, 9, "share", &n, why));
    }
    if (n > TF_E9)
        return tf_because(why, TARIFF_E_VALUE, 0, "a share is a fraction, such as 0.4, or 40%",
                          "the share '%.*s' is more than 1", (int)length, text);
    out->nano = n;
    return TARIFF_OK;
}

tariff_status tariff_rate_parse(const char *text, size_t length, tariff_rate *out)
{
    return tf_parse_percent(text, length, out, NULL);
}

tariff_status tariff_money_parse(const char *text, size_t length, tariff_money *out)
{
    return tf_parse_decimal(text, length, 4, "value", &out->e4, NULL);
}

/* Nearly always: what fits a word is divided many times faster. */
static size_t format_word(uint64_t n, unsigned places, unsigned least, char *buf)
{
    char   digits[24];
    size_t at = sizeof digits, length;
    for (; places > least && n % 10 == 0; places--)
        n /= 10;
    if (places > 18)
        return 0;
    for (unsigned i = 0; i < places; i++, n /= 10)
        digits[--at] = (char)('0' + (int)(n % 10));
    if (places)
        digits[--at] = '.';
    do
        digits[--at] = (char)('0' + (int)(n % 10));
    while ((n /= 10) != 0);
    length = sizeof digits - at;
    memcpy(buf, digits + at, length);
    buf[length] = '\0';
    return length;
}

size_t tf_format_fixed(tf_i128 n, unsigned places, unsigned least, char buf[TF_DECIMAL_TEXT])
{
    char    reversed[TF_DECIMAL_TEXT];
    size_t  length = 0, out = 0;
    bool    negative = n < 0;
    tf_u128 rest = negative ? -(tf_u128)n : (tf_u128)n;
    if (!negative && rest <= UINT64_MAX
        && (length = format_word((uint64_t)rest, places, least, buf)) > 0)
        return length;
    while (places > least && rest % 10 == 0) {
        rest /= 10;
        places--;
    }
    for (unsigned i = 0; i < places; i++) {
        reversed[length++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    }
    if (places)
        reversed[length++] = '.';
    do {
        reversed[length++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest);
    if (negative)
        buf[out++] = '-';
    while (length)
        buf[out++] = reversed[--length];
    buf[out] = '\0';
    return out;
}

size_t tf_format_cents(tf_i128 n, unsigned places, char buf[TF_DECIMAL_TEXT])
{
    tf_i128 unit = 1;
    for (unsigned i = 2; i < places; i++)
        unit *= 10;
    return tf_format_fixed(tf_div_half_away(n, unit), 2, 2, buf);
}

size_t tf_format_percent(tf_i128 n, unsigned places, char buf[TF_DECIMAL_TEXT])
{
    size_t length = tf_format_fixed(n, places - 2, 0, buf);
    buf[length++] = '%';
    buf[length] = '\0';
    return length;
}
