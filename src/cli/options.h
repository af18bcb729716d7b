/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Options as tables: the same rows parse the command line and make the help.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct cli_option {
    const char *name;     /**< Long name, without "--". */
    char        letter;   /**< Short name, or 0. */
    const char *argument; /**< What it takes ("DIR", "text|json"), or NULL. */
    const char *help;
} cli_option;

/** One option as it was given. */
typedef struct cli_given {
    const cli_option *option;
    const char       *value; /**< NULL if it takes none. */
} cli_given;

enum { CLI_GIVEN_MAX = 256 };

/** A parsed command line. */
typedef struct cli_line {
    cli_given given[CLI_GIVEN_MAX];
    size_t    given_count;
    char    **operands;
    int       operand_count;
} cli_line;

struct cli_command;
struct tariff_env;

/** Options that every command takes; ends with a NULL name. */
extern const cli_option cli_common_options[];

/** The i-th option of a command, its own first; NULL after the last. */
const cli_option *cli_option_at(const struct cli_command *command, size_t i);

/**
 * Parse, and do what the common options ask for; on failure says why and returns false.
 * `argv[0]` is the command's name; `env` may be NULL.
 */
bool cli_parse(struct tariff_env *env, const struct cli_command *command, int argc, char **argv,
               cli_line *out);

/** The value of an option given once ("" if it takes none), or NULL. The last one wins. */
const char *cli_value(const cli_line *line, const char *name);
bool        cli_has(const cli_line *line, const char *name);
/** The values of an option that may be given often; returns their number. */
size_t      cli_values(const cli_line *line, const char *name, const char **out, size_t room);

#endif
