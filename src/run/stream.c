/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/stream.h"

#include "base/ascii.h"

#include <stdio.h>

/* For both lanes */

bool tf_text_grow(tf_text *text, size_t more)
{
    size_t room = text->room * 2 + more;
    char  *at = tf_realloc(text->env, text->at, text->room, room);
    if (!at)
        return false;
    text->at = at;
    text->room = room;
    return true;
}

void tf_text_free(tf_text *text)
{
    tf_free(text->env, text->at, text->room);
}

bool tf_stream_refuses(const tf_stream *s, unsigned remarks)
{
    return (s->options->require_detail && remarks >> TF_COARSE & 1)
           || (s->options->require_quantity && remarks >> TF_UNASSESSED & 1);
}

bool tf_stream_day(const tf_stream *s, bool has_period, tariff_span period, int32_t *out)
{
    if (has_period && (s->dated || !s->options->has_date))
        *out = period.from.days;
    else if (s->options->has_date)
        *out = s->options->date.days;
    else
        return false;
    return true;
}

bool tf_line_days(const tf_stream *s, bool has_period, tariff_span period, tariff_span *out)
{
    const tariff_scenario *scenario = s->lines->scenario;
    return tf_days_of(scenario->date_kind, scenario->date, has_period, period, out);
}

/* Header */

/* A column that looks like one of ours and is not read would be missed silently. */
static void warn_of_near_columns(const tf_stream *s)
{
    const char *names[TF_FLOW_COLUMNS + 2];
    size_t      n = 0;
    for (int i = 0; i < TF_FLOW_COLUMNS; i++)
        if (tf_flows_column(s->flows, (tf_flow_column)i) < 0)
            names[n++] = tf_flow_column_name((tf_flow_column)i);
    if (!s->dated)
        names[n++] = "date";
    names[n] = NULL;
    for (size_t i = 0; i < tf_csv_width(s->csv); i++) {
        char        hint[64];
        const char *header = tf_csv_header(s->csv, i), *near;
        bool        read = false;
        for (int k = 0; k < TF_FLOW_COLUMNS; k++)
            read = read || tf_flows_column(s->flows, (tf_flow_column)k) == (int)i;
        if (read || !(near = tf_nearest_of(header, strlen(header), names))
            || !tf_same_letters(near, header, 1))
            continue;
        snprintf(hint, sizeof hint, "did you mean '%s'?", near);
        tf_csv_warning(s->csv, (int)i, hint, "the column '%s' is kept, but not used", header);
    }
}

static tariff_status check_names(const tf_stream *s)
{
    char added[128];
    for (size_t i = 0; tf_rating_column(s->law, s->options, i, added, sizeof added); i++)
        for (size_t k = 0; k < tf_csv_width(s->csv); k++)
            if (strcmp(added, tf_csv_header(s->csv, k)) == 0)
                return tf_csv_error(s->csv, (int)k, 0, TARIFF_E_SCHEMA,
                                    "--prefix new_ gives the added columns other names",
                                    "a column '%s' would be added, and is there already", added);
    return TARIFF_OK;
}

static tariff_status put_header(const tf_stream *s)
{
    char     name[128];
    tf_field header = tf_csv_record(s->csv);
    tf_sink_write(s->sink, header.text, header.length);
    for (size_t i = 0; tf_rating_column(s->law, s->options, i, name, sizeof name); i++) {
        tf_sink_write(s->sink, ",", 1);
        tf_sink_write(s->sink, name, strlen(name));
    }
    return tf_sink_write(s->sink, "\n", 1);
}

static tariff_status begin(tf_stream *s, const char *out)
{
    int day = tf_flows_column(s->flows, TF_FLOW_PERIOD);
    s->csv = tf_flows_csv(s->flows);
    s->dated = day >= 0
               && tf_same_letters(tf_csv_header(s->csv, (size_t)day), "date", sizeof "date");
    warn_of_near_columns(s);
    TF_TRY(check_names(s));
    if (day < 0 && !s->options->has_date)
        return tf_csv_missing(s->csv, "date", "name the column, or give --date for all rows");
    TF_TRY(tf_sink_open(s->env, out, &s->sink));
    return put_header(s);
}

/* The profile that the options name, with the day of entry where it is. */
static tariff_status read_profile(tf_stream *s, tf_arena *arena, tf_profile *out)
{
    const char *name = s->options->profile;
    *out = *tf_profile_native();
    if (name) {
        tf_node node = { .kind = TF_SCALAR,
                         .text = name,
                         .length = strlen(name),
                         .file = "PROFILE",
                         .line = 1,
                         .column = 1,
                         .source = name };
        TF_TRY(tf_profile_read(s->env, arena, &node, "", out));
    }
    const char *period = out->columns[TF_FLOW_PERIOD];
    size_t      n = (period ? strlen(period) : 0) + sizeof "date|";
    char       *either = tf_arena_alloc(arena, n);
    TF_NEED(either);
    snprintf(either, n, "date%s%s", period ? "|" : "", period ? period : "");
    out->columns[TF_FLOW_PERIOD] = either;
    /* Not our own profile by name, or the reader would warn of columns that are kept. */
    if (strcmp(out->name, tf_profile_native()->name) == 0)
        out->name = "";
    return TARIFF_OK;
}

static void tell(const tf_stream *s, tariff_stream_counts *counts)
{
    const tf_stream_tally *t = &s->tally;
    tariff_stream_counts   all = { 0, t->rows, t->remarks[TF_UNASSESSED], t->remarks[TF_COARSE],
                                   t->remarks[TF_ESTIMATED], t->remarks[TF_UNKNOWN_PART],
                                   t->remarks[TF_UNMATCHED] };
    if (!counts)
        return;
    all.size = counts->size < sizeof all ? counts->size : sizeof all;
    memcpy(counts, &all, all.size);
}

tariff_status tariff_stream(tariff_env *env, const tariff_law *law,
                            const tariff_stream_options *options, const char *in, const char *out,
                            tariff_stream_counts *counts)
{
    tariff_stream_options all = TARIFF_STREAM_OPTIONS_INIT;
    tf_stream             s = { .env = env, .law = law, .options = &all };
    if (options)
        memcpy(&all, options, options->size < sizeof all ? options->size : sizeof all);
    tf_flows_spec spec = { .path = in,
                           .origin = all.origin.id,
                           .importer = all.importer.id,
                           .sum = TF_SUM_NONE };
    tf_arena      arena;
    s.rated = (tf_rated){ all.layers, true, "\n" };
    tf_arena_init(&arena, &env->allocator);
    tf_begin(env);
    tariff_status status = read_profile(&s, &arena, &spec.profile);
    if (status == TARIFF_OK)
        status = tf_flows_open(env, &spec, &s.flows);
    if (status == TARIFF_OK)
        status = begin(&s, out);
    if (status == TARIFF_OK)
        status = tf_stream_rate(&s);
    if (status == TARIFF_OK)
        status = tf_sink_finish(s.sink);
    if (status == TARIFF_OK)
        status = tf_sink_commit(s.sink);
    tell(&s, counts);
    tf_sink_close(s.sink);
    tf_flows_close(s.flows);
    tf_arena_free(&arena);
    return status;
}
