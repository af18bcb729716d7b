/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Points, distributions, bands, sensitivities; and indices of restrictiveness.
 */
#include "unit/market_check.h"

#include "model/bands.h"
#include "model/indices.h"
#include "model/maximum.h"
#include "model/points.h"
#include "model/spread.h"

static void points_begin_in_the_middle_and_stay_inside(void **state)
{
    static double u[256 * 41];
    (void)state;
    assert_int_equal(tf_points(256, 40, 0, 1, u), TARIFF_OK);
    for (size_t k = 0; k < 40; k++)
        assert_true(u[k] == 0.5);
    for (size_t i = 0; i < 256 * 40; i++)
        assert_true(u[i] > 0 && u[i] < 1);
    /* One more than Sobol's sequence has: zeros, if nobody looked. */
    assert_string_equal(tf_points_kind(40), "sobol");
    assert_string_equal(tf_points_kind(41), "reversehalton");
    assert_null(tf_points_kind(1230));
    assert_int_equal(tf_points(256, 41, 0, 1, u), TARIFF_OK);
    for (size_t i = 0; i < 256 * 41; i++)
        assert_true(u[i] > 0 && u[i] < 1);
    assert_int_equal(tf_points(2, 1230, 0, 1, u), TARIFF_E_LIMIT);
    assert_int_equal(tf_points(256, 2, 3, 1, u), TARIFF_E_ARG);
}

static void equal_seeds_give_equal_points(void **state)
{
    static double a[128 * 3], b[128 * 3], c[128 * 3];
    (void)state;
    assert_int_equal(tf_points(128, 3, 4, 7, a), TARIFF_OK);
    assert_int_equal(tf_points(128, 3, 4, 7, b), TARIFF_OK);
    assert_int_equal(tf_points(128, 3, 4, 8, c), TARIFF_OK);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
    /* A replicate is the sequence moved: differences are those of another, modulo 1. */
    for (size_t i = 0; i < 32; i++) {
        double first = a[3 * i] - a[0], second = a[3 * (32 + i)] - a[3 * 32];
        double off = fabs(first - second);
        assert_true(off < 1e-12 || fabs(off - 1) < 1e-12);
    }
}

static void spreads_hit_their_percentiles(void **state)
{
    tf_spread log_normal = tf_spread_lognormal(3.8, 5.1), flat = tf_spread_uniform(1.13, 0.76, 1.5);
    tf_spread fixed = tf_spread_none(8);
    (void)state;
    check_close(tf_spread_at(&log_normal, 0.5), 3.8, 1e-15);
    check_close(tf_spread_at(&log_normal, 0.95), 5.1, 1e-12);
    check_close(tf_spread_at(&log_normal, 0.05), 3.8 * 3.8 / 5.1, 1e-12);
    check_close(tf_spread_at(&flat, 0.25), 0.945, 1e-15);
    assert_true(tf_spread_at(&fixed, 0.99) == 8 && !tf_spread_moves(&fixed));
    /* What has no width, or no finite value, does not move. */
    fixed = tf_spread_lognormal(INFINITY, INFINITY);
    assert_false(tf_spread_moves(&fixed));
    fixed = tf_spread_lognormal(2, 2);
    assert_false(tf_spread_moves(&fixed));
}

static void bands_are_percentiles_and_nest(void **state)
{
    double  values[101], same[64];
    tf_band band;
    (void)state;
    for (size_t i = 0; i < 101; i++)
        values[i] = (double)((i * 37) % 101);
    tf_band_of(values, 101, 0, &band);
    for (int i = 0; i < TF_PERCENTILES; i++)
        check_close(band.at[i], 100 * tf_percentiles[i], 1e-12);
    for (int i = 1; i < TF_PERCENTILES; i++)
        assert_true(band.at[i - 1] <= band.at[i]);
    check_close(band.mean, 50, 1e-13);
    assert_true(isnan(band.error));
    for (size_t i = 0; i < 64; i++)
        same[i] = 42.5;
    tf_band_of(same, 64, 4, &band);
    assert_true(band.at[0] == 42.5 && band.at[6] == 42.5 && band.deviation == 0 && band.error == 0);
}

/* The Ishigami function: indices are known (a = 7, b = 0.1). */
static double ishigami(const double *u)
{
    double x[3];
    for (int i = 0; i < 3; i++)
        x[i] = 3.14159265358979323846 * (2 * u[i] - 1);
    return sin(x[0]) + 7 * sin(x[1]) * sin(x[1]) + 0.1 * pow(x[2], 4) * sin(x[0]);
}

static void sensitivities_are_those_of_a_known_function(void **state)
{
    enum { N = 4096 };
    static const double first[] = { 0.3139, 0.4424, 0 }, total[] = { 0.5576, 0.4424, 0.2437 };
    static double       u[N * 6], a[N], b[N], mixed[N];
    double              sum = 0;
    (void)state;
    assert_int_equal(tf_points(N, 6, 0, 1, u), TARIFF_OK);
    for (size_t i = 0; i < N; i++) {
        a[i] = ishigami(u + 6 * i);
        b[i] = ishigami(u + 6 * i + 3);
    }
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < N; i++) {
            double x[3];
            memcpy(x, u + 6 * i, sizeof x);
            x[k] = u[6 * i + 3 + k];
            mixed[i] = ishigami(x);
        }
        tf_sensitivity s = tf_sensitivity_of(N, a, b, mixed);
        assert_true(fabs(s.first - first[k]) < 0.01 && fabs(s.total - total[k]) < 0.01);
        assert_true(s.total >= s.first - 0.01);
        sum += s.first;
    }
    assert_true(sum <= 1.01);
    for (size_t i = 0; i < N; i++)
        a[i] = 3;
    assert_true(isnan(tf_sensitivity_of(N, a, a, a).first));
}

/* Shifted sequences against draws at random, at the same cost: a smaller error of the mean. */
static void shifted_sequences_beat_plain_draws(void **state)
{
    enum { N = 16 * 1024 };
    static double u[N * 2], values[N], plain[N];
    check_random  random = check_random_begin(check_seed());
    tf_band       shifted, drawn;
    (void)state;
    assert_int_equal(tf_points(N, 2, 16, 20250827, u), TARIFF_OK);
    for (int kind = 0; kind < 2; kind++)
        for (size_t i = 0; i < N; i++) {
            tf_spread    eta = tf_spread_lognormal(1, 1.6), supply = tf_spread_lognormal(8, 24);
            check_market m;
            memset(&m, 0, sizeof m);
            m.market.n = 1;
            m.value[0] = 1000;
            m.t1[0] = 0.25;
            m.market.eta =
                tf_spread_at(&eta, kind ? check_between(&random, 1e-9, 1 - 1e-9) : u[2 * i]);
            m.supply[0] =
                tf_spread_at(&supply, kind ? check_between(&random, 1e-9, 1 - 1e-9) : u[2 * i + 1]);
            check_run(&m, CHECK_STRUCTURAL);
            (kind ? plain : values)[i] = tf_effect_home(&m.effect);
        }
    tf_band_of(values, N, 16, &shifted);
    tf_band_of(plain, N, 16, &drawn);
    print_message("standard error of the mean: shifted %.4f, plain %.4f\n", shifted.error,
                  drawn.error);
    assert_true(shifted.error * 4 < drawn.error);
    assert_true(fabs(shifted.mean - drawn.mean) < 6 * drawn.error);
}

static tf_indices indices_of(size_t n, const double *value, const double *rate, const double *eps)
{
    tf_index_sums    all = { 0 };
    tf_index_moments moments = { 0 };
    for (size_t i = 0; i < n; i++) {
        tf_index_sums one = { 0 };
        tf_index_add(&one, 1, &value[i], &rate[i], eps[i]);
        tf_index_merge(&all, &one);
    }
    for (size_t i = 0; i < n; i++)
        tf_index_spread(&moments, &all, 1, &value[i], &rate[i], eps[i]);
    return tf_indices_of(&all, &moments);
}

static void indices_agree_with_feenstra(void **state)
{
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (int k = 0; k < 1000; k++) {
        double     value[50], rate[50], eps[50], least = INFINITY;
        size_t     n = 1 + check_below(&random, 50);
        tf_indices x;
        for (size_t i = 0; i < n; i++) {
            value[i] = check_between(&random, 0.1, 1000);
            rate[i] = check_one_in(&random, 3) ? 0 : check_between(&random, 0, 2);
            eps[i] = check_between(&random, 0.1, 5);
            least = fmin(least, rate[i]);
        }
        x = indices_of(n, value, rate, eps);
        check_close(x.tri * x.tri,
                    x.weighted_mean * x.weighted_mean + x.variance + x.covariance, 1e-11);
        assert_true(x.tri >= x.otri - 1e-12 && x.tri <= x.maximum + 1e-12);
        assert_true(x.weighted_mean >= least - 1e-12 && x.weighted_mean <= x.maximum + 1e-12);
        assert_true(x.duty_free >= 0 && x.duty_free <= 1);
    }
    /* One rate for all: every index is that rate. No trade: none is anything. */
    double     value[] = { 10, 20 }, rate[] = { 0.25, 0.25 }, eps[] = { 1, 3 }, nothing[] = { 0, 0 };
    tf_indices x;
    x = indices_of(2, value, rate, eps);
    check_close(x.tri, 0.25, 1e-15);
    check_close(x.otri, 0.25, 1e-15);
    check_close(x.deadweight, 0.5 * 70 * 0.0625, 1e-15);
    x = indices_of(2, nothing, rate, eps);
    assert_true(isnan(x.tri) && isnan(x.weighted_mean) && x.simple_mean == 0.25);
}

static bool hill(void *user, double x, double *y)
{
    const double *top = user;
    *y = 7 - (x - top[0]) * (x - top[0]) * (1 + top[1] * x);
    return x < 100;
}

static void the_best_of_a_function_is_found(void **state)
{
    check_random random = check_random_begin(check_seed());
    tf_maximum   best;
    (void)state;
    for (int k = 0; k < 200; k++) {
        double top[2] = { check_between(&random, 0.1, 0.9), check_between(&random, 0, 0.5) };
        assert_int_equal(tf_find_maximum(hill, top, 0, 1, 1e-7, &best), TARIFF_OK);
        assert_true(fabs(best.x - top[0]) < 1e-6 && !best.at_edge);
    }
    /* It rises to the end; nothing moves; the function gives up. */
    double far[2] = { 3, 0 };
    assert_int_equal(tf_find_maximum(hill, far, 0, 1, 1e-7, &best), TARIFF_OK);
    assert_true(best.x == 1 && best.at_edge);
    assert_int_equal(tf_find_maximum(hill, far, 0, 200, 1e-7, &best), TARIFF_E_CANCELLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_begin_in_the_middle_and_stay_inside),
        cmocka_unit_test(equal_seeds_give_equal_points),
        cmocka_unit_test(spreads_hit_their_percentiles),
        cmocka_unit_test(bands_are_percentiles_and_nest),
        cmocka_unit_test(sensitivities_are_those_of_a_known_function),
        cmocka_unit_test(shifted_sequences_beat_plain_draws),
        cmocka_unit_test(indices_agree_with_feenstra),
        cmocka_unit_test(the_best_of_a_function_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
