/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Short texts and the numbers they stand for: codes, countries and periods of
 * which a file of flows repeats few.  Texts are compared as two machine words,
 * so the 16 bytes from their beginning must be readable, on a machine that puts
 * the first byte lowest.
 */
#ifndef TF_FLOWS_WORDS_H
#define TF_FLOWS_WORDS_H

#include "base/arena.h"

#include <stdbool.h>
#include <string.h>

enum { TF_WORD_LENGTH = 16, TF_QUICK_LENGTH = 4, TF_WORDS_QUICK = 1024 };

typedef struct tf_word {
    uint64_t a, b; /**< Bytes after the text are 0. */
} tf_word;

/** A word and its number. */
typedef struct tf_known_word {
    tf_word  text;
    uint32_t number;
    uint32_t length;
} tf_known_word;

/** A word of up to four bytes that was met lately. */
typedef struct tf_quick_word {
    uint32_t text; /**< 0: free. */
    uint32_t number;
} tf_quick_word;

typedef struct tf_words {
    TF_VEC(tf_known_word) list; /**< In the order of learning. */
    uint32_t      *slots;       /**< Place in the list + 1; open addressing. */
    size_t         count;
    tf_known_word  last; /**< Found or learnt last. */
    tf_word        last_mask;
    size_t         last_size; /**< Its length + 1; 0: none yet. */
    tf_quick_word  quick[TF_WORDS_QUICK];
} tf_words;

/** The first bytes of a word, by number: up to eight. */
static inline uint64_t tf_word_mask(size_t length)
{
    static const uint64_t masks[] = { 0x0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff,
                                      0xffffffffffff, 0xffffffffffffff, 0xffffffffffffffff };
    return masks[length];
}

/** False if it is longer than TF_WORD_LENGTH. */
static inline bool tf_word_of(const char *text, size_t length, tf_word *out)
{
    if (length > TF_WORD_LENGTH)
        return false;
    memcpy(&out->a, text, 8);
    memcpy(&out->b, text + 8, 8);
    out->a &= tf_word_mask(length < 8 ? length : 8);
    out->b &= tf_word_mask(length < 8 ? 0 : length - 8);
    return true;
}

/** Is the text the word found last? */
static inline bool tf_words_is_last(const tf_words *words, const char *text, size_t length)
{
    uint64_t a, b;
    memcpy(&a, text, 8);
    memcpy(&b, text + 8, 8);
    return length + 1 == words->last_size
           && (((a ^ words->last.text.a) & words->last_mask.a)
               | ((b ^ words->last.text.b) & words->last_mask.b)) == 0;
}

static inline size_t tf_quick_slot(uint32_t text)
{
    return text * UINT32_C(0x9E3779B1) >> 22;
}

/** The number of a short word that was met lately; false if that is not known. */
static inline bool tf_words_quick(const tf_words *words, const char *text, size_t length,
                                  uint32_t *number)
{
    uint32_t a;
    if (length - 1 >= TF_QUICK_LENGTH)
        return false;
    memcpy(&a, text, 4);
    a &= (uint32_t)tf_word_mask(length);
    const tf_quick_word *q = &words->quick[tf_quick_slot(a)];
    *number = q->number;
    return q->text == a;
}

/** The number of a word, if it is known; it is the last then. */
bool tf_words_find(tf_words *words, const char *text, size_t length, uint32_t *number);

/** Learn a word that is not known, of 1 to TF_WORD_LENGTH bytes; it is the last then. */
tariff_status tf_words_learn(tf_words *words, tf_arena *arena, const char *text, size_t length,
                             uint32_t number);

/** The slot in which a word of up to TF_WORD_LENGTH bytes is looked for first, of words of which
 * some are known; it and the word are on their way to the processor after tf_words_await(). */
uint32_t tf_words_expect(const tf_words *words, const char *text, size_t length);
void     tf_words_await(const tf_words *words, uint32_t slot);

/** Make a known word the last. */
void tf_words_at(tf_words *words, const tf_known_word *word);

#endif
