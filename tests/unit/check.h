/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * cmocka with what it needs before it, and an environment that remembers messages.
 */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs the four above. */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <tariff/tariff.h>

/** All that was reported, each message formatted as the command prints it. */
typedef struct check_log {
    char   text[16384];
    size_t length;
} check_log;

static inline void check_log_add(void *user, const tariff_diag *diag)
{
    check_log *log = user;
    size_t     room = sizeof log->text - log->length;
    size_t     n = tariff_diag_format(diag, log->text + log->length, room);
    if (n + 1 < room) {
        log->length += n;
        log->text[log->length++] = '\n';
        log->text[log->length] = '\0';
    }
}

/** A new environment that writes to `log`, which is emptied. */
static inline tariff_env *check_env(check_log *log)
{
    tariff_env *env;
    log->length = 0;
    log->text[0] = '\0';
    assert_int_equal(tariff_env_new(NULL, &env), TARIFF_OK);
    tariff_env_on_diag(env, check_log_add, log);
    return env;
}

/** Fails, showing the row of a table-driven test, unless `condition` holds. */
#define check_row(condition, row_text)                                        \
    do {                                                                      \
        if (!(condition))                                                     \
            fail_msg("row '%s': %s does not hold", (row_text), #condition);   \
    } while (0)

/** Write a file of a test's own, for loaders; the directory is made before. */
static inline void check_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

#endif
