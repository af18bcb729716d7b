/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A law from what a command names: a scenario or a schedule.
 */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include "cli/cli.h"

/** What the law is made from, and what a scenario says of entries. */
typedef struct cli_source {
    tariff_scenario *scenario; /**< NULL of a schedule. */
    tariff_schedule *schedule;
    tariff_law      *law;
} cli_source;

/** A schedule is a directory or a CSV file; anything else is a scenario. */
bool cli_is_schedule(const char *path);

/** Options that mean nothing for what is named are errors: silence would mislead. */
bool cli_options_fit(const cli_command *command, const cli_line *line, const char *path);

/**
 * Load and compile: a scenario with the --set of the line, or a schedule, under
 * those of its --overlay, as `wanted` says.
 */
tariff_status cli_open_source(tariff_env *env, const cli_line *line, const char *path,
                              const tariff_law_options *wanted, cli_source *out);
void          cli_free_source(cli_source *source);

#endif
