/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The impact of a scenario: flows and two laws through a model to tables.
 */
#ifndef TF_RUN_IMPACT_H
#define TF_RUN_IMPACT_H

#include "model/indices.h"
#include "run/draws.h"
#include "run/run.h"

/** More than this share of value (of draws) without an answer is no answer. */
#define TF_MOST_UNSOLVED 0.01

/** A model run once, at the point estimates. */
typedef struct tf_impact {
    tf_markets       markets;
    tf_effect        total;
    tf_effect        shown; /**< The total, or its money in cents: tf_impact_in_cents(). */
    tf_impact_group *products, *origins, *importers;
    size_t           product_count, origin_count, importer_count;
    tf_impact_flow  *flows; /**< By row of the markets; NULL: they were not asked for. */
    TF_VEC(tf_unsolved) unsolved;
    double           value, unsolved_value; /**< Of all flows; of those without an answer. */
    double           unassessed0, unassessed1; /**< Of flows with an unknown specific duty. */
    size_t           untouched;             /**< Markets in which no rate changes. */
    double           residual;              /**< Largest. */
    unsigned         iterations;            /**< Most. */
    tf_indices       before, after; /**< Restrictiveness at trade before. */
    double           breakeven;     /**< Pass-through at which importers gain nothing, or NaN. */
    bool             changes;       /**< Some rate on imports does. */
    size_t           draws, failed;
    tf_arena         arena;
} tf_impact;

typedef struct tf_impact_options {
    unsigned digits;  /**< Of the products of reports. */
    bool     flows;   /**< Keep every flow's answer. */
    unsigned threads; /**< 0: one per processor.  They change nothing. */
} tf_impact_options;

/** Solve all markets.  `impact` is made. */
tariff_status tf_impact_solve(tariff_env *env, const tf_impact_spec *spec,
                              const tf_elasticities *table, const tf_trade *baseline,
                              const tf_trade *scenario, const tf_impact_options *options,
                              tf_impact *impact);
void          tf_impact_free(tf_impact *impact);

/** Revenue by layer; its flows must have been kept. */
tariff_status tf_impact_layers(const tf_impact *impact, const tf_trade_rows *rows,
                               const tf_evaluation *before, const tf_evaluation *after,
                               tf_arena *arena, tf_layer_revenue **out, size_t *n);

/** Rows of elasticities that some flow could take something from, and did not. */
size_t tf_impact_idle_rows(const tf_impact *impact, size_t file, const tf_elasticity_row **first);

/** Before it is reported: money in cents, which add up in every table. */
tariff_status tf_impact_in_cents(tariff_env *env, tf_impact *impact);

/** Its restrictiveness before and after. */
tariff_status tf_impact_indices(tf_impact *impact, unsigned threads, tf_arena *scratch);

/** Its break-even pass-through. */
tariff_status tf_impact_breakeven(tf_impact *impact, tf_arena *scratch);

/** Rows of impact.csv. */
tariff_status tf_impact_metrics(const tf_impact *impact, tf_arena *arena, tf_metric **out,
                                size_t *n);

/** What it assumes, for the manifest. */
tariff_status tf_impact_assumptions(const tf_impact *impact, tf_arena *arena, tf_metric **out,
                                    size_t *n);

/** The defaults of the horizon, the scenario's, and its files. */
tariff_status tf_impact_elasticities(tariff_env *env, const tf_impact_spec *spec,
                                     tf_elasticities *out);

/**
 * All impact tables that are wanted, into the result.
 * @param baseline  the run of the baseline, with its evaluation.
 */
tariff_status tf_run_impact(tariff_env *env, const tariff_scenario *scenario,
                            const tf_report_choices *choices, const tariff_run_options *options,
                            const tf_heading *heading, const tariff_result *baseline,
                            tariff_result *result);

#endif
