/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Every file of a schedule: the input is several, each after a line "== NAME",
 * such as law/layers.csv.  What loads is compiled and asked.
 */
#include "fuzz/ask.h"

static void look(const tariff_schedule *schedule)
{
    char text[64]; /* short, so that some are cut */
    for (size_t i = 0; i < tariff_schedule_layers(schedule); i++) {
        tariff_layer_info info = { .size = sizeof info };
        tariff_schedule_layer(schedule, i, &info);
        fuzz_require(*info.name && *info.kind && *info.select);
    }
    for (size_t i = 0; i < tariff_schedule_measures(schedule); i++) {
        tariff_measure_info info = { .size = sizeof info };
        tariff_schedule_measure(schedule, i, &info);
        fuzz_require(info.in_force.from.days < info.in_force.until.days && info.line > 1);
        tariff_schedule_products(schedule, i, text, sizeof text);
        tariff_schedule_base(schedule, i, text, sizeof text);
    }
    for (size_t i = 0; i < tariff_schedule_groups(schedule); i++) {
        size_t      members;
        tariff_span span;
        fuzz_require(*tariff_schedule_group(schedule, i, &members));
        for (size_t k = 0; k < members; k++)
            fuzz_require(*tariff_country_alpha2(tariff_schedule_member(schedule, i, k, &span)));
    }
    for (size_t i = 0; i < tariff_schedule_sets(schedule); i++) {
        size_t rows;
        fuzz_require(*tariff_schedule_set(schedule, i, &rows));
    }
}

/* What a check says is what compiling says, but for exchange rates; an audit only warns. */
static void check(const tariff_schedule *schedule)
{
    static fuzz_log log;
    tariff_env     *env = fuzz_env(&log);
    (void)fuzz_check(env, tariff_schedule_check(env, schedule));
    tariff_env_free(env);
    env = fuzz_env(&log);
    (void)fuzz_check(env, tariff_schedule_audit(env, schedule, 2));
    fuzz_require(tariff_env_errors(env) == 0);
    tariff_env_free(env);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_log  log;
    tariff_schedule *schedule;
    tariff_law      *law = NULL;
    const char      *paths[] = { "law", "more", "one.csv" };
    fuzz_begin();
    fuzz_write_files((const char *)data, size);
    size_t count = 0;
    for (size_t i = 0; i < 3; i++)
        if (fuzz_is_there(paths[i]))
            paths[count++] = paths[i];
    tariff_env *env = fuzz_env(&log);
    if (count > 0 && fuzz_check(env, tariff_schedule_load(env, paths, count, &schedule)) == TARIFF_OK) {
        look(schedule);
        check(schedule);
        if (fuzz_check(env, tariff_law_compile(env, schedule, NULL, &law)) == TARIFF_OK)
            fuzz_ask(env, law);
        tariff_law_free(law);
        tariff_schedule_free(schedule);
    }
    tariff_env_free(env);
    return 0;
}
