/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * `dates:` of a scenario: a list of days, or a range.
 */
#ifndef TF_SCENARIO_DATES_H
#define TF_SCENARIO_DATES_H

#include "io/doc.h"
#include "law/law.h"
#include "value/date.h"

typedef enum tf_every { TF_EVERY_DAY, TF_EVERY_MONTH, TF_EVERY_CHANGE } tf_every;

typedef TF_VEC(tariff_date) tf_days;

typedef struct tf_dates {
    bool        given;
    bool        range;
    tf_days     list; /**< Ascending. */
    tariff_span span; /**< Of a range: until is the first day that is not in it. */
    tf_every    every;
} tf_dates;

tariff_status tf_dates_read(tariff_env *env, tf_arena *arena, const tf_node *node, tf_dates *out);

/** The days, ascending.  Changes are those of the law. */
tariff_status tf_dates_expand(const tf_dates *dates, const tariff_law *law, tf_arena *arena,
                              tf_days *out);

#endif
