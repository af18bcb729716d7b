/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/terminal.h"

#include "cli/cli.h"
#include "cli/quote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHAPTERS_SHOWN = 10, DATES_SHOWN = 40 };

bool terminal_is_shown(void)
{
    const char *show = getenv("TARIFF_SHOW");
    return isatty(STDOUT_FILENO) || (show && strcmp(show, "always") == 0);
}

static int column_of(const tariff_table *table, const char *name)
{
    for (size_t i = 0; i < tariff_table_columns(table); i++)
        if (strcmp(tariff_table_header(table, i), name) == 0)
            return (int)i;
    return -1;
}

static const char *cell(const tariff_table *table, size_t row, const char *name)
{
    int column = column_of(table, name);
    return column < 0 ? "" : tariff_table_cell(table, row, (size_t)column);
}

/* A metric of the summary, from a row on: with several dates, that of the row's date. */
static const char *metric_from(const tariff_table *summary, size_t from, const char *name)
{
    for (size_t i = from; i < tariff_table_rows(summary); i++)
        if (strcmp(cell(summary, i, "metric"), name) == 0)
            return cell(summary, i, "value");
    return "";
}

static const char *metric(const tariff_table *summary, const char *name)
{
    return metric_from(summary, 0, name);
}

/* "48000000000.00" as "48,000,000,000.00", right-justified. */
static void print_money(const char *text, int width)
{
    char   out[96];
    size_t n = 0, whole = strcspn(text, ".");
    for (size_t i = 0; text[i] && n + 2 < sizeof out; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0 && text[i - 1] != '-')
            out[n++] = ',';
        out[n++] = text[i];
    }
    out[n] = '\0';
    printf("%*s", width, out);
}

/* A share "0.586" as "58.60 %", by moving the point; the last digit is rounded for reading. */
static void print_percent(const char *text, int width)
{
    if (*text)
        printf("%*.2f %%", width - 2, strtod(text, NULL) * 100);
    else
        printf("%*s", width, "-");
}

static void money_line(const tariff_table *summary, const char *label, const char *name)
{
    printf("  %-34s ", label);
    print_money(metric(summary, name), 24);
    putchar('\n');
}

static void share_line(const tariff_table *summary, const char *label, const char *name)
{
    printf("  %-34s ", label);
    print_percent(metric(summary, name), 24);
    putchar('\n');
}

static bool is_zero(const char *text)
{
    return text[strspn(text, "0.")] == '\0';
}

static void show_doubts(const tariff_table *summary)
{
    static const char *const doubts[][2] = {
        { "unassessed_value", "not assessed for want of quantities" },
        { "coarse_value", "codes too coarse for the law" },
        { "unknown_part_value", "content of a part unknown" },
        { "estimated_value", "decided by estimated shares" },
    };
    for (size_t i = 0; i < sizeof doubts / sizeof doubts[0]; i++)
        if (!is_zero(metric(summary, doubts[i][0])))
            money_line(summary, doubts[i][1], doubts[i][0]);
}

static void show_summary(const tariff_table *summary)
{
    money_line(summary, "exports", "export_value");
    money_line(summary, "affected by additional duties", "affected_value");
    share_line(summary, "  of exports", "affected_share");
    money_line(summary, "at the highest additional rate", "peak_value");
    share_line(summary, "  that rate", "peak_additional_rate");
    share_line(summary, "  of exports", "peak_share");
    share_line(summary, "combined statutory rate", "combined_statutory_rate");
    money_line(summary, "ordinary duty", "ordinary_duty");
    money_line(summary, "additional duty", "additional_duty");
    share_line(summary, "average rate", "average_rate");
    show_doubts(summary);
}

/* Layers */

/* What covers how much: the question that most runs are made for. */
static void show_layers(const tariff_table *layers)
{
    bool begun = false;
    for (size_t i = 0; i < tariff_table_rows(layers); i++) {
        if (is_zero(cell(layers, i, "duty")))
            continue;
        if (!begun)
            printf("\n  %-27s %20s %10s %20s %10s\n", "layer", "charged on", "of exports", "duty",
                   "average");
        begun = true;
        printf("  %-27s ", cell(layers, i, "layer"));
        print_money(cell(layers, i, "covered_value"), 20);
        putchar(' ');
        print_percent(cell(layers, i, "covered_share"), 10);
        putchar(' ');
        print_money(cell(layers, i, "duty"), 20);
        putchar(' ');
        print_percent(cell(layers, i, "average_rate"), 10);
        putchar('\n');
    }
}

/* Comparisons */

static void show_change(const tariff_table *compare, size_t row, const char *label, bool share)
{
    static const char *const columns[] = { "baseline_value", "scenario_value", "change" };
    printf("  %-27s", label);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        const char *text = cell(compare, row, columns[i]);
        putchar(' ');
        if (share)
            print_percent(text, 20);
        else
            print_money(text, 20);
    }
    putchar('\n');
}

static void show_compare(const tariff_table *compare)
{
    static const struct {
        const char *metric, *label;
        bool        share;
    } shown[] = {
        { "export_value", "exports", false },
        { "affected_value", "affected", false },
        { "affected_share", "  of exports", true },
        { "ordinary_duty", "ordinary duty", false },
        { "additional_duty", "additional duty", false },
        { "total_duty", "total duty", false },
        { "average_rate", "average rate", true },
    };
    printf("\n  %-27s %20s %20s %20s\n", "", "baseline", "scenario", "change");
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        for (size_t row = 0; row < tariff_table_rows(compare); row++)
            if (strcmp(cell(compare, row, "metric"), shown[i].metric) == 0)
                show_change(compare, row, shown[i].label, shown[i].share);
}

/* Products */

/* Row of the largest value that is not taken yet, or -1. */
static long largest_left(const tariff_table *table, const bool *taken)
{
    long   best = -1;
    double most = -1;
    for (size_t i = 0; i < tariff_table_rows(table); i++) {
        double value = strtod(cell(table, i, "export_value"), NULL);
        if (!taken[i] && value > most) {
            most = value;
            best = (long)i;
        }
    }
    return best;
}

static void show_products(const tariff_table *products)
{
    bool *taken = calloc(tariff_table_rows(products) + 1, sizeof *taken);
    if (!taken)
        return;
    printf("\n  %-8s %-34s %22s %10s %10s\n", "hs", "largest products", "exports", "affected",
           "average");
    for (int n = 0; n < CHAPTERS_SHOWN; n++) {
        long row = largest_left(products, taken);
        if (row < 0)
            break;
        taken[row] = true;
        char description[256];
        tariff_text_show(cell(products, (size_t)row, "description"), description,
                         sizeof description);
        printf("  %-8s %-34.34s ", cell(products, (size_t)row, "hs"), description);
        print_money(cell(products, (size_t)row, "export_value"), 22);
        putchar(' ');
        print_percent(cell(products, (size_t)row, "affected_share"), 10);
        putchar(' ');
        print_percent(cell(products, (size_t)row, "average_rate"), 10);
        putchar('\n');
    }
    free(taken);
}

/* Impact */

static void print_amount(const char *text, int width)
{
    if (*text)
        print_money(text, width);
    else
        printf("%*s", width, "-");
}

static void show_before_after(const tariff_table *impact, const char *label, const char *before,
                              const char *after, const char *change)
{
    printf("  %-27s ", label);
    print_amount(metric(impact, before), 20);
    putchar(' ');
    print_amount(metric(impact, after), 20);
    putchar(' ');
    print_amount(metric(impact, change), 20);
    putchar('\n');
}

/* What a model makes of it: never more than an estimate. */
static void show_impact(const tariff_table *impact)
{
    if (tariff_table_rows(impact) == 0)
        return;
    printf("\n  estimated by a model, no forecast (%s)\n", metric(impact, "model"));
    printf("  %-27s %20s %20s %20s\n", "", "before", "after", "change");
    show_before_after(impact, "trade", "value_before", "value_after", "value_change");
    show_before_after(impact, "revenue", "revenue_before", "revenue_after", "revenue_change");
    show_before_after(impact, "welfare of importers", "", "", "home_welfare");
    show_before_after(impact, "welfare of the world", "", "", "world_welfare");
}

/* Dates */

static bool has_dates(const tariff_table *summary)
{
    size_t rows = tariff_table_rows(summary);
    return rows > 0 && strcmp(cell(summary, 0, "date"), cell(summary, rows - 1, "date")) != 0;
}

/* A line a date; whoever wants more of them opens timeline.csv. */
static void show_dates(const tariff_table *summary)
{
    const char *last = "";
    size_t      shown = 0, left = 0;
    printf("  %-12s %22s %10s %22s %10s\n", "date", "affected", "of exports", "total duty",
           "average");
    for (size_t i = 0; i < tariff_table_rows(summary); i++) {
        const char *date = cell(summary, i, "date");
        if (strcmp(date, last) == 0)
            continue;
        last = date;
        if (shown == DATES_SHOWN) {
            left++;
            continue;
        }
        shown++;
        printf("  %-12s ", date);
        print_money(metric_from(summary, i, "affected_value"), 22);
        putchar(' ');
        print_percent(metric_from(summary, i, "affected_share"), 10);
        putchar(' ');
        print_money(metric_from(summary, i, "total_duty"), 22);
        putchar(' ');
        print_percent(metric_from(summary, i, "average_rate"), 10);
        putchar('\n');
    }
    if (left)
        printf("  ... and %zu more\n", left);
}

static void show_one_date(const tariff_result *result, const tariff_table *summary)
{
    const tariff_table *layers = tariff_result_table(result, "layers");
    const tariff_table *products = tariff_result_table(result, "products");
    const tariff_table *compare = tariff_result_table(result, "compare");
    const tariff_table *impact = tariff_result_table(result, "impact");
    if (summary)
        show_summary(summary);
    if (layers)
        show_layers(layers);
    if (compare)
        show_compare(compare);
    if (impact)
        show_impact(impact);
    if (products)
        show_products(products);
}

/* Sweeps and searches */

/* A rate "0.333333333" as "33.3333333 %": an answer is shown to its last place. */
static void print_exact_percent(const char *text)
{
    char out[32];
    snprintf(out, sizeof out, "%.12g", strtod(text, NULL) * 100);
    printf("%22s %%\n", out);
}

static bool is_rate(const char *metric)
{
    size_t n = strlen(metric);
    return (n > 5 && strcmp(metric + n - 5, "_rate") == 0)
           || (n > 6 && strcmp(metric + n - 6, "_share") == 0)
           || strcmp(metric, "average_additional_rate_on_affected") == 0;
}

static void show_solve(const tariff_table *solve)
{
    static const char *const sides[] = { "target", "achieved" };
    const char *name = cell(solve, 0, "metric"), *change = cell(solve, 0, "change");
    char        label[64];
    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
        snprintf(label, sizeof label, "%.40s, %s", name, sides[i]);
        printf("  %-34s ", label);
        if (is_rate(name)) {
            print_exact_percent(cell(solve, 0, sides[i]));
        } else {
            print_money(cell(solve, 0, sides[i]), 24);
            putchar('\n');
        }
    }
    printf("  %-34s ", strcmp(change, "shift") == 0   ? "found: shifted by"
                       : strcmp(change, "scale") == 0 ? "found: scaled by"
                                                      : "found: set to");
    if (strcmp(change, "scale") == 0)
        printf("%24s\n", cell(solve, 0, "value"));
    else
        print_exact_percent(cell(solve, 0, "value"));
    puts("\n  the law without it:");
}

void terminal_result(const tariff_scenario *scenario, const tariff_result *result,
                     const char *directory)
{
    const tariff_table *summary = tariff_result_table(result, "summary");
    const tariff_table *solve = tariff_result_table(result, "solve");
    const tariff_table *sweep = tariff_result_table(result, "sweep");
    const char *title = tariff_scenario_title(scenario);
    cli_put_shown(stdout, *title ? title : tariff_scenario_name(scenario));
    putchar('\n');
    if (solve)
        show_solve(solve);
    if (sweep)
        printf("  %zu point%s in sweep.csv\n", tariff_table_rows(sweep),
               cli_plural(tariff_table_rows(sweep)));
    if (summary && has_dates(summary))
        show_dates(summary);
    else
        show_one_date(result, summary);
    printf("\n  reports in %s/%s/\n", directory, tariff_scenario_name(scenario));
}
