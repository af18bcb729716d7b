/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Days, half-open spans of days, and periods of observation.
 */
#include "unit/check.h"

#include "value/date.h"

static int32_t day(const char *text)
{
    tariff_date date;
    assert_int_equal(tariff_date_parse(text, strlen(text), &date), TARIFF_OK);
    return date.days;
}

static void days_are_counted_from_1970(void **state)
{
    static const struct {
        const char *text;
        int32_t     days;
    } rows[] = { { "1970-01-01", 0 },      { "1970-01-02", 1 },     { "1969-12-31", -1 },
                 { "2000-02-29", 11016 },  { "2000-03-01", 11017 }, { "2025-08-27", 20327 },
                 { "1600-01-01", -135140 }, { "9999-12-31", 2932896 } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char buf[16];
        check_row(day(rows[i].text) == rows[i].days, rows[i].text);
        tariff_date_format((tariff_date){ rows[i].days }, buf);
        assert_string_equal(buf, rows[i].text);
    }
}

/* Every day of 800 years, by a calendar that counts on its fingers. */
static void the_calendar_has_no_gap(void **state)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int32_t          days = day("1600-01-01");
    (void)state;
    for (int year = 1600; year < 2400; year++)
        for (int month = 1; month <= 12; month++) {
            bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            int  length = lengths[month - 1] + (month == 2 && leap);
            for (int d = 1; d <= length; d++, days++) {
                char text[32], buf[16];
                snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, d);
                check_row(day(text) == days, text);
                tariff_date_format((tariff_date){ days }, buf);
                assert_string_equal(buf, text);
            }
        }
}

static void what_is_no_day_is_refused(void **state)
{
    static const struct {
        const char *text, *message, *hint;
    } rows[] = {
        { "2025-02-29", "'2025-02-29' is not a day of the calendar", "" },
        { "1900-02-29", "is not a day of the calendar", "" },
        { "2024-02-30", "is not a day of the calendar", "" },
        { "2025-04-31", "is not a day of the calendar", "" },
        { "2025-08-00", "is not a day of the calendar", "" },
        { "2025-13-01", "there is no month 13", "year-month-day" },
        { "2025-00-01", "there is no month", "" },
        { "27-08-2025", "is not a date", "year-month-day, such as 2025-08-27" },
        { "27/08/2025", "is not a date", "" },
        { "2025/08/27", "is not a date", "" },
        { "2025/08-27", "is not a date", "" },
        { "2025-08/27", "is not a date", "" },
        { ":025-08-27", "is not a date", "" },
        { "2025-/8-27", "is not a date", "" },
        { "2025-08-2:", "is not a date", "" },
        { "20250827", "is not a date", "" },
        { "2025-8-27", "is not a date", "" },
        { "2025-08-27T00:00", "is not a date", "" },
        { "2025-08-27 ", "is not a date", "" },
        { " 2025-08-27", "is not a date", "" },
        { "2025-08", "is not a date", "" },
        { "2025-08-", "is not a date", "" },
        { "", "is not a date", "" },
        { "1599-12-31", "is before 1600", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tariff_date date = { 7 };
        tf_why      why;
        check_row(tf_parse_date(rows[i].text, strlen(rows[i].text), &date, &why)
                      == TARIFF_E_VALUE, rows[i].text);
        if (!strstr(why.message, rows[i].message) || !strstr(why.hint, rows[i].hint))
            fail_msg("row '%s': %s (hint: %s)", rows[i].text, why.message, why.hint);
        check_row(date.days == 7, rows[i].text);
    }
}

static void open_ends_have_no_text(void **state)
{
    char buf[16] = "x";
    (void)state;
    tariff_date_format((tariff_date){ TARIFF_DATE_MAX }, buf);
    assert_string_equal(buf, "");
    tariff_date_format((tariff_date){ TARIFF_DATE_MIN }, buf);
    assert_string_equal(buf, "");
}

static void periods_are_the_days_they_contain(void **state)
{
    static const struct {
        const char *text, *from, *until;
    } rows[] = { { "2024", "2024-01-01", "2025-01-01" },
                 { "2023", "2023-01-01", "2024-01-01" },
                 { "2024-07", "2024-07-01", "2024-08-01" },
                 { "2024-02", "2024-02-01", "2024-03-01" },
                 { "2023-02", "2023-02-01", "2023-03-01" },
                 { "2024-12", "2024-12-01", "2025-01-01" },
                 { "2024-07-15", "2024-07-15", "2024-07-16" },
                 { "2024-12-31", "2024-12-31", "2025-01-01" } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tariff_span period;
        char        buf[16];
        check_row(tf_parse_period(rows[i].text, strlen(rows[i].text), &period, NULL) == TARIFF_OK,
                  rows[i].text);
        check_row(period.from.days == day(rows[i].from), rows[i].text);
        check_row(period.until.days == day(rows[i].until), rows[i].text);
        tf_format_period(period, buf);
        assert_string_equal(buf, rows[i].text);
    }
}

static void what_is_no_period_is_refused(void **state)
{
    static const char *const rows[] = { "", "24", "2024-", "2024-7", "2024-13", "2024Q3",
                                        "2024-02-30", "2024-07-15-1", "July 2024" };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tariff_span period = { { 7 }, { 7 } };
        tf_why      why;
        check_row(tf_parse_period(rows[i], strlen(rows[i]), &period, &why) == TARIFF_E_VALUE,
                  rows[i]);
        check_row(why.message[0] != '\0', rows[i]);
        check_row(period.from.days == 7 && period.until.days == 7, rows[i]);
    }
}

static void a_span_holds_its_first_day_but_not_its_until(void **state)
{
    tariff_span span = { { day("2025-03-04") }, { day("2025-06-04") } };
    (void)state;
    assert_false(tf_span_holds(span, day("2025-03-03")));
    assert_true(tf_span_holds(span, day("2025-03-04")));
    assert_true(tf_span_holds(span, day("2025-06-03")));
    assert_false(tf_span_holds(span, day("2025-06-04")));
    assert_true(tf_span_holds(tf_span_always(), day("1600-01-01")));
    assert_true(tf_span_holds(tf_span_always(), day("9999-12-31")));
}

static void spans_meet_in_what_they_have_in_common(void **state)
{
    static const struct {
        int32_t a[2], b[2], both[2];
        bool    empty;
    } rows[] = { { { 0, 10 }, { 5, 15 }, { 5, 10 }, false },
                 { { 0, 10 }, { 2, 3 }, { 2, 3 }, false },
                 { { 0, 10 }, { 10, 20 }, { 10, 10 }, true },
                 { { 0, 10 }, { 20, 30 }, { 20, 10 }, true },
                 { { TARIFF_DATE_MIN, 5 }, { 4, TARIFF_DATE_MAX }, { 4, 5 }, false } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tariff_span a = { { rows[i].a[0] }, { rows[i].a[1] } };
        tariff_span b = { { rows[i].b[0] }, { rows[i].b[1] } };
        tariff_span both = tf_span_meet(a, b), turned = tf_span_meet(b, a);
        assert_int_equal(both.from.days, rows[i].both[0]);
        assert_int_equal(both.until.days, rows[i].both[1]);
        assert_int_equal(tf_span_empty(both), rows[i].empty);
        assert_memory_equal(&both, &turned, sizeof both);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_counted_from_1970),
        cmocka_unit_test(the_calendar_has_no_gap),
        cmocka_unit_test(what_is_no_day_is_refused),
        cmocka_unit_test(open_ends_have_no_text),
        cmocka_unit_test(periods_are_the_days_they_contain),
        cmocka_unit_test(what_is_no_period_is_refused),
        cmocka_unit_test(a_span_holds_its_first_day_but_not_its_until),
        cmocka_unit_test(spans_meet_in_what_they_have_in_common),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
