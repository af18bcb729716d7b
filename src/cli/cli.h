/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What the commands share.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/options.h"

#include <stdio.h>
#include <tariff/tariff.h>

/** Exit codes (SPEC section 6). */
enum {
    EXIT_DONE = 0,
    EXIT_NO = 1,    /**< The answer is "no". */
    EXIT_USAGE = 2,
    EXIT_INPUT = 3,
    EXIT_SYSTEM = 4,
    EXIT_MODEL = 5
};

/** A command line that works as it stands, and what it does. */
typedef struct cli_example {
    const char *line, *what;
} cli_example;

/** What a command is called, takes and says of itself: parser, help, manual and completions. */
typedef struct cli_command {
    const char        *name, *summary;
    const char        *usage;
    const char        *about;    /**< Paragraphs for the manual. */
    const cli_example *examples; /**< Two or more; ends with a NULL line. */
    const cli_option  *options;  /**< Ends with a NULL name; cli_common_options come after. */
    const char        *operands; /**< Words that may come first, for completion; NULL: files. */
    bool               hidden;   /**< For the build, not for people. */
    int (*run)(tariff_env *env, int argc, char **argv);
} cli_command;

extern const cli_command cli_init, cli_run, cli_explain, cli_rate, cli_compare, cli_check,
    cli_list, cli_verify, cli_convert, cli_help, cli_version, cli_manual;
/** All commands; ends with NULL. */
extern const cli_command *const cli_commands[];

int cli_exit_code(tariff_status status);
/** The diagnostics callback: as compilers do, on standard error. */
void cli_print_diag(void *user, const tariff_diag *diag);
/** "s" unless there is one: printf("%zu line%s", n, cli_plural(n)). */
const char *cli_plural(unsigned long long n);
/** How much is said on standard error beside warnings and errors: set by cli_parse(). */
void cli_speak(bool quiet, bool verbose);
bool cli_is_quiet(void);
bool cli_is_verbose(void);
/** Of a schedule that was read, if that is wanted. */
void cli_tell_schedule(const char *path, const tariff_schedule *schedule);
/** "tariff: ..." on standard error; returns EXIT_USAGE. */
int cli_usage_error(const cli_command *command, const char *format, ...) TARIFF_PRINTF(2, 3);

/** "tariff: ..." on standard error, of what the system refused; returns EXIT_SYSTEM. */
int cli_system_error(const char *format, ...) TARIFF_PRINTF(1, 2);

bool cli_system_error_told(void);

/** The command of this name, or NULL. */
const cli_command *cli_find(const char *name);
void               cli_print_usage(const cli_command *command);
/** What `tariff help` prints, on either stream. */
void               cli_print_overview(FILE *out);

#endif
