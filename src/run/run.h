/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_RUN_RUN_H
#define TF_RUN_RUN_H

#include "report/files.h"
#include "report/impact.h"
#include "report/tables.h"
#include "run/evaluate.h"
#include "run/markets.h"
#include "run/store.h"
#include "scenario/scenario.h"

#include <tariff/run.h>

typedef struct tf_product_sums {
    uint64_t key;
    tf_sums  sums;
} tf_product_sums;

/** What the tables of one date were made of. */
typedef struct tf_result_sums {
    bool             there;
    tf_sums          total;
    const char     **names; /**< Of the layers. */
    tf_layer_sums   *layers;
    tf_product_sums *products; /**< By code. */
    size_t           layer_count, product_count;
} tf_result_sums;

struct tariff_result {
    tariff_env      *env;
    tf_arena         arena;
    tariff_table    *tables[TF_REPORTS];
    tf_report_files *files; /**< While running. */
    const tf_dataset *dataset; /**< While running. */
    tf_trade_rows     trade_rows; /**< If a model asks for trade. */
    tf_trade          trade;
    tf_evaluation     evaluation; /**< Of that trade, while the law is there. */
    tariff_law       *law;        /**< A baseline's, for its scenario to ask again. */
    tf_where          where;
    tf_metric        *assumptions; /**< Of the model, for the manifest. */
    size_t            assumption_count;
    bool              differs; /**< From the baseline. */
    bool              estimated, coarse, unassessed; /**< Something was, on some date. */
    size_t            warnings; /**< That were given up to now, for the manifest. */
    tf_result_sums    sums;
    const char       *in_full; /**< Why it was not taken from a base; NULL if it was. */
};

tariff_status tf_result_new(tariff_env *env, tariff_result **out);

/** Keep the sums that its tables are made of. */
tariff_status tf_result_keep(tariff_result *result, const tf_tally *tally);

/** All options, of a caller that may know only the first of them; NULL: the defaults. */
tariff_run_options tf_run_options_of(const tariff_run_options *given);

/** Run with what other scenarios share; `out` as of tariff_run(), but the point is no matter. */
tariff_status tf_run(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                     const tariff_run_options *options, tariff_result **out);

/**
 * One side of a comparison.
 * @param choices  the tables it needs, and how; with those of an impact, its own baseline is run.
 */
tariff_status tf_run_side(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                          const tariff_run_options *options, const tf_report_choices *choices,
                          tariff_result **out);

/**
 * Are the reports there, whole, and made from the same inputs?  Then what a
 * killed run left beside them is removed.
 * @param warnings  if so, those that were given when they were made.
 */
tariff_status tf_is_up_to_date(tariff_env *env, tf_store *store, const tariff_scenario *scenario,
                               const tariff_run_options *options, bool *same, size_t *warnings);

/** Write all tables and the manifest, then rename all of them. */
tariff_status tf_result_write(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                              const tariff_run_options *options, tariff_result *result);

/** The manifest's text, from malloc(); NULL if memory ran out or (reported) a file is gone. */
char *tf_manifest(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                  const tariff_run_options *options, const tariff_result *result);

/**
 * Has a scenario one result, that can be set against another?  Not a sweep, not a search, and not several days.
 * @param node  that names it; NULL where a path does.
 */
tariff_status tf_check_comparable(tariff_env *env, const tariff_scenario *scenario,
                                  const tf_node *node);

#endif
