/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Elasticities from files: the most specific row wins, defaults come last, and
 * what cannot be is refused with its place.
 */
#include "unit/check.h"

#include "base/env.h"
#include "elasticity/table.h"
#include "value/country.h"
#include "value/hs.h"

#include <math.h>

#define FILE_NAME "test_elasticities.csv"

typedef struct fixture {
    check_log       log;
    tariff_env     *env;
    tf_elasticities table;
    tariff_status   status;
} fixture;

static void open_text(fixture *f, tf_horizon horizon, const char *text)
{
    f->env = check_env(&f->log);
    check_write(FILE_NAME, text);
    assert_int_equal(tf_elasticities_init(&f->table, &f->env->allocator, horizon), TARIFF_OK);
    f->status = tf_elasticities_load(&f->table, f->env, FILE_NAME, NULL);
    if (f->status == TARIFF_OK)
        f->status = tf_elasticities_finish(&f->table, f->env);
    remove(FILE_NAME);
}

static void close_text(fixture *f)
{
    tf_elasticities_free(&f->table);
    tariff_env_free(f->env);
}

static uint16_t country(const char *text)
{
    tariff_country out = { TARIFF_COUNTRY_NONE };
    if (strcmp(text, "*") != 0)
        assert_int_equal(tariff_country_parse(text, strlen(text), &out), TARIFF_OK);
    return out.id;
}

static tf_elasticity find(const fixture *f, tf_parameter p, const char *hs, const char *importer,
                          const char *origin)
{
    tariff_hs code;
    assert_int_equal(tariff_hs_parse(hs, strlen(hs), &code), TARIFF_OK);
    uint32_t at = tf_elasticities_find(&f->table, p, code.key, country(importer), country(origin));
    return f->table.entries.at[at];
}

static void the_most_specific_row_wins_and_defaults_come_last(void **state)
{
    fixture f;
    (void)state;
    open_text(&f, TF_LONG_RUN,
              "hs,importer,origin,sigma,supply,eta,source\n"
              "*,*,*,2,,,everything\n"
              "61,*,*,3,5,,a chapter\n"
              "6109,*,*,4,,,a heading\n"
              "6109,US,*,5,,,a heading in one country\n"
              "61,US,IN,,inf,,one origin\n"
              "62,US,*,6,99,,the sentinel of WITS\n");
    assert_int_equal(f.status, TARIFF_OK);
    assert_true(find(&f, TF_SIGMA, "610910", "US", "*").spread.value == 5);
    assert_true(find(&f, TF_SIGMA, "610910", "DE", "*").spread.value == 4);
    assert_true(find(&f, TF_SIGMA, "6110", "US", "*").spread.value == 3);
    assert_true(find(&f, TF_SIGMA, "8471", "US", "*").spread.value == 2);
    /* A cell that is empty leaves it to the next row. */
    assert_true(find(&f, TF_SUPPLY, "610910", "US", "VN").spread.value == 5);
    assert_true(isinf(find(&f, TF_SUPPLY, "610910", "US", "IN").spread.value));
    assert_true(isinf(find(&f, TF_SUPPLY, "620520", "US", "VN").spread.value));
    assert_true(find(&f, TF_ETA, "610910", "US", "*").is_default);
    assert_true(find(&f, TF_ETA, "610910", "US", "*").spread.value == 1);
    assert_false(find(&f, TF_SIGMA, "8471", "US", "*").is_default);
    close_text(&f);
}

static void spreads_are_of_the_row_or_of_the_default(void **state)
{
    fixture f;
    (void)state;
    open_text(&f, TF_LONG_RUN,
              "hs,importer,sigma,sigma_p95,sigma_lo,sigma_hi,source\n"
              "01,*,2,,,,none of its own\n"
              "02,*,2,3,,,a percentile\n"
              "03,*,2,,1,4,a range\n"
              "04,*,2,2,,,sure\n");
    assert_int_equal(f.status, TARIFF_OK);
    assert_true(fabs(find(&f, TF_SIGMA, "01", "US", "*").spread.high - 2 * 5.1 / 3.8) < 1e-12);
    assert_true(find(&f, TF_SIGMA, "02", "US", "*").spread.high == 3);
    assert_int_equal(find(&f, TF_SIGMA, "03", "US", "*").spread.kind, TF_SPREAD_UNIFORM);
    assert_int_equal(find(&f, TF_SIGMA, "04", "US", "*").spread.kind, TF_SPREAD_NONE);
    close_text(&f);
}

static void each_horizon_has_its_rows_and_defaults(void **state)
{
    static const char text[] = "hs,importer,horizon,sigma,source\n"
                               "61,*,long,3,long\n"
                               "61,*,short,1.2,short\n"
                               "62,*,,2,both\n"
                               "63,*,long,4,long only\n";
    static const double want[TF_HORIZONS][3] = { { 3, 2, 4 }, { 1.2, 2, 1.13 } };
    (void)state;
    for (int horizon = 0; horizon < TF_HORIZONS; horizon++) {
        fixture f;
        open_text(&f, (tf_horizon)horizon, text);
        assert_int_equal(f.status, TARIFF_OK);
        assert_true(find(&f, TF_SIGMA, "61", "US", "*").spread.value == want[horizon][0]);
        assert_true(find(&f, TF_SIGMA, "62", "US", "*").spread.value == want[horizon][1]);
        assert_true(find(&f, TF_SIGMA, "63", "US", "*").spread.value == want[horizon][2]);
        close_text(&f);
    }
}

static void what_cannot_be_is_refused(void **state)
{
    static const struct {
        const char *row, *message;
    } rows[] = {
        { "61,US,*,-3,,,,,x", ":2:9: error: negative sigma '-3'" },
        { "61,US,*,0,,,,,x", ":2:9: error: sigma is above 0" },
        { "61,US,*,abc,,,,,x", ":2:9: error: the sigma 'abc' is not a number" },
        { "61,US,*,3,2,,,,x", ":2:11: error: this end of sigma is on the wrong side" },
        { "61,US,*,3,,4,5,,x", ":2:12: error: this end of sigma is on the wrong side" },
        { "61,US,*,3,4,1,5,,x", ":2:11: error: both a 95th percentile and a range" },
        { "61,US,*,3,,1,,,x", ":2:14: error: a range has a lower and an upper end" },
        { "61,US,*,,4,,,,x", "a spread of sigma without a value" },
        { "61,US,IN,3,,,,,x", ":2:10: error: sigma is of a whole market" },
        { "61,US,*,3,,,,,", "an elasticity without a source" },
        { "61,US,*,,,,,,x", "a row that gives no elasticity" },
        { "6,US,*,3,,,,,x", ":2:1: error:" },
        { "61,XX,*,3,,,,,x", ":2:4: error: unknown country" },
        { "61,US,*,,,,,-1,x", "negative supply '-1'" },
        { "61,US,*,3,,,,,x\n62,US,*,1,,,,,x\n61,US,*,4,,,,,x",
          ":4:1: error: two rows give sigma for the same product and countries" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture f;
        char    text[512];
        snprintf(text, sizeof text,
                 "hs,importer,origin,sigma,sigma_p95,sigma_lo,sigma_hi,supply,source\n%s\n",
                 rows[i].row);
        open_text(&f, TF_LONG_RUN, text);
        check_row(tariff_status_is_input(f.status), rows[i].row);
        if (!strstr(f.log.text, rows[i].message))
            fail_msg("row '%s' says:\n%s", rows[i].row, f.log.text);
        close_text(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_specific_row_wins_and_defaults_come_last),
        cmocka_unit_test(spreads_are_of_the_row_or_of_the_default),
        cmocka_unit_test(each_horizon_has_its_rows_and_defaults),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
