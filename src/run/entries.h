/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Entries in the caller's memory, one by one or as columns, and their burdens
 * as the caller sees them.
 */
#ifndef TF_RUN_ENTRIES_H
#define TF_RUN_ENTRIES_H

#include "run/assessor.h"

#include <tariff/assess.h>

/** What an entry is at fault for: the name of a field, and `why`; NULL: nothing. */
const char *tf_entry_fault(const tariff_entry *entry, tf_why *why);
/** Likewise of what it says of itself, which may be NULL, and is parsed. */
const char *tf_entry_known(const tf_book *book, const char *claims, const char *parts,
                           tf_overrides *out, tf_why *why);
/** Words for the statuses of the algebra, which has none; NULL: it is none of them. */
const char *tf_burden_fault(tariff_status status, tf_why *why);

/** What the caller sees of a burden; TARIFF_E_OVERFLOW is not reported. */
tariff_status tf_burden_tell(const tariff_law *law, const tf_burden *burden, int64_t value,
                             tariff_burden *out);

/** What is the same for all rows, and needs no column. */
typedef struct tf_columns_given {
    bool origin, importer, date;
} tf_columns_given;

/** Report a column that is missing.  @param name  of the columns; may be NULL. */
tariff_status tf_columns_check(tariff_env *env, const char *name, const tariff_columns *columns,
                               const tf_columns_given *given);
/** Row i; fields without a column are left as they are. */
void tf_columns_entry(const tariff_columns *columns, size_t i, tariff_entry *entry);
void tf_burdens_put(const tariff_burdens *out, size_t i, const tariff_burden *burden);

#endif
