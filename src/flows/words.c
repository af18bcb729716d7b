/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flows/words.h"

#include "base/mix.h"

static bool is_free(const tf_known_word *slot)
{
    return slot->text.a == 0 && slot->text.b == 0;
}

static tf_known_word *slot_of(const tf_words *words, tf_word text)
{
    size_t at = tf_mix(text.b * UINT64_C(0xff51afd7ed558ccd), text.a) & (words->count - 1);
    while (!is_free(&words->slots[at])
           && (words->slots[at].text.a != text.a || words->slots[at].text.b != text.b))
        at = (at + 1) & (words->count - 1);
    return &words->slots[at];
}

void tf_words_at(tf_words *words, const tf_known_word *word, size_t length)
{
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
    const tf_known_word *slot = slot_of(words, word);
    if (is_free(slot))
        return false;
    tf_words_at(words, slot, length);
    *number = slot->number;
    return true;
}

tariff_status tf_words_learn(tf_words *words, tf_arena *arena, const char *text, size_t length,
                             uint32_t number)
{
    tf_known_word fresh = { .number = number };
    if (length == 0 || !tf_word_of(text, length, &fresh.text) || is_free(&fresh))
        return TARIFF_E_VALUE;
    if (words->n * 2 >= words->count) {
        tf_known_word *old = words->slots;
        size_t         count = words->count;
        words->slots = TF_ARRAY(arena, tf_known_word, count ? count * 2 : 256);
        if (!words->slots) {
            words->slots = old;
            return TARIFF_E_NOMEM;
        }
        words->count = count ? count * 2 : 256;
        for (size_t i = 0; i < count; i++)
            if (!is_free(&old[i]))
                *slot_of(words, old[i].text) = old[i];
    }
    *slot_of(words, fresh.text) = fresh;
    words->n++;
    tf_words_at(words, &fresh, length);
    return TARIFF_OK;
}
