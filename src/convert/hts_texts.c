/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "convert/hts_texts.h"

#include <stdio.h>

enum { LONGEST_CELL = 2048, LONGEST_ORIGINS = 2048 };

static tariff_status check_marker(tf_hts_texts *texts)
{
    tf_why         why;
    const tf_rate *rate;
    const char    *marker = texts->options->marker;
    tf_rate_names  names = { &texts->part_names, NULL };
    if (!marker
        || tf_parse_rate(texts->arena, &names, marker, strlen(marker), &rate, &why) == TARIFF_OK)
        return TARIFF_OK;
    return tf_error(texts->env, TARIFF_E_ARG, NULL, why.hint, "the marker: %s", why.message);
}

tariff_status tf_hts_texts_init(tf_hts_texts *texts, tariff_env *env, tf_arena *arena,
                                const tariff_hts_options *options)
{
    texts->env = env;
    texts->arena = arena;
    texts->options = options;
    for (size_t i = 0; tf_duty_part(i); i++)
        if (tf_names_add(&texts->part_names, arena, tf_duty_part(i), strlen(tf_duty_part(i)))
            == TF_NO_NAME)
            return TARIFF_E_NOMEM;
    for (size_t i = 0; i < options->programme_count; i++)
        TF_TRY(tf_programmes_add(env, arena, &texts->programmes, options->programme[i]));
    if (options->programmes)
        TF_TRY(tf_programmes_read(env, arena, &texts->programmes, options->programmes));
    return check_marker(texts);
}

/* Fill rate or why.  What is written is read again by the rules for duty expressions, so that
 * nothing is written that a schedule would refuse. */
static tariff_status translate(tf_hts_texts *texts, const char *text, size_t length,
                               tf_charge *out)
{
    tf_why         why;
    tf_duty        duty;
    const tf_rate *rate;
    tf_rate_names  names = { &texts->part_names, NULL };
    out->text = tf_arena_text(texts->arena, text, length);
    TF_NEED(out->text);
    tariff_status status = tf_duty_of_hts(text, length, &duty, &why);
    if (status == TARIFF_OK)
        status = tf_parse_rate(texts->arena, &names, duty.text, strlen(duty.text), &rate, &why);
    if (status == TARIFF_E_NOMEM)
        return status;
    if (status != TARIFF_OK) {
        out->why = tf_arena_text(texts->arena, why.message, strlen(why.message));
        return out->why ? TARIFF_OK : TARIFF_E_NOMEM;
    }
    texts->parts |= duty.parts;
    out->of_content = duty.of_content;
    out->rate = tf_arena_text(texts->arena, duty.text, strlen(duty.text));
    return out->rate ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status plain_cell(tf_hts_texts *texts, const char *text, size_t length,
                                tf_hts_text *out)
{
    tf_charge charge = { .origins = texts->options->origins, .when = "" };
    TF_TRY(translate(texts, text, length, &charge));
    return TF_PUSH(texts->arena, &out->charges, charge) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* Special column */

/* The symbols of a segment as numbers of known programmes; the others go to `unknown`. */
static tariff_status sort_symbols(tf_hts_texts *texts, tf_segment segment, tf_numbers *known,
                                  tf_numbers *unknown)
{
    const char *symbol;
    size_t      length;
    while (tf_next_symbol(&segment, &symbol, &length)) {
        uint32_t number = tf_programmes_find(&texts->programmes, texts->arena, symbol, length);
        if (number == TF_NO_NAME)
            continue;
        tf_numbers *to = number < texts->programmes.known ? known : unknown;
        if (!TF_PUSH(texts->arena, to, number))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

static bool has_word(const char *list, const char *word, size_t length)
{
    for (; *list; list += strspn(list, " ")) {
        size_t n = strcspn(list, " ");
        if (n == length && memcmp(list, word, n) == 0)
            return true;
        list += n;
    }
    return false;
}

/* Append the words of `more` that `list` does not have. */
static bool add_words(char *list, size_t size, const char *more)
{
    size_t end = strlen(list);
    for (more += strspn(more, " "); *more; more += strspn(more, " ")) {
        size_t n = strcspn(more, " ");
        if (!has_word(list, more, n)) {
            if (end + n + 2 > size)
                return false;
            end += (size_t)snprintf(list + end, size - end, "%s%.*s", end ? " " : "", (int)n,
                                    more);
        }
        more += n;
    }
    return true;
}

/* One charge for each claim, for the origins of all its programmes in the segment. */
static tariff_status add_claims(tf_hts_texts *texts, const tf_numbers *known, tf_charge charge,
                                tf_charges *out)
{
    const tf_programme *list = texts->programmes.list.at;
    for (size_t i = 0; i < known->n; i++) {
        char   origins[LONGEST_ORIGINS] = "";
        bool   done = false;
        size_t first = 0;
        while (!done && first < i)
            done = strcmp(list[known->at[first++]].claim, list[known->at[i]].claim) == 0;
        if (done)
            continue;
        for (size_t k = i; k < known->n; k++)
            if (strcmp(list[known->at[k]].claim, list[known->at[i]].claim) == 0
                && !add_words(origins, sizeof origins, list[known->at[k]].origins))
                return tf_error(texts->env, TARIFF_E_LIMIT, NULL, "name a @group",
                                "the origins of the claim '%s' are too many",
                                list[known->at[i]].claim);
        charge.when = list[known->at[i]].claim;
        charge.origins = tf_arena_text(texts->arena, origins, strlen(origins));
        if (!charge.origins || !TF_PUSH(texts->arena, out, charge))
            return TARIFF_E_NOMEM;
        charge.repeated = true;
    }
    return TARIFF_OK;
}

/* A rate without symbols is for nobody we know: it is shown, not guessed. */
static tariff_status no_symbols(tf_hts_texts *texts, const tf_segment *segment, tf_hts_text *out)
{
    tf_charge charge = { .origins = "", .when = "", .why = "a rate without programmes" };
    charge.text = tf_arena_text(texts->arena, segment->rate, segment->rate_length);
    return charge.text && TF_PUSH(texts->arena, &out->charges, charge) ? TARIFF_OK
                                                                        : TARIFF_E_NOMEM;
}

static tariff_status special_cell(tf_hts_texts *texts, const char *text, tf_hts_text *out)
{
    tf_segment segment;
    while (tf_next_segment(&text, &segment)) {
        tf_numbers known = { 0 };
        tf_charge  charge = { 0 };
        size_t     unknown = out->unknown.n;
        TF_TRY(sort_symbols(texts, segment, &known, &out->unknown));
        if (known.n == 0 && out->unknown.n == unknown)
            TF_TRY(no_symbols(texts, &segment, out));
        if (known.n == 0)
            continue;
        TF_TRY(translate(texts, segment.rate, segment.rate_length, &charge));
        TF_TRY(add_claims(texts, &known, charge, &out->charges));
    }
    return TARIFF_OK;
}

tariff_status tf_hts_texts_find(tf_hts_texts *texts, const char *text, size_t length,
                                uint32_t *out)
{
    char        buf[LONGEST_CELL];
    tf_hts_text fresh = { 0 };
    size_t      n = tf_one_line(text, length, buf, sizeof buf);
    *out = TF_NO_TEXT;
    if (n == 0)
        return TARIFF_OK;
    if (n == SIZE_MAX)
        return TARIFF_E_LIMIT;
    *out = tf_names_add(&texts->names, texts->arena, buf, n);
    if (*out == TF_NO_NAME)
        return TARIFF_E_NOMEM;
    if (*out < texts->list.n)
        return TARIFF_OK;
    TF_TRY(texts->options->column == TARIFF_HTS_SPECIAL ? special_cell(texts, buf, &fresh)
                                                        : plain_cell(texts, buf, n, &fresh));
    return TF_PUSH(texts->arena, &texts->list, fresh) ? TARIFF_OK : TARIFF_E_NOMEM;
}
