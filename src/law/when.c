/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "law/when.h"

#include "base/ascii.h"

#include <stdio.h>

enum { MOST_TESTS = 16 };

const tf_when tf_when_always = { .count = 0 };

static tariff_status find_name(const tf_names *names, const char *what, const char *file,
                               const char *text, size_t length, size_t at, uint8_t *out,
                               tf_why *why)
{
    uint32_t number = tf_names_find(names, text, length);
    if (length == 0)
        return tf_because(why, TARIFF_E_SYNTAX, at, "for instance usmca, !usmca or steel>=20%",
                          "the name of a %s is missing", what);
    if (length <= 3
        && (tf_same_letters(text, "and", length) || tf_same_letters(text, "or", length)))
        return tf_because(why, TARIFF_E_SYNTAX, at,
                          "conditions are separated by blanks, and all have to hold",
                          "'%.*s' is no condition", (int)length, text);
    if (number == TF_NO_NAME) {
        char        hint[192];
        const char *near = tf_names_nearest(names, text, length);
        if (near)
            snprintf(hint, sizeof hint, "did you mean '%s'?", near);
        else
            snprintf(hint, sizeof hint, "a %s is declared by a file %s/%.*s.csv, if only a header",
                     what, file, (int)(length > 40 ? 40 : length), text);
        return tf_because(why, TARIFF_E_REFERENCE, at, hint, "undeclared %s '%.*s'", what,
                          (int)length, text);
    }
    *out = (uint8_t)number;
    return TARIFF_OK;
}

static tariff_status parse_test(const tf_names *claims, const tf_names *parts, const char *text,
                                size_t length, size_t at, tf_test *out, tf_why *why)
{
    size_t name = 0;
    memset(out, 0, sizeof *out);
    while (name < length && text[name] != '<' && text[name] != '>')
        name++;
    if (name == length) {
        bool minus = text[0] == '!';
        out->kind = minus ? TF_NOT_CLAIMED : TF_CLAIMED;
        return find_name(claims, "claim", "claims", text + minus, length - minus, at + minus,
                         &out->number, why);
    }
    size_t value = name + 1;
    out->kind = TF_LESS_THAN;
    if (text[name] == '>') {
        if (value == length || text[value] != '=')
            return tf_because(why, TARIFF_E_SYNTAX, at + name, "write >= or <",
                              "unknown comparison in '%.*s'", (int)length, text);
        out->kind = TF_AT_LEAST;
        value++;
    }
    tf_why      inner;
    tariff_rate rate;
    TF_TRY(find_name(parts, "part", "parts", text, name, at, &out->number, why));
    if (tf_parse_percent(text + value, length - value, &rate, &inner) != TARIFF_OK)
        return tf_because(why, inner.status, at + value + inner.at, inner.hint, "%s",
                          inner.message);
    out->nano = rate.nano;
    return TARIFF_OK;
}

static tariff_status parse_tests(const tf_names *claims, const tf_names *parts, const char *text,
                                 size_t length, tf_test tests[MOST_TESTS], tf_when *out,
                                 tf_why *why)
{
    for (size_t at = 0;;) {
        while (at < length && text[at] == ' ')
            at++;
        if (at == length)
            return TARIFF_OK;
        size_t start = at;
        while (at < length && text[at] != ' ')
            at++;
        if (out->count == MOST_TESTS)
            return tf_because(why, TARIFF_E_LIMIT, start, NULL, "more than %d conditions",
                              MOST_TESTS);
        tf_test *test = &tests[out->count];
        TF_TRY(parse_test(claims, parts, text + start, at - start, start, test, why));
        if (test->kind == TF_CLAIMED || test->kind == TF_NOT_CLAIMED)
            out->claims |= UINT32_C(1) << test->number;
        else
            out->parts |= UINT32_C(1) << test->number;
        out->count++;
    }
}

tariff_status tf_parse_when(tf_arena *arena, const tf_names *claims, const tf_names *parts,
                            const char *text, size_t length, const tf_when **out, tf_why *why)
{
    tf_test tests[MOST_TESTS];
    tf_when when = { .count = 0 };
    *out = &tf_when_always;
    TF_TRY(parse_tests(claims, parts, text, length, tests, &when, why));
    if (when.count == 0)
        return TARIFF_OK;
    tf_when *kept = TF_NEW(arena, tf_when);
    tf_test *copy = TF_ARRAY(arena, tf_test, when.count);
    when.text = tf_arena_text(arena, text, length);
    if (!kept || !copy || !when.text)
        return tf_no_memory(why);
    memcpy(copy, tests, when.count * sizeof *copy);
    when.tests = copy;
    *kept = when;
    *out = kept;
    return TARIFF_OK;
}

bool tf_when_holds(const tf_when *when, uint32_t claimed, const int64_t *shares)
{
    for (size_t i = 0; i < when->count; i++) {
        const tf_test *test = &when->tests[i];
        bool           made = claimed >> test->number & 1;
        bool           holds = test->kind == TF_CLAIMED       ? made
                               : test->kind == TF_NOT_CLAIMED ? !made
                               : test->kind == TF_AT_LEAST    ? shares[test->number] >= test->nano
                                                              : shares[test->number] < test->nano;
        if (!holds)
            return false;
    }
    return true;
}

/* Two tests of one claim or part exclude each other if no value satisfies both. */
static bool exclude_each_other(const tf_test *a, const tf_test *b)
{
    bool a_claim = a->kind == TF_CLAIMED || a->kind == TF_NOT_CLAIMED;
    bool b_claim = b->kind == TF_CLAIMED || b->kind == TF_NOT_CLAIMED;
    if (a_claim != b_claim || a->number != b->number || a->kind == b->kind)
        return false;
    if (a_claim)
        return true;
    int64_t least = a->kind == TF_AT_LEAST ? a->nano : b->nano;
    int64_t below = a->kind == TF_LESS_THAN ? a->nano : b->nano;
    return least >= below;
}

bool tf_when_compatible(const tf_when *a, const tf_when *b)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            if (exclude_each_other(&a->tests[i], &b->tests[k]))
                return false;
    return true;
}
