/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_VALUE_UNIT_H
#define TF_VALUE_UNIT_H

#include "base/diag.h"

#include <tariff/value.h>

tariff_status tf_parse_unit(const char *text, size_t length, tariff_unit *out, tf_why *why);

/** Do both measure the same thing?  Then one `from` is num/den `to`s, in lowest terms. */
bool tf_unit_ratio(tariff_unit from, tariff_unit to, int64_t *num, int64_t *den);

#endif
