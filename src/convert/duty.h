/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The duties of the Harmonized Tariff Schedule of the United States, as words,
 * made duty expressions: "76¢/pr. + 32%" is "76 c/pr + 32%".
 */
#ifndef TF_CONVERT_DUTY_H
#define TF_CONVERT_DUTY_H

#include "law/rate.h"

typedef struct tf_duty {
    char     text[256];  /**< The expression. */
    bool     of_content; /**< Some amount is per unit of a content ("on lead content"). */
    uint64_t parts;      /**< Parts of the value that percentages are on, by tf_duty_part(). */
} tf_duty;

/** Names of the parts that duties of the HTS are on, in the order of bits: NULL after the last. */
const char *tf_duty_part(size_t index);

/** Translate a cell; what is not fully understood is an error, never a guess. */
tariff_status tf_duty_of_hts(const char *text, size_t length, tf_duty *out, tf_why *why);

/**
 * The text of a cell on one line: white space (also no-break spaces) collapsed,
 * none at its ends.  @return its length; SIZE_MAX if `buf` is too small.
 */
size_t tf_one_line(const char *text, size_t length, char *buf, size_t size);

#endif
