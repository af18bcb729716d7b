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

/* The layer: declared, or in a single file simply used. */
static bool load_layer(tf_loader *loader, tf_csv *csv, int column, uint8_t *out)
{
    tf_why   why;
    uint64_t mask;
    tf_field field = tf_csv_field(csv, column);
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

static bool load_rate(tf_loader *loader, tf_csv *csv, int column, const tf_rate **out)
{
    tf_why   why;
    tf_field field = tf_csv_field(csv, column);
    if (tf_book_rate(loader->book, loader->arena, field.text, field.length, out, &why)
        == TARIFF_OK)
        return true;
    tf_csv_because(csv, column, &why);
    return false;
}

static bool load_products(tf_loader *loader, tf_csv *csv, int column, tf_products *out)
{
    tf_why   why;
    tf_field field = tf_csv_field(csv, column);
    if (tf_parse_products(&loader->book->scopes, loader->arena, field.text, field.length, out, &why)
        == TARIFF_OK)
        return true;
    tf_csv_because(csv, column, &why);
    return false;
}

static bool load_base(tf_loader *loader, tf_csv *csv, int column, tf_measure *measure)
{
    tf_why   why;
    tf_field field = tf_csv_field(csv, column);
    if (tf_parse_base(loader->book, field.text, field.length, &measure->base,
                      &measure->base_parts, &why)
        == TARIFF_OK)
        return true;
    tf_csv_because(csv, column, &why);
    return false;
}

/* Mostly a row says in a column what the row before it says. */
static inline bool says(const tf_csv *csv, int column, const char *text)
{
    return strcmp(tf_csv_field(csv, column).text, text) == 0;
}

static bool load_when(tf_loader *loader, tf_csv *csv, int column, const tf_measure *before,
                      const tf_when **out)
{
    tf_why   why;
    tf_field field = tf_csv_field(csv, column);
    tf_book *book = loader->book;
    *out = &tf_when_always;
    if (field.length == 0)
        return true;
    if (before && before->when->text && says(csv, column, before->when->text)) {
        *out = before->when;
        return true;
    }
    if (tf_parse_when(loader->arena, &book->claim_names, &book->part_names, field.text,
                      field.length, out, &why)
        == TARIFF_OK)
        return true;
    tf_csv_because(csv, column, &why);
    return false;
}

/* Every column is read, so that all errors of a row are reported together. */
static bool load_row(tf_loader *loader, tf_csv *csv, const tf_column *columns,
                     const tf_measure *before, tf_measure *measure, tariff_span *known)
{
    const int layer = columns[LAYER].index, rate = columns[RATE].index;
    const int origins = columns[ORIGINS].index, importers = columns[IMPORTERS].index;
    bool      good = true;
    if (before && says(csv, layer, loader->book->layers.at[before->layer].name))
        measure->layer = before->layer;
    else
        good = load_layer(loader, csv, layer, &measure->layer);
    good = load_products(loader, csv, columns[PRODUCTS].index, &measure->products) && good;
    if (tf_csv_field(csv, columns[BASE].index).length)
        good = load_base(loader, csv, columns[BASE].index, measure) && good;
    good = load_when(loader, csv, columns[WHEN].index, before, &measure->when) && good;
    if (before && origins >= 0 && says(csv, origins, before->origins->text))
        measure->origins = before->origins;
    else
        good = tf_load_countries(loader, csv, &columns[ORIGINS], &measure->origins) && good;
    if (before && importers >= 0 && says(csv, importers, before->importers->text))
        measure->importers = before->importers;
    else
        good = tf_load_countries(loader, csv, &columns[IMPORTERS], &measure->importers) && good;
    good = tf_load_span(csv, columns, &measure->span) && good;
    good = tf_load_known(csv, columns[PUBLISHED].index, columns[WITHDRAWN].index, known) && good;
    if (before && says(csv, rate, before->rate->text))
        measure->rate = before->rate;
    else
        good = load_rate(loader, csv, rate, &measure->rate) && good;
    return load_rank(csv, columns[RANK].index, &measure->rank) && good;
}

static bool load_citation(tf_loader *loader, tf_csv *csv, int column, const char **out)
{
    tf_names *citations = &loader->book->citations;
    tf_field  field = tf_csv_field(csv, column);
    uint32_t  cited = tf_names_add(citations, loader->arena, field.text, field.length);
    if (cited != TF_NO_NAME)
        *out = citations->list.at[cited];
    return cited != TF_NO_NAME;
}

/* @param before  of the row before it; NULL if there is none. */
static const tf_enactment *load_enactment(tf_loader *loader, tf_csv *csv,
                                          const tf_column *columns, tariff_span known,
                                          const tf_enactment *before)
{
    const int citation = columns[CITATION].index, id = columns[ID].index;
    if (before && before->path == loader->file->path && says(csv, citation, before->citation)
        && says(csv, id, before->id) && before->known.from.days == known.from.days
        && before->known.until.days == known.until.days)
        return before;
    tf_enactment *fresh = TF_NEW(loader->arena, tf_enactment);
    if (!fresh || !load_citation(loader, csv, citation, &fresh->citation))
        return NULL;
    fresh->path = loader->file->path;
    fresh->known = known;
    fresh->id = tf_csv_field(csv, id).length ? tf_load_text(loader, tf_csv_field(csv, id)) : "";
    return fresh->id ? fresh : NULL;
}

static tariff_status measure_row(tf_loader *loader, tf_csv *csv, const tf_column *columns,
                                 void *user)
{
    const tf_book    *book = loader->book;
    const tf_measure *before = book->measures.n ? book->measures.at[book->measures.n - 1] : NULL;
    tf_measure       *measure = TF_NEW(loader->arena, tf_measure);
    tariff_span       known;
    (void)user;
    TF_NEED(measure);
    if (!load_row(loader, csv, columns, before, measure, &known))
        return TARIFF_E_VALUE;
    if (book->measures.n >= loader->env->limits.max_measures)
        return tf_csv_error(csv, -1, 0, TARIFF_E_LIMIT, NULL, "more than %u measures",
                            loader->env->limits.max_measures);
    measure->schedule = loader->schedule->schedules;
    measure->order = (uint32_t)book->measures.n;
    measure->line = tf_csv_line(csv);
    measure->enacted = load_enactment(loader, csv, columns, known, before ? before->enacted : NULL);
    const tf_measure *kept = measure;
    if (!measure->enacted || !TF_PUSH(loader->arena, &loader->book->measures, kept))
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
