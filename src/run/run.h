/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_RUN_RUN_H
#define TF_RUN_RUN_H

#include "report/files.h"
#include "report/lines.h"
#include "report/tables.h"
#include "run/evaluate.h"
#include "run/overrides.h"
#include "scenario/scenario.h"

#include <tariff/run.h>

struct tariff_result {
    tariff_env      *env;
    tf_arena         arena;
    tf_tally         tally; /**< While running. */
    char             date[16];
    tariff_table    *tables[TF_REPORTS];
    tf_report_files *files; /**< While running. */
    const tf_dataset *dataset; /**< While running. */
};

/** Write all tables and the manifest, then rename all of them. */
tariff_status tf_result_write(tariff_env *env, const tariff_scenario *scenario,
                              const tariff_law *law, const tariff_run_options *options,
                              tariff_result *result);

/** The manifest's text, from malloc(); NULL if memory ran out or (reported) a file is gone. */
char *tf_manifest(tariff_env *env, const tariff_scenario *scenario, const tariff_law *law,
                  const tariff_run_options *options, const tariff_result *result);

#endif
