/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What calls of the library answer and write, as one text that can be compared.
 */
#ifndef TESTS_FAULTS_TRACE_H
#define TESTS_FAULTS_TRACE_H

#include "unit/schedule.h"

#include <dirent.h>

/** A growing text. */
typedef struct trace {
    char  *at;
    size_t n, room;
} trace;

static inline void trace_bytes(trace *t, const void *bytes, size_t n)
{
    if (t->n + n + 1 > t->room) {
        t->room = 2 * (t->n + n) + 1024;
        t->at = realloc(t->at, t->room);
        assert_non_null(t->at);
    }
    if (n)
        memcpy(t->at + t->n, bytes, n);
    t->n += n;
    t->at[t->n] = '\0';
}

static inline void trace_text(trace *t, const char *text)
{
    trace_bytes(t, text ? text : "(null)", strlen(text ? text : "(null)"));
    trace_bytes(t, "\n", 1);
}

static inline void trace_free(trace *t)
{
    free(t->at);
    *t = (trace){ .at = NULL };
}

static inline bool trace_same(const trace *a, const trace *b)
{
    return a->n == b->n && (a->n == 0 || memcmp(a->at, b->at, a->n) == 0);
}

static inline void trace_table(trace *t, const tariff_table *table)
{
    for (size_t row = 0; row < tariff_table_rows(table); row++)
        for (size_t column = 0; column < tariff_table_columns(table); column++)
            trace_text(t, tariff_table_cell(table, row, column));
}

static inline void trace_file(trace *t, const char *path)
{
    char  buf[4096];
    FILE *file = fopen(path, "rb");
    trace_text(t, path);
    if (!file)
        return;
    for (size_t n; (n = fread(buf, 1, sizeof buf, file)) > 0;)
        trace_bytes(t, buf, n);
    fclose(file);
}

/** A directory with all that is in it, hidden files too; nothing at all if it is not there. */
static inline void trace_directory(trace *t, const char *path)
{
    struct dirent **names;
    int             n = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char        inner[1024];
        struct stat info;
        snprintf(inner, sizeof inner, "%.700s/%.300s", path, names[i]->d_name);
        bool self = strcmp(names[i]->d_name, ".") == 0 || strcmp(names[i]->d_name, "..") == 0;
        free(names[i]);
        if (self || lstat(inner, &info) != 0)
            continue;
        if (S_ISDIR(info.st_mode)) {
            trace_text(t, inner);
            trace_directory(t, inner);
        } else {
            trace_file(t, inner);
        }
    }
    if (n >= 0)
        free(names);
}

#endif
