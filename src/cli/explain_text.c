/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/explain_out.h"
#include "cli/quote.h"

#include <stdio.h>
#include <string.h>

/** What is being printed, and how far it has come. */
typedef struct printer {
    const tariff_entry *entry;
    bool                begun, totals;
    char                without[2048]; /**< Layers that have no measure for this line. */
    size_t              without_length;
} printer;

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

static void print_entry(const tariff_entry *entry)
{
    char hs[13], date[16];
    tariff_hs_format(entry->hs, hs);
    tariff_date_format(entry->date, date);
    printf("%s from %s to %s on %s, value %lld.%02lld", hs, tariff_country_name(entry->origin),
           tariff_country_name(entry->importer), date, (long long)(entry->value.e4 / 10000),
           (long long)(entry->value.e4 % 10000 / 100));
    if (entry->unit.id)
        printf(", %.10g %s", (double)entry->quantity.e4 / 10000, tariff_unit_name(entry->unit));
    putchar('\n');
}

/* The heading waits for the first branch: nothing is printed of what cannot be assessed. */
static void begin(printer *p)
{
    if (!p->begun)
        print_entry(p->entry);
    p->begun = true;
}

/* Layers that never have a measure for this line are not worth a line of their own. */
static void end_branch(printer *p)
{
    if (p->without_length)
        printf("  no measure: %s\n", p->without);
    p->without_length = 0;
}

static void note_without(printer *p, const char *layer)
{
    size_t room = sizeof p->without - p->without_length;
    int    n = snprintf(p->without + p->without_length, room, "%s%s",
                        p->without_length ? ", " : "", layer);
    if (n > 0 && (size_t)n < room)
        p->without_length += (size_t)n;
}

static void text_branch(void *user, const tariff_branch *branch)
{
    char     probability[128];
    printer *p = user;
    begin(p);
    end_branch(p);
    percent(branch->probability, probability, sizeof probability);
    if (branch->count > 1)
        printf("%sbranch %zu of %zu, %s of the trade: %s\n", branch->number ? "\n" : "",
               branch->number + 1, branch->count, probability, branch->claims);
    else if (*branch->claims)
        printf("claims: %s\n", branch->claims);
}

/* What a file says, with what goes before and after it; nothing of nothing. */
static void put(const char *before, const char *text, const char *after)
{
    if (!*text)
        return;
    fputs(before, stdout);
    cli_put_shown(stdout, text);
    fputs(after, stdout);
}

/* Where it stands.  A rate that the scenario made does not stand in the row of law. */
static void text_source(const tariff_step *step)
{
    if (!step->file)
        return;
    fputs("      ", stdout);
    cli_put_shown(stdout, step->file);
    printf(":%u", step->line);
    put(" says ", step->law_rate, "");
    put("  ", step->citation, "");
    putchar('\n');
}

static void text_step(void *user, const tariff_step *step)
{
    char     contribution[128], share[128];
    printer *p = user;
    if (strcmp(step->verdict, "no measure") == 0) {
        note_without(p, step->layer);
        return;
    }
    bool applies = strcmp(step->verdict, "applies") == 0;
    percent(step->contribution, contribution, sizeof contribution);
    percent(step->share, share, sizeof share);
    if (applies && step->unassessed && strcmp(step->duty, "0.00") == 0)
        printf("  %-27s %-17s %16s %16s\n", step->layer, "not assessed", "-", "-");
    else if (applies)
        printf("  %-27s %-17s %16s %16s\n", step->layer, step->verdict, contribution, step->duty);
    else
        printf("  %-27s %s\n", step->layer, step->verdict);
    put("      ", step->rate, "");
    if (*step->rate && applies)
        printf(" on %s of the value", share);
    if (strcmp(step->products, "*") != 0)
        put(" (", step->products, ")");
    put(*step->rate ? "; " : "      ", step->reason, "");
    if (*step->rate || *step->reason)
        putchar('\n');
    text_source(step);
}

static void text_total(void *user, const tariff_total *total)
{
    char     rate[128];
    printer *p = user;
    percent(total->rate, rate, sizeof rate);
    end_branch(p);
    if (!p->totals)
        putchar('\n');
    p->totals = true;
    printf("  %-45s %16s %16s\n", total->name, rate, total->duty);
    if (total->unassessed)
        puts("  not assessed: a specific duty, for want of a quantity in its unit");
    if (total->estimated)
        puts("  estimated: a share table decided part of this");
    if (total->coarse)
        puts("  coarse: a code in force is finer than this one");
    if (total->unmatched)
        puts("  unmatched: no ordinary measure applies");
}

tariff_status explain_text(tariff_env *env, const tariff_law *law, const tariff_entry *entry)
{
    printer          p = { .entry = entry };
    tariff_explainer explainer = { text_branch, text_step, text_total, &p };
    return tariff_explain(env, law, entry, &explainer);
}
