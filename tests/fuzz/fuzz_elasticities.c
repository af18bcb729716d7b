/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Tables of elasticities: what is wrong is told, what is good is counted.
 */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_log log;
    uint64_t        rows = 0;
    fuzz_begin();
    fuzz_write("elasticities.csv", data, size);
    tariff_env *env = fuzz_env(&log);
    if (fuzz_check(env, tariff_elasticities_check(env, "elasticities.csv", &rows)) == TARIFF_OK)
        fuzz_require(rows <= size);
    tariff_env_free(env);
    return 0;
}
