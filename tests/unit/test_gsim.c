/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * GSIM: the published example, and what holds of any world.
 */
#include "unit/market_check.h"

#include "model/gsim.h"

enum { COUNTRIES = 6 };

typedef struct world {
    double value[COUNTRIES * COUNTRIES], t0[COUNTRIES * COUNTRIES], t1[COUNTRIES * COUNTRIES];
    double demand[COUNTRIES], substitution[COUNTRIES], supply[COUNTRIES];
    double price[COUNTRIES], quantity[COUNTRIES * COUNTRIES];
    double consumer[COUNTRIES], producer[COUNTRIES];
    tf_world          in;
    tf_world_response out;
    tf_gsim          *gsim;
} world;

static void bind(world *w)
{
    w->in.value = w->value;
    w->in.t0 = w->t0;
    w->in.t1 = w->t1;
    w->in.demand = w->demand;
    w->in.substitution = w->substitution;
    w->in.supply = w->supply;
    w->out = (tf_world_response){ .price = w->price,
                                  .quantity = w->quantity,
                                  .consumer = w->consumer,
                                  .producer = w->producer };
    assert_int_equal(tf_gsim_new(COUNTRIES, &w->gsim), TARIFF_OK);
}

/* Francois & Hall's United States, Japan, Europe, rest of the world: exporters are rows. */
static world published(void)
{
    static const double trade[] = { 0,   50,  200, 300, 500, 0,   150, 200,
                                    300, 100, 200, 200, 50,  100, 110, 20 };
    static const double power[] = { 1,    1.21, 1.41, 1.22, 1.37, 1,    1.31, 1.23,
                                    1.32, 1.36, 1,    1.18, 1.57, 1.41, 1.25, 1.15 };
    world w;
    memset(&w, 0, sizeof w);
    w.in.n = 4;
    for (size_t r = 0; r < 4; r++) {
        w.demand[r] = 1.25;
        w.substitution[r] = 5;
        w.supply[r] = 1.5;
        for (size_t v = 0; v < 4; v++) {
            w.value[v * 4 + r] = trade[r * 4 + v];
            w.t0[v * 4 + r] = w.t1[v * 4 + r] = power[r * 4 + v] - 1;
        }
    }
    return w;
}

static void free_trade_between_two(world *w, double part)
{
    w->t1[2 * 4 + 0] = w->t0[2 * 4 + 0] * (1 - part);
    w->t1[0 * 4 + 2] = w->t0[0 * 4 + 2] * (1 - part);
}

static void the_published_example_is_reproduced(void **state)
{
    static const double linear[] = { 0.0792, -0.0316, 0.0480, -0.0184 };
    static const double exact[] = { 0.126460, -0.032290, 0.079329, -0.017326 };
    world w = published();
    (void)state;
    free_trade_between_two(&w, 1);
    bind(&w);
    assert_int_equal(tf_gsim_linear(w.gsim, &w.in, false, &w.out), TF_SOLVED);
    for (size_t r = 0; r < 4; r++)
        assert_true(fabs(w.price[r] - 1 - linear[r]) < 0.5e-4);
    assert_int_equal(tf_gsim_exact(w.gsim, &w.in, &w.out), TF_SOLVED);
    for (size_t r = 0; r < 4; r++)
        assert_true(fabs(w.price[r] - 1 - exact[r]) < 0.5e-6);
    assert_true(w.out.residual < 1e-12);
    tf_gsim_free(w.gsim);
}

/* World prices of the United States and Europe, linear and exact: +7.9, +4.8; +12.6, +7.9 %.
 * Welfare of the United States: 18.2 linear, 51.9 exact. */
static double welfare_of(const world *w, size_t c)
{
    double sum = w->consumer[c] + w->producer[c];
    for (size_t r = 0; r < 4; r++) {
        size_t at = c * 4 + r;
        sum += w->value[at] * (w->t1[at] * w->quantity[at] * w->price[r] - w->t0[at]);
    }
    return sum;
}

static void exact_welfare_is_far_from_linear(void **state)
{
    world w = published();
    (void)state;
    free_trade_between_two(&w, 1);
    bind(&w);
    assert_int_equal(tf_gsim_exact(w.gsim, &w.in, &w.out), TF_SOLVED);
    assert_true(fabs(welfare_of(&w, 0) - 51.9) < 0.05);
    assert_int_equal(tf_gsim_linear(w.gsim, &w.in, true, &w.out), TF_SOLVED);
    print_message("linear %.3f\n", welfare_of(&w, 0));
    assert_true(fabs(welfare_of(&w, 0) - 18.2) < 0.05);
    tf_gsim_free(w.gsim);
}

/* 25 points more on all that the United States import. */
static void consumer_surplus_has_the_right_curvature(void **state)
{
    world w = published();
    (void)state;
    for (size_t r = 1; r < 4; r++)
        w.t1[0 * 4 + r] += 0.25;
    bind(&w);
    assert_int_equal(tf_gsim_linear(w.gsim, &w.in, true, &w.out), TF_SOLVED);
    double printed = w.consumer[0];
    assert_int_equal(tf_gsim_linear(w.gsim, &w.in, false, &w.out), TF_SOLVED);
    double corrected = w.consumer[0];
    assert_int_equal(tf_gsim_exact(w.gsim, &w.in, &w.out), TF_SOLVED);
    print_message("printed %.2f, corrected %.2f, exact %.2f\n", printed, corrected, w.consumer[0]);
    assert_true(fabs(printed + 179.9) < 0.05);
    assert_true(fabs(corrected + 150.5) < 0.05);
    assert_true(fabs(w.consumer[0] + 157.9) < 0.05);
    tf_gsim_free(w.gsim);
}

static void linear_is_exact_to_first_order(void **state)
{
    double gap[2];
    (void)state;
    for (int half = 0; half < 2; half++) {
        world  w = published();
        double exact;
        free_trade_between_two(&w, half ? 0.01 : 0.02);
        bind(&w);
        assert_int_equal(tf_gsim_exact(w.gsim, &w.in, &w.out), TF_SOLVED);
        exact = w.price[0];
        assert_int_equal(tf_gsim_linear(w.gsim, &w.in, false, &w.out), TF_SOLVED);
        gap[half] = fabs(w.price[0] - exact);
        tf_gsim_free(w.gsim);
    }
    assert_true(gap[0] / gap[1] > 3.8 && gap[0] / gap[1] < 4.2);
}

static world any_world(check_random *random)
{
    world w;
    memset(&w, 0, sizeof w);
    w.in.n = 2 + check_below(random, COUNTRIES - 1);
    for (size_t i = 0; i < w.in.n; i++) {
        w.demand[i] = check_between(random, 0.1, 3);
        w.substitution[i] = check_between(random, 0.5, 8);
        w.supply[i] = check_one_in(random, 5) ? INFINITY : check_between(random, 0.2, 10);
    }
    for (size_t i = 0; i < w.in.n * w.in.n; i++) {
        w.value[i] = check_one_in(random, 4) ? 0 : check_between(random, 1, 1000);
        w.t0[i] = check_between(random, 0, 0.5);
        w.t1[i] = check_one_in(random, 2) ? w.t0[i] : check_between(random, 0, 1);
    }
    return w;
}

static void markets_clear_in_any_world(void **state)
{
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (int k = 0; k < 1000; k++) {
        world     w = any_world(&random);
        size_t    n = w.in.n;
        bind(&w);
        tf_solved how = tf_gsim_exact(w.gsim, &w.in, &w.out);
        assert_true(tf_is_solved(how));
        assert_true(w.out.residual <= 1e-12);
        for (size_t r = 0; r < n && how == TF_SOLVED; r++) {
            double before = 0, after = 0;
            for (size_t v = 0; v < n; v++) {
                before += w.value[v * n + r];
                after += w.value[v * n + r] * w.quantity[v * n + r];
            }
            if (isinf(w.supply[r]) || before == 0)
                assert_true(w.price[r] == 1);
            else
                check_close(after / before, pow(w.price[r], w.supply[r]), 1e-10);
        }
        tf_gsim_free(w.gsim);
    }
}

static void one_importer_is_an_armington_market(void **state)
{
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (int k = 0; k < 1000; k++) {
        check_market m = check_any_market(&random);
        world        w;
        memset(&w, 0, sizeof w);
        m.market.n = w.in.n = 1 + m.market.n % COUNTRIES;
        if (check_one_in(&random, 3)) /* one that sells nothing */
            m.value[check_below(&random, (unsigned)w.in.n)] = 0;
        for (size_t i = 0; i < w.in.n; i++) {
            w.demand[i] = m.market.eta;
            w.substitution[i] = m.market.sigma;
            w.supply[i] = m.supply[i];
            w.value[i] = m.value[i];
            w.t0[i] = m.t0[i];
            w.t1[i] = m.t1[i];
        }
        bind(&w);
        check_run(&m, CHECK_ARMINGTON);
        assert_int_equal(tf_gsim_exact(w.gsim, &w.in, &w.out), m.how);
        for (size_t i = 0; i < w.in.n; i++) {
            if (w.value[i] == 0)
                assert_true(w.price[i] == 1 && m.price[i] == 1 && w.quantity[i] == 1
                            && m.quantity[i] == 1);
            check_close(w.price[i], m.price[i], 1e-12);
            check_close(w.quantity[i], m.quantity[i], 1e-11);
        }
        check_close(w.consumer[0], m.response.consumer, 1e-9);
        tf_gsim_free(w.gsim);
    }
}

static void the_world_loses_by_a_duty_on_free_trade(void **state)
{
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (int k = 0; k < 1000; k++) {
        world  w = any_world(&random);
        size_t n = w.in.n;
        double sum = 0, size = 0;
        memset(w.t0, 0, sizeof w.t0);
        bind(&w);
        assert_true(tf_is_solved(tf_gsim_exact(w.gsim, &w.in, &w.out)));
        for (size_t c = 0; c < n; c++)
            sum += w.consumer[c] + w.producer[c];
        for (size_t i = 0; i < n * n; i++) {
            sum += w.value[i] * w.t1[i] * w.quantity[i] * w.price[i % n];
            size += w.value[i];
        }
        assert_true(sum <= 1e-10 * size);
        tf_gsim_free(w.gsim);
    }
}

/* The first and the last country change places. */
static void countries_may_come_in_any_order(void **state)
{
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (int k = 0; k < 1000; k++) {
        world  w = any_world(&random), other = w;
        size_t n = w.in.n, place[COUNTRIES];
        for (size_t i = 0; i < n; i++)
            place[i] = i == 0 ? n - 1 : i == n - 1 ? 0 : i;
        for (size_t v = 0; v < n; v++) {
            other.demand[place[v]] = w.demand[v];
            other.substitution[place[v]] = w.substitution[v];
            other.supply[place[v]] = w.supply[v];
            for (size_t r = 0; r < n; r++) {
                other.value[place[v] * n + place[r]] = w.value[v * n + r];
                other.t0[place[v] * n + place[r]] = w.t0[v * n + r];
                other.t1[place[v] * n + place[r]] = w.t1[v * n + r];
            }
        }
        bind(&w);
        bind(&other);
        tf_solved how = tf_gsim_exact(w.gsim, &w.in, &w.out);
        assert_int_equal(tf_gsim_exact(other.gsim, &other.in, &other.out), how);
        for (size_t r = 0; r < n; r++) {
            check_close(other.price[place[r]], w.price[r], 1e-11);
            check_close(other.consumer[place[r]], w.consumer[r], 1e-8);
        }
        tf_gsim_free(w.gsim);
        tf_gsim_free(other.gsim);
    }
}

static void money_scales_and_prices_stay(void **state)
{
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (int k = 0; k < 1000; k++) {
        world  w = any_world(&random), other = w;
        double scale = exp(check_between(&random, -12, 12));
        for (size_t i = 0; i < w.in.n * w.in.n; i++)
            other.value[i] *= scale;
        bind(&w);
        bind(&other);
        tf_solved how = tf_gsim_exact(w.gsim, &w.in, &w.out);
        assert_int_equal(tf_gsim_exact(other.gsim, &other.in, &other.out), how);
        for (size_t r = 0; r < w.in.n; r++) {
            check_close(other.price[r], w.price[r], 1e-11);
            check_close(other.consumer[r] / scale, w.consumer[r], 1e-8);
            check_close(other.producer[r] / scale, w.producer[r], 1e-8);
        }
        tf_gsim_free(w.gsim);
        tf_gsim_free(other.gsim);
    }
}

static void worlds_without_an_answer_say_so(void **state)
{
    world w = published();
    (void)state;
    bind(&w);
    assert_int_equal(tf_gsim_exact(w.gsim, &w.in, &w.out), TF_UNTOUCHED);
    free_trade_between_two(&w, 1);
    w.supply[1] = -1;
    assert_int_equal(tf_gsim_exact(w.gsim, &w.in, &w.out), TF_BAD_PARAMETER);
    w.supply[1] = NAN;
    assert_int_equal(tf_gsim_linear(w.gsim, &w.in, false, &w.out), TF_BAD_PARAMETER);
    memset(w.supply, 0, sizeof w.supply);
    memset(w.demand, 0, sizeof w.demand);
    assert_int_equal(tf_gsim_exact(w.gsim, &w.in, &w.out), TF_UNDETERMINED);
    memset(w.value, 0, sizeof w.value);
    assert_int_equal(tf_gsim_exact(w.gsim, &w.in, &w.out), TF_NO_TRADE);
    tf_gsim_free(w.gsim);
    /* 5,000 % on one partner: linear goes below zero, exact does not. */
    w = published();
    w.t1[0 * 4 + 1] = 50;
    bind(&w);
    assert_int_equal(tf_gsim_linear(w.gsim, &w.in, false, &w.out), TF_BELOW_ZERO);
    assert_int_equal(tf_gsim_exact(w.gsim, &w.in, &w.out), TF_SOLVED);
    assert_true(w.quantity[1] > 0 && w.quantity[1] < 1e-3 && w.out.residual < 1e-12);
    tf_gsim_free(w.gsim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_example_is_reproduced),
        cmocka_unit_test(exact_welfare_is_far_from_linear),
        cmocka_unit_test(consumer_surplus_has_the_right_curvature),
        cmocka_unit_test(linear_is_exact_to_first_order),
        cmocka_unit_test(markets_clear_in_any_world),
        cmocka_unit_test(one_importer_is_an_armington_market),
        cmocka_unit_test(the_world_loses_by_a_duty_on_free_trade),
        cmocka_unit_test(countries_may_come_in_any_order),
        cmocka_unit_test(money_scales_and_prices_stay),
        cmocka_unit_test(worlds_without_an_answer_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
