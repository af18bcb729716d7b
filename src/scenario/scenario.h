/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_SCENARIO_SCENARIO_H
#define TF_SCENARIO_SCENARIO_H

#include "flows/flows.h"
#include "flows/package.h"
#include "io/doc.h"
#include "law/law.h"
#include "report/choice.h"
#include "scenario/dates.h"
#include "scenario/extend.h"
#include "scenario/impact.h"
#include "scenario/sweep.h"

#include <tariff/scenario.h>

typedef enum tf_date_kind {
    TF_ON_DAY,
    TF_ON_PERIOD,        /**< Each flow on the first day of its own period. */
    TF_ON_PERIOD_AVERAGE /**< ... weighted by the days of its period. */
} tf_date_kind;

/** A file or directory that a scenario names. */
typedef struct tf_named_path {
    const char *path;    /**< As it is opened. */
    const char *written; /**< As the scenario has it. */
    tf_place    place;
} tf_named_path;

struct tariff_scenario {
    tariff_env *env;
    tf_arena    arena;
    const char *path;
    tf_node    *root; /**< After what it extends and all overrides. */
    tf_paths    files; /**< The scenario's file, those it extends, and its profile's. */

    bool is_variation;    /**< Of another scenario, for its baseline; */
    bool shares_changes;  /**< with the changes that the other one has, */
    bool shares_law;      /**< its days and its schedule. */

    const char *name, *title, *citation;
    TF_VEC(tf_flows_spec) flows;
    TF_VEC(tf_package) packages;
    TF_VEC(tf_named_path) flow_paths;
    TF_VEC(tf_named_path) schedules;
    uint16_t     origin, importer; /**< TARIFF_COUNTRY_NONE: from the flows. */
    const char  *account;          /**< Currency of the flows. */
    tf_date_kind date_kind;
    tariff_date  date;
    bool         has_as_of;
    tariff_date  as_of;
    tf_dates     dates;
    tf_sweep     sweep;
    const tf_node *where, *changes, *baseline, *solve;
    TF_VEC(tariff_exchange) exchange;
    tf_impact_spec impact;
    tf_report_choices reports;
};

/** The texts of a scalar or of a list of scalars, joined by blanks.  NULL if memory ran out. */
const char *tf_node_words(tf_arena *arena, const tf_node *node);

/** Report an unknown key, with the nearest of the known ones as a hint. */
tariff_status tf_unknown_key(tariff_env *env, const tf_node *node, const char *const *known);

/** Which of `keys` a node's key is, or -1. */
int tf_key_index(const tf_node *node, const char *const *keys);

/**
 * What the scenario is compared with: itself with the keys of `baseline` laid
 * over it, or another scenario.  NULL if it has none.
 */
tariff_status tf_scenario_baseline(tariff_env *env, const tariff_scenario *scenario,
                                   tariff_scenario **out);

/** A scenario from a tree of its keys; `path` is what relative paths are relative to. */
tariff_status tf_scenario_from(tariff_env *env, const char *path, const tf_node *root,
                               const tf_paths *files, tariff_scenario **out);

/** Compile under a schedule that outlives the law. */
tariff_status tf_scenario_law(tariff_env *env, const tariff_scenario *scenario,
                              const tariff_schedule *schedule, tariff_law **out);

/** The value of a change of rates (`rate` of set, `by` of shift and scale) from its node. */
tariff_status tf_change_value(tariff_env *env, tariff_law *law, const tf_node *node,
                              tf_rate_change how, const tf_rate **value, int64_t *nano);

/** Apply the scenario's changes to an unfinished law. */
tariff_status tf_scenario_change(const tariff_scenario *scenario, tariff_env *env,
                                 tariff_law *law);
/** The same, where those before number `from` are applied already. */
tariff_status tf_scenario_change_on(const tariff_scenario *scenario, tariff_env *env,
                                    tariff_law *law, uint32_t from);

/**
 * Is it another scenario's with further changes at the end, and nothing else but texts and reports
 * of its own?
 * @param[out] shared  how many changes both have.
 */
bool tf_scenario_goes_on(const tariff_scenario *scenario, const tariff_scenario *from,
                         uint32_t *shared);

/** What a change of a scenario speaks of: everything where it names nothing. */
typedef struct tf_change_scope {
    const char         *layer; /**< As written; NULL if it is of a set, a group or a share. */
    tf_products         products;
    const tf_countries *origins, *importers;
    const tf_countries *countries; /**< Of join and leave, on either side; else NULL. */
    tariff_span         span;
} tf_change_scope;
/** Read it again from a change that was applied to this law: `{set: {...}}`. */
tariff_status tf_scenario_scope(const tariff_scenario *scenario, tariff_env *env, tariff_law *law,
                                const tf_node *change, tf_change_scope *out);

/** The scope of `where:`; everything if there is none. */
typedef struct tf_where {
    tf_products         products;
    const tf_countries *origins, *importers;
} tf_where;
tariff_status tf_scenario_where(const tariff_scenario *scenario, tariff_env *env, tariff_law *law,
                                tf_where *out);

#endif
