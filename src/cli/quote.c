/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/quote.h"

#include <stdlib.h>
#include <string.h>
#include <tariff/tariff.h>

/* The text escaped, in `small` if it fits; NULL if memory ran out. */
static char *shown(const char *text, char *small, size_t size)
{
    size_t need = tariff_text_show(text, small, size);
    char  *all = need < size ? small : malloc(need + 1);
    if (all && all != small)
        tariff_text_show(text, all, need + 1);
    return all;
}

void cli_put_shown(FILE *out, const char *text)
{
    char  small[512];
    char *all = shown(text, small, sizeof small);
    fputs(all ? all : small, out);
    if (all != small)
        free(all);
}

void cli_put_field(const char *text, bool last)
{
    char        small[512];
    char       *all = shown(text, small, sizeof small);
    const char *at = all ? all : small;
    if (strpbrk(at, ",\"")) {
        putchar('"');
        for (; *at; at++) {
            if (*at == '"')
                putchar('"');
            putchar(*at);
        }
        putchar('"');
    } else {
        fputs(at, stdout);
    }
    if (all != small)
        free(all);
    putchar(last ? '\n' : ',');
}
