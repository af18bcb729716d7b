/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Which measure of a layer applies, when it applies, and what it is charged on.
 */
#include "unit/schedule.h"

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

static void the_most_specific_measure_wins(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind\na,additional\n" },
        { "groups.csv", "group,member\nG,IN\nG,CN\nW,US\n" },
        { "sets/s.csv", "hs\n8481\n" },
        { "claims/usmca.csv", "hs,share\n" },
        { "claims/gsp.csv", "hs,share\n" },
        { "measures.csv", "layer,products,origins,importers,rate,rank,when\n"
                          "a,*,*,*,1%,,\n"
                          "a,84,*,*,2%,,\n"
                          "a,8471-848190,*,*,3%,,\n"
                          "a,@s,@G,*,4%,,\n"
                          "a,@s,IN,*,5%,,\n"
                          "a,@s,IN,@W,6%,,\n"
                          "a,@s,IN,US,7%,,\n"
                          "a,@s,IN,US,8%,,usmca\n"
                          "a,@s,IN,US,9%,,usmca gsp\n"
                          "a,*,VN,*,10%,1,\n"
                          "a,@s,VN,*,11%,,\n"
                          "a,@s,VN,*,12%,-1,\n" },
        { NULL, NULL }
    };
    static const expectation rows[] = {
        { "*", { .hs = "0101", .origin = "BR" }, "a", "0.01" },
        { "a longer code", { .hs = "8401", .origin = "BR" }, "a", "0.02" },
        { "a range counts as its shorter end", { .hs = "84750000", .origin = "BR" }, "a",
          "0.03" },
        { "a group before *", { .hs = "84813000", .origin = "CN" }, "a", "0.04" },
        { "a listed origin before a group", { .hs = "84813000", .origin = "IN",
          .importer = "DE" }, "a", "0.05" },
        { "then importers likewise", { .hs = "84813000", .origin = "IN" }, "a", "0.07" },
        { "then conditions", { .hs = "84813000", .claims = "usmca" }, "a", "0.08" },
        { "more conditions", { .hs = "84813000", .claims = "usmca gsp" }, "a", "0.09" },
        { "one condition of two is none", { .hs = "84813000", .claims = "gsp" }, "a", "0.07" },
        { "rank before everything", { .hs = "84813000", .origin = "VN" }, "a", "0.1" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    CHECK_ALL(&law, rows);
    check_law_close(&law);
}

static void other_rules_of_selection(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind,select\n"
                        "s301,additional,highest\n"
                        "low,additional,lowest\n"
                        "both,additional,sum\n"
                        "file,additional,first\n" },
        { "sets/list_1.csv", "hs\n8481\n" },
        { "sets/list_4.csv", "hs\n848180\n" },
        { "parts/steel.csv", "hs,share\n" },
        { "measures.csv", "layer,products,origins,rate,base\n"
                          "s301,@list_4,CN,7.5%,\n"
                          "s301,@list_1,CN,25%,\n"
                          "low,@list_4,CN,7.5%,\n"
                          "low,@list_1,CN,25%,\n"
                          "both,@list_4,CN,7.5%,\n"
                          "both,@list_1,CN,25%,\n"
                          "file,@list_1,CN,25%,\n"
                          "file,@list_4,CN,7.5%,\n"
                          "s301,7326,CN,10%,\n"
                          "s301,7326,CN,40%,steel\n" },
        { NULL, NULL }
    };
    static const expectation rows[] = {
        { "highest of two Section 301 lists", { .origin = "CN" }, "s301", "0.25" },
        { "on one list only", { .hs = "84811000", .origin = "CN" }, "s301", "0.25" },
        { "lowest", { .origin = "CN" }, "low", "0.075" },
        { "sum", { .origin = "CN" }, "both", "0.325" },
        { "first in the file, though shorter", { .origin = "CN" }, "file", "0.25" },
        { "highest is by contribution: little steel",
          { .hs = "7326", .origin = "CN", .parts = "steel=0.2" }, "s301", "0.1" },
        { "highest is by contribution: much steel",
          { .hs = "7326", .origin = "CN", .parts = "steel=0.5" }, "s301", "0.2" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    CHECK_ALL(&law, rows);
    check_law_close(&law);
}

/* "Highest" looks at what a measure would contribute after giving way. */
static void highest_is_decided_after_giving_way(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind,select\nmetal,additional,\norder,additional,highest\n" },
        { "parts/steel.csv", "hs,share\n" },
        { "yields.csv", "layer,to\norder,metal\n" },
        { "measures.csv", "layer,products,origins,rate,base\n"
                          "metal,7326,*,50%,steel\n"
                          "order,*,*,10%,\n"
                          "order,*,*,60%,steel\n" },
        { NULL, NULL }
    };
    static const expectation rows[] = {
        { "no metal duty: 60 % of the steel", { .parts = "steel=0.5" }, "order", "0.3" },
        { "the steel is gone: 10 % of the rest", { .hs = "7326", .parts = "steel=0.5" }, "order",
          "0.05" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    CHECK_ALL(&law, rows);
    check_law_close(&law);
}

static void conditions_on_parts_are_read_at_their_threshold(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind\na,additional\n" },
        { "parts/us_content.csv", "hs,share\n" },
        { "measures.csv", "layer,products,origins,rate,base,when\n"
                          "a,*,*,10%,!us_content,us_content>=20%\n"
                          "a,*,*,10%,,us_content<20%\n" },
        { NULL, NULL }
    };
    static const expectation rows[] = {
        { "enough US content is left out", { .parts = "us_content=0.3" }, "a", "0.07" },
        { "at the threshold", { .parts = "us_content=0.2" }, "a", "0.08" },
        { "just below it", { .parts = "us_content=0.199999999" }, "a", "0.1" },
        { "none", { 0 }, "a", "0.1" },
        { "all", { .parts = "us_content=1" }, "a", "0" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    CHECK_ALL(&law, rows);
    check_law_close(&law);
}

static void scope_line_gives_up_the_line_and_scope_part_the_part(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind\nmetal,additional\nby_part,additional\nby_line,additional\n" },
        { "parts/steel.csv", "hs,share\n" },
        { "yields.csv", "layer,to,scope\nby_part,metal,part\nby_line,metal,line\n" },
        { "measures.csv", "layer,products,origins,rate,base\n"
                          "metal,73,*,50%,steel\n"
                          "metal,74,*,0%,steel\n"
                          "by_part,*,*,10%,\n"
                          "by_line,*,*,10%,\n" },
        { NULL, NULL }
    };
    static const expectation rows[] = {
        { "part", { .hs = "7326", .parts = "steel=0.4" }, "by_part", "0.06" },
        { "line", { .hs = "7326", .parts = "steel=0.4" }, "by_line", "0" },
        { "a little steel is a line", { .hs = "7326", .parts = "steel=0.000000001" }, "by_line",
          "0" },
        { "no steel displaces nothing", { .hs = "7326", .parts = "steel=0" }, "by_line", "0.1" },
        { "a duty of 0 % displaces nothing", { .hs = "7407", .parts = "steel=0.4" }, "by_line",
          "0.1" },
        { "nor by part", { .hs = "7407", .parts = "steel=0.4" }, "by_part", "0.1" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    CHECK_ALL(&law, rows);
    check_law_close(&law);
}

/* A layer that tops up displaces others only where there was something to top up. */
static void what_tops_up_to_nothing_displaces_nothing(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind\norder,additional\ndeal,additional\nmfn,ordinary\n" },
        { "yields.csv", "layer,to\norder,deal\n" },
        { "measures.csv", "layer,products,origins,rate\n"
                          "mfn,84,*,4%\nmfn,85,*,20%\ndeal,*,JP,to 15%\norder,*,*,10%\n" },
        { NULL, NULL }
    };
    static const expectation rows[] = {
        { "topped up: the order gives way", { .hs = "8481", .origin = "JP" }, "total", "0.15" },
        { "not topped up: it does not", { .hs = "8517", .origin = "JP" }, "total", "0.3" },
        { "no deal", { .hs = "8481", .origin = "IN" }, "total", "0.14" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    CHECK_ALL(&law, rows);
    check_law_close(&law);
}

static void parts_that_add_up_to_more_than_one_are_scaled(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind\nsteel,additional\nalu,additional\nrest,additional\n"
                        "us,additional\n" },
        { "parts/steel.csv", "hs,share\n" },
        { "parts/aluminium.csv", "hs,share\n" },
        { "parts/us_content.csv", "hs,share\n" },
        { "yields.csv", "layer,to\nrest,steel\nrest,alu\n" },
        { "measures.csv", "layer,products,origins,rate,base,when\n"
                          "steel,*,*,100%,steel,\n"
                          "alu,*,*,100%,aluminium,\n"
                          "rest,*,*,100%,,\n"
                          "us,*,*,100%,,us_content>=40%\n" },
        { NULL, NULL }
    };
    static const expectation rows[] = {
        { "0.8 of 1.6", { .parts = "steel=0.8 aluminium=0.8" }, "steel", "0.5" },
        { "nothing is left", { .parts = "steel=0.8 aluminium=0.8" }, "rest", "0" },
        { "0.9 of 1.2", { .parts = "steel=0.9 aluminium=0.3" }, "steel", "0.75" },
        { "a sum of one stays", { .parts = "steel=0.7 aluminium=0.3" }, "alu", "0.3" },
        { "below one there is a rest", { .parts = "steel=0.2 aluminium=0.3" }, "rest", "0.5" },
        { "one third, to nine places", { .parts = "steel=0.5 aluminium=1" }, "steel",
          "0.333333333" },
        { "conditions see the scaled share: 0.45 of 1.25 is 36 %",
          { .parts = "steel=0.8 us_content=0.45" }, "us", "0" },
        { "0.6 of 1.4 is 43 %", { .parts = "steel=0.8 us_content=0.6" }, "us", "1" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    CHECK_ALL(&law, rows);
    check_law_close(&law);
}

/* Scaled shares are rounded: three of them may exceed one by a billionth.  A duty on the full
 * value is still its rate of the value, whatever parts other layers name. */
static void rounding_of_scaled_parts_does_not_change_a_duty_on_full_value(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind\nfull,additional\nx,additional\ny,additional\nz,additional\n" },
        { "parts/x.csv", "hs,share\n" },
        { "parts/y.csv", "hs,share\n" },
        { "parts/z.csv", "hs,share\n" },
        { "measures.csv", "layer,products,origins,rate,base\n"
                          "full,*,*,100%,\n"
                          "x,84,*,1%,x\n"
                          "y,84,*,1%,y\n"
                          "z,84,*,1%,z\n" },
        { NULL, NULL }
    };
    static const expectation rows[] = {
        { "no part matters", { .hs = "0101", .parts = "x=0.2 y=0.2 z=0.8" }, "full", "1" },
        { "all parts matter", { .hs = "8481", .parts = "x=0.2 y=0.2 z=0.8" }, "full", "1" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    CHECK_ALL(&law, rows);
    check_law_close(&law);
}

static void dates_are_half_open_everywhere(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind\na,additional\nb,additional\nc,additional\nd,additional\n" },
        { "groups.csv", "group,member,from,until\nEU,GB,,2020-02-01\nEU,FR,,\n" },
        { "sets/s.csv", "hs,from,until\n8481,2025-04-05,2025-04-09\n" },
        { "parts/steel.csv", "hs,from,until,share\n*,,2025-06-04,0.5\n*,2025-06-04,,0.25\n" },
        { "measures.csv", "layer,products,origins,from,until,through,rate,base\n"
                          "a,*,*,2025-03-04,2025-03-07,,10%,\n"
                          "b,*,@EU,,,,10%,\n"
                          "c,@s,*,,,,10%,\n"
                          "d,*,*,2025-03-04,,2025-12-31,10%,steel\n" },
        { NULL, NULL }
    };
    static const expectation rows[] = {
        { "the day before", { .date = "2025-03-03" }, "a", "0" },
        { "the first day", { .date = "2025-03-04" }, "a", "0.1" },
        { "the last day", { .date = "2025-03-06" }, "a", "0.1" },
        { "until is not in force", { .date = "2025-03-07" }, "a", "0" },
        { "a member until 31 January", { .origin = "GB", .date = "2020-01-31" }, "b", "0.1" },
        { "no member from 1 February", { .origin = "GB", .date = "2020-02-01" }, "b", "0" },
        { "others stay", { .origin = "FR", .date = "2020-02-01" }, "b", "0.1" },
        { "a set's row in force", { .date = "2025-04-08" }, "c", "0.1" },
        { "a set's row not in force", { .date = "2025-04-09" }, "c", "0" },
        { "through is in force", { .date = "2025-12-31" }, "d", "0.025" },
        { "the day after through", { .date = "2026-01-01" }, "d", "0" },
        { "a share of its day", { .date = "2025-06-03" }, "d", "0.05" },
        { "a share of the next", { .date = "2025-06-04" }, "d", "0.025" },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    CHECK_ALL(&law, rows);
    check_law_close(&law);
}

/* The second clock: what was published, and not yet withdrawn, on a day. */
static void as_of_shows_the_law_as_it_was_known(void **state)
{
    static const check_file files[] = {
        { "measures.csv",
          "layer,products,origins,from,rate,published,withdrawn\n"
          "a,*,*,2025-04-09,34%,2025-04-02,2025-05-14\n"
          "a,*,*,2025-04-09,10%,2025-05-14,\n" },
        { "layers.csv", "layer,kind\na,additional\n" },
        { NULL, NULL }
    };
    static const struct {
        const char *as_of, *rate;
    } rows[] = { { "2025-04-01", "0" },  { "2025-04-02", "0.34" }, { "2025-05-13", "0.34" },
                 { "2025-05-14", "0.1" }, { NULL, "0.1" } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_law          law;
        tariff_law_options options = TARIFF_LAW_OPTIONS_INIT;
        const char        *what = rows[i].as_of ? rows[i].as_of : "without as_of";
        check_law_write(&law, files);
        options.has_as_of = rows[i].as_of != NULL;
        if (rows[i].as_of)
            CHECK_PARSE(tariff_date_parse, rows[i].as_of, &options.as_of);
        check_row(check_law_try(&law, &options) == TARIFF_OK, what);
        check_ask(&law, &(check_entry){ .date = "2025-05-01" });
        check_text(check_rate(&law, "a"), rows[i].rate, what);
        check_law_close(&law);
    }
}

static void amounts_in_other_currencies_need_an_exchange_rate(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind\na,additional\n" },
        { "measures.csv", "layer,products,origins,rate\na,*,*,2 EUR/kg\n" },
        { NULL, NULL }
    };
    static const tariff_exchange euro = { "EUR", { 1170000000 } };
    check_law                    law;
    tariff_law_options           options = TARIFF_LAW_OPTIONS_INIT;
    (void)state;
    check_law_write(&law, files);
    assert_int_equal(check_law_try(&law, &options), TARIFF_E_REFERENCE);
    check_said(&law.log, "measures.csv:2:1: error: amounts in EUR");
    check_said(&law.log, "exchange: {EUR: 1.25}");
    options.exchange = &euro;
    options.exchange_count = 1;
    assert_int_equal(tariff_law_compile(law.env, law.schedule, &options, &law.law), TARIFF_OK);
    check_ask(&law, &(check_entry){ .quantity = "100", .unit = "kg" });
    assert_string_equal(check_duty(&law, "a"), "234.00");
    check_law_close(&law);
}

/* Another schedule, or a change, may give a group other members: tables of shares that name it
 * mean those. */
static void shares_follow_a_group_that_is_replaced(void **state)
{
    static const check_file files[] = { { "layers.csv", "layer,kind\na,additional\n" },
                                        { "groups.csv", "group,member\nG,CN\n" },
                                        { "parts/p.csv", "hs,origin,share\n*,@G,0.4\n" },
                                        { "claims/c.csv", "hs,origin,share\n*,@G,0.5\n" },
                                        { "measures.csv", "layer,products,origins,rate,base,when\n"
                                                          "a,*,*,10%,p,c\n" },
                                        { NULL, NULL } };
    static const check_file over[] = { { "groups.csv", "group,member\nG,IN\n" },
                                       { NULL, NULL } };
    check_law law, overlay;
    (void)state;
    check_law_open(&law, files);
    check_ask(&law, &(check_entry){ .origin = "IN" });
    assert_string_equal(check_rate(&law, "a"), "0");
    tariff_law_free(law.law);
    tariff_schedule_free(law.schedule);
    check_law_write(&overlay, over);
    const char *paths[] = { law.directory, overlay.directory };
    assert_int_equal(tariff_schedule_load(law.env, paths, 2, &law.schedule), TARIFF_OK);
    assert_int_equal(tariff_law_compile(law.env, law.schedule, NULL, &law.law), TARIFF_OK);
    check_ask(&law, &(check_entry){ .origin = "IN" });
    assert_string_equal(check_rate(&law, "a"), "0.02");
    check_ask(&law, &(check_entry){ .origin = "CN" });
    assert_string_equal(check_rate(&law, "a"), "0");
    check_law_close(&overlay);
    check_law_close(&law);

    check_law_write(&law, files);
    assert_int_equal(check_law_change(&law, "changes: [{join: {group: G, countries: IN}}]\n"),
                     TARIFF_OK);
    check_ask(&law, &(check_entry){ .origin = "IN" });
    assert_string_equal(check_rate(&law, "a"), "0.02");
    check_law_close(&law);
}

/* Ordinary duty is unknown where the conditions of all its measures fail, if only in a branch. */
static void ordinary_duty_is_unmatched_where_its_conditions_fail(void **state)
{
    static const check_file files[] = { { "layers.csv", "layer,kind\nmfn,ordinary\n" },
                                        { "claims/fta.csv", "hs,share\n" },
                                        { "measures.csv", "layer,products,origins,rate,when\n"
                                                          "mfn,84,*,Free,fta\n"
                                                          "mfn,85,*,Free,fta\n"
                                                          "mfn,85,*,5%,\n" },
                                        { NULL, NULL } };
    static const struct {
        const char *what;
        check_entry entry;
        bool        unmatched;
    } rows[] = { { "claimed", { .hs = "8481", .claims = "fta" }, false },
                 { "not claimed", { .hs = "8481" }, true },
                 { "claimed for a part", { .hs = "8481", .claims = "fta=0.5" }, true },
                 { "another rate", { .hs = "8501", .claims = "fta=0.5" }, false } };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_ask(&law, &rows[i].entry);
        check_row(check_find(&law, "total")->unmatched == rows[i].unmatched, rows[i].what);
    }
    check_law_close(&law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_specific_measure_wins),
        cmocka_unit_test(other_rules_of_selection),
        cmocka_unit_test(highest_is_decided_after_giving_way),
        cmocka_unit_test(conditions_on_parts_are_read_at_their_threshold),
        cmocka_unit_test(scope_line_gives_up_the_line_and_scope_part_the_part),
        cmocka_unit_test(what_tops_up_to_nothing_displaces_nothing),
        cmocka_unit_test(parts_that_add_up_to_more_than_one_are_scaled),
        cmocka_unit_test(rounding_of_scaled_parts_does_not_change_a_duty_on_full_value),
        cmocka_unit_test(dates_are_half_open_everywhere),
        cmocka_unit_test(as_of_shows_the_law_as_it_was_known),
        cmocka_unit_test(amounts_in_other_currencies_need_an_exchange_rate),
        cmocka_unit_test(shares_follow_a_group_that_is_replaced),
        cmocka_unit_test(ordinary_duty_is_unmatched_where_its_conditions_fail),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
