/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Words that were learnt are found, by every way of looking, with their numbers;
 * others are not.
 */
#include "base/env.h"
#include "flows/words.h"
#include "unit/random.h"

enum { WORDS = 30000 };

/** A word, with bytes around it that are of no account. */
typedef struct text {
    char   at[TF_WORD_LENGTH + 16];
    size_t length;
} text;

static text put_text(check_random *random, const char *word, size_t length)
{
    text t = { .length = length };
    memset(t.at, (char)check_next(random), sizeof t.at);
    memcpy(t.at, word, length);
    return t;
}

/* All different: a number written in digits of which there are few, cut or not. */
static text nth_text(check_random *random, unsigned n, size_t longest)
{
    char   word[TF_WORD_LENGTH + 1];
    size_t length = 0;
    do
        word[length++] = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    size_t more = length < longest ? check_below(random, (unsigned)(longest - length) + 1) : 0;
    memset(word + length, 'x', more);
    return put_text(random, word, length + more);
}

/* As who reads many looks first. */
static bool glance(const tf_words *words, const char *word, size_t length, uint32_t *number)
{
    tf_word spelt;
    return words->n > 0 && length <= TF_COMMON_LENGTH && tf_word_of(word, length, &spelt)
           && tf_words_glance(tf_words_place(words, spelt), spelt, number);
}

static void check_known_word(tf_words *words, const text *t, uint32_t wanted)
{
    uint32_t number = UINT32_MAX;
    if (glance(words, t->at, t->length, &number))
        assert_int_equal(number, wanted);
    assert_true(tf_words_find(words, t->at, t->length, &number));
    assert_int_equal(number, wanted);
    assert_int_equal(words->last_number, wanted);
    assert_true(tf_words_is_last(words, t->at, t->length));
    if (t->length <= TF_QUICK_LENGTH) {
        assert_true(tf_words_quick(words, t->at, t->length, &number));
        assert_int_equal(number, wanted);
    }
}

static void check_unknown_word(tf_words *words, const text *t)
{
    uint32_t number;
    assert_false(tf_words_quick(words, t->at, t->length, &number));
    assert_false(glance(words, t->at, t->length, &number));
    assert_false(tf_words_find(words, t->at, t->length, &number));
}

static tf_arena begin_arena(tariff_env **env)
{
    tf_arena arena;
    assert_int_equal(tariff_env_new(NULL, env), TARIFF_OK);
    tf_arena_init(&arena, &(*env)->allocator);
    return arena;
}

static void end_arena(tariff_env *env, tf_arena *arena)
{
    tf_arena_free(arena);
    tariff_env_free(env);
}

/* Of all lengths, and so many that room has to be made several times. */
static void words_are_found_that_were_learnt(void **state)
{
    static text     texts[WORDS];
    static tf_words words;
    tariff_env     *env;
    tf_arena        arena = begin_arena(&env);
    check_random    random = check_random_begin(check_seed());
    size_t          glances = 0;
    uint32_t        number;
    (void)state;
    for (unsigned i = 0; i < WORDS; i++)
        texts[i] = nth_text(&random, i, i % 3 ? TF_WORD_LENGTH : TF_QUICK_LENGTH);
    for (unsigned i = 0; i < WORDS; i++) {
        check_unknown_word(&words, &texts[i]);
        assert_int_equal(tf_words_learn(&words, &arena, texts[i].at, texts[i].length, 7 * i), TARIFF_OK);
        check_known_word(&words, &texts[i], 7 * i);
        unsigned before = check_below(&random, i + 1);
        check_known_word(&words, &texts[before], 7 * before);
    }
    assert_int_equal(words.n, WORDS);
    for (unsigned i = 0; i < WORDS; i++) {
        check_known_word(&words, &texts[i], 7 * i);
        glances += glance(&words, texts[i].at, texts[i].length, &number);
    }
    assert_true(glances > WORDS / 3); /* or nobody would have to look at the first place */
    end_arena(env, &arena);
}

/* Of the same beginning, with the number that another one's second half has where that has its
 * last bytes. */
static void longer_words_are_told_apart(void **state)
{
    static const char *const long_words[] = { "8703.21.10.90.00", "8703.21.10.90.0", "8703.21.10.90",
                                              "8703.21.11.90.00", "8703.22.10.90.00" };
    static tf_words words;
    tariff_env     *env;
    tf_arena        arena = begin_arena(&env);
    check_random    random = check_random_begin(check_seed());
    enum { LONG = sizeof long_words / sizeof *long_words };
    (void)state;
    for (unsigned i = 0; i < LONG; i++) {
        text t = put_text(&random, long_words[i], strlen(long_words[i]));
        check_unknown_word(&words, &t);
        assert_int_equal(tf_words_learn(&words, &arena, t.at, t.length, i), TARIFF_OK);
    }
    for (unsigned i = 0; i < LONG; i++) {
        text t = put_text(&random, long_words[i], strlen(long_words[i]));
        check_known_word(&words, &t, i);
        char alike[12];
        memcpy(alike, long_words[i], 8);
        memcpy(alike + 8, &(uint32_t){ i }, 4); /* as numbers of second halves may be */
        t = put_text(&random, alike, i ? 9 : 8);
        check_unknown_word(&words, &t);
    }
    end_arena(env, &arena);
}

static void what_is_no_word_is_not_learnt(void **state)
{
    static tf_words words;
    tariff_env     *env;
    tf_arena        arena = begin_arena(&env);
    const char      zeros[2 * TF_WORD_LENGTH] = "", digits[] = "0123456789012345678901234567890";
    uint32_t        number;
    (void)state;
    assert_int_equal(tf_words_learn(&words, &arena, digits, 0, 1), TARIFF_E_VALUE);
    assert_int_equal(tf_words_learn(&words, &arena, digits, 17, 1), TARIFF_E_VALUE);
    assert_int_equal(tf_words_learn(&words, &arena, zeros, 3, 1), TARIFF_E_VALUE);
    assert_int_equal(tf_words_learn(&words, &arena, digits, 16, 1), TARIFF_OK);
    assert_false(tf_words_find(&words, digits, 17, &number));
    assert_false(tf_words_find(&words, digits, 0, &number));
    assert_false(glance(&words, digits, 0, &number));
    assert_false(glance(&words, zeros, 3, &number));
    end_arena(env, &arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_found_that_were_learnt),
        cmocka_unit_test(longer_words_are_told_apart),
        cmocka_unit_test(what_is_no_word_is_not_learnt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
