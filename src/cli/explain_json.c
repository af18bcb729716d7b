/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/explain_out.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct document {
    json_t *root, *branches, *steps, *totals;
} document;

static void set(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_string(text));
}

static void json_branch(void *user, const tariff_branch *branch)
{
    document *d = user;
    json_t   *object = json_object();
    d->steps = json_array();
    set(object, "probability", branch->probability);
    set(object, "claims", branch->claims);
    json_object_set_new(object, "layers", d->steps);
    json_array_append_new(d->branches, object);
}

static void json_step(void *user, const tariff_step *step)
{
    document *d = user;
    json_t   *object = json_object();
    set(object, "layer", step->layer);
    set(object, "kind", step->kind);
    set(object, "verdict", step->verdict);
    set(object, "reason", step->reason);
    set(object, "products", step->products);
    set(object, "rate", step->rate);
    set(object, "share", step->share);
    set(object, "contribution", step->contribution);
    set(object, "duty", step->duty);
    json_object_set_new(object, "unassessed", json_boolean(step->unassessed));
    if (*step->law_rate)
        set(object, "law_rate", step->law_rate);
    if (step->file) {
        set(object, "file", step->file);
        json_object_set_new(object, "line", json_integer(step->line));
        set(object, "citation", step->citation);
    }
    json_array_append_new(d->steps, object);
}

static void json_total(void *user, const tariff_total *total)
{
    document *d = user;
    json_t   *object = json_object();
    set(object, "rate", total->rate);
    set(object, "duty", total->duty);
    if (strcmp(total->name, "total") == 0) {
        json_object_set_new(object, "unassessed", json_boolean(total->unassessed));
        json_object_set_new(object, "estimated", json_boolean(total->estimated));
        json_object_set_new(object, "coarse", json_boolean(total->coarse));
        json_object_set_new(object, "unmatched", json_boolean(total->unmatched));
    }
    json_object_set_new(d->totals, total->name, object);
}

tariff_status explain_json(tariff_env *env, const tariff_law *law, const tariff_entry *entry)
{
    document         d = { json_object(), json_array(), NULL, json_object() };
    tariff_explainer explainer = { json_branch, json_step, json_total, &d };
    char             hs[13], date[16], value[32];
    tariff_hs_format(entry->hs, hs);
    tariff_date_format(entry->date, date);
    snprintf(value, sizeof value, "%lld.%04lld", (long long)(entry->value.e4 / 10000),
             (long long)(entry->value.e4 % 10000));
    set(d.root, "hs", hs);
    set(d.root, "origin", tariff_country_alpha2(entry->origin));
    set(d.root, "importer", tariff_country_alpha2(entry->importer));
    set(d.root, "date", date);
    set(d.root, "value", value);
    json_object_set_new(d.root, "branches", d.branches);
    json_object_set_new(d.root, "totals", d.totals);
    tariff_status status = tariff_explain(env, law, entry, &explainer);
    char         *text = status == TARIFF_OK ? json_dumps(d.root, JSON_INDENT(2)) : NULL;
    if (text)
        puts(text);
    free(text);
    json_decref(d.root);
    return status;
}
