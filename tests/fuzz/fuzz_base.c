/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Scenarios that go on from a base: the input is several files, each after a
 * line "== NAME"; scenario.yaml is the base, and each line of `overrides` is laid
 * over it.  What is taken from the base is what a run makes, and both fail alike.
 */
#define TARIFF_EXPERIMENTAL
#include "fuzz/ask.h"

enum { VARIANTS = 6 };

static size_t read_overrides(char *text, size_t size, const char **overrides)
{
    FILE  *file = fopen("overrides", "rb");
    size_t n = 0;
    if (!file)
        return 0;
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
    for (char *line = strtok(text, "\n"); line && n < VARIANTS; line = strtok(NULL, "\n"))
        overrides[n++] = line;
    return n;
}

static void same_table(const tariff_table *a, const tariff_table *b)
{
    size_t rows = tariff_table_rows(a), columns = tariff_table_columns(a);
    fuzz_require(rows == tariff_table_rows(b) && columns == tariff_table_columns(b));
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < columns; i++)
            fuzz_require(strcmp(tariff_table_cell(a, row, i), tariff_table_cell(b, row, i)) == 0);
}

static void same_sums(const tariff_result *a, const tariff_result *b)
{
    tariff_sums  x = TARIFF_SUMS_INIT, y = TARIFF_SUMS_INIT;
    tariff_money covered[2], duty[2];
    tariff_hs    product[2];
    fuzz_require(tariff_result_total(a, &x) == tariff_result_total(b, &y));
    fuzz_require(memcmp(&x, &y, sizeof x) == 0);
    for (size_t i = 0; tariff_result_layer(a, i, NULL, &covered[0], &duty[0]) == TARIFF_OK; i++)
        fuzz_require(tariff_result_layer(b, i, NULL, &covered[1], &duty[1]) == TARIFF_OK
                     && covered[0].e4 == covered[1].e4 && duty[0].e4 == duty[1].e4);
    for (size_t i = 0; tariff_result_product(a, i, &product[0], &x) == TARIFF_OK; i++)
        fuzz_require(tariff_result_product(b, i, &product[1], &y) == TARIFF_OK
                     && product[0].key == product[1].key && memcmp(&x, &y, sizeof x) == 0);
}

static void vary(const tariff_base *base, const tariff_scenario *scenario, const char *override)
{
    static fuzz_log    log, other_log;
    tariff_scenario   *variant;
    tariff_result     *from_base = NULL, *run = NULL;
    tariff_run_options options = TARIFF_RUN_OPTIONS_INIT;
    const char        *name;
    tariff_env        *env = fuzz_env(&log), *other = fuzz_env(&other_log);
    options.threads = 1;
    if (fuzz_check(env, tariff_scenario_variant(env, scenario, &override, 1, &variant))
        == TARIFF_OK) {
        tariff_status status = fuzz_check(env, tariff_run(env, variant, &options, &run));
        fuzz_require(tariff_base_run(other, base, variant, &from_base) == status);
        fuzz_require((status == TARIFF_OK) == (from_base != NULL));
        for (size_t i = 0; run && tariff_result_table_at(run, i, &name); i++) {
            fuzz_require(tariff_result_table(from_base, name));
            same_table(tariff_result_table(from_base, name), tariff_result_table(run, name));
        }
        if (run) {
            same_sums(from_base, run);
            fuzz_require(tariff_result_in_full(from_base) && !*tariff_result_in_full(run));
        }
    }
    tariff_result_free(from_base);
    tariff_result_free(run);
    tariff_scenario_free(variant);
    tariff_env_free(other);
    tariff_env_free(env);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_log  log;
    static char      text[4096];
    const char      *overrides[VARIANTS];
    tariff_scenario *scenario = NULL;
    tariff_base     *base = NULL;
    fuzz_begin();
    fuzz_write_files((const char *)data, size);
    size_t      count = read_overrides(text, sizeof text, overrides);
    tariff_env *env = fuzz_env(&log);
    if (tariff_scenario_load(env, "scenario.yaml", NULL, 0, &scenario) == TARIFF_OK
        && fuzz_check(env, tariff_base_new(env, scenario, NULL, NULL, &base)) == TARIFF_OK)
        for (size_t i = 0; i < count; i++)
            vary(base, scenario, overrides[i]);
    tariff_base_free(base);
    tariff_scenario_free(scenario);
    tariff_env_free(env);
    return 0;
}
