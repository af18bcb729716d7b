/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Values of options: each reader says what is wrong, and returns false.  An
 * option that is not given leaves what was there.
 */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include "cli/cli.h"

/** "--OPTION: 'VALUE' is no WHAT"; returns false. */
bool cli_bad_value(const cli_command *command, const char *option, const char *value,
                   const char *what);

bool cli_read_country(const cli_command *command, const cli_line *line, const char *option,
                      tariff_country *out);
bool cli_read_date(const cli_command *command, const cli_line *line, const char *option,
                   tariff_date *out);
bool cli_read_number(const cli_command *command, const cli_line *line, const char *option,
                     unsigned long long least, unsigned long long most, unsigned long long *out);
/** Bytes: a number, and K, M or G for 1024 of them, of those, of those again. */
bool cli_read_size(const cli_command *command, const cli_line *line, const char *option,
                   size_t *out);

#endif
