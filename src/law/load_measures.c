/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "law/load.h"

#include <stdlib.h>

enum {
    LAYER = TF_SPAN_COLUMNS,
    PRODUCTS,
    ORIGINS,
    IMPORTERS,
    RATE,
    BASE,
    WHEN,
    RANK,
    PUBLISHED,
    WITHDRAWN,
    CITATION,
    ID,
    COLUMNS
};

/* Mostly a row says in a column what the row before it says. */
static bool says(tf_field field, const char *text)
{
    return strcmp(field.text, text) == 0;
}

/* The layer: declared, or in a single file simply used. */
static bool load_layer(tf_loader *loader, tf_csv *csv, int column, const tf_measure *before,
                       uint8_t *out)
{
    tf_why   why;
    uint64_t mask;
    tf_field field = tf_csv_field(csv, column);
    if (before && says(field, loader->book->layers.at[before->layer].name)) {
        *out = before->layer;
        return true;
    }
    tariff_status status =
        loader->directory
            ? tf_book_layers(loader->book, field.text, field.length, &mask, &why)
            : tf_book_layer(loader->book, loader->arena, field.text, field.length, out, &why);
    if (status != TARIFF_OK) {
        tf_csv_because(csv, column, &why);
        return false;
    }
    if (loader->directory) {
        if (mask & (mask - 1) || memchr(field.text, ':', field.length)) {
            tf_csv_error(csv, column, 0, TARIFF_E_VALUE, NULL, "a measure is in one layer");
            return false;
        }
        *out = (uint8_t)__builtin_ctzll(mask);
    }
    return true;
}

static bool load_rank(tf_csv *csv, int column, int32_t *out)
{
    tf_field field = tf_csv_field(csv, column);
    char    *end;
    if (field.length == 0)
        return true;
    long rank = strtol(field.text, &end, 10);
    if (*end != '\0' || rank < -1000000 || rank > 1000000) {
        tf_csv_error(csv, column, 0, TARIFF_E_VALUE, NULL, "'%s' is not a rank: a whole number",
                     field.text);
        return false;
    }
    *out = (int32_t)rank;
    return true;
}

static bool load_rate(tf_loader *loader, tf_csv *csv, int column, const tf_measure *before,
                      tf_measure *measure)
{
    tf_why   why;
    tf_field field = tf_csv_field(csv, column);
    if (before && says(field, before->rate->text)) {
        measure->rate = before->rate;
        return true;
    }
    if (tf_book_rate(loader->book, loader->arena, field.text, field.length, &measure->rate, &why)
        == TARIFF_OK)
        return true;
    tf_csv_because(csv, column, &why);
    return false;
}

static bool load_citation(tf_loader *loader, tf_csv *csv, int column, const tf_measure *before,
                          const char **out)
{
    tf_field field = tf_csv_field(csv, column);
    tf_book *book = loader->book;
    if (before && says(field, before->citation)) {
        *out = before->citation;
        return true;
    }
    uint32_t cited = tf_names_add(&book->citations, loader->arena, field.text, field.length);
    if (cited != TF_NO_NAME)
        *out = book->citations.list.at[cited];
    return cited != TF_NO_NAME;
}

static bool load_scope(tf_loader *loader, tf_csv *csv, const tf_column *columns,
                       const tf_measure *before, tf_measure *measure)
{
    tf_why   why;
    tf_field products = tf_csv_field(csv, columns[PRODUCTS].index);
    tf_field base = tf_csv_field(csv, columns[BASE].index);
    tf_field when = tf_csv_field(csv, columns[WHEN].index);
    tf_book *book = loader->book;
    bool     good = true;
    if (tf_parse_products(&book->scopes, loader->arena, products.text, products.length,
                          &measure->products, &why)
        != TARIFF_OK) {
        tf_csv_because(csv, columns[PRODUCTS].index, &why);
        good = false;
    }
    if (base.length
        && tf_parse_base(book, base.text, base.length, &measure->base, &measure->base_parts, &why)
               != TARIFF_OK) {
        tf_csv_because(csv, columns[BASE].index, &why);
        good = false;
    }
    if (when.length
        && tf_parse_when(loader->arena, &book->claim_names, &book->part_names, when.text,
                         when.length, &measure->when, &why)
               != TARIFF_OK) {
        tf_csv_because(csv, columns[WHEN].index, &why);
        good = false;
    }
    measure->origins = before ? before->origins : NULL;
    measure->importers = before ? before->importers : NULL;
    good = tf_load_countries(loader, csv, &columns[ORIGINS], &measure->origins) && good;
    return tf_load_countries(loader, csv, &columns[IMPORTERS], &measure->importers) && good;
}

static tariff_status measure_row(tf_loader *loader, tf_csv *csv, const tf_column *columns,
                                 void *user)
{
    const tf_book    *book = loader->book;
    const tf_measure *before = book->measures.n ? book->measures.at[book->measures.n - 1] : NULL;
    tf_measure       *measure = TF_NEW(loader->arena, tf_measure);
    tf_field          id = tf_csv_field(csv, columns[ID].index);
    (void)user;
    TF_NEED(measure);
    /* Every column is read, so that all errors of a row are reported together. */
    bool good = load_layer(loader, csv, columns[LAYER].index, before, &measure->layer);
    good = load_scope(loader, csv, columns, before, measure) && good;
    good = tf_load_span(csv, columns, &measure->span) && good;
    good = tf_load_known(csv, columns[PUBLISHED].index, columns[WITHDRAWN].index,
                         &measure->known) && good;
    good = load_rate(loader, csv, columns[RATE].index, before, measure) && good;
    good = load_rank(csv, columns[RANK].index, &measure->rank) && good;
    if (!good)
        return TARIFF_E_VALUE;
    if (book->measures.n >= loader->env->limits.max_measures)
        return tf_csv_error(csv, -1, 0, TARIFF_E_LIMIT, NULL, "more than %u measures",
                            loader->env->limits.max_measures);
    measure->schedule = loader->schedule->schedules;
    measure->order = (uint32_t)book->measures.n;
    measure->place.path = loader->file->path;
    measure->place.line = tf_csv_line(csv);
    measure->id = id.length ? tf_load_text(loader, id) : "";
    if (!measure->id
        || !load_citation(loader, csv, columns[CITATION].index, before, &measure->citation))
        return TARIFF_E_NOMEM;
    const tf_measure *kept = measure;
    if (!TF_PUSH(loader->arena, &loader->book->measures, kept))
        return TARIFF_E_NOMEM;
    return TARIFF_OK;
}

tariff_status tf_load_measures(tf_loader *loader, const tf_place *place)
{
    tf_column columns[COLUMNS] = { TF_SPAN_COLUMN_NAMES,     { "layer", true, -1 },
                                   { "products", true, -1 },  { "origins", true, -1 },
                                   { "importers", false, -1 }, { "rate", true, -1 },
                                   { "base", false, -1 },     { "when", false, -1 },
                                   { "rank", false, -1 },     { "published", false, -1 },
                                   { "withdrawn", false, -1 }, { "citation", false, -1 },
                                   { "id", false, -1 } };
    return tf_load_table(loader, place, columns, COLUMNS, measure_row, NULL);
}
