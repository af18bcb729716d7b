/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What reading in bulk is made of: a file, and the readers of its blocks.
 */
#ifndef TF_FLOWS_BULK_READER_H
#define TF_FLOWS_BULK_READER_H

#include "base/arena.h"
#include "flows/bulk.h"
#include "flows/words.h"

#include <csv.h>
#include <pthread.h>
#include <stdatomic.h>

enum { TF_BULK_PADDING = 64 /**< Readable before and after the text of a block. */ };

/** What our columns are in the file; -1: nowhere. */
typedef struct tf_bulk_layout {
    int      hs, origin, importer, period, value;
    uint16_t all_origin, all_importer; /**< TARIFF_COUNTRY_NONE: each row its own. */
    size_t   width;
    unsigned places; /**< Decimal places of a value of 1e-4. */
    tf_country_list countries;
} tf_bulk_layout;

struct tf_bulk {
    tariff_env     *env;
    tf_csv         *csv;
    tf_bulk_layout  layout;
    pthread_mutex_t lock; /**< Of all that follows: blocks are read in order. */
    tf_arena        arena;
    bool            at_end;
    TF_VEC(uint32_t) lines; /**< By block: how many it has, once it is read. */
    uint32_t        first_line;
    atomic_bool     gave_up;
};

struct tf_bulk_reader {
    tf_bulk      *bulk;
    tariff_env   *env;
    tf_arena      arena;
    tf_words      products, origins, importers, periods;
    TF_VEC(uint64_t) codes; /**< Of products, by number: the order in which they were learnt. */
    TF_VEC(tariff_span) spans; /**< Of periods, from 1. */
    uint32_t      block, line;
    size_t        at, end; /**< Of the text not read yet. */
    bool          begun;
    unsigned      odd;   /**< Windows more that are read through libcsv, before others are tried. */
    bool          has_parser;
    struct csv_parser parser;
    size_t        product_jumps, period_jumps; /**< Of the last window: rows that have another one
                          than the row before. */
    uint16_t      heads[TF_BULK_ROWS + 1]; /**< Rows of a window whose word is another one than
                          that of the row before, and how many there are. */
    tf_bulk_rows  rows;
    tf_separators separators;
    char          fields[TF_BULK_PADDING + TF_SEPARATORS_WINDOW + TF_BULK_PADDING]; /**< Of records
                          that went through libcsv, without quotes and blanks around them. */
    char          text[TF_BULK_PADDING + TF_BULK_BLOCK + TF_BULK_PADDING];
};

/** Columns that are nowhere, or the same in all rows. */
void tf_bulk_fill_columns(tf_bulk_reader *reader);

/**
 * The records of so many lines of the text, of this length in all, as libcsv splits them: into
 * `fields`, with separators of their own, which then are those at hand.  False gives up: also where
 * a record has another number of lines than one.
 */
bool tf_bulk_split_records(tf_bulk_reader *reader, const char *text, size_t length, size_t lines);

/** Is each carriage return of the text before a newline? */
bool tf_bulk_returns_end_lines(const char *text, size_t length);

/** The rows of so many lines of the text, whose separators are at hand; false gives up. */
bool tf_bulk_read_columns(tf_bulk_reader *reader, const char *text, size_t lines);

#endif
