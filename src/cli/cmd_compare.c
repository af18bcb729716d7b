/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/interrupt.h"
#include "cli/quote.h"

#include <stdio.h>

static const cli_option options[] = {
    { "output", 'o', "DIR", "write compare.csv, products_compare.csv, ... to DIR" },
    { "exit-code", 0, NULL, "exit with 1 if anything differs" },
    { NULL, 0, NULL, NULL }
};

static void print_table(const tariff_table *table, bool with_header)
{
    size_t width = tariff_table_columns(table);
    for (size_t i = 0; with_header && i < width; i++)
        cli_put_field(tariff_table_header(table, i), i + 1 == width);
    for (size_t row = 0; row < tariff_table_rows(table); row++)
        for (size_t i = 0; i < width; i++)
            cli_put_field(tariff_table_cell(table, row, i), i + 1 == width);
}

static int run(tariff_env *env, int argc, char **argv)
{
    cli_line           line;
    tariff_run_options wanted = TARIFF_RUN_OPTIONS_INIT;
    tariff_result     *result;
    bool               differs;
    if (!cli_parse(env, &cli_compare, argc, argv, &line))
        return EXIT_USAGE;
    if (line.operand_count != 2)
        return cli_usage_error(&cli_compare, "two scenarios or report directories are expected");
    wanted.directory = cli_value(&line, "output");
    if (wanted.directory && !*wanted.directory)
        return cli_usage_error(&cli_compare, "--output: the directory has no name");
    interrupt_watch(env);
    tariff_status status = tariff_compare(env, line.operands[0], line.operands[1], &wanted,
                                          &result, &differs);
    if (status != TARIFF_OK)
        return interrupt_code(cli_exit_code(status));
    const tariff_table *table = tariff_result_table(result, "compare");
    const tariff_table *impact = tariff_result_table(result, "impact_compare");
    if (!wanted.directory && table)
        print_table(table, true);
    if (!wanted.directory && impact) /* more metrics, in the same columns */
        print_table(impact, !table);
    tariff_result_free(result);
    return differs && cli_has(&line, "exit-code") ? EXIT_NO : EXIT_DONE;
}

static const cli_example examples[] = {
    { "tariff compare scenarios/india-us-2025-08-06.yaml scenarios/india-us-2025.yaml",
      "each metric there, here, and the change" },
    { "tariff compare scenarios/india-us-2025-none.yaml scenarios/india-us-2025.yaml -o "
      "changes",
      "tables by product, origin and layer, in changes/" },
    { NULL, NULL }
};

const cli_command cli_compare = {
    .name = "compare",
    .summary = "two scenarios, or two report directories, side by side",
    .usage = "compare BASELINE SCENARIO [-o DIR] [--exit-code]",
    .about = "Compares two scenarios, two directories of reports, or one of each. Without "
             "--output, the metrics go to standard output as CSV, those of an impact as well. "
             "With it, every report that both sides have gets its comparison in DIR; a note "
             "names what cannot be compared.",
    .examples = examples,
    .options = options,
    .run = run,
};
