/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/manual.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/*
 * Run by the build: writes DIR/man/man1/tariff.1, ... and DIR/completions/ for the
 * shells, so that they cannot say anything else than the command does.
 */
enum { PATH_ROOM = 4096 };

static const cli_option options[] = { { NULL, 0, NULL, NULL } };

static int make_directories(const char *directory)
{
    static const char *const below[] = { "", "/man", "/man/man1", "/man/man3", "/man/man5",
                                         "/completions" };
    for (size_t i = 0; i < sizeof below / sizeof below[0]; i++) {
        char path[PATH_ROOM];
        snprintf(path, sizeof path, "%s%s", directory, below[i]);
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            return cli_system_error("cannot make '%s': %s", path, strerror(errno));
    }
    return EXIT_DONE;
}

static FILE *begin(const char *directory, const char *place, const char *name, const char *ending)
{
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/%s%s%s", directory, place, name, ending);
    FILE *out = fopen(path, "w");
    if (!out)
        cli_system_error("cannot write '%s': %s", path, strerror(errno));
    return out;
}

static int end(FILE *out)
{
    bool good = !ferror(out);
    return fclose(out) == 0 && good ? EXIT_DONE
                                    : cli_system_error("cannot write: %s", strerror(errno));
}

static int write_command(const char *directory, const cli_command *command)
{
    FILE *out = begin(directory, "man/man1/tariff-", command->name, ".1");
    if (!out)
        return EXIT_SYSTEM;
    manual_put_command(out, command);
    return end(out);
}

static int write_topic(const char *directory, const topic *page)
{
    FILE *out = begin(directory, "man/man5/tariff-", page->name, ".5");
    if (!out)
        return EXIT_SYSTEM;
    manual_put_topic(out, page);
    return end(out);
}

static int write_all(const char *directory)
{
    static const struct {
        const char *place;
        void (*put)(FILE *out);
    } files[] = { { "man/man1/tariff.1", manual_put_overview },
                  { "man/man3/libtariff.3", manual_put_library },
                  { "completions/tariff", completion_put_bash },
                  { "completions/_tariff", completion_put_zsh },
                  { "completions/tariff.fish", completion_put_fish } };
    int code = make_directories(directory);
    for (size_t i = 0; code == EXIT_DONE && i < sizeof files / sizeof files[0]; i++) {
        FILE *out = begin(directory, files[i].place, "", "");
        code = EXIT_SYSTEM;
        if (out) {
            files[i].put(out);
            code = end(out);
        }
    }
    for (size_t i = 0; code == EXIT_DONE && cli_commands[i]; i++)
        if (!cli_commands[i]->hidden)
            code = write_command(directory, cli_commands[i]);
    for (size_t i = 0; code == EXIT_DONE && topics[i].name; i++)
        code = write_topic(directory, &topics[i]);
    return code;
}

static int run(tariff_env *env, int argc, char **argv)
{
    cli_line line;
    (void)env;
    if (!cli_parse(env, &cli_manual, argc, argv, &line))
        return EXIT_USAGE;
    if (line.operand_count != 1)
        return cli_usage_error(&cli_manual, "one directory is expected");
    return write_all(line.operands[0]);
}

static const cli_example examples[] = { { "tariff manual share", "man pages and completions" },
                                        { NULL, NULL } };

const cli_command cli_manual = {
    .name = "manual",
    .summary = "man pages and completions of shells, for the build",
    .usage = "manual DIR",
    .about = "Writes DIR/man and DIR/completions.",
    .examples = examples,
    .options = options,
    .hidden = true,
    .run = run,
};
