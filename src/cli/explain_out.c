/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/explain_out.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Text */

/* "0.165" as "16.5 %", exactly: the point moves two places. */
static void percent(const char *fraction, char *out, size_t size)
{
    char        digits[96];
    const char *point = strchr(fraction, '.');
    size_t      whole = point ? (size_t)(point - fraction) : strlen(fraction);
    size_t      n = 0;
    if (!*fraction || strlen(fraction) > sizeof digits - 8) {
        snprintf(out, size, "-");
        return;
    }
    memcpy(digits, fraction, whole);
    n = whole;
    for (int i = 0; i < 2; i++)
        digits[n++] = point && point[1] ? *++point : '0';
    digits[n] = '\0';
    size_t zeros = 0;
    while (zeros + 1 < n && digits[zeros] == '0')
        zeros++;
    bool more = point && point[1];
    snprintf(out, size, "%s%s%s %%", digits + zeros, more ? "." : "", more ? point + 1 : "");
}

static void text_branch(void *user, const tariff_branch *branch)
{
    char probability[128];
    (void)user;
    percent(branch->probability, probability, sizeof probability);
    if (branch->count > 1)
        printf("%sbranch %zu of %zu, %s of the trade: %s\n", branch->number ? "\n" : "",
               branch->number + 1, branch->count, probability, branch->claims);
    else if (*branch->claims)
        printf("claims: %s\n", branch->claims);
}

static void text_source(const tariff_step *step)
{
    if (!step->file)
        return;
    printf("      %s:%u", step->file, step->line);
    if (*step->citation)
        printf("  %s", step->citation);
    putchar('\n');
}

static void text_step(void *user, const tariff_step *step)
{
    char contribution[128], share[128];
    (void)user;
    /* A layer that never has a measure for this line is not worth a line of its own. */
    if (strcmp(step->verdict, "no measure") == 0)
        return;
    bool applies = strcmp(step->verdict, "applies") == 0;
    percent(step->contribution, contribution, sizeof contribution);
    percent(step->share, share, sizeof share);
    printf("  %-26s %-14s", step->layer, step->verdict);
    if (applies)
        printf("%14s %16s", contribution, step->duty);
    putchar('\n');
    if (*step->rate && applies)
        printf("      %s on %s of the value", step->rate, share);
    else if (*step->rate)
        printf("      %s", step->rate);
    if (*step->products && strcmp(step->products, "*") != 0)
        printf(" (%s)", step->products);
    if (*step->reason)
        printf("%s%s", *step->rate ? "; " : "      ", step->reason);
    if (*step->rate || *step->reason)
        putchar('\n');
    text_source(step);
}

static void text_total(void *user, const tariff_total *total)
{
    char  rate[128];
    bool *begun = user;
    percent(total->rate, rate, sizeof rate);
    if (!*begun)
        putchar('\n');
    *begun = true;
    printf("  %-40s %14s %16s\n", total->name, rate, total->duty);
    if (total->unassessed)
        puts("  not assessed: a specific duty, for want of a quantity in its unit");
    if (total->estimated)
        puts("  estimated: a share table decided part of this");
    if (total->coarse)
        puts("  coarse: a code in force is finer than this one");
    if (total->unmatched)
        puts("  unmatched: no ordinary measure covers this code");
}

static void print_entry(const tariff_entry *entry)
{
    char hs[13], date[16];
    tariff_hs_format(entry->hs, hs);
    tariff_date_format(entry->date, date);
    printf("%s from %s to %s on %s, value %lld.%02lld\n", hs, tariff_country_name(entry->origin),
           tariff_country_name(entry->importer), date, (long long)(entry->value.e4 / 10000),
           (long long)(entry->value.e4 % 10000 / 100));
}

tariff_status explain_text(tariff_env *env, const tariff_law *law, const tariff_entry *entry)
{
    bool             begun = false;
    tariff_explainer explainer = { text_branch, text_step, text_total, &begun };
    print_entry(entry);
    return tariff_explain(env, law, entry, &explainer);
}

/* JSON */

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
