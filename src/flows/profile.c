/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flows/profile.h"

#include "io/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <tariff/run.h>

static const char *const column_names[TF_FLOW_COLUMNS + 1] = {
    "hs", "origin", "importer", "period", "value", "quantity", "unit", "claims", "parts", NULL
};

static const tf_profile profiles[] = {
    { .name = "native",
      .columns = { "hs", "origin", "importer", "period", "value", "quantity", "unit", "claims",
                   "parts" } },
    /* Census Bureau, International Trade API, imports by HS; and yearly extracts of it. */
    { .name = "census",
      .columns = { "hs10|i_commodity|hs6|hs4|hs2", "cty_code", NULL, "time|year",
                   "consumption_imports_usd|con_val_yr|con_val_mo|con_val",
                   "con_qy1_yr|con_qy1_mo", "unit_qy1", NULL, NULL },
      .countries = TF_COUNTRIES_CENSUS,
      .importer = "US" },
    /* CEPII, BACI: values in thousands of dollars, quantities in tonnes without a unit column. */
    { .name = "baci",
      .columns = { "k", "i", "j", "t", "v", NULL, NULL, NULL, NULL },
      .scale = 3,
      .countries = TF_COUNTRIES_COMTRADE },
    /* UN Comtrade: the API's headers, and those of the site before 2023.  Its units are none of
     * ours, and its files hold exports and totals as well: `tariff convert` sorts them out. */
    { .name = "comtrade",
      .columns = { "cmdCode|Commodity Code", "partnerCode|Partner Code|partnerISO",
                   "reporterCode|Reporter Code|reporterISO", "period|refYear|Year",
                   "primaryValue|Trade Value (US$)", NULL, NULL, NULL, NULL },
      .countries = TF_COUNTRIES_COMTRADE },
    /* World Bank, WITS: downloads of an advanced query; values in thousands of dollars. */
    { .name = "wits",
      .columns = { "ProductCode|Product Code", "PartnerISO3|Partner ISO3|Partner",
                   "ReporterISO3|Reporter ISO3|Reporter", "Year",
                   "TradeValue in 1000 USD|Trade Value in 1000 USD|Trade Value 1000USD", NULL,
                   NULL, NULL, NULL },
      .scale = 3,
      .countries = TF_COUNTRIES_ISO },
};

const tf_profile *tf_profile_native(void)
{
    return &profiles[0];
}

const tf_profile *tf_profile_at(size_t index)
{
    return index < sizeof profiles / sizeof profiles[0] ? &profiles[index] : NULL;
}

const char *tf_flow_column_name(tf_flow_column column)
{
    return column_names[column];
}

static const char *profile_name(const void *list, size_t i)
{
    (void)list;
    return tf_profile_at(i) ? tf_profile_at(i)->name : NULL;
}

static tariff_status unknown_key(tariff_env *env, const tf_node *node, const char *const *known)
{
    char        hint[96] = "";
    const char *near = tf_nearest_of(node->key, strlen(node->key), known);
    if (near)
        snprintf(hint, sizeof hint, "did you mean '%s'?", near);
    return tf_doc_error(env, node, true, TARIFF_E_SCHEMA, hint, "unknown key '%s'", node->key);
}

static tariff_status read_columns(tariff_env *env, const tf_node *node, tf_profile *out)
{
    if (node->kind != TF_MAP)
        return tf_doc_error(env, node, true, TARIFF_E_SCHEMA,
                            "columns: {hs: hs10, origin: cty_code, value: con_val}",
                            "'columns' maps our names to those of the file");
    out->name = "columns"; /* no longer one of the built-in ones */
    for (size_t i = 0; i < TF_FLOW_COLUMNS; i++)
        out->columns[i] = NULL;
    for (const tf_node *child = node->first; child; child = child->next) {
        size_t i = 0;
        while (column_names[i] && strcmp(column_names[i], child->key) != 0)
            i++;
        if (!column_names[i])
            return unknown_key(env, child, column_names);
        if (child->kind != TF_SCALAR || child->length == 0)
            return tf_doc_error(env, child, false, TARIFF_E_SCHEMA, NULL,
                                "the name of a column is expected");
        out->columns[i] = child->text;
    }
    return TARIFF_OK;
}

static tariff_status read_scale(tariff_env *env, const tf_node *node, tf_profile *out)
{
    unsigned zeros = 0;
    if (node->kind == TF_SCALAR && node->text[0] == '1') {
        while (node->text[1 + zeros] == '0')
            zeros++;
        if (node->text[1 + zeros] == '\0' && zeros <= 9) {
            out->scale = zeros;
            return TARIFF_OK;
        }
    }
    return tf_doc_error(env, node, false, TARIFF_E_VALUE, "1, 1000 or another power of ten",
                        "this is no scale");
}

static tariff_status read_countries(tariff_env *env, const tf_node *node, tf_profile *out)
{
    static const char *const lists[] = { "iso", "comtrade", "census", NULL };
    for (int i = 0; lists[i] && node->kind == TF_SCALAR; i++)
        if (strcmp(lists[i], node->text) == 0) {
            out->countries = (tf_country_list)i;
            return TARIFF_OK;
        }
    return tf_doc_error(env, node, false, TARIFF_E_VALUE, "one of: iso comtrade census",
                        "unknown list of country codes");
}

static tariff_status read_map(tariff_env *env, const tf_node *node, tf_profile *out)
{
    static const char *const keys[] = { "columns", "scale", "countries", NULL };
    tariff_status first = TARIFF_OK;
    for (const tf_node *child = node->first; child; child = child->next) {
        tariff_status status = strcmp(child->key, "columns") == 0 ? read_columns(env, child, out)
                               : strcmp(child->key, "scale") == 0 ? read_scale(env, child, out)
                               : strcmp(child->key, "countries") == 0
                                   ? read_countries(env, child, out)
                                   : unknown_key(env, child, keys);
        first = first == TARIFF_OK ? status : first;
    }
    return first;
}

const tf_profile *tf_profile_named(const char *name)
{
    for (size_t i = 0; tf_profile_at(i); i++)
        if (strcmp(tf_profile_at(i)->name, name) == 0)
            return tf_profile_at(i);
    return NULL;
}

tariff_status tf_profile_read(tariff_env *env, tf_arena *arena, const tf_node *node,
                              const char *base, tf_profile *out)
{
    *out = profiles[0];
    if (node->kind == TF_MAP)
        return read_map(env, node, out);
    if (node->kind == TF_SCALAR) {
        const tf_profile *built_in = tf_profile_named(node->text);
        if (built_in) {
            *out = *built_in;
            return TARIFF_OK;
        }
        char *path = tf_path_find(env, arena, base, node->text);
        TF_NEED(path);
        if (tf_is_file(path)) {
            tf_node *root;
            TF_TRY(tf_doc_read(env, arena, path, NULL, &root));
            if (root->kind == TF_MAP)
                return read_map(env, root, out);
            node = root;
        }
    }
    char        hint[128] = "built in: native, census, baci, comtrade, wits; or a YAML file, or a "
                            "mapping";
    const char *near =
        node->kind == TF_SCALAR ? tf_nearest(node->text, node->length, profile_name, NULL) : NULL;
    if (near)
        snprintf(hint, sizeof hint, "did you mean '%s'?", near);
    return tf_doc_error(env, node, false, TARIFF_E_REFERENCE, hint, "unknown profile");
}

size_t tariff_profile_count(void)
{
    return sizeof profiles / sizeof profiles[0];
}

size_t tariff_profile_columns(void)
{
    return TF_FLOW_COLUMNS;
}

const char *tariff_profile_headers(size_t profile, size_t column, const char **name,
                                   const char **column_name)
{
    *name = profiles[profile].name;
    *column_name = column_names[column];
    return profiles[profile].columns[column] ? profiles[profile].columns[column] : "";
}
