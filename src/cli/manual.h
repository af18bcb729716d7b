/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The manual and the completions of shells, made from the tables that parse the
 * command line and print the help.
 */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "cli/cli.h"
#include "cli/topics.h"

/** tariff(1). */
void manual_put_overview(FILE *out);
/** tariff-COMMAND(1). */
void manual_put_command(FILE *out, const cli_command *command);
/** tariff-TOPIC(5). */
void manual_put_topic(FILE *out, const topic *page);
/** libtariff(3). */
void manual_put_library(FILE *out);

/** One page's parts: text is escaped, paragraphs are filled, tables stay as they are. */
void manual_put_title(FILE *out, const char *name, const char *section, const char *summary);
void manual_put_section(FILE *out, const char *title);
void manual_put_text(FILE *out, const char *text);
/** Lines as they stand. */
void manual_put_lines(FILE *out, const char *text, size_t length);

void completion_put_bash(FILE *out);
void completion_put_zsh(FILE *out);
void completion_put_fish(FILE *out);

#endif
