/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/quote.h"

#include <stdio.h>
#include <string.h>

void cli_put_field(const char *text, bool last)
{
    if (strpbrk(text, ",\"\n")) {
        putchar('"');
        for (; *text; text++) {
            if (*text == '"')
                putchar('"');
            putchar(*text);
        }
        putchar('"');
    } else {
        fputs(text, stdout);
    }
    putchar(last ? '\n' : ',');
}
