/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flows/rules.h"

#include "base/ascii.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Comtrade: M is all imports, of which RM, MIP and others are parts; 0, W00 and World are all
 * partners; a second partner, a mode of transport or a customs procedure other than "all" is a
 * piece of a row that the file has whole (UN, Comtrade API). */
static const tf_flow_rule rules[] = {
    { "comtrade", "flowCode|Trade Flow Code|flowDesc|Trade Flow", "M|1|Import|Imports", true,
      TF_OTHER_FLOW },
    { "comtrade", "partnerCode|Partner Code|partnerISO", "0|W00|WLD|World", false, TF_AGGREGATE },
    { "comtrade", "reporterCode|Reporter Code|reporterISO", "0|W00|WLD|World", false,
      TF_AGGREGATE },
    { "comtrade", "cmdCode|Commodity Code", "TOTAL", false, TF_AGGREGATE },
    { "comtrade", "partner2Code", "0", true, TF_DETAIL },
    { "comtrade", "motCode", "0", true, TF_DETAIL },
    { "comtrade", "customsCode", "C00", true, TF_DETAIL },
    { "wits", "TradeFlowName|TradeFlow|Trade Flow|TradeFlowCode",
      "Import|Imports|Gross Imports|Gross Imp.|5", true, TF_OTHER_FLOW },
    { "wits", "PartnerISO3|Partner ISO3|Partner", "WLD|All|World|EUN|000|0", false,
      TF_AGGREGATE },
    { "wits", "ReporterISO3|Reporter ISO3|Reporter", "WLD|All|World|EUN|000|0", false,
      TF_AGGREGATE },
    { "wits", "ProductCode|Product Code", "Total", false, TF_AGGREGATE },
};

const tf_flow_rule *tf_flow_rule_at(size_t index)
{
    return index < COUNT(rules) ? &rules[index] : NULL;
}

static bool is_among(const char *list, const char *text, size_t length)
{
    for (;;) {
        size_t n = strcspn(list, "|");
        if (n == length && tf_same_letters(list, text, n))
            return true;
        if (list[n] == '\0')
            return false;
        list += n + 1;
    }
}

bool tf_flow_rule_drops(const tf_flow_rule *rule, const char *text, size_t length)
{
    return length > 0 && is_among(rule->values, text, length) != rule->keep;
}

/* BACI: quantities in tonnes. */
static const tf_flow_quantity quantities[] = {
    { "comtrade", "qty", "qtyUnitAbbr|Qty Unit", NULL },
    { "wits", "Quantity", "QtyUnit|Quantity Unit|QuantityUnit", NULL },
    { "baci", "q", "", "t" },
};

const tf_flow_quantity *tf_flow_quantity_of(const char *profile)
{
    for (size_t i = 0; i < COUNT(quantities); i++)
        if (strcmp(quantities[i].profile, profile) == 0)
            return &quantities[i];
    return NULL;
}

/* The units of the World Customs Organization as Comtrade abbreviates and names them, and those
 * of the Census Bureau that are not ours already.  "" is no quantity. */
static const struct {
    const char *theirs, *ours;
} units[] = {
    { "x|-|n/a|na|no quantity", "" },
    { "u|item|items|number of items", "no" },
    { "2u|prs|number of pairs", "pr" },
    { "12u|dozen of items", "doz" },
    { "144u|grs", "gross" },
    { "kgs|weight in kilograms", "kg" },
    { "volume in litres", "l" },
    { "m\xC2\xB2|area in square metres|area in square meters", "m2" },
    { "m\xC2\xB3|volume in cubic metres|volume in cubic meters", "m3" },
    { "length in metres|length in meters", "m" },
    { "carat|carats|car|weight in carats", "ct" },
    { "1000 kwh|electrical energy in thousands of kilowatt-hours", "mwh" },
};

bool tf_flow_unit(const char *text, size_t length, tariff_unit *out)
{
    out->id = 0;
    if (length == 0 || tf_parse_unit(text, length, out, NULL) == TARIFF_OK)
        return true;
    for (size_t i = 0; i < COUNT(units); i++)
        if (is_among(units[i].theirs, text, length))
            return *units[i].ours == '\0'
                   || tf_parse_unit(units[i].ours, strlen(units[i].ours), out, NULL) == TARIFF_OK;
    return false;
}
