/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/data.h"
#include "cli/quote.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const cli_option options[] = {
    { "all", 0, NULL, "every warning of a schedule; else the first three of a kind in a file" },
    { NULL, 0, NULL, NULL }
};

enum { WARNINGS_SHOWN = 3 };

typedef enum kind { SCENARIO, SCHEDULE, FLOWS, ELASTICITIES } kind;

static bool has_column(const char *header, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = header; (at = strstr(at, name)) != NULL; at += n)
        if ((at == header || strchr(",\"", at[-1])) && (!at[n] || strchr(",\"\r\n", at[n])))
            return true;
    return false;
}

/* Flows have a value; elasticities have some of these, and a source. */
static bool gives_elasticities(const char *header)
{
    static const char *const names[] = { "sigma", "eta", "eps", "supply", "rho", "home" };
    for (size_t i = 0; has_column(header, "source") && i < sizeof names / sizeof names[0]; i++)
        if (has_column(header, names[i]))
            return !has_column(header, "value");
    return false;
}

/* The header tells what a table holds: measures have a rate. */
static kind kind_of(const char *path)
{
    struct stat info;
    char        header[4096] = "";
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return SCHEDULE;
    if (!strstr(path, ".csv"))
        return SCENARIO;
    FILE *file = fopen(path, "r");
    if (file && !fgets(header, sizeof header, file))
        header[0] = '\0';
    if (file)
        fclose(file);
    if (strstr(header, "layer") && strstr(header, "rate"))
        return SCHEDULE;
    return gives_elasticities(header) ? ELASTICITIES : FLOWS;
}

static tariff_status check_schedule(tariff_env *env, const char *path, bool all)
{
    tariff_schedule *schedule;
    tariff_status    status = tariff_schedule_load(env, &path, 1, &schedule);
    if (status != TARIFF_OK)
        return status;
    size_t layers = tariff_schedule_layers(schedule);
    size_t measures = tariff_schedule_measures(schedule);
    status = tariff_schedule_check(env, schedule);
    if (status == TARIFF_OK)
        status = tariff_schedule_audit(env, schedule, all ? 0 : WARNINGS_SHOWN);
    if (status == TARIFF_OK) {
        cli_put_shown(stdout, path);
        printf(": a schedule of %zu layer%s and %zu measure%s\n", layers, cli_plural(layers),
               measures, cli_plural(measures));
    }
    tariff_schedule_free(schedule);
    return status;
}

static tariff_status check_scenario(tariff_env *env, const char *path, bool all)
{
    (void)all;
    tariff_scenario *scenario;
    tariff_status    status = tariff_scenario_load(env, path, NULL, 0, &scenario);
    if (status != TARIFF_OK)
        return status;
    status = tariff_scenario_check(env, scenario);
    if (status == TARIFF_OK) {
        cli_put_shown(stdout, path);
        printf(": the scenario '%s', with its schedule and flows\n",
               tariff_scenario_name(scenario));
    }
    tariff_scenario_free(scenario);
    return status;
}

static tariff_status check_flows(tariff_env *env, const char *path, bool all)
{
    (void)all;
    uint64_t      rows;
    tariff_status status = tariff_flows_check(env, path, &rows);
    if (status == TARIFF_OK) {
        cli_put_shown(stdout, path);
        printf(": %llu flow%s\n", (unsigned long long)rows, cli_plural(rows));
    }
    return status;
}

static tariff_status check_elasticities(tariff_env *env, const char *path, bool all)
{
    (void)all;
    uint64_t      rows;
    tariff_status status = tariff_elasticities_check(env, path, &rows);
    if (status == TARIFF_OK)
        printf("%s: %llu row%s of elasticities\n", path, (unsigned long long)rows,
               cli_plural(rows));
    return status;
}

/* What is wrong with the files is the answer that was asked for; a machine that fails is not. */
static int check_code(tariff_status status)
{
    int code = cli_exit_code(status);
    return code == EXIT_INPUT ? EXIT_NO : code;
}

static int run(tariff_env *env, int argc, char **argv)
{
    cli_line line;
    int      code = EXIT_DONE;
    if (!cli_parse(env, &cli_check, argc, argv, &line))
        return EXIT_USAGE;
    if (line.operand_count == 0)
        return cli_usage_error(&cli_check, "no file is named");
    for (int i = 0; i < line.operand_count; i++) {
        static tariff_status (*const checks[])(tariff_env *, const char *, bool) = {
            check_scenario, check_schedule, check_flows, check_elasticities
        };
        char          buf[CLI_PATH_ROOM];
        const char   *path = cli_input(env, line.operands[i], buf);
        tariff_status status = checks[kind_of(path)](env, path, cli_has(&line, "all"));
        if (check_code(status) > code)
            code = check_code(status);
    }
    size_t errors = tariff_env_errors(env), warnings = tariff_env_warnings(env);
    if (errors + warnings)
        fprintf(stderr, "%zu error%s, %zu warning%s\n", errors, cli_plural(errors), warnings,
                cli_plural(warnings));
    return code;
}

static const cli_example examples[] = {
    { "tariff check my-schedule my-scenario.yaml my-flows.csv",
      "all that is wrong with three files" },
    { "tariff check datasets/us-tariffs",
      "what a schedule holds, if nothing is wrong with it" },
    { NULL, NULL }
};

const cli_command cli_check = {
    .name = "check",
    .summary = "all that is wrong with scenarios, schedules, flows or elasticities",
    .usage = "check FILE... [--all]",
    .about = "Reads scenarios, schedules, flows and elasticities, and reports every error and "
             "warning with its place. A directory is a schedule; so is a CSV with the columns "
             "layer and rate; one with a source and sigma, eta, eps, supply, rho or home holds "
             "elasticities; any other CSV holds flows; anything else is a scenario, which is "
             "run without writing reports.",
    .examples = examples,
    .options = options,
    .run = run,
};
