/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/currency.h"
#include "cli/interrupt.h"
#include "cli/source.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

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
    { "jobs", 'j', "N", "threads to use (default: one per processor); never changes results" },
    { "quiet", 'q', NULL, "do not tell of what was remarked" },
    { NULL, 0, NULL, NULL }
};

static bool bad_value(const char *option, const char *value, const char *what)
{
    cli_usage_error(&cli_rate, "--%s: '%s' is no %s", option, value, what);
    return false;
}

static bool read_date(const cli_line *line, const char *option, bool *given, tariff_date *out)
{
    const char *text = cli_value(line, option);
    *given = *given || text;
    return !text || tariff_date_parse(text, strlen(text), out) == TARIFF_OK
           || bad_value(option, text, "day: write 2025-08-27");
}

static bool read_country(const cli_line *line, const char *option, tariff_country *out)
{
    const char *text = cli_value(line, option);
    return !text || tariff_country_parse(text, strlen(text), out) == TARIFF_OK
           || bad_value(option, text, "country: write its ISO code, see 'tariff list countries'");
}

static bool read_jobs(const cli_line *line, unsigned *out)
{
    const char *text = cli_value(line, "jobs");
    char       *end = NULL;
    if (!text)
        return true;
    unsigned long n = strtoul(text, &end, 10);
    *out = (unsigned)n;
    return (*text >= '0' && *text <= '9' && *end == '\0' && n > 0 && n <= 1024)
           || bad_value("jobs", text, "number from 1 to 1024");
}

static bool is_prefix(const char *text)
{
    return strlen(text) <= 32
           && text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")]
                  == '\0';
}

static bool read_options(const cli_line *line, tariff_stream_options *out)
{
    out->profile = cli_value(line, "profile");
    out->layers = cli_has(line, "layers");
    out->prefix = cli_value(line, "prefix");
    out->require_detail = cli_has(line, "require-detail");
    out->require_quantity = cli_has(line, "require-quantity");
    if (out->prefix && !is_prefix(out->prefix))
        return bad_value("prefix", out->prefix, "beginning of a column: letters, digits and _");
    return read_date(line, "date", &out->has_date, &out->date)
           && read_country(line, "origin", &out->origin)
           && read_country(line, "importer", &out->importer) && read_jobs(line, &out->threads);
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
    if (status == TARIFF_OK && !cli_has(line, "quiet"))
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
    if (!cli_parse(&cli_rate, argc, argv, &line))
        return EXIT_USAGE;
    if (line.operand_count < 1 || line.operand_count > 2)
        return cli_usage_error(&cli_rate, "a schedule or scenario is expected, and at most one "
                                          "file of flows");
    if (!cli_options_fit(&cli_rate, &line, line.operands[0])
        || !cli_read_currency(&cli_rate, &line, &currency, &law)
        || !read_date(&line, "as-of", &law.has_as_of, &law.as_of) || !read_options(&line, &wanted))
        return EXIT_USAGE;
    signal(SIGPIPE, SIG_DFL); /* who reads no further wants no words of it */
    tariff_status status = cli_open_source(env, &line, line.operands[0], &law, &from);
    int code = status == TARIFF_OK ? rate(env, &line, &from, &wanted) : cli_exit_code(status);
    cli_free_source(&from);
    return code;
}

const cli_command cli_rate = {
    .name = "rate",
    .summary = "the burden of each row of a stream, in columns added to it",
    .usage = "rate SCHEDULE|SCENARIO [FILE] [-o FILE] [--date DATE] [--origin COUNTRY]\n"
             "            [--importer COUNTRY] [--profile PROFILE] [--layers] [OPTION]...",
    .options = options,
    .run = run,
};
