/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/unit.h"

#include "base/ascii.h"
#include "value/wide.h"

#include <stdio.h>

typedef struct unit_row {
    const char *name;
    const char *base;   /**< What it is measured in. */
    int64_t     factor; /**< How many 1e-9 of the base. */
} unit_row;

/* The bases are those of the trade statistics (UN, "IMTS 2010", annex C); the factors are
 * exact by definition: pound (1959 agreement), US gallon (231 cubic inches), barrel (42
 * gallons), proof litre (half a litre of alcohol, 27 CFR 30.11). */
static const unit_row units[] = {
    { "", "", 0 },
    { "kg", "kg", TF_E9 },
    { "g", "kg", 1000000 },
    { "t", "kg", 1000 * TF_E9 },
    { "ct", "kg", 200000 },
    { "lb", "kg", 453592370 },
    { "kgc", "kgc", TF_E9 },
    { "no", "no", TF_E9 },
    { "doz", "no", 12 * TF_E9 },
    { "gross", "no", 144 * TF_E9 },
    { "pr", "pr", TF_E9 },
    { "dpr", "pr", 12 * TF_E9 },
    { "l", "l", TF_E9 },
    { "hl", "l", 100 * TF_E9 },
    { "ml", "l", 1000000 },
    { "gal", "l", 3785411784 },
    { "bbl", "l", 158987294928 },
    { "la", "la", TF_E9 },
    { "pfl", "la", 500000000 },
    { "m", "m", TF_E9 },
    { "cm", "m", 10000000 },
    { "m2", "m2", TF_E9 },
    { "cm2", "m2", 100000 },
    { "m3", "m3", TF_E9 },
    { "cm3", "m3", 1000 },
    { "kwh", "kwh", TF_E9 },
    { "mwh", "kwh", 1000 * TF_E9 },
};

enum { UNITS = sizeof units / sizeof units[0] };

static bool same_word(const char *name, const char *text, size_t length)
{
    size_t i = 0;
    for (; i < length && name[i]; i++)
        if (name[i] != tf_to_lower(text[i]))
            return false;
    return i == length && name[i] == '\0';
}

static const char *unit_name(const void *list, size_t i)
{
    (void)list;
    return i + 1 < UNITS ? units[i + 1].name : NULL;
}

tariff_status tf_parse_unit(const char *text, size_t length, tariff_unit *out, tf_why *why)
{
    for (uint16_t i = 1; i < UNITS; i++)
        if (same_word(units[i].name, text, length)) {
            out->id = i;
            return TARIFF_OK;
        }
    const char *near = tf_nearest(text, length, unit_name, NULL);
    char        hint[128] = "units are kg, g, t, no, doz, pr, l, hl, m, m2, m3, kwh, ...: see "
                            "'tariff help schedule'";
    if (near)
        snprintf(hint, sizeof hint, "did you mean '%s'?", near);
    return tf_because(why, TARIFF_E_REFERENCE, 0, hint, "unknown unit '%.*s'", (int)length, text);
}

tariff_status tariff_unit_parse(const char *text, size_t length, tariff_unit *out)
{
    return tf_parse_unit(text, length, out, NULL);
}

const char *tariff_unit_name(tariff_unit unit)
{
    return unit.id < UNITS ? units[unit.id].name : "";
}

bool tf_unit_ratio(tariff_unit from, tariff_unit to, int64_t *num, int64_t *den)
{
    if (from.id == 0 || to.id == 0 || strcmp(units[from.id].base, units[to.id].base) != 0)
        return false;
    int64_t a = units[from.id].factor, b = units[to.id].factor;
    *num = a;
    *den = b;
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    *num /= a;
    *den /= a;
    return true;
}
