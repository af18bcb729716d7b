/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/schedule.h"

#define HEADER "htsno,indent,description,units,general,special,other\n"
#define MEASURES "layer,products,origins,importers,from,until,rate,when,citation\n"

/** Files of one conversion, and what it counted. */
typedef struct conversion {
    char              directory[CHECK_PATH], in[2 * CHECK_PATH], out[2 * CHECK_PATH];
    char              text[8192];
    check_log         log;
    tariff_status     status;
    tariff_hts_counts counts;
} conversion;

static void read_text(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    text[0] = '\0';
    if (!file)
        return;
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

static void convert(conversion *c, const char *lines, const tariff_hts_options *options)
{
    tariff_env *env = check_env(&c->log);
    check_directory(c->directory);
    check_write_in(c->directory, "hts.csv", lines);
    snprintf(c->in, sizeof c->in, "%s/hts.csv", c->directory);
    snprintf(c->out, sizeof c->out, "%s/measures.csv", c->directory);
    memset(&c->counts, 0, sizeof c->counts);
    c->counts.size = sizeof c->counts;
    c->status = tariff_convert_hts(env, options, c->in, c->out, &c->counts);
    read_text(c->out, c->text, sizeof c->text);
    tariff_env_free(env);
}

static void rates_stand_where_they_are_printed(void **state)
{
    conversion c;
    (void)state;
    convert(&c,
            "\xEF\xBB\xBF" HEADER
            "0101,0,Live horses:,,,,\n"
            "0101.21.00,2,Pure,,Free,,Free\n"
            "0101.21.00.10,3,Males,No.,,,\n"
            "0101.21.00.20,3,Females,No.,\" \",,\"\n\"\n"
            "0101.30.00.00,1,Asses,No.,6.8%,,15%\n"
            "9801.00.10.00,0,Returned,,Free,,\n",
            NULL);
    assert_int_equal(c.status, TARIFF_OK);
    assert_string_equal(c.text, MEASURES "mfn,01012100,*,US,,,Free,,\n"
                                         "mfn,01013000,*,US,,,6.8%,,\n");
    assert_int_equal(c.counts.lines, 5);
    assert_int_equal(c.counts.rates, 2);
    assert_int_equal(c.counts.without, 0);
}

static void lines_of_one_code_that_differ_keep_ten_digits(void **state)
{
    conversion c;
    (void)state;
    convert(&c,
            HEADER "0101.21.00.10,0,A,,5%,,\n"
                   "0101.21.00.20,0,B,,6%,,\n"
                   "0102.10.00,0,C,,1%,,\n"
                   "0102.10.00.10,1,D,,1%,,\n"
                   "0102.10.00.20,1,E,,2%,,\n"
                   "0103.10.00.10,0,F,,3%,,\n"
                   "0103.10.00.20,0,G,,3%,,\n"
                   "0104.10.00.10,0,H,,4%,,\n"
                   "0104.10.00.20,0,I,,,,\n",
            NULL);
    assert_string_equal(c.text, MEASURES "mfn,0101210010,*,US,,,5%,,\n"
                                         "mfn,0101210020,*,US,,,6%,,\n"
                                         "mfn,01021000,*,US,,,1%,,\n"
                                         "mfn,0102100020,*,US,,,2%,,\n"
                                         "mfn,01031000,*,US,,,3%,,\n"
                                         "mfn,0104100010,*,US,,,4%,,\n");
    assert_int_equal(c.counts.without, 1);
}

static void blank_lines_inherit_by_indent(void **state)
{
    conversion c;
    (void)state;
    convert(&c,
            HEADER "0201,0,Heading,,,,\n"
                   ",1,No number:,,7%,,\n"
                   "0201.10.00,2,A,,,,\n"
                   "0201.10.00.10,3,A1,,,,\n"
                   "0201.20.00,2,B,,8%,,\n"
                   "0201.30.00,1,C,,,,\n"
                   "0202.10,0,Six digits,,9%,,\n"
                   "0202.10.00,1,D,,,,\n"
                   "0202.20.00,0,Other column only,,,,4%\n",
            NULL);
    assert_string_equal(c.text, MEASURES "mfn,02011000,*,US,,,7%,,\n"
                                         "mfn,02012000,*,US,,,8%,,\n"
                                         "mfn,020210,*,US,,,9%,,\n");
    assert_int_equal(c.counts.without, 2);
}

static const char sugar[] = HEADER "1701.12.05.00,0,Sugar,,2¢/kg less something,,\n"
                                   "1701.13.05.00,0,Other sugar,,3%,,\n";

static void what_is_not_understood_is_told_with_its_place(void **state)
{
    conversion c;
    (void)state;
    convert(&c, sugar, NULL);
    assert_int_equal(c.status, TARIFF_OK);
    assert_string_equal(c.text, MEASURES "mfn,17011305,*,US,,,3%,,\n");
    assert_non_null(strstr(c.log.text, "hts.csv:2:24: warning: no duty expression says"));
    assert_int_equal(c.counts.unparsed, 1);
}

static void what_is_not_understood_can_be_marked_and_listed(void **state)
{
    conversion         c;
    char               text[512];
    tariff_hts_options options = TARIFF_HTS_OPTIONS_INIT;
    (void)state;
    options.marker = "1 c/mwh";
    char path[2 * CHECK_PATH];
    snprintf(path, sizeof path, "%s/unparsed.csv", check_root);
    options.unparsed = path;
    convert(&c, sugar, &options);
    assert_string_equal(c.text, MEASURES "mfn,17011205,*,US,,,1 c/mwh,,\n"
                                         "mfn,17011305,*,US,,,3%,,\n");
    read_text(path, text, sizeof text);
    assert_string_equal(text, "hs,column,text,line\n"
                              "1701120500,general,2¢/kg less something,2\n");
    assert_string_equal(c.log.text, "");
    options.marker = "much";
    convert(&c, sugar, &options);
    assert_int_equal(c.status, TARIFF_E_ARG);
    assert_string_equal(c.text, "");
}

static void programmes_become_claims(void **state)
{
    static const char *const more[] = { "S=usmca:CA MX" };
    conversion               c;
    char                     path[2 * CHECK_PATH];
    tariff_hts_options       options = TARIFF_HTS_OPTIONS_INIT;
    (void)state;
    check_write_in(check_root, "programmes.csv", "symbol,claim,origins\n"
                                                 "AU,fta,AU\nKR,fta,KR\nPA,fta,PA\nK,drugs,\n");
    snprintf(path, sizeof path, "%s/programmes.csv", check_root);
    options.column = TARIFF_HTS_SPECIAL;
    options.programmes = path;
    options.programme = more;
    options.programme_count = 1;
    convert(&c,
            HEADER "0201.10.00.00,0,A,,4%,\"Free (AU,K,S, L) 1.7% (KR) See 9919.02.01 (PA (PA)\",\n"
                   "0201.20.00.00,0,B,,4%,\"Free(L)\",\n",
            &options);
    assert_string_equal(c.text, MEASURES "mfn,02011000,AU,US,,,Free,fta,\n"
                                         "mfn,02011000,*,US,,,Free,drugs,\n"
                                         "mfn,02011000,CA MX,US,,,Free,usmca,\n"
                                         "mfn,02011000,KR,US,,,1.7%,fta,\n");
    assert_int_equal(c.counts.rates, 3);
    assert_int_equal(c.counts.unparsed, 1);
    assert_non_null(strstr(c.log.text, "symbols of no known programme are left out: L (2)"));
}

static void descriptions_name_what_other_is_other_than(void **state)
{
    conversion         c;
    char               path[2 * CHECK_PATH], text[512];
    tariff_hts_options options = TARIFF_HTS_OPTIONS_INIT;
    (void)state;
    snprintf(path, sizeof path, "%s/descriptions.csv", check_root);
    options.descriptions = path;
    convert(&c,
            HEADER "0101,0,\"Live horses, asses:\",,,,\n"
                   ",1,<i>Horses</i>:,,,,\n"
                   "0101.29.00,2,Other,,Free,,\n"
                   "0101.29.00.10,3,For\nslaughter,,,,\n",
            &options);
    read_text(path, text, sizeof text);
    /* A line break within a cell that is not quoted is an error: nothing appears. */
    assert_int_equal(c.status, TARIFF_E_SCHEMA);
    assert_string_equal(text, "");
    convert(&c,
            HEADER "0101,0,\"Live horses, asses:\",,,,\n"
                   ",1,<i>Horses</i>:,,,,\n"
                   "0101.29.00,2,Other,,Free,,\n"
                   "0101.29.00.10,3,\"For\nslaughter\",,,,\n",
            &options);
    read_text(path, text, sizeof text);
    assert_string_equal(text, "hs,description\n"
                              "0101,\"Live horses, asses\"\n"
                              "01012900,Horses: Other\n"
                              "0101290010,For slaughter\n");
}

static void all_bad_lines_are_reported_and_nothing_is_written(void **state)
{
    conversion c;
    (void)state;
    convert(&c,
            HEADER "010,0,A,,Free,,\n"
                   "0101.21.00,x,B,,Free,,\n"
                   "0101.29.00,99,C,,Free,,\n",
            NULL);
    assert_int_equal(c.status, TARIFF_E_VALUE);
    assert_string_equal(c.text, "");
    assert_non_null(strstr(c.log.text, "hts.csv:2:1: error: the HS code '010'"));
    assert_non_null(strstr(c.log.text, "hts.csv:3:12: error: the indent 'x'"));
    assert_non_null(strstr(c.log.text, "hts.csv:4:12: error: the indent '99'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_stand_where_they_are_printed),
        cmocka_unit_test(lines_of_one_code_that_differ_keep_ten_digits),
        cmocka_unit_test(blank_lines_inherit_by_indent),
        cmocka_unit_test(what_is_not_understood_is_told_with_its_place),
        cmocka_unit_test(what_is_not_understood_can_be_marked_and_listed),
        cmocka_unit_test(programmes_become_claims),
        cmocka_unit_test(descriptions_name_what_other_is_other_than),
        cmocka_unit_test(all_bad_lines_are_reported_and_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
