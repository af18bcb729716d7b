/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Calendar days, half-open spans of days, and periods of observation.
 */
#ifndef TF_VALUE_DATE_H
#define TF_VALUE_DATE_H

#include "base/diag.h"

#include <tariff/value.h>

tariff_status tf_parse_date(const char *text, size_t length, tariff_date *out, tf_why *why);

/** "2024", "2024-07" or "2024-07-15" as the days it contains. */
tariff_status tf_parse_period(const char *text, size_t length, tariff_span *out, tf_why *why);

/** The year, month or day that a period was written as. */
void tf_format_period(tariff_span period, char buf[16]);

static inline bool tf_span_holds(tariff_span span, int32_t day)
{
    return span.from.days <= day && day < span.until.days;
}

static inline tariff_span tf_span_meet(tariff_span a, tariff_span b)
{
    if (b.from.days > a.from.days)
        a.from = b.from;
    if (b.until.days < a.until.days)
        a.until = b.until;
    return a;
}

/** Of the days of `valid`, those on which `span` is in force if it is on `day`, and is not if not. */
static inline void tf_span_keep(tariff_span *valid, tariff_span span, int32_t day)
{
    if (span.from.days <= valid->from.days && valid->until.days <= span.until.days)
        return; /* mostly it is always in force */
    if (tf_span_holds(span, day))
        *valid = tf_span_meet(*valid, span);
    else if (day < span.from.days && span.from.days < valid->until.days)
        valid->until = span.from;
    else if (day >= span.until.days && span.until.days > valid->from.days)
        valid->from = span.until;
}

static inline bool tf_span_empty(tariff_span span)
{
    return span.from.days >= span.until.days;
}

static inline tariff_span tf_span_always(void)
{
    tariff_span span = { { TARIFF_DATE_MIN }, { TARIFF_DATE_MAX } };
    return span;
}

#endif
