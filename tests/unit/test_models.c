/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Models of a single market: worked numbers, and what becomes of inputs that
 * have no answer.
 */
#include "unit/market_check.h"

/* Half a unit of the last digit that is given. */
#define E12 0.5000001e-12
#define E9 0.5000001e-9

static check_market single(double value, double t0, double t1, double eta, double supply)
{
    check_market m;
    memset(&m, 0, sizeof m);
    m.market.n = 1;
    m.value[0] = value;
    m.t0[0] = t0;
    m.t1[0] = t1;
    m.supply[0] = supply;
    m.market.sigma = 3.8;
    m.market.eta = eta;
    m.market.eps = 1.2;
    m.market.rho = supply / (supply + eta);
    if (isinf(supply))
        m.market.rho = 1;
    return m;
}

static void a_single_market_is_as_worked_out(void **state)
{
    static const struct {
        double supply, pass, buyer, quantity, revenue, welfare;
    } rows[] = {
        { INFINITY, 1, 1.25, 0.715541752800, 178.885438200, -32.260179800 },
        { 3, 0.666666667, 1.160397208403, 0.8, 185.663553345, 42.299086790 },
    };
    static const check_model models[] = { CHECK_REDUCED, CHECK_STRUCTURAL, CHECK_ARMINGTON };
    (void)state;
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < 3; k++) {
            check_market m = single(1000, 0, 0.25, 1.5, rows[i].supply);
            check_run(&m, models[k]);
            double buyer = m.price[0] * 1.25;
            assert_int_equal(m.how, TF_SOLVED);
            assert_true(fabs(log(buyer) / log(1.25) - rows[i].pass) < E9);
            assert_true(fabs(buyer - rows[i].buyer) < E12);
            assert_true(fabs(m.quantity[0] - rows[i].quantity) < E12);
            assert_true(fabs(m.effect.revenue1 - m.effect.revenue0 - rows[i].revenue) < E9);
            assert_true(fabs(tf_effect_home(&m.effect) - rows[i].welfare) < E9);
        }
    /* 1/e, and 1/(a-1) with a = 1.5 x 4 / 4.5. */
    assert_true(tf_optimal_rate(INFINITY) == 0);
    check_close(tf_optimal_rate(3), 1. / 3, 1e-15);
    check_close(tf_revenue_rate(3, 1.5), 3, 1e-14);
    check_close(tf_revenue_rate(INFINITY, 1.5), 2, 1e-14);
    assert_true(isinf(tf_revenue_rate(3, 1)));
}

static check_market five(void)
{
    static const double value[] = { 400, 150, 250, 120, 80 };
    static const double t0[] = { 0.025, 0.025, 0, 0.025, 0.025 };
    check_market        m;
    memset(&m, 0, sizeof m);
    m.market.n = 5;
    m.market.eps = 1.2;
    m.market.sigma = 1.5;
    for (size_t i = 0; i < 5; i++) {
        m.value[i] = value[i];
        m.t0[i] = m.t1[i] = t0[i];
        m.supply[i] = INFINITY;
    }
    m.t1[0] = 0.275;
    return m;
}

static void smart_is_as_worked_out(void **state)
{
    static const struct {
        check_model rule;
        double      creation, diversion, after, revenue, welfare;
    } rows[] = {
        { CHECK_LINEAR, -117.073170732, -87.804878049, 882.926829268, 44.939024390, -29.451219512 },
        { CHECK_BOUNDED, -92.166125830, -62.741480951, 907.833874170, 58.315388066, -22.321161087 },
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        check_market m = five();
        check_run(&m, rows[i].rule);
        assert_int_equal(m.how, TF_SOLVED);
        assert_true(fabs(m.creation[0] - rows[i].creation) < E9);
        assert_true(fabs(m.diversion[0] - rows[i].diversion) < E9);
        assert_true(fabs(m.effect.value1 - rows[i].after) < E9);
        assert_true(fabs(m.effect.revenue1 - m.effect.revenue0 - rows[i].revenue) < E9);
        assert_true(fabs(tf_effect_home(&m.effect) - rows[i].welfare) < E9);
    }
}

static check_market six(void)
{
    static const double t1[] = { 0.525, 0.225, 0, 0.175, 0.175, 0 };
    static const double supply[] = { 8, 4, 6, 3, 3, 1.5 };
    check_market        m = five();
    m.market.n = 6;
    m.home = true;
    m.market.sigma = 3.8;
    m.market.eta = 0.9;
    m.value[5] = 1500;
    memcpy(m.t1, t1, sizeof t1);
    memcpy(m.supply, supply, sizeof supply);
    return m;
}

static void armington_is_as_worked_out(void **state)
{
    static const double price[] = { 0.897587429405865, 0.944845451181074, 1.02425047506472,
                                    0.959071694588619, 0.959071694588619, 1.04530157523218 };
    static const double after[] = { 151.269317270784, 112.952316430359, 295.653637826706,
                                    101.527932144129, 67.6852880960857, 1675.696147551 };
    check_market m = six();
    (void)state;
    check_run(&m, CHECK_ARMINGTON);
    assert_int_equal(m.how, TF_SOLVED);
    check_close(exp(m.response.ln_index), 1.08434053175249, 1e-14);
    for (size_t i = 0; i < 6; i++) {
        check_close(m.price[i], price[i], 1e-14);
        check_close(m.value[i] * m.price[i] * m.quantity[i], after[i], 1e-14);
    }
    check_close(m.effect.consumer, -204.77615625088175, 1e-14); /* in forty digits */
    check_close(m.effect.revenue1 - m.effect.revenue0, 115.69297630603, 1e-14);
    assert_true(fabs(tf_effect_home(&m.effect) + 18.8047209244512) < 3e-12); /* likewise */
    assert_true(m.response.residual < 1e-14 && m.response.iterations < 8);
}

static void armington_is_smooth_where_its_formulas_are_not(void **state)
{
    check_market at, near;
    (void)state;
    for (double off = 1e-12; off < 1e-3; off *= 10) {
        at = six();
        at.market.sigma = at.market.eta = 1;
        near = at;
        near.market.sigma = 1 + off;
        near.market.eta = 1 - off;
        check_run(&at, CHECK_ARMINGTON);
        check_run(&near, CHECK_ARMINGTON);
        check_close(near.response.ln_index, at.response.ln_index, 10 * off + 1e-14);
        check_close(near.effect.consumer, at.effect.consumer, 10 * off + 1e-13);
    }
}

/* What goes in, and how each model answers. */
static void what_has_no_answer_says_so(void **state)
{
    check_market m;
    (void)state;
    for (check_model model = 0; model < CHECK_MODELS; model++) {
        /* A negative and a missing elasticity. */
        m = six();
        m.market.sigma = m.market.eta = m.market.eps = -0.5;
        check_run(&m, model);
        assert_int_equal(m.how, TF_BAD_PARAMETER);
        m = six();
        m.market.sigma = m.market.eta = m.market.eps = NAN;
        check_run(&m, model);
        assert_int_equal(m.how, TF_BAD_PARAMETER);
        m = six();
        m.supply[3] = NAN;
        check_run(&m, model);
        assert_int_equal(m.how, TF_BAD_PARAMETER);
        /* Nothing is traded. */
        m = six();
        memset(m.value, 0, sizeof m.value);
        check_run(&m, model);
        assert_int_equal(m.how, TF_NO_TRADE);
        assert_true(m.effect.value1 == 0 && m.effect.consumer == 0);
        /* One origin of several sells nothing. */
        m = six();
        m.value[2] = 0;
        check_run(&m, model);
        assert_true(tf_is_solved(m.how) || model == CHECK_LINEAR);
    }
    /* Neither side responds: any price would do. */
    for (check_model model = CHECK_STRUCTURAL; model <= CHECK_ARMINGTON; model++) {
        m = single(1000, 0, 0.25, 0, 0);
        check_run(&m, model);
        assert_int_equal(m.how, TF_UNDETERMINED);
        /* Demand alone is enough: the producer bears it all. */
        m = single(1000, 0, 0.25, 1, 0);
        check_run(&m, model);
        assert_int_equal(m.how, TF_SOLVED);
        check_close(m.price[0], 0.8, 1e-15);
        check_close(m.quantity[0], 1, 0);
    }
}

static void prohibitive_rates_end_trade_and_nothing_else(void **state)
{
    check_market m;
    (void)state;
    for (check_model model = 0; model < CHECK_MODELS; model++) {
        m = six();
        m.market.rho = 1;
        m.t1[0] = 50; /* 5,000 % */
        check_run(&m, model);
        if (model == CHECK_LINEAR || model == CHECK_CES) { /* creation beyond -100 % */
            assert_int_equal(m.how, TF_BELOW_ZERO);
            continue;
        }
        assert_int_equal(m.how, TF_SOLVED);
        assert_true(m.quantity[0] >= 0 && m.quantity[0] < 0.25);
        assert_true(isfinite(tf_effect_world(&m.effect)));
    }
    /* Beyond all floating point: no overflow, no NaN. */
    m = six();
    m.market.sigma = 900;
    for (size_t i = 0; i < 6; i++) {
        m.t1[i] = 50 + (double)i;
        m.supply[i] = INFINITY;
    }
    check_run(&m, CHECK_ARMINGTON);
    assert_int_equal(m.how, TF_SOLVED);
    assert_true(m.response.residual < 1e-13);
    assert_true(isfinite(m.response.consumer));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_single_market_is_as_worked_out),
        cmocka_unit_test(smart_is_as_worked_out),
        cmocka_unit_test(armington_is_as_worked_out),
        cmocka_unit_test(armington_is_smooth_where_its_formulas_are_not),
        cmocka_unit_test(what_has_no_answer_says_so),
        cmocka_unit_test(prohibitive_rates_end_trade_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
