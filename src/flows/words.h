/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Short texts and the numbers they stand for: codes, countries and periods of
 * which a file of flows repeats few.  Texts are compared as machine words, so
 * the 16 bytes from their beginning must be readable, on a machine that puts the
 * first byte lowest.
 */
#ifndef TF_FLOWS_WORDS_H
#define TF_FLOWS_WORDS_H

#include "base/arena.h"
#include "base/mix.h"

#include <stdbool.h>
#include <string.h>

enum {
    TF_WORD_LENGTH = 16,
    TF_COMMON_LENGTH = 12, /**< Of words that a slot holds whole. */
    TF_QUICK_LENGTH = 4,
    TF_WORDS_QUICK = 1024
};

#define TF_WORD_NUMBERS (UINT32_C(1) << 31) /**< Numbers of words are below. */

typedef struct tf_word {
    uint64_t a, b; /**< Bytes after the text are 0. */
} tf_word;

/** A word and its number, so small that those of a nomenclature stay near the processor. */
typedef struct tf_known_word {
    uint64_t a; /**< 0: free. */
    uint32_t b; /**< Of a longer word: the number of its second half. */
    uint32_t number; /**< Of a longer word: + TF_WORD_NUMBERS. */
} tf_known_word;

typedef struct tf_words {
    tf_known_word *slots; /**< Open addressing. */
    size_t         count; /**< Of slots. */
    size_t         n;     /**< Of words. */
    struct tf_words *halves; /**< The second halves of longer words; NULL: there are none. */
    tf_word        last;     /**< Found or learnt last. */
    tf_word        last_mask;
    size_t         last_size; /**< Its length + 1; 0: none yet. */
    uint32_t       last_number;
    uint64_t quick[TF_WORDS_QUICK + 1]; /**< Words of up to four bytes that were met lately: a text as
                          tf_quick_text() has it, with its number above it; 0: free. */
} tf_words;

/** The first bytes of a word, by number: up to eight. */
static inline uint64_t tf_word_mask(size_t length)
{
    static const uint64_t masks[] = { 0x0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff,
                                      0xffffffffffff, 0xffffffffffffff, 0xffffffffffffffff };
    return masks[length];
}

static inline tf_word tf_word_masks(size_t length)
{
    return (tf_word){ tf_word_mask(length < 8 ? length : 8),
                      tf_word_mask(length < 8 ? 0 : length - 8) };
}

/** False if it is longer than TF_WORD_LENGTH. */
static inline bool tf_word_of(const char *text, size_t length, tf_word *out)
{
    if (length > TF_WORD_LENGTH)
        return false;
    tf_word masks = tf_word_masks(length);
    memcpy(&out->a, text, 8);
    memcpy(&out->b, text + 8, 8);
    out->a &= masks.a;
    out->b &= masks.b;
    return true;
}

/** Do the first bytes of a text, as the mask has them, spell the word? */
static inline bool tf_word_is(const char *text, const tf_word *word, const tf_word *mask)
{
    uint64_t a, b;
    memcpy(&a, text, 8);
    memcpy(&b, text + 8, 8);
    return (((a & mask->a) ^ word->a) | ((b & mask->b) ^ word->b)) == 0;
}

/** Is the text the word found last? */
static inline bool tf_words_is_last(const tf_words *words, const char *text, size_t length)
{
    return length + 1 == words->last_size && tf_word_is(text, &words->last, &words->last_mask);
}

/** A text of up to TF_QUICK_LENGTH bytes with a byte after it that is in no word. */
static inline uint64_t tf_quick_text(const char *text, size_t length)
{
    uint64_t a;
    memcpy(&a, text, 8);
    return (a & tf_word_mask(length)) | UINT64_C(0xff) << 8 * length;
}

static inline size_t tf_quick_slot(uint64_t text)
{
    return (size_t)(text * UINT64_C(0x9E3779B97F4A7C15) >> 54);
}

/** The number of a short word that was met lately; false if that is not known.  It is in one of two
 * places, so that few words put others out of theirs, and no branch tells which. */
static inline bool tf_words_quick_text(const tf_words *words, uint64_t text, uint32_t *number)
{
    const uint64_t *places = &words->quick[tf_quick_slot(text)];
    uint64_t        first = places[0] ^ text, second = places[1] ^ text; /* but for the number 0 */
    uint64_t there = __builtin_expect_with_probability(first << 24 == 0, 1, 0.5) ? first : second;
    *number = (uint32_t)(there >> 40);
    return there << 24 == 0;
}

static inline bool tf_words_quick(const tf_words *words, const char *text, size_t length,
                                  uint32_t *number)
{
    return length - 1 < TF_QUICK_LENGTH
           && tf_words_quick_text(words, tf_quick_text(text, length), number);
}

/** Where a word is looked for first: of words of which some are known. */
static inline const tf_known_word *tf_words_place(const tf_words *words, tf_word word)
{
    uint64_t hash = tf_mix(word.b * UINT64_C(0xff51afd7ed558ccd), word.a);
    return &words->slots[hash & (words->count - 1)];
}

static inline bool tf_known_word_is(const tf_known_word *there, tf_word word)
{
    return (there->a == word.a) & (there->b == word.b);
}

/** The number of a word of up to TF_COMMON_LENGTH bytes, if it is there or at the next place. */
static inline bool tf_words_glance(const tf_known_word *there, tf_word word, uint32_t *number)
{
    there += !tf_known_word_is(there, word); /* without a branch; the last place has one after it */
    *number = there->number;
    return tf_known_word_is(there, word) && word.a && *number < TF_WORD_NUMBERS;
}

/** The number of a word, if it is known; it is the last then. */
bool tf_words_find(tf_words *words, const char *text, size_t length, uint32_t *number);

/** Learn a word that is not known, of 1 to TF_WORD_LENGTH bytes; it is the last then. */
tariff_status tf_words_learn(tf_words *words, tf_arena *arena, const char *text, size_t length,
                             uint32_t number);

#endif
