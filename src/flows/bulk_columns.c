/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The rows of a window of text, column by column: what is done to one field is
 * done to that of the next row before anything else, and depends on nothing of
 * it.
 */
#include "flows/bulk_column.h"
#include "flows/plain_value.h"
#include "flows/plain_values.h"
#include "value/decimal.h"

/* Values */

static bool read_value(tf_bulk_field field, unsigned places, int64_t *out)
{
    return tf_plain_value(field.text + field.length, field.length, places, out)
           || (field.length > 0
               && tf_parse_decimal(field.text, field.length, places, "value", out, NULL)
                      == TARIFF_OK);
}

/* None is negative. */
static void add_values(tf_bulk_rows *rows)
{
    uint64_t bits = 0, sum = 0;
    for (size_t i = 0; i < rows->n; i++) {
        bits |= (uint64_t)rows->value[i];
        sum += (uint64_t)rows->value[i];
    }
    rows->bits = bits;
    rows->sizes = sum;
    rows->sum = (int64_t)sum;
}

static bool read_values(tf_bulk_reader *r, const tf_bulk_column *c)
{
    const unsigned places = r->bulk->layout.places;
    int64_t       *values = r->rows.value;
    bool odd = !c->plain
               || tf_plain_values(c->text, c->bounds, c->width, c->rows, places, values);
    for (size_t i = 0; odd && i < c->rows; i++)
        if ((!c->plain || values[i] == TF_NOT_PLAIN)
            && !read_value(tf_bulk_field_of(c, i, c->plain), places, &values[i]))
            return false;
    add_values(&r->rows);
    return true;
}

/* All columns */

static tf_bulk_column column_of(const tf_bulk_reader *r, const char *text, bool plain, int number)
{
    const tf_separators *s = &r->separators;
    size_t               width = r->bulk->layout.width;
    return (tf_bulk_column){ text, s->bounds + number, width, r->rows.n, plain,
                             s->returns && (size_t)number + 1 == width };
}

static bool read_origins(tf_bulk_reader *r, const char *text, bool plain)
{
    const tf_bulk_layout *l = &r->bulk->layout;
    if (l->origin < 0)
        return true;
    const tf_bulk_column c = column_of(r, text, plain, l->origin);
    return l->all_origin == TARIFF_COUNTRY_NONE
               ? tf_bulk_read_origins(r, &c, r->rows.origin)
               : tf_bulk_are_all(r, &c, &r->origins, l->all_origin);
}

static bool read_importers(tf_bulk_reader *r, const char *text, bool plain)
{
    const tf_bulk_layout *l = &r->bulk->layout;
    if (l->importer < 0)
        return true;
    const tf_bulk_column c = column_of(r, text, plain, l->importer);
    return l->all_importer == TARIFF_COUNTRY_NONE
               ? tf_bulk_read_importers(r, &c, r->rows.importer)
               : tf_bulk_are_all(r, &c, &r->importers, l->all_importer);
}

static bool read_periods(tf_bulk_reader *r, const char *text, bool plain)
{
    const tf_bulk_layout *l = &r->bulk->layout;
    if (l->period < 0)
        return true;
    const tf_bulk_column c = column_of(r, text, plain, l->period);
    return tf_bulk_read_periods(r, &c, r->rows.period);
}

static bool read_columns(tf_bulk_reader *r, const char *text, bool plain)
{
    const tf_bulk_layout *l = &r->bulk->layout;
    const tf_bulk_column  products = column_of(r, text, plain, l->hs);
    const tf_bulk_column  values = column_of(r, text, plain, l->value);
    return tf_bulk_read_products(r, &products, r->rows.product) && read_values(r, &values)
           && read_origins(r, text, plain) && read_importers(r, text, plain)
           && read_periods(r, text, plain);
}

/* Quotes only around a whole field, and doubled inside: then any parser finds the same fields. */
static bool is_well_quoted(const char *text, size_t start, size_t end)
{
    if (start == end || text[start] != '"')
        return !memchr(text + start, '"', end - start);
    if (end - start < 2 || text[end - 1] != '"')
        return false;
    for (start++, end--; start < end; start++)
        if (text[start] == '"' && (++start == end || text[start] != '"'))
            return false;
    return true;
}

/* A carriage return before the newline belongs to it. */
static size_t end_of(const tf_separators *s, const char *text, size_t field)
{
    size_t end = s->bounds[field + 1];
    return text[end] == '\n' && end > 0 && text[end - 1] == '\r' ? end - 1 : end;
}

static bool are_well_quoted(const tf_separators *s, const char *text, size_t fields)
{
    for (size_t i = 0; i < fields; i++) {
        size_t start = (uint16_t)(s->bounds[i] + 1), end = end_of(s, text, i);
        if (end < start || !is_well_quoted(text, start, end))
            return false;
    }
    return true;
}

/* Elsewhere than before a newline it is a reason to give up. */
bool tf_bulk_returns_end_lines(const char *text, size_t length)
{
    const char *end = text + length, *at = text;
    while ((at = memchr(at, '\r', (size_t)(end - at))) != NULL)
        if (++at == end || *at != '\n')
            return false;
    return true;
}

bool tf_bulk_read_columns(tf_bulk_reader *r, const char *text, size_t lines)
{
    const tf_separators *s = &r->separators;
    r->rows.n = lines;
    r->rows.first_line = r->line;
    if (!s->quotes && !s->returns)
        return read_columns(r, text, true);
    return !s->hidden
           && (!s->quotes || are_well_quoted(s, text, lines * r->bulk->layout.width))
           && read_columns(r, text, false);
}

static void fill(uint16_t *countries, uint16_t country)
{
    for (size_t i = 0; i < TF_BULK_ROWS; i++)
        countries[i] = country;
}

void tf_bulk_fill_columns(tf_bulk_reader *r)
{
    const tf_bulk_layout *l = &r->bulk->layout;
    fill(r->rows.origin, l->all_origin);
    fill(r->rows.importer, l->all_importer);
    for (size_t i = 0; i < TF_BULK_ROWS; i++)
        r->rows.period[i] = TF_BULK_NO_PERIOD;
}
