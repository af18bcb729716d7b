/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What the texts of plain rows mean: products, countries and days of entry, of
 * which a file repeats few, each looked at once.  It reports nothing: what is
 * not sure to be good is left to who reads row by row.
 */
#ifndef TF_RUN_ROW_TEXTS_H
#define TF_RUN_ROW_TEXTS_H

#include "flows/words.h"
#include "run/stream.h"

/** Bytes before and after a row that may be read. */
enum { TF_PIECE_PADDING = 64 };

/** One of our columns in the file; at least TF_WORD_LENGTH bytes may be read. */
typedef struct tf_piece {
    const char *text;
    size_t      length;
} tf_piece;

/** How the rows of a file are laid out. */
typedef struct tf_stream_layout {
    size_t         width;
    int            columns[TF_FLOW_COLUMNS]; /**< -1: nowhere. */
    tf_flow_column present[TF_FLOW_COLUMNS]; /**< Those that are somewhere. */
    size_t         present_count;
    tf_profile     profile;
    uint16_t       origin, importer; /**< TARIFF_COUNTRY_NONE: the row says it. */
} tf_stream_layout;

void tf_stream_layout_of(const tf_stream *stream, tf_stream_layout *out);

typedef struct tf_row_product {
    uint64_t hs;
    size_t   length;
    char     digits[TF_SHORT_TEXT]; /**< Alone. */
} tf_row_product;

typedef struct tf_row_day {
    bool        known;
    tariff_span days;
    uint32_t    epoch; /**< Of the first of them. */
    uint64_t    alike; /**< On all days of one the law, and `where`, say the same. */
    size_t      length;
    char        period[TF_SHORT_TEXT]; /**< As lines.csv has it. */
} tf_row_day;

void tf_row_product_of(uint64_t hs, tf_row_product *out);
/** @return out->known: false if there is no day, or a period where a day has to be. */
bool tf_row_day_of(const tf_stream *stream, bool has_period, tariff_span period,
                   tf_row_day *out);

typedef struct tf_row_texts {
    const tf_stream        *s;
    const tf_stream_layout *layout;
    tf_arena                arena;
    tf_words                products, origins, importers, days;
    TF_VEC(tf_row_product) product; /**< By number. */
    TF_VEC(tf_row_day) day;         /**< By number; first that of rows that say none. */
} tf_row_texts;

void tf_row_texts_init(tf_row_texts *texts, const tf_stream *s, const tf_stream_layout *layout);
void tf_row_texts_free(tf_row_texts *texts);
/** Are there so many that they had better be forgotten? */
bool tf_row_texts_are_many(const tf_row_texts *texts);

/** All return false, or NULL, in doubt. */
bool              tf_learn_product(tf_row_texts *texts, tf_piece field, uint32_t *number);
const tf_row_day *tf_learn_day(tf_row_texts *texts, tf_piece field);
bool tf_learn_country(tf_row_texts *texts, tf_words *words, tf_piece field, uint16_t *out);
/** A row that says another country than is set for all is told of once, by the other lane. */
bool tf_is_as_set(tf_row_texts *texts, tf_words *words, uint16_t set, bool warned,
                  tf_piece field);

/** The product's number. */
static inline bool tf_read_product(tf_row_texts *texts, tf_piece field, uint32_t *number)
{
    *number = texts->products.last_number;
    return (field.length && tf_words_is_last(&texts->products, field.text, field.length))
           || tf_learn_product(texts, field, number);
}

static inline bool tf_read_country(tf_row_texts *texts, tf_words *words, tf_piece field,
                                   uint16_t *out)
{
    uint32_t number;
    if (!tf_words_quick(words, field.text, field.length, &number))
        return tf_learn_country(texts, words, field, out);
    *out = (uint16_t)number;
    return true;
}

static inline bool tf_read_origin(tf_row_texts *texts, tf_piece field, uint16_t *out)
{
    *out = texts->layout->origin;
    return *out == TARIFF_COUNTRY_NONE
               ? tf_read_country(texts, &texts->origins, field, out)
               : tf_is_as_set(texts, &texts->origins, *out, texts->s->warned_origin, field);
}

static inline bool tf_read_importer(tf_row_texts *texts, tf_piece field, uint16_t *out)
{
    *out = texts->layout->importer;
    return *out == TARIFF_COUNTRY_NONE
               ? tf_read_country(texts, &texts->importers, field, out)
               : tf_is_as_set(texts, &texts->importers, *out, texts->s->warned_importer, field);
}

/** Valid until the next one. */
static inline const tf_row_day *tf_read_day(tf_row_texts *texts, tf_piece field)
{
    if (field.length && tf_words_is_last(&texts->days, field.text, field.length))
        return &texts->day.at[texts->days.last_number];
    return tf_learn_day(texts, field);
}

#endif
