/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/choice.h"

#include "value/decimal.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const names[TF_REPORTS + 1] = {
    "summary",   "layers",   "products",         "products_layers",  "origins",
    "importers", "brackets", "products_origins", "lines",            "timeline",
    "compare",   "products_compare", "origins_compare", "layers_compare",
    "importers_compare", "products_layers_compare", "products_origins_compare", "brackets_compare",
    "impact_compare", "impact_products_compare", "impact_origins_compare",
    "impact_importers_compare", "impact_layers_compare", "impact_flows_compare", "sweep", "solve",
    "impact", "impact_products", "impact_origins", "impact_importers", "impact_layers",
    "impact_flows",
    "impact_unsolved", "impact_bands", "impact_sensitivity", NULL
};

const char *tf_report_name(tf_report report)
{
    return names[report];
}

tf_report tf_compared_report(tf_report comparison)
{
    switch (comparison) {
    case TF_REPORT_PRODUCTS_COMPARE: return TF_REPORT_PRODUCTS;
    case TF_REPORT_ORIGINS_COMPARE: return TF_REPORT_ORIGINS;
    case TF_REPORT_LAYERS_COMPARE: return TF_REPORT_LAYERS;
    case TF_REPORT_IMPORTERS_COMPARE: return TF_REPORT_IMPORTERS;
    case TF_REPORT_PRODUCTS_LAYERS_COMPARE: return TF_REPORT_PRODUCTS_LAYERS;
    case TF_REPORT_PRODUCTS_ORIGINS_COMPARE: return TF_REPORT_PRODUCTS_ORIGINS;
    case TF_REPORT_BRACKETS_COMPARE: return TF_REPORT_BRACKETS;
    case TF_REPORT_IMPACT_COMPARE: return TF_REPORT_IMPACT;
    case TF_REPORT_IMPACT_PRODUCTS_COMPARE: return TF_REPORT_IMPACT_PRODUCTS;
    case TF_REPORT_IMPACT_ORIGINS_COMPARE: return TF_REPORT_IMPACT_ORIGINS;
    case TF_REPORT_IMPACT_IMPORTERS_COMPARE: return TF_REPORT_IMPACT_IMPORTERS;
    case TF_REPORT_IMPACT_LAYERS_COMPARE: return TF_REPORT_IMPACT_LAYERS;
    case TF_REPORT_IMPACT_FLOWS_COMPARE: return TF_REPORT_IMPACT_FLOWS;
    default: return TF_REPORT_SUMMARY;
    }
}

bool tf_report_is_large(int report)
{
    return report == TF_REPORT_LINES || report == TF_REPORT_PRODUCTS_ORIGINS
           || report == TF_REPORT_IMPACT_FLOWS || report == TF_REPORT_PRODUCTS_ORIGINS_COMPARE
           || report == TF_REPORT_IMPACT_FLOWS_COMPARE;
}

void tf_report_defaults(tf_report_choices *out)
{
    memset(out, 0, sizeof *out);
    for (int i = 0; i < TF_REPORTS; i++)
        out->wanted[i] = !tf_report_is_large(i);
    for (int i = 0; i < TF_REPORTS; i++)
        out->digits[i] = i == TF_REPORT_PRODUCTS_COMPARE ? 0 : 2;
}

unsigned tf_compared_digits(const tf_report_choices *choices)
{
    unsigned own = choices->digits[TF_REPORT_PRODUCTS_COMPARE];
    return own ? own : choices->digits[TF_REPORT_PRODUCTS];
}

static tariff_status read_digits(tariff_env *env, const tf_node *node, unsigned *out)
{
    char *end;
    long  digits = node->kind == TF_SCALAR ? strtol(node->text, &end, 10) : 0;
    if (node->kind != TF_SCALAR || *end || digits < 2 || digits > 12 || digits % 2)
        return tf_doc_error(env, node, false, TARIFF_E_VALUE, "2, 4, 6, 8, 10 or 12",
                            "this is no number of digits");
    *out = (unsigned)digits;
    return TARIFF_OK;
}

static tariff_status read_step(tariff_env *env, const tf_node *node, int64_t *out)
{
    tf_why      why = { .status = TARIFF_E_VALUE, .message = "a percentage is expected" };
    tariff_rate rate;
    if (node->kind != TF_SCALAR
        || tf_parse_percent(node->text, node->length, &rate, &why) != TARIFF_OK)
        return tf_doc_because(env, node, &why);
    if (rate.nano == 0 || rate.nano % 100000)
        return tf_doc_error(env, node, false, TARIFF_E_VALUE, "brackets are multiples of 0.01%",
                            "this is no step");
    *out = rate.nano / 100000;
    return TARIFF_OK;
}

static tariff_status read_top(tariff_env *env, const tf_node *node, unsigned *out)
{
    char *end;
    long  top = node->kind == TF_SCALAR ? strtol(node->text, &end, 10) : 0;
    if (node->kind != TF_SCALAR || *end || top < 1 || top > 1000000000)
        return tf_doc_error(env, node, false, TARIFF_E_VALUE, "a whole number, 1 or more",
                            "this is no number of rows");
    *out = (unsigned)top;
    return TARIFF_OK;
}

/* Which options a report takes: digits, top, step. */
static const char *options_of(int report)
{
    switch (report) {
    case TF_REPORT_BRACKETS: return "step";
    case TF_REPORT_PRODUCTS_LAYERS: return "digits";
    case TF_REPORT_PRODUCTS:
    case TF_REPORT_PRODUCTS_ORIGINS:
    case TF_REPORT_PRODUCTS_COMPARE:
    case TF_REPORT_IMPACT_PRODUCTS: return "digits top";
    case TF_REPORT_ORIGINS:
    case TF_REPORT_IMPORTERS:
    case TF_REPORT_IMPACT_ORIGINS:
    case TF_REPORT_IMPACT_IMPORTERS:
    case TF_REPORT_IMPACT_FLOWS:
    case TF_REPORT_ORIGINS_COMPARE:
    case TF_REPORT_LAYERS_COMPARE:
    case TF_REPORT_IMPORTERS_COMPARE:
    case TF_REPORT_PRODUCTS_LAYERS_COMPARE:
    case TF_REPORT_PRODUCTS_ORIGINS_COMPARE:
    case TF_REPORT_IMPACT_PRODUCTS_COMPARE:
    case TF_REPORT_IMPACT_ORIGINS_COMPARE:
    case TF_REPORT_IMPACT_IMPORTERS_COMPARE:
    case TF_REPORT_IMPACT_LAYERS_COMPARE:
    case TF_REPORT_IMPACT_FLOWS_COMPARE: return "top";
    default: return "";
    }
}

/* Is a word one of a list "a b"? */
static bool lists(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = list; n && (at = strstr(at, word)) != NULL; at += n)
        if ((at == list || at[-1] == ' ') && (at[n] == '\0' || at[n] == ' '))
            return true;
    return false;
}

static tariff_status read_option(tariff_env *env, int report, const tf_node *option,
                                 tf_report_choices *out)
{
    const char *takes = options_of(report);
    if (!lists(takes, option->key)) {
        char hint[64] = "";
        if (*takes)
            snprintf(hint, sizeof hint, "it takes: %s", takes);
        return tf_doc_error(env, option, true, TARIFF_E_SCHEMA, hint,
                            "unknown option '%s' of the report '%s'", option->key, names[report]);
    }
    if (strcmp(option->key, "step") == 0)
        return read_step(env, option, &out->bracket_step);
    return strcmp(option->key, "top") == 0 ? read_top(env, option, &out->top[report])
                                           : read_digits(env, option, &out->digits[report]);
}

static tariff_status read_one(tariff_env *env, const tf_node *node, const char *name, bool at_key,
                              tf_report_choices *out)
{
    int report = 0;
    for (int i = 0; strcmp(name, "default") == 0 && i < TF_REPORTS; i++)
        out->wanted[i] = out->wanted[i] || !tf_report_is_large(i);
    if (strcmp(name, "default") == 0)
        return TARIFF_OK;
    while (names[report] && strcmp(names[report], name) != 0)
        report++;
    if (!names[report]) {
        char        hint[96] = "see 'tariff help reports'";
        const char *near = tf_nearest_of(name, strlen(name), names);
        if (near)
            snprintf(hint, sizeof hint, "did you mean '%s'?", near);
        return tf_doc_error(env, node, at_key, TARIFF_E_REFERENCE, hint, "unknown report '%s'",
                            name);
    }
    out->wanted[report] = true;
    out->asked[report] = node;
    if (at_key && node->kind == TF_MAP)
        for (const tf_node *option = node->first; option; option = option->next)
            TF_TRY(read_option(env, report, option, out));
    return TARIFF_OK;
}

/* Products are added up once in a run, for their own table and for the comparison. */
static tariff_status check_digits(tariff_env *env, const tf_report_choices *choices)
{
    unsigned products = choices->digits[TF_REPORT_PRODUCTS];
    unsigned compared = tf_compared_digits(choices);
    char     hint[80];
    if (!choices->wanted[TF_REPORT_PRODUCTS] || compared == products)
        return TARIFF_OK;
    snprintf(hint, sizeof hint, "give both the same: {products: {digits: %u}}", compared);
    const tf_node *asked = choices->asked[TF_REPORT_PRODUCTS_COMPARE];
    const tf_node *digits = tf_doc_get(asked, "digits");
    return tf_doc_error(env, digits ? digits : asked, !digits, TARIFF_E_CONFLICT, hint,
                        "'products' has %u digits, and is what is compared", products);
}

static tariff_status read_all(tariff_env *env, const tf_node *node, tf_report_choices *out)
{
    if (node->kind == TF_SCALAR)
        return read_one(env, node, node->text, false, out);
    for (const tf_node *item = node->first; item; item = item->next) {
        if (node->kind == TF_MAP || item->kind == TF_SCALAR) {
            bool map = node->kind == TF_MAP;
            TF_TRY(read_one(env, item, map ? item->key : item->text, map, out));
            continue;
        }
        if (item->kind == TF_MAP)
            for (const tf_node *child = item->first; child; child = child->next)
                TF_TRY(read_one(env, child, child->key, true, out));
    }
    return TARIFF_OK;
}

tariff_status tf_report_choices_read(tariff_env *env, const tf_node *node, tf_report_choices *out)
{
    for (int i = 0; i < TF_REPORTS; i++)
        out->wanted[i] = false;
    TF_TRY(read_all(env, node, out));
    return check_digits(env, out);
}
