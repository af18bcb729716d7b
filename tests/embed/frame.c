/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A data frame through a scenario, and back: frame SCENARIO IMPORTER [THREADS] < flows.csv
 *
 * The rows stand in columns, as a host's do; the library reads them where they are, and hands back
 * what each row bears. No file is read but the scenario and its schedule, and none is written. */
#define TARIFF_EXPERIMENTAL /* source.h: to be changed, perhaps, with the next minor version */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tariff/tariff.h>

enum { ROWS = 1 << 20 };

typedef struct frame {
    tariff_hs      hs[ROWS];
    tariff_country origin[ROWS];
    tariff_money   value[ROWS];
    size_t         rows, given;
    double         duty; /* of the rows that were told, in units of 1e-4: exact, far below 2^53 */
    size_t         told;
} frame;

static tariff_status next(void *user, tariff_columns *columns, size_t *count)
{
    frame *f = user;
    columns->hs = f->hs + f->given;
    columns->origin = f->origin + f->given;
    columns->value = f->value + f->given;
    *count = f->rows - f->given; /* all that is left; then nothing */
    f->given = f->rows;
    return TARIFF_OK;
}

static tariff_status put(void *user, uint64_t first, size_t count, const tariff_burdens *burdens)
{
    frame *f = user;
    if (first != f->told)
        return TARIFF_E_ARG;
    for (size_t i = 0; i < count; i++)
        f->duty += (double)burdens->duty[i].e4;
    f->told += count;
    return TARIFF_OK;
}

/* hs,origin,importer,period,value: no more of CSV than this sample needs. */
static int read_rows(frame *f)
{
    char line[256];
    int  good = fgets(line, sizeof line, stdin) != NULL;
    while (good && f->rows < ROWS && fgets(line, sizeof line, stdin)) {
        char  *field[5], *at = line;
        size_t i = f->rows++;
        line[strcspn(line, "\r\n")] = '\0';
        for (int k = 0; k < 5; k++) {
            field[k] = at;
            at += strcspn(at, ",");
            if (*at)
                *at++ = '\0';
        }
        good = tariff_hs_parse(field[0], strlen(field[0]), &f->hs[i]) == TARIFF_OK
               && tariff_country_parse(field[1], strlen(field[1]), &f->origin[i]) == TARIFF_OK
               && tariff_money_parse(field[4], strlen(field[4]), &f->value[i]) == TARIFF_OK;
    }
    return good;
}

static void say(void *user, const tariff_diag *diag)
{
    char text[1024];
    tariff_diag_format(diag, text, sizeof text);
    fprintf(user, "%s\n", text);
}

static const char *metric(const tariff_result *result, const char *name)
{
    const tariff_table *summary = tariff_result_table(result, "summary");
    for (size_t i = 0; i < tariff_table_rows(summary); i++)
        if (strcmp(tariff_table_cell(summary, i, 2), name) == 0)
            return tariff_table_cell(summary, i, 3);
    return "";
}

int main(int argc, char **argv)
{
    static frame       f;
    tariff_env        *env = NULL;
    tariff_scenario   *scenario = NULL;
    tariff_result     *result = NULL;
    tariff_source      source = TARIFF_SOURCE_INIT;
    tariff_sink        sink = TARIFF_SINK_INIT;
    tariff_run_options options = TARIFF_RUN_OPTIONS_INIT;
    if (argc < 3 || tariff_env_new(NULL, &env) != TARIFF_OK)
        return 2;
    tariff_env_on_diag(env, say, stderr);
    source.name = "frame";
    source.next = next;
    source.user = sink.user = &f;
    sink.put = put;
    options.source = &source;
    options.sink = &sink;
    options.threads = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
    int good = tariff_country_parse(argv[2], strlen(argv[2]), &source.importer) == TARIFF_OK
               && read_rows(&f)
               && tariff_scenario_load(env, argv[1], NULL, 0, &scenario) == TARIFF_OK
               && tariff_run(env, scenario, &options, &result) == TARIFF_OK;
    if (good) {
        /* Each row was rounded to 1e-4, the sum of all of them once. */
        double total = strtod(metric(result, "total_duty"), NULL);
        printf("%zu rows, duty %s\n", f.told, metric(result, "total_duty"));
        good = f.duty / 1e4 > total - 0.01 - 5e-5 * (double)f.told
               && f.duty / 1e4 < total + 0.01 + 5e-5 * (double)f.told;
    }
    tariff_result_free(result);
    tariff_scenario_free(scenario);
    tariff_env_free(env);
    return !good;
}
