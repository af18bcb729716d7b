/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/run.h"

#include <stdio.h>
#include <stdlib.h>

static tariff_status write_tables(const tariff_run_options *options, tariff_result *result)
{
    for (int i = 0; i < TF_REPORTS; i++) {
        char       name[64];
        tf_output *output;
        if (!result->tables[i])
            continue;
        snprintf(name, sizeof name, "%s.csv", tf_report_name((tf_report)i));
        TF_TRY(tf_report_files_add(result->files, name, &output));
        TF_TRY(tf_table_write(result->tables[i], output, options->spreadsheet));
    }
    return TARIFF_OK;
}

tariff_status tf_result_write(tf_store *store, tariff_env *env, const tariff_scenario *scenario,
                              const tariff_run_options *options, tariff_result *result)
{
    tf_output  *output;
    const char *name;
    size_t      errors = tariff_env_errors(env);
    TF_TRY(write_tables(options, result));
    for (size_t i = 0; tf_report_files_at(result->files, i, &name); i++)
        TF_TRY(tf_output_flush((tf_output *)tf_report_files_at(result->files, i, &name)));
    char *text = tf_manifest(store, env, scenario, options, result);
    if (!text)
        return tariff_env_errors(env) > errors ? TARIFF_E_IO : TARIFF_E_NOMEM;
    tariff_status status = tf_report_files_add(result->files, "manifest.json", &output);
    if (status == TARIFF_OK)
        status = tf_output_write(output, text, strlen(text));
    free(text);
    return status == TARIFF_OK ? tf_report_files_commit(result->files) : status;
}
