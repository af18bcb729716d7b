/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/values.h"

#include <stdlib.h>
#include <string.h>

bool cli_bad_value(const cli_command *command, const char *option, const char *value,
                   const char *what)
{
    cli_usage_error(command, "--%s: '%s' is no %s", option, value, what);
    return false;
}

bool cli_read_country(const cli_command *command, const cli_line *line, const char *option,
                      tariff_country *out)
{
    char        what[160] = "country: write its ISO code, see 'tariff list countries'";
    const char *text = cli_value(line, option);
    if (!text || tariff_country_parse(text, strlen(text), out) == TARIFF_OK)
        return true;
    tariff_country near = tariff_country_guess(text);
    if (near.id != TARIFF_COUNTRY_NONE)
        snprintf(what, sizeof what, "country's code: %s is %s", tariff_country_name(near),
                 tariff_country_alpha2(near));
    return cli_bad_value(command, option, text, what);
}

bool cli_read_date(const cli_command *command, const cli_line *line, const char *option,
                   tariff_date *out)
{
    const char *text = cli_value(line, option);
    return !text || tariff_date_parse(text, strlen(text), out) == TARIFF_OK
           || cli_bad_value(command, option, text, "day: write 2025-08-27");
}

bool cli_read_number(const cli_command *command, const cli_line *line, const char *option,
                     unsigned long long least, unsigned long long most, unsigned long long *out)
{
    const char *text = cli_value(line, option);
    char       *end = NULL, what[64];
    if (!text)
        return true;
    *out = strtoull(text, &end, 10);
    if (*text >= '0' && *text <= '9' && *end == '\0' && *out >= least && *out <= most)
        return true;
    snprintf(what, sizeof what, "number from %llu to %llu", least, most);
    return cli_bad_value(command, option, text, what);
}

bool cli_read_size(const cli_command *command, const cli_line *line, const char *option,
                   size_t *out)
{
    static const char units[] = "KMG";
    const char       *text = cli_value(line, option);
    char             *end = NULL;
    if (!text)
        return true;
    unsigned long long n = strtoull(text, &end, 10);
    const char        *unit = *end ? strchr(units, *end & ~0x20) : NULL;
    unsigned           shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
    if (*text < '0' || *text > '9' || n == 0 || n > SIZE_MAX >> shift || end[unit ? 1 : 0] != '\0')
        return cli_bad_value(command, option, text, "size: write bytes, or 512M, or 4G");
    *out = (size_t)n << shift;
    return true;
}
