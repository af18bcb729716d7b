/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Reports that are read again: compared (a/summary.csv, b/summary.csv, ...), and
 * looked at by a batch that goes on where it was interrupted (out/case/manifest.json
 * would be too deep: the input's manifest.json is put there).
 */
#include "fuzz/fuzz.h"

static const char inputs[] =
    "== flows.csv\nhs,origin,importer,value\n610910,IN,US,1000\n"
    "== law.csv\nlayer,products,origins,importers,from,until,rate\norder,*,IN,US,,,25%\n"
    "== c1.yaml\ntariff: 1\nname: c1\nflows: {file: flows.csv}\nschedule: law.csv\ndate: 2025-08-27\n";

static void resume(void)
{
    static fuzz_log      log;
    const char          *paths[] = { "c1.yaml" };
    tariff_run_options   run = TARIFF_RUN_OPTIONS_INIT;
    tariff_batch_options options = TARIFF_BATCH_OPTIONS_INIT;
    fuzz_write_files(inputs, sizeof inputs - 1);
    mkdir("out", 0700);
    mkdir("out/c1", 0700);
    fuzz_require(rename("manifest.json", "out/c1/manifest.json") == 0);
    run.directory = "out";
    run.threads = 1;
    options.run = &run;
    tariff_env *env = fuzz_env(&log);
    fuzz_require(fuzz_check(env, tariff_batch(env, paths, 1, &options)) == TARIFF_OK);
    fuzz_require(fuzz_is_there("out/c1/summary.csv")); /* whatever the manifest said */
    tariff_env_free(env);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_log    log;
    tariff_run_options options = TARIFF_RUN_OPTIONS_INIT;
    tariff_result     *result;
    bool               differs;
    fuzz_begin();
    fuzz_write_files((const char *)data, size);
    if (fuzz_is_there("manifest.json"))
        resume();
    options.threads = 1;
    tariff_env *env = fuzz_env(&log);
    if (fuzz_is_there("a") && fuzz_is_there("b")) {
        (void)fuzz_check(env, tariff_compare(env, "a", "b", &options, &result, &differs));
        tariff_result_free(result);
    }
    tariff_env_free(env);
    return 0;
}
