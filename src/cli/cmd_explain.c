/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/currency.h"
#include "cli/data.h"
#include "cli/explain_out.h"
#include "cli/source.h"
#include "cli/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cli_option options[] = {
    { "hs", 0, "CODE", "the product, such as 6109.10.00" },
    { "origin", 0, "COUNTRY", "country of origin" },
    { "importer", 0, "COUNTRY", "importing country (default: the scenario's)" },
    { "date", 0, "DATE", "day of entry (default: the scenario's)" },
    { "value", 0, "AMOUNT", "value of the shipment (default: 100)" },
    { "quantity", 0, "NUMBER", "quantity, with --unit" },
    { "unit", 0, "UNIT", "unit of the quantity, such as kg" },
    { "claim", 0, "NAME[=SHARE]", "a claim that is made; the rest from the tables" },
    { "part", 0, "NAME=SHARE", "a part of the value; the rest from the tables" },
    { "set", 0, "KEY=VALUE", "override a key of the scenario" },
    CLI_CURRENCY_OPTIONS,
    { "format", 0, "text|json", "how it is written (default: text)" },
    { NULL, 0, NULL, NULL }
};

/* Values of options: each says what is wrong and returns false. */

static bool read_amounts(const cli_line *line, tariff_entry *entry)
{
    const char *value = cli_value(line, "value"), *quantity = cli_value(line, "quantity");
    const char *unit = cli_value(line, "unit");
    entry->value.e4 = 1000000;
    if (value && tariff_money_parse(value, strlen(value), &entry->value) != TARIFF_OK)
        return cli_bad_value(&cli_explain, "value", value,
                             "amount: digits, a point, at most four decimals");
    if (quantity && tariff_money_parse(quantity, strlen(quantity), &entry->quantity) != TARIFF_OK)
        return cli_bad_value(&cli_explain, "quantity", quantity,
                             "quantity: digits, a point, at most four decimals");
    if (unit && tariff_unit_parse(unit, strlen(unit), &entry->unit) != TARIFF_OK)
        return cli_bad_value(&cli_explain, "unit", unit,
                             "unit: kg, no, l, m2, ...; see 'tariff help schedule'");
    if ((quantity == NULL) != (unit == NULL)) {
        cli_usage_error(&cli_explain, "--quantity and --unit go together");
        return false;
    }
    return true;
}

static bool read_date(const cli_line *line, const cli_source *from, tariff_entry *entry)
{
    if (cli_has(line, "date"))
        return cli_read_date(&cli_explain, line, "date", &entry->date);
    if (from->scenario && tariff_scenario_date(from->scenario, &entry->date))
        return true;
    cli_usage_error(&cli_explain, "--date is missing: the day of entry");
    return false;
}

static bool read_entry(const cli_line *line, const cli_source *from, tariff_entry *entry)
{
    const char *hs = cli_value(line, "hs");
    if (!hs || !cli_value(line, "origin")) {
        cli_usage_error(&cli_explain, "--hs and --origin say which shipment");
        return false;
    }
    if (tariff_hs_parse(hs, strlen(hs), &entry->hs) != TARIFF_OK)
        return cli_bad_value(&cli_explain, "hs", hs,
                             "HS code: 2 to 12 digits, an even number of them");
    if (from->scenario)
        entry->importer = tariff_scenario_importer(from->scenario);
    if (!cli_read_country(&cli_explain, line, "origin", &entry->origin)
        || !cli_read_country(&cli_explain, line, "importer", &entry->importer)
        || !read_date(line, from, entry)
        || !read_amounts(line, entry))
        return false;
    if (entry->importer.id == TARIFF_COUNTRY_NONE) {
        cli_usage_error(&cli_explain, "--importer is missing: the scenario does not fix one");
        return false;
    }
    return true;
}

/* "--claim a --claim b=0.5" as "a b=0.5". */
static char *join(const cli_line *line, const char *option)
{
    const char *values[CLI_GIVEN_MAX];
    size_t      n = cli_values(line, option, values, CLI_GIVEN_MAX), size = 1;
    for (size_t i = 0; i < n; i++)
        size += strlen(values[i]) + 1;
    char  *text = calloc(size, 1);
    size_t at = 0;
    for (size_t i = 0; i < n && text; i++)
        at += (size_t)snprintf(text + at, size - at, "%s%s", i ? " " : "", values[i]);
    return text;
}

/* What the library says of the entry's claims and parts is said of the options they came from. */
static void print_option_diag(void *user, const tariff_diag *diag)
{
    bool       *bad_option = user;
    bool        claims = diag->field && strcmp(diag->field, "claims") == 0;
    bool        parts = diag->field && strcmp(diag->field, "parts") == 0;
    tariff_diag named = *diag;
    named.file = claims ? "--claim" : "--part";
    *bad_option = *bad_option || claims || parts;
    cli_print_diag(NULL, claims || parts ? &named : diag);
}

/* Of a scenario that is many, which one is explained. */
static void tell_which(const tariff_scenario *scenario, bool has_date, tariff_date date)
{
    const char *varies = scenario ? tariff_scenario_varies(scenario) : "";
    char        day[16], text[160];
    tariff_diag note = { .size = sizeof note, .severity = TARIFF_NOTE, .message = text };
    tariff_date_format(date, day);
    if (strcmp(varies, "sweep") == 0)
        snprintf(text, sizeof text, "explained is the law without the sweep; 'tariff run --point N "
                                    "--show' prints a point as a scenario of its own");
    else if (strcmp(varies, "solve") == 0)
        snprintf(text, sizeof text, "explained is the law without the rate that 'solve' finds");
    else if (strcmp(varies, "dates") == 0 && !has_date)
        snprintf(text, sizeof text, "of the days of the scenario, the first is explained, %s; "
                                    "--date names another", day);
    else
        return;
    cli_print_diag(NULL, &note);
}

static int explain(tariff_env *env, const cli_line *line, const cli_source *from)
{
    tariff_entry entry = TARIFF_ENTRY_INIT;
    const char  *format = cli_value(line, "format");
    bool         json = format && strcmp(format, "json") == 0;
    if (format && !json && strcmp(format, "text") != 0)
        return cli_usage_error(&cli_explain, "--format is text or json, not '%s'", format);
    if (!read_entry(line, from, &entry))
        return EXIT_USAGE;
    tell_which(from->scenario, cli_has(line, "date"), entry.date);
    char *claims = join(line, "claim"), *parts = join(line, "part");
    int   code = EXIT_SYSTEM;
    if (claims && parts) {
        bool bad_option = false;
        entry.claims = claims;
        entry.parts = parts;
        tariff_env_on_diag(env, print_option_diag, &bad_option);
        code = cli_exit_code(json ? explain_json(env, from->law, &entry)
                                  : explain_text(env, from->law, &entry));
        tariff_env_on_diag(env, cli_print_diag, NULL);
        if (bad_option)
            code = EXIT_USAGE;
    }
    free(claims);
    free(parts);
    return code;
}

static int run(tariff_env *env, int argc, char **argv)
{
    cli_line           line;
    cli_currency       currency;
    tariff_law_options wanted = TARIFF_LAW_OPTIONS_INIT;
    cli_source         from;
    if (!cli_parse(env, &cli_explain, argc, argv, &line))
        return EXIT_USAGE;
    if (line.operand_count != 1)
        return cli_usage_error(&cli_explain, "one scenario or schedule is expected");
    char        buf[CLI_PATH_ROOM];
    const char *path = cli_input(env, line.operands[0], buf);
    if (!cli_options_fit(&cli_explain, &line, path)
        || !cli_read_currency(&cli_explain, &line, &currency, &wanted))
        return EXIT_USAGE;
    tariff_status status = cli_open_source(env, &line, path, &wanted, &from);
    int code = status == TARIFF_OK ? explain(env, &line, &from) : cli_exit_code(status);
    cli_free_source(&from);
    return code;
}

static const cli_example examples[] = {
    { "tariff explain scenarios/india-us-2025.yaml --hs 6109.10.00 --origin IN --value 1000",
      "every layer, its verdict, its rate and its duty" },
    { "tariff explain scenarios/india-us-2025.yaml --hs 7308.90.95 --origin IN --part steel=0.4",
      "with a share of steel that is known of the shipment" },
    { NULL, NULL }
};

const cli_command cli_explain = {
    .name = "explain",
    .summary = "why a shipment bears what it bears",
    .usage = "explain SCENARIO|SCHEDULE --hs CODE --origin COUNTRY [--importer COUNTRY]\n"
             "               [--date DATE] [--value AMOUNT] [--quantity NUMBER --unit UNIT]\n"
             "               [--claim NAME[=SHARE]]... [--part NAME=SHARE]...\n"
             "               [--format text|json] [--currency CUR] [--exchange CUR=RATE]...",
    .about = "Tells how the duty on one shipment comes about: layer by layer in the order "
             "of the day, with the measure's row of law and its citation; for each "
             "combination of claims that the share tables leave open, with its "
             "probability. What is added up is what 'tariff run' computes.\n\n"
             "A directory or a CSV is a schedule; anything else is a scenario, whose date "
             "and importer are the defaults.",
    .examples = examples,
    .options = options,
    .run = run,
};
