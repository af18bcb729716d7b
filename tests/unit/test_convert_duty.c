/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/check.h"

#include "convert/duty.h"

static void duties_of_all_kinds_become_expressions(void **state)
{
    static const struct {
        const char *text, *rate;
    } rows[] = {
        { "Free", "Free" },
        { " \n Free.", "Free" },
        { "Free, under bond", "Free" },
        { "Free, for such temporary periods as the Secretary may prescribe", "Free" },
        { "6.8%", "6.8%" },
        { "33 1/3%", "33.3333333%" },
        { "1¢/kg", "1 c/kg" },
        { "$1.646/kg", "1.646 USD/kg" },
        { "5.7¢/kg + 8%", "5.7 c/kg + 8%" },
        { "22¢/kg+45%", "22 c/kg + 45%" },
        { "8¢ each + 2.8%", "8 c/no + 2.8%" },
        { "76¢/pr. + 32%", "76 c/pr + 32%" },
        { "10¢/1,000 pins + 3.5%", "10 c/1000 no + 3.5%" },
        { "$2.50/thou- sand + 40%", "2.50 USD/1000 no + 40%" },
        { "4.4¢/liter + 31.4¢/pf. liter", "4.4 c/l + 31.4 c/pfl" },
        { "18.7¢/clean kg", "18.7 c/kgc" },
        { "86.1¢/m2of recording surface", "86.1 c/m2" },
        { "6.5% on the entire set", "6.5%" },
        { "44¢ each + 6% on the case + 14% on the strap, band or bracelet + 5.3% on the battery",
          "44 c/no + 6% on case + 14% on strap + 5.3% on battery" },
        { "3.9% on the movement and case+ 5.3% on the battery",
          "3.9% on movement + 3.9% on case + 5.3% on battery" },
        { "10% but not less than 3¢/kg", "max(10%, 3 c/kg)" },
        { "10% + 1¢/kg but not more than 15%", "min(10% + 1 c/kg, 15%)" },
        { "2¢/kg or 5%, whichever is the higher", "max(2 c/kg, 5%)" },
        { "2¢/kg or 5%, whichever is lower", "min(2 c/kg, 5%)" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tf_duty duty;
        tf_why  why;
        char    line[256];
        size_t  n = tf_one_line(rows[i].text, strlen(rows[i].text), line, sizeof line);
        check_row(n != SIZE_MAX, rows[i].text);
        check_row(tf_duty_of_hts(line, n, &duty, &why) == TARIFF_OK, rows[i].text);
        assert_string_equal(duty.text, rows[i].rate);
    }
}

static void what_is_not_understood_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "37% /",
        "6.8",
        "¢/kg",
        "1/kg",
        "$1¢/kg",
        "5¢ kg",
        "25%1/",
        "17¢ each + 2.5% + 1¢/jewel",
        "5% on the dial",
        "0.7¢/kg on copper content + 0.7¢/kg on lead content",
        "3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees but not less than 3¢/kg",
        "The rate applicable to each garment in the ensemble if separately entered",
        "See additional U.S. note 1",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tf_duty duty;
        tf_why  why = { 0 };
        check_row(tf_duty_of_hts(rows[i], strlen(rows[i]), &duty, &why) != TARIFF_OK, rows[i]);
        check_row(why.message[0] != '\0', rows[i]);
    }
}

static void amounts_per_unit_of_a_content_are_told(void **state)
{
    static const char text[] = "12.8¢/kg on molybdenum content + 1.8%";
    tf_duty           duty;
    (void)state;
    assert_int_equal(tf_duty_of_hts(text, strlen(text), &duty, NULL), TARIFF_OK);
    assert_string_equal(duty.text, "12.8 c/kg + 1.8%");
    assert_true(duty.of_content);
    assert_int_equal(tf_duty_of_hts("1.8%", 4, &duty, NULL), TARIFF_OK);
    assert_false(duty.of_content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(duties_of_all_kinds_become_expressions),
        cmocka_unit_test(what_is_not_understood_is_refused),
        cmocka_unit_test(amounts_per_unit_of_a_content_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
