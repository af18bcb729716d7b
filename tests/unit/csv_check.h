/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Reading a CSV of a test's own into text that can be compared.
 */
#ifndef TESTS_UNIT_CSV_CHECK_H
#define TESTS_UNIT_CSV_CHECK_H

#include "io/csv_in.h"
#include "unit/schedule.h"

/** A growing text. */
typedef struct check_bytes {
    char  *at;
    size_t n, room;
} check_bytes;

static inline void check_put(check_bytes *bytes, const void *from, size_t n)
{
    if (bytes->n + n + 1 > bytes->room) {
        bytes->room = 2 * (bytes->n + n) + 256;
        bytes->at = realloc(bytes->at, bytes->room);
        assert_non_null(bytes->at);
    }
    if (n)
        memcpy(bytes->at + bytes->n, from, n);
    bytes->n += n;
    bytes->at[bytes->n] = '\0';
}

static inline void check_put_text(check_bytes *bytes, const char *text)
{
    check_put(bytes, text, strlen(text));
}

static inline void check_write_bytes(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/** The path of the one file that CSV tests write again and again. */
static inline const char *check_csv_path(void)
{
    static char path[CHECK_PATH];
    snprintf(path, sizeof path, "%.120s/t.csv", check_root);
    return path;
}

/* Line breaks inside fields are shown as "\n" so that a record is one line. */
static inline void check_put_field(check_bytes *out, tf_field field)
{
    check_put_text(out, "[");
    for (size_t i = 0; i < field.length; i++)
        if (field.text[i] == '\n')
            check_put_text(out, "\\n");
        else
            check_put(out, field.text + i, 1);
    check_put_text(out, "]");
}

static inline void check_put_record(check_bytes *out, const tf_csv *csv, size_t columns)
{
    char line[16];
    snprintf(line, sizeof line, "%u:", tf_csv_line(csv));
    check_put_text(out, line);
    for (size_t i = 0; i < columns; i++)
        check_put_field(out, tf_csv_field(csv, (int)i));
    check_put_text(out, "\n");
}

/**
 * Read a file to its end or first error that is no ragged row: the header, then
 * "LINE:[field][field]" for each record; messages are in the environment's log.
 */
static inline tariff_status check_csv_read(tariff_env *env, const char *path, bool only_libcsv,
                                           check_bytes *out)
{
    tf_csv       *csv;
    bool          more = true;
    tariff_status status = tf_csv_open(env, path, NULL, TF_SUM_XXH3, &csv);
    out->n = 0;
    check_put(out, "", 0);
    if (status != TARIFF_OK)
        return status;
    if (only_libcsv)
        tf_csv_only_libcsv(csv);
    for (size_t i = 0; i < tf_csv_width(csv); i++) {
        const char *name = tf_csv_header(csv, i);
        check_put_field(out, (tf_field){ name, strlen(name) });
    }
    check_put_text(out, "\n");
    while (more) {
        status = tf_csv_next(csv, &more);
        if (status == TARIFF_E_SCHEMA) {
            check_put_text(out, "ragged\n");
            continue;
        }
        if (status != TARIFF_OK)
            break;
        if (more)
            check_put_record(out, csv, tf_csv_width(csv));
    }
    tf_csv_close(csv);
    return status;
}

#endif
