/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Scenario files, what they extend, and overrides: the input is several files,
 * each after a line "== NAME"; scenario.yaml is loaded, shown, and run.  What
 * is shown is a scenario that shows the same.
 */
#include "fuzz/ask.h"

enum { OVERRIDES = 4 };

typedef struct shown {
    char   text[1 << 16];
    size_t n;
} shown;

static shown first, second;

static void take_line(void *user, const char *line)
{
    shown *s = user;
    size_t n = strlen(line);
    if (s->n + n + 2 < sizeof s->text) {
        memcpy(s->text + s->n, line, n);
        s->text[s->n + n] = '\n';
        s->n += n + 1;
        s->text[s->n] = '\0';
    }
}

static void show(tariff_env *env, const tariff_scenario *scenario, shown *out)
{
    out->n = 0;
    out->text[0] = '\0';
    fuzz_require(tariff_scenario_show(env, scenario, take_line, out) == TARIFF_OK);
}

static size_t read_overrides(char *text, size_t size, const char **overrides)
{
    FILE  *file = fopen("overrides", "rb");
    size_t n = 0;
    if (!file)
        return 0;
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
    for (char *line = strtok(text, "\n"); line && n < OVERRIDES; line = strtok(NULL, "\n"))
        overrides[n++] = line;
    return n;
}

static void show_again(const tariff_scenario *scenario)
{
    static fuzz_log  log;
    tariff_scenario *again;
    tariff_env      *env = fuzz_env(&log);
    show(env, scenario, &first);
    fuzz_write("shown.yaml", first.text, first.n);
    bool whole = first.n + 1024 < sizeof first.text;
    if (whole && tariff_scenario_load(env, "shown.yaml", NULL, 0, &again) == TARIFF_OK) {
        show(env, again, &second);
        fuzz_require(strcmp(first.text, second.text) == 0);
        tariff_scenario_free(again);
    } else if (whole) {
        fprintf(stderr, "shown:\n%s\n%s\n", first.text, log.text);
        abort();
    }
    tariff_env_free(env);
}

static void run(tariff_env *env, const tariff_scenario *scenario)
{
    tariff_run_options options = TARIFF_RUN_OPTIONS_INIT;
    tariff_result     *result;
    tariff_law        *law;
    size_t             errors = tariff_env_errors(env);
    options.threads = 1;
    tariff_status status = tariff_scenario_compile(env, scenario, &law);
    fuzz_require((status == TARIFF_OK) == (law != NULL));
    if (status == TARIFF_OK)
        fuzz_ask(env, law);
    tariff_law_free(law);
    if (tariff_env_errors(env) == errors)
        (void)fuzz_check(env, tariff_run(env, scenario, &options, &result));
    else
        result = NULL;
    tariff_result_free(result);
}

/* All that is wrong, in an environment of its own; a point of the sweep, if there is one. */
static void check(const tariff_scenario *scenario)
{
    static fuzz_log  log;
    tariff_scenario *point;
    tariff_date      date;
    tariff_env      *env = fuzz_env(&log);
    (void)tariff_scenario_date(scenario, &date);
    fuzz_require(tariff_scenario_title(scenario) && tariff_scenario_varies(scenario));
    fuzz_require(tariff_scenario_importer(scenario).id <= tariff_country_count()
                 || tariff_scenario_importer(scenario).id == TARIFF_COUNTRY_NONE);
    (void)fuzz_check(env, tariff_scenario_check(env, scenario));
    tariff_env_free(env);
    env = fuzz_env(&log);
    if (fuzz_check(env, tariff_scenario_point(env, scenario, 0, &point)) == TARIFF_OK)
        fuzz_require(*tariff_scenario_name(point));
    else
        fuzz_require(!point);
    tariff_scenario_free(point);
    tariff_env_free(env);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_log  log;
    static char      text[4096];
    const char      *overrides[OVERRIDES];
    tariff_scenario *scenario;
    fuzz_begin();
    fuzz_write_files((const char *)data, size);
    size_t      count = read_overrides(text, sizeof text, overrides);
    tariff_env *env = fuzz_env(&log);
    tariff_status status = tariff_scenario_load(env, "scenario.yaml", overrides, count, &scenario);
    if (fuzz_check(env, status) == TARIFF_OK) {
        const char *name = tariff_scenario_name(scenario);
        fuzz_require(*name && !strchr(name, '/') && name[0] != '.'); /* a folder of reports */
        show_again(scenario);
        check(scenario);
        run(env, scenario);
    }
    tariff_scenario_free(scenario);
    tariff_env_free(env);
    return 0;
}
