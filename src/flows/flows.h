/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Trade flows, read row by row.
 */
#ifndef TF_FLOWS_FLOWS_H
#define TF_FLOWS_FLOWS_H

#include "flows/profile.h"
#include "io/csv_in.h"
#include "value/date.h"

/** One row.  Texts are valid until the next one is read. */
typedef struct tf_flow {
    uint64_t    hs;
    uint16_t    origin, importer;
    bool        has_period;
    tariff_span period;
    int64_t     value;    /**< 1e-4. */
    int64_t     quantity; /**< 1e-4; only with a unit. */
    tariff_unit unit;
    tf_field    claims, parts; /**< As written; empty for none. */
} tf_flow;

typedef struct tf_flows tf_flows;

/** What to read, and what is the same for all rows. */
typedef struct tf_flows_spec {
    const char *path;
    tf_place    place; /**< Where the path was written. */
    tf_profile  profile;
    uint16_t    origin, importer; /**< TARIFF_COUNTRY_NONE: from the file. */
    tf_sum      sum; /**< That is taken of the file. */
} tf_flows_spec;

tariff_status tf_flows_open(tariff_env *env, const tf_flows_spec *spec, tf_flows **out);
void          tf_flows_close(tf_flows *flows);

/** The next row; *more is false at the end.  Bad fields are reported, all of the row. */
tariff_status tf_flows_next(tf_flows *flows, tf_flow *out, bool *more);

/** What is read. */
const tf_flows_spec *tf_flows_what(const tf_flows *flows);
/** Are there rows that its profile leaves out? */
bool tf_flows_has_rules(const tf_flows *flows);
/** The records, for messages about the current row. */
tf_csv *tf_flows_csv(tf_flows *flows);
/** The column of the file that one of ours is read from, or -1. */
int     tf_flows_column(const tf_flows *flows, tf_flow_column column);

#endif
