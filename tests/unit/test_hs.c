/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/check.h"

#include "value/hs.h"

static void codes_parse_to_their_digits(void **state)
{
    static const struct {
        const char *text, *digits;
    } rows[] = { { "01", "01" },
                 { "0101.21", "010121" },
                 { "0101 21 00", "01012100" },
                 { "6109.10.00.12", "6109100012" },
                 { "610910001234", "610910001234" } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tariff_hs code;
        char      buf[13];
        check_row(tariff_hs_parse(rows[i].text, strlen(rows[i].text), &code) == TARIFF_OK,
                  rows[i].text);
        tariff_hs_format(code, buf);
        assert_string_equal(buf, rows[i].digits);
        check_row(tariff_hs_digits(code) == strlen(rows[i].digits), rows[i].text);
    }
}

static void bad_codes_are_refused_with_a_hint(void **state)
{
    static const struct {
        const char *text, *hint;
    } rows[] = { { "", "" },
                 { "101", "leading zero" },
                 { "61A9", "2 to 12 digits" },
                 { "6109100012345678", "" } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tariff_hs code;
        tf_why    why;
        check_row(tf_hs_parse(rows[i].text, strlen(rows[i].text), &code, &why) != TARIFF_OK,
                  rows[i].text);
        check_row(strstr(why.hint, rows[i].hint) != NULL, rows[i].text);
    }
}

static void a_heading_covers_what_begins_with_it(void **state)
{
    tariff_hs chapter, heading, line, other;
    (void)state;
    assert_int_equal(tariff_hs_parse("61", 2, &chapter), TARIFF_OK);
    assert_int_equal(tariff_hs_parse("6109", 4, &heading), TARIFF_OK);
    assert_int_equal(tariff_hs_parse("61091000", 8, &line), TARIFF_OK);
    assert_int_equal(tariff_hs_parse("62", 2, &other), TARIFF_OK);
    assert_true(tariff_hs_covers(chapter, heading));
    assert_true(tariff_hs_covers(heading, line));
    assert_true(tariff_hs_covers(line, line));
    assert_false(tariff_hs_covers(line, heading));
    assert_false(tariff_hs_covers(other, line));
    assert_true(chapter.key < heading.key && heading.key < line.key && line.key < other.key);
    assert_int_equal(tariff_hs_truncate(line, 4).key, heading.key);
    assert_int_equal(tariff_hs_truncate(heading, 8).key, heading.key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_parse_to_their_digits),
        cmocka_unit_test(bad_codes_are_refused_with_a_hint),
        cmocka_unit_test(a_heading_covers_what_begins_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
