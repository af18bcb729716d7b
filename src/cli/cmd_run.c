/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cli_option options[] = {
    { "output", 'o', "DIR", "write the reports to DIR/NAME/ (default: reports)" },
    { "set", 0, "KEY=VALUE", "override a key of the scenario, such as changes[0].set.rate=20%" },
    { "date", 0, "DATE", "the same as --set date=DATE" },
    { "require-detail", 0, NULL, "flows with codes too coarse for the law are errors" },
    { "require-quantity", 0, NULL, "specific duties without a quantity are errors" },
    { "jobs", 'j', "N", "threads to use (default: one per processor); never changes results" },
    { "hash", 0, NULL, "add a SHA-256 of all flows to the manifest" },
    { "spreadsheet", 0, NULL, "write CSV for spreadsheets: BOM, CRLF, formulas guarded" },
    { "show", 0, NULL, "print the scenario after extends and --set; run nothing" },
    { "quiet", 'q', NULL, "no table on a terminal" },
    { NULL, 0, NULL, NULL }
};

/* "--date D" is "--set date=D"; the texts live until the program ends. */
static size_t collect_overrides(const cli_line *line, const char **out, size_t room)
{
    size_t      n = cli_values(line, "set", out, room);
    const char *date = cli_value(line, "date");
    if (date && n < room) {
        size_t size = strlen(date) + 6;
        char  *text = malloc(size);
        if (text) {
            snprintf(text, size, "date=%s", date);
            out[n++] = text;
        }
    }
    return n;
}

/* Reports of two scenarios with one name would overwrite each other. */
static int check_names(tariff_env *env, const cli_line *line, const char *const *overrides,
                       size_t count)
{
    int    code = EXIT_DONE;
    size_t n = (size_t)line->operand_count;
    char **names = calloc(n, sizeof *names);
    for (size_t i = 0; names && i < n && code == EXIT_DONE; i++) {
        tariff_scenario *scenario;
        if (tariff_scenario_load(env, line->operands[i], overrides, count, &scenario)
            != TARIFF_OK)
            continue; /* reported; the run will say so in its exit code */
        names[i] = strdup(tariff_scenario_name(scenario));
        tariff_scenario_free(scenario);
        for (size_t k = 0; k < i && names[i]; k++)
            if (names[k] && strcmp(names[k], names[i]) == 0) {
                fprintf(stderr, "tariff: %s and %s are both named '%s'; nothing was run\n",
                        line->operands[k], line->operands[i], names[i]);
                code = EXIT_INPUT;
            }
    }
    for (size_t i = 0; names && i < n; i++)
        free(names[i]);
    free(names);
    return code;
}

static void print_line(void *user, const char *line)
{
    (void)user;
    puts(line);
}

static tariff_status show_one(tariff_env *env, const char *path, const char *const *overrides,
                              size_t count)
{
    tariff_scenario *scenario;
    tariff_status    status = tariff_scenario_load(env, path, overrides, count, &scenario);
    if (status != TARIFF_OK)
        return status;
    status = tariff_scenario_show(env, scenario, print_line, NULL);
    tariff_scenario_free(scenario);
    return status;
}

static tariff_status run_one(tariff_env *env, const char *path, const char *const *overrides,
                             size_t count, const tariff_run_options *wanted, bool show)
{
    tariff_scenario *scenario;
    tariff_result   *result = NULL;
    tariff_status    status = tariff_scenario_load(env, path, overrides, count, &scenario);
    if (status != TARIFF_OK)
        return status;
    status = tariff_run(env, scenario, wanted, &result);
    if (status == TARIFF_OK && show)
        terminal_result(scenario, result, wanted->directory);
    tariff_result_free(result);
    tariff_scenario_free(scenario);
    return status;
}

static int run(tariff_env *env, int argc, char **argv)
{
    cli_line           line;
    const char        *overrides[CLI_GIVEN_MAX + 1];
    tariff_run_options wanted = TARIFF_RUN_OPTIONS_INIT;
    int                code = EXIT_DONE;
    if (!cli_parse(&cli_run, argc, argv, &line))
        return EXIT_USAGE;
    if (line.operand_count == 0)
        return cli_usage_error(&cli_run, "no scenario is named");
    wanted.directory = cli_value(&line, "output") ? cli_value(&line, "output") : "reports";
    wanted.spreadsheet = cli_has(&line, "spreadsheet");
    wanted.require_detail = cli_has(&line, "require-detail");
    wanted.require_quantity = cli_has(&line, "require-quantity");
    wanted.hash = cli_has(&line, "hash");
    const char *jobs = cli_value(&line, "jobs");
    char       *end = NULL;
    unsigned long threads = jobs ? strtoul(jobs, &end, 10) : 0;
    if (jobs && (*end || threads == 0 || threads > 1024))
        return cli_usage_error(&cli_run, "--jobs: '%s' is no number of threads", jobs);
    wanted.threads = (unsigned)threads;
    size_t count = collect_overrides(&line, overrides, CLI_GIVEN_MAX + 1);
    if (line.operand_count > 1) {
        tariff_env *silent; /* what is wrong with a scenario is said when it is run */
        if (tariff_env_new(NULL, &silent) == TARIFF_OK) {
            code = check_names(silent, &line, overrides, count);
            tariff_env_free(silent);
        }
        if (code != EXIT_DONE)
            return code;
    }
    for (int i = 0; i < line.operand_count; i++) {
        bool          shown = !cli_has(&line, "quiet") && terminal_is_shown();
        tariff_status status =
            cli_has(&line, "show")
                ? show_one(env, line.operands[i], overrides, count)
                : run_one(env, line.operands[i], overrides, count, &wanted, shown);
        if (status != TARIFF_OK && code == EXIT_DONE)
            code = cli_exit_code(status);
    }
    if (cli_has(&line, "date") && count > 0)
        free((char *)overrides[count - 1]);
    return code;
}

const cli_command cli_run = {
    .name = "run",
    .summary = "reports of one or more scenarios",
    .usage = "run SCENARIO... [-o DIR] [--set KEY=VALUE]... [--date DATE] [--jobs N]",
    .options = options,
    .run = run,
};
