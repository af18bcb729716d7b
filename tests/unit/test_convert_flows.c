/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/schedule.h"

#include "flows/rules.h"

/** One conversion, and what came of it. */
typedef struct conversion {
    char                text[8192], out[2 * CHECK_PATH];
    check_log           log;
    tariff_status       status;
    tariff_flows_counts counts;
} conversion;

static void convert(conversion *c, const char *rows, const tariff_flows_options *options)
{
    char        directory[CHECK_PATH], in[2 * CHECK_PATH];
    tariff_env *env = check_env(&c->log);
    check_directory(directory);
    check_write_in(directory, "in.csv", rows);
    snprintf(in, sizeof in, "%s/in.csv", directory);
    snprintf(c->out, sizeof c->out, "%s/out.csv", directory);
    memset(&c->counts, 0, sizeof c->counts);
    c->counts.size = sizeof c->counts;
    c->status = tariff_convert_flows(env, options, in, c->out, &c->counts);
    c->text[0] = '\0';
    FILE *file = fopen(c->out, "r");
    if (file) {
        c->text[fread(c->text, 1, sizeof c->text - 1, file)] = '\0';
        fclose(file);
    }
    tariff_env_free(env);
}

static tariff_flows_options of(const char *profile)
{
    tariff_flows_options options = TARIFF_FLOWS_OPTIONS_INIT;
    options.profile = profile;
    return options;
}

static void census_rows_become_flows(void **state)
{
    conversion           c;
    tariff_flows_options options = of("census");
    (void)state;
    convert(&c,
            "hs10,cty_code,general_imports_usd,consumption_imports_usd\n"
            "0101210010,1220,9,809426\n0101210010,5330,9,1.5\n",
            &options);
    assert_int_equal(c.status, TARIFF_OK);
    assert_string_equal(c.text, "hs,origin,importer,value\n"
                                "0101210010,CA,US,809426\n"
                                "0101210010,IN,US,1.5\n");
    assert_int_equal(c.counts.flows, 2);
    assert_string_equal(c.counts.value, "809427.5");
}

static void thousands_and_tonnes_of_baci_are_scaled(void **state)
{
    conversion           c;
    tariff_flows_options options = of("baci");
    (void)state;
    convert(&c, "t,i,j,k,v,q\n2022,699,842,610910,1234.567,12.5\n2022,490,251,854231,2,NA\n",
            &options);
    assert_string_equal(c.text, "hs,origin,importer,period,value,quantity,unit\n"
                                "610910,IN,US,2022,1234567,12.5,t\n"
                                "854231,TW,FR,2022,2000,,\n");
    options.scale = 1;
    convert(&c, "t,i,j,k,v\n2022,699,842,610910,7\n", &options);
    assert_string_equal(c.text, "hs,origin,importer,period,value\n610910,IN,US,2022,7\n");
}

static const char comtrade[] =
    "period,reporterCode,flowCode,partnerCode,partner2Code,cmdCode,motCode,qtyUnitAbbr,qty,"
    "primaryValue\n"
    "202307,842,M,699,0,610910,0,u,1200,100.5\n"
    "2023,842,M,0,0,610910,0,u,99999,1000\n"
    "2023,842,X,699,0,610910,0,u,5,2000\n"
    "2023,842,M,699,0,TOTAL,0,N/A,,4000\n"
    "2023,842,M,699,0,610910,2100,u,700,8000\n"
    "2023,842,M,699,0,6109,0,1000u,3,16\n";

static void imports_are_sorted_out_of_comtrade(void **state)
{
    conversion           c;
    tariff_flows_options options = of("comtrade");
    (void)state;
    convert(&c, comtrade, &options);
    assert_int_equal(c.status, TARIFF_OK);
    assert_string_equal(c.text, "hs,origin,importer,period,value,quantity,unit\n"
                                "610910,IN,US,2023-07,100.5,1200,no\n"
                                "6109,IN,US,2023,16,,\n");
    assert_int_equal(c.counts.rows, 6);
    assert_int_equal(c.counts.other_flows, 1);
    assert_int_equal(c.counts.aggregates, 2);
    assert_int_equal(c.counts.details, 1);
    assert_non_null(strstr(c.log.text, "codes of 4, 6 digits"));
    assert_non_null(strstr(c.log.text, "unknown units are left out: 1, in 1000u"));
}

static void rows_can_be_left_out(void **state)
{
    static const char *const skip[] = { "motCode=2100", "qtyUnitAbbr=1000u" };
    conversion               c;
    tariff_flows_options     options = of("comtrade");
    (void)state;
    options.skip = skip;
    options.skip_count = 2;
    convert(&c, comtrade, &options);
    assert_int_equal(c.counts.flows, 1);
    assert_int_equal(c.counts.skipped, 2);
    options.skip_count = 0;
    options.digits = 4;
    convert(&c, comtrade, &options);
    assert_string_equal(c.text, "hs,origin,importer,period,value,quantity,unit\n"
                                "6109,IN,US,2023,16,,\n");
    assert_int_equal(c.counts.skipped, 1);
}

static void all_bad_rows_are_reported_and_nothing_is_written(void **state)
{
    conversion           c;
    tariff_flows_options options = of("comtrade");
    (void)state;
    convert(&c,
            "period,reporterCode,flowCode,partnerCode,cmdCode,primaryValue\n"
            "2023,842,M,899,610910,1\n"
            "2023,842,X,899,610910,1\n"
            "2023,842,M,699,61091,-4\n"
            "2023,842,M,699,610910\n"
            "202313,842,M,699,610910,7\n",
            &options);
    assert_int_equal(c.status, TARIFF_E_REFERENCE);
    assert_string_equal(c.text, "");
    assert_non_null(strstr(c.log.text, "in.csv:2:12: error: unknown country '899'"));
    assert_null(strstr(c.log.text, "in.csv:3:"));
    assert_non_null(strstr(c.log.text, "in.csv:4:16: error"));
    assert_non_null(strstr(c.log.text, "in.csv:4:22: error"));
    assert_non_null(strstr(c.log.text, "in.csv:5:"));
    assert_non_null(strstr(c.log.text, "in.csv:6:6: error"));
}

static void native_flows_stay_as_they_are(void **state)
{
    static const char    rows[] = "hs,origin,importer,period,value,quantity,unit,claims,parts\n"
                                  "01012100,IN,US,2024-07-15,1.25,3,kg,usmca,\n"
                                  "01012100,IN,US,,2,,,,steel=0.4 copper=0.1\n";
    conversion           c;
    tariff_flows_options options = of("native");
    (void)state;
    convert(&c, rows, &options);
    assert_int_equal(c.status, TARIFF_OK);
    assert_string_equal(c.text, rows);
    assert_string_equal(c.log.text, "");
}

static void bad_options_are_refused(void **state)
{
    static const char *const skip[] = { "partnerCode" };
    conversion               c;
    tariff_flows_options     options = of("comtrade");
    (void)state;
    options.scale = 12;
    convert(&c, comtrade, &options);
    assert_int_equal(c.status, TARIFF_E_ARG);
    options.scale = 0;
    options.skip = skip;
    options.skip_count = 1;
    convert(&c, comtrade, &options);
    assert_int_equal(c.status, TARIFF_E_ARG);
    options = of("no-such-profile");
    convert(&c, comtrade, &options);
    assert_int_equal(c.status, TARIFF_E_REFERENCE);
    assert_string_equal(c.text, "");
}

static void units_of_others_are_known(void **state)
{
    static const struct {
        const char *theirs, *ours;
    } rows[] = { { "kg", "kg" },   { "U", "no" },     { "2u", "pr" },     { "m²", "m2" },
                 { "N/A", "" },    { "X", "" },       { "1000 kWh", "mwh" },
                 { "Weight in kilograms", "kg" },     { "PRS", "pr" },    { "", "" } };
    tariff_unit unit;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row(tf_flow_unit(rows[i].theirs, strlen(rows[i].theirs), &unit), rows[i].theirs);
        assert_string_equal(tariff_unit_name(unit), rows[i].ours);
    }
    assert_false(tf_flow_unit("1000u", 5, &unit));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(census_rows_become_flows),
        cmocka_unit_test(thousands_and_tonnes_of_baci_are_scaled),
        cmocka_unit_test(imports_are_sorted_out_of_comtrade),
        cmocka_unit_test(rows_can_be_left_out),
        cmocka_unit_test(all_bad_rows_are_reported_and_nothing_is_written),
        cmocka_unit_test(native_flows_stay_as_they_are),
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(units_of_others_are_known),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
