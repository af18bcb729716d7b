/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What `changes:` of a scenario makes of a law.
 */
#include "unit/schedule.h"

static const check_file base[] = {
    { "layers.csv", "layer,kind\n"
                    "mfn,ordinary\n"
                    "steel,additional\n"
                    "reciprocal,additional\n"
                    "russia_oil,additional\n" },
    { "yields.csv", "layer,to\nreciprocal,steel\nrussia_oil,steel\n" },
    { "sets/exempt.csv", "hs\n30\n" },
    { "parts/steel_content.csv", "hs,share\n7326,0.4\n" },
    { "claims/fta.csv", "hs,share\n" },
    { "measures.csv", "layer,products,origins,rate,base,when\n"
                      "mfn,*,*,4%,,\n"
                      "mfn,02,*,1 USD/kg,,\n"
                      "mfn,03,*,1 USD/kg + 5%,,\n"
                      "mfn,04,*,\"max(5%, 1 USD/kg)\",,\n"
                      "steel,7208,*,50%,,\n"
                      "steel,7326,*,50%,steel_content,\n"
                      "reciprocal,*,IN,25%,,\n"
                      "reciprocal,@exempt,IN,exempt,,\n"
                      "reciprocal,*,JP,to 15%,,\n"
                      "reciprocal,9403,IN,40%,,\n"
                      "russia_oil,* !@exempt,IN,25%,,!fta\n" },
    { NULL, NULL }
};

typedef struct expectation {
    const char *what, *lines;
    check_entry entry;
    const char *layer, *rate;
} expectation;

static void check_all(const expectation *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_law law;
        check_law_write(&law, base);
        if (check_law_change(&law, rows[i].lines) != TARIFF_OK)
            fail_msg("row '%s': %s", rows[i].what, law.log.text);
        check_ask(&law, &rows[i].entry);
        check_text(check_rate(&law, rows[i].layer), rows[i].rate, rows[i].what);
        check_law_close(&law);
    }
}

#define CHECK_ALL(rows) check_all((rows), sizeof(rows) / sizeof((rows)[0]))

static void set_replaces_the_rate_where_it_is_not_exempt(void **state)
{
#define SET "changes: [{set: {layer: reciprocal, origins: IN, rate: 18%}}]\n"
    static const expectation rows[] = {
        { "no change", "", { 0 }, "reciprocal", "0.25" },
        { "an ordinary good", SET, { 0 }, "reciprocal", "0.18" },
        { "an exempt good stays exempt", SET, { .hs = "3004" }, "reciprocal", "0" },
        { "a longer code is changed too", SET, { .hs = "9403" }, "reciprocal", "0.18" },
        { "another layer is not", SET, { 0 }, "russia_oil", "0.25" },
        { "another origin is not", SET, { .origin = "JP" }, "reciprocal", "0.11" },
        { "who gives way still does", SET, { .hs = "7208" }, "reciprocal", "0" },
        { "the base stays", "changes: [{set: {layer: steel, rate: 10%}}]\n", { .hs = "7326" },
          "steel", "0.04" },
        { "the condition stays", "changes: [{set: {layer: russia_oil, rate: 10%}}]\n",
          { .claims = "fta" }, "russia_oil", "0" },
        { "products", "changes: [{set: {layer: reciprocal, products: \"84 85\", rate: 1%}}]\n",
          { .hs = "8501" }, "reciprocal", "0.01" },
        { "other products",
          "changes: [{set: {layer: reciprocal, products: \"84 85\", rate: 1%}}]\n",
          { .hs = "8601" }, "reciprocal", "0.25" },
        { "a list of products",
          "changes: [{set: {layer: reciprocal, products: [\"84\", \"8501\"], rate: 1%}}]\n",
          { .hs = "8501" }, "reciprocal", "0.01" },
        { "from its first day",
          "changes: [{set: {layer: reciprocal, rate: 1%, from: 2025-08-28}}]\n", { 0 },
          "reciprocal", "0.25" },
        { "to `to`", "changes: [{set: {layer: reciprocal, origins: IN, rate: to 15%}}]\n", { 0 },
          "reciprocal", "0.11" },
        { "the last of two counts",
          "changes: [{set: {layer: reciprocal, rate: 1%}}, {set: {layer: reciprocal, rate: "
          "2%}}]\n", { 0 }, "reciprocal", "0.02" },
    };
    (void)state;
    CHECK_ALL(rows);
}

static void shift_and_scale_move_rates(void **state)
{
    static const check_entry kilos_02 = { .hs = "0201", .quantity = "100", .unit = "kg" };
    static const check_entry kilos_03 = { .hs = "0301", .quantity = "100", .unit = "kg" };
    static const check_entry kilos_04 = { .hs = "0401", .quantity = "100", .unit = "kg" };
    const expectation rows[] = {
        { "up", "changes: [{shift: {layer: reciprocal, by: +5%}}]\n", { 0 }, "reciprocal",
          "0.3" },
        { "down", "changes: [{shift: {layer: reciprocal, by: -5%}}]\n", { 0 }, "reciprocal",
          "0.2" },
        { "never below zero", "changes: [{shift: {layer: reciprocal, by: -30%}}]\n", { 0 },
          "reciprocal", "0" },
        { "exempt stays exempt", "changes: [{shift: {layer: reciprocal, by: +5%}}]\n",
          { .hs = "3004" }, "reciprocal", "0" },
        { "a `to` is aimed higher", "changes: [{shift: {layer: reciprocal, by: +5%}}]\n",
          { .origin = "JP" }, "reciprocal", "0.16" },
        { "beside an amount per unit", "changes: [{shift: {layer: mfn, by: +2%}}]\n", kilos_02,
          "mfn", "0.12" },
        { "a compound duty", "changes: [{shift: {layer: mfn, by: +2%}}]\n", kilos_03, "mfn",
          "0.17" },
        { "half", "changes: [{scale: {layer: reciprocal, by: 0.5}}]\n", { 0 }, "reciprocal",
          "0.125" },
        { "nothing is left", "changes: [{scale: {layer: reciprocal, by: 0}}]\n", { 0 },
          "reciprocal", "0" },
        { "amounts are scaled too", "changes: [{scale: {layer: mfn, by: 2}}]\n", kilos_03, "mfn",
          "0.3" },
        { "and both sides of max", "changes: [{scale: {layer: mfn, by: 2}}]\n", kilos_04, "mfn",
          "0.2" },
        { "in order: (25 + 5) / 2",
          "changes: [{shift: {layer: reciprocal, by: +5%}}, {scale: {layer: reciprocal, by: "
          "0.5}}]\n", { 0 }, "reciprocal", "0.15" },
        { "in order: 25 / 2 + 5",
          "changes: [{scale: {layer: reciprocal, by: 0.5}}, {shift: {layer: reciprocal, by: "
          "+5%}}]\n", { 0 }, "reciprocal", "0.175" },
    };
    (void)state;
    CHECK_ALL(rows);
}

static void exempt_and_suspend_take_measures_away(void **state)
{
#define EXEMPT "changes: [{exempt: {layer: [reciprocal, russia_oil], products: \"94 8517.13\"}}]\n"
#define SUSPEND "changes: [{suspend: {layer: russia_oil}}]\n"
    static const expectation rows[] = {
        { "out of the first", EXEMPT, { .hs = "85171300" }, "reciprocal", "0" },
        { "out of the second", EXEMPT, { .hs = "85171300" }, "russia_oil", "0" },
        { "whatever the length of the code", EXEMPT, { .hs = "9403" }, "reciprocal", "0" },
        { "other layers stay", EXEMPT, { .hs = "9403" }, "total", "0.04" },
        { "other products stay", EXEMPT, { .hs = "85171800" }, "additional", "0.5" },
        { "suspended", SUSPEND, { 0 }, "russia_oil", "0" },
        { "not the others", SUSPEND, { 0 }, "reciprocal", "0.25" },
        { "for some origins", "changes: [{suspend: {layer: reciprocal, origins: JP}}]\n", { 0 },
          "reciprocal", "0.25" },
        { "for some days", "changes: [{suspend: {layer: russia_oil, until: 2025-08-27}}]\n",
          { 0 }, "russia_oil", "0.25" },
        { "through is in force",
          "changes: [{suspend: {layer: russia_oil, through: 2025-08-27}}]\n", { 0 }, "russia_oil",
          "0" },
        { "who gave way to it charges again", "changes: [{suspend: {layer: steel}}]\n",
          { .hs = "7208" }, "reciprocal", "0.25" },
    };
    (void)state;
    CHECK_ALL(rows);
}

static void add_makes_measures_and_layers(void **state)
{
#define PENALTY                                                                              \
    "changes:\n  - add: {layer: penalty, products: \"*\", origins: IN, rate: 25%, from: "    \
    "2025-08-27, kind: additional, yields_to: [steel]}\n"
    static const expectation rows[] = {
        { "a new layer", PENALTY, { 0 }, "penalty", "0.25" },
        { "from its day", PENALTY, { .date = "2025-08-26" }, "penalty", "0" },
        { "gives way", PENALTY, { .hs = "7208" }, "penalty", "0" },
        { "by part", PENALTY, { .hs = "7326" }, "penalty", "0.15" },
        { "others are not touched", PENALTY, { 0 }, "total", "0.79" },
        { "by the line",
          "changes:\n  - add: {layer: penalty, rate: 25%, yields_to: steel, scope: line}\n",
          { .hs = "7326" }, "penalty", "0" },
        { "an ordinary one", "changes:\n  - add: {layer: vat, rate: 3%, kind: ordinary}\n", { 0 },
          "ordinary", "0.07" },
        { "in a layer that is there: the tie is the scenario's",
          "changes:\n  - add: {layer: reciprocal, origins: IN, rate: 1%}\n", { 0 }, "reciprocal",
          "0.01" },
        { "but a longer code still wins",
          "changes:\n  - add: {layer: reciprocal, origins: IN, rate: 1%}\n", { .hs = "9403" },
          "reciprocal", "0.4" },
        { "base and condition",
          "changes:\n  - add: {layer: penalty, rate: 10%, base: steel_content, when: \"!fta\"}\n",
          { .hs = "7326" }, "penalty", "0.04" },
        { "a later change touches it",
          "changes:\n  - add: {layer: penalty, rate: 10%}\n  - scale: {layer: penalty, by: 0.5}\n",
          { 0 }, "penalty", "0.05" },
        { "an earlier change does not",
          "changes:\n  - exempt: {layer: reciprocal}\n"
          "  - add: {layer: reciprocal, origins: IN, rate: 1%}\n", { 0 }, "reciprocal", "0.01" },
        { "it can be topped up",
          "changes:\n  - add: {layer: penalty, rate: 10%}\n"
          "  - add: {layer: top, rate: to 15% over penalty}\n", { 0 }, "top", "0.05" },
    };
    (void)state;
    CHECK_ALL(rows);
}

static void wrong_changes_are_refused_where_they_are_written(void **state)
{
    static const struct {
        const char *lines, *message;
    } rows[] = {
        { "changes: [{set: {layer: reciprocl, rate: 1%}}]\n",
          ".yaml:5:25: error: unknown layer 'reciprocl'" },
        { "changes: [{set: {layer: reciprocl, rate: 1%}}]\n", "did you mean 'reciprocal'?" },
        { "changes: [{set: {layer: reciprocal}}]\n", "'set' needs 'rate'" },
        { "changes: [{set: {layer: reciprocal, rate: 18}}]\n", ":5:43: error: bare rate '18'" },
        { "changes: [{shift: {layer: reciprocal, by: 5}}]\n", "bare rate '5'" },
        { "changes: [{set: {rate: 1%}}]\n", "'set' names no layer" },
        { "changes: [{sets: {layer: reciprocal}}]\n", "unknown change 'sets'" },
        { "changes: [{set: {layer: reciprocal, rats: 1%}}]\n", "did you mean 'rate'?" },
        { "changes: [{suspend: {layer: reciprocal, rate: 1%}}]\n",
          "'rate' does not go with 'suspend'" },
        { "changes: [{suspend: {layer: reciprocal, from: 2025-08-27, until: 2025-08-27}}]\n",
          "never in force" },
        { "changes: [{suspend: {layer: reciprocal, products: \"101\"}}]\n", "leading zero" },
        { "changes: [{suspend: {layer: reciprocal, origins: UK}}]\n", "did you mean GB?" },
        { "changes: [{add: {layer: Penalty, rate: 1%}}]\n", "'Penalty' cannot name a layer" },
        { "changes: [{add: {layer: mfn, rate: 1%, kind: additional}}]\n",
          "the layer 'mfn' is there already" },
        { "changes: {set: {}}\n", "'changes' is a list" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_law law;
        check_law_write(&law, base);
        tariff_status status = check_law_change(&law, rows[i].lines);
        check_row(tariff_status_is_input(status), rows[i].lines);
        check_row(law.law == NULL, rows[i].lines);
        check_said(&law.log, rows[i].message);
        check_law_close(&law);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_replaces_the_rate_where_it_is_not_exempt),
        cmocka_unit_test(shift_and_scale_move_rates),
        cmocka_unit_test(exempt_and_suspend_take_measures_away),
        cmocka_unit_test(add_makes_measures_and_layers),
        cmocka_unit_test(wrong_changes_are_refused_where_they_are_written),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
