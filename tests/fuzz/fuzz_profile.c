/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A profile in YAML and foreign flows, each after a line "== NAME" (profile.yaml,
 * flows.csv): they are converted, and what comes out is good native flows.
 */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_log      log;
    static const char   *names[] = { "profile.yaml", "census", "comtrade", "baci", "wits" };
    tariff_flows_options options = TARIFF_FLOWS_OPTIONS_INIT;
    tariff_flows_counts  counts = { .size = sizeof counts };
    fuzz_begin();
    fuzz_write_files((const char *)data, size);
    options.profile = names[0];
    if (!fuzz_is_there(names[0]))
        options.profile = names[1 + size % 4];
    options.importer.id = size & 1 ? 5 : TARIFF_COUNTRY_NONE;
    options.origin.id = size & 2 ? 6 : TARIFF_COUNTRY_NONE;
    tariff_env   *env = fuzz_env(&log);
    tariff_status status = tariff_convert_flows(env, &options, "flows.csv", "out.csv", &counts);
    fuzz_require((fuzz_check(env, status) == TARIFF_OK) == fuzz_is_there("out.csv"));
    if (status == TARIFF_OK) {
        uint64_t rows = 0;
        status = tariff_flows_check(env, "out.csv", &rows);
        if (status != TARIFF_OK)
            fprintf(stderr, "%s\n", log.text);
        fuzz_require(status == TARIFF_OK && rows == counts.flows);
    }
    tariff_env_free(env);
    return 0;
}
