/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Entries in memory: the numbers are those of explanations, and what is no
 * entry is refused.
 */
#include "unit/schedule.h"

static const check_file files[] = {
    { "layers.csv", "layer,kind\nmfn,ordinary\nsteel,additional\norder,additional\n" },
    { "yields.csv", "layer,to,scope\norder,steel,part\n" },
    { "claims/usmca.csv", "hs,share\n7326,85%\n73261100,30%\n" },
    { "claims/free.csv", "hs,share\n73269090,40%\n73261100,60%\n" },
    { "parts/steel.csv", "hs,share\n7326,0.4\n73261100,0.7\n" },
    { "measures.csv", "layer,products,origins,importers,from,base,when,rate\n"
                      "mfn,0101 7326,*,US,,,,2.55%\n"
                      "mfn,0202,*,US,,,,4.4 c/kg\n"
                      "mfn,0203,*,US,,,,\"max(5%, 2 c/kg)\"\n"
                      "mfn,0101 7326,*,US,,,free,Free\n"
                      "steel,7326,*,US,2025-06-04,steel,,50%\n"
                      "order,*,IN MX,US,2025-08-27,,,25%\n"
                      "order,*,MX,US,2025-08-27,,usmca,exempt\n"
                      "mfn,73269099,*,DE,,,,1%\n" },
    { NULL, NULL }
};

static const char *const codes[] = { "0101", "02021000", "020310", "7326",
                                     "73269090", "73261100", "9999" };
static const char *const origins[] = { "IN", "MX", "CN" };
static const char *const importers[] = { "US", "DE", "JP" };
static const char *const dates[] = { "2025-06-03", "2025-06-04", "2025-08-27" };
static const char *const values[] = { "0", "1000", "0.3333", "123456789.01" };
static const char *const claims[] = { NULL, "", "usmca", "!usmca", "free usmca=0.5" };
static const char *const parts[] = { NULL, "steel=1", "steel=0.123456789" };

enum { MANY = 7 * 3 * 3 * 3 * 4 * 3 };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* "16.5" with four places is 165000; further digits are rounded. */
static int64_t decimal(const char *text, unsigned places)
{
    int64_t n = 0;
    for (; *text && *text != '.'; text++)
        n = n * 10 + (*text - '0');
    text += *text == '.';
    for (; places > 0; places--)
        n = n * 10 + (*text ? *text++ - '0' : 0);
    return n + (*text >= '5');
}

static tariff_entry entry_of(size_t i)
{
    check_entry words = { .hs = codes[i % COUNT(codes)] };
    i /= COUNT(codes);
    words.origin = origins[i % COUNT(origins)];
    i /= COUNT(origins);
    words.importer = importers[i % COUNT(importers)];
    i /= COUNT(importers);
    words.date = dates[i % COUNT(dates)];
    i /= COUNT(dates);
    words.value = values[i % COUNT(values)];
    i /= COUNT(values);
    words.quantity = i == 1 ? "12.5" : i == 2 ? "3" : NULL;
    words.unit = i == 1 ? "kg" : "no";
    return check_entry_read(&words);
}

static void is_near(int64_t got, int64_t wanted, int64_t within, size_t row, const char *what)
{
    if (got < wanted - within || got > wanted + within)
        fail_msg("entry %zu: %s is %lld, explained as %lld", row, what, (long long)got,
                 (long long)wanted);
}

static void agrees(check_law *law, const tariff_entry *entry, const tariff_burden *burden,
                   size_t row)
{
    tariff_explainer to = { .total = check_keep_total, .user = law };
    law->count = 0;
    assert_int_equal(tariff_explain(law->env, law->law, entry, &to), TARIFF_OK);
    const check_total *total = check_find(law, "total");
    bool               no_rate = burden->flags & TARIFF_BURDEN_NO_RATE;
    is_near(burden->duty.e4, decimal(total->duty, 4), 50, row, "the duty");
    is_near(burden->ordinary.e4, decimal(check_duty(law, "ordinary"), 4), 50, row, "ordinary");
    is_near(burden->additional.e4, decimal(check_duty(law, "additional"), 4), 50, row,
            "additional");
    assert_int_equal(no_rate, !*total->rate);
    if (!no_rate)
        is_near(burden->rate.nano, decimal(total->rate, 9), 1, row, "the rate");
    assert_int_equal(!(burden->flags & TARIFF_BURDEN_UNASSESSED), !total->unassessed);
    assert_int_equal(!(burden->flags & TARIFF_BURDEN_ESTIMATED), !total->estimated);
    assert_int_equal(!(burden->flags & TARIFF_BURDEN_COARSE), !total->coarse);
    assert_int_equal(!(burden->flags & TARIFF_BURDEN_UNMATCHED), !total->unmatched);
}

/* Each layer is explained as it is told, and all together are the burden. */
static void layers_agree(const check_law *law, const tariff_assessor *assessor,
                         const tariff_burden *burden, size_t row)
{
    int64_t ordinary = 0, additional = 0;
    size_t  count = tariff_assessor_layers(assessor), told = 0;
    for (size_t i = 0; i < count; i++) {
        tariff_contribution layer = TARIFF_CONTRIBUTION_INIT;
        assert_int_equal(tariff_assessor_layer(assessor, i, &layer), TARIFF_OK);
        const check_total *total = check_find(law, layer.layer);
        told += total != NULL;
        if (!total) { /* what charges nothing is not told */
            assert_int_equal(layer.duty.e4, 0);
            continue;
        }
        is_near(layer.duty.e4, decimal(total->duty, 4), 50, row, layer.layer);
        assert_int_equal(layer.has_rate, *total->rate != '\0');
        if (layer.has_rate)
            is_near(layer.rate.nano, decimal(total->rate, 9), 1, row, layer.layer);
        assert_true(layer.covered.nano >= 0 && layer.covered.nano <= 1000000000);
        assert_int_equal(layer.additional, layer.number > 0); /* mfn is the first */
        *(layer.additional ? &additional : &ordinary) += layer.duty.e4;
    }
    assert_int_equal(told + 3, law->count); /* ordinary, additional, total */
    is_near(ordinary, burden->ordinary.e4, 1, row, "the sum of ordinary layers");
    is_near(additional, burden->additional.e4, 1, row, "the sum of additional layers");
}

static void entries_bear_what_is_explained(void **state)
{
    check_law        law;
    tariff_assessor *assessor;
    size_t           charged = 0, flagged = 0;
    (void)state;
    check_law_open(&law, files);
    assert_int_equal(tariff_assessor_new(law.env, law.law, &assessor), TARIFF_OK);
    for (size_t i = 0; i < MANY; i++)
        for (size_t k = 0; k < COUNT(claims) * COUNT(parts); k += i % 3 + 1) {
            tariff_burden burden = TARIFF_BURDEN_INIT;
            tariff_entry  entry = entry_of(i);
            entry.claims = claims[k % COUNT(claims)];
            entry.parts = parts[k / COUNT(claims)];
            assert_int_equal(tariff_assess_entry(assessor, &entry, &burden), TARIFF_OK);
            agrees(&law, &entry, &burden, i);
            layers_agree(&law, assessor, &burden, i);
            charged += burden.duty.e4 > 0;
            flagged += burden.flags != 0;
        }
    assert_true(charged > MANY && flagged > MANY);
    tariff_assessor_free(assessor);
    check_law_close(&law);
}

static void columns_bear_what_entries_do(void **state)
{
    static tariff_hs      hs[MANY];
    static tariff_country origin[MANY], importer[MANY];
    static tariff_date    date[MANY];
    static tariff_money   value[MANY], quantity[MANY], duty[MANY], ordinary[MANY];
    static tariff_unit    unit[MANY];
    static tariff_rate    rate[MANY];
    static uint8_t        flags[MANY];
    static const char    *claimed[MANY];
    check_law        law;
    tariff_assessor *assessor, *other;
    size_t           done;
    (void)state;
    check_law_open(&law, files);
    for (size_t i = 0; i < MANY; i++) {
        tariff_entry entry = entry_of(i);
        hs[i] = entry.hs;
        origin[i] = entry.origin;
        importer[i] = entry.importer;
        date[i] = entry.date;
        value[i] = entry.value;
        quantity[i] = entry.quantity;
        unit[i] = entry.unit;
        claimed[i] = claims[i % COUNT(claims)];
    }
    tariff_columns in = { sizeof in, hs, origin, importer, date, value, quantity, unit, claimed,
                          NULL, NULL };
    tariff_burdens out = { .size = sizeof out, .duty = duty, .ordinary = ordinary, .rate = rate,
                           .flags = flags };
    assert_int_equal(tariff_assessor_new(law.env, law.law, &assessor), TARIFF_OK);
    assert_int_equal(tariff_assessor_new(law.env, law.law, &other), TARIFF_OK);
    assert_int_equal(tariff_assess_columns(assessor, &in, MANY, &out, &done), TARIFF_OK);
    assert_int_equal(done, MANY);
    for (size_t i = 0; i < MANY; i++) {
        tariff_burden burden = TARIFF_BURDEN_INIT;
        tariff_entry  entry = entry_of(i);
        entry.claims = claimed[i];
        assert_int_equal(tariff_assess_entry(other, &entry, &burden), TARIFF_OK);
        assert_int_equal(duty[i].e4, burden.duty.e4);
        assert_int_equal(ordinary[i].e4, burden.ordinary.e4);
        assert_int_equal(rate[i].nano, burden.rate.nano);
        assert_int_equal(flags[i], burden.flags);
    }
    /* A row at fault: what is before it is written, nothing else is. */
    memset(flags, 0xAA, sizeof flags);
    claimed[7] = "nafta";
    assert_int_equal(tariff_assess_columns(assessor, &in, MANY, &out, &done), TARIFF_E_REFERENCE);
    assert_int_equal(done, 7);
    assert_int_not_equal(flags[6], 0xAA);
    assert_int_equal(flags[7], 0xAA);
    check_said(&law.log, "row 7: the schedule has no claim 'nafta'");
    in.importer = NULL;
    assert_int_equal(tariff_assess_columns(assessor, &in, MANY, &out, NULL), TARIFF_E_ARG);
    check_said(&law.log, "the column 'importer' is missing");
    in.importer = importer;
    in.unit = NULL;
    assert_int_equal(tariff_assess_columns(assessor, &in, MANY, &out, NULL), TARIFF_E_ARG);
    tariff_assessor_free(assessor);
    tariff_assessor_free(other);
    check_law_close(&law);
}

static void what_is_no_entry_is_refused(void **state)
{
    check_law        law;
    tariff_assessor *assessor;
    tariff_burden    untouched = { sizeof untouched, { 1 }, { 2 }, { 3 }, { 4 }, 5 };
    (void)state;
    check_law_open(&law, files);
    assert_int_equal(tariff_assessor_new(law.env, law.law, &assessor), TARIFF_OK);
    const tariff_entry good = entry_of(0);
    tariff_entry       bad[16];
    size_t             n = 0;
    for (size_t i = 0; i < COUNT(bad); i++)
        bad[i] = good;
    bad[n++].hs.key = 0;
    bad[n++].hs.key = 61091000;                      /* the code as a number */
    bad[n++].hs.key = UINT64_MAX;
    bad[n++].hs.key = UINT64_C(0x7A1000000000);      /* three digits */
    bad[n++].hs.key = UINT64_C(0x7F0000000000);      /* no digit */
    bad[n++].hs.key = UINT64_C(0x1000700000000000);  /* too many */
    bad[n++].origin.id = TARIFF_COUNTRY_NONE;
    bad[n++].origin.id = (uint16_t)tariff_country_count();
    bad[n++].importer.id = TARIFF_COUNTRY_NONE;
    bad[n++].date.days = TARIFF_DATE_MAX;
    bad[n++].date.days = TARIFF_DATE_MIN;
    bad[n++].value.e4 = -1;
    bad[n++].quantity.e4 = -1;
    bad[n++].unit.id = UINT16_MAX;
    for (size_t i = 0; i < n; i++) {
        tariff_burden burden = untouched;
        assert_int_equal(tariff_assess_entry(assessor, &bad[i], &burden), TARIFF_E_ARG);
        assert_memory_equal(&burden, &untouched, sizeof burden);
        assert_int_equal(tariff_assessor_layers(assessor), 0);
    }
    assert_int_equal(tariff_env_errors(law.env), n);
    bad[n].parts = "steel";
    assert_int_equal(tariff_assess_entry(assessor, &bad[n], &untouched), TARIFF_E_SYNTAX);
    check_said(&law.log, "the part 'steel' has no share");
    bad[n] = good;
    bad[n].hs = entry_of(3).hs;
    bad[n].value.e4 = INT64_MAX;
    tariff_burden burden = TARIFF_BURDEN_INIT;
    assert_int_equal(tariff_assess_entry(assessor, &bad[n], &burden), TARIFF_OK);
    tariff_assessor_free(assessor);
    tariff_assessor_free(NULL);
    check_law_close(&law);
}

/* A caller that knows only the first fields gets only these. */
static void structs_of_an_older_header_are_respected(void **state)
{
    check_law        law;
    tariff_assessor *assessor;
    (void)state;
    check_law_open(&law, files);
    assert_int_equal(tariff_assessor_new(law.env, law.law, &assessor), TARIFF_OK);
    tariff_burden burden = { offsetof(tariff_burden, ordinary), { 0 }, { 77 }, { 77 }, { 77 }, 77 };
    tariff_entry  entry = entry_of(0);
    entry.value.e4 = 10000000;
    assert_int_equal(tariff_assess_entry(assessor, &entry, &burden), TARIFF_OK);
    assert_int_equal(burden.duty.e4, 255000);
    assert_int_equal(burden.ordinary.e4, 77);
    assert_int_equal(burden.flags, 77);
    assert_int_equal(burden.size, offsetof(tariff_burden, ordinary));
    tariff_contribution layer = { .size = offsetof(tariff_contribution, number), .number = 77 };
    assert_int_equal(tariff_assessor_layers(assessor), 1);
    assert_int_equal(tariff_assessor_layer(assessor, 0, &layer), TARIFF_OK);
    assert_string_equal(layer.layer, "mfn");
    assert_int_equal(layer.number, 77);
    assert_int_equal(tariff_assessor_layer(assessor, 1, &layer), TARIFF_E_ARG);
    tariff_assessor_free(assessor);
    check_law_close(&law);
}

/* Products are classed by the measures that name them: "* 848180" names some more closely. */
static void a_measure_on_all_products_may_name_some_by_a_code(void **state)
{
    static const check_file more[] = { { "layers.csv", "layer,kind\nmfn,ordinary\n" },
                                       { "measures.csv", "layer,products,origins,rate\n"
                                                         "mfn,848180 *,*,20%\n"
                                                         "mfn,8471-8481,*,10%\n" },
                                       { NULL, NULL } };
    static const char *const asked[] = { "84818090", "84713010", "85011000", "84818090" };
    static const int64_t     wanted[] = { 2000000, 1000000, 2000000, 2000000 };
    check_law                law;
    tariff_assessor         *assessor;
    (void)state;
    check_law_open(&law, more);
    assert_int_equal(tariff_assessor_new(law.env, law.law, &assessor), TARIFF_OK);
    for (size_t i = 0; i < COUNT(asked); i++) {
        tariff_burden burden = TARIFF_BURDEN_INIT;
        tariff_entry  entry = check_entry_read(&(check_entry){ .hs = asked[i] });
        assert_int_equal(tariff_assess_entry(assessor, &entry, &burden), TARIFF_OK);
        check_row(burden.duty.e4 == wanted[i], asked[i]);
    }
    tariff_assessor_free(assessor);
    check_law_close(&law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_bear_what_is_explained),
        cmocka_unit_test(columns_bear_what_entries_do),
        cmocka_unit_test(what_is_no_entry_is_refused),
        cmocka_unit_test(structs_of_an_older_header_are_respected),
        cmocka_unit_test(a_measure_on_all_products_may_name_some_by_a_code),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
