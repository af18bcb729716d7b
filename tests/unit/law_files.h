/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A model of a law (law_model.h) as the schedule directory that says the same.
 */
#ifndef TESTS_UNIT_LAW_FILES_H
#define TESTS_UNIT_LAW_FILES_H

#include "unit/random_law.h"

/** Text that is put together. */
typedef struct law_text {
    char   at[16384];
    size_t n;
} law_text;

static inline void law_put(law_text *text, const char *format, ...) TARIFF_PRINTF(2, 3);
static inline void law_put(law_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text->at + text->n, sizeof text->at - text->n, format, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof text->at - text->n);
    text->n += (size_t)n;
}

static inline void law_put_scope(law_text *text, const law_scope *scope)
{
    for (unsigned i = 0; i < scope->count; i++) {
        const law_item *item = &scope->items[i];
        law_put(text, "%s%s%s%s", i ? " " : "", item->minus ? "!" : "",
                item->kind == LAW_NAME ? "@" : "", item->a);
        if (item->kind == LAW_RANGE)
            law_put(text, "-%s", item->b);
    }
}

static inline void law_put_term(law_text *text, const law_term *term)
{
    law_put(text, "%s", term->text);
    if (term->specific && term->per != 1)
        law_put(text, "/%lld %s", (long long)term->per, term->unit);
    else if (term->specific)
        law_put(text, "/%s", term->unit);
    if (term->part >= 0)
        law_put(text, " on p%d", term->part);
}

static inline void law_put_rate(law_text *text, const law_rate *rate)
{
    static const char *const begin[] = { "", "max(", "min(", "to " };
    law_put(text, "\"%s", begin[rate->kind]);
    for (unsigned i = 0; i < rate->count; i++) {
        law_put(text, "%s", i == 0 ? "" : rate->kind == LAW_SUM ? " + " : ", ");
        law_put_term(text, &rate->terms[i]);
    }
    if (rate->kind == LAW_MAX || rate->kind == LAW_MIN)
        law_put(text, ")");
    for (unsigned i = 0; i < LAW_LAYERS; i++)
        if (rate->over >> i & 1)
            law_put(text, "%s l%u", rate->over & ((1u << i) - 1) ? "" : " over", i);
    law_put(text, "\"");
}

static inline void law_put_measure(law_text *text, const law_measure *m)
{
    law_put(text, "l%d,", m->layer);
    law_put_scope(text, &m->products);
    law_put(text, ",");
    law_put_scope(text, &m->origins);
    law_put(text, ",");
    law_put_scope(text, &m->importers);
    law_put(text, ",%s,%s,", m->span.from, m->span.until);
    law_put_rate(text, &m->rate);
    law_put(text, ",");
    for (unsigned i = 0; i < LAW_PARTS; i++)
        if (m->base != LAW_BASE_ALL && (m->base_parts >> i & 1))
            law_put(text, "%sp%u ", m->base == LAW_BASE_EXCEPT ? "!" : "", i);
    law_put(text, ",");
    for (unsigned i = 0; i < m->when_count; i++) {
        const law_test *test = &m->when[i];
        if (test->claim)
            law_put(text, "%s%sc%d", i ? " " : "", test->minus ? "!" : "", test->number);
        else
            law_put(text, "%sp%d%s%lld%%", i ? " " : "", test->number, test->minus ? "<" : ">=",
                    (long long)test->nano / 10000000);
    }
    law_put(text, ",%d\n", m->rank);
}

#define LAW_MEASURE_HEADER "layer,products,origins,importers,from,until,rate,base,when,rank\n"

/* The first measures are in measures.csv, the others in a file that is read after it. */
static inline void law_write_measures(const law_model *law, const char *directory)
{
    law_text text = { .n = 0 };
    unsigned half = law->measure_count / 2;
    law_put(&text, LAW_MEASURE_HEADER);
    for (unsigned i = 0; i < half; i++)
        law_put_measure(&text, &law->measures[i]);
    check_write_in(directory, "measures.csv", text.at);
    text.n = 0;
    law_put(&text, LAW_MEASURE_HEADER);
    for (unsigned i = half; i < law->measure_count; i++)
        law_put_measure(&text, &law->measures[i]);
    check_write_in(directory, "measures/more.csv", text.at);
}

static inline void law_write_shares(const law_shares *shares, const char *directory,
                                    const char *name)
{
    law_text text = { .n = 0 };
    law_put(&text, "hs,origin,importer,from,until,share\n");
    for (unsigned i = 0; i < shares->count; i++) {
        const law_share *row = &shares->rows[i];
        law_put(&text, "%s,%s%s,*,%s,%s,%lld.%09lld\n", row->hs,
                row->origin.kind == LAW_NAME ? "@" : "", row->origin.a, row->span.from,
                row->span.until, (long long)row->nano / 1000000000,
                (long long)row->nano % 1000000000);
    }
    check_write_in(directory, name, text.at);
}

static inline void law_write_tables(const law_model *law, const char *directory)
{
    law_text text = { .n = 0 };
    char     name[32];
    law_put(&text, "layer,to,scope,from,until\n");
    for (unsigned i = 0; i < law->yield_count; i++)
        law_put(&text, "l%d,l%d,%s,%s,%s\n", law->yields[i].from, law->yields[i].to,
                law->yields[i].line ? "line" : "part", law->yields[i].span.from,
                law->yields[i].span.until);
    check_write_in(directory, "yields.csv", text.at);
    text.n = 0;
    law_put(&text, "group,member,from,until\n");
    for (size_t i = 0; i < sizeof law_members / sizeof *law_members; i++)
        law_put(&text, "%s,%s,%s,%s\n", law_members[i].group, law_members[i].country,
                law_members[i].span.from, law_members[i].span.until);
    check_write_in(directory, "groups.csv", text.at);
    for (unsigned s = 0; s < 2; s++) {
        text.n = 0;
        law_put(&text, "hs,from,until\n");
        for (unsigned i = 0; i < law->sets[s].count; i++) {
            const law_item *row = &law->sets[s].items[i];
            law_put(&text, "%s%s%s,%s,%s\n", row->a, row->b ? "-" : "", row->b ? row->b : "",
                    row->span.from, row->span.until);
        }
        snprintf(name, sizeof name, "sets/s%u.csv", s);
        check_write_in(directory, name, text.at);
    }
    for (unsigned i = 0; i < LAW_PARTS; i++) {
        snprintf(name, sizeof name, "parts/p%u.csv", i);
        law_write_shares(&law->parts[i], directory, name);
        snprintf(name, sizeof name, "claims/c%u.csv", i);
        law_write_shares(&law->claims[i], directory, name);
    }
}

/** `order` of the layers in layers.csv; NULL: as they are numbered. */
static inline void law_write_layers(const law_model *law, const char *directory,
                                    const unsigned *order)
{
    static const char *const selects[] = { "specific", "highest", "lowest", "sum", "first" };
    law_text                 text = { .n = 0 };
    law_put(&text, "layer,kind,select\n");
    for (unsigned i = 0; i < law->layer_count; i++) {
        unsigned         number = order ? order[i] : i;
        const law_layer *layer = &law->layers[number];
        law_put(&text, "l%u,%s,%s\n", number, layer->ordinary ? "ordinary" : "additional",
                selects[layer->select]);
    }
    check_write_in(directory, "layers.csv", text.at);
}

static inline void law_write(const law_model *law, const char *directory)
{
    law_write_layers(law, directory, NULL);
    law_write_measures(law, directory);
    law_write_tables(law, directory);
}

/**
 * A random law that holds together, loaded: those whose measures tie are drawn again.
 * Each try takes one number of `random`, so that a law depends on the seed alone.
 */
static inline void law_draw(check_random *random, const law_options *options, law_model *model,
                            check_law *law)
{
    static const check_file none[] = { { NULL, NULL } };
    for (unsigned tries = 0; tries < 1000; tries++) {
        *model = law_random(random, options);
        check_law_write(law, none);
        law_write(model, law->directory);
        tariff_status status = check_law_try(law, NULL);
        if (status == TARIFF_OK)
            return;
        if (status != TARIFF_E_CONFLICT || !strstr(law->log.text, "ties with"))
            fail_msg("a random law is refused:\n%s", law->log.text);
        check_law_close(law);
    }
    fail_msg("no law without ties in 1000");
}

/** Show a law whose test fails. */
static inline void law_show(const law_model *model, const law_line *line)
{
    law_text text = { .n = 0 };
    for (unsigned i = 0; i < model->layer_count; i++)
        law_put(&text, "l%u: %s, select %d\n", i,
                model->layers[i].ordinary ? "ordinary" : "additional",
                (int)model->layers[i].select);
    for (unsigned i = 0; i < model->measure_count; i++)
        law_put_measure(&text, &model->measures[i]);
    for (unsigned i = 0; i < model->yield_count; i++)
        law_put(&text, "l%d yields to l%d (%s) from %s until %s\n", model->yields[i].from,
                model->yields[i].to, model->yields[i].line ? "line" : "part",
                model->yields[i].span.from, model->yields[i].span.until);
    for (unsigned s = 0; s < 2; s++)
        for (unsigned i = 0; i < model->sets[s].count; i++)
            law_put(&text, "@s%u has %s-%s from %s until %s\n", s, model->sets[s].items[i].a,
                    model->sets[s].items[i].b ? model->sets[s].items[i].b : "",
                    model->sets[s].items[i].span.from, model->sets[s].items[i].span.until);
    if (line)
        law_put(&text, "line: %s %s->%s %s value %s quantity %s %s claims '%s' parts '%s'\n",
                line->entry.hs, line->entry.origin, line->entry.importer, line->entry.date,
                line->entry.value, line->quantity, line->entry.unit ? line->entry.unit : "",
                line->claim_words, line->part_words);
    /* Line by line: cmocka cuts long messages off. */
    for (char *line_at = strtok(text.at, "\n"); line_at; line_at = strtok(NULL, "\n"))
        print_error("%s\n", line_at);
}

#endif
