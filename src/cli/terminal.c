/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHAPTERS_SHOWN = 10 };

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

static const char *metric(const tariff_table *summary, const char *name)
{
    for (size_t i = 0; i < tariff_table_rows(summary); i++)
        if (strcmp(cell(summary, i, "metric"), name) == 0)
            return cell(summary, i, "value");
    return "";
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
    share_line(summary, "  share of exports", "affected_share");
    money_line(summary, "at the highest additional rate", "peak_value");
    share_line(summary, "  that rate", "peak_additional_rate");
    share_line(summary, "  share of exports", "peak_share");
    share_line(summary, "combined statutory rate", "combined_statutory_rate");
    money_line(summary, "ordinary duty", "ordinary_duty");
    money_line(summary, "additional duty", "additional_duty");
    share_line(summary, "average rate", "average_rate");
    show_doubts(summary);
}

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
    printf("\n  %-8s %-34s %22s %10s %10s\n", "hs", "largest", "exports", "affected", "rate");
    for (int n = 0; n < CHAPTERS_SHOWN; n++) {
        long row = largest_left(products, taken);
        if (row < 0)
            break;
        taken[row] = true;
        printf("  %-8s %-34.34s ", cell(products, (size_t)row, "hs"),
               cell(products, (size_t)row, "description"));
        print_money(cell(products, (size_t)row, "export_value"), 22);
        print_percent(cell(products, (size_t)row, "affected_share"), 10);
        print_percent(cell(products, (size_t)row, "average_rate"), 10);
        putchar('\n');
    }
    free(taken);
}

void terminal_result(const tariff_scenario *scenario, const tariff_result *result,
                     const char *directory)
{
    const tariff_table *summary = tariff_result_table(result, "summary");
    const tariff_table *products = tariff_result_table(result, "products");
    printf("%s\n", *tariff_scenario_title(scenario) ? tariff_scenario_title(scenario)
                                                    : tariff_scenario_name(scenario));
    if (summary)
        show_summary(summary);
    if (products)
        show_products(products);
    printf("\n  reports in %s/%s/\n", directory, tariff_scenario_name(scenario));
}
