/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flows/words.h"

#include "base/mix.h"

static size_t first_slot(const tf_words *words, tf_word text)
{
    return tf_mix(text.b * UINT64_C(0xff51afd7ed558ccd), text.a) & (words->count - 1);
}

uint32_t tf_words_expect(const tf_words *words, const char *text, size_t length)
{
    tf_word word;
    if (!tf_word_of(text, length, &word))
        return 0;
    size_t slot = first_slot(words, word);
    __builtin_prefetch(&words->slots[slot]);
    return (uint32_t)slot;
}

void tf_words_await(const tf_words *words, uint32_t slot)
{
    if (words->slots[slot])
        __builtin_prefetch(&words->list.at[words->slots[slot] - 1]);
}

static uint32_t *slot_of(const tf_words *words, tf_word text)
{
    size_t at = first_slot(words, text);
    for (; words->slots[at]; at = (at + 1) & (words->count - 1)) {
        const tf_word *there = &words->list.at[words->slots[at] - 1].text;
        if (there->a == text.a && there->b == text.b)
            break;
    }
    return &words->slots[at];
}

void tf_words_at(tf_words *words, const tf_known_word *word)
{
    size_t length = word->length;
    words->last = *word;
    words->last_size = length + 1;
    words->last_mask.a = tf_word_mask(length < 8 ? length : 8);
    words->last_mask.b = tf_word_mask(length < 8 ? 0 : length - 8);
    if (length <= TF_QUICK_LENGTH) {
        uint32_t text = (uint32_t)word->text.a;
        words->quick[tf_quick_slot(text)] = (tf_quick_word){ text, word->number };
    }
}

bool tf_words_find(tf_words *words, const char *text, size_t length, uint32_t *number)
{
    tf_word word;
    if (words->count == 0 || length == 0 || !tf_word_of(text, length, &word))
        return false;
    uint32_t place = *slot_of(words, word);
    if (!place)
        return false;
    tf_words_at(words, &words->list.at[place - 1]);
    *number = words->last.number;
    return true;
}

static tariff_status grow(tf_words *words, tf_arena *arena)
{
    size_t    count = words->count ? words->count * 2 : 256;
    uint32_t *slots = TF_ARRAY(arena, uint32_t, count);
    TF_NEED(slots);
    words->slots = slots;
    words->count = count;
    for (size_t i = 0; i < words->list.n; i++)
        *slot_of(words, words->list.at[i].text) = (uint32_t)i + 1;
    return TARIFF_OK;
}

tariff_status tf_words_learn(tf_words *words, tf_arena *arena, const char *text, size_t length,
                             uint32_t number)
{
    tf_known_word fresh = { .number = number, .length = (uint32_t)length };
    if (length == 0 || !tf_word_of(text, length, &fresh.text)
        || (fresh.text.a == 0 && fresh.text.b == 0))
        return TARIFF_E_VALUE;
    if (words->list.n * 2 >= words->count)
        TF_TRY(grow(words, arena));
    uint32_t *slot = slot_of(words, fresh.text);
    if (!TF_PUSH(arena, &words->list, fresh))
        return TARIFF_E_NOMEM;
    *slot = (uint32_t)words->list.n;
    tf_words_at(words, &fresh);
    return TARIFF_OK;
}
