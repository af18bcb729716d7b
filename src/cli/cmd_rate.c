/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/currency.h"
#include "cli/data.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/source.h"
#include "cli/values.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static const cli_option options[] = {
    { "output", 'o', "FILE", "write to FILE, whole or not at all (default: standard output)" },
    { "date", 0, "DATE", "day of entry of rows without a date (default: the scenario's)" },
    { "origin", 0, "COUNTRY", "country of origin of all rows, whatever the file says" },
    { "importer", 0, "COUNTRY", "importing country of all rows (default: the scenario's)" },
    { "profile", 0, "PROFILE", "how the headers are called: census, ..., or a YAML file" },
    { "layers", 0, NULL, "add LAYER_rate for each layer, too" },
    { "prefix", 0, "TEXT", "put TEXT before the names of the columns that are added" },
    { "require-detail", 0, NULL, "codes too coarse for the law are errors" },
    { "require-quantity", 0, NULL, "specific duties without a quantity are errors" },
    { "overlay", 0, "DIR", "a schedule to lay over the first; may be repeated" },
    { "as-of", 0, "DATE", "the law as known on that day" },
    { "set", 0, "KEY=VALUE", "override a key of the scenario" },
    CLI_CURRENCY_OPTIONS,
    CLI_PROGRESS_OPTION,
    { "jobs", 'j', "N", "threads to use (default: one per processor); never changes results" },
    { NULL, 0, NULL, NULL }
};

static bool is_prefix(const char *text)
{
    return strlen(text) <= 32
           && text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")]
                  == '\0';
}

static bool read_options(const cli_line *line, tariff_stream_options *out)
{
    unsigned long long threads = 0;
    out->profile = cli_value(line, "profile");
    out->layers = cli_has(line, "layers");
    out->prefix = cli_value(line, "prefix");
    out->require_detail = cli_has(line, "require-detail");
    out->require_quantity = cli_has(line, "require-quantity");
    if (out->prefix && !is_prefix(out->prefix))
        return cli_bad_value(&cli_rate, "prefix", out->prefix,
                             "beginning of a column: letters, digits and _");
    if (!cli_read_date(&cli_rate, line, "date", &out->date)
        || !cli_read_country(&cli_rate, line, "origin", &out->origin)
        || !cli_read_country(&cli_rate, line, "importer", &out->importer)
        || !cli_read_number(&cli_rate, line, "jobs", 1, 1024, &threads))
        return false;
    out->has_date = cli_has(line, "date");
    out->threads = (unsigned)threads;
    return true;
}

/* What the scenario says, where the line says nothing. */
static void ask_scenario(const tariff_scenario *scenario, tariff_stream_options *out)
{
    if (!scenario)
        return;
    if (!out->has_date)
        out->has_date = tariff_scenario_date(scenario, &out->date);
    if (out->importer.id == TARIFF_COUNTRY_NONE)
        out->importer = tariff_scenario_importer(scenario);
}

/* A silent zero would be taken for a duty. */
static void tell(const tariff_stream_counts *n)
{
    const struct {
        uint64_t    rows;
        const char *what;
    } remarks[] = {
        { n->unassessed, "unassessed: a specific duty has no quantity in its unit, and counts 0" },
        { n->coarse, "coarse: measures on longer codes cannot be decided" },
        { n->unknown_part, "unknown_part: a layer charges a part whose share nobody tells" },
        { n->unmatched, "unmatched: no ordinary duty is known" }
    };
    for (size_t i = 0; i < sizeof remarks / sizeof remarks[0]; i++)
        if (remarks[i].rows)
            fprintf(stderr, "%llu of %llu row%s %s %s\n", (unsigned long long)remarks[i].rows,
                    (unsigned long long)n->rows, cli_plural(n->rows),
                    remarks[i].rows == 1 ? "is" : "are", remarks[i].what);
}

static int rate(tariff_env *env, const cli_line *line, const cli_source *from,
                tariff_stream_options *wanted)
{
    tariff_stream_counts counts = { .size = sizeof counts };
    const char          *in = line->operand_count > 1 ? line->operands[1] : "-";
    const char          *out = cli_value(line, "output");
    ask_scenario(from->scenario, wanted);
    if (out) /* else there is nothing half-written to take away */
        interrupt_watch(env);
    tariff_status status = tariff_stream(env, from->law, wanted, in, out ? out : "-", &counts);
    progress_clear();
    if (status == TARIFF_OK && !cli_is_quiet())
        tell(&counts);
    return interrupt_code(cli_exit_code(status));
}

static int run(tariff_env *env, int argc, char **argv)
{
    cli_line              line;
    cli_currency          currency;
    tariff_law_options    law = TARIFF_LAW_OPTIONS_INIT;
    tariff_stream_options wanted = TARIFF_STREAM_OPTIONS_INIT;
    cli_source            from;
    char                  buf[CLI_PATH_ROOM];
    progress              shown;
    if (!cli_parse(env, &cli_rate, argc, argv, &line))
        return EXIT_USAGE;
    if (line.operand_count < 1 || line.operand_count > 2)
        return cli_usage_error(&cli_rate, "a schedule or scenario is expected, and at most one "
                                          "file of flows");
    const char *path = cli_input(env, line.operands[0], buf);
    if (!cli_options_fit(&cli_rate, &line, path)
        || !cli_read_currency(&cli_rate, &line, &currency, &law)
        || !cli_read_date(&cli_rate, &line, "as-of", &law.as_of) || !read_options(&line, &wanted)
        || !progress_begin(&shown, env, &cli_rate, &line))
        return EXIT_USAGE;
    if (!cli_has(&line, "output") && isatty(STDOUT_FILENO)) /* rows tell how far it is */
        tariff_env_on_progress(env, NULL, NULL);
    law.has_as_of = cli_has(&line, "as-of");
    signal(SIGPIPE, SIG_DFL); /* who reads no further wants no words of it */
    tariff_status status = cli_open_source(env, &line, path, &law, &from);
    int code = status == TARIFF_OK ? rate(env, &line, &from, &wanted) : cli_exit_code(status);
    cli_free_source(&from);
    return code;
}

static const cli_example examples[] = {
    { "tariff rate datasets/us-tariffs --date 2025-08-27 < shipments.csv > rated.csv",
      "each row as it stands, followed by its burden" },
    { "tariff rate scenarios/india-us-2025.yaml shipments.csv --layers -o rated.csv",
      "under the law of a scenario, with the rate of each layer" },
    { NULL, NULL }
};

const cli_command cli_rate = {
    .name = "rate",
    .summary = "the burden of each row of a stream, in columns added to it",
    .usage = "rate SCHEDULE|SCENARIO [FILE] [-o FILE] [--date DATE] [--origin COUNTRY]\n"
             "            [--importer COUNTRY] [--profile PROFILE] [--layers] [OPTION]...",
    .about = "A filter. Rows of flows come from FILE or standard input and leave as they "
             "came, in their order, with columns added: ordinary_rate, additional_rate "
             "and total_rate, as fractions of the value (empty for an amount of money on "
             "a value of zero); total_duty, to cents; and remarks. With --layers, "
             "LAYER_rate for each layer as well. Memory does not grow with the stream, "
             "and a row leaves without waiting for the end.\n\n"
             "Beside the columns of flows (see tariff-flows(5)) a row may have a date: "
             "its day of entry. A row without one is rated on the day of --date or of the "
             "scenario, and without that on the first day of its period. The columns "
             "claims and parts say what is known of the shipment. Columns that are not "
             "known are kept, and not read.\n\n"
             "remarks tells, in words separated by blanks, what a number does not: "
             "unassessed, a specific duty had no quantity in its unit and counts 0; "
             "coarse, measures on longer codes cannot be decided; estimated, a share "
             "table decided; unknown_part, a layer charges a part whose share nobody "
             "tells; unmatched, no ordinary duty is known. At the end standard error says "
             "how many rows are remarked upon.\n\n"
             "After a bad row nothing more is written; the rows that follow are checked, "
             "and the exit code is 3. With --output a file appears whole, or not at all.",
    .examples = examples,
    .options = options,
    .run = run,
};
