/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flows/words.h"

/** What a slot says of a word. */
typedef struct key {
    uint64_t a;
    uint32_t b;
    uint32_t longer; /**< TF_WORD_NUMBERS, or 0. */
} key;

/** The second half of a longer word, as a text. */
typedef struct second_half {
    char   text[TF_WORD_LENGTH];
    size_t length;
} second_half;

static second_half half_of(uint64_t b)
{
    second_half half = { .length = 8 - (size_t)__builtin_clzll(b) / 8 };
    memcpy(half.text, &b, sizeof b);
    return half;
}

/* False if no word has its second half. */
static bool key_of(const tf_words *words, tf_word word, key *out)
{
    *out = (key){ word.a, (uint32_t)word.b, 0 };
    if (word.b <= UINT32_MAX)
        return true;
    second_half half = half_of(word.b);
    out->longer = TF_WORD_NUMBERS;
    return words->halves && tf_words_find(words->halves, half.text, half.length, &out->b);
}

static tf_known_word *slot_of(const tf_words *words, const key *k)
{
    size_t at = (size_t)(tf_words_place(words, (tf_word){ k->a, k->b }) - words->slots);
    for (;; at = (at + 1) & (words->count - 1)) {
        tf_known_word *there = &words->slots[at];
        if (there->a == 0
            || (there->a == k->a && there->b == k->b
                && (there->number & TF_WORD_NUMBERS) == k->longer))
            return there;
    }
}

static void make_last(tf_words *words, tf_word word, size_t length, uint32_t number)
{
    words->last = word;
    words->last_mask = tf_word_masks(length);
    words->last_size = length + 1;
    words->last_number = number;
    if (length <= TF_QUICK_LENGTH && number < 1 << 24) {
        uint64_t  text = word.a | UINT64_C(0xff) << 8 * length;
        uint64_t *places = &words->quick[tf_quick_slot(text)];
        places[places[0] && (places[0] ^ text) << 24] = text | (uint64_t)number << 40;
    }
}

bool tf_words_find(tf_words *words, const char *text, size_t length, uint32_t *number)
{
    tf_word word;
    key     k;
    if (words->n == 0 || length == 0 || !tf_word_of(text, length, &word)
        || !key_of(words, word, &k))
        return false;
    const tf_known_word *there = slot_of(words, &k);
    if (there->a == 0)
        return false;
    *number = there->number & ~TF_WORD_NUMBERS;
    make_last(words, word, length, *number);
    return true;
}

/* What is outgrown stays in the arena, so that steps are large as long as they are small. */
static tariff_status grow(tf_words *words, tf_arena *arena)
{
    enum { FIRST = 512, LARGE = 1 << 15 };
    size_t         old_count = words->count;
    size_t         count = old_count ? old_count * (old_count < LARGE ? 4 : 2) : FIRST;
    tf_known_word *old = words->slots, *slots = TF_ARRAY(arena, tf_known_word, count + 1);
    TF_NEED(slots);
    words->slots = slots;
    words->count = count;
    for (size_t i = 0; i < old_count; i++) {
        key k = { old[i].a, old[i].b, old[i].number & TF_WORD_NUMBERS };
        if (k.a)
            *slot_of(words, &k) = old[i];
    }
    return TARIFF_OK;
}

/* The number of the second half of a longer word that is to be learnt. */
static tariff_status learn_half(tf_words *words, tf_arena *arena, uint64_t b, uint32_t *number)
{
    second_half half = half_of(b);
    if (!words->halves) {
        words->halves = TF_NEW(arena, tf_words);
        TF_NEED(words->halves);
    }
    *number = (uint32_t)words->halves->n;
    return tf_words_learn(words->halves, arena, half.text, half.length, *number);
}

tariff_status tf_words_learn(tf_words *words, tf_arena *arena, const char *text, size_t length,
                             uint32_t number)
{
    tf_word word;
    key     k;
    if (length == 0 || !tf_word_of(text, length, &word) || word.a == 0
        || number >= TF_WORD_NUMBERS)
        return TARIFF_E_VALUE;
    if ((words->n + 1) * 4 > words->count * 3)
        TF_TRY(grow(words, arena));
    if (!key_of(words, word, &k))
        TF_TRY(learn_half(words, arena, word.b, &k.b));
    *slot_of(words, &k) = (tf_known_word){ k.a, k.b, number | k.longer };
    words->n++;
    make_last(words, word, length, number);
    return TARIFF_OK;
}
