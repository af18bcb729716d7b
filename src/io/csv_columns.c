/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_in.h"

#include "base/ascii.h"

#include <stdio.h>

static bool same_name(const char *a, size_t n, const char *b)
{
    for (size_t i = 0; i < n; i++)
        if (tf_to_lower(a[i]) != tf_to_lower(b[i]))
            return false;
    return b[n] == '\0';
}

static void list_header(const tf_csv *csv, char *buf, size_t size)
{
    size_t n = (size_t)snprintf(buf, size, "found: ");
    for (size_t i = 0; i < tf_csv_width(csv) && n + 4 < size; i++)
        n += (size_t)snprintf(buf + n, size - n, "%s%s", i ? ", " : "", tf_csv_header(csv, i));
}

/* A header of one name that holds another separator. */
static const char *other_separator(const tf_csv *csv)
{
    const char *header = tf_csv_width(csv) == 1 ? tf_csv_header(csv, 0) : "";
    return strchr(header, ';')    ? "semicolons"
           : strchr(header, '\t') ? "tabs"
           : strchr(header, '|')  ? "bars"
                                  : NULL;
}

tariff_status tf_csv_missing(tf_csv *csv, const char *names, const char *advice)
{
    char   found[512];
    size_t n = (size_t)snprintf(found, sizeof found, "%s%s", advice, *advice ? "; " : "");
    const char *separator = other_separator(csv);
    if (separator)
        snprintf(found, sizeof found,
                 "separated by %s? fields are separated by commas, and decimals by a point",
                 separator);
    else
        list_header(csv, found + n, sizeof found - n);
    return tf_csv_error(csv, -1, 0, TARIFF_E_SCHEMA, found, "no column '%.*s'",
                        (int)strcspn(names, "|"), names);
}

/* Earlier names win over later ones; the same name twice is an error. */
static tariff_status bind_one(tf_csv *csv, tf_column *column)
{
    const char *name = column->names;
    column->index = -1;
    for (;;) {
        size_t n = strcspn(name, "|");
        for (size_t i = 0; n > 0 && i < tf_csv_width(csv); i++) {
            if (!same_name(name, n, tf_csv_header(csv, i)))
                continue;
            if (column->index >= 0)
                return tf_csv_error(csv, (int)i, 0, TARIFF_E_SCHEMA, NULL,
                                    "the column '%s' is there twice", tf_csv_header(csv, i));
            column->index = (int)i;
        }
        if (column->index >= 0)
            return TARIFF_OK;
        if (name[n] == '\0')
            return column->required ? tf_csv_missing(csv, column->names, "") : TARIFF_OK;
        name += n + 1;
    }
}

static const char *nearest_column(const char *header, const tf_column *columns, size_t count,
                                  char *buf, size_t size)
{
    const char *names[64];
    char        words[64][40];
    size_t      n = 0;
    for (size_t i = 0; i < count && n < 63; i++) {
        size_t length = strcspn(columns[i].names, "|");
        if (length == 0 || length >= sizeof words[0])
            continue;
        memcpy(words[n], columns[i].names, length);
        words[n][length] = '\0';
        names[n] = words[n];
        n++;
    }
    names[n] = NULL;
    const char *near = tf_nearest_of(header, strlen(header), names);
    if (!near)
        return NULL;
    snprintf(buf, size, "did you mean '%s'?", near);
    return buf;
}

static bool is_known(const tf_csv *csv, size_t header, const tf_column *columns, size_t count)
{
    const char *name = tf_csv_header(csv, header);
    for (size_t k = 0; k < count; k++) {
        int bound = columns[k].index;
        if (bound >= 0 && (bound == (int)header
                           || same_name(name, strlen(name), tf_csv_header(csv, (size_t)bound))))
            return true;
    }
    return false;
}

static tariff_status refuse_unknown(tf_csv *csv, const tf_column *columns, size_t count)
{
    tariff_status first = TARIFF_OK;
    for (size_t i = 0; i < tf_csv_width(csv); i++) {
        char        buf[96];
        const char *name = tf_csv_header(csv, i);
        if (is_known(csv, i, columns, count))
            continue;
        tariff_status status =
            tf_csv_error(csv, (int)i, 0, TARIFF_E_SCHEMA,
                         nearest_column(name, columns, count, buf, sizeof buf),
                         "unknown column '%s'", name);
        first = first == TARIFF_OK ? status : first;
    }
    return first;
}

/* One warning for all of them, at the first. */
static tariff_status warn_of_unknown(tf_csv *csv, const tf_column *columns, size_t count)
{
    char        names[256] = "", buf[96];
    size_t      n = 0;
    int         first = -1;
    const char *hint = NULL;
    for (size_t i = 0; i < tf_csv_width(csv) && n < sizeof names; i++) {
        const char *name = tf_csv_header(csv, i);
        if (is_known(csv, i, columns, count))
            continue;
        n += (size_t)snprintf(names + n, sizeof names - n, "%s'%s'", n ? ", " : "", name);
        if (!hint)
            hint = nearest_column(name, columns, count, buf, sizeof buf);
        if (first < 0)
            first = (int)i;
    }
    if (first >= 0)
        tf_csv_warning(csv, first, hint, "columns that are not used: %s", names);
    return TARIFF_OK;
}

tariff_status tf_csv_bind(tf_csv *csv, tf_column *columns, size_t count, tf_unknown unknown)
{
    tariff_status first = TARIFF_OK;
    for (size_t i = 0; i < count; i++) {
        tariff_status status = bind_one(csv, &columns[i]);
        if (first == TARIFF_OK)
            first = status;
    }
    if (unknown == TF_UNKNOWN_IGNORE)
        return first;
    tariff_status status = unknown == TF_UNKNOWN_ERROR ? refuse_unknown(csv, columns, count)
                                                       : warn_of_unknown(csv, columns, count);
    return first == TARIFF_OK ? status : first;
}

/* Read up to the line; what is in `buf` then is its beginning. */
static void read_to_line(tf_source *source, uint32_t line, char *buf, size_t size)
{
    char     block[16 * 1024];
    uint32_t at = 1;
    size_t   n = 0, got;
    while (at <= line && tf_source_read(source, block, sizeof block, &got) == TARIFF_OK && got)
        for (size_t i = 0; i < got && at <= line; i++) {
            if (at == line && block[i] != '\n' && n + 1 < size)
                buf[n++] = block[i];
            at += block[i] == '\n';
        }
    while (n > 0 && buf[n - 1] == '\r')
        n--;
    buf[n] = '\0';
}

void tf_csv_excerpt(const char *path, uint32_t line, char *buf, size_t size)
{
    tariff_env *silent; /* that the file is gone is not worth a message of its own */
    tf_source  *source;
    buf[0] = '\0';
    if (!path || strcmp(path, "-") == 0 || tariff_env_new(NULL, &silent) != TARIFF_OK)
        return;
    if (tf_source_open(silent, path, NULL, TF_SUM_XXH3, &source) == TARIFF_OK) {
        read_to_line(source, line, buf, size);
        tf_source_close(source);
    }
    tariff_env_free(silent);
}
