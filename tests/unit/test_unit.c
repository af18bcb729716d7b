/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Units of quantity and how many of one make another.
 */
#include "unit/check.h"

#include "value/unit.h"

static tariff_unit unit(const char *text)
{
    tariff_unit found = { 0 };
    check_row(tariff_unit_parse(text, strlen(text), &found) == TARIFF_OK, text);
    return found;
}

static void units_of_one_kind_have_a_ratio(void **state)
{
    static const struct {
        const char *from, *to;
        int64_t     num, den;
    } rows[] = {
        { "kg", "kg", 1, 1 },
        { "t", "kg", 1000, 1 },
        { "kg", "t", 1, 1000 },
        { "g", "kg", 1, 1000 },
        { "ct", "g", 1, 5 },
        { "lb", "kg", 45359237, 100000000 },
        { "doz", "no", 12, 1 },
        { "no", "doz", 1, 12 },
        { "gross", "doz", 12, 1 },
        { "dpr", "pr", 12, 1 },
        { "hl", "l", 100, 1 },
        { "ml", "l", 1, 1000 },
        { "gal", "l", 473176473, 125000000 },
        { "bbl", "gal", 42, 1 },
        { "cm", "m", 1, 100 },
        { "cm2", "m2", 1, 10000 },
        { "cm3", "m3", 1, 1000000 },
        { "mwh", "kwh", 1000, 1 },
        { "pfl", "la", 1, 2 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t num, den;
        check_row(tf_unit_ratio(unit(rows[i].from), unit(rows[i].to), &num, &den), rows[i].from);
        check_row(num == rows[i].num && den == rows[i].den, rows[i].from);
    }
}

static void units_of_different_kinds_have_none(void **state)
{
    static const char *const rows[][2] = { { "kg", "no" }, { "no", "pr" },   { "l", "m3" },
                                           { "m", "m2" },  { "kg", "kgc" }, { "l", "la" } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t num, den;
        check_row(!tf_unit_ratio(unit(rows[i][0]), unit(rows[i][1]), &num, &den), rows[i][0]);
        check_row(!tf_unit_ratio(unit(rows[i][0]), (tariff_unit){ 0 }, &num, &den), rows[i][0]);
        check_row(!tf_unit_ratio((tariff_unit){ 0 }, unit(rows[i][0]), &num, &den), rows[i][0]);
    }
}

static void case_is_ignored_and_names_come_back(void **state)
{
    (void)state;
    assert_int_equal(unit("KG").id, unit("kg").id);
    assert_int_equal(unit("Doz").id, unit("doz").id);
    assert_string_equal(tariff_unit_name(unit("KG")), "kg");
    assert_string_equal(tariff_unit_name((tariff_unit){ 0 }), "");
    assert_string_equal(tariff_unit_name((tariff_unit){ 9999 }), "");
}

static void unknown_units_are_errors_never_zero(void **state)
{
    static const struct {
        const char *text, *hint;
    } rows[] = { { "kgs", "did you mean 'kg'?" },
                 { "dozen", "did you mean 'doz'?" },
                 { "pieces", "units are kg, g, t" },
                 { "k g", "" },
                 { "", "" },
                 { "kilogramme", "units are" } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tariff_unit found = { 7 };
        tf_why      why;
        check_row(tf_parse_unit(rows[i].text, strlen(rows[i].text), &found, &why)
                      == TARIFF_E_REFERENCE, rows[i].text);
        if (!strstr(why.hint, rows[i].hint))
            fail_msg("row '%s': %s", rows[i].text, why.hint);
        check_row(strstr(why.message, "unknown unit") != NULL, rows[i].text);
        check_row(found.id == 7, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_of_one_kind_have_a_ratio),
        cmocka_unit_test(units_of_different_kinds_have_none),
        cmocka_unit_test(case_is_ignored_and_names_come_back),
        cmocka_unit_test(unknown_units_are_errors_never_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
