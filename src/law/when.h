/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Conditions of a measure: "usmca", "!usmca in_transit", "us_content>=20%".
 */
#ifndef TF_LAW_WHEN_H
#define TF_LAW_WHEN_H

#include "base/names.h"
#include "value/decimal.h"

typedef enum tf_test_kind { TF_CLAIMED, TF_NOT_CLAIMED, TF_AT_LEAST, TF_LESS_THAN } tf_test_kind;

typedef struct tf_test {
    tf_test_kind kind;
    uint8_t      number; /**< Of the claim or the part. */
    int64_t      nano;   /**< Threshold of a part's share. */
} tf_test;

/** All tests have to hold. */
typedef struct tf_when {
    const tf_test *tests;
    size_t         count;
    uint32_t       claims, parts; /**< Which ones are named. */
    const char    *text;          /**< NULL if there is no condition. */
} tf_when;

/** No condition. */
extern const tf_when tf_when_always;

tariff_status tf_parse_when(tf_arena *arena, const tf_names *claims, const tf_names *parts,
                            const char *text, size_t length, const tf_when **out, tf_why *why);

/** Do the conditions hold, with these claims made and these shares (1e-9) of parts? */
bool tf_when_holds(const tf_when *when, uint32_t claimed, const int64_t *shares);

/** Can both hold on one line? */
bool tf_when_compatible(const tf_when *a, const tf_when *b);

#endif
