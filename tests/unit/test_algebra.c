/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The stacking algebra on cases that were worked out by hand from the legal texts.
 */
#include "unit/schedule.h"

/** A shipment and what one layer, or a sum of layers, charges on it. */
typedef struct expectation {
    const char *what;
    check_entry entry;
    const char *layer, *rate;
} expectation;

static void check_all(check_law *law, const expectation *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_ask(law, &rows[i].entry);
        check_text(check_rate(law, rows[i].layer), rows[i].rate, rows[i].what);
    }
}

#define CHECK_ALL(law, rows) check_all((law), (rows), sizeof(rows) / sizeof((rows)[0]))

/* India in August 2025: two country orders, an exemption list, Section 232 before both. */

static const check_file india[] = {
    { "layers.csv", "layer,title,kind,authority,select\n"
                    "mfn,Ordinary duty,ordinary,mfn,specific\n"
                    "s232,Section 232 on full value,additional,s232,specific\n"
                    "s232_content,Section 232 on steel content,additional,s232,specific\n"
                    "reciprocal,,additional,ieepa_reciprocal,specific\n"
                    "russia_oil,,additional,ieepa_russia_oil,specific\n" },
    { "yields.csv", "layer,to,scope,from,until\n"
                    "reciprocal,authority:s232,,,\n"
                    "russia_oil,authority:s232,,,\n" },
    { "sets/annex_ii.csv", "hs\n30\n8517.13\n" },
    { "parts/steel.csv", "hs,share\n" },
    { "measures.csv", "layer,products,origins,importers,from,until,rate,base\n"
                      "mfn,61091000,*,US,,,16.5%,\n"
                      "mfn,*,*,US,,,2%,\n"
                      "s232,7208,*,US,,,50%,\n"
                      "s232_content,7326,*,US,,,50%,steel\n"
                      "reciprocal,*,IN,US,2025-08-07,,25%,\n"
                      "reciprocal,@annex_ii,IN,US,2025-08-07,,exempt,\n"
                      "russia_oil,* !@annex_ii,IN,US,2025-08-27,,25%,\n" },
    { NULL, NULL }
};

static void india_pays_25_and_25_unless_exempt_or_under_232(void **state)
{
    static const expectation rows[] = {
        { "shirt: ordinary", { .hs = "61091000" }, "ordinary", "0.165" },
        { "shirt: both orders", { .hs = "61091000" }, "additional", "0.5" },
        { "shirt: all", { .hs = "61091000" }, "total", "0.665" },
        { "shirt, the day before the second order",
          { .hs = "61091000", .date = "2025-08-26" }, "additional", "0.25" },
        { "shirt, before both", { .hs = "61091000", .date = "2025-08-06" }, "additional", "0" },
        { "shirt of Bangladesh", { .hs = "61091000", .origin = "BD" }, "additional", "0" },
        { "medicine, on the list", { .hs = "30049092" }, "additional", "0" },
        { "medicine pays ordinary duty", { .hs = "30049092" }, "total", "0.02" },
        { "telephone, on the list by a longer code", { .hs = "85171300" }, "additional", "0" },
        { "its neighbour is not", { .hs = "85171800" }, "additional", "0.5" },
        { "steel sheet: 232", { .hs = "72083900" }, "s232", "0.5" },
        { "steel sheet: first order gives way", { .hs = "72083900" }, "reciprocal", "0" },
        { "steel sheet: second order gives way", { .hs = "72083900" }, "russia_oil", "0" },
        { "steel sheet: all", { .hs = "72083900" }, "total", "0.52" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, india);
    CHECK_ALL(&law, rows);
    check_ask(&law, &rows[0].entry);
    assert_string_equal(check_duty(&law, "total"), "665.00");
    check_law_close(&law);
}

static void content_duty_leaves_the_rest_of_the_value_to_the_orders(void **state)
{
    static const expectation rows[] = {
        { "0.4 x 50 %", { .hs = "73269086", .parts = "steel=0.4" }, "s232_content", "0.2" },
        { "0.6 x 25 %", { .hs = "73269086", .parts = "steel=0.4" }, "reciprocal", "0.15" },
        { "0.6 x 25 % again", { .hs = "73269086", .parts = "steel=0.4" }, "russia_oil", "0.15" },
        { "ordinary duty is on all", { .hs = "73269086", .parts = "steel=0.4" }, "mfn", "0.02" },
        { "all of steel", { .hs = "73269086", .parts = "steel=1" }, "additional", "0.5" },
        { "no steel at all", { .hs = "73269086", .parts = "steel=0" }, "additional", "0.5" },
        { "no steel: by the orders", { .hs = "73269086", .parts = "steel=0" }, "s232_content",
          "0" },
        { "a share of nine places", { .hs = "73269086", .parts = "steel=0.123456789" },
          "s232_content", "0.0617283945" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, india);
    CHECK_ALL(&law, rows);
    check_law_close(&law);
}

/* "15 % all-in": the order tops ordinary duty up to 15 %. */

static void an_all_in_rate_tops_ordinary_duty_up(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind\nmfn,ordinary\nreciprocal,additional\n" },
        { "measures.csv", "layer,products,origins,rate\n"
                          "mfn,01,*,Free\n"
                          "mfn,02,*,5.6%\n"
                          "mfn,03,*,14.9%\n"
                          "mfn,04,*,20%\n"
                          "mfn,05,*,15%\n"
                          "reciprocal,*,JP,to 15%\n" },
        { NULL, NULL }
    };
    static const expectation rows[] = {
        { "over 0", { .hs = "0101", .origin = "JP" }, "reciprocal", "0.15" },
        { "over 0, all", { .hs = "0101", .origin = "JP" }, "total", "0.15" },
        { "over 5.6 %", { .hs = "0201", .origin = "JP" }, "reciprocal", "0.094" },
        { "over 5.6 %, all", { .hs = "0201", .origin = "JP" }, "total", "0.15" },
        { "over 14.9 %", { .hs = "0301", .origin = "JP" }, "reciprocal", "0.001" },
        { "over 14.9 %, all", { .hs = "0301", .origin = "JP" }, "total", "0.15" },
        { "over 20 %: never negative", { .hs = "0401", .origin = "JP" }, "reciprocal", "0" },
        { "over 20 %, all", { .hs = "0401", .origin = "JP" }, "total", "0.2" },
        { "over 15 % exactly", { .hs = "0501", .origin = "JP" }, "reciprocal", "0" },
        { "no ordinary measure at all", { .hs = "0601", .origin = "JP" }, "total", "0.15" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    CHECK_ALL(&law, rows);
    check_law_close(&law);
}

static void to_over_names_the_layers_that_are_topped_up(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind\nmfn,ordinary\npenalty,additional\ndeal,additional\n" },
        { "measures.csv", "layer,products,origins,rate\n"
                          "deal,*,JP,to 15% over penalty\n"
                          "deal,*,KR,to 15% over penalty mfn\n"
                          "mfn,*,*,4%\n"
                          "penalty,*,*,6%\n" },
        { NULL, NULL }
    };
    static const expectation rows[] = {
        { "over one", { .origin = "JP" }, "deal", "0.09" },
        { "over one, all", { .origin = "JP" }, "total", "0.19" },
        { "over two", { .origin = "KR" }, "deal", "0.05" },
        { "over two, all", { .origin = "KR" }, "total", "0.15" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    CHECK_ALL(&law, rows);
    check_law_close(&law);
}

/* Canada in spring 2025: until 3 June the border order came first, then steel did. */

static const check_file canada[] = {
    { "layers.csv", "layer,kind\ns232_steel,additional\nborder,additional\n" },
    { "yields.csv", "layer,to,scope,from,until\n"
                    "s232_steel,border,line,2025-03-04,2025-06-04\n"
                    "border,s232_steel,part,2025-06-04,\n" },
    { "claims/usmca.csv", "hs,origin,importer,share\n7326,CA,US,0.85\n" },
    { "parts/steel.csv", "hs,share\n7326,0.3\n" },
    { "measures.csv", "layer,products,origins,from,until,rate,base,when\n"
                      "s232_steel,7208,*,2025-03-12,2025-06-04,25%,,\n"
                      "s232_steel,7208,*,2025-06-04,,50%,,\n"
                      "s232_steel,7326,*,2025-03-12,2025-06-04,25%,steel,\n"
                      "s232_steel,7326,*,2025-06-04,,50%,steel,\n"
                      "border,*,CA,2025-03-04,,25%,,!usmca\n" },
    { NULL, NULL }
};

static void canadian_steel_pays_the_order_in_april_and_232_in_june(void **state)
{
    static const expectation rows[] = {
        { "April, not claimed: the order", { .hs = "72083900", .origin = "CA",
          .date = "2025-04-15", .claims = "!usmca" }, "border", "0.25" },
        { "April, not claimed: steel waits", { .hs = "72083900", .origin = "CA",
          .date = "2025-04-15", .claims = "!usmca" }, "total", "0.25" },
        { "April, claimed: steel", { .hs = "72083900", .origin = "CA", .date = "2025-04-15",
          .claims = "usmca" }, "s232_steel", "0.25" },
        { "April, claimed: only steel", { .hs = "72083900", .origin = "CA",
          .date = "2025-04-15", .claims = "usmca" }, "total", "0.25" },
        { "June, not claimed: steel", { .hs = "72083900", .origin = "CA", .date = "2025-06-15",
          .claims = "!usmca" }, "s232_steel", "0.5" },
        { "June, not claimed: only steel", { .hs = "72083900", .origin = "CA",
          .date = "2025-06-15", .claims = "!usmca" }, "total", "0.5" },
        { "June, claimed", { .hs = "72083900", .origin = "CA", .date = "2025-06-15",
          .claims = "usmca" }, "total", "0.5" },
        { "3 June is the last day of the old order", { .hs = "72083900", .origin = "CA",
          .date = "2025-06-03", .claims = "!usmca" }, "border", "0.25" },
        { "4 June the first of the new", { .hs = "72083900", .origin = "CA",
          .date = "2025-06-04", .claims = "!usmca" }, "border", "0" },
        { "before both", { .hs = "72083900", .origin = "CA", .date = "2025-03-03",
          .claims = "!usmca" }, "total", "0" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, canada);
    CHECK_ALL(&law, rows);
    check_law_close(&law);
}

/* Averaging before deciding would be wrong: each branch is decided, then weighted. */
static void claim_shares_weight_branches_that_are_decided_apart(void **state)
{
    static const expectation rows[] = {
        { "June, steel: 0.3 x 50 % in both branches", { .hs = "73269086", .origin = "CA",
          .date = "2025-06-15" }, "s232_steel", "0.15" },
        { "June, order: 0.15 x 0.7 x 25 %", { .hs = "73269086", .origin = "CA",
          .date = "2025-06-15" }, "border", "0.02625" },
        { "June, all", { .hs = "73269086", .origin = "CA", .date = "2025-06-15" }, "total",
          "0.17625" },
        { "April, order on the whole line: 0.15 x 25 %", { .hs = "73269086", .origin = "CA",
          .date = "2025-04-15" }, "border", "0.0375" },
        { "April, steel only where USMCA is claimed: 0.85 x 0.3 x 25 %", { .hs = "73269086",
          .origin = "CA", .date = "2025-04-15" }, "s232_steel", "0.06375" },
        { "an override replaces the table", { .hs = "73269086", .origin = "CA",
          .date = "2025-06-15", .claims = "usmca=0.5" }, "border", "0.0875" },
        { "no row for Mexico, no order either", { .hs = "73269086", .origin = "MX",
          .date = "2025-06-15" }, "total", "0.15" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, canada);
    CHECK_ALL(&law, rows);
    check_ask(&law, &rows[0].entry);
    assert_int_equal(law.branches, 2);
    assert_true(check_find(&law, "total")->estimated);
    check_ask(&law, &(check_entry){ .hs = "73269086", .origin = "CA", .date = "2025-06-15",
                                    .claims = "usmca", .parts = "steel=0.3" });
    assert_int_equal(law.branches, 1);
    assert_false(check_find(&law, "total")->estimated);
    check_law_close(&law);
}

/* Specific duties */

static void a_specific_duty_follows_quantity_and_the_rest_follows_value(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind\nmfn,ordinary\ndeal,additional\n" },
        { "measures.csv", "layer,products,origins,rate\n"
                          "mfn,04,*,1.5 USD/kg + 8%\n"
                          "mfn,05,*,\"max(5%, 10 c/no)\"\n"
                          "mfn,06,*,\"min(5%, 10 c/no)\"\n"
                          "mfn,07,*,60 USD/1000 KG\n"
                          "mfn,08,*,\"min(10%, min(1 USD/kg, 10 c/no))\"\n"
                          "mfn,09,*,1.5 USD/3 lb\n"
                          "deal,04,JP,to 30%\n" },
        { NULL, NULL }
    };
    static const struct {
        const char *what;
        check_entry entry;
        const char *layer, *rate, *duty;
        bool        unassessed;
    } rows[] = {
        { "80 + 1.5 x 100", { .hs = "0401", .quantity = "100", .unit = "kg" }, "mfn", "0.23",
          "230.00", false },
        { "tonnes are kilograms too", { .hs = "0401", .quantity = "0.1", .unit = "t" }, "mfn",
          "0.23", "230.00", false },
        { "no quantity: the percentage alone", { .hs = "0401" }, "mfn", "0.08", "80.00", true },
        { "a quantity of another kind", { .hs = "0401", .quantity = "7", .unit = "no" }, "mfn",
          "0.08", "80.00", true },
        { "no value: money without a rate",
          { .hs = "0401", .value = "0", .quantity = "100", .unit = "kg" }, "total", "", "150.00",
          false },
        { "whichever is higher: value", { .hs = "0501", .quantity = "499", .unit = "no" }, "mfn",
          "0.05", "50.00", false },
        { "whichever is higher: number", { .hs = "0501", .quantity = "600", .unit = "no" },
          "mfn", "0.06", "60.00", false },
        { "dozens are counted", { .hs = "0501", .quantity = "50", .unit = "doz" }, "mfn", "0.06",
          "60.00", false },
        { "max without a quantity", { .hs = "0501" }, "mfn", "0.05", "50.00", true },
        { "whichever is lower", { .hs = "0601", .quantity = "200", .unit = "no" }, "mfn", "0.02",
          "20.00", false },
        { "min without a quantity is not zero", { .hs = "0601" }, "mfn", "0.05", "50.00", true },
        { "an inner choice is as assessable as one of its sides",
          { .hs = "0801", .quantity = "20", .unit = "kg" }, "mfn", "0.02", "20.00", true },
        { "units whose factors have many digits", /* 45 359 237 x 3 kg */
          { .hs = "0901", .value = "300000000", .quantity = "136077.711", .unit = "t" }, "mfn",
          "0.5", "150000000.00", false },
        { "per 1000 kg", { .hs = "0701", .quantity = "500", .unit = "kg" }, "mfn", "0.03",
          "30.00", false },
        { "topped up to 30 % over 23 %",
          { .hs = "0401", .origin = "JP", .quantity = "100", .unit = "kg" }, "deal", "0.07",
          "70.00", false },
        { "topped up over what can be assessed", { .hs = "0401", .origin = "JP" }, "deal",
          "0.22", "220.00", true },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_ask(&law, &rows[i].entry);
        check_text(check_rate(&law, rows[i].layer), rows[i].rate, rows[i].what);
        check_text(check_duty(&law, rows[i].layer), rows[i].duty, rows[i].what);
        check_row(check_find(&law, "total")->unassessed == rows[i].unassessed, rows[i].what);
    }
    check_law_close(&law);
}

/* What an amount is not charged on, needs no quantity: 1 USD/kg of no steel is nothing. */
static void an_amount_on_nothing_lacks_no_quantity(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind\nmfn,ordinary\n" },
        { "parts/steel.csv", "hs,share\n" },
        { "measures.csv", "layer,products,origins,rate,base\n"
                          "mfn,01,*,1 USD/kg on steel,\n"
                          "mfn,02,*,1 USD/kg,steel\n"
                          "mfn,03,*,\"min(5%, 1 USD/kg on steel)\",\n"
                          "mfn,04,*,5% + 1 USD/kg on steel,!steel\n" },
        { NULL, NULL }
    };
    static const struct {
        const char *what;
        check_entry entry;
        const char *rate;
        bool        unassessed;
    } rows[] = {
        { "some steel", { .hs = "0101", .parts = "steel=0.5" }, "0", true },
        { "no steel", { .hs = "0101", .parts = "steel=0" }, "0", false },
        { "no steel in the base", { .hs = "0201", .parts = "steel=0" }, "0", false },
        { "the lower of 5 % and nothing", { .hs = "0301", .parts = "steel=0" }, "0", false },
        { "the lower of 5 % and nobody knows", { .hs = "0301", .parts = "steel=1" }, "0.05",
          true },
        { "steel is not in the base", { .hs = "0401", .parts = "steel=0.5" }, "0.025", false },
    };
    unsigned  wrong = 0;
    check_law law;
    (void)state;
    check_law_open(&law, files);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_ask(&law, &rows[i].entry);
        const check_total *total = check_find(&law, "total");
        if (strcmp(total->rate, rows[i].rate) == 0 && total->unassessed == rows[i].unassessed)
            continue;
        print_error("row '%s': %s, %s\n", rows[i].what, total->rate,
                    total->unassessed ? "unassessed" : "assessed");
        wrong++;
    }
    check_law_close(&law);
    assert_int_equal(wrong, 0);
}

/* Exactness at the smallest places that count: nothing is rounded before it has to be. */
static void contributions_keep_twelve_places(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind\nmfn,ordinary\norder,additional\n" },
        { "claims/fta.csv", "hs,share\n*,0.333333333\n" },
        { "parts/steel.csv", "hs,share\n*,0.000000001\n" },
        { "measures.csv", "layer,products,origins,rate,base,when\n"
                          "mfn,*,*,0.0000001%,,\n"
                          "order,*,IN,10%,,!fta\n"
                          "order,*,CN,50%,steel,\n"
                          "order,*,VN,0.05%,steel,\n"
                          "order,*,KR,0.15%,steel,\n" },
        { NULL, NULL }
    };
    static const expectation rows[] = {
        { "the smallest rate", { 0 }, "mfn", "0.000000001" },
        { "(1 - 0.333333333) x 10 %", { .origin = "IN" }, "order", "0.0666666667" },
        { "50 % of a billionth", { .origin = "CN" }, "order", "0.0000000005" },
        { "half of 1e-12 rounds to even: down", { .origin = "VN" }, "order", "0" },
        { "1.5 of 1e-12 rounds to even: up", { .origin = "KR" }, "order", "0.000000000002" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    CHECK_ALL(&law, rows);
    check_law_close(&law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(india_pays_25_and_25_unless_exempt_or_under_232),
        cmocka_unit_test(content_duty_leaves_the_rest_of_the_value_to_the_orders),
        cmocka_unit_test(an_all_in_rate_tops_ordinary_duty_up),
        cmocka_unit_test(to_over_names_the_layers_that_are_topped_up),
        cmocka_unit_test(canadian_steel_pays_the_order_in_april_and_232_in_june),
        cmocka_unit_test(claim_shares_weight_branches_that_are_decided_apart),
        cmocka_unit_test(a_specific_duty_follows_quantity_and_the_rest_follows_value),
        cmocka_unit_test(an_amount_on_nothing_lacks_no_quantity),
        cmocka_unit_test(contributions_keep_twelve_places),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
