/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What is told of a schedule's measures is what their rows say, also where rows
 * share what they say alike.
 */
#include "unit/schedule.h"

static const check_file files[] = {
    { "layers.csv", "layer,kind\na,additional\nb,additional\n" },
    { "sets/list.csv", "hs\n8481\n" },
    { "claims/usmca.csv", "hs,share\n" },
    { "claims/gsp.csv", "hs,share\n" },
    { "parts/steel.csv", "hs,share\n" },
    { "measures.csv", "layer,products,origins,rate,base,when,published,withdrawn,citation,id\n"
                      "a,8481,IN,1%,,usmca,,,Act,\n"
                      "a,8482,IN,1%,,usmca,,,Act,\n"
                      "a,8481,CN,2%,steel,,,,Act,\n"
                      "a,84.81,VN,2%,!steel,usmca,2024-01-01,,Act,\n"
                      "b,8482,VN,2%,,!usmca gsp,2024-01-01,2025-01-01,Act,\n"
                      "b,8481 8483 !8481.80,CN,1%,,!usmca gsp,2024-01-01,2025-01-01,Order,\n"
                      "b,*,CN,1%,,,2024-01-01,2025-01-01,Order,x1\n"
                      "b,* !8482,CN,1%,,,2024-01-01,2025-01-01,Order,x2\n"
                      "b,@list !8482,CN,1%,,,2024-01-01,2025-01-01,Order,x2\n" },
    { "measures/more.csv", "layer,products,origins,rate,published,withdrawn,citation,id\n"
                           "b,8481,JP,1%,2024-01-01,2025-01-01,Order,x2\n" },
    { NULL, NULL }
};

static void a_measure_is_told_as_its_row_says(void **state)
{
    static const struct {
        const char *products, *origins, *rate, *when, *citation, *id, *file;
        uint32_t    line;
        const char *from, *until;
    } rows[] = {
        { "8481", "IN", "1%", "usmca", "Act", "", "/measures.csv", 2, "", "" },
        { "8482", "IN", "1%", "usmca", "Act", "", "/measures.csv", 3, "", "" },
        { "8481", "CN", "2%", "", "Act", "", "/measures.csv", 4, "", "" },
        { "8481", "VN", "2%", "usmca", "Act", "", "/measures.csv", 5, "2024-01-01", "" },
        { "8482", "VN", "2%", "!usmca gsp", "Act", "", "/measures.csv", 6, "2024-01-01",
          "2025-01-01" },
        { "8481 8483 !848180", "CN", "1%", "!usmca gsp", "Order", "", "/measures.csv", 7,
          "2024-01-01", "2025-01-01" },
        { "*", "CN", "1%", "", "Order", "x1", "/measures.csv", 8, "2024-01-01", "2025-01-01" },
        { "* !8482", "CN", "1%", "", "Order", "x2", "/measures.csv", 9, "2024-01-01",
          "2025-01-01" },
        { "@list !8482", "CN", "1%", "", "Order", "x2", "/measures.csv", 10, "2024-01-01",
          "2025-01-01" },
        { "8481", "JP", "1%", "", "Order", "x2", "/measures/more.csv", 2, "2024-01-01",
          "2025-01-01" },
    };
    const size_t count = sizeof rows / sizeof rows[0];
    check_law    law;
    (void)state;
    check_law_open(&law, files);
    assert_int_equal(tariff_schedule_measures(law.schedule), count);
    for (size_t i = 0; i < count; i++) {
        tariff_measure_info m;
        char                products[64], from[16], until[16];
        tariff_schedule_measure(law.schedule, i, &m);
        tariff_schedule_products(law.schedule, i, products, sizeof products);
        tariff_date_format(m.known.from, from);
        tariff_date_format(m.known.until, until);
        assert_string_equal(products, rows[i].products);
        assert_string_equal(m.origins, rows[i].origins);
        assert_string_equal(m.rate, rows[i].rate);
        assert_string_equal(m.when, rows[i].when);
        assert_string_equal(m.citation, rows[i].citation);
        assert_string_equal(m.id, rows[i].id);
        assert_string_equal(m.file + strlen(law.directory), rows[i].file);
        assert_int_equal(m.line, rows[i].line);
        assert_string_equal(from, rows[i].from);
        assert_string_equal(until, rows[i].until);
    }
    check_law_close(&law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_measure_is_told_as_its_row_says),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
