/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Sentences put together piece by piece, for explanations.
 */
#ifndef TF_RUN_WORDS_H
#define TF_RUN_WORDS_H

#include "law/book.h"

/** Never longer than its buffer: a piece that does not fit is left out. */
typedef struct tf_words {
    char   text[512];
    size_t n;
} tf_words;

/** Append a and b, after the separator unless they are the first. */
void tf_say(tf_words *words, const char *separator, const char *a, const char *b);

/** "from 2025-08-27"; nothing for an open end. */
void tf_say_day(tf_words *words, const char *what, tariff_date day);

/** The names of a set of layers, "a, b". */
void tf_say_layers(tf_words *words, const tf_book *book, uint64_t layers);

/** A duty expression from its terms: what a change made of a rate has no text. */
void tf_say_rate(tf_words *words, const tf_book *book, const tf_rate *rate);

#endif
