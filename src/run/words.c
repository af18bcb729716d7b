/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/words.h"

#include <stdio.h>

void tf_say(tf_words *words, const char *separator, const char *a, const char *b)
{
    size_t room = sizeof words->text - words->n;
    int    n = snprintf(words->text + words->n, room, "%s%s%s", words->n ? separator : "", a, b);
    if (n > 0 && (size_t)n < room)
        words->n += (size_t)n;
    else
        words->text[words->n] = '\0';
}

void tf_say_day(tf_words *words, const char *what, tariff_date day)
{
    char text[16];
    tariff_date_format(day, text);
    if (*text)
        tf_say(words, " ", what, text);
}

void tf_say_layers(tf_words *words, const tf_book *book, uint64_t layers)
{
    const char *separator = "";
    for (; layers; layers &= layers - 1, separator = ", ")
        tf_say(words, separator, book->layers.at[__builtin_ctzll(layers)].name, "");
}

/* Rates */

static void say_term(tf_words *words, const tf_book *book, const tf_term *term)
{
    char number[TF_DECIMAL_TEXT];
    if (!term->specific) {
        tf_format_percent(term->nano, 9, number);
        tf_say(words, "", number, "");
    } else {
        tf_format_fixed(term->nano, 9, 0, number);
        tf_say(words, "", number, " ");
        tf_say(words, "", term->currency, "/");
        if (term->per != TF_E4) {
            tf_format_fixed(term->per, 4, 0, number);
            tf_say(words, "", number, " ");
        }
        tf_say(words, "", tariff_unit_name(term->unit), "");
    }
    if (term->part != TF_NO_PART)
        tf_say(words, "", " on ", book->part_names.list.at[term->part]);
}

void tf_say_rate(tf_words *words, const tf_book *book, const tf_rate *rate)
{
    char number[TF_DECIMAL_TEXT];
    if (rate->kind == TF_RATE_MAX || rate->kind == TF_RATE_MIN) {
        tf_say(words, "", rate->kind == TF_RATE_MAX ? "max(" : "min(", "");
        tf_say_rate(words, book, rate->left);
        tf_say(words, "", ", ", "");
        tf_say_rate(words, book, rate->right);
        tf_say(words, "", ")", "");
    } else if (rate->kind == TF_RATE_TO) {
        tf_format_percent(rate->to, 9, number);
        tf_say(words, "", "to ", number);
        for (uint64_t over = rate->over; over; over &= over - 1)
            tf_say(words, "", over == rate->over ? " over " : " ",
                   book->layers.at[__builtin_ctzll(over)].name);
    } else if (rate->count == 0) {
        tf_say(words, "", "Free", "");
    }
    for (size_t i = 0; rate->kind == TF_RATE_SUM && i < rate->count; i++) {
        tf_say(words, "", i ? " + " : "", "");
        say_term(words, book, &rate->terms[i]);
    }
}
