/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/country.h"

#include "base/ascii.h"
#include "value/country_table.h"

#include <stdio.h>
#include <stdlib.h>

/* UN Comtrade's numbers for territories that differ from ISO 3166-1 (United Nations,
 * "Country codes in UN Comtrade"). */
static const struct {
    uint16_t code;
    char     alpha2[3];
} comtrade[] = { { 251, "FR" }, { 490, "TW" }, { 579, "NO" },
                 { 699, "IN" }, { 757, "CH" }, { 842, "US" } };

/* What people write instead. */
static const struct {
    const char *wrong, *right;
} slips[] = { { "UK", "GB" },  { "EL", "GR" },  { "ROM", "ROU" }, { "ZAR", "COD" },
              { "TMP", "TL" }, { "YU", "RS" },  { "SCG", "RS" },  { "GER", "DEU" },
              { "SWI", "CHE" }, { "KOS", "XKX" }, { "USSR", "RU" } };

static unsigned find_code(const tf_country_code *list, unsigned count, unsigned code)
{
    unsigned at = 0;
    while (count > 1) {
        unsigned half = count / 2;
        at += list[at + half].code <= code ? half : 0;
        count -= half;
    }
    return list[at].code == code ? list[at].id : TARIFF_COUNTRY_NONE;
}

/* Two or three letters as a number with the base 26. */
static unsigned find_letters(const char *upper, size_t length)
{
    unsigned code = 0;
    for (size_t i = 0; i < length; i++) {
        if (upper[i] < 'A' || upper[i] > 'Z')
            return TARIFF_COUNTRY_NONE;
        code = code * 26 + (unsigned)(upper[i] - 'A');
    }
    if (length == 2)
        return find_code(tf_country_alpha2s, tf_country_alpha2s_count, code);
    return length == 3 ? find_code(tf_country_alpha3s, tf_country_alpha3s_count, code)
                       : TARIFF_COUNTRY_NONE;
}

static bool all_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return length > 0;
}

static unsigned find(tf_country_list list, const char *upper, size_t length)
{
    if (length > 4 || !all_digits(upper, length))
        return find_letters(upper, length);
    unsigned number = (unsigned)atoi(upper);
    if (list == TF_COUNTRIES_CENSUS)
        return find_code(tf_schedule_c, tf_schedule_c_count, number);
    if (list == TF_COUNTRIES_COMTRADE)
        for (size_t i = 0; i < sizeof comtrade / sizeof comtrade[0]; i++)
            if (comtrade[i].code == number)
                return find_letters(comtrade[i].alpha2, 2);
    return find_code(tf_country_numerics, tf_country_numerics_count, number);
}

static const char *country_name(const void *list, size_t i)
{
    (void)list;
    return i < tf_country_row_count ? tf_country_rows[i].name : NULL;
}

/* The code of which people write another instead, or NULL. */
static const char *meant(const char *upper)
{
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++)
        if (strcmp(slips[i].wrong, upper) == 0)
            return slips[i].right;
    return NULL;
}

static unsigned by_name(const char *text, size_t length)
{
    const char *near = length > 3 ? tf_nearest(text, length, country_name, NULL) : NULL;
    for (unsigned i = 0; near && i < tf_country_row_count; i++)
        if (tf_country_rows[i].name == near)
            return i;
    return TARIFF_COUNTRY_NONE;
}

/* Capital letters; what is longer than any code is cut. */
static void to_code(const char *text, size_t length, char upper[8])
{
    memset(upper, 0, 8);
    for (size_t i = 0; i < length && i < 7; i++)
        upper[i] = tf_to_upper(text[i]);
}

tariff_country tariff_country_guess(const char *text)
{
    char upper[8];
    to_code(text, strlen(text), upper);
    const char *code = strlen(text) < sizeof upper ? meant(upper) : NULL;
    unsigned    id = code ? find(TF_COUNTRIES_ISO, code, strlen(code))
                          : by_name(text, strlen(text));
    return (tariff_country){ (uint16_t)id };
}

static tariff_status unknown(tf_country_list list, const char *text, size_t length,
                             const char *upper, tf_why *why)
{
    char hint[160] = "ISO 3166-1: two letters, three letters or three digits; see 'tariff list "
                     "countries'";
    const char *code = meant(upper);
    unsigned    named = by_name(text, length);
    if (list == TF_COUNTRIES_CENSUS)
        snprintf(hint, sizeof hint, "this column is in Schedule C: four digits, such as 5330");
    if (code)
        snprintf(hint, sizeof hint, "did you mean %s?", code);
    if (named != TARIFF_COUNTRY_NONE)
        snprintf(hint, sizeof hint, "write the code: %s is %s", tf_country_rows[named].name,
                 tf_country_rows[named].alpha2);
    return tf_because(why, TARIFF_E_REFERENCE, 0, hint, "unknown country '%.*s'", (int)length,
                      text);
}

tariff_status tf_parse_country(tf_country_list list, const char *text, size_t length,
                               tariff_country *out, tf_why *why)
{
    char upper[8];
    if (length == 0)
        return tf_because(why, TARIFF_E_VALUE, 0, NULL, "the country is empty");
    to_code(text, length, upper);
    unsigned id = length < sizeof upper ? find(list, upper, length) : TARIFF_COUNTRY_NONE;
    if (id == TARIFF_COUNTRY_NONE)
        return unknown(list, text, length, upper, why);
    out->id = (uint16_t)id;
    return TARIFF_OK;
}

tariff_status tariff_country_parse(const char *text, size_t length, tariff_country *out)
{
    return tf_parse_country(TF_COUNTRIES_ISO, text, length, out, NULL);
}

const char *tariff_country_alpha2(tariff_country country)
{
    return country.id < tf_country_row_count ? tf_country_rows[country.id].alpha2 : "";
}

const char *tariff_country_alpha3(tariff_country country)
{
    return country.id < tf_country_row_count ? tf_country_rows[country.id].alpha3 : "";
}

const char *tariff_country_name(tariff_country country)
{
    return country.id < tf_country_row_count ? tf_country_rows[country.id].name : "";
}

unsigned tariff_country_numeric(tariff_country country)
{
    return country.id < tf_country_row_count ? tf_country_rows[country.id].numeric : 0;
}

unsigned tariff_country_count(void)
{
    return tf_country_row_count;
}
