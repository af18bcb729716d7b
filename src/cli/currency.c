/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/currency.h"

#include <string.h>

enum { PLACES = 9 };

/* ISO 4217: three capital letters, then the end or '='. */
static bool read_code(const char *text, char end, char out[4])
{
    for (int i = 0; i < 3; i++)
        if (text[i] < 'A' || text[i] > 'Z')
            return false;
    memcpy(out, text, 3);
    out[3] = '\0';
    return text[3] == end;
}

/* A positive decimal with at most nine places, exactly. */
static bool read_factor(const char *text, int64_t *nano)
{
    int64_t n = 0;
    int     places = -1, digits = 0;
    for (; *text; text++) {
        if (*text == '.' && places < 0) {
            places = 0;
            continue;
        }
        if (*text < '0' || *text > '9' || places == PLACES || n > INT64_MAX / 10 - 1)
            return false;
        n = n * 10 + (*text - '0');
        digits++;
        places += places >= 0;
    }
    for (int i = places < 0 ? 0 : places; i < PLACES; i++) {
        if (n > INT64_MAX / 10)
            return false;
        n *= 10;
    }
    *nano = n;
    return digits > 0 && n > 0;
}

bool cli_read_currency(const cli_command *command, const cli_line *line, cli_currency *out,
                       tariff_law_options *law)
{
    const char *values[CLI_GIVEN_MAX], *account = cli_value(line, "currency");
    memset(out, 0, sizeof *out);
    if (account && !read_code(account, '\0', out->account)) {
        cli_usage_error(command, "--currency: '%s' is no currency: write EUR, for instance",
                        account);
        return false;
    }
    if (account)
        law->account = out->account;
    out->count = cli_values(line, "exchange", values, CLI_GIVEN_MAX);
    for (size_t i = 0; i < out->count; i++)
        if (!read_code(values[i], '=', out->exchange[i].currency)
            || !read_factor(values[i] + 4, &out->exchange[i].rate.nano)) {
            cli_usage_error(command, "--exchange: '%s' is no exchange rate: write GBP=1.25, the "
                                     "value of one pound in %s",
                            values[i], law->account);
            return false;
        }
    law->exchange = out->exchange;
    law->exchange_count = out->count;
    return true;
}
