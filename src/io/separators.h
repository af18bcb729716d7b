/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Where the commas and the ends of lines are, found many bytes at a time: with
 * AVX-512 where the processor has it, with SSE2, which every x86-64 has, or in plain C.  Intrinsics are here and in
 * flows/plain_values.c alone.
 */
#ifndef TF_IO_SEPARATORS_H
#define TF_IO_SEPARATORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TF_SEPARATORS_WINDOW = 8 * 1024 };

/** The separators of a stretch of CSV text: their offsets, ascending. */
typedef struct tf_separators {
    size_t   n, lines;
    bool     quotes; /**< There are quotation marks; what stands between them is no separator. */
    bool     open;   /**< Their number is odd: a field goes on after the stretch. */
    bool     hidden; /**< A newline stands between some. */
    bool     returns; /**< A carriage return somewhere. */
    bool     zeros;   /**< A NUL somewhere. */
    bool     wide;    /**< Bytes above 0x7f somewhere. */
    /**
     * Commas and newlines, from 1.  The first, UINT16_MAX, is for the byte before the text: field i
     * begins at (uint16_t)(bounds[i] + 1) and ends at bounds[i + 1].
     */
    uint16_t bounds[1 + TF_SEPARATORS_WINDOW + 64];
    uint16_t line_end[TF_SEPARATORS_WINDOW + 64]; /**< Newlines alone. */
} tf_separators;

/** Of up to TF_SEPARATORS_WINDOW bytes; none after `length` is read. */
void tf_find_separators(const char *text, size_t length, tf_separators *out);
/** The same, without `line_end`, for half the price. */
void tf_find_bounds(const char *text, size_t length, tf_separators *out);

#endif
