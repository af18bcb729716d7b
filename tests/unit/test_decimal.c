/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Decimal text to integers and back; exact division.
 */
#include "unit/check.h"

#include "value/decimal.h"

static void decimals_become_integers_of_a_scale(void **state)
{
    static const struct {
        const char *text;
        unsigned    places;
        int64_t     n;
    } rows[] = {
        { "0", 4, 0 },
        { "1", 4, 10000 },
        { "1234.5", 4, 12345000 },
        { "0.0001", 4, 1 },
        { ".5", 4, 5000 },
        { "5.", 4, 50000 },
        { "007", 0, 7 },
        { "1.50000000000000000000", 4, 15000 },
        { "0.400000000", 9, 400000000 },
        { "9223372036854775807", 0, INT64_MAX },
        { "922337203685477.5807", 4, INT64_MAX },
        { "9.223372036854775807", 18, INT64_MAX },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t n = -1;
        check_row(tf_parse_decimal(rows[i].text, strlen(rows[i].text), rows[i].places, "value", &n,
                                   NULL)
                      == TARIFF_OK, rows[i].text);
        check_row(n == rows[i].n, rows[i].text);
    }
}

static void what_is_no_decimal_is_refused_with_a_hint(void **state)
{
    static const struct {
        const char   *text;
        tariff_status status;
        size_t        at;
        const char   *message, *hint;
    } rows[] = {
        { "", TARIFF_E_VALUE, 0, "the value is empty", "" },
        { "-1", TARIFF_E_VALUE, 0, "negative value '-1'", "never negative" },
        { "+1", TARIFF_E_VALUE, 0, "the value '+1' is not a number", "digits and a decimal point" },
        { "1,234.5", TARIFF_E_VALUE, 1, "not a number", "no thousands separators" },
        { "1,5", TARIFF_E_VALUE, 1, "not a number", "a point for decimals" },
        { "1e6", TARIFF_E_VALUE, 1, "not a number", "no exponent" },
        { "1.2E6", TARIFF_E_VALUE, 3, "not a number", "no exponent" },
        { "e6", TARIFF_E_VALUE, 0, "not a number", "write digits" },
        { "1.2.3", TARIFF_E_VALUE, 3, "not a number", "" },
        { ".", TARIFF_E_VALUE, 0, "not a number", "" },
        { "1 000", TARIFF_E_VALUE, 1, "not a number", "" },
        { " 1", TARIFF_E_VALUE, 0, "not a number", "" },
        { "0x10", TARIFF_E_VALUE, 1, "not a number", "" },
        { "nan", TARIFF_E_VALUE, 0, "not a number", "" },
        { "1.00001", TARIFF_E_VALUE, 6, "has more than 4 decimals", "round it before" },
        { "0.12340001", TARIFF_E_VALUE, 9, "has more than 4 decimals", "" },
        { "922337203685477.5808", TARIFF_E_OVERFLOW, 19, "too large", "" },
        { "922337203685478", TARIFF_E_OVERFLOW, 0, "too large", "" },
        { "99999999999999999999999999", TARIFF_E_OVERFLOW, 18, "too large", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t       n = -7;
        tf_why        why = { .status = TARIFF_OK };
        tariff_status status =
            tf_parse_decimal(rows[i].text, strlen(rows[i].text), 4, "value", &n, &why);
        if (status != rows[i].status || why.at != rows[i].at
            || !strstr(why.message, rows[i].message) || !strstr(why.hint, rows[i].hint))
            fail_msg("row '%s': %s at %zu: %s (hint: %s)", rows[i].text,
                     tariff_status_name(status), why.at, why.message, why.hint);
        check_row(n == -7, rows[i].text);
    }
}

static void the_length_counts_not_the_nul(void **state)
{
    int64_t n;
    (void)state;
    assert_int_equal(tf_parse_decimal("12345", 2, 0, "value", &n, NULL), TARIFF_OK);
    assert_int_equal(n, 12);
}

static void percentages_say_so(void **state)
{
    static const struct {
        const char *text;
        int64_t     nano;
    } rows[] = { { "25%", 250000000 },        { "2.5 %", 25000000 },  { "0%", 0 },
                 { "0.0000001%", 1 },         { "100%", 1000000000 }, { "10000%", 100000000000 },
                 { "33.333333300%", 333333333 } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tariff_rate rate;
        check_row(tariff_rate_parse(rows[i].text, strlen(rows[i].text), &rate) == TARIFF_OK,
                  rows[i].text);
        check_row(rate.nano == rows[i].nano, rows[i].text);
    }
}

static void a_bare_number_asks_what_was_meant(void **state)
{
    static const struct {
        const char *text, *message, *hint;
    } rows[] = {
        { "0.25", "bare rate '0.25'", "write 25% or 0.25%, whichever is meant" },
        { "0.165", "bare rate '0.165'", "write 16.5% or 0.165%, whichever is meant" },
        { "25", "bare rate '25'", "write 25% if a percentage is meant" },
        { "1", "bare rate '1'", "write 1% if a percentage is meant" },
        { "", "the rate is empty", "25%" },
        { "Free", "'Free' is not a rate", "25%" },
        { "-5%", "negative rate '-5'", "never negative" },
        { "%", "the rate is empty", "" },
        { "10000.0000001%", "is above 10,000%", "decimal point" },
        { "1.00000001%", "more than 7 decimals", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tariff_rate rate = { -7 };
        tf_why      why;
        check_row(tf_parse_percent(rows[i].text, strlen(rows[i].text), &rate, &why)
                      == TARIFF_E_VALUE, rows[i].text);
        check_row(strstr(why.message, rows[i].message) && strstr(why.hint, rows[i].hint),
                  rows[i].text);
        check_row(rate.nano == -7, rows[i].text);
    }
}

static void shares_are_fractions_or_percentages(void **state)
{
    static const struct {
        const char *text;
        int64_t     nano; /**< -1: refused. */
    } rows[] = { { "0", 0 },        { "0.4", 400000000 },  { "40%", 400000000 },
                 { "1", 1000000000 }, { "100%", 1000000000 }, { "0.000000001", 1 },
                 { "1.000000001", -1 }, { "100.1%", -1 },    { "0.0000000001", -1 },
                 { "-0.1", -1 },    { "", -1 },            { "half", -1 } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tariff_rate   share = { -1 };
        tf_why        why;
        tariff_status status = tf_parse_share(rows[i].text, strlen(rows[i].text), &share, &why);
        check_row((status == TARIFF_OK) == (rows[i].nano >= 0), rows[i].text);
        check_row(share.nano == rows[i].nano, rows[i].text);
    }
    tf_why      why;
    tariff_rate share;
    assert_int_equal(tf_parse_share("40", 2, &share, &why), TARIFF_E_VALUE);
    assert_string_equal(why.message, "the share '40' is more than 1");
    assert_string_equal(why.hint, "a share is a fraction, such as 0.4, or 40%");
}

static void numbers_are_written_without_needless_zeros(void **state)
{
    static const struct {
        tf_i128     n;
        unsigned    places, least;
        const char *text;
    } rows[] = {
        { 0, 9, 0, "0" },
        { 0, 9, 2, "0.00" },
        { 250000000, 9, 0, "0.25" },
        { 1000000000, 9, 0, "1" },
        { 1000000000, 9, 2, "1.00" },
        { 1, 12, 0, "0.000000000001" },
        { -1, 4, 0, "-0.0001" },
        { -15000, 4, 0, "-1.5" },
        { 120, 0, 0, "120" },
        { 12345, 4, 4, "1.2345" },
        { INT64_MIN, 0, 0, "-9223372036854775808" },
        { (tf_i128)INT64_MAX * 1000000000000000000, 18, 0, "9223372036854775807" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char   buf[TF_DECIMAL_TEXT];
        size_t length = tf_format_fixed(rows[i].n, rows[i].places, rows[i].least, buf);
        if (strcmp(buf, rows[i].text) != 0 || length != strlen(buf))
            fail_msg("%s instead of %s", buf, rows[i].text);
    }
}

/* The widest number there is has to fit its buffer. */
static void the_smallest_128_bit_number_is_written(void **state)
{
    char buf[TF_DECIMAL_TEXT];
    (void)state;
    tf_format_fixed((tf_i128)((tf_u128)1 << 127), 36, 0, buf);
    assert_string_equal(buf, "-170.141183460469231731687303715884105728");
}

static void money_is_rounded_half_away_from_zero_when_written(void **state)
{
    static const struct {
        tf_i128     n;
        unsigned    places;
        const char *text;
    } rows[] = {
        { 0, 4, "0.00" },           { 12345000, 4, "1234.50" }, { 49, 4, "0.00" },
        { 50, 4, "0.01" },          { 149, 4, "0.01" },         { 150, 4, "0.02" },
        { 250, 4, "0.03" },         { -50, 4, "-0.01" },        { -49, 4, "0.00" },
        { -250, 4, "-0.03" },       { 5, 3, "0.01" },           { 1, 2, "0.01" },
        { 480000000000000, 4, "48000000000.00" },
        { (tf_i128)665 * 1000000000000 * 10000, 16, "665.00" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char buf[TF_DECIMAL_TEXT];
        tf_format_cents(rows[i].n, rows[i].places, buf);
        if (strcmp(buf, rows[i].text) != 0)
            fail_msg("%s instead of %s", buf, rows[i].text);
    }
}

static void rates_are_written_as_percentages(void **state)
{
    static const struct {
        int64_t     n;
        const char *text;
    } rows[] = { { 0, "0%" },          { 250000000, "25%" }, { 165000000, "16.5%" },
                 { 1, "0.0000001%" },  { 1000000000, "100%" }, { -50000000, "-5%" } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char buf[TF_DECIMAL_TEXT];
        tf_format_percent(rows[i].n, 9, buf);
        assert_string_equal(buf, rows[i].text);
    }
}

static void division_rounds_the_half_to_even_or_away(void **state)
{
    static const struct {
        int64_t a, b, even, away;
    } rows[] = {
        { 0, 7, 0, 0 },    { 6, 3, 2, 2 },     { 7, 3, 2, 2 },    { 8, 3, 3, 3 },
        { 1, 2, 0, 1 },    { 3, 2, 2, 2 },     { 5, 2, 2, 3 },    { 7, 2, 4, 4 },
        { -1, 2, 0, -1 },  { -3, 2, -2, -2 },  { -5, 2, -2, -3 }, { -7, 3, -2, -2 },
        { -8, 3, -3, -3 }, { 25, 10, 2, 3 },   { 35, 10, 4, 4 },  { 24, 10, 2, 2 },
        { 26, 10, 3, 3 },  { INT64_MAX, 1, INT64_MAX, INT64_MAX },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tf_i128 even = tf_div_half_even(rows[i].a, rows[i].b);
        tf_i128 away = tf_div_half_away(rows[i].a, rows[i].b);
        if (even != rows[i].even || away != rows[i].away)
            fail_msg("%lld / %lld is %lld and %lld", (long long)rows[i].a, (long long)rows[i].b,
                     (long long)even, (long long)away);
    }
}

/* 2 x |remainder| would overflow: the comparison has to avoid it. */
static void division_is_exact_at_the_ends_of_128_bits(void **state)
{
    tf_i128 most = (tf_i128)(((tf_u128)1 << 127) - 1);
    (void)state;
    assert_true(tf_div_half_even(most, most) == 1);
    assert_true(tf_div_half_even(most - 1, most) == 1);
    assert_true(tf_div_half_even(most / 2, most) == 0);
    assert_true(tf_div_half_even(most / 2 + 1, most) == 1);
    assert_true(tf_div_half_away(-most, most) == -1);
    assert_true(tf_div_half_even(-(most / 2 + 1), most) == -1);
}

static void ratios_are_rounded_once_and_bounded(void **state)
{
    tf_i128 ten_to_30 = (tf_i128)TF_E18 * TF_E12;
    int64_t out;
    (void)state;
    assert_true(tf_ratio(1, 3, TF_E9, &out));
    assert_int_equal(out, 333333333);
    assert_true(tf_ratio(2, 3, TF_E9, &out));
    assert_int_equal(out, 666666667);
    assert_true(tf_ratio(0, 5, TF_E9, &out));
    assert_int_equal(out, 0);
    assert_true(tf_ratio(-1, 2, 1, &out));
    assert_int_equal(out, 0);
    /* Larger than the product fits: the ratio of large sums is still right. */
    assert_true(tf_ratio(ten_to_30 * 6, ten_to_30 * 10, TF_E9, &out));
    assert_int_equal(out, 600000000);
    assert_true(tf_ratio(ten_to_30 * 10000000, ten_to_30 * 30000000, TF_E18, &out));
    assert_int_equal(out, 333333333333333333);
    assert_false(tf_ratio(ten_to_30, 1, TF_E9, &out));
}

static void products_and_sums_that_do_not_fit_are_told(void **state)
{
    tf_i128 most = (tf_i128)(((tf_u128)1 << 127) - 1), out;
    (void)state;
    assert_true(tf_mul(INT64_MAX, INT64_MAX, &out));
    assert_true(out == (tf_i128)INT64_MAX * INT64_MAX);
    assert_false(tf_mul(most, 2, &out));
    assert_false(tf_add(most, 1, &out));
    assert_true(tf_add(most, -most, &out));
    assert_true(out == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_become_integers_of_a_scale),
        cmocka_unit_test(what_is_no_decimal_is_refused_with_a_hint),
        cmocka_unit_test(the_length_counts_not_the_nul),
        cmocka_unit_test(percentages_say_so),
        cmocka_unit_test(a_bare_number_asks_what_was_meant),
        cmocka_unit_test(shares_are_fractions_or_percentages),
        cmocka_unit_test(numbers_are_written_without_needless_zeros),
        cmocka_unit_test(the_smallest_128_bit_number_is_written),
        cmocka_unit_test(money_is_rounded_half_away_from_zero_when_written),
        cmocka_unit_test(rates_are_written_as_percentages),
        cmocka_unit_test(division_rounds_the_half_to_even_or_away),
        cmocka_unit_test(division_is_exact_at_the_ends_of_128_bits),
        cmocka_unit_test(ratios_are_rounded_once_and_bounded),
        cmocka_unit_test(products_and_sums_that_do_not_fit_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
