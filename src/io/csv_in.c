/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_reader.h"

#include "base/utf8.h"

#include <stdio.h>

enum { BLOCK = 64 * 1024, MAX_COLUMNS = 4096 };

/* Callbacks of libcsv */

static bool reserve(tf_csv *csv, void *array, size_t *size, size_t want, size_t element)
{
    void *old;
    if (want <= *size)
        return true;
    size_t next = *size ? *size * 2 : 256;
    if (next < want)
        next = want;
    memcpy(&old, array, sizeof old);
    void *fresh = tf_realloc(csv->env, old, *size * element, next * element);
    if (!fresh)
        return false;
    memcpy(array, &fresh, sizeof fresh);
    *size = next;
    return true;
}

static void on_field(void *bytes, size_t length, void *user)
{
    tf_csv *csv = user;
    if (csv->rows > 0 || csv->no_memory)
        return;
    if (csv->field_count > MAX_COLUMNS) /* one more, to be told of */
        return;
    if (!reserve(csv, &csv->fields, &csv->field_room, csv->field_count + 1, sizeof *csv->fields)
        || !reserve(csv, &csv->text, &csv->text_size, csv->text_length + length + 1, 1)) {
        csv->no_memory = true;
        return;
    }
    field_at *field = &csv->fields[csv->field_count++];
    field->offset = bytes ? csv->text_length : SIZE_MAX;
    field->length = length;
    if (length)
        memcpy(csv->text + csv->text_length, bytes, length);
    csv->text[csv->text_length + length] = '\0';
    csv->text_length += length + 1;
}

static void on_record(int terminator, void *user)
{
    tf_csv *csv = user;
    (void)terminator;
    csv->rows++;
}

/* Lines */

/* Where the quote that is still open at `end` was opened. */
static size_t open_quote(const tf_csv *csv, size_t end)
{
    size_t opened = csv->record;
    bool   quoted = false;
    for (size_t i = csv->record; i < end; i++)
        if (csv->buf[i] == '"') {
            quoted = !quoted;
            if (quoted && (i == csv->record || csv->buf[i - 1] != '"'))
                opened = i;
        }
    return opened;
}

static tariff_status too_long(const tf_csv *csv, size_t end)
{
    char   message[128];
    size_t quotes = 0;
    for (size_t i = csv->record; i < end; i++)
        quotes += csv->buf[i] == '"';
    snprintf(message, sizeof message, "a record of more than %zu bytes", csv->env->limits.max_record);
    if (quotes % 2)
        return tf_csv_error_at(csv, open_quote(csv, end), TARIFF_E_LIMIT,
                        "is this quote never closed?", message);
    return tf_csv_error_at(csv, csv->record, TARIFF_E_LIMIT, NULL, message);
}

/* Find the end of the line at csv->next, reading as needed.  *length 0 is the end of the file. */
static tariff_status find_line(tf_csv *csv, size_t *length)
{
    size_t scanned = csv->next;
    for (;;) {
        const char *newline =
            csv->end > scanned ? memchr(csv->buf + scanned, '\n', csv->end - scanned) : NULL;
        if (newline) {
            *length = (size_t)(newline - (csv->buf + csv->next)) + 1;
            return TARIFF_OK;
        }
        scanned = csv->end;
        if (csv->at_end) {
            *length = csv->end - csv->next;
            return TARIFF_OK;
        }
        if (csv->end - csv->record > csv->env->limits.max_record)
            return too_long(csv, csv->end);
        if (csv->record > 0) {
            memmove(csv->buf, csv->buf + csv->record, csv->end - csv->record);
            scanned -= csv->record;
            csv->next -= csv->record;
            csv->end -= csv->record;
            csv->record_end -= csv->record_end < csv->record ? csv->record_end : csv->record;
            csv->record = 0;
            csv->window_end = 0; /* what was known of it is elsewhere now */
        }
        if (!reserve(csv, &csv->buf, &csv->size, csv->end + BLOCK, 1))
            return TARIFF_E_NOMEM;
        size_t got;
        TF_TRY(tf_source_read(csv->source, csv->buf + csv->end, csv->size - csv->end, &got));
        csv->end += got;
        csv->at_end = got == 0;
    }
}

static tariff_status check_bytes(tf_csv *csv, size_t length)
{
    const char *line = csv->buf + csv->next;
    const char *zero = memchr(line, '\0', length);
    if (zero)
        return tf_csv_error_at(csv, (size_t)(zero - csv->buf), TARIFF_E_SYNTAX,
                        "is this a CSV text file? UTF-16 has to be converted to UTF-8",
                        "a NUL byte");
    size_t good = tf_utf8_valid(line, length);
    if (good < length) {
        char message[64];
        snprintf(message, sizeof message, "byte 0x%02x is not UTF-8",
                 (unsigned)(unsigned char)line[good]);
        return tf_csv_error_at(csv, csv->next + good, TARIFF_E_SYNTAX,
                        "convert the file to UTF-8, for instance with iconv -f latin1 -t utf-8",
                        message);
    }
    return TARIFF_OK;
}

static tariff_status stray_return(tf_csv *csv, size_t length)
{
    const char *at = memchr(csv->buf + csv->next, '\r', length);
    return tf_csv_error_at(csv, at ? (size_t)(at - csv->buf) : csv->next, TARIFF_E_SYNTAX,
                    "lines end with LF or CRLF", "a carriage return within a line");
}

/* The plain lane: records on which any two parsers agree are split here, without libcsv's walk
 * through their bytes.  On any doubt it does nothing, and libcsv reads the record. */

/* Know the separators of the lines that follow; false if there is no whole one. */
static bool look_ahead(tf_csv *csv)
{
    const char    *text = csv->buf + csv->next;
    size_t         n = csv->end - csv->next;
    tf_separators *s = csv->separators;
    tf_find_separators(text, n < TF_SEPARATORS_WINDOW ? n : TF_SEPARATORS_WINDOW, s);
    if (s->lines == 0)
        return false;
    n = s->line_end[s->lines - 1] + 1u;
    csv->window = csv->next;
    csv->window_end = csv->next + n;
    csv->window_plain = !s->zeros && (!s->wide || tf_utf8_valid(text, n) == n);
    csv->separator = 0;
    return true;
}

static inline bool is_blank(char c)
{
    return c <= ' ' && (c == ' ' || c == '\t');
}

static inline bool has_blank_edge(const char *line, size_t start, size_t end)
{
    return end > start && (is_blank(line[start]) || is_blank(line[end - 1]));
}

/* The field [start, end) of a line with quotes; false if parsers could differ on it. */
static bool unquote(const char *line, size_t start, size_t end, field_at *field)
{
    bool quoted = end > start && line[start] == '"';
    if (quoted && (end - start < 2 || line[end - 1] != '"'))
        return false;
    start += quoted;
    end -= quoted;
    *field = (field_at){ start, end - start };
    return !memchr(line + start, '"', end - start)
           && (quoted || !has_blank_edge(line, start, end));
}

static inline bool take_field(const char *line, size_t start, size_t end, bool quotes, char *text,
                              field_at *field)
{
    *field = (field_at){ start, end - start };
    if (quotes ? !unquote(line, start, end, field) : has_blank_edge(line, start, end))
        return false;
    text[field->offset + field->length] = '\0';
    return true;
}

/* Split a line into fields that end at separators; the last one ends at `last`. */
static bool split_line(tf_csv *csv, const char *line, const uint16_t *separators, size_t count,
                       size_t last)
{
    const bool quotes = csv->separators->quotes;
    field_at  *field = csv->fields;
    char      *text = csv->text;
    size_t     start = 0, offset = csv->next - csv->window;
    for (size_t n = 1; n < count; n++, field++) {
        size_t end = *separators++ - offset;
        if (!take_field(line, start, end, quotes, text, field))
            return false;
        start = end + 1;
    }
    return take_field(line, start, last, quotes, text, field);
}

/* True if the line at csv->next was a whole record and is split. */
static bool take_plain(tf_csv *csv, size_t *taken)
{
    if (!csv->separators || csv->field_room == 0
        || (csv->next >= csv->window_end && !look_ahead(csv)) || !csv->window_plain)
        return false;
    const tf_separators *s = csv->separators;
    const uint16_t      *at = s->bounds + 1;
    const char          *line = csv->buf + csv->next, *window = csv->buf + csv->window;
    size_t               offset = csv->next - csv->window, first = csv->separator;
    while (at[first] < offset) /* libcsv took what was there */
        first++;
    size_t end = first;
    csv->separator = first;
    while (window[at[end]] != '\n')
        end++;
    size_t length = at[end] + 1u - offset, count = end + 1 - first;
    bool   returned = length > 1 && line[length - 2] == '\r';
    if (length > csv->env->limits.max_record || line[0] == ',' || is_blank(line[0])
        || length - returned == 1 || (s->returns && memchr(line, '\r', length - 1 - returned))
        || (s->quotes && memchr(line, '\n', length - 1)) || count > csv->field_room
        || !reserve(csv, &csv->text, &csv->text_size, length + 1, 1))
        return false;
    memcpy(csv->text, line, length);
    if (!split_line(csv, line, at + first, count, length - 1 - returned))
        return false;
    csv->field_count = count;
    csv->text_length = length;
    csv->separator = end + 1;
    *taken = length;
    return true;
}

/* Feed one line; on return csv->rows tells how many records ended in it. */
static tariff_status feed(tf_csv *csv, size_t length)
{
    csv->rows = 0;
    const char *line = csv->buf + csv->next;
    size_t      fed = csv_parse(&csv->parser, line, length, on_field, on_record, csv);
    if (csv->no_memory || (fed < length && csv_error(&csv->parser) == CSV_ENOMEM))
        return TARIFF_E_NOMEM;
    if (fed < length) {
        size_t at = csv->next + fed;
        return tf_csv_error_at(csv, at, TARIFF_E_SYNTAX,
                        "a field with quotes in it is quoted whole, and its quotes are doubled",
                        "a quotation mark in the wrong place");
    }
    return TARIFF_OK;
}

/* At the end of the file: the last record may lack its newline. */
static tariff_status finish(tf_csv *csv)
{
    csv->rows = 0;
    if (csv_fini(&csv->parser, on_field, on_record, csv) != 0) {
        if (csv_error(&csv->parser) == CSV_ENOMEM)
            return TARIFF_E_NOMEM;
        return tf_csv_error_at(csv, open_quote(csv, csv->end), TARIFF_E_SYNTAX, NULL,
                        "this quote is never closed");
    }
    return csv->no_memory ? TARIFF_E_NOMEM : TARIFF_OK;
}

static tariff_status check_field_lengths(tf_csv *csv)
{
    for (size_t i = 0; i < csv->field_count; i++)
        if (csv->fields[i].length > csv->env->limits.max_field)
            return tf_csv_error(csv, (int)i, 0, TARIFF_E_LIMIT, NULL,
                                "a field of more than %zu bytes", csv->env->limits.max_field);
    return TARIFF_OK;
}

static tariff_status read_record(tf_csv *csv, bool *more)
{
    csv->field_count = 0;
    csv->text_length = 0;
    csv->record = csv->next;
    csv->record_line = csv->line;
    *more = false;
    size_t length = 0;
    if (take_plain(csv, &length)) {
        csv->next += length;
        csv->line++;
        csv->record_end = csv->next;
        *more = true;
        return length <= csv->env->limits.max_field ? TARIFF_OK : check_field_lengths(csv);
    }
    for (;;) {
        TF_TRY(find_line(csv, &length));
        if (length == 0) {
            TF_TRY(finish(csv));
            csv->record_end = csv->end;
            *more = csv->rows > 0;
            return *more ? check_field_lengths(csv) : TARIFF_OK;
        }
        if (csv->next + length - csv->record > csv->env->limits.max_record)
            return too_long(csv, csv->next + length);
        TF_TRY(check_bytes(csv, length));
        TF_TRY(feed(csv, length));
        /* A record that ended before the line did: something ended it within. */
        if (csv->rows > 1 || (csv->rows == 1 && csv->parser.pstate != 0))
            return stray_return(csv, length);
        csv->next += length;
        csv->line++;
        csv->record_end = csv->next;
        if (csv->rows == 1) {
            *more = true;
            return check_field_lengths(csv);
        }
        if (csv->field_count == 0 && csv->parser.pstate == 0) {
            csv->record = csv->next; /* an empty line */
            csv->record_line = csv->line;
        }
    }
}

/* Header */

static void skip_bom(tf_csv *csv)
{
    if (csv->end >= 3 && memcmp(csv->buf, "\xEF\xBB\xBF", 3) == 0)
        csv->next = csv->record = 3;
}

static tariff_status read_header(tf_csv *csv)
{
    bool   more;
    size_t ignored;
    csv->line = 1;
    csv->record_line = 1;
    TF_TRY(find_line(csv, &ignored));
    skip_bom(csv);
    TF_TRY(read_record(csv, &more));
    if (!more) {
        tf_place here = { .file = tf_source_path(csv->source), .line = 1 };
        return tf_error(csv->env, TARIFF_E_SCHEMA, &here, "the first line names the columns",
                        "the file is empty");
    }
    csv->width = csv->field_count;
    if (csv->width > MAX_COLUMNS)
        return tf_csv_error(csv, MAX_COLUMNS, 0, TARIFF_E_LIMIT, NULL, "more than %d columns",
                            MAX_COLUMNS);
    const char **header = TF_ARRAY(&csv->arena, const char *, csv->width);
    TF_NEED(header);
    for (size_t i = 0; i < csv->width; i++) {
        tf_field field = tf_csv_field(csv, (int)i);
        header[i] = tf_arena_text(&csv->arena, field.text, field.length);
        TF_NEED(header[i]);
    }
    csv->header = header;
    return TARIFF_OK;
}

tariff_status tf_csv_open(tariff_env *env, const char *path, const tf_place *place, tf_sum sum,
                          tf_csv **out)
{
    tf_source *source;
    *out = NULL;
    TF_TRY(tf_source_open(env, path, place, sum, &source));
    tf_csv *csv = tf_alloc(env, sizeof *csv);
    if (!csv) {
        tf_source_close(source);
        return TARIFF_E_NOMEM;
    }
    memset(csv, 0, sizeof *csv);
    csv->env = env;
    csv->source = source;
    tf_arena_init(&csv->arena, &env->allocator);
    csv->parser_ready =
        csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL) == 0;
    if (csv->parser_ready)
        csv_set_blk_size(&csv->parser, BLOCK); /* it would grow by 128 bytes at a time */
    csv->separators = tf_alloc(env, sizeof *csv->separators);
    tariff_status status =
        csv->parser_ready && csv->separators ? read_header(csv) : TARIFF_E_NOMEM;
    if (status != TARIFF_OK) {
        tf_csv_close(csv);
        return status;
    }
    *out = csv;
    return TARIFF_OK;
}

void tf_csv_only_libcsv(tf_csv *csv)
{
    tf_free(csv->env, csv->separators, sizeof *csv->separators);
    csv->separators = NULL;
}

void tf_csv_close(tf_csv *csv)
{
    if (!csv)
        return;
    if (csv->parser_ready)
        csv_free(&csv->parser);
    tf_source_close(csv->source);
    tf_free(csv->env, csv->buf, csv->size);
    tf_free(csv->env, csv->separators, sizeof *csv->separators);
    tf_free(csv->env, csv->fields, csv->field_room * sizeof *csv->fields);
    tf_free(csv->env, csv->text, csv->text_size);
    tf_arena_free(&csv->arena);
    tf_free(csv->env, csv, sizeof *csv);
}

/* Records */

tariff_status tf_csv_next(tf_csv *csv, bool *more)
{
    if (csv->no_memory)
        return TARIFF_E_NOMEM;
    TF_TRY(read_record(csv, more));
    if (!*more || csv->field_count == csv->width)
        return TARIFF_OK;
    if (csv->field_count < csv->width)
        return tf_csv_error(csv, (int)csv->field_count - 1, 0, TARIFF_E_SCHEMA,
                            "is a comma missing, or a quote not closed?",
                            "%zu fields, the header has %zu", csv->field_count, csv->width);
    return tf_csv_error(csv, (int)csv->width, 0, TARIFF_E_SCHEMA,
                        "a field with a comma in it needs quotes",
                        "%zu fields, the header has %zu", csv->field_count, csv->width);
}

tf_field tf_csv_field_at(const tf_csv *csv, size_t column)
{
    if (column >= csv->field_count || csv->fields[column].offset == SIZE_MAX)
        return (tf_field){ "", 0 };
    return (tf_field){ csv->text + csv->fields[column].offset, csv->fields[column].length };
}

static tariff_status fill(tf_csv *csv, char *buf, size_t size, size_t *have)
{
    while (*have < size && !csv->at_end) {
        size_t got;
        TF_TRY(tf_source_read(csv->source, buf + *have, size - *have, &got));
        *have += got;
        csv->at_end = got == 0;
    }
    return TARIFF_OK;
}

tariff_status tf_csv_take_lines(tf_csv *csv, char *buf, size_t size, size_t *n)
{
    size_t have = csv->end - csv->next;
    *n = 0;
    if (have >= size)
        return TARIFF_E_LIMIT;
    memcpy(buf, csv->buf + csv->next, have);
    TF_TRY(fill(csv, buf, size - 1, &have)); /* one byte for a newline */
    const char *newline = have ? memrchr(buf, '\n', have) : NULL;
    size_t      whole = newline ? (size_t)(newline - buf) + 1 : 0;
    if (csv->at_end && whole < have) {
        buf[have] = '\n';
        whole = ++have;
    }
    if (whole == 0 && have > 0)
        return TARIFF_E_LIMIT;
    if (!reserve(csv, &csv->buf, &csv->size, have - whole, 1))
        return TARIFF_E_NOMEM;
    memcpy(csv->buf, buf + whole, have - whole);
    csv->record = csv->next = csv->window_end = 0;
    csv->end = have - whole;
    *n = whole;
    return TARIFF_OK;
}

/* What is left of what was taken, before all else that is in the buffer. */
static tariff_status put_first(tf_csv *csv, const char *bytes, size_t n)
{
    size_t rest = csv->end - csv->next;
    if (n > csv->next) {
        if (!reserve(csv, &csv->buf, &csv->size, n + rest, 1))
            return TARIFF_E_NOMEM;
        memmove(csv->buf + n, csv->buf + csv->next, rest);
        csv->next = n;
        csv->end = n + rest;
    }
    csv->next -= n;
    memcpy(csv->buf + csv->next, bytes, n);
    csv->record = csv->record_end = csv->next;
    csv->window_end = 0;
    return TARIFF_OK;
}

tariff_status tf_csv_take_some(tf_csv *csv, char *buf, size_t size, size_t *n)
{
    size_t      have = csv->end - csv->next, scanned = 0;
    const char *newline = NULL;
    *n = 0;
    if (have > size)
        have = size;
    memcpy(buf, csv->buf + csv->next, have);
    csv->next += have;
    csv->record = csv->record_end = csv->next;
    csv->window_end = 0;
    for (;;) {
        size_t got;
        newline = have > scanned ? memrchr(buf + scanned, '\n', have - scanned) : NULL;
        if (newline || have == size || csv->at_end)
            break;
        scanned = have;
        TF_TRY(tf_source_read(csv->source, buf + have, size - have, &got));
        have += got;
        csv->at_end = got == 0;
    }
    *n = newline ? (size_t)(newline - buf) + 1 : 0;
    return put_first(csv, buf + *n, have - *n);
}

tariff_status tf_csv_give_back(tf_csv *csv, const char *lines, size_t n)
{
    return put_first(csv, lines, n);
}

bool tf_csv_would_wait(const tf_csv *csv)
{
    return !csv->at_end && !memchr(csv->buf + csv->next, '\n', csv->end - csv->next)
           && !tf_source_is_ready(csv->source);
}

void tf_csv_pass_lines(tf_csv *csv, uint32_t lines)
{
    csv->line += lines;
}

tf_field tf_csv_record(const tf_csv *csv)
{
    const char *text = csv->buf + csv->record;
    size_t      n = csv->record_end - csv->record;
    if (n > 0 && text[n - 1] == '\n')
        n--;
    if (n > 0 && text[n - 1] == '\r')
        n--;
    return (tf_field){ text, n };
}

uint32_t tf_csv_next_line(const tf_csv *csv)
{
    return csv->line;
}

uint32_t tf_csv_line(const tf_csv *csv)
{
    return csv->record_line;
}

size_t tf_csv_width(const tf_csv *csv)
{
    return csv->width;
}

const char *tf_csv_header(const tf_csv *csv, size_t column)
{
    return csv->header[column];
}

tf_fingerprint tf_csv_fingerprint(const tf_csv *csv)
{
    return tf_source_fingerprint(csv->source);
}

void tf_csv_sha256(tf_csv *csv, char out[TF_SHA256_TEXT])
{
    tf_source_sha256(csv->source, out);
}

tariff_env *tf_csv_env(const tf_csv *csv)
{
    return csv->env;
}

const char *tf_csv_path(const tf_csv *csv)
{
    return tf_source_path(csv->source);
}
