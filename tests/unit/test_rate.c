/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Duty expressions: what is understood, and what is refused with which words.
 */
#include "unit/check.h"

#include "law/rate.h"
#include "value/unit.h"

/* A schedule's names: two parts, three layers. */
typedef struct names {
    tariff_env   *env;
    check_log     log;
    tf_arena      arena;
    tf_names      parts, layers;
    tf_rate_names both;
} names;

static int make_names(void **state)
{
    static const char *const layers[] = { "mfn", "reciprocal", "s232" };
    names *n = test_calloc(1, sizeof *n);
    n->env = check_env(&n->log);
    tf_arena_init(&n->arena, &n->env->allocator);
    assert_int_equal(tf_names_add(&n->parts, &n->arena, "steel", 5), 0);
    assert_int_equal(tf_names_add(&n->parts, &n->arena, "us_content", 10), 1);
    for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++)
        assert_int_equal(tf_names_add(&n->layers, &n->arena, layers[i], strlen(layers[i])), i);
    n->both = (tf_rate_names){ &n->parts, &n->layers };
    *state = n;
    return 0;
}

static int free_names(void **state)
{
    names *n = *state;
    tf_arena_free(&n->arena);
    tariff_env_free(n->env);
    test_free(n);
    return 0;
}

static tariff_status parse(names *n, const char *text, const tf_rate **out, tf_why *why)
{
    return tf_parse_rate(&n->arena, &n->both, text, strlen(text), out, why);
}

static const tf_rate *parse_good(names *n, const char *text)
{
    const tf_rate *rate = NULL;
    tf_why         why;
    if (parse(n, text, &rate, &why) != TARIFF_OK)
        fail_msg("'%s': %s", text, why.message);
    return rate;
}

/* A rate in a canonical form that does not come from its text: all numbers are 1e-9 and 1e-4. */
static void write_rate(const names *n, const tf_rate *rate, char *out, size_t size)
{
    size_t at = strlen(out);
    switch (rate->kind) {
    case TF_RATE_MAX:
    case TF_RATE_MIN:
        snprintf(out + at, size - at, rate->kind == TF_RATE_MAX ? "max(" : "min(");
        write_rate(n, rate->left, out, size);
        snprintf(out + strlen(out), size - strlen(out), ",");
        write_rate(n, rate->right, out, size);
        snprintf(out + strlen(out), size - strlen(out), ")");
        return;
    case TF_RATE_TO:
        snprintf(out + at, size - at, "to %lld over %llx", (long long)rate->to,
                 (unsigned long long)rate->over);
        return;
    case TF_RATE_SUM:
        break;
    }
    for (size_t i = 0; i < rate->count; i++) {
        const tf_term *t = &rate->terms[i];
        at = strlen(out);
        snprintf(out + at, size - at, "%s%lld", i ? "+" : "", (long long)t->nano);
        at = strlen(out);
        if (t->specific)
            snprintf(out + at, size - at, "%s/%lld%s", t->currency, (long long)t->per,
                     tariff_unit_name(t->unit));
        at = strlen(out);
        if (t->part != TF_NO_PART)
            snprintf(out + at, size - at, "@%s", n->parts.list.at[t->part]);
    }
}

static void expressions_are_understood(void **state)
{
    static const struct {
        const char *text, *meaning;
    } rows[] = {
        { "Free", "" },
        { "free", "" },
        { "EXEMPT", "" },
        { "0%", "0" },
        { "25%", "250000000" },
        { "2.5 %", "25000000" },
        { "  25%  ", "250000000" },
        { "0.0000001%", "1" },
        { "10000%", "100000000000" },
        { "1.5 USD/kg", "1500000000USD/10000kg" },
        { "1.5USD/kg", "1500000000USD/10000kg" },
        { "1.5 usd / KG", "1500000000USD/10000kg" },
        { "2.2 c/kg", "22000000USD/10000kg" },
        { "2.2 C/KG", "22000000USD/10000kg" },
        { "0.00001 c/kg", "100USD/10000kg" },
        { "50 EUR/100 kg", "50000000000EUR/1000000kg" },
        { "3 USD/0.5 l", "3000000000USD/5000l" },
        { "1.865 USD/kg + 8.5%", "1865000000USD/10000kg+85000000" },
        { "8.5%+1.865 USD/kg+1%", "85000000+1865000000USD/10000kg+10000000" },
        { "25% on steel", "250000000@steel" },
        { "25% ON steel + 1 USD/kg on us_content",
          "250000000@steel+1000000000USD/10000kg@us_content" },
        { "max(5%, 10 c/no)", "max(50000000,100000000USD/10000no)" },
        { "MIN( 5% , Free )", "min(50000000,)" },
        { "min(max(5%, 10 c/no), 20% + 1 USD/kg)",
          "min(max(50000000,100000000USD/10000no),200000000+1000000000USD/10000kg)" },
        { "to 15%", "to 150000000 over 0" },
        { "TO 15% OVER mfn", "to 150000000 over 1" },
        { "to 15% over s232 mfn", "to 150000000 over 5" },
    };
    names *n = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char           got[256] = "";
        const tf_rate *rate = parse_good(n, rows[i].text);
        write_rate(n, rate, got, sizeof got);
        if (strcmp(got, rows[i].meaning) != 0)
            fail_msg("'%s' means '%s', not '%s'", rows[i].text, got, rows[i].meaning);
        assert_string_equal(rate->text, rows[i].text);
    }
}

static void mistakes_are_told_where_they_are(void **state)
{
    static const struct {
        const char   *text;
        tariff_status status;
        size_t        at;
        const char   *message, *hint;
    } rows[] = {
        { "", TARIFF_E_VALUE, 0, "the rate is empty", "write Free or exempt" },
        { "   ", TARIFF_E_VALUE, 0, "the rate is empty", "" },
        /* A bare number: 25 means 25 %, but 0.25 may mean two things. */
        { "25", TARIFF_E_VALUE, 0, "bare rate '25'", "write 25% if a percentage is meant" },
        { "0.25", TARIFF_E_VALUE, 0, "bare rate '0.25'", "write 25% or 0.25%, whichever is meant" },
        { "max(5%, 10)", TARIFF_E_VALUE, 8, "bare rate '10'", "write 10%" },
        { "5% + 3", TARIFF_E_VALUE, 5, "bare rate '3'", "write 3%" },
        { "to 15", TARIFF_E_VALUE, 3, "bare rate '15'", "write 15%" },
        /* Numbers */
        { "-5%", TARIFF_E_VALUE, 0, "negative rate '-5%'", "never negative" },
        { "5% + -3%", TARIFF_E_VALUE, 5, "negative rate", "" },
        { "10000.1%", TARIFF_E_VALUE, 0, "above 10,000%", "decimal point" },
        { "99999999999999999999%", TARIFF_E_OVERFLOW, 18, "too large", "" },
        { "1.2.3%", TARIFF_E_VALUE, 3, "not a number", "" },
        { "5% + 1.2.3 USD/kg", TARIFF_E_VALUE, 8, "not a number", "" },
        { "0.00000001%", TARIFF_E_VALUE, 9, "more than 7 decimals", "round it" },
        { "1.0000000001 USD/kg", TARIFF_E_VALUE, 11, "more than 9 decimals", "" },
        { "0.00000001 c/kg", TARIFF_E_VALUE, 9, "more than 7 decimals", "" },
        { "1,5%", TARIFF_E_VALUE, 0, "bare rate '1'", "" },
        { "1e2%", TARIFF_E_SYNTAX, 1, "expected a currency", "" },
        /* Amounts */
        { "1.5 USD/kgs", TARIFF_E_REFERENCE, 8, "unknown unit 'kgs'", "did you mean 'kg'?" },
        { "1.5 USD/dozen", TARIFF_E_REFERENCE, 8, "unknown unit 'dozen'", "did you mean 'doz'?" },
        { "1.5 USD/furlong", TARIFF_E_REFERENCE, 8, "unknown unit 'furlong'", "units are kg" },
        { "1.5 USD", TARIFF_E_SYNTAX, 7, "expected '/' and a unit at the end", "1.5 USD/kg" },
        { "1.5 USD/", TARIFF_E_SYNTAX, 8, "expected a unit at the end", "" },
        { "1.5 USD/100", TARIFF_E_SYNTAX, 11, "expected a unit at the end", "" },
        { "1.5 USD/0 kg", TARIFF_E_SYNTAX, 8, "expected a number of units above zero", "" },
        { "1.5 DOLLARS/kg", TARIFF_E_SYNTAX, 4, "expected a currency", "" },
        { "1.5 kg", TARIFF_E_SYNTAX, 4, "expected a currency", "" },
        { "1.5 % / kg", TARIFF_E_SYNTAX, 6, "expected the end of the rate before '/ kg'",
          "" },
        /* Names */
        { "25% on steal", TARIFF_E_REFERENCE, 7, "unknown part 'steal'", "did you mean 'steel'?" },
        { "25% on copper", TARIFF_E_REFERENCE, 7, "unknown part 'copper'", "" },
        { "25% on", TARIFF_E_SYNTAX, 6, "expected part at the end", "" },
        { "to 15% over mfm", TARIFF_E_REFERENCE, 12, "unknown layer 'mfm'",
          "did you mean 'mfn'?" },
        { "to 15% over", TARIFF_E_SYNTAX, 11, "expected layer at the end", "" },
        /* Structure */
        { "5% +", TARIFF_E_SYNTAX, 4, "expected a rate at the end", "a rate is 25%" },
        { "+ 5%", TARIFF_E_SYNTAX, 0, "expected a rate before '+ 5%'", "" },
        { "5% 6%", TARIFF_E_SYNTAX, 3, "expected the end of the rate before '6%'", "" },
        { "max(5%)", TARIFF_E_SYNTAX, 6, "expected ',' before ')'", "" },
        { "max 5%, 6%", TARIFF_E_SYNTAX, 4, "expected '('", "" },
        { "max(5%, 6%", TARIFF_E_SYNTAX, 10, "expected ')' at the end", "" },
        { "max(5%, )", TARIFF_E_SYNTAX, 8, "expected a rate before ')'", "" },
        { "max(5%, 6%) + 1%", TARIFF_E_SYNTAX, 12, "are not added to", "" },
        { "1% + max(5%, 6%)", TARIFF_E_SYNTAX, 5, "expected a rate", "" },
        { "Free + 5%", TARIFF_E_SYNTAX, 5, "are not added to", "" },
        { "5% + exempt", TARIFF_E_SYNTAX, 5, "expected a rate", "" },
        { "max(exempt, 5%)", TARIFF_E_SYNTAX, 4, "expected a rate", "" },
        { "max(5%, to 15%)", TARIFF_E_SYNTAX, 10, "'to' stands alone", "" },
        { "to 15% + 1%", TARIFF_E_SYNTAX, 7, "are not added to", "" },
        { "to 1 USD/kg", TARIFF_E_SYNTAX, 2, "'to' takes a percentage of value", "to 15%" },
        { "to 15% on steel", TARIFF_E_SYNTAX, 2, "'to' takes a percentage of value", "" },
        { "none", TARIFF_E_SYNTAX, 0, "expected a rate before 'none'", "a rate is 25%, Free" },
        { "25 percent", TARIFF_E_SYNTAX, 3, "expected a currency", "" },
    };
    names   *n = *state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const tf_rate *rate;
        tf_why         why = { .status = TARIFF_OK };
        tariff_status  status = parse(n, rows[i].text, &rate, &why);
        if (status == rows[i].status && why.status == status && why.at == rows[i].at
            && strstr(why.message, rows[i].message) && strstr(why.hint, rows[i].hint))
            continue;
        print_error("row '%s': %s at %zu: %s (hint: %s)\n", rows[i].text,
                    tariff_status_name(status), why.at, why.message, why.hint);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

/* A hostile expression must not exhaust the stack, nor the array of terms. */
static void nesting_and_length_have_bounds(void **state)
{
    names         *n = *state;
    const tf_rate *rate;
    tf_why         why;
    char           text[512] = "";
    for (int i = 0; i < 40; i++)
        strcat(text, "max(1%,");
    assert_int_equal(parse(n, text, &rate, &why), TARIFF_E_LIMIT);
    strcpy(text, "1%");
    for (int i = 0; i < 15; i++)
        strcat(text, "+1%");
    assert_int_equal(parse(n, text, &rate, &why), TARIFF_OK);
    assert_int_equal(rate->count, 16);
    strcat(text, "+1%");
    assert_int_equal(parse(n, text, &rate, &why), TARIFF_E_LIMIT);
}

static void a_rate_knows_whether_it_can_charge_anything(void **state)
{
    static const struct {
        const char *text;
        bool        zero, specific;
        unsigned    parts;
    } rows[] = { { "Free", true, false, 0 },
                 { "0%", true, false, 0 },
                 { "0% + 0 USD/kg", true, true, 0 },
                 { "to 0%", true, false, 0 },
                 { "max(0%, Free)", true, false, 0 },
                 { "max(0%, 1%)", false, false, 0 },
                 { "min(0%, 1%)", false, false, 0 },
                 { "0.0000001%", false, false, 0 },
                 { "1 c/kg", false, true, 0 },
                 { "min(1% on steel, 1 c/kg on us_content)", false, true, 3 },
                 { "to 15%", false, false, 0 } };
    names *n = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const tf_rate *rate = parse_good(n, rows[i].text);
        check_row(tf_rate_is_zero(rate) == rows[i].zero, rows[i].text);
        check_row(rate->specific == rows[i].specific, rows[i].text);
        check_row(rate->parts == rows[i].parts, rows[i].text);
    }
}

static void changes_make_new_rates_and_leave_the_old(void **state)
{
    static const struct {
        const char    *text;
        tf_rate_change change;
        int64_t        nano;
        const char    *meaning;
    } rows[] = {
        { "25%", TF_RATE_SHIFT, 50000000, "300000000" },
        { "25%", TF_RATE_SHIFT, -50000000, "200000000" },
        { "25%", TF_RATE_SHIFT, -300000000, "0" },
        { "Free", TF_RATE_SHIFT, 50000000, "50000000" },
        { "1 USD/kg + 5%", TF_RATE_SHIFT, 50000000, "1000000000USD/10000kg+100000000" },
        { "1 USD/kg", TF_RATE_SHIFT, 50000000, "1000000000USD/10000kg+50000000" },
        { "1 USD/kg", TF_RATE_SHIFT, -50000000, "1000000000USD/10000kg+0" },
        { "25% on steel", TF_RATE_SHIFT, 50000000, "250000000@steel+50000000" },
        { "max(5%, 1 USD/kg)", TF_RATE_SHIFT, 50000000,
          "max(100000000,1000000000USD/10000kg+50000000)" },
        { "to 15%", TF_RATE_SHIFT, -50000000, "to 100000000 over 0" },
        { "to 15% over s232", TF_RATE_SHIFT, -200000000, "to 0 over 4" },
        { "25%", TF_RATE_SCALE, 500000000, "125000000" },
        { "0.0000001%", TF_RATE_SCALE, 500000000, "0" },
        { "0.0000003%", TF_RATE_SCALE, 500000000, "2" },
        { "1 USD/kg + 5% on steel", TF_RATE_SCALE, 2000000000,
          "2000000000USD/10000kg+100000000@steel" },
        { "min(5%, 1 USD/kg)", TF_RATE_SCALE, 2000000000,
          "min(100000000,2000000000USD/10000kg)" },
        { "to 15% over mfn", TF_RATE_SCALE, 0, "to 0 over 1" },
        { "Free", TF_RATE_SCALE, 2000000000, "" },
    };
    names *n = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char           got[256] = "", before[256] = "", after[256] = "";
        const tf_rate *rate = parse_good(n, rows[i].text), *changed;
        write_rate(n, rate, before, sizeof before);
        check_row(tf_rate_change_apply(&n->arena, rate, rows[i].change, NULL, rows[i].nano,
                                       &changed)
                      == TARIFF_OK, rows[i].text);
        write_rate(n, changed, got, sizeof got);
        if (strcmp(got, rows[i].meaning) != 0)
            fail_msg("'%s' becomes '%s', not '%s'", rows[i].text, got, rows[i].meaning);
        write_rate(n, rate, after, sizeof after);
        assert_string_equal(before, after);
    }
    const tf_rate *old = parse_good(n, "25%"), *value = parse_good(n, "to 15%"), *changed;
    assert_int_equal(tf_rate_change_apply(&n->arena, old, TF_RATE_SET, value, 0, &changed),
                     TARIFF_OK);
    assert_ptr_equal(changed, value);
}

/* A factor that no longer fits is an error, not a smaller rate. */
static void scaling_out_of_range_is_an_overflow(void **state)
{
    names         *n = *state;
    const tf_rate *changed;
    const tf_rate *rate = parse_good(n, "9000000000 USD/kg");
    assert_int_equal(tf_rate_change_apply(&n->arena, rate, TF_RATE_SCALE, NULL, 2000000000,
                                          &changed), TARIFF_E_OVERFLOW);
    rate = parse_good(n, "to 10000%");
    assert_int_equal(tf_rate_change_apply(&n->arena, rate, TF_RATE_SCALE, NULL, INT64_MAX,
                                          &changed), TARIFF_E_OVERFLOW);
}

int main(void)
{
#define WITH_NAMES(test) cmocka_unit_test_setup_teardown(test, make_names, free_names)
    const struct CMUnitTest tests[] = {
        WITH_NAMES(expressions_are_understood),
        WITH_NAMES(mistakes_are_told_where_they_are),
        WITH_NAMES(nesting_and_length_have_bounds),
        WITH_NAMES(a_rate_knows_whether_it_can_charge_anything),
        WITH_NAMES(changes_make_new_rates_and_leave_the_old),
        WITH_NAMES(scaling_out_of_range_is_an_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
