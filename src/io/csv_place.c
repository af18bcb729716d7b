/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Where in a CSV file something is wrong.  libcsv gives no positions: where a
 * field begins is found again from the record's raw text, when a message needs it.
 */
#include "io/csv_reader.h"

#include <stdio.h>

static uint32_t lines_within(const char *from, const char *to)
{
    uint32_t n = 0;
    while ((from = memchr(from, '\n', (size_t)(to - from))) != NULL) {
        n++;
        from++;
    }
    return n;
}

size_t tf_csv_locate(const char *record, size_t length, int column)
{
    size_t at = 0;
    bool   quoted = false;
    for (int i = 0; i < column && at < length; at++) {
        if (record[at] == '"')
            quoted = !quoted;
        else if (record[at] == ',' && !quoted)
            i++;
    }
    while (at < length && (record[at] == ' ' || record[at] == '\t'))
        at++;
    return at < length && record[at] == '"' ? at + 1 : at;
}

/** A place and the line it is on, as far as that is shown. */
typedef struct spot {
    tf_place place;
    char    *line; /**< NULL where memory ran out: then the place is all that is told. */
    size_t   size;
} spot;

enum { SHOWN_AFTER = 1024 };

/* The place of a byte of the current record, or of the line being fed. */
static void place_at(const tf_csv *csv, size_t at, spot *out)
{
    size_t start = at, stop = at;
    while (start > csv->record && csv->buf[start - 1] != '\n')
        start--;
    while (stop < csv->end && csv->buf[stop] != '\n' && stop - at < SHOWN_AFTER)
        stop++;
    memset(out, 0, sizeof *out);
    out->place.file = tf_source_path(csv->source);
    out->place.line = csv->record_line + lines_within(csv->buf + csv->record, csv->buf + start);
    out->place.column = (uint32_t)(at - start) + 1;
    if (stop == start)
        return;
    out->size = stop - start + 1;
    out->line = tf_alloc(csv->env, out->size);
    out->place.excerpt = out->line;
    for (size_t i = start; out->line && i < stop; i++)
        out->line[i - start] = csv->buf[i] ? csv->buf[i] : ' ';
    if (out->line)
        out->line[stop - start] = '\0';
}

static void leave(const tf_csv *csv, const spot *here)
{
    tf_free(csv->env, here->line, here->size);
}

tariff_status tf_csv_error_at(const tf_csv *csv, size_t at, tariff_status status,
                              const char *hint, const char *message)
{
    spot here;
    place_at(csv, at, &here);
    tf_error(csv->env, status, &here.place, hint, "%s", message);
    leave(csv, &here);
    return status;
}

static void place_of_field(const tf_csv *csv, int column, size_t offset, spot *out)
{
    size_t at = csv->record
                + tf_csv_locate(csv->buf + csv->record, csv->record_end - csv->record,
                                column < 0 ? 0 : column);
    if (at + offset <= csv->record_end)
        at += offset;
    place_at(csv, at, out);
    if (column >= 0 && (size_t)column < csv->width && csv->header)
        out->place.field = csv->header[column];
}

tariff_status tf_csv_error(tf_csv *csv, int column, size_t offset, tariff_status status,
                           const char *hint, const char *format, ...)
{
    char    message[512];
    spot    here;
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    place_of_field(csv, column, offset, &here);
    tf_error(csv->env, status, &here.place, hint, "%s", message);
    leave(csv, &here);
    return status;
}

tariff_status tf_csv_because(tf_csv *csv, int column, const tf_why *why)
{
    /* A row that is not known whole has to be the last, whatever is made of its status. */
    csv->no_memory = csv->no_memory || why->status == TARIFF_E_NOMEM;
    return tf_csv_error(csv, column, why->at, why->status, why->hint, "%s", why->message);
}

void tf_csv_warning(tf_csv *csv, int column, const char *hint, const char *format, ...)
{
    char    message[512];
    spot    here;
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    place_of_field(csv, column, 0, &here);
    tf_warning(csv->env, &here.place, hint, "%s", message);
    leave(csv, &here);
}
