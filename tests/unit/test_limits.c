/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The limits of an environment: each is met, passed and told; memory is counted to the byte.
 */
#include "unit/check.h"

#include <stdlib.h>
#include <unistd.h>

enum { ROWS = 2000 };

static char path[] = "/tmp/tariff_limits_XXXXXX";

/* A schedule of so many measures, no two alike. */
static void write_measures(unsigned count)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("layer,products,origins,importers,from,until,rate\n", file);
    for (unsigned i = 0; i < count; i++)
        fprintf(file, "order,%06u,IN,US,,,%u.%u%%\n", 100000 + i, i % 50, i % 10);
    assert_int_equal(fclose(file), 0);
}

static tariff_status load(tariff_env *env)
{
    const char      *paths[] = { path };
    tariff_schedule *schedule = NULL;
    tariff_status    status = tariff_schedule_load(env, paths, 1, &schedule);
    tariff_schedule_free(schedule);
    return status;
}

static void measures_up_to_the_limit_load(void **state)
{
    check_log     log;
    tariff_limits limits = TARIFF_LIMITS_INIT;
    (void)state;
    limits.max_measures = 20;
    for (unsigned count = 20; count <= 22; count++) {
        tariff_env *env = check_env(&log);
        tariff_env_set_limits(env, &limits);
        write_measures(count);
        assert_int_equal(load(env), count > 20 ? TARIFF_E_LIMIT : TARIFF_OK);
        if (count > 20) { /* once, whatever follows */
            assert_non_null(strstr(log.text, ":22:1: error: more than 20 measures"));
            assert_int_equal(tariff_env_errors(env), 1);
        }
        tariff_env_free(env);
    }
}

static tariff_memory memory_of(const tariff_env *env)
{
    tariff_memory memory = TARIFF_MEMORY_INIT;
    tariff_env_memory(env, &memory);
    return memory;
}

static void all_memory_is_given_back(void **state)
{
    check_log   log;
    tariff_env *env = check_env(&log);
    (void)state;
    write_measures(ROWS);
    assert_int_equal(memory_of(env).held, 0);
    assert_int_equal(load(env), TARIFF_OK);
    tariff_memory memory = memory_of(env);
    assert_int_equal(memory.held, 0);
    assert_true(memory.most > ROWS * 50);
    assert_int_equal(memory.limit, 0);
    assert_false(memory.refused);
    assert_null(memory.reading);
    tariff_env_free(env);
}

/* With less and less memory: the same answer, or the error that says why, and never more is held. */
static void memory_has_a_limit(void **state)
{
    check_log   log;
    tariff_env *env = check_env(&log);
    unsigned    refused = 0;
    (void)state;
    write_measures(ROWS);
    assert_int_equal(load(env), TARIFF_OK);
    size_t enough = memory_of(env).most;
    tariff_env_free(env);
    for (size_t limit = enough; limit > 0; limit = limit * 7 / 8) {
        tariff_limits limits = TARIFF_LIMITS_INIT;
        limits.max_memory = limit;
        env = check_env(&log);
        tariff_env_set_limits(env, &limits);
        tariff_status status = load(env);
        tariff_memory memory = memory_of(env);
        assert_int_equal(memory.held, 0);
        assert_true(memory.most <= limit);
        assert_int_equal(memory.limit, limit);
        assert_int_equal(memory.refused, status != TARIFF_OK);
        assert_int_equal(status, limit == enough ? TARIFF_OK : status);
        if (status != TARIFF_OK) {
            assert_int_equal(status, TARIFF_E_NOMEM);
            assert_true(!memory.reading || strcmp(memory.reading, path) == 0);
            refused++;
        }
        limits.max_memory = 0; /* and with memory again, all is well */
        tariff_env_set_limits(env, &limits);
        assert_int_equal(load(env), TARIFF_OK);
        tariff_env_free(env);
    }
    assert_true(refused > 10);
}

static void the_file_is_named(void **state)
{
    check_log     log;
    tariff_limits limits = TARIFF_LIMITS_INIT;
    tariff_env   *env = check_env(&log);
    (void)state;
    write_measures(ROWS);
    limits.max_memory = 160000;
    tariff_env_set_limits(env, &limits);
    assert_int_equal(load(env), TARIFF_E_NOMEM);
    assert_string_equal(memory_of(env).reading, path);
    tariff_env_free(env);
}

/* Of a caller that was built when there were fewer limits. */
static void limits_that_are_not_given_stay(void **state)
{
    check_log     log;
    tariff_limits limits = TARIFF_LIMITS_INIT;
    tariff_env   *env = check_env(&log);
    (void)state;
    write_measures(30);
    limits.max_measures = 10;
    tariff_env_set_limits(env, &limits);
    limits.max_measures = 1;
    limits.size = offsetof(tariff_limits, max_measures);
    tariff_env_set_limits(env, &limits);
    assert_int_equal(load(env), TARIFF_E_LIMIT);
    assert_non_null(strstr(log.text, "more than 10 measures"));
    tariff_env_free(env);
}

static int make_file(void **state)
{
    int fd = mkstemp(path);
    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_up_to_the_limit_load),
        cmocka_unit_test(all_memory_is_given_back),
        cmocka_unit_test(memory_has_a_limit),
        cmocka_unit_test(the_file_is_named),
        cmocka_unit_test(limits_that_are_not_given_stay),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
