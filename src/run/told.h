/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Burdens of rows on their way to the caller's sink, as columns.
 */
#ifndef TF_RUN_TOLD_H
#define TF_RUN_TOLD_H

#include "run/entries.h"

#include <tariff/source.h>

typedef struct tf_told {
    tariff_env        *env;
    const tariff_sink *sink;
    uint64_t           first; /**< Rows that the sink has. */
    size_t             room;
    tariff_burdens     columns;
    void              *memory;
    size_t             bytes;
} tf_told;

void tf_told_init(tf_told *told, tariff_env *env, const tariff_sink *sink);
void tf_told_free(tf_told *told);

/** Room for so many rows; what was set is lost. */
tariff_status tf_told_reserve(tf_told *told, size_t rows);

/** The burden of a row after the first; NULL: it is left out.  Rows may be set by several threads. */
tariff_status tf_told_set(tf_told *told, size_t row, const tariff_law *law,
                          const tf_burden *burden, int64_t value);

/** Hand `count` rows over. */
tariff_status tf_told_put(tf_told *told, size_t count);

#endif
