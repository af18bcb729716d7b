/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include "cli/cli.h"
#include "cli/nearest.h"
#include "cli/values.h"

#include <getopt.h>
#include <stdint.h>
#include <string.h>

enum { MOST_OPTIONS = 32, FIRST_LONG = 1000 };

const cli_option cli_common_options[] = {
    { "max-memory", 0, "SIZE", "fail rather than hold more: 512M, 4G; see 'tariff help limits'" },
    { "quiet", 'q', NULL, "say nothing but warnings and errors" },
    { "verbose", 'v', NULL, "tell what is read, and what it took" },
    { "help", 'h', NULL, "this text" },
    { NULL, 0, NULL, NULL }
};

const cli_option *cli_option_at(const cli_command *command, size_t i)
{
    const cli_option *own = command->options;
    for (; own->name; own++)
        if (i-- == 0)
            return own;
    for (own = cli_common_options; own->name; own++)
        if (i-- == 0)
            return own;
    return NULL;
}

static void make_tables(const cli_command *command, struct option *longs, char *shorts)
{
    const cli_option *option;
    size_t            n = 0;
    *shorts++ = ':'; /* getopt tells a missing value from an unknown option */
    for (; n < MOST_OPTIONS && (option = cli_option_at(command, n)) != NULL; n++) {
        longs[n].name = option->name;
        longs[n].has_arg = option->argument ? required_argument : no_argument;
        longs[n].flag = NULL;
        longs[n].val = FIRST_LONG + (int)n;
        if (!option->letter)
            continue;
        *shorts++ = option->letter;
        if (option->argument)
            *shorts++ = ':';
    }
    memset(&longs[n], 0, sizeof longs[n]);
    *shorts = '\0';
}

static const cli_option *option_of(const cli_command *command, int code)
{
    const cli_option *option;
    if (code >= FIRST_LONG)
        return cli_option_at(command, (size_t)(code - FIRST_LONG));
    for (size_t i = 0; (option = cli_option_at(command, i)) != NULL; i++)
        if (option->letter == code)
            return option;
    return NULL;
}

/* "--ouput=x" is near "output". */
static const char *nearest_option(const cli_command *command, const char *word)
{
    const cli_option *option;
    char        name[48];
    const char *near = NULL;
    size_t      best = SIZE_MAX, n = strcspn(word, "=");
    if (strncmp(word, "--", 2) != 0 || n - 2 >= sizeof name)
        return NULL;
    memcpy(name, word + 2, n - 2);
    name[n - 2] = '\0';
    for (size_t i = 0; (option = cli_option_at(command, i)) != NULL; i++) {
        size_t distance = cli_distance(name, option->name);
        if (distance < best) {
            best = distance;
            near = option->name;
        }
    }
    return cli_is_near(name, best) ? near : NULL;
}

static void say_unknown(const cli_command *command, char **argv, int code)
{
    const char *word = argv[optind - 1];
    const char *near = nearest_option(command, word);
    if (code == ':')
        cli_usage_error(command, "the option '%s' needs a value", word);
    else if (optopt >= FIRST_LONG)
        cli_usage_error(command, "the option '%s' takes no value", word);
    else if (optopt)
        cli_usage_error(command, "unknown option '-%c'", optopt);
    else if (near)
        cli_usage_error(command, "unknown option '%s'; did you mean '--%s'?", word, near);
    else
        cli_usage_error(command, "unknown option '%s'", word);
}

static bool limit_memory(tariff_env *env, const cli_command *command, const cli_line *line)
{
    tariff_limits limits = TARIFF_LIMITS_INIT;
    if (!cli_read_size(command, line, "max-memory", &limits.max_memory))
        return false;
    if (env)
        tariff_env_set_limits(env, &limits);
    return true;
}

bool cli_parse(struct tariff_env *env, const struct cli_command *command, int argc, char **argv,
               cli_line *out)
{
    struct option longs[MOST_OPTIONS + 1];
    char          shorts[2 * MOST_OPTIONS + 2];
    int           code;
    make_tables(command, longs, shorts);
    memset(out, 0, sizeof *out);
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        const cli_option *option = option_of(command, code);
        if (code == '?' || code == ':' || !option) {
            say_unknown(command, argv, code);
            return false;
        }
        if (out->given_count == CLI_GIVEN_MAX) {
            cli_usage_error(command, "more than %d options", CLI_GIVEN_MAX);
            return false;
        }
        out->given[out->given_count++] = (cli_given){ option, option->argument ? optarg : NULL };
    }
    out->operands = argv + optind;
    out->operand_count = argc - optind;
    cli_speak(cli_has(out, "quiet"), cli_has(out, "verbose"));
    return limit_memory(env, command, out);
}

const char *cli_value(const cli_line *line, const char *name)
{
    for (size_t i = line->given_count; i-- > 0;)
        if (strcmp(line->given[i].option->name, name) == 0)
            return line->given[i].value ? line->given[i].value : "";
    return NULL;
}

bool cli_has(const cli_line *line, const char *name)
{
    return cli_value(line, name) != NULL;
}

size_t cli_values(const cli_line *line, const char *name, const char **out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < line->given_count && n < room; i++)
        if (strcmp(line->given[i].option->name, name) == 0)
            out[n++] = line->given[i].value;
    return n;
}
