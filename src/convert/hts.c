/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "convert/describe.h"
#include "convert/hts_texts.h"
#include "io/sink.h"
#include "io/csv_in.h"
#include "value/date.h"
#include "value/hs.h"

#include <stdio.h>

enum { NUMBER, INDENT, DESCRIPTION, GENERAL, SPECIAL, OTHER, COLUMNS };

/** Where a rate comes from: the text, and the code of the line that prints it (0: none). */
typedef struct rate_source {
    uint32_t text;
    uint64_t giver;
} rate_source;

/** A line of eight or more digits. */
typedef struct line {
    uint64_t    key;
    rate_source from;
} line;

typedef struct reader {
    tariff_env               *env;
    const tariff_hts_options *options;
    tf_arena                  arena;
    tf_hts_texts              texts;
    tf_csv                   *csv;
    tf_column                 columns[COLUMNS];
    tf_describer              describer;
    tf_sink                  *out, *unparsed, *descriptions;
    tariff_hts_counts         counts;
    char                      from[16], until[16];

    rate_source level[TF_INDENTS]; /**< What the lines above hand down, by indent. */
    TF_VEC(line) group;            /**< The lines of one code of eight digits. */
} reader;

static const char *const column_names[] = { "general", "special", "other" };

/* Writing */

static tariff_status write_measure(reader *r, uint64_t key, const tf_charge *charge)
{
    char        hs[13];
    const char *rate = charge->rate ? charge->rate : r->options->marker;
    tariff_hs_format((tariff_hs){ key }, hs);
    if (!rate || !*charge->origins)
        return TARIFF_OK;
    const char *fields[] = { r->options->layer,     hs,      charge->origins,
                             r->options->importers, r->from, r->until,
                             rate,                  charge->when, r->options->citation };
    r->counts.measures++;
    return tf_sink_record(r->out, fields, sizeof fields / sizeof fields[0]);
}

static tariff_status write_rate(reader *r, uint64_t key, uint32_t text)
{
    const tf_charges *charges = &r->texts.list.at[text].charges;
    for (size_t i = 0; i < charges->n; i++)
        TF_TRY(write_measure(r, key, &charges->at[i]));
    return TARIFF_OK;
}

/* Does the line of the rate cover this one, so that no row of its own is needed? */
static bool is_covered(const line *l)
{
    return l->from.giver != 0 && l->from.giver != l->key
           && tariff_hs_covers((tariff_hs){ l->from.giver }, (tariff_hs){ l->key });
}

/* One rate on all lines (but for a blank one of eight digits), and not that of a line above? */
static bool is_uniform(const reader *r, uint64_t eight)
{
    const line *l = r->group.at, *end = l + r->group.n;
    if (l->key == eight && l->from.text == TF_NO_TEXT && r->group.n > 1)
        l++;
    for (uint32_t text = l->from.text; l < end; l++)
        if (text == TF_NO_TEXT || is_covered(l) || l->from.text != text)
            return false;
    return true;
}

/* The rates of the lines of one code of eight digits: of the code itself, or of those below. */
static tariff_status write_group(reader *r)
{
    if (r->group.n == 0)
        return TARIFF_OK;
    const line *head = &r->group.at[0];
    uint64_t    eight = tf_hs_cut(head->key, 8);
    bool        headed = head->key == eight;
    if (is_uniform(r, eight)) {
        TF_TRY(write_rate(r, eight, r->group.at[r->group.n - 1].from.text));
        r->group.n = 0;
        return TARIFF_OK;
    }
    bool rated = headed && head->from.text != TF_NO_TEXT;
    for (size_t i = 0; i < r->group.n; i++) {
        const line *l = &r->group.at[i];
        bool        leaf = l->key != eight || r->group.n == 1;
        if (l->from.text == TF_NO_TEXT)
            r->counts.without += leaf && !rated;
        else if (!is_covered(l) && (l == head || !rated || l->from.text != head->from.text))
            TF_TRY(write_rate(r, l->key, l->from.text));
    }
    r->group.n = 0;
    return TARIFF_OK;
}

/* Reading */

static tariff_status tell_unparsed(reader *r, const char *hs, const tf_charge *charge)
{
    int column = r->columns[GENERAL + r->options->column].index;
    if (!r->unparsed) {
        tf_csv_warning(r->csv, column, NULL, "%s", charge->why);
        return TARIFF_OK;
    }
    char number[16];
    snprintf(number, sizeof number, "%u", tf_csv_line(r->csv));
    const char *fields[] = { hs, column_names[r->options->column], charge->text, number };
    return tf_sink_record(r->unparsed, fields, sizeof fields / sizeof fields[0]);
}

/* Count what a printed cell holds, and tell what is not understood. */
static tariff_status count_cell(reader *r, const char *hs, uint32_t number)
{
    const tf_hts_text *text = &r->texts.list.at[number];
    for (size_t i = 0; i < text->unknown.n; i++)
        r->texts.programmes.unknown[text->unknown.at[i]]++;
    for (size_t i = 0; i < text->charges.n; i++) {
        const tf_charge *charge = &text->charges.at[i];
        if (charge->repeated)
            continue;
        r->counts.rates++;
        r->counts.of_content += charge->of_content;
        if (charge->rate)
            continue;
        r->counts.unparsed++;
        TF_TRY(tell_unparsed(r, hs, charge));
    }
    return TARIFF_OK;
}

static bool read_indent(reader *r, unsigned *out)
{
    tf_field field = tf_csv_field(r->csv, r->columns[INDENT].index);
    unsigned n = 0;
    for (size_t i = 0; i < field.length; i++) {
        if (field.text[i] < '0' || field.text[i] > '9' || n >= TF_INDENTS)
            n = TF_INDENTS;
        else
            n = n * 10 + (unsigned)(field.text[i] - '0');
    }
    *out = n;
    if (field.length > 0 && n < TF_INDENTS)
        return true;
    tf_csv_error(r->csv, r->columns[INDENT].index, 0, TARIFF_E_VALUE, NULL,
                 "the indent '%s' is not a number from 0 to %d", field.text, TF_INDENTS - 1);
    return false;
}

static bool is_blank(const reader *r, int column)
{
    char     one[4];
    tf_field field = tf_csv_field(r->csv, r->columns[column].index);
    return tf_one_line(field.text, field.length, one, sizeof one) == 0;
}

/* The rate of the current line: its own, or that of the lines above if it prints none at all. */
static tariff_status read_rate(reader *r, unsigned indent, uint64_t key, const char *hs,
                               rate_source *out)
{
    int      column = GENERAL + (int)r->options->column;
    tf_field field = tf_csv_field(r->csv, r->columns[column].index);
    tariff_status status = tf_hts_texts_find(&r->texts, field.text, field.length, &out->text);
    if (status == TARIFF_E_LIMIT)
        return tf_csv_error(r->csv, r->columns[column].index, 0, TARIFF_E_VALUE, NULL,
                            "a text longer than any rate");
    TF_TRY(status);
    out->giver = key;
    if (out->text != TF_NO_TEXT)
        TF_TRY(count_cell(r, hs, out->text));
    else if (indent > 0 && is_blank(r, GENERAL) && is_blank(r, SPECIAL) && is_blank(r, OTHER))
        *out = r->level[indent - 1];
    for (unsigned i = indent; i < TF_INDENTS; i++)
        r->level[i] = *out;
    return TARIFF_OK;
}

static tariff_status describe(reader *r, unsigned indent, const char *hs)
{
    if (!r->descriptions)
        return TARIFF_OK;
    tf_field    field = tf_csv_field(r->csv, r->columns[DESCRIPTION].index);
    const char *text = tf_describe(&r->describer, &r->arena, indent, field.text, field.length);
    TF_NEED(text);
    const char *fields[] = { hs, text };
    return *hs && *text ? tf_sink_record(r->descriptions, fields, 2) : TARIFF_OK;
}

static tariff_status take_line(reader *r, uint64_t key, rate_source from)
{
    unsigned digits = tf_hs_length(key);
    if (r->group.n && (digits < 8 || tf_hs_cut(r->group.at[0].key, 8) != tf_hs_cut(key, 8)))
        TF_TRY(write_group(r));
    r->counts.lines += key != 0;
    if (digits >= 8) {
        line l = { key, from };
        return TF_PUSH(&r->arena, &r->group, l) ? TARIFF_OK : TARIFF_E_NOMEM;
    }
    /* A heading that prints a rate: it covers what is below. */
    return key && from.text != TF_NO_TEXT && from.giver == key ? write_rate(r, key, from.text)
                                                               : TARIFF_OK;
}

static tariff_status read_line(reader *r)
{
    tf_why      why;
    tariff_hs   code = { 0 };
    unsigned    indent;
    char        hs[13];
    rate_source from = { TF_NO_TEXT, 0 };
    tf_field    number = tf_csv_field(r->csv, r->columns[NUMBER].index);
    bool        blank = is_blank(r, NUMBER);
    if (!blank && tf_hs_parse(number.text, number.length, &code, &why) != TARIFF_OK)
        return tf_csv_because(r->csv, r->columns[NUMBER].index, &why);
    if (!read_indent(r, &indent))
        return TARIFF_E_VALUE;
    tariff_hs_format(code, hs);
    if (!r->options->all && hs[0] == '9' && (hs[1] == '8' || hs[1] == '9'))
        return TARIFF_OK;
    TF_TRY(read_rate(r, indent, code.key, hs, &from));
    TF_TRY(describe(r, indent, hs));
    /* Lines without a number only hand down. */
    return blank ? TARIFF_OK : take_line(r, code.key, from);
}

static tariff_status read_lines(reader *r)
{
    bool more = true;
    tf_begin(r->env);
    while (more) {
        tariff_status status = tf_csv_next(r->csv, &more);
        if (status == TARIFF_OK && more)
            status = read_line(r);
        if (status != TARIFF_OK && status != TARIFF_E_VALUE && status != TARIFF_E_SCHEMA)
            return status;
        if (status != TARIFF_OK && !tf_may_go_on(r->env)) {
            tf_note(r->env, NULL, "stopped after %u errors", r->env->limits.max_errors);
            break;
        }
    }
    TF_TRY(tf_end(r->env));
    return write_group(r);
}

/* Whole files */

static tariff_status bind(reader *r)
{
    static const tf_column columns[COLUMNS] = {
        { "htsno|HTS Number", true, -1 },
        { "indent", true, -1 },
        { "description", true, -1 },
        { "general|General Rate of Duty", true, -1 },
        { "special|Special Rate of Duty", true, -1 },
        { "other|Column 2 Rate of Duty", true, -1 },
    };
    memcpy(r->columns, columns, sizeof columns);
    return tf_csv_bind(r->csv, r->columns, COLUMNS, TF_UNKNOWN_IGNORE);
}

static tariff_status open_sink(reader *r, const char *path, const char *const *header,
                               size_t count, tf_sink **out)
{
    if (!path)
        return TARIFF_OK;
    TF_TRY(tf_sink_open(r->env, path, out));
    return tf_sink_record(*out, header, count);
}

static tariff_status open_all(reader *r, const char *in, const char *out)
{
    static const char *const measures[] = { "layer", "products", "origins", "importers", "from",
                                            "until", "rate",     "when",    "citation" };
    static const char *const unparsed[] = { "hs", "column", "text", "line" };
    static const char *const descriptions[] = { "hs", "description" };
    tf_arena_init(&r->arena, &r->env->allocator);
    for (size_t i = 0; i < TF_INDENTS; i++)
        r->level[i].text = TF_NO_TEXT;
    tariff_date_format(r->options->in_force.from, r->from);
    tariff_date_format(r->options->in_force.until, r->until);
    if (tf_span_empty(r->options->in_force))
        return tf_error(r->env, TARIFF_E_ARG, NULL,
                        "until is the first day not in force and comes after from",
                        "never in force: from %s until %s", r->from, r->until);
    TF_TRY(tf_hts_texts_init(&r->texts, r->env, &r->arena, r->options));
    TF_TRY(tf_csv_open(r->env, in, NULL, TF_SUM_XXH3, &r->csv));
    TF_TRY(bind(r));
    TF_TRY(open_sink(r, r->options->unparsed, unparsed, 4, &r->unparsed));
    TF_TRY(open_sink(r, r->options->descriptions, descriptions, 2, &r->descriptions));
    return open_sink(r, out, measures, 9, &r->out);
}

/* Parts that rates are on have to be declared by the schedule that gets the rows. */
static void tell_parts(const reader *r, const char *out)
{
    char     list[256];
    size_t   n = 0;
    tf_place here = { .file = out };
    for (size_t i = 0; tf_duty_part(i); i++)
        if (r->texts.parts >> i & 1)
            n += (size_t)snprintf(list + n, sizeof list - n, "%s%s", n ? ", " : "",
                                  tf_duty_part(i));
    if (n)
        tf_note(r->env, &here, "rates are on parts that the schedule has to declare: %s", list);
}

static tariff_status finish_all(reader *r)
{
    tf_sink *sinks[] = { r->unparsed, r->descriptions, r->out };
    for (size_t i = 0; i < 3; i++)
        if (sinks[i])
            TF_TRY(tf_sink_finish(sinks[i]));
    tariff_status status = TARIFF_OK;
    for (size_t i = 0; i < 3 && status == TARIFF_OK; i++)
        if (sinks[i])
            status = tf_sink_commit(sinks[i]);
    for (size_t i = 3; i > 0 && status != TARIFF_OK; i--)
        if (sinks[i - 1])
            tf_sink_undo(sinks[i - 1]);
    return status;
}

tariff_status tariff_convert_hts(tariff_env *env, const tariff_hts_options *options,
                                 const char *in, const char *out, tariff_hts_counts *counts)
{
    static const tariff_hts_options defaults = TARIFF_HTS_OPTIONS_INIT;
    reader r = { .env = env, .options = options ? options : &defaults };
    tariff_status status = open_all(&r, in, out);
    if (status == TARIFF_OK)
        status = read_lines(&r);
    if (status == TARIFF_OK)
        status = finish_all(&r);
    if (status == TARIFF_OK) {
        tell_parts(&r, out);
        if (r.options->column == TARIFF_HTS_SPECIAL)
            tf_programmes_tell(env, &r.texts.programmes, in);
    }
    if (counts) {
        r.counts.size = counts->size < sizeof r.counts ? counts->size : sizeof r.counts;
        memcpy(counts, &r.counts, r.counts.size);
    }
    tf_sink_close(r.out);
    tf_sink_close(r.unparsed);
    tf_sink_close(r.descriptions);
    tf_csv_close(r.csv);
    tf_arena_free(&r.arena);
    return status;
}
