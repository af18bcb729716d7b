/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Options of schedules come first, then those of flows, then those of both. */
static const cli_option options[] = {
    { "column", 0, "general|special|other",
      "hts: column of rates (default: general; other: column 2)" },
    { "layer", 0, "NAME", "hts: layer of the measures (default: mfn)" },
    { "origins", 0, "COUNTRIES", "hts: origins of the measures (default: *)" },
    { "importers", 0, "COUNTRIES", "hts: importers of the measures (default: US)" },
    { "from", 0, "DATE", "hts: first day in force (default: open)" },
    { "until", 0, "DATE", "hts: first day not in force (default: open)" },
    { "citation", 0, "TEXT", "hts: citation of the measures" },
    { "programmes", 0, "FILE", "hts: CSV symbol,claim,origins, for the special column" },
    { "programme", 0, "S=CLAIM", "hts: one more of them, such as 'S=usmca:CA MX'" },
    { "marker", 0, "RATE", "hts: rate of lines not understood (default: left out)" },
    { "unparsed", 0, "FILE", "hts: write texts not understood to hs,column,text,line" },
    { "descriptions", 0, "FILE", "hts: write hs,description as well" },
    { "all", 0, NULL, "hts: chapters 98 and 99, too" },
    { "importer", 0, "COUNTRY", "importer of flows without that column; of hts, as --importers" },
    { "origin", 0, "COUNTRY", "flows: origin, for files without that column" },
    { "scale", 0, "N", "flows: values are in units of N: 1, 1000, ..." },
    { "digits", 0, "N", "flows: only codes of N digits" },
    { "skip", 0, "COLUMN=VALUE", "flows: leave rows out, such as partnerCode=899" },
    { "output", 'o', "FILE", "write to FILE, whole or not at all (default: standard output)" },
    { NULL, 0, NULL, NULL }
};

enum { HTS_ONLY = 13, BOTH = 1, FLOWS_ONLY = 4 };

/* Is every option given one that this kind of file has? */
static bool options_fit(const cli_line *line, bool hts)
{
    for (size_t i = 0; i < line->given_count; i++) {
        size_t at = 0;
        while (options[at].name && &options[at] != line->given[i].option)
            at++;
        bool of_flows = at >= HTS_ONLY + BOTH && at < HTS_ONLY + BOTH + FLOWS_ONLY;
        if (hts ? of_flows : at < HTS_ONLY) {
            cli_usage_error(&cli_convert, "--%s is for %s", options[at].name,
                            hts ? "flows, not for hts" : "hts, not for flows");
            return false;
        }
    }
    return true;
}

static int exit_code(tariff_status status)
{
    return status == TARIFF_E_ARG ? EXIT_USAGE : cli_exit_code(status);
}

static const char *value_or(const cli_line *line, const char *name, const char *otherwise)
{
    const char *value = cli_value(line, name);
    return value ? value : otherwise;
}

/* Schedules */

static bool read_column(const cli_line *line, tariff_hts_column *out)
{
    static const char *const names[] = { "general", "special", "other" };
    const char              *text = value_or(line, "column", "general");
    for (int i = 0; i < 3; i++)
        if (strcmp(names[i], text) == 0) {
            *out = (tariff_hts_column)i;
            return true;
        }
    return cli_bad_value(&cli_convert, "column", text, "column: general, special or other");
}

static bool read_hts_options(const cli_line *line, const char **programme,
                             tariff_hts_options *out)
{
    out->layer = value_or(line, "layer", out->layer);
    out->origins = value_or(line, "origins", out->origins);
    out->importers = value_or(line, "importers", value_or(line, "importer", out->importers));
    out->citation = value_or(line, "citation", out->citation);
    out->marker = cli_value(line, "marker");
    out->unparsed = cli_value(line, "unparsed");
    out->descriptions = cli_value(line, "descriptions");
    out->programmes = cli_value(line, "programmes");
    out->programme = programme;
    out->programme_count = cli_values(line, "programme", programme, CLI_GIVEN_MAX);
    out->all = cli_has(line, "all");
    if (!read_column(line, &out->column)
        || !cli_read_date(&cli_convert, line, "from", &out->in_force.from)
        || !cli_read_date(&cli_convert, line, "until", &out->in_force.until))
        return false;
    if (out->column == TARIFF_HTS_SPECIAL && !out->programmes && out->programme_count == 0) {
        cli_usage_error(&cli_convert, "--programmes is missing: which claim is which symbol?");
        return false;
    }
    return true;
}

static void tell_hts(const tariff_hts_options *wanted, const tariff_hts_counts *n)
{
    fprintf(stderr, "%llu lines, %llu measures\n", (unsigned long long)n->lines,
            (unsigned long long)n->measures);
    double share = n->rates ? 100.0 * (double)(n->rates - n->unparsed) / (double)n->rates : 100;
    fprintf(stderr, "%llu rates: %.2f %% understood; %llu not%s\n",
            (unsigned long long)n->rates, share, (unsigned long long)n->unparsed,
            n->unparsed == 0   ? ""
            : wanted->marker ? ", marked"
                             : ", left out");
    if (n->of_content)
        fprintf(stderr, "%llu rates are per unit of a content, such as 'on lead content'\n",
                (unsigned long long)n->of_content);
    if (n->without && wanted->column != TARIFF_HTS_SPECIAL)
        fprintf(stderr, "%llu lines have no rate\n", (unsigned long long)n->without);
}

static int convert_hts(tariff_env *env, const cli_line *line, const char *in, const char *out)
{
    const char        *programme[CLI_GIVEN_MAX];
    tariff_hts_options wanted = TARIFF_HTS_OPTIONS_INIT;
    tariff_hts_counts  counts = { .size = sizeof counts };
    if (!read_hts_options(line, programme, &wanted))
        return EXIT_USAGE;
    tariff_status status = tariff_convert_hts(env, &wanted, in, out, &counts);
    if (status == TARIFF_OK)
        tell_hts(&wanted, &counts);
    return exit_code(status);
}

/* Flows */

static bool read_number(const cli_line *line, const char *option, uint64_t most, uint64_t *out)
{
    char       *end;
    const char *text = cli_value(line, option);
    if (!text)
        return true;
    *out = strtoull(text, &end, 10);
    return (text[0] >= '0' && text[0] <= '9' && *end == '\0' && *out > 0 && *out <= most)
           || cli_bad_value(&cli_convert, option, text, "number that fits");
}

static bool read_flows_options(const cli_line *line, const char **skip, tariff_flows_options *out)
{
    uint64_t digits = 0;
    out->skip = skip;
    out->skip_count = cli_values(line, "skip", skip, CLI_GIVEN_MAX);
    if (!cli_read_country(&cli_convert, line, "origin", &out->origin)
        || !cli_read_country(&cli_convert, line, "importer", &out->importer)
        || !read_number(line, "scale", 1000000000, &out->scale)
        || !read_number(line, "digits", 12, &digits))
        return false;
    out->digits = (unsigned)digits;
    return true;
}

static void tell_flows(const tariff_flows_counts *n)
{
    const struct {
        uint64_t    rows;
        const char *what;
    } left_out[] = { { n->other_flows, "flows other than imports" },
                     { n->aggregates, "totals over partners or products" },
                     { n->details, "pieces of rows that are there whole" },
                     { n->skipped, "rows as asked for" } };
    fprintf(stderr, "%llu rows: %llu flows, value %s\n", (unsigned long long)n->rows,
            (unsigned long long)n->flows, n->value);
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++)
        if (left_out[i].rows)
            fprintf(stderr, "left out: %llu %s\n", (unsigned long long)left_out[i].rows,
                    left_out[i].what);
}

static int convert_flows(tariff_env *env, const cli_line *line, const char *in, const char *out)
{
    const char          *skip[CLI_GIVEN_MAX];
    tariff_flows_options wanted = TARIFF_FLOWS_OPTIONS_INIT;
    tariff_flows_counts  counts = { .size = sizeof counts };
    wanted.profile = line->operands[0];
    if (!read_flows_options(line, skip, &wanted))
        return EXIT_USAGE;
    tariff_status status = tariff_convert_flows(env, &wanted, in, out, &counts);
    if (status == TARIFF_OK)
        tell_flows(&counts);
    return exit_code(status);
}

static int run(tariff_env *env, int argc, char **argv)
{
    cli_line line;
    if (!cli_parse(env, &cli_convert, argc, argv, &line))
        return EXIT_USAGE;
    if (line.operand_count != 2)
        return cli_usage_error(&cli_convert, "a profile and one file are expected");
    bool hts = strcmp(line.operands[0], "hts") == 0;
    if (!options_fit(&line, hts))
        return EXIT_USAGE;
    const char *out = value_or(&line, "output", "-");
    return hts ? convert_hts(env, &line, line.operands[1], out)
               : convert_flows(env, &line, line.operands[1], out);
}

static const cli_example examples[] = {
    { "tariff convert hts hts.csv -o mfn.csv",
      "an edition of the United States tariff as measures" },
    { "tariff convert comtrade comtrade.csv --digits 6 -o flows.csv",
      "imports by six-digit codes, without totals and exports" },
    { NULL, NULL }
};

const cli_command cli_convert = {
    .name = "convert",
    .summary = "foreign tariff schedules and trade statistics to native files",
    .usage = "convert hts INPUT [-o FILE] [OPTION]...\n"
             "       tariff convert PROFILE INPUT [-o FILE] [OPTION]...\n"
             "       PROFILE: census, comtrade, baci, wits, native, or a YAML file",
    .about = "Makes measures of the Harmonized Tariff Schedule of the United States, as "
             "the USITC exports it to CSV, and flows of what statistical offices publish. "
             "Nothing is guessed: what is not understood is reported, and what is left "
             "out is counted.",
    .examples = examples,
    .options = options,
    .operands = "hts census comtrade baci wits native",
    .run = run,
};
