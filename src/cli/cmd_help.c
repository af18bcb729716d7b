/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/nearest.h"
#include "cli/topics.h"

#include <stdint.h>
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
        if (!cli_commands[i]->hidden)
            fprintf(out, "  %-10s %s\n", cli_commands[i]->name, cli_commands[i]->summary);
    fputs("\n'tariff help COMMAND' tells more; 'tariff help TOPIC' explains the files:\n", out);
    for (size_t i = 0; topics[i].name; i++)
        fprintf(out, "  %-10s %s\n", topics[i].name, topics[i].summary);
}

enum { LEFT = 28 };

static void print_option(const cli_option *option)
{
    char left[96];
    int  n = option->letter ? snprintf(left, sizeof left, "-%c, --%s", option->letter, option->name)
                            : snprintf(left, sizeof left, "    --%s", option->name);
    if (option->argument)
        n += snprintf(left + n, sizeof left - (size_t)n, " %s", option->argument);
    if (n > LEFT)
        printf("  %s\n  %-*s %s\n", left, LEFT, "", option->help);
    else
        printf("  %-*s %s\n", LEFT, left, option->help);
}

/* Examples come first: most who ask want a line to change. */
static void print_command(const cli_command *command)
{
    const cli_option *option;
    for (const cli_example *example = command->examples; example->line; example++)
        printf("  %s\n      %s\n", example->line, example->what);
    printf("\ntariff %s: %s\n\nusage: tariff %s\n\n", command->name, command->summary,
           command->usage);
    for (size_t i = 0; (option = cli_option_at(command, i)) != NULL; i++)
        print_option(option);
}

static const char *nearest_name(const char *word)
{
    const char *near = NULL;
    size_t      best = SIZE_MAX;
    for (size_t i = 0; cli_commands[i]; i++)
        if (!cli_commands[i]->hidden && cli_distance(word, cli_commands[i]->name) < best) {
            near = cli_commands[i]->name;
            best = cli_distance(word, near);
        }
    for (size_t i = 0; topics[i].name; i++)
        if (cli_distance(word, topics[i].name) < best) {
            near = topics[i].name;
            best = cli_distance(word, near);
        }
    return cli_is_near(word, best) ? near : NULL;
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
    const char *near = nearest_name(argv[1]);
    fprintf(stderr, "tariff: no help on '%s'; ", argv[1]);
    if (near)
        fprintf(stderr, "did you mean '%s'?\n", near);
    else
        fputs("'tariff help' lists the topics\n", stderr);
    return EXIT_USAGE;
}

static const cli_example examples[] = {
    { "tariff help run", "a command" },
    { "tariff help scenario", "the keys of a scenario file" },
    { NULL, NULL }
};

const cli_command cli_help = {
    .name = "help",
    .summary = "this overview, a command, or a topic",
    .usage = "help [COMMAND|TOPIC]",
    .about = "Tells of a command or of the files. The same texts are in the manual: "
             "tariff-run(1), tariff-scenario(5) and so on.",
    .examples = examples,
    .options = no_options,
    .operands = "@help",
    .run = run,
};

static int version(tariff_env *env, int argc, char **argv)
{
    cli_line line;
    (void)env;
    if (!cli_parse(env, &cli_version, argc, argv, &line))
        return EXIT_USAGE;
    if (line.operand_count > 0)
        return cli_usage_error(&cli_version, "'%s' is too much: version takes nothing",
                               line.operands[0]);
    printf("tariff %s\nlicence GPL-3.0-or-later\n", tariff_version());
    return EXIT_DONE;
}

static const cli_example version_examples[] = {
    { "tariff version", "the version" },
    { "tariff --version", "the same" },
    { NULL, NULL }
};

const cli_command cli_version = {
    .name = "version",
    .summary = "the version of the library",
    .usage = "version",
    .about = "Prints the version of the library and its licence.",
    .examples = version_examples,
    .options = no_options,
    .operands = "",
    .run = version,
};
