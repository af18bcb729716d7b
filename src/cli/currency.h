/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * --currency and --exchange, for commands that take a schedule by itself.
 */
#ifndef CLI_CURRENCY_H
#define CLI_CURRENCY_H

#include "cli/cli.h"

/* Rows of a command's table of options. */
#define CLI_CURRENCY_OPTIONS                                                                     \
    { "currency", 0, "CUR", "unit of account of the values (default: USD)" },                    \
    { "exchange", 0, "CUR=RATE", "value of a foreign currency in it, such as GBP=1.25; repeatable" }

/** What the options say; `law` points into it. */
typedef struct cli_currency {
    char            account[4];
    tariff_exchange exchange[CLI_GIVEN_MAX];
    size_t          count;
} cli_currency;

/** Read both options into `law`; on failure says why and returns false. */
bool cli_read_currency(const cli_command *command, const cli_line *line, cli_currency *out,
                       tariff_law_options *law);

#endif
