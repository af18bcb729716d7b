/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What holds of models whatever the numbers: over markets at random.
 */
#include "unit/market_check.h"

enum { MARKETS = 2000 };

static const char *const names[] = { "reduced", "structural", "armington",
                                     "linear",  "ces",        "bounded" };

/* Calls `fn` on markets at random under every model. */
static void over_markets(void (*fn)(check_market *m, check_model model, check_random *random))
{
    check_random random = check_random_begin(check_seed());
    for (int i = 0; i < MARKETS; i++) {
        check_market any = check_any_market(&random);
        for (check_model model = 0; model < CHECK_MODELS; model++) {
            check_market m = any;
            fn(&m, model, &random);
        }
    }
}

static void try_no_change(check_market *m, check_model model, check_random *random)
{
    (void)random;
    memcpy(m->t1, m->t0, sizeof m->t0);
    check_run(m, model);
    check_row(m->how == TF_UNTOUCHED, names[model]);
    for (size_t i = 0; i < m->market.n; i++)
        check_row(m->price[i] == 1 && m->quantity[i] == 1, names[model]);
    check_row(m->effect.value1 == m->effect.value0, names[model]);
    check_row(m->effect.revenue1 == m->effect.revenue0, names[model]);
    check_row(m->effect.consumer == 0 && m->effect.producer == 0, names[model]);
}

static void without_a_change_nothing_moves(void **state)
{
    (void)state;
    over_markets(try_no_change);
}

/* An origin that sells nothing is no origin: the others do not notice it, and it stays as it is. */
static void try_nothing(check_market *m, check_model model, check_random *random)
{
    check_market with = *m;
    size_t       last = with.market.n;
    if (last == CHECK_ORIGINS)
        return;
    with.market.n++;
    with.t0[last] = check_between(random, 0, 1);
    with.t1[last] = check_between(random, 0, 1);
    with.supply[last] = check_one_in(random, 3) ? INFINITY : check_between(random, 0.1, 10);
    check_run(m, model);
    check_run(&with, model);
    check_row(m->how == with.how, names[model]);
    if (!tf_is_solved(m->how))
        return;
    check_row(with.price[last] == 1 && with.quantity[last] == 1, names[model]);
    for (size_t i = 0; i < last; i++)
        check_row(check_near(m->quantity[i], with.quantity[i], 1e-12), names[model]);
    check_row(check_near(m->effect.value1, with.effect.value1, 1e-12), names[model]);
}

static void what_is_not_traded_stays_nothing(void **state)
{
    (void)state;
    over_markets(try_nothing);
}

static void try_scale(check_market *m, check_model model, check_random *random)
{
    check_market scaled = *m;
    double       k = exp(check_between(random, -12, 12));
    for (size_t i = 0; i < m->market.n; i++)
        scaled.value[i] *= k;
    check_run(m, model);
    check_run(&scaled, model);
    check_row(m->how == scaled.how, names[model]);
    if (!tf_is_solved(m->how))
        return;
    for (size_t i = 0; i < m->market.n; i++)
        check_row(check_near(m->price[i], scaled.price[i], 1e-13)
                      && check_near(m->quantity[i], scaled.quantity[i], 1e-13), names[model]);
    check_row(check_near(m->effect.value1, scaled.effect.value1 / k, 1e-12), names[model]);
    check_row(check_near(m->effect.consumer, scaled.effect.consumer / k,
                         1e-12 * fmax(1, m->effect.value0)), names[model]);
}

static void money_scales_and_ratios_stay(void **state)
{
    (void)state;
    over_markets(try_scale);
}

static void swap(double *array, size_t a, size_t b)
{
    double kept = array[a];
    array[a] = array[b];
    array[b] = kept;
}

static void try_permute(check_market *m, check_model model, check_random *random)
{
    check_market other = *m;
    size_t       a = check_below(random, (unsigned)m->market.n), b = m->market.n - 1;
    swap(other.value, a, b);
    swap(other.t0, a, b);
    swap(other.t1, a, b);
    swap(other.supply, a, b);
    check_run(m, model);
    check_run(&other, model);
    check_row(m->how == other.how, names[model]);
    if (!tf_is_solved(m->how))
        return;
    check_row(check_near(m->price[a], other.price[b], 1e-12), names[model]);
    check_row(check_near(m->quantity[a], other.quantity[b], 1e-12), names[model]);
    check_row(check_near(m->effect.value1, other.effect.value1, 1e-12), names[model]);
}

static void origins_may_come_in_any_order(void **state)
{
    (void)state;
    over_markets(try_permute);
}

static void try_split(check_market *m, check_model model, check_random *random)
{
    if (m->market.n == CHECK_ORIGINS)
        return;
    check_market other = *m;
    size_t       a = check_below(random, (unsigned)m->market.n), last = other.market.n++;
    double       part = check_between(random, 0.05, 0.95);
    other.value[last] = part * m->value[a];
    other.value[a] = (1 - part) * m->value[a];
    other.t0[last] = m->t0[a];
    other.t1[last] = m->t1[a];
    other.supply[last] = m->supply[a];
    check_run(m, model);
    check_run(&other, model);
    check_row(m->how == other.how, names[model]);
    if (!tf_is_solved(m->how))
        return;
    check_row(check_near(m->price[a], other.price[last], 1e-12), names[model]);
    check_row(check_near(m->effect.value1, other.effect.value1, 1e-12), names[model]);
    check_row(check_near(m->effect.producer, other.effect.producer,
                         1e-12 * fmax(1, m->effect.value0)), names[model]);
}

static void an_origin_in_two_parts_is_the_same_origin(void **state)
{
    (void)state;
    over_markets(try_split);
}

static void try_burden(check_market *m, check_model model, check_random *random)
{
    double duty = 0;
    (void)random;
    check_run(m, model);
    if (!tf_is_solved(m->how))
        return;
    double revenue = 0;
    for (size_t i = 0; i < m->market.n; i++) {
        duty += (m->t1[i] * m->price[i] - m->t0[i]) * m->value[i] * m->quantity[i];
        revenue += m->t1[i] * m->value[i] * m->price[i] * m->quantity[i];
    }
    check_row(check_near(m->effect.revenue1, revenue, 1e-13), names[model]);
    check_row(check_near(m->effect.buyers + m->effect.exporters, duty, 1e-12), names[model]);
    check_row(check_near(m->effect.direct1 + m->effect.diverted1, m->effect.value1, 1e-12),
              names[model]);
}

static void what_buyers_and_exporters_bear_is_the_duty(void **state)
{
    (void)state;
    over_markets(try_burden);
}

/* From free trade, so that no other duty's revenue can grow; at worst no one gains. */
static void try_welfare(check_market *m, check_model model, check_random *random)
{
    (void)random;
    memset(m->t0, 0, sizeof m->t0);
    /* SMART's prices are a first-order correction, and its welfare a trapezoid over them: exact for
     * price takers only. */
    for (size_t i = 0; model >= CHECK_LINEAR && i < m->market.n; i++)
        m->supply[i] = INFINITY;
    check_run(m, model);
    if (!tf_is_solved(m->how))
        return;
    check_row(tf_effect_world(&m->effect) <= 1e-9 * m->effect.value0, names[model]);
}

static void the_world_loses_by_a_duty_on_free_trade(void **state)
{
    (void)state;
    over_markets(try_welfare);
}

/* Armington */

static void armington_clears_its_market(void **state)
{
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (int k = 0; k < MARKETS; k++) {
        check_market m = check_any_market(&random);
        double       spending0 = 0, spending1 = 0, shares = 0;
        check_run(&m, CHECK_ARMINGTON);
        if (m.how == TF_UNTOUCHED)
            continue;
        assert_int_equal(m.how, TF_SOLVED);
        for (size_t i = 0; i < m.market.n; i++)
            spending0 += m.value[i] * (1 + m.t0[i]);
        for (size_t i = 0; i < m.market.n; i++) {
            double ln_buyer = log(m.price[i]) + m.ln_tau[i];
            double s = m.value[i] * (1 + m.t0[i]) / spending0;
            shares += s * exp((1 - m.market.sigma) * (ln_buyer - m.response.ln_index));
            spending1 += m.value[i] * (1 + m.t1[i]) * m.price[i] * m.quantity[i];
            if (!isinf(m.supply[i]))
                check_close(m.quantity[i], pow(m.price[i], m.supply[i]), 1e-11);
        }
        check_close(shares, 1, 1e-12);
        check_close(spending1, spending0 * exp((1 - m.market.eta) * m.response.ln_index), 1e-12);
    }
}

static void a_higher_duty_hurts_its_origin_and_helps_others_if_they_substitute(void **state)
{
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (int k = 0; k < MARKETS; k++) {
        check_market m = check_any_market(&random), more = m;
        size_t       a = check_below(&random, (unsigned)m.market.n);
        more.t1[a] += check_between(&random, 0.05, 0.5);
        check_run(&m, CHECK_ARMINGTON);
        check_run(&more, CHECK_ARMINGTON);
        assert_true(more.response.ln_index > m.response.ln_index);
        assert_true(isinf(m.supply[a]) ? more.price[a] == m.price[a]
                                       : more.price[a] < m.price[a]);
        assert_true(more.price[a] * more.quantity[a] < m.price[a] * m.quantity[a]);
        for (size_t i = 0; i < m.market.n; i++)
            if (i != a && !isinf(m.supply[i]) && fabs(m.market.sigma - m.market.eta) > 0.01)
                assert_true((more.price[i] > m.price[i]) == (m.market.sigma > m.market.eta));
    }
}

static void equal_elasticities_part_the_origins(void **state)
{
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (int k = 0; k < MARKETS; k++) {
        check_market m = check_any_market(&random), alone = m;
        m.market.sigma = m.market.eta;
        check_run(&m, CHECK_ARMINGTON);
        check_run(&alone, CHECK_STRUCTURAL);
        for (size_t i = 0; i < m.market.n && m.how == TF_SOLVED; i++) {
            check_close(m.price[i], alone.price[i], 1e-12);
            check_close(m.quantity[i], alone.quantity[i], 1e-12);
        }
        /* One origin: the closed form, whatever sigma. */
        alone.market.n = 1;
        m = alone;
        check_run(&m, CHECK_ARMINGTON);
        check_run(&alone, CHECK_STRUCTURAL);
        check_close(m.price[0], alone.price[0], 1e-12);
        check_close(m.effect.consumer, alone.effect.consumer, 1e-10);
    }
}

/* The integral of demand along the path of the price, by Simpson's rule. */
static void surplus_is_the_area_under_demand(void **state)
{
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (int k = 0; k < 200; k++) {
        double eta = check_one_in(&random, 5) ? 1 : check_between(&random, 0, 4);
        double to = check_between(&random, -0.5, 0.8), sum = 0;
        int    steps = 2000;
        for (int i = 0; i <= steps; i++) {
            double p = exp(to * i / steps), weight = i == 0 || i == steps ? 1 : i % 2 ? 4 : 2;
            sum += weight * pow(p, -eta) * p * to / steps / 3; /* dp = p du */
        }
        check_close(tf_consumer_surplus(100, eta, to), -100 * sum, 1e-9);
    }
}

/* SMART */

static void diversion_is_between_origins(void **state)
{
    static const check_model rules[] = { CHECK_LINEAR, CHECK_CES, CHECK_BOUNDED };
    check_random             random = check_random_begin(check_seed());
    (void)state;
    for (int k = 0; k < MARKETS; k++)
        for (size_t rule = 0; rule < 3; rule++) {
            check_market m = check_any_market(&random), same;
            double       sum = 0, size = 0;
            check_run(&m, rules[rule]);
            for (size_t i = 0; tf_is_solved(m.how) && i < m.market.n; i++) {
                sum += m.diversion[i];
                size += m.value[i];
            }
            assert_true(fabs(sum) <= 1e-12 * size);
            /* One rate for all diverts nothing. */
            same = m;
            for (size_t i = 0; i < m.market.n; i++) {
                same.t0[i] = 0.1;
                same.t1[i] = 0.2;
                same.supply[i] = INFINITY;
            }
            check_run(&same, rules[rule]);
            for (size_t i = 0; i < m.market.n; i++)
                assert_true(fabs(same.diversion[i]) <= 1e-12 * same.value[i]);
        }
}

static void the_linear_rule_is_linear(void **state)
{
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (int k = 0; k < MARKETS; k++) {
        check_market m = check_any_market(&random), twice;
        for (size_t i = 0; i < m.market.n; i++) {
            m.supply[i] = INFINITY;
            m.t1[i] = m.t0[i] + check_between(&random, 0, 0.05); /* no clamp */
        }
        m.market.eps = check_between(&random, 0.1, 2);
        twice = m;
        twice.market.eps *= 2;
        twice.market.sigma *= 2;
        check_run(&m, CHECK_LINEAR);
        check_run(&twice, CHECK_LINEAR);
        assert_true(tf_is_solved(m.how) && tf_is_solved(twice.how));
        for (size_t i = 0; i < m.market.n; i++) {
            check_close(twice.creation[i], 2 * m.creation[i], 1e-12);
            check_close(twice.diversion[i], 2 * m.diversion[i], 1e-11);
        }
        /* Welfare is the trapezoid, which for price takers is a sum over rates. */
        double trapezoid = 0;
        for (size_t i = 0; i < m.market.n; i++)
            trapezoid += (m.t0[i] + m.t1[i]) / 2 * (m.creation[i] + m.diversion[i]);
        check_close(tf_effect_home(&m.effect), trapezoid, 1e-9);
    }
}

static void more_pass_through_leaves_less_to_exporters(void **state)
{
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (int k = 0; k < MARKETS; k++) {
        check_market m = check_any_market(&random), more = m;
        for (size_t i = 0; i < m.market.n; i++)
            m.t1[i] = more.t1[i] = m.t0[i] + 0.25;
        m.market.rho = check_between(&random, 0, 0.9);
        more.market.rho = m.market.rho + 0.05;
        check_run(&m, CHECK_REDUCED);
        check_run(&more, CHECK_REDUCED);
        assert_true(more.effect.exporters / (more.effect.exporters + more.effect.buyers)
                    < m.effect.exporters / (m.effect.exporters + m.effect.buyers));
    }
}

/* All models agree to first order: what is left falls fourfold when the change halves. */
static void smart_is_armington_for_small_changes(void **state)
{
    double gap[2];
    (void)state;
    for (int half = 0; half < 2; half++) {
        check_market a, s;
        memset(&a, 0, sizeof a);
        a.market = (tf_market){ .n = 3, .sigma = 2, .eta = 1.2, .eps = 1.2 };
        for (size_t i = 0; i < 3; i++) {
            a.value[i] = 100 * (double)(i + 1);
            a.supply[i] = INFINITY;
            a.t1[i] = i == 0 ? (half ? 0.005 : 0.01) : 0;
        }
        s = a;
        check_run(&a, CHECK_ARMINGTON);
        check_run(&s, CHECK_LINEAR);
        gap[half] = fabs(a.effect.value1 - s.effect.value1);
    }
    assert_true(gap[0] / gap[1] > 3.8 && gap[0] / gap[1] < 4.2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_change_nothing_moves),
        cmocka_unit_test(what_is_not_traded_stays_nothing),
        cmocka_unit_test(money_scales_and_ratios_stay),
        cmocka_unit_test(origins_may_come_in_any_order),
        cmocka_unit_test(an_origin_in_two_parts_is_the_same_origin),
        cmocka_unit_test(what_buyers_and_exporters_bear_is_the_duty),
        cmocka_unit_test(the_world_loses_by_a_duty_on_free_trade),
        cmocka_unit_test(armington_clears_its_market),
        cmocka_unit_test(a_higher_duty_hurts_its_origin_and_helps_others_if_they_substitute),
        cmocka_unit_test(equal_elasticities_part_the_origins),
        cmocka_unit_test(surplus_is_the_area_under_demand),
        cmocka_unit_test(diversion_is_between_origins),
        cmocka_unit_test(the_linear_rule_is_linear),
        cmocka_unit_test(more_pass_through_leaves_less_to_exporters),
        cmocka_unit_test(smart_is_armington_for_small_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
