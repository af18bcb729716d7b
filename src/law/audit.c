/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The audit of a schedule: parts of it find, this file tells, file by file and
 * kind by kind, the first few of each.
 */
#include "law/audit.h"

#include "io/csv_in.h"
#include "law/schedule.h"
#include "law/strays.h"

#include <stdio.h>
#include <stdlib.h>

tariff_status tf_audit_find(tf_audit *audit, tf_finding_kind kind, tf_row_place place,
                            tf_finding_column column, const char *hint, const char *format, ...)
{
    char    message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    tf_finding finding = { .kind = kind,
                           .place = place,
                           .column = column,
                           .message = tf_arena_text(&audit->arena, message, strlen(message)),
                           .hint = hint ? tf_arena_text(&audit->arena, hint, strlen(hint)) : NULL,
                           .number = audit->findings.n };
    if (!finding.message || (hint && !finding.hint))
        return TARIFF_E_NOMEM;
    return TF_PUSH(&audit->arena, &audit->findings, finding) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* Telling */

static int in_order(const void *a, const void *b)
{
    const tf_finding *x = a, *y = b;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->place.line != y->place.line)
        return x->place.line < y->place.line ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* By the order in which the files were read, and after them what was not read. */
static tariff_status sort(tf_audit *audit)
{
    tf_names paths = { 0 };
    for (size_t i = 0; i < audit->schedule->files.n; i++) {
        const char *path = audit->schedule->files.at[i]->path;
        if (tf_names_add(&paths, &audit->arena, path, strlen(path)) == TF_NO_NAME)
            return TARIFF_E_NOMEM;
    }
    for (size_t i = 0; i < audit->findings.n; i++) {
        tf_finding *finding = &audit->findings.at[i];
        const char *path = finding->place.path;
        finding->file = tf_names_add(&paths, &audit->arena, path, strlen(path));
        if (finding->file == TF_NO_NAME)
            return TARIFF_E_NOMEM;
    }
    if (audit->findings.n)
        qsort(audit->findings.at, audit->findings.n, sizeof audit->findings.at[0], in_order);
    return TARIFF_OK;
}

enum { CODE, FROM, COLUMNS };

/** A file that is read again, for the places of what was found in it. */
typedef struct reread {
    tf_csv   *csv; /**< NULL: closed, or gone since. */
    tf_column columns[COLUMNS];
} reread;

static void open_again(tf_audit *audit, const char *path, reread *file)
{
    static const tf_column columns[COLUMNS] = { { "hs|products", false, -1 },
                                                { "from", false, -1 } };
    file->csv = NULL;
    memcpy(file->columns, columns, sizeof columns);
    if (tf_csv_open(audit->env, path, NULL, TF_SUM_XXH3, &file->csv) != TARIFF_OK)
        return;
    if (tf_csv_bind(file->csv, file->columns, COLUMNS, TF_UNKNOWN_IGNORE) != TARIFF_OK) {
        tf_csv_close(file->csv);
        file->csv = NULL;
    }
}

/* Findings of a kind come by line: the file is read on, not anew. */
static bool read_to(reread *file, uint32_t line)
{
    bool more = true;
    while (file->csv && more && tf_csv_line(file->csv) < line)
        if (tf_csv_next(file->csv, &more) != TARIFF_OK)
            more = false;
    return file->csv && tf_csv_line(file->csv) == line;
}

static void tell(tf_audit *audit, reread *file, const tf_finding *finding)
{
    tf_place place = { .file = finding->place.path, .line = finding->place.line };
    if (finding->place.line == 0 || !read_to(file, finding->place.line))
        tf_warning(audit->env, &place, finding->hint, "%s", finding->message);
    else
        tf_csv_warning(file->csv,
                       finding->column == TF_AT_CODE   ? file->columns[CODE].index
                       : finding->column == TF_AT_FROM ? file->columns[FROM].index
                                                       : -1,
                       finding->hint, "%s", finding->message);
}

/* The findings of one kind in one file: the first ones, and how many more. */
static void tell_group(tf_audit *audit, const tf_finding *group, size_t n, size_t most)
{
    size_t   shown = most && n > most ? most : n;
    tf_place place = { .file = group->place.path };
    reread   file = { .csv = NULL };
    if (group->place.line)
        open_again(audit, group->place.path, &file);
    for (size_t i = 0; i < shown; i++)
        tell(audit, &file, &group[i]);
    if (file.csv)
        tf_csv_close(file.csv);
    if (n == shown)
        return;
    audit->env->warnings += n - shown;
    tf_note(audit->env, &place, "and %zu more like %s; 'tariff check --all' shows them", n - shown,
            shown == 1 ? "this" : "these");
}

static tariff_status tell_all(tf_audit *audit, size_t most)
{
    TF_TRY(sort(audit));
    for (size_t i = 0, end; i < audit->findings.n; i = end) {
        const tf_finding *group = &audit->findings.at[i];
        for (end = i + 1; end < audit->findings.n && audit->findings.at[end].file == group->file
                          && audit->findings.at[end].kind == group->kind;)
            end++;
        tell_group(audit, group, end - i, most);
    }
    return TARIFF_OK;
}

/* Those that resemble a known name were told of when the schedule was loaded. */
static tariff_status tell_strays(tf_audit *audit, const char *directory)
{
    tf_strays strays = { 0 };
    TF_TRY(tf_find_strays(audit->env, &audit->arena, audit->schedule, directory, &strays));
    TF_TRY(tf_drop_listed(audit->env, &audit->arena, directory, &strays));
    for (size_t i = 0; i < strays.n; i++)
        if (!strays.at[i].near)
            tf_warn_of_stray(audit->env, &strays.at[i]);
    return TARIFF_OK;
}

static tariff_status find_all(tf_audit *audit)
{
    for (size_t i = 0; i < audit->schedule->directories.n; i++)
        TF_TRY(tell_strays(audit, audit->schedule->directories.at[i]));
    TF_TRY(tf_nomenclature_of(audit->book, &audit->arena, &audit->nomenclature));
    TF_TRY(tf_audit_codes(audit));
    TF_TRY(tf_audit_lists(audit));
    return tf_audit_dates(audit);
}

tariff_status tariff_schedule_audit(tariff_env *env, const tariff_schedule *schedule, size_t most)
{
    tf_audit audit = { .env = env, .schedule = schedule, .book = &schedule->book };
    tf_arena_init(&audit.arena, &env->allocator);
    tariff_status status = find_all(&audit);
    if (status == TARIFF_OK)
        status = tell_all(&audit, most);
    tf_arena_free(&audit.arena);
    return status;
}
