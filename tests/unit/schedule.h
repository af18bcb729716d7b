/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Schedules as small as a test needs, written to a directory of the test's own,
 * then loaded, compiled and asked through the public headers.
 */
#ifndef TESTS_UNIT_SCHEDULE_H
#define TESTS_UNIT_SCHEDULE_H

#include "unit/check.h"

#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { CHECK_PATH = 192, CHECK_TOTALS = 24 };

/* One directory for all tests of a program: removed at the end even if a test fails. */

static char     check_root[CHECK_PATH];
static unsigned check_directories;

static inline int check_make_root(void **state)
{
    const char *parent = getenv("TMPDIR");
    (void)state;
    snprintf(check_root, sizeof check_root, "%.100s/tariff-unit-XXXXXX",
             parent && *parent ? parent : P_tmpdir);
    return mkdtemp(check_root) ? 0 : -1;
}

static inline int check_remove_one(const char *path, const struct stat *info, int kind,
                                   struct FTW *at)
{
    (void)info;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline int check_remove_root(void **state)
{
    (void)state;
    return nftw(check_root, check_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/** A new empty directory. */
static inline void check_directory(char path[CHECK_PATH])
{
    snprintf(path, CHECK_PATH, "%.120s/%u", check_root, check_directories++);
    assert_int_equal(mkdir(path, 0700), 0);
}

/** A file of a schedule: "layers.csv", "parts/steel.csv"; an array of them ends with NULL. */
typedef struct check_file {
    const char *name, *text;
} check_file;

static inline void check_write_in(const char *directory, const char *name, const char *text)
{
    char        path[2 * CHECK_PATH];
    const char *slash = strchr(name, '/');
    if (slash) {
        snprintf(path, sizeof path, "%s/%.*s", directory, (int)(slash - name), name);
        mkdir(path, 0700); /* it may be there */
    }
    snprintf(path, sizeof path, "%s/%s", directory, name);
    check_write(path, text);
}

static inline void check_write_files(const char *directory, const check_file *files)
{
    for (; files->name; files++)
        check_write_in(directory, files->name, files->text);
}

/** What tariff_explain() said last: a total for each layer that charges, then three sums. */
typedef struct check_total {
    char name[32], rate[48], duty[48];
    bool unassessed, estimated, coarse, unmatched;
} check_total;

typedef struct check_law {
    char             directory[CHECK_PATH];
    check_log        log;
    tariff_env      *env;
    tariff_schedule *schedule;
    tariff_scenario *scenario;
    tariff_law      *law;
    check_total      totals[CHECK_TOTALS];
    size_t           count;
    size_t           branches;
} check_law;

/** Write the files; `law` has an environment and nothing else yet. */
static inline void check_law_write(check_law *law, const check_file *files)
{
    memset(law, 0, sizeof *law);
    law->env = check_env(&law->log);
    check_directory(law->directory);
    check_write_files(law->directory, files);
}

/** Load and compile what was written; the messages are in law->log. */
static inline tariff_status check_law_try(check_law *law, const tariff_law_options *options)
{
    const char   *paths[] = { law->directory };
    tariff_status status = tariff_schedule_load(law->env, paths, 1, &law->schedule);
    if (status == TARIFF_OK)
        status = tariff_law_compile(law->env, law->schedule, options, &law->law);
    return status;
}

static inline void check_law_open(check_law *law, const check_file *files)
{
    check_law_write(law, files);
    if (check_law_try(law, NULL) != TARIFF_OK)
        fail_msg("the schedule of the test is refused:\n%s", law->log.text);
}

/** Compile what was written under a scenario that has these further lines. */
static inline tariff_status check_law_change(check_law *law, const char *lines)
{
    char text[4096], path[CHECK_PATH + 8];
    snprintf(path, sizeof path, "%s.yaml", law->directory);
    snprintf(text, sizeof text, "tariff: 1\nname: test\ndate: 2025-08-27\nschedule: %s\n%s",
             strrchr(law->directory, '/') + 1, lines);
    check_write(path, text);
    tariff_status status = tariff_scenario_load(law->env, path, NULL, 0, &law->scenario);
    if (status == TARIFF_OK)
        status = tariff_scenario_compile(law->env, law->scenario, &law->law);
    return status;
}

static inline void check_law_close(check_law *law)
{
    tariff_law_free(law->law);
    tariff_scenario_free(law->scenario);
    tariff_schedule_free(law->schedule);
    tariff_env_free(law->env);
}

/** A shipment in words; NULL is the commonest: Indian, to the US, in late August 2025. */
typedef struct check_entry {
    const char *hs, *origin, *importer, *date, *value, *quantity, *unit, *claims, *parts;
} check_entry;

static inline void check_keep_total(void *user, const tariff_total *total)
{
    check_law *law = user;
    assert_true(law->count < CHECK_TOTALS);
    check_total *kept = &law->totals[law->count++];
    snprintf(kept->name, sizeof kept->name, "%s", total->name);
    snprintf(kept->rate, sizeof kept->rate, "%s", total->rate);
    snprintf(kept->duty, sizeof kept->duty, "%s", total->duty);
    kept->unassessed = total->unassessed;
    kept->estimated = total->estimated;
    kept->coarse = total->coarse;
    kept->unmatched = total->unmatched;
}

static inline void check_count_branch(void *user, const tariff_branch *branch)
{
    (void)branch;
    ((check_law *)user)->branches++;
}

#define CHECK_PARSE(function, text, out) \
    assert_int_equal(function((text), strlen(text), (out)), TARIFF_OK)

static inline tariff_entry check_entry_read(const check_entry *words)
{
    tariff_entry entry = TARIFF_ENTRY_INIT;
    CHECK_PARSE(tariff_hs_parse, words->hs ? words->hs : "84818090", &entry.hs);
    CHECK_PARSE(tariff_country_parse, words->origin ? words->origin : "IN", &entry.origin);
    CHECK_PARSE(tariff_country_parse, words->importer ? words->importer : "US", &entry.importer);
    CHECK_PARSE(tariff_date_parse, words->date ? words->date : "2025-08-27", &entry.date);
    CHECK_PARSE(tariff_money_parse, words->value ? words->value : "1000", &entry.value);
    if (words->quantity) {
        CHECK_PARSE(tariff_money_parse, words->quantity, &entry.quantity);
        CHECK_PARSE(tariff_unit_parse, words->unit, &entry.unit);
    }
    entry.claims = words->claims;
    entry.parts = words->parts;
    return entry;
}

/** Explain a shipment; the totals are kept in `law`. */
static inline void check_ask(check_law *law, const check_entry *words)
{
    tariff_explainer to = { .branch = check_count_branch, .total = check_keep_total, .user = law };
    tariff_entry     entry = check_entry_read(words);
    law->count = law->branches = 0;
    if (tariff_explain(law->env, law->law, &entry, &to) != TARIFF_OK)
        fail_msg("the shipment is refused:\n%s", law->log.text);
    assert_true(law->count >= 3);
}

/** A layer, "ordinary", "additional" or "total" of the last shipment; NULL: charges nothing. */
static inline const check_total *check_find(const check_law *law, const char *name)
{
    for (size_t i = 0; i < law->count; i++)
        if (strcmp(law->totals[i].name, name) == 0)
            return &law->totals[i];
    return NULL;
}

static inline const char *check_rate(const check_law *law, const char *name)
{
    const check_total *total = check_find(law, name);
    return total ? total->rate : "0";
}

static inline const char *check_duty(const check_law *law, const char *name)
{
    const check_total *total = check_find(law, name);
    return total ? total->duty : "0.00";
}

/** Fails, showing the row and both texts, unless `got` is `wanted`. */
static inline void check_text(const char *got, const char *wanted, const char *row)
{
    if (strcmp(got, wanted) != 0)
        fail_msg("row '%s': %s instead of %s", row, got, wanted);
}

/** Fails, showing all messages, unless they contain `wanted`. */
static inline void check_said(const check_log *log, const char *wanted)
{
    if (!strstr(log->text, wanted))
        fail_msg("'%s' is not in:\n%s", wanted, log->text);
}

#endif
