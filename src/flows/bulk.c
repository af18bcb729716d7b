/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flows/bulk.h"

#include "base/utf8.h"
#include "flows/bulk_reader.h"

/* The file */

static bool is_plain(tariff_env *env, const tf_flows *flows, const tf_flows_spec *spec)
{
    const tariff_limits *limits = &env->limits;
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ /* texts are compared as words */
           && tf_file_size(spec->path) > 0 /* what cannot be read again is read once, with care */
           && !tf_flows_has_rules(flows)
           && limits->max_field >= TF_SEPARATORS_WINDOW
           && limits->max_record >= TF_SEPARATORS_WINDOW
           && tf_flows_column(flows, TF_FLOW_CLAIMS) < 0
           && tf_flows_column(flows, TF_FLOW_PARTS) < 0
           && tf_flows_column(flows, TF_FLOW_QUANTITY) < 0;
}

tariff_status tf_bulk_begin(tariff_env *env, tf_flows *flows, tf_bulk **out)
{
    const tf_flows_spec *spec = tf_flows_what(flows);
    *out = NULL;
    if (!is_plain(env, flows, spec))
        return TARIFF_OK;
    tf_bulk *bulk = tf_alloc(env, sizeof *bulk);
    TF_NEED(bulk);
    memset(bulk, 0, sizeof *bulk);
    bulk->env = env;
    bulk->csv = tf_flows_csv(flows);
    bulk->layout = (tf_bulk_layout){ .hs = tf_flows_column(flows, TF_FLOW_HS),
                                    .origin = tf_flows_column(flows, TF_FLOW_ORIGIN),
                                    .importer = tf_flows_column(flows, TF_FLOW_IMPORTER),
                                    .period = tf_flows_column(flows, TF_FLOW_PERIOD),
                                    .value = tf_flows_column(flows, TF_FLOW_VALUE),
                                    .all_origin = spec->origin,
                                    .all_importer = spec->importer,
                                    .width = tf_csv_width(bulk->csv),
                                    .places = 4 + spec->profile.scale,
                                    .countries = spec->profile.countries };
    bulk->first_line = tf_csv_next_line(bulk->csv);
    tf_arena_init(&bulk->arena, &env->allocator);
    pthread_mutex_init(&bulk->lock, NULL);
    *out = bulk;
    return TARIFF_OK;
}

void tf_bulk_end(tf_bulk *bulk)
{
    if (!bulk)
        return;
    pthread_mutex_destroy(&bulk->lock);
    tf_arena_free(&bulk->arena);
    tf_free(bulk->env, bulk, sizeof *bulk);
}

bool tf_bulk_gave_up(const tf_bulk *bulk)
{
    return atomic_load(&bulk->gave_up);
}

uint32_t *tf_bulk_lines(const tf_bulk *bulk, tf_arena *arena)
{
    uint32_t *lines = TF_ARRAY(arena, uint32_t, bulk->lines.n + 1);
    if (lines)
        lines[0] = bulk->first_line;
    for (size_t i = 0; lines && i < bulk->lines.n; i++)
        lines[i + 1] = lines[i] + bulk->lines.at[i];
    return lines;
}

/* What cannot be read gives up in silence: bad rows before it are told of first.  So does a long
 * line. */
static tariff_status take_lines(tf_bulk_reader *r, size_t *n)
{
    tf_hush       hush = tf_hush_begin(r->env);
    tariff_status status = tf_csv_take_lines(r->bulk->csv, r->text + TF_BULK_PADDING, TF_BULK_BLOCK, n);
    tf_hush_end(r->env, &hush);
    if (status == TARIFF_OK || status == TARIFF_E_NOMEM)
        return status;
    atomic_store(&r->bulk->gave_up, true);
    *n = 0;
    return TARIFF_OK;
}

/* Blocks are read in order, by whoever needs one; splitting them is the work. */
static tariff_status take_block(tf_bulk_reader *r)
{
    tf_bulk      *bulk = r->bulk;
    tariff_status status = TARIFF_OK;
    size_t        n = 0;
    pthread_mutex_lock(&bulk->lock);
    if (r->begun)
        bulk->lines.at[r->block] = r->line;
    if (!bulk->at_end && !atomic_load(&bulk->gave_up)) {
        uint32_t none = 0;
        status = take_lines(r, &n);
        if (status == TARIFF_OK && n > 0 && !TF_PUSH(&bulk->arena, &bulk->lines, none))
            status = TARIFF_E_NOMEM;
        r->block = (uint32_t)bulk->lines.n - 1;
        bulk->at_end = n == 0;
    }
    r->begun = n > 0;
    pthread_mutex_unlock(&bulk->lock);
    r->at = 0;
    r->end = n;
    r->line = 0;
    return status;
}

/* Windows: false gives up */

/* Has each line a field for each column?  Then all newlines are where last fields end. */
static bool are_even_lines(const tf_separators *s, const char *text, size_t width)
{
    const uint16_t *last = s->bounds + width;
    if (s->lines * width > s->n)
        return false;
    for (size_t i = 0; i < s->lines; i++, last += width)
        if (text[*last] != '\n')
            return false;
    return true;
}

/* How many lines, from the first, have. */
static size_t count_even_lines(const tf_separators *s, size_t width)
{
    size_t n = 0;
    for (const uint16_t *last = s->bounds + width; n < s->lines; n++, last += width)
        if ((n + 1) * width > s->n || *last != s->line_end[n])
            break;
    return n;
}

/* The lines before one that is empty. */
static size_t count_full_lines(const tf_separators *s, const char *text, size_t lines)
{
    for (size_t i = 0, begin = 0; i < lines; begin = s->line_end[i++] + 1u)
        if (s->line_end[i] - begin < 2 && (text[begin] == '\n' || text[begin] == '\r'))
            return i;
    return lines;
}

/* Empty lines are no rows. */
static bool skip_empty_line(tf_bulk_reader *r, const char *text)
{
    size_t length = text[0] == '\r' ? 2 : 1;
    if (text[length - 1] != '\n')
        return false;
    r->rows.n = 0;
    r->at += length;
    r->line++;
    return true;
}

/* So many windows in a row are like one of which parsers could differ. */
enum { ALIKE = 32 };

/* Lines of which any two parsers make the same records. */
static bool read_plain_lines(tf_bulk_reader *r, const char *text, size_t lines)
{
    return lines > 0 && tf_bulk_read_columns(r, text, lines);
}

static bool read_odd_lines(tf_bulk_reader *r, const char *text, size_t length, size_t lines)
{
    return tf_bulk_split_records(r, text, length, lines)
           && tf_bulk_read_columns(r, r->fields + TF_BULK_PADDING, lines);
}

static size_t end_of_even_lines(const tf_bulk_reader *r, size_t lines)
{
    return r->separators.bounds[lines * r->bulk->layout.width] + 1u;
}

/* As many of the lines as can be read in one way: all, or those that are even. */
static bool read_lines(tf_bulk_reader *r, const char *text, size_t even, size_t *lines,
                       size_t *length)
{
    if (r->odd > 0) {
        r->odd--;
    } else if (read_plain_lines(r, text, even)) {
        *lines = even;
        *length = end_of_even_lines(r, even);
        return true;
    } else {
        r->odd = ALIKE;
    }
    return read_odd_lines(r, text, *length, *lines);
}

/* The separators of a window, and how many lines it has before one that is empty.
 * @param even  before one that has not a field for each column: mostly all, and only where not,
 *              single newlines are looked for. */
static size_t find_lines(tf_separators *s, const char *text, size_t length, size_t width,
                         size_t *even)
{
    tf_find_bounds(text, length, s);
    *even = s->lines;
    if (width > 1 && are_even_lines(s, text, width))
        return s->lines;
    tf_find_separators(text, length, s);
    size_t lines = count_full_lines(s, text, s->lines);
    *even = count_even_lines(s, width);
    if (*even > lines)
        *even = lines;
    return lines;
}

static bool read_window(tf_bulk_reader *r)
{
    const char    *text = r->text + TF_BULK_PADDING + r->at;
    size_t         length = r->end - r->at, even;
    tf_separators *s = &r->separators;
    if (length > TF_SEPARATORS_WINDOW)
        length = TF_SEPARATORS_WINDOW;
    size_t lines = find_lines(s, text, length, r->bulk->layout.width, &even);
    if (s->lines == 0 || s->zeros)
        return false;
    if (lines == 0)
        return skip_empty_line(r, text);
    length = lines > even ? s->line_end[lines - 1] + 1u : end_of_even_lines(r, lines);
    if ((s->wide && tf_utf8_valid(text, length) != length)
        || (s->returns && !tf_bulk_returns_end_lines(text, length)))
        return false;
    if (!read_lines(r, text, even, &lines, &length))
        return false;
    r->line += (uint32_t)lines;
    r->at += length;
    return true;
}

tariff_status tf_bulk_reader_new(tariff_env *env, tf_bulk *bulk, tf_bulk_reader **out)
{
    *out = NULL;
    tf_bulk_reader *r = tf_alloc(env, sizeof *r);
    TF_NEED(r);
    memset(r, 0, offsetof(tf_bulk_reader, rows));
    r->bulk = bulk;
    r->env = env;
    tf_arena_init(&r->arena, &env->allocator);
    memset(r->fields, 0, TF_BULK_PADDING);
    memset(r->text, 0, TF_BULK_PADDING);
    memset(r->text + TF_BULK_PADDING + TF_BULK_BLOCK, 0, TF_BULK_PADDING);
    tf_bulk_fill_columns(r);
    *out = r;
    return TARIFF_OK;
}

void tf_bulk_reader_free(tf_bulk_reader *r)
{
    if (!r)
        return;
    if (r->has_parser)
        csv_free(&r->parser);
    tf_arena_free(&r->arena);
    tf_free(r->env, r, sizeof *r);
}

tariff_status tf_bulk_next(tf_bulk_reader *r, const tf_bulk_rows **rows, uint32_t *block)
{
    *rows = &r->rows;
    r->rows.n = 0;
    while (r->rows.n == 0) {
        if (r->at == r->end)
            TF_TRY(take_block(r));
        if (r->at == r->end || atomic_load(&r->bulk->gave_up))
            return TARIFF_OK;
        if (!read_window(r)) {
            atomic_store(&r->bulk->gave_up, true);
            r->rows.n = 0;
            return TARIFF_OK;
        }
    }
    *block = r->block;
    return TARIFF_OK;
}

size_t tf_bulk_products(const tf_bulk_reader *r)
{
    return r->codes.n;
}

uint64_t tf_bulk_product(const tf_bulk_reader *r, uint32_t number)
{
    return r->codes.at[number];
}

bool tf_bulk_period(const tf_bulk_reader *r, uint32_t number, tariff_span *out)
{
    if (number == TF_BULK_NO_PERIOD)
        return false;
    *out = r->spans.at[number - 1];
    return true;
}
