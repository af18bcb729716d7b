/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/quote.h"
#include "cli/terminal.h"
#include "cli/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cli_option options[] = {
    { "output", 'o', "DIR", "write the reports to DIR/NAME/ (default: reports)" },
    { "set", 0, "KEY=VALUE", "override a key of the scenario, such as changes[0].set.rate=20%" },
    { "date", 0, "DATE", "the same as --set date=DATE" },
    { "point", 0, "N", "run one point of a sweep as a scenario of its own" },
    { "require-detail", 0, NULL, "flows with codes too coarse for the law are errors" },
    { "require-quantity", 0, NULL, "specific duties without a quantity are errors" },
    { "jobs", 'j', "N", "threads to use (default: one per processor); never changes results" },
    { "fresh", 0, NULL, "also run scenarios whose reports are up to date" },
    { "fail-fast", 0, NULL, "start nothing more after the first failure" },
    { "hash", 0, NULL, "add a SHA-256 of all flows to the manifest" },
    { "spreadsheet", 0, NULL, "write CSV for spreadsheets: BOM, CRLF, formulas guarded" },
    { "show", 0, NULL, "print the scenario after extends, --set and --point; run nothing" },
    CLI_PROGRESS_OPTION,
    { NULL, 0, NULL, NULL }
};

/** What the callbacks need. */
typedef struct run_state {
    const char *directory;
    bool        shown;
    size_t      failed, not_run, skipped, warned;
    size_t      told; /**< Lines of the closing table. */
    struct {
        tariff_job_state state;
        const char      *path;
        char             what[160];
    } lines[CLI_GIVEN_MAX];
} run_state;

/* "--date D" is "--set date=D"; the text lives until the program ends. */
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

/* Running */

/* A line of the closing table, for what did not end as it should. */
static void note(run_state *state, const tariff_job *job)
{
    char *what = state->told < CLI_GIVEN_MAX ? state->lines[state->told].what : NULL;
    if (!what)
        return;
    state->lines[state->told].state = job->state;
    state->lines[state->told++].path = job->path;
    size_t room = sizeof state->lines[0].what;
    if (job->state == TARIFF_JOB_NOT_RUN)
        snprintf(what, room, "not run");
    else if (job->state == TARIFF_JOB_SKIPPED)
        snprintf(what, room, "%zu warning%s when it was run", job->warnings,
                 cli_plural(job->warnings));
    else
        snprintf(what, room, "%s", *job->reason ? job->reason : tariff_status_name(job->status));
}

static void on_job(void *user, const tariff_job *job)
{
    static const char *const states[] = { "done", "up to date", "failed", "not run" };
    run_state               *state = user;
    progress_clear();
    bool warned = job->state == TARIFF_JOB_SKIPPED && job->warnings > 0;
    if (job->state == TARIFF_JOB_FAILED || job->state == TARIFF_JOB_NOT_RUN || warned)
        note(state, job);
    state->failed += job->state == TARIFF_JOB_FAILED;
    state->not_run += job->state == TARIFF_JOB_NOT_RUN;
    state->skipped += job->state == TARIFF_JOB_SKIPPED;
    state->warned += warned;
    if (cli_is_verbose())
        fprintf(stderr, "%s: %s\n", job->path, states[job->state]);
    if (job->result && state->shown)
        terminal_result(job->scenario, job->result, state->directory);
}

static void put_line(const char *path, const char *what)
{
    char name[256];
    tariff_text_show(path, name, sizeof name);
    fprintf(stderr, "  %-40s ", name);
    cli_put_shown(stderr, what);
    fputc('\n', stderr);
}

static void tell_lines(const run_state *state, tariff_job_state which)
{
    for (size_t i = 0; i < state->told; i++)
        if (state->lines[i].state == which)
            put_line(state->lines[i].path, state->lines[i].what);
}

static void tell_end(const run_state *state, size_t count)
{
    if (count < 2)
        return;
    if (state->skipped)
        fprintf(stderr, "%zu of %zu scenarios were up to date%s\n", state->skipped, count,
                state->warned ? "; --fresh runs them again and repeats their warnings:" : "");
    tell_lines(state, TARIFF_JOB_SKIPPED);
    if (state->failed)
        fprintf(stderr, "%zu of %zu scenarios failed:\n", state->failed, count);
    tell_lines(state, TARIFF_JOB_FAILED);
    if (state->not_run)
        fprintf(stderr, "%zu of %zu scenarios were not run:\n", state->not_run, count);
    tell_lines(state, TARIFF_JOB_NOT_RUN);
    size_t all = state->failed + state->not_run + state->warned;
    if (all > state->told)
        fprintf(stderr, "  ... and %zu more\n", all - state->told);
}

static bool read_options(const cli_line *line, tariff_run_options *wanted)
{
    unsigned long long threads = 0, point = 0;
    const char        *directory = cli_value(line, "output");
    wanted->directory = directory ? directory : "reports";
    if (!*wanted->directory) {
        cli_usage_error(&cli_run, "--output: the directory has no name");
        return false;
    }
    wanted->spreadsheet = cli_has(line, "spreadsheet");
    wanted->require_detail = cli_has(line, "require-detail");
    wanted->require_quantity = cli_has(line, "require-quantity");
    wanted->hash = cli_has(line, "hash");
    if (!cli_read_number(&cli_run, line, "jobs", 1, 1024, &threads)
        || !cli_read_number(&cli_run, line, "point", 0, 1000000000, &point))
        return false;
    wanted->threads = (unsigned)threads;
    wanted->has_point = cli_has(line, "point");
    wanted->point = point;
    return true;
}

static int run_all(tariff_env *env, const cli_line *line, const char *const *overrides,
                   size_t count)
{
    tariff_run_options   wanted = TARIFF_RUN_OPTIONS_INIT;
    tariff_batch_options batch = TARIFF_BATCH_OPTIONS_INIT;
    run_state            state = { .shown = !cli_is_quiet() && terminal_is_shown() };
    progress             shown;
    if (!read_options(line, &wanted) || !progress_begin(&shown, env, &cli_run, line))
        return EXIT_USAGE;
    state.directory = wanted.directory;
    batch.run = &wanted;
    batch.overrides = overrides;
    batch.override_count = count;
    batch.fail_fast = cli_has(line, "fail-fast");
    /* One scenario is run because it was asked for; of many, only what is left to do. */
    batch.fresh = cli_has(line, "fresh") || line->operand_count == 1;
    batch.on_job = on_job;
    batch.user = &state;
    interrupt_watch(env);
    tariff_status status = tariff_batch(env, (const char *const *)line->operands,
                                        (size_t)line->operand_count, &batch);
    progress_clear();
    tell_end(&state, (size_t)line->operand_count);
    return interrupt_code(cli_exit_code(status));
}

/* --show */

static void print_line(void *user, const char *line)
{
    (void)user;
    puts(line);
}

static tariff_status show_point(tariff_env *env, const tariff_scenario *scenario, uint64_t number)
{
    tariff_scenario *point;
    tariff_status    status = tariff_scenario_point(env, scenario, number, &point);
    if (status == TARIFF_OK) {
        status = tariff_scenario_show(env, point, print_line, NULL);
        tariff_scenario_free(point);
    }
    return status;
}

static tariff_status show_one(tariff_env *env, const char *path, const char *const *overrides,
                              size_t count, const tariff_run_options *wanted)
{
    tariff_scenario *scenario;
    tariff_status    status = tariff_scenario_load(env, path, overrides, count, &scenario);
    if (status != TARIFF_OK)
        return status;
    status = wanted->has_point ? show_point(env, scenario, wanted->point)
                               : tariff_scenario_show(env, scenario, print_line, NULL);
    tariff_scenario_free(scenario);
    return status;
}

static int show_all(tariff_env *env, const cli_line *line, const char *const *overrides,
                    size_t count)
{
    tariff_run_options wanted = TARIFF_RUN_OPTIONS_INIT;
    if (!read_options(line, &wanted))
        return EXIT_USAGE;
    for (int i = 0; i < line->operand_count; i++) {
        tariff_status status = show_one(env, line->operands[i], overrides, count, &wanted);
        if (status != TARIFF_OK)
            return cli_exit_code(status);
    }
    return EXIT_DONE;
}

static int run(tariff_env *env, int argc, char **argv)
{
    cli_line    line;
    const char *overrides[CLI_GIVEN_MAX + 1];
    if (!cli_parse(env, &cli_run, argc, argv, &line))
        return EXIT_USAGE;
    if (line.operand_count == 0)
        return cli_usage_error(&cli_run, "no scenario is named");
    size_t count = collect_overrides(&line, overrides, CLI_GIVEN_MAX + 1);
    int    code = cli_has(&line, "show") ? show_all(env, &line, overrides, count)
                                         : run_all(env, &line, overrides, count);
    if (cli_has(&line, "date") && count > 0)
        free((char *)overrides[count - 1]);
    return code;
}

static const cli_example examples[] = {
    { "tariff run scenarios/india-us-2025.yaml -o reports",
      "reports of a scenario, in reports/india-us-2025/" },
    { "tariff run scenarios/india-us-2025.yaml --date 2026-02-24 --set name=february -o "
      "reports",
      "the same flows under the law of another day" },
    { NULL, NULL }
};

const cli_command cli_run = {
    .name = "run",
    .summary = "reports of one or more scenarios",
    .usage = "run SCENARIO... [-o DIR] [--set KEY=VALUE]... [--date DATE] [--jobs N]",
    .about = "Reads the flows of each scenario, assesses every one of them under its "
             "schedule, and writes the reports to DIR/NAME/: all of them or, if anything "
             "fails, none. On a terminal the main figures are shown as well.\n\n"
             "Several scenarios are run on all processors. One that fails does not stop "
             "the others, and one whose reports are there, from the same inputs, is not "
             "run again. DIR/index.csv lists the results: ok, failed, or not run, after a failure "
             "with --fail-fast, unless the reports that are there are up to date.\n\n"
             "Every key of a scenario can be overridden: the VALUE of --set is YAML.",
    .examples = examples,
    .options = options,
    .run = run,
};
