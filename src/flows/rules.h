/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What the built-in profiles' files hold besides flows, and the quantities that
 * they give in words of their own.
 */
#ifndef TF_FLOWS_RULES_H
#define TF_FLOWS_RULES_H

#include "value/unit.h"

#include <tariff/value.h>

/** Why a row is left out. */
typedef enum tf_left_out {
    TF_KEPT,
    TF_OTHER_FLOW,
    TF_AGGREGATE,
    TF_DETAIL,
    TF_SKIPPED,
    TF_LEFT_OUT_KINDS
} tf_left_out;

/** A column, and the values of it that decide. */
typedef struct tf_flow_rule {
    const char *profile;
    const char *columns; /**< Names separated by '|'. */
    const char *values;  /**< Likewise; case ignored. */
    bool        keep;    /**< Rows with these values stay, rather than go. */
    tf_left_out kind;
} tf_flow_rule;

/** The rules of all profiles: NULL after the last. */
const tf_flow_rule *tf_flow_rule_at(size_t index);
/** Does the rule leave out a row with this field?  An empty one decides nothing. */
bool tf_flow_rule_drops(const tf_flow_rule *rule, const char *text, size_t length);

/** The columns of quantity and unit that a profile itself does not have; or a fixed unit. */
typedef struct tf_flow_quantity {
    const char *profile, *quantity, *unit, *fixed;
} tf_flow_quantity;

/** Those of a profile, or NULL. */
const tf_flow_quantity *tf_flow_quantity_of(const char *profile);

/** A unit in our words or theirs.  False if it is neither; *out is 0 for "no unit". */
bool tf_flow_unit(const char *text, size_t length, tariff_unit *out);

#endif
