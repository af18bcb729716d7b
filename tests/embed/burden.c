/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a shipment bears: burden SCHEDULE CODE ORIGIN IMPORTER DAY VALUE */
#include <stdio.h>
#include <string.h>
#include <tariff/tariff.h>

static void say(void *user, const tariff_diag *diag)
{
    char text[1024];
    tariff_diag_format(diag, text, sizeof text);
    fprintf(user, "%s\n", text);
}

#define PARSE(what, text, out) (tariff_##what##_parse((text), strlen(text), (out)) == TARIFF_OK)

int main(int argc, char **argv)
{
    tariff_env      *env = NULL;
    tariff_schedule *schedule = NULL;
    tariff_law      *law = NULL;
    tariff_assessor *assessor = NULL;
    tariff_entry     entry = TARIFF_ENTRY_INIT;
    tariff_burden    burden = TARIFF_BURDEN_INIT;
    if (argc != 7 || tariff_env_new(NULL, &env) != TARIFF_OK)
        return 2;
    tariff_env_on_diag(env, say, stderr);
    const char *path = argv[1];
    int good = PARSE(hs, argv[2], &entry.hs) && PARSE(country, argv[3], &entry.origin)
               && PARSE(country, argv[4], &entry.importer) && PARSE(date, argv[5], &entry.date)
               && PARSE(money, argv[6], &entry.value)
               && tariff_schedule_load(env, &path, 1, &schedule) == TARIFF_OK
               && tariff_law_compile(env, schedule, NULL, &law) == TARIFF_OK
               && tariff_assessor_new(env, law, &assessor) == TARIFF_OK
               && tariff_assess_entry(assessor, &entry, &burden) == TARIFF_OK;
    if (good)
        printf("duty %.2f, %.2f %% of the value\n", (double)burden.duty.e4 / 1e4,
               (double)burden.rate.nano / 1e7);
    tariff_assessor_free(assessor);
    tariff_law_free(law);
    tariff_schedule_free(schedule);
    tariff_env_free(env);
    return !good;
}
