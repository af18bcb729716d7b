/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Decimal text to integers and back, exactly.
 */
#ifndef TF_VALUE_DECIMAL_H
#define TF_VALUE_DECIMAL_H

#include "base/diag.h"
#include "value/wide.h"

#include <tariff/value.h>

/** Longest text that tf_format_fixed() writes, with its NUL. */
#define TF_DECIMAL_TEXT 64

/**
 * Parse digits with an optional point into units of 10^-places.
 * @param what  names the thing in messages ("value", "rate").
 */
tariff_status tf_parse_decimal(const char *text, size_t length, unsigned places, const char *what,
                               int64_t *out, tf_why *why);

/** Parse "25%" (blanks allowed before the sign). */
tariff_status tf_parse_percent(const char *text, size_t length, tariff_rate *out, tf_why *why);

/** Parse a share: "0.4" or "40%", between 0 and 1. */
tariff_status tf_parse_share(const char *text, size_t length, tariff_rate *out, tf_why *why);

/**
 * Write n units of 10^-places with at least `least` decimals and no further
 * trailing zeros.  @return the length.
 */
size_t tf_format_fixed(tf_i128 n, unsigned places, unsigned least, char buf[TF_DECIMAL_TEXT]);

/** Money or weighted value in units of 10^-places, rounded to cents half away from zero. */
size_t tf_format_cents(tf_i128 n, unsigned places, char buf[TF_DECIMAL_TEXT]);

/** A rate as people read it: "16.5%". */
size_t tf_format_percent(tf_i128 n, unsigned places, char buf[TF_DECIMAL_TEXT]);

#endif
