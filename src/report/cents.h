/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Amounts in whole cents that add up to their total.
 */
#ifndef TF_REPORT_CENTS_H
#define TF_REPORT_CENTS_H

#include <stddef.h>
#include <tariff/status.h>

#include "base/arena.h"

/** The nearest whole cent, halves away from zero. */
double tf_to_cents(double amount);

/**
 * Round amounts so that their sum is the total's: each is brought down to its
 * cent, and those that lose most get one more (largest remainder).  If they are
 * parts of the total, none is off by a cent.
 * @param total  of the amounts, before rounding.
 */
tariff_status tf_share_cents(tf_arena *scratch, double *amounts, size_t n, double total);

#endif
