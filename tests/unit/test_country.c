/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Countries, by ISO 3166-1 and by the lists that trade statistics use instead.
 */
#include "unit/check.h"

#include "value/country.h"

static void a_country_has_three_codes_and_a_name(void **state)
{
    static const struct {
        const char *forms[5], *alpha2, *alpha3, *name;
        unsigned    numeric;
    } rows[] = {
        { { "IN", "IND", "356", "in", "Ind" }, "IN", "IND", "India", 356 },
        { { "US", "USA", "840", "us", "usa" }, "US", "USA", "United States", 840 },
        { { "NO", "NOR", "578", "no", "nOR" }, "NO", "NOR", "Norway", 578 },
        { { "AF", "AFG", "004", "4", "af" }, "AF", "AFG", "Afghanistan", 4 },
        { { "BR", "BRA", "076", "76", "br" }, "BR", "BRA", "Brazil", 76 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t f = 0; f < 5; f++) {
            tariff_country country;
            const char    *form = rows[i].forms[f];
            check_row(tariff_country_parse(form, strlen(form), &country) == TARIFF_OK, form);
            assert_string_equal(tariff_country_alpha2(country), rows[i].alpha2);
            assert_string_equal(tariff_country_alpha3(country), rows[i].alpha3);
            assert_string_equal(tariff_country_name(country), rows[i].name);
            assert_int_equal(tariff_country_numeric(country), rows[i].numeric);
        }
}

/* Kosovo has a code by custom only, and no number. */
static void kosovo_is_there_without_a_number(void **state)
{
    tariff_country two, three, by_zero;
    (void)state;
    assert_int_equal(tariff_country_parse("XK", 2, &two), TARIFF_OK);
    assert_int_equal(tariff_country_parse("XKX", 3, &three), TARIFF_OK);
    assert_int_equal(two.id, three.id);
    assert_string_equal(tariff_country_name(two), "Kosovo");
    assert_int_equal(tariff_country_numeric(two), 0);
    assert_int_not_equal(tariff_country_parse("0", 1, &by_zero), TARIFF_OK);
    assert_int_not_equal(tariff_country_parse("000", 3, &by_zero), TARIFF_OK);
}

static void every_country_is_found_by_all_its_codes(void **state)
{
    (void)state;
    assert_in_range(tariff_country_count(), 250, TF_COUNTRIES_MAX);
    for (uint16_t id = 0; id < tariff_country_count(); id++) {
        tariff_country country = { id }, found;
        char           number[8];
        const char    *two = tariff_country_alpha2(country);
        check_row(tariff_country_parse(two, 2, &found) == TARIFF_OK && found.id == id, two);
        check_row(tariff_country_parse(tariff_country_alpha3(country), 3, &found) == TARIFF_OK
                      && found.id == id, two);
        check_row(*tariff_country_name(country) != '\0', two);
        if (!tariff_country_numeric(country))
            continue;
        snprintf(number, sizeof number, "%03u", tariff_country_numeric(country));
        check_row(tariff_country_parse(number, 3, &found) == TARIFF_OK && found.id == id, two);
    }
}

static void the_country_that_is_meant_is_guessed(void **state)
{
    static const struct {
        const char *text, *code;
    } rows[] = { { "UK", "GB" },     { "uk", "GB" }, { "ROM", "RO" }, { "Germny", "DE" },
                 { "Norwey", "NO" }, { "ZZ", "" },   { "", "" },      { "xyzzyxyzzyxyzzy", "" } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(tariff_country_alpha2(tariff_country_guess(rows[i].text)),
                            rows[i].code);
}

static void what_people_write_instead_is_hinted_at(void **state)
{
    static const struct {
        const char *text, *hint;
    } rows[] = { { "UK", "did you mean GB?" },
                 { "uk", "did you mean GB?" },
                 { "EL", "did you mean GR?" },
                 { "ROM", "did you mean ROU?" },
                 { "GER", "did you mean DEU?" },
                 { "India", "write the code: India is IN" },
                 { "Norwey", "write the code: Norway is NO" },
                 { "ZZ", "two letters, three letters or three digits" },
                 { "ZZZ", "two letters" },
                 { "999", "three digits" },
                 { "12345", "" },
                 { "I", "" },
                 { "I N", "" } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tariff_country country = { 7 };
        tf_why         why;
        check_row(tf_parse_country(TF_COUNTRIES_ISO, rows[i].text, strlen(rows[i].text), &country,
                                   &why)
                      == TARIFF_E_REFERENCE, rows[i].text);
        if (!strstr(why.hint, rows[i].hint))
            fail_msg("row '%s': %s", rows[i].text, why.hint);
        check_row(strstr(why.message, rows[i].text) != NULL, rows[i].text);
        check_row(country.id == 7, rows[i].text);
    }
    tariff_country country;
    assert_int_equal(tariff_country_parse("", 0, &country), TARIFF_E_VALUE);
}

static void foreign_lists_number_some_countries_otherwise(void **state)
{
    static const struct {
        tf_country_list list;
        const char     *text, *alpha2; /**< NULL: refused. */
    } rows[] = {
        /* UN Comtrade, and BACI after it, merge or rename territories. */
        { TF_COUNTRIES_COMTRADE, "699", "IN" },
        { TF_COUNTRIES_COMTRADE, "842", "US" },
        { TF_COUNTRIES_COMTRADE, "251", "FR" },
        { TF_COUNTRIES_COMTRADE, "757", "CH" },
        { TF_COUNTRIES_COMTRADE, "579", "NO" },
        { TF_COUNTRIES_COMTRADE, "490", "TW" },
        { TF_COUNTRIES_COMTRADE, "156", "CN" },
        { TF_COUNTRIES_COMTRADE, "36", "AU" },
        { TF_COUNTRIES_COMTRADE, "IND", "IN" },
        { TF_COUNTRIES_ISO, "699", NULL },
        { TF_COUNTRIES_ISO, "842", NULL },
        /* Schedule C of the US Census Bureau. */
        { TF_COUNTRIES_CENSUS, "5330", "IN" },
        { TF_COUNTRIES_CENSUS, "5700", "CN" },
        { TF_COUNTRIES_CENSUS, "1220", "CA" },
        { TF_COUNTRIES_CENSUS, "2010", "MX" },
        { TF_COUNTRIES_CENSUS, "4280", "DE" },
        { TF_COUNTRIES_CENSUS, "5830", "TW" },
        { TF_COUNTRIES_CENSUS, "356", NULL },
        { TF_COUNTRIES_CENSUS, "9999", NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tariff_country country;
        tf_why         why;
        tariff_status  status =
            tf_parse_country(rows[i].list, rows[i].text, strlen(rows[i].text), &country, &why);
        check_row((status == TARIFF_OK) == (rows[i].alpha2 != NULL), rows[i].text);
        if (rows[i].alpha2)
            assert_string_equal(tariff_country_alpha2(country), rows[i].alpha2);
        else if (rows[i].list == TF_COUNTRIES_CENSUS)
            check_row(strstr(why.hint, "Schedule C") != NULL, rows[i].text);
    }
}

static void no_country_has_empty_names(void **state)
{
    tariff_country none = { TARIFF_COUNTRY_NONE };
    (void)state;
    assert_string_equal(tariff_country_alpha2(none), "");
    assert_string_equal(tariff_country_alpha3(none), "");
    assert_string_equal(tariff_country_name(none), "");
    assert_int_equal(tariff_country_numeric(none), 0);
}

static void sets_of_countries_hold_what_was_put_in(void **state)
{
    tf_country_bits bits = { { 0 } };
    static const unsigned ids[] = { 0, 63, 64, 127, 128, 255 };
    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        assert_false(tf_country_in(&bits, ids[i]));
        tf_country_put(&bits, ids[i]);
        assert_true(tf_country_in(&bits, ids[i]));
    }
    assert_false(tf_country_in(&bits, 1));
    assert_false(tf_country_in(&bits, TARIFF_COUNTRY_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_country_has_three_codes_and_a_name),
        cmocka_unit_test(kosovo_is_there_without_a_number),
        cmocka_unit_test(every_country_is_found_by_all_its_codes),
        cmocka_unit_test(the_country_that_is_meant_is_guessed),
        cmocka_unit_test(what_people_write_instead_is_hinted_at),
        cmocka_unit_test(foreign_lists_number_some_countries_otherwise),
        cmocka_unit_test(no_country_has_empty_names),
        cmocka_unit_test(sets_of_countries_hold_what_was_put_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
