/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A run of one scenario on its way: what the steps hand on.
 */
#ifndef TF_RUN_RUNNER_H
#define TF_RUN_RUNNER_H

#include "run/fold.h"
#include "run/rows.h"
#include "run/run.h"

typedef struct tf_runner {
    tariff_env               *env;
    tf_store                 *store;
    const tariff_scenario    *scenario;
    const tariff_run_options *options;
    tariff_result            *result;
    tariff_law               *law;
    tf_where                  where;
    const tf_dataset         *dataset;
    tf_dataset               *own; /**< The dataset, if it is not the store's. */
    const tf_trade_rows      *trade_rows; /**< Of the trade that a model asks for, or NULL. */
    bool                      models;     /**< The trade is asked for by its own model. */
    const tf_report_choices  *side; /**< Of a side of a comparison: in place of its own. */
    tariff_table             *whole[TF_REPORTS]; /**< What is compared, without `top`. */
    tf_report_choices         choices; /**< The scenario's, and what comparisons need. */
    tf_days                   days;
    char                      date[16]; /**< As reports show it. */
    tf_heading                heading;
    tf_reach                  reach; /**< Of the changes, on all days. */
    bool                      has_lines;
    bool                      folds;
    tf_folded                 folded; /**< Rows that are not in the dataset, if it folds. */
    size_t                    warnings; /**< Before it was run. */
    tf_rows                   rows; /**< For lines.csv, which follows the rows as they are read. */
} tf_runner;

/** The heading of reports on a day. */
void tf_runner_head(tf_runner *r, tariff_date day);

/** The directory of the reports, while they are written. */
tariff_status tf_runner_open_files(tf_runner *r);

/** The law, and the days it is asked on; `user` is the runner. */
tariff_status tf_runner_compile(void *user);

/** Is lines.csv written? */
bool tf_runner_wants_lines(const tf_runner *r);

/** May rows of one date and law be asked for? */
tariff_status tf_runner_check_rows(const tf_runner *r);

/** The caller's rows, which pass once, into the store. */
tariff_status tf_runner_pull(tf_runner *r);

/** Are rows added up as they are read, and not kept? */
bool tf_runner_folds(const tf_runner *r);

/** The flows: kept, added up, or row by row. */
tariff_status tf_runner_load(tf_runner *r);

tf_evaluation tf_runner_evaluation(tf_runner *r, tariff_date day);

#endif
