/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/topics.h"

#include <stdio.h>
#include <string.h>

static const cli_option no_options[] = { { NULL, 0, NULL, NULL } };

void cli_print_overview(FILE *out)
{
    fputs("tariff: what tariffs charge on trade, exactly, and why\n\n"
          "  tariff run scenarios/india-us-2025.yaml -o reports\n"
          "  tariff explain scenarios/india-us-2025.yaml --hs 6109.10.00 --origin IN\n\n",
          out);
    for (size_t i = 0; cli_commands[i]; i++)
        fprintf(out, "  %-10s %s\n", cli_commands[i]->name, cli_commands[i]->summary);
    fputs("\n'tariff help COMMAND' tells more; 'tariff help TOPIC' explains the files:\n", out);
    for (size_t i = 0; topics[i].name; i++)
        fprintf(out, "  %-10s %s\n", topics[i].name, topics[i].summary);
}

static void print_option(const cli_option *option)
{
    char left[64];
    int  n = option->letter ? snprintf(left, sizeof left, "-%c, --%s", option->letter, option->name)
                            : snprintf(left, sizeof left, "    --%s", option->name);
    if (option->argument)
        snprintf(left + n, sizeof left - (size_t)n, " %s", option->argument);
    printf("  %-28s %s\n", left, option->help);
}

static void print_command(const cli_command *command)
{
    printf("tariff %s: %s\n\nusage: tariff %s\n", command->name, command->summary, command->usage);
    if (command->options[0].name)
        putchar('\n');
    for (const cli_option *option = command->options; option->name; option++)
        print_option(option);
}

static int run(tariff_env *env, int argc, char **argv)
{
    (void)env;
    if (argc > 2)
        return cli_usage_error(&cli_help, "one command or topic is expected");
    if (argc < 2) {
        cli_print_overview(stdout);
        return EXIT_DONE;
    }
    const cli_command *command = cli_find(argv[1]);
    if (command) {
        print_command(command);
        return EXIT_DONE;
    }
    for (size_t i = 0; topics[i].name; i++)
        if (strcmp(topics[i].name, argv[1]) == 0) {
            fputs(topics[i].text, stdout);
            return EXIT_DONE;
        }
    fprintf(stderr, "tariff: no help on '%s'; 'tariff help' lists the topics\n", argv[1]);
    return EXIT_USAGE;
}

const cli_command cli_help = {
    .name = "help",
    .summary = "this overview, a command, or a topic",
    .usage = "help [COMMAND|TOPIC]",
    .options = no_options,
    .run = run,
};

static int version(tariff_env *env, int argc, char **argv)
{
    cli_line line;
    (void)env;
    if (!cli_parse(&cli_version, argc, argv, &line))
        return EXIT_USAGE;
    if (line.operand_count > 0)
        return cli_usage_error(&cli_version, "'%s' is too much: version takes nothing",
                               line.operands[0]);
    printf("tariff %s\nlicence GPL-3.0-or-later\n", tariff_version());
    return EXIT_DONE;
}

const cli_command cli_version = {
    .name = "version",
    .summary = "the version of the library",
    .usage = "version",
    .options = no_options,
    .run = version,
};
