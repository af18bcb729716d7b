/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/currency.h"
#include "cli/values.h"

#include <stdio.h>
#include <string.h>

static const cli_option options[] = {
    { "schedule", 0, "DIR", "the schedule; given again: laid over the ones before" },
    { "as-of", 0, "DATE", "the law as known on that day" },
    CLI_CURRENCY_OPTIONS,
    { NULL, 0, NULL, NULL }
};

static void print_failure(void *user, const tariff_failed_case *failed)
{
    (void)user;
    printf("%s:%u: %s: %s is %s, expected %s (%s)%s%s\n", failed->file, failed->line, failed->id,
           failed->layer, *failed->computed ? failed->computed : "no rate", failed->expected,
           failed->why, *failed->citation ? "; " : "", failed->citation);
}

static int verify(tariff_env *env, const cli_line *line, const tariff_law *law)
{
    uint64_t all_held = 0, all_failed = 0;
    for (int i = 0; i < line->operand_count; i++) {
        uint64_t      held, failed;
        tariff_status status = tariff_verify(env, law, line->operands[i], print_failure, NULL,
                                             &held, &failed);
        if (status != TARIFF_OK)
            return cli_exit_code(status);
        all_held += held;
        all_failed += failed;
    }
    uint64_t all = all_held + all_failed;
    printf("%llu of %llu case%s hold%s\n", (unsigned long long)all_held, (unsigned long long)all,
           cli_plural(all), all == 1 ? "s" : "");
    return all_failed ? EXIT_NO : EXIT_DONE;
}

static int run(tariff_env *env, int argc, char **argv)
{
    cli_line           line;
    const char        *paths[CLI_GIVEN_MAX];
    tariff_schedule   *schedule;
    tariff_law        *law = NULL;
    tariff_law_options wanted = TARIFF_LAW_OPTIONS_INIT;
    cli_currency       currency;
    if (!cli_parse(env, &cli_verify, argc, argv, &line))
        return EXIT_USAGE;
    size_t      count = cli_values(&line, "schedule", paths, CLI_GIVEN_MAX);
    if (line.operand_count == 0 || count == 0)
        return cli_usage_error(&cli_verify, "cases and a --schedule are expected");
    wanted.has_as_of = cli_has(&line, "as-of");
    if (!cli_read_date(&cli_verify, &line, "as-of", &wanted.as_of)
        || !cli_read_currency(&cli_verify, &line, &currency, &wanted))
        return EXIT_USAGE;
    tariff_status status = tariff_schedule_load(env, paths, count, &schedule);
    if (status != TARIFF_OK)
        return cli_exit_code(status);
    cli_tell_schedule(paths[0], schedule);
    status = tariff_law_compile(env, schedule, &wanted, &law);
    int code = status == TARIFF_OK ? verify(env, &line, law) : cli_exit_code(status);
    tariff_law_free(law);
    tariff_schedule_free(schedule);
    return code;
}

static const cli_example examples[] = {
    { "tariff verify tests/law/us.csv --schedule datasets/us-tariffs",
      "cases with their sources, against the schedule" },
    { "tariff verify my-cases.csv --schedule datasets/us-tariffs --as-of 2025-09-01",
      "against the law as it was known on a day" },
    { NULL, NULL }
};

const cli_command cli_verify = {
    .name = "verify",
    .summary = "expected burdens against computed ones",
    .usage = "verify CASES.csv... --schedule DIR [--schedule DIR]... [--as-of DATE]\n"
             "              [--currency CUR] [--exchange CUR=RATE]...",
    .about = "Computes the burden of each case and compares it with the expected one. A "
             "file of cases has the columns id, hs, origin, importer, date, claims, "
             "parts, layer, expected, tolerance and citation, and may have value, "
             "quantity and unit. layer is a layer, authority:NAME, ordinary, additional "
             "or total; expected is a rate of the value such as 66.5%; tolerance is in "
             "percentage points. Claims named are made, all others are not; parts not "
             "named are 0; share tables are not read.\n\n"
             "Each case that does not hold is printed with what was computed and why; "
             "then the exit code is 1.",
    .examples = examples,
    .options = options,
    .run = run,
};
