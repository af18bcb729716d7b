/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A metric of a scenario as a function of one rate: of its summary, or
 * of a model's answer; flows are reduced to classes first.
 */
#ifndef TF_RUN_GAUGE_H
#define TF_RUN_GAUGE_H

#include "run/classes.h"
#include "run/impact.h"
#include "run/run.h"

typedef struct tf_gauge {
    tariff_env            *env;
    const tariff_scenario *scenario; /**< As written. */
    tariff_scenario       *variant;  /**< The rate that is varied is that of its last change. */
    const tf_node         *metric;
    bool                   is_rate; /**< Of the metric, once it was measured: a share or rate. */
    tf_rate_change         how;
    tariff_law            *law;
    tf_evaluation          evaluation;
    tf_report_choices      choices;
    tf_where               where;
    tf_arena               arena;
    tf_classes classes;
    tf_rebound rebound;
    tf_change *changes;
    /* Of a model */
    bool            by_model;
    tf_elasticities table;
    tf_trade_rows   trade_rows;
    tf_trade        baseline;
    double          unsolved; /**< Share of value without an answer, at the last rate. */
} tf_gauge;

/** `env`, `scenario`, `variant`, `metric` and `how` are set before. */
tariff_status tf_gauge_open(tf_gauge *gauge, tf_store *store, const tariff_run_options *options);
void          tf_gauge_close(tf_gauge *gauge);

/** The metric at a rate in 1e-9, in 1e-9. */
tariff_status tf_gauge_at(tf_gauge *gauge, int64_t nano, tf_i128 *out);

/**
 * The textbook's best rate for the metric, as the whole duty on a market whose
 * origins have one supply: 1/e for home_welfare, 1/(a-1) for revenue_after and
 * revenue_change.  NaN where there is none.
 */
double tf_gauge_formula(const tf_gauge *gauge);

#endif
