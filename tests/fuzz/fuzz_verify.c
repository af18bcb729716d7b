/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Files of known burdens against a law: each case holds, fails, or is an error.
 */
#include "fuzz/fuzz.h"

static const char schedule_text[] =
    "== law/layers.csv\nlayer,title,authority,kind,select\nduty,Duty,duty,ordinary,specific\n"
    "order,Order,order,additional,specific\n"
    "== law/parts/steel.csv\nhs,origin,importer,share\n7208,*,*,40%\n"
    "== law/claims/usmca.csv\nhs,origin,importer,share\n"
    "== law/measures.csv\nlayer,products,origins,importers,rate,base,when\n"
    "duty,*,*,US,1.5 USD/kg + 2%,,\nduty,61,CA,US,Free,,usmca\norder,*,IN,US,25%,,\n"
    "order,72,*,US,50%,steel,\n";

static void take_case(void *user, const tariff_failed_case *failed)
{
    fuzz_require(failed->line > 1 && failed->expected && failed->computed && *failed->why);
    ++*(uint64_t *)user;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_log         log;
    static tariff_env      *owner;
    static tariff_schedule *schedule;
    static tariff_law      *law;
    const char             *paths[] = { "law" };
    uint64_t                held, failed, told = 0;
    fuzz_begin();
    if (!law) {
        fuzz_write_files(schedule_text, sizeof schedule_text - 1);
        fuzz_require(tariff_env_new(NULL, &owner) == TARIFF_OK);
        fuzz_require(tariff_schedule_load(owner, paths, 1, &schedule) == TARIFF_OK);
        fuzz_require(tariff_law_compile(owner, schedule, NULL, &law) == TARIFF_OK);
        fuzz_begin();
    }
    fuzz_write("cases.csv", data, size);
    tariff_env   *env = fuzz_env(&log);
    tariff_status status = tariff_verify(env, law, "cases.csv", take_case, &told, &held, &failed);
    (void)fuzz_check(env, status);
    fuzz_require(told == failed);
    tariff_env_free(env);
    return 0;
}
