/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What the fuzz targets share: files made of the input, an environment that
 * notes messages and cancels what goes on too long, and what must hold.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "base/utf8.h"

#include <dirent.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tariff/tariff.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** End the program, as a sanitizer does, unless `condition` holds. */
#define fuzz_require(condition)                                                        \
    do {                                                                               \
        if (!(condition)) {                                                            \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition); \
            abort();                                                                   \
        }                                                                              \
    } while (0)

/* Files */

static char fuzz_root[64]; /* removed at the end */

static inline int fuzz_remove_one(const char *path, const struct stat *info, int kind,
                                  struct FTW *at)
{
    (void)info;
    (void)kind;
    return at->level == 0 ? 0 : remove(path);
}

static inline void fuzz_clear(void)
{
    (void)nftw(fuzz_root, fuzz_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static inline void fuzz_end(void)
{
    fuzz_clear();
    rmdir(fuzz_root);
}

/** Be in an empty directory of one's own, where paths are the same in every process. */
static inline void fuzz_begin(void)
{
    if (fuzz_root[0]) {
        fuzz_clear();
        return;
    }
    struct stat info;
    bool        memory = stat("/dev/shm", &info) == 0 && S_ISDIR(info.st_mode);
    snprintf(fuzz_root, sizeof fuzz_root, "%s/tariff-fuzz-XXXXXX", memory ? "/dev/shm" : "/tmp");
    fuzz_require(mkdtemp(fuzz_root));
    fuzz_require(chdir(fuzz_root) == 0);
    atexit(fuzz_end);
}

static inline void fuzz_write(const char *name, const void *bytes, size_t n)
{
    char folder[64];
    for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - name), name);
        mkdir(folder, 0700);
    }
    FILE *file = fopen(name, "wb");
    if (!file)
        return; /* a name that is a folder already */
    fuzz_require(n == 0 || fwrite(bytes, 1, n, file) == n);
    fclose(file);
}

/* A file's name: letters, digits, '_' and '.', at most two '/' within, none hidden. */
static inline bool fuzz_is_name(const char *name, size_t n)
{
    unsigned slashes = 0;
    if (n == 0 || n > 40)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = name[i];
        bool first = i == 0 || name[i - 1] == '/', last = i + 1 == n;
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                    || c == '_';
        slashes += c == '/';
        if (!word && (first || last || (c != '.' && c != '/')))
            return false;
    }
    return slashes <= 2;
}

/** Files out of one text: each begins after a line "== NAME". */
static inline void fuzz_write_files(const char *text, size_t n)
{
    const char *end = text + n, *at = text;
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        if (!line_end)
            return;
        const char *name = at + 3, *next = line_end + 1;
        bool        begins = line_end - at > 3 && memcmp(at, "== ", 3) == 0;
        while (next < end && (end - next < 3 || memcmp(next, "== ", 3) != 0)) {
            const char *newline = memchr(next, '\n', (size_t)(end - next));
            next = newline ? newline + 1 : end;
        }
        if (begins && fuzz_is_name(name, (size_t)(line_end - name))) {
            char copy[64];
            snprintf(copy, sizeof copy, "%.*s", (int)(line_end - name), name);
            fuzz_write(copy, line_end + 1, (size_t)(next - line_end - 1));
        }
        at = next;
    }
}

static inline bool fuzz_is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Environments */

typedef struct fuzz_log {
    char     text[16384];
    size_t   n;
    unsigned asked; /**< How often it was asked whether to stop. */
} fuzz_log;

/* Nothing of the input may drive a terminal: only printable bytes, tabs and newlines come out. */
static inline void fuzz_note(void *user, const tariff_diag *diag)
{
    fuzz_log *log = user;
    char      buf[8192];
    size_t    n = tariff_diag_format(diag, buf, sizeof buf);
    fuzz_require(diag->message && (diag->status != TARIFF_OK || diag->severity != TARIFF_ERROR));
    fuzz_require(n >= sizeof buf || tf_utf8_valid(buf, n) == n);
    if (n >= sizeof buf)
        n = sizeof buf - 1;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)buf[i];
        fuzz_require((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t');
        fuzz_require(!(c == 0xC2 && (unsigned char)buf[i + 1] < 0xA0 && i + 1 < n));
    }
    if (log->n + n + 1 < sizeof log->text) {
        memcpy(log->text + log->n, buf, n);
        log->n += n;
        log->text[log->n++] = '\n';
        log->text[log->n] = '\0';
    }
}

static inline bool fuzz_is_enough(void *user)
{
    return ++((fuzz_log *)user)->asked > 5000;
}

static inline tariff_env *fuzz_env(fuzz_log *log)
{
    tariff_env   *env;
    tariff_limits limits = TARIFF_LIMITS_INIT;
    limits.max_field = 20000;
    limits.max_record = 40000;
    log->n = log->asked = 0;
    log->text[0] = '\0';
    fuzz_require(tariff_env_new(NULL, &env) == TARIFF_OK);
    tariff_env_set_limits(env, &limits);
    tariff_env_on_diag(env, fuzz_note, log);
    tariff_env_on_cancel(env, fuzz_is_enough, log);
    return env;
}

/** What fails on bad input has said so; what succeeds has reported no error. */
static inline tariff_status fuzz_check(const tariff_env *env, tariff_status status)
{
    bool told = status == TARIFF_OK || status == TARIFF_E_NOMEM || status == TARIFF_E_CANCELLED
                || tariff_env_errors(env) > 0;
    fuzz_require(told);
    fuzz_require(status != TARIFF_OK || tariff_env_errors(env) == 0);
    return status;
}

#endif
