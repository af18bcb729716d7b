/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Windows of text of which parsers could differ: libcsv splits them.
 */
#include "flows/bulk_reader.h"

/** What libcsv found so far. */
typedef struct records {
    tf_bulk_reader *reader;
    size_t          fields, rows;
    size_t          length; /**< Of the fields' text; not longer than what it is made of. */
    bool            uneven; /**< A record has not as many fields as there are columns. */
} records;

static void on_field(void *bytes, size_t length, void *user)
{
    records        *found = user;
    tf_bulk_reader *r = found->reader;
    char           *text = r->fields + TF_BULK_PADDING;
    if (length)
        memcpy(text + found->length, bytes, length);
    found->length += length;
    text[found->length] = '\0'; /* which is in no field */
    r->separators.bounds[++found->fields] = (uint16_t)found->length++;
}

static void on_record(int end, void *user)
{
    records *found = user;
    (void)end;
    found->rows++;
    if (found->fields != found->rows * found->reader->bulk->layout.width)
        found->uneven = true;
}

/* As the other reader of records does: see io/csv_in.c. */
static bool has_parser(tf_bulk_reader *r)
{
    if (!r->has_parser)
        r->has_parser =
            csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL) == 0;
    return r->has_parser;
}

bool tf_bulk_split_records(tf_bulk_reader *r, const char *text, size_t length, size_t lines)
{
    tf_separators *s = &r->separators;
    records        found = { .reader = r };
    if (s->hidden || !has_parser(r)
        || csv_parse(&r->parser, text, length, on_field, on_record, &found) != length
        || found.uneven || found.rows != lines)
        return false;
    s->quotes = s->returns = false;
    return true;
}
