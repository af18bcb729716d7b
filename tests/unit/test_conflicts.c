/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Law that contradicts itself, schedules laid over one another, coarse flows.
 */
#include "unit/schedule.h"

#define LAYERS { "layers.csv", "layer,kind\na,additional\nb,additional\nc,additional\n" }
#define COLUMNS "layer,products,origins,importers,from,until,rate,base,rank,when\n"

/* Two measures between which law does not decide. */
static void ties_with_different_rates_are_errors_that_name_both_lines(void **state)
{
    static const struct {
        const char *what, *measures;
        bool        tie;
    } rows[] = {
        { "same code", "a,8481,IN,US,,,10%,,,\na,8481,IN,US,,,20%,,,\n", true },
        { "same code in two notations", "a,8481.80,IN,US,,,10%,,,\na,848180,IN,US,,,20%,,,\n",
          true },
        { "everything twice", "a,*,IN,US,,,10%,,,\na,*,IN,US,,,20%,,,\n", true },
        { "one code of several", "a,7208 8481,IN,US,,,10%,,,\na,8481 9403,IN,US,,,20%,,,\n",
          true },
        { "two groups with a common member", "a,*,@G,US,,,10%,,,\na,*,@H,US,,,20%,,,\n", true },
        { "ranges that overlap", "a,7206-7210,IN,US,,,10%,,,\na,7208-7215,IN,US,,,20%,,,\n",
          true },
        { "a range and a code in it", "a,7206-7210,IN,US,,,10%,,,\na,7208,IN,US,,,20%,,,\n",
          true },
        { "a range that ends in a chapter, and the chapter",
          "a,72-7305,IN,US,,,10%,,,\na,73,IN,US,,,20%,,,\n", true },
        { "ranges that begin alike, one without its first heading",
          "a,7206-7210 !7206,IN,US,,,10%,,,\na,7206-7210,IN,US,,,20%,,,\n", true },
        { "ranges that begin alike, one without a range at its beginning",
          "a,7206-7229 !7206-7210,IN,US,,,10%,,,\na,7206-7229,IN,US,,,20%,,,\n", true },
        { "other parts charged", "a,8481,IN,US,,,10%,steel,,\na,8481,IN,US,,,10%,,,\n", true },
        { "all but the same subheading", "a,* !9802,IN,US,,,10%,,,\na,* !9803,IN,US,,,20%,,,\n",
          true },
        { "conditions that can hold together",
          "a,*,IN,US,,,10%,,,usmca\na,*,IN,US,,,20%,,,gsp\n", true },
        { "membership that begins later", "a,*,@LATE,US,,,10%,,,\na,*,@LATER,US,,,20%,,,\n",
          true },
        { "same rate", "a,8481,IN,US,,,10%,,,\na,8481,IN,US,,,10.0%,,,\n", false },
        { "other rank", "a,8481,IN,US,,,10%,,1,\na,8481,IN,US,,,20%,,,\n", false },
        { "longer code", "a,848180,IN,US,,,10%,,,\na,8481,IN,US,,,20%,,,\n", false },
        { "listed against group", "a,*,@G,US,,,10%,,,\na,*,IN,US,,,20%,,,\n", false },
        { "days that do not meet",
          "a,*,IN,US,,2025-08-07,10%,,,\na,*,IN,US,2025-08-07,,20%,,,\n", false },
        { "other layer", "a,*,IN,US,,,10%,,,\nb,*,IN,US,,,20%,,,\n", false },
        { "conditions that exclude each other",
          "a,*,IN,US,,,10%,,,usmca\na,*,IN,US,,,20%,,,!usmca\n", false },
        { "shares that exclude each other",
          "a,*,IN,US,,,10%,,,steel>=20%\na,*,IN,US,,,20%,,,steel<20%\n", false },
        { "more conditions", "a,*,IN,US,,,10%,,,usmca\na,*,IN,US,,,20%,,,\n", false },
        { "groups without a common member", "a,*,@G,US,,,10%,,,\na,*,@K,US,,,20%,,,\n", false },
        { "the common member is taken away",
          "a,*,@G !IN,US,,,10%,,,\na,*,@H !IN,US,,,20%,,,\n", false },
        { "disjoint products", "a,* !84,IN,US,,,10%,,,\na,84,IN,US,,,20%,,,\n", false },
    };
    static const check_file common[] = {
        LAYERS,
        { "groups.csv", "group,member,from,until\nG,IN,,\nG,CN,,\nH,IN,,\nH,BR,,\nK,VN,,\n"
                        "LATE,IN,2024-01-01,\nLATER,IN,2025-01-01,\n" },
        { "claims/usmca.csv", "hs,share\n" },
        { "claims/gsp.csv", "hs,share\n" },
        { "parts/steel.csv", "hs,share\n" },
        { NULL, NULL }
    };
    unsigned wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_law law;
        char      text[1024];
        check_law_write(&law, common);
        snprintf(text, sizeof text, "%s%s", COLUMNS, rows[i].measures);
        check_write_in(law.directory, "measures.csv", text);
        tariff_status status = check_law_try(&law, NULL);
        if (status != (rows[i].tie ? TARIFF_E_CONFLICT : TARIFF_OK)) {
            print_error("row '%s': status %s\n%s", rows[i].what, tariff_status_name(status),
                        law.log.text);
            wrong++;
        } else if (rows[i].tie) {
            check_said(&law.log, "measures.csv:3:1: error: ties with line 2");
        }
        check_law_close(&law);
    }
    assert_int_equal(wrong, 0);
}

/* Most measures on a code name an origin that no other names: those that do are found among them. */
static void ties_are_found_among_measures_on_one_code(void **state)
{
    static const struct {
        const char *what, *measures, *said;
    } rows[] = {
        { "a country each", "a,8481,IN,US,,,1%,,,\na,8481,CN,US,,,2%,,,\na,8481,VN,US,,,3%,,,\n",
          NULL },
        { "the first again", "a,8481,IN,US,,,1%,,,\na,8481,CN,US,,,2%,,,\na,8481,IN,US,,,3%,,,\n",
          "measures.csv:4:1: error: ties with line 2" },
        { "the one before again",
          "a,8481,IN,US,,,1%,,,\na,8481,CN,US,,,2%,,,\na,8481,CN,US,,,3%,,,\n",
          "measures.csv:4:1: error: ties with line 3" },
        { "one of a list",
          "a,8481,IN BR,US,,,1%,,,\na,8481,CN VN,US,,,2%,,,\na,8481,JP BR,US,,,3%,,,\n",
          "measures.csv:4:1: error: ties with line 2" },
        { "a list against a group that holds one of it",
          "a,8481,IN,US,,,1%,,,\na,8481,CN,US,,,2%,,,\na,8481,@G,US,,,3%,,,\n", NULL },
        { "again, in another layer",
          "a,8481,IN,US,,,1%,,,\nb,8481,CN,US,,,2%,,,\nb,8481,IN,US,,,3%,,,\n", NULL },
        { "again, and elsewhere",
          "a,8481,IN,US,,,1%,,,\na,8481,CN,US,,,2%,,,\na,8481,IN,CA,,,3%,,,\n", NULL },
        { "again, where the other does not apply",
          "a,8481,IN,US,,,1%,,,\na,8481,CN,US,,,2%,,,\na,* !8481,IN,US,,,3%,,,\n", NULL },
        { "groups with a common member",
          "a,8481,@G,US,,,1%,,,\na,8481,@K,US,,,2%,,,\na,8481,@H,US,,,3%,,,\n",
          "measures.csv:4:1: error: ties with line 2" },
        { "nobody, by one expression",
          "a,8481,IN !IN,US,,,1%,,,\na,8481,CN,US,,,2%,,,\na,8481,IN !IN,US,,,3%,,,\n",
          "measures.csv:4:1: error: ties with line 2" },
        { "by another list of the same code",
          "a,8481 8482,IN,US,,,1%,,,\na,8481,CN,US,,,2%,,,\na,8481 8483,IN,US,,,3%,,,\n",
          "measures.csv:4:1: error: ties with line 2" },
    };
    static const check_file common[] = {
        LAYERS,
        { "groups.csv", "group,member\nG,IN\nG,BR\nH,BR\nH,CN\nK,VN\n" },
        { "parts/steel.csv", "hs,share\n" },
        { NULL, NULL }
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_law law;
        char      text[1024];
        check_law_write(&law, common);
        snprintf(text, sizeof text, "%s%s", COLUMNS, rows[i].measures);
        check_write_in(law.directory, "measures.csv", text);
        tariff_status status = check_law_try(&law, NULL);
        check_row(status == (rows[i].said ? TARIFF_E_CONFLICT : TARIFF_OK), rows[i].what);
        if (rows[i].said)
            check_said(&law.log, rows[i].said);
        assert_int_equal(tariff_env_errors(law.env), rows[i].said ? 1 : 0);
        check_law_close(&law);
    }
}

/* Two rows for groups that have a member in common only from some day on. */
static void shares_that_tie_on_some_day_are_errors(void **state)
{
    static const check_file files[] = {
        LAYERS,
        { "groups.csv", "group,member,from,until\nLATE,IN,2024-01-01,\nLATER,IN,2025-01-01,\n" },
        { "parts/steel.csv", "hs,origin,share\n7326,@LATE,0.4\n7326,@LATER,0.5\n" },
        { "measures.csv", "layer,products,origins,rate,base\na,*,*,10%,steel\n" },
        { NULL, NULL }
    };
    check_law law;
    (void)state;
    check_law_write(&law, files);
    tariff_status status = check_law_try(&law, NULL);
    check_law_close(&law);
    assert_int_equal(status, TARIFF_E_CONFLICT);
    check_said(&law.log, "steel.csv:3:1: error: two rows give the same lines different shares");
    check_said(&law.log, "the other is on line 2");
}

static void layers_that_give_way_in_a_circle_are_printed(void **state)
{
    static const check_file files[] = {
        LAYERS,
        { "measures.csv", "layer,products,origins,rate\na,*,*,1%\nb,*,*,1%\nc,*,*,1%\n" },
        { "yields.csv", "layer,to,from,until\n"
                        "a,b,,2025-06-04\n"
                        "b,c,2025-03-04,\n"
                        "c,a,2025-05-01,2025-07-01\n" },
        { NULL, NULL }
    };
    check_law law;
    (void)state;
    check_law_write(&law, files);
    assert_int_equal(check_law_try(&law, NULL), TARIFF_E_CONFLICT);
    check_said(&law.log, "layers give way to each other in a circle: a -> b -> c -> a");
    check_said(&law.log, "lines 2, 3, 4");
    check_said(&law.log, "in force from 2025-05-01 until 2025-06-04");
    check_law_close(&law);
}

static void rates_that_top_each_other_up_are_a_circle(void **state)
{
    static const check_file files[] = {
        LAYERS,
        { "measures.csv", "layer,products,origins,rate\na,*,*,to 15% over b\n"
                          "b,*,*,to 10% over a\n" },
        { NULL, NULL }
    };
    check_law law;
    (void)state;
    check_law_write(&law, files);
    assert_int_equal(check_law_try(&law, NULL), TARIFF_E_CONFLICT);
    check_said(&law.log, "in a circle: a -> b -> a");
    check_law_close(&law);
}

/* In spring the one gives way, in summer the other: a circle only if days are ignored. */
static void yields_may_turn_round_from_one_day_to_the_next(void **state)
{
    static const check_file files[] = {
        LAYERS,
        { "measures.csv", "layer,products,origins,rate\na,*,*,10%\nb,*,*,25%\n" },
        { "yields.csv", "layer,to,from,until\na,b,,2025-06-04\nb,a,2025-06-04,\n" },
        { NULL, NULL }
    };
    static const struct {
        const char *date, *rate;
    } rows[] = { { "2025-06-03", "0.25" }, { "2025-06-04", "0.1" } };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_ask(&law, &(check_entry){ .date = rows[i].date });
        check_text(check_rate(&law, "total"), rows[i].rate, rows[i].date);
    }
    check_law_close(&law);
}

/* An overlay adds measures and yields, and replaces what has a name of its own. */
static void overlays_append_law_and_replace_names(void **state)
{
    static const check_file below[] = {
        { "layers.csv", "layer,title,kind\na,Old title,additional\nb,,additional\n" },
        { "groups.csv", "group,member\nG,IN\nG,CN\n" },
        { "sets/s.csv", "hs\n8481\n" },
        { "parts/steel.csv", "hs,share\n*,0.4\n" },
        { "measures.csv", "layer,products,origins,rate,base\n"
                          "a,@s,@G,10%,\n"
                          "a,*,JP,1%,\n"
                          "b,*,BR,100%,steel\n" },
        { NULL, NULL }
    };
    static const check_file above[] = {
        { "layers.csv", "layer,title,kind\na,New title,ordinary\n" },
        { "groups.csv", "group,member\nG,VN\n" },
        { "sets/s.csv", "hs\n9403\n" },
        { "parts/steel.csv", "hs,share\n*,0.5\n" },
        { "yields.csv", "layer,to\na,b\n" },
        { "measures.csv", "layer,products,origins,rate\na,*,JP,2%\na,*,BR,3%\n" },
        { NULL, NULL }
    };
    static const struct {
        const char *what;
        check_entry entry;
        const char *layer, *rate;
    } rows[] = {
        { "a tie goes to the later schedule", { .origin = "JP" }, "a", "0.02" },
        { "the later schedule's layer is ordinary", { .origin = "JP" }, "ordinary", "0.02" },
        { "the set is the later one", { .hs = "9403", .origin = "VN" }, "a", "0.1" },
        { "not the earlier one", { .hs = "8481", .origin = "VN" }, "a", "0" },
        { "the group is the later one", { .hs = "9403", .origin = "IN" }, "a", "0" },
        { "so is the part", { .origin = "BR" }, "b", "0.5" },
        { "yields are added", { .origin = "BR" }, "a", "0.015" },
    };
    check_law         law;
    char              second[CHECK_PATH];
    tariff_layer_info info;
    (void)state;
    check_law_write(&law, below);
    check_directory(second);
    check_write_files(second, above);
    const char *paths[] = { law.directory, second };
    assert_int_equal(tariff_schedule_load(law.env, paths, 2, &law.schedule), TARIFF_OK);
    assert_int_equal(tariff_law_compile(law.env, law.schedule, NULL, &law.law), TARIFF_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_ask(&law, &rows[i].entry);
        check_text(check_rate(&law, rows[i].layer), rows[i].rate, rows[i].what);
    }
    assert_int_equal(tariff_schedule_layers(law.schedule), 2);
    tariff_schedule_layer(law.schedule, 0, &info);
    assert_string_equal(info.title, "New title");
    assert_int_equal(tariff_schedule_measures(law.schedule), 5);
    check_law_close(&law);
}

/* Six digits under an eight-digit exemption: nobody can tell whether it is exempt. */
static void a_line_with_fewer_digits_than_the_law_is_coarse(void **state)
{
    static const check_file files[] = {
        LAYERS,
        { "sets/exempt.csv", "hs,until\n30049092,\n85171300,2025-01-01\n" },
        { "measures.csv", "layer,products,origins,importers,rate\n"
                          "a,* !@exempt,IN,US,25%\n"
                          "b,6109-61101130,CN,*,1%\n" },
        { NULL, NULL }
    };
    static const struct {
        const char *what;
        check_entry entry;
        bool        coarse;
    } rows[] = {
        { "eight digits decide", { .hs = "30049092" }, false },
        { "six do not", { .hs = "300490" }, true },
        { "two do not", { .hs = "30" }, true },
        { "other products", { .hs = "300431" }, false },
        { "another origin", { .hs = "300490", .origin = "BR" }, false },
        { "another importer", { .hs = "300490", .importer = "DE" }, false },
        { "an exemption that has ended", { .hs = "851713" }, false },
        { "that same exemption in its time", { .hs = "851713", .date = "2024-12-31" }, true },
        { "the end of a range inside the code", { .hs = "611011", .origin = "CN" }, true },
        { "inside a range", { .hs = "6109", .origin = "CN" }, false },
    };
    check_law law;
    (void)state;
    check_law_open(&law, files);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_ask(&law, &rows[i].entry);
        check_row(check_find(&law, "total")->coarse == rows[i].coarse, rows[i].what);
    }
    check_law_close(&law);
}

/* All that is wrong with a file is reported, and in the file's own lines. */
static void a_schedule_reports_all_its_errors(void **state)
{
    static const check_file files[] = {
        { "layers.csv", "layer,kind\na,additional\nb,extra\n" },
        { "measures.csv", "layer,products,origins,from,until,rate,when\n"
                          "a,*,UK,,,25%,\n"
                          "c,*,IN,,,25%,\n"
                          "a,@annex,IN,,,25%,\n"
                          "a,*,IN,2025-08-27,2025-08-07,25%,\n"
                          "a,101,,,,25,usmca\n" },
        { "yields.csv", "layer,to\na,a\na,d\n" },
        { NULL, NULL }
    };
    static const char *const wanted[] = {
        "layers.csv:3:3: error: unknown kind 'extra'",
        "measures.csv:2:5: error: unknown country 'UK'",
        "did you mean GB?",
        "measures.csv:3:1: error: unknown layer 'c'",
        "measures.csv:4:3: error: unknown product set '@annex'",
        "measures.csv:5:19: error: never in force: from 2025-08-27 until 2025-08-07",
        "measures.csv:6:3: error:",
        "measures.csv:6:7: error: no countries are named",
        "measures.csv:6:10: error: bare rate '25'",
        "measures.csv:6:13: error: undeclared claim 'usmca'",
        "yields.csv:2:3: error: a layer cannot give way to itself",
        "yields.csv:3:3: error: unknown layer 'd'",
    };
    check_law law;
    (void)state;
    check_law_write(&law, files);
    assert_int_not_equal(check_law_try(&law, NULL), TARIFF_OK);
    assert_null(law.schedule);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        check_said(&law.log, wanted[i]);
    assert_int_equal(tariff_env_errors(law.env), 11);
    check_law_close(&law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ties_with_different_rates_are_errors_that_name_both_lines),
        cmocka_unit_test(ties_are_found_among_measures_on_one_code),
        cmocka_unit_test(shares_that_tie_on_some_day_are_errors),
        cmocka_unit_test(layers_that_give_way_in_a_circle_are_printed),
        cmocka_unit_test(rates_that_top_each_other_up_are_a_circle),
        cmocka_unit_test(yields_may_turn_round_from_one_day_to_the_next),
        cmocka_unit_test(overlays_append_law_and_replace_names),
        cmocka_unit_test(a_line_with_fewer_digits_than_the_law_is_coarse),
        cmocka_unit_test(a_schedule_reports_all_its_errors),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
