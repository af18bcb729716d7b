/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Where a measure applies: products and countries.
 */
#include "unit/place.h"

static void products_are_named_by_digits(void **state)
{
    static const struct {
        const char *products, *code, *date;
        int         length; /**< Digits that matched; -1: not named. */
    } rows[] = {
        { "*", "84818090", "2025-01-01", 0 },
        { "84", "84818090", "2025-01-01", 2 },
        { "8481.80", "84818090", "2025-01-01", 6 },
        { "84818090", "84818090", "2025-01-01", 8 },
        { "8481.80.90.00", "84818090", "2025-01-01", -1 },
        { "85", "84818090", "2025-01-01", -1 },
        { "84 8481", "84818090", "2025-01-01", 4 },
        { "8481 84", "84818090", "2025-01-01", 4 },
        { "* 8481", "84818090", "2025-01-01", 4 },
        { "8471-8490", "84818090", "2025-01-01", 4 },
        { "8481-8481", "84818090", "2025-01-01", 4 },
        { "8471-8481", "84818090", "2025-01-01", 4 },
        { "8482-8490", "84818090", "2025-01-01", -1 },
        { "84-848180", "84818090", "2025-01-01", 2 },
        { "84818010-84818080", "84818090", "2025-01-01", -1 },
        { "8471-8490", "84", "2025-01-01", -1 },
        { "84-85", "84", "2025-01-01", 2 },
        { "@metals", "72083900", "2025-01-01", 4 },
        { "@metals", "73089030", "2025-01-01", 6 },
        { "@metals", "73081000", "2025-01-01", -1 },
        { "@metals", "76061130", "2025-06-03", -1 },
        { "@metals", "76061130", "2025-06-04", 2 },
        { "* !@metals", "72083900", "2025-01-01", -1 },
        { "* !@metals", "76061130", "2025-06-03", 0 },
        { "* !9802", "98020040", "2025-01-01", -1 },
        { "72 !7208", "72083900", "2025-01-01", -1 },
        { "72 !7208", "72", "2025-01-01", 2 },
        { "!7208 72", "72071100", "2025-01-01", 2 },
        { "72 !7208-7210", "72091500", "2025-01-01", -1 },
        { "  72\t7308\n", "73081000", "2025-01-01", 4 },
    };
    place *p = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tf_products products;
        check_row(tf_parse_products(&p->scopes, &p->arena, rows[i].products,
                                    strlen(rows[i].products), &products, NULL)
                      == TARIFF_OK, rows[i].products);
        int length = tf_products_length(&p->scopes, &products, hs(rows[i].code),
                                        day(rows[i].date));
        if (length != rows[i].length)
            fail_msg("'%s' names %s by %d digits, not %d", rows[i].products, rows[i].code, length,
                     rows[i].length);
    }
}

/* One code, as often as it is named, in whatever notation, and however many others there are. */
static void measures_on_one_code_share_its_set(void **state)
{
    enum { CODES = 3000 };
    place       *p = *state;
    const size_t before = p->scopes.sets.n;
    tf_products  first[CODES], again;
    char         text[16];
    for (unsigned i = 0; i < CODES; i++) {
        int n = snprintf(text, sizeof text, "%06u", 100000 + i);
        assert_int_equal(tf_parse_products(&p->scopes, &p->arena, text, (size_t)n, &first[i], NULL),
                         TARIFF_OK);
    }
    assert_int_equal(p->scopes.sets.n, before + CODES);
    for (unsigned i = CODES; i-- > 0;) {
        int n = snprintf(text, sizeof text, "%04u.%02u", (100000 + i) / 100, i % 100);
        assert_int_equal(tf_parse_products(&p->scopes, &p->arena, text, (size_t)n, &again, NULL),
                         TARIFF_OK);
        assert_int_equal(again.include_count, 1);
        assert_int_equal(again.include[0], before + i);
        assert_int_equal(first[i].include[0], before + i);
    }
    assert_int_equal(p->scopes.sets.n, before + CODES);
}

static void countries_are_named_more_or_less_closely(void **state)
{
    static const struct {
        const char *countries, *country, *date;
        tf_level    level;
    } rows[] = {
        { "*", "IN", "2025-01-01", TF_NAMED_ALL },
        { "IN", "IN", "2025-01-01", TF_NAMED_LISTED },
        { "IND", "IN", "2025-01-01", TF_NAMED_LISTED },
        { "356", "IN", "2025-01-01", TF_NAMED_LISTED },
        { "IN CN", "JP", "2025-01-01", TF_NOT_NAMED },
        { "@EU", "FR", "2025-01-01", TF_NAMED_GROUP },
        { "@EU", "IN", "2025-01-01", TF_NOT_NAMED },
        { "@EU", "GB", "2020-01-31", TF_NAMED_GROUP },
        { "@EU", "GB", "2020-02-01", TF_NOT_NAMED },
        { "@EU FR", "FR", "2025-01-01", TF_NAMED_LISTED },
        { "* @EU", "FR", "2025-01-01", TF_NAMED_GROUP },
        { "* !CA !MX", "CA", "2025-01-01", TF_NOT_NAMED },
        { "* !CA !MX", "IN", "2025-01-01", TF_NAMED_ALL },
        { "* !@EU", "DE", "2025-01-01", TF_NOT_NAMED },
        { "* !@EU", "GB", "2025-01-01", TF_NAMED_ALL },
        { "@EU !FR", "FR", "2025-01-01", TF_NOT_NAMED },
        { "@EU !FR", "DE", "2025-01-01", TF_NAMED_GROUP },
        { "XK", "XKX", "2025-01-01", TF_NAMED_LISTED },
    };
    place *p = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const tf_countries *countries;
        check_row(tf_parse_countries(&p->scopes, &p->arena, rows[i].countries,
                                     strlen(rows[i].countries), &countries, NULL)
                      == TARIFF_OK, rows[i].countries);
        tf_level level = tf_countries_level(&p->scopes, countries, country(rows[i].country),
                                            day(rows[i].date));
        if (level != rows[i].level)
            fail_msg("'%s' names %s on %s at level %d", rows[i].countries, rows[i].country,
                     rows[i].date, (int)level);
        /* What is named on some day is found by the index. */
        tf_country_bits ever = tf_countries_ever(&p->scopes, countries);
        check_row(level == TF_NOT_NAMED || tf_country_in(&ever, country(rows[i].country)),
                  rows[i].countries);
    }
}

static void wrong_scopes_are_told_where_they_are(void **state)
{
    static const struct {
        bool          products;
        const char   *text;
        tariff_status status;
        size_t        at;
        const char   *message, *hint;
    } rows[] = {
        { true, "", TARIFF_E_VALUE, 0, "no products are named", "write * for all products" },
        { true, "!7208", TARIFF_E_VALUE, 0, "products are taken away, but none are named", "*" },
        { true, "* !*", TARIFF_E_VALUE, 3, "'!*' leaves nothing", "" },
        { true, "7208 101", TARIFF_E_VALUE, 5, "101", "leading zero" },
        { true, "72 @metal", TARIFF_E_REFERENCE, 3, "unknown product set '@metal'",
          "did you mean '@metals'?" },
        { true, "@annex_ii", TARIFF_E_REFERENCE, 0, "unknown product set '@annex_ii'",
          "a set @NAME is a file sets/NAME.csv" },
        { true, "7229-7206", TARIFF_E_VALUE, 0, "the range '7229-7206' is empty", "lower code" },
        { true, "7206-722", TARIFF_E_VALUE, 5, "", "leading zero" },
        { true, "7206-", TARIFF_E_VALUE, 5, "", "" },
        { false, "", TARIFF_E_VALUE, 0, "no countries are named", "write * for all countries" },
        { false, "!CA", TARIFF_E_VALUE, 0, "countries are taken away, but none are named", "*" },
        { false, "* !*", TARIFF_E_VALUE, 3, "'!*' leaves nothing", "" },
        { false, "FR UK", TARIFF_E_REFERENCE, 3, "unknown country 'UK'", "did you mean GB?" },
        { false, "@EV", TARIFF_E_REFERENCE, 0, "unknown country group '@EV'",
          "did you mean '@EU'?" },
        { false, "@BRICS", TARIFF_E_REFERENCE, 0, "unknown country group '@BRICS'",
          "a group @NAME is defined in groups.csv" },
    };
    place *p = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char         *text = rows[i].text;
        tf_products         products;
        const tf_countries *countries;
        tf_why              why = { .status = TARIFF_OK };
        size_t              n = strlen(text);
        tariff_status       status =
            rows[i].products
                      ? tf_parse_products(&p->scopes, &p->arena, text, n, &products, &why)
                      : tf_parse_countries(&p->scopes, &p->arena, text, n, &countries, &why);
        if (status != rows[i].status || why.at != rows[i].at
            || !strstr(why.message, rows[i].message) || !strstr(why.hint, rows[i].hint))
            fail_msg("row '%s': %s at %zu: %s (hint: %s)", text, tariff_status_name(status),
                     why.at, why.message, why.hint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(products_are_named_by_digits),
        IN_PLACE(measures_on_one_code_share_its_set),
        IN_PLACE(countries_are_named_more_or_less_closely),
        IN_PLACE(wrong_scopes_are_told_where_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
