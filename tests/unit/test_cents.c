/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Amounts in cents add up to their total, and none is moved by a cent.
 */
#include "unit/random.h"

#include "base/env.h"
#include "report/cents.h"

#include <math.h>

static tf_arena arena;

static int begin(void **state)
{
    static check_log log;
    tariff_env      *env = check_env(&log);
    *state = env;
    tf_arena_init(&arena, &env->allocator);
    return 0;
}

static int end(void **state)
{
    tf_arena_free(&arena);
    tariff_env_free(*state);
    return 0;
}

static void thirds_of_a_cent(void **state)
{
    double one[] = { 1 / 3.0, 1 / 3.0, 1 / 3.0 }, loss[] = { -0.006, -0.006, 0.005 };
    (void)state;
    assert_int_equal(tf_share_cents(&arena, one, 3, 1), TARIFF_OK);
    assert_true(one[0] == 0.34 && one[1] == 0.33 && one[2] == 0.33);
    assert_int_equal(tf_share_cents(&arena, loss, 3, -0.007), TARIFF_OK);
    assert_true(loss[0] == -0.01 && loss[1] == -0.01 && loss[2] == 0.01);
    assert_true(tf_to_cents(0.125) == 0.13 && tf_to_cents(-0.125) == -0.13);
}

static void parts_add_up_and_are_near(void **state)
{
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (int k = 0; k < 2000; k++) {
        double amounts[40], before[40], total = 0, sum = 0;
        size_t n = 1 + check_below(&random, 40);
        for (size_t i = 0; i < n; i++) {
            double size = check_one_in(&random, 4) ? 1e9 : 10;
            before[i] = amounts[i] =
                size * ((double)check_below(&random, 2000000) / 1e6 - 1) / 3;
            total += amounts[i];
        }
        assert_int_equal(tf_share_cents(&arena, amounts, n, total), TARIFF_OK);
        for (size_t i = 0; i < n; i++) {
            sum += round(amounts[i] * 100);
            assert_true(fabs(amounts[i] - before[i]) < 0.01 + 1e-6);
        }
        assert_true(sum == round(total * 100));
    }
}

static void what_does_not_fit_is_spread(void **state)
{
    double more[] = { 1, 2 }, less[] = { 1, 2 };
    (void)state;
    assert_int_equal(tf_share_cents(&arena, more, 2, 3.05), TARIFF_OK);
    assert_true(more[0] + more[1] == 3.05);
    assert_int_equal(tf_share_cents(&arena, less, 2, 2.99), TARIFF_OK);
    assert_true(fabs(less[0] + less[1] - 2.99) < 1e-12);
    assert_int_equal(tf_share_cents(&arena, less, 0, 0), TARIFF_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thirds_of_a_cent),
        cmocka_unit_test(parts_add_up_and_are_near),
        cmocka_unit_test(what_does_not_fit_is_spread),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
