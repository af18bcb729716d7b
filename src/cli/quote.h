/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_QUOTE_H
#define CLI_QUOTE_H

#include <stdbool.h>
#include <stdio.h>

/** Print text of a file with what could drive a terminal escaped, as messages do. */
void cli_put_shown(FILE *out, const char *text);

/** Print one CSV field, quoted if it needs it, and what follows it. */
void cli_put_field(const char *text, bool last);

#endif
