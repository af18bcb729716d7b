/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Rows of flows in bulk, by several threads: files of many rows in which only
 * product, countries, period and value matter.  Records that mean the same to
 * any two parsers are split here, others by libcsv.  It reports nothing: where
 * something is wrong, or is to be told of, it gives up, and who called it reads
 * the file row by row instead, which tells what and where.
 */
#ifndef TF_FLOWS_BULK_H
#define TF_FLOWS_BULK_H

#include "flows/flows.h"
#include "io/separators.h"

enum {
    TF_BULK_BLOCK = 256 * 1024, /**< Stays in a core's cache while it is split. */
    TF_BULK_ROWS = TF_SEPARATORS_WINDOW / 3 + 1, /**< Most rows of a window: "10\n", where the
                                                  product's column is also the value's. */
    TF_BULK_SPARE = 8,     /**< Rows more that may be written over. */
    TF_BULK_NO_PERIOD = 0  /**< Number of the empty period. */
};

#define TF_BULK_SMALL (UINT64_MAX >> 16) /**< So many rows of values up to it have a sum that fits. */

/** Rows that follow one another, a column each.  Products and periods are numbers of their reader,
 * in the order it met them. */
typedef struct tf_bulk_rows {
    size_t   n;
    uint32_t first_line; /**< In the block, from 0. */
    uint64_t bits;       /**< That some value has, without its sign: none is larger. */
    uint64_t sizes;      /**< All values without their signs, modulo 2^64. */
    int64_t  sum;        /**< Of the values, if TF_BULK_SMALL holds their bits. */
    int64_t  value[TF_BULK_ROWS]; /**< 1e-4. */
    uint32_t product[TF_BULK_ROWS + TF_BULK_SPARE], period[TF_BULK_ROWS + TF_BULK_SPARE];
    uint16_t origin[TF_BULK_ROWS], importer[TF_BULK_ROWS];
} tf_bulk_rows;

/** The file, shared by its readers. */
typedef struct tf_bulk tf_bulk;

/** NULL in *out if rows of this file have to be read one by one. */
tariff_status tf_bulk_begin(tariff_env *env, tf_flows *flows, tf_bulk **out);
void          tf_bulk_end(tf_bulk *bulk);
/** Did some reader give up?  Others stop then. */
bool tf_bulk_gave_up(const tf_bulk *bulk);
/** The lines on which the blocks begin, once all are read; NULL if memory ran out. */
uint32_t *tf_bulk_lines(const tf_bulk *bulk, tf_arena *arena);

/** What one thread reads. */
typedef struct tf_bulk_reader tf_bulk_reader;

tariff_status tf_bulk_reader_new(tariff_env *env, tf_bulk *bulk, tf_bulk_reader **out);
void          tf_bulk_reader_free(tf_bulk_reader *reader);

/**
 * Rows of the next stretch of a block that is this reader's, valid until the
 * next call; there are none at the end, or when somebody gave up.
 */
tariff_status tf_bulk_next(tf_bulk_reader *reader, const tf_bulk_rows **rows, uint32_t *block);

/** How many products the reader has met, and the code of one. */
size_t   tf_bulk_products(const tf_bulk_reader *reader);
uint64_t tf_bulk_product(const tf_bulk_reader *reader, uint32_t number);
/** The days of a period; false for the empty one. */
bool tf_bulk_period(const tf_bulk_reader *reader, uint32_t number, tariff_span *out);

#endif
