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

static int compare_alpha2(const void *key, const void *row)
{
    return memcmp(key, ((const tf_country_row *)row)->alpha2, 2);
}

static int compare_code(const void *key, const void *row)
{
    return (int)*(const unsigned *)key - (int)((const tf_country_code *)row)->code;
}

static unsigned by_alpha2(const char *upper)
{
    const tf_country_row *row = bsearch(upper, tf_country_rows, tf_country_row_count,
                                        sizeof *row, compare_alpha2);
    return row ? (unsigned)(row - tf_country_rows) : TARIFF_COUNTRY_NONE;
}

static unsigned by_alpha3(const char *upper)
{
    for (unsigned i = 0; i < tf_country_row_count; i++)
        if (memcmp(tf_country_rows[i].alpha3, upper, 3) == 0)
            return i;
    return TARIFF_COUNTRY_NONE;
}

static unsigned by_numeric(unsigned number)
{
    for (unsigned i = 0; i < tf_country_row_count; i++)
        if (number && tf_country_rows[i].numeric == number)
            return i;
    return TARIFF_COUNTRY_NONE;
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
    if (all_digits(upper, length) && length <= 4) {
        unsigned number = (unsigned)atoi(upper);
        if (list == TF_COUNTRIES_CENSUS) {
            const tf_country_code *code = bsearch(&number, tf_schedule_c, tf_schedule_c_count,
                                                  sizeof *code, compare_code);
            return code ? code->id : TARIFF_COUNTRY_NONE;
        }
        if (list == TF_COUNTRIES_COMTRADE)
            for (size_t i = 0; i < sizeof comtrade / sizeof comtrade[0]; i++)
                if (comtrade[i].code == number)
                    return by_alpha2(comtrade[i].alpha2);
        return by_numeric(number);
    }
    return length == 2 ? by_alpha2(upper) : length == 3 ? by_alpha3(upper) : TARIFF_COUNTRY_NONE;
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
