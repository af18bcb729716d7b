/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * How the columns of a foreign file map onto ours.
 */
#ifndef TF_FLOWS_PROFILE_H
#define TF_FLOWS_PROFILE_H

#include "io/doc.h"
#include "value/country.h"

typedef enum tf_flow_column {
    TF_FLOW_HS,
    TF_FLOW_ORIGIN,
    TF_FLOW_IMPORTER,
    TF_FLOW_PERIOD,
    TF_FLOW_VALUE,
    TF_FLOW_QUANTITY,
    TF_FLOW_UNIT,
    TF_FLOW_CLAIMS,
    TF_FLOW_PARTS,
    TF_FLOW_COLUMNS
} tf_flow_column;

typedef struct tf_profile {
    const char     *name;
    const char     *columns[TF_FLOW_COLUMNS]; /**< Names separated by '|', or NULL. */
    unsigned        scale; /**< Values are in units of 10^scale. */
    tf_country_list countries;
    const char     *importer; /**< The importer of a file that has no such column, or NULL. */
} tf_profile;

/** Our own columns. */
const tf_profile *tf_profile_native(void);

/** The built-in profiles, for lists: NULL after the last. */
const tf_profile *tf_profile_at(size_t index);
/** The built-in profile of this name, or NULL. */
const tf_profile *tf_profile_named(const char *name);

/** The name of one of our columns. */
const char *tf_flow_column_name(tf_flow_column column);

/**
 * Read `profile:` of a scenario: a built-in name, a YAML file, or a mapping.
 * @param base  the file that relative paths are relative to.
 */
tariff_status tf_profile_read(tariff_env *env, tf_arena *arena, const tf_node *node,
                              const char *base, tf_profile *out);

#endif
