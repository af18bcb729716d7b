/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "law/rate.h"

#include "base/ascii.h"
#include "value/unit.h"

#include <stdio.h>

enum { MOST_TERMS = 16, MOST_DEPTH = 8 };

typedef struct parser {
    tf_arena            *arena;
    const tf_rate_names *names;
    const char          *text;
    size_t               length, at;
    unsigned             depth;
    tf_why              *why;
} parser;

/* Tokens */

static void skip_blanks(parser *p)
{
    while (p->at < p->length && (p->text[p->at] == ' ' || p->text[p->at] == '\t'))
        p->at++;
}

static char peek(parser *p)
{
    skip_blanks(p);
    return p->at < p->length ? p->text[p->at] : '\0';
}

static bool take(parser *p, char c)
{
    if (peek(p) != c)
        return false;
    p->at++;
    return true;
}

static bool is_word_char(char c)
{
    return tf_is_alnum(c) || c == '_';
}

/* Length of the word at the current place, 0 if none begins here. */
static size_t word_length(parser *p)
{
    size_t n = 0;
    if (!tf_is_alpha(peek(p)))
        return 0;
    while (p->at + n < p->length && is_word_char(p->text[p->at + n]))
        n++;
    return n;
}

static bool take_word(parser *p, const char *word)
{
    size_t n = word_length(p);
    if (n != strlen(word))
        return false;
    for (size_t i = 0; i < n; i++)
        if (tf_to_lower(p->text[p->at + i]) != word[i])
            return false;
    p->at += n;
    return true;
}

/* The digits and the point at the current place. */
static size_t number_length(parser *p)
{
    size_t n = 0;
    peek(p);
    while (p->at + n < p->length
           && (tf_is_digit(p->text[p->at + n]) || p->text[p->at + n] == '.'))
        n++;
    return n;
}

static tariff_status expected(parser *p, const char *what)
{
    skip_blanks(p);
    return tf_because(p->why, TARIFF_E_SYNTAX, p->at,
                      "a rate is 25%, Free, exempt, 1.5 USD/kg + 8%, max(5%, 10 c/no), to 15%",
                      p->at < p->length ? "expected %s before '%.*s'" : "expected %s at the end%.*s",
                      what, (int)(p->length - p->at > 40 ? 40 : p->length - p->at),
                      p->text + p->at);
}

/* Names */

static tariff_status take_name(parser *p, const tf_names *names, const char *what, uint32_t *out)
{
    char   hint[128] = "";
    size_t n = word_length(p);
    if (n == 0)
        return expected(p, what);
    *out = names ? tf_names_find(names, p->text + p->at, n) : TF_NO_NAME;
    if (*out == TF_NO_NAME) {
        const char *near = names ? tf_names_nearest(names, p->text + p->at, n) : NULL;
        if (near)
            snprintf(hint, sizeof hint, "did you mean '%s'?", near);
        else if (strcmp(what, "part") == 0)
            snprintf(hint, sizeof hint, "a part is declared by a file parts/%.*s.csv",
                     (int)(n > 40 ? 40 : n), p->text + p->at);
        else
            snprintf(hint, sizeof hint, "layers are declared in layers.csv");
        return tf_because(p->why, TARIFF_E_REFERENCE, p->at, hint, "unknown %s '%.*s'", what,
                          (int)n, p->text + p->at);
    }
    p->at += n;
    return TARIFF_OK;
}

/* Terms */

static tariff_status parse_on(parser *p, tf_term *term)
{
    uint32_t part;
    term->part = TF_NO_PART;
    if (!take_word(p, "on"))
        return TARIFF_OK;
    TF_TRY(take_name(p, p->names->parts, "part", &part));
    term->part = (int8_t)part;
    return TARIFF_OK;
}

static tariff_status bare_number(parser *p, size_t start, size_t n)
{
    tariff_rate ignored;
    tariff_status status = tf_parse_percent(p->text + start, n, &ignored, p->why);
    if (p->why)
        p->why->at += start;
    return status;
}

static tariff_status parse_amount(parser *p, size_t start, size_t n, tf_term *term)
{
    tf_why why;
    size_t letters = word_length(p);
    if (letters == 1 && tf_to_lower(p->text[p->at]) == 'c') {
        memcpy(term->currency, "USD", 4);
    } else if (letters == 3) {
        for (size_t i = 0; i < 3; i++)
            term->currency[i] = tf_to_upper(p->text[p->at + i]);
        term->currency[3] = '\0';
    } else {
        return expected(p, "a currency (USD, EUR, ... or c for US cents)");
    }
    p->at += letters;
    term->specific = true;
    /* A cent is a hundredth: two places fewer. */
    unsigned places = letters == 1 ? 7 : 9;
    if (tf_parse_decimal(p->text + start, n, places, "amount", &term->nano, &why) != TARIFF_OK)
        return tf_because(p->why, why.status, start + why.at, why.hint, "%s", why.message);
    if (!take(p, '/'))
        return expected(p, "'/' and a unit");
    term->per = TF_E4;
    size_t digits = number_length(p);
    if (digits) {
        if (tf_parse_decimal(p->text + p->at, digits, 4, "number of units", &term->per, &why)
                != TARIFF_OK
            || term->per == 0)
            return expected(p, "a number of units above zero");
        p->at += digits;
    }
    size_t unit = word_length(p);
    if (unit == 0)
        return expected(p, "a unit");
    if (tf_parse_unit(p->text + p->at, unit, &term->unit, &why) != TARIFF_OK)
        return tf_because(p->why, why.status, p->at, why.hint, "%s", why.message);
    p->at += unit;
    return parse_on(p, term);
}

static tariff_status parse_term(parser *p, tf_term *term)
{
    tf_why      why;
    tariff_rate rate;
    size_t      n = number_length(p), start = p->at;
    memset(term, 0, sizeof *term);
    if (n == 0) {
        if (peek(p) == '-')
            return tf_because(p->why, TARIFF_E_VALUE, p->at, "a duty is never negative",
                              "negative rate '%.*s'", (int)(p->length - p->at), p->text + p->at);
        return expected(p, "a rate");
    }
    p->at += n;
    if (take(p, '%')) {
        if (tf_parse_percent(p->text + start, p->at - start, &rate, &why) != TARIFF_OK)
            return tf_because(p->why, why.status, start + why.at, why.hint, "%s", why.message);
        term->nano = rate.nano;
        return parse_on(p, term);
    }
    if (word_length(p) > 0)
        return parse_amount(p, start, n, term);
    return bare_number(p, start, n);
}

/* Rates */

static tariff_status parse_rate(parser *p, const tf_rate **out);

static tariff_status parse_pair(parser *p, tf_rate_kind kind, tf_rate *rate)
{
    rate->kind = kind;
    if (!take(p, '('))
        return expected(p, "'('");
    TF_TRY(parse_rate(p, &rate->left));
    if (!take(p, ','))
        return expected(p, "','");
    TF_TRY(parse_rate(p, &rate->right));
    if (!take(p, ')'))
        return expected(p, "')'");
    if (rate->left->kind == TF_RATE_TO || rate->right->kind == TF_RATE_TO)
        return tf_because(p->why, TARIFF_E_SYNTAX, 0, NULL, "'to' stands alone");
    rate->specific = rate->left->specific || rate->right->specific;
    rate->parts = rate->left->parts | rate->right->parts;
    return TARIFF_OK;
}

static tariff_status parse_to(parser *p, tf_rate *rate)
{
    tf_term  term;
    uint32_t layer;
    size_t   start = p->at;
    TF_TRY(parse_term(p, &term));
    if (term.specific || term.part != TF_NO_PART)
        return tf_because(p->why, TARIFF_E_SYNTAX, start, "write for instance: to 15%",
                          "'to' takes a percentage of value");
    rate->kind = TF_RATE_TO;
    rate->to = term.nano;
    if (!take_word(p, "over"))
        return TARIFF_OK;
    do {
        TF_TRY(take_name(p, p->names->layers, "layer", &layer));
        rate->over |= UINT64_C(1) << layer;
    } while (word_length(p) > 0);
    return TARIFF_OK;
}

static tariff_status parse_sum(parser *p, tf_rate *rate)
{
    tf_term terms[MOST_TERMS];
    size_t  n = 0;
    do {
        if (n == MOST_TERMS)
            return tf_because(p->why, TARIFF_E_LIMIT, p->at, NULL, "more than %d terms",
                              MOST_TERMS);
        TF_TRY(parse_term(p, &terms[n]));
        rate->specific = rate->specific || terms[n].specific;
        if (terms[n].part != TF_NO_PART)
            rate->parts |= UINT64_C(1) << terms[n].part;
        n++;
    } while (take(p, '+'));
    tf_term *copy = TF_ARRAY(p->arena, tf_term, n);
    if (!copy)
        return tf_no_memory(p->why);
    memcpy(copy, terms, n * sizeof *copy);
    rate->terms = copy;
    rate->count = n;
    return TARIFF_OK;
}

static tariff_status parse_rate(parser *p, const tf_rate **out)
{
    tf_rate *rate = TF_NEW(p->arena, tf_rate);
    if (!rate)
        return tf_no_memory(p->why);
    *out = rate;
    if (++p->depth > MOST_DEPTH)
        return tf_because(p->why, TARIFF_E_LIMIT, p->at, NULL, "nested too deeply");
    tariff_status status = TARIFF_OK;
    if (take_word(p, "max"))
        status = parse_pair(p, TF_RATE_MAX, rate);
    else if (take_word(p, "min"))
        status = parse_pair(p, TF_RATE_MIN, rate);
    else if (take_word(p, "to"))
        status = p->depth > 1 ? tf_because(p->why, TARIFF_E_SYNTAX, p->at, NULL,
                                           "'to' stands alone")
                              : parse_to(p, rate);
    else if (!take_word(p, "free") && !(p->depth == 1 && take_word(p, "exempt")))
        status = parse_sum(p, rate);
    p->depth--;
    return status;
}

tariff_status tf_parse_rate(tf_arena *arena, const tf_rate_names *names, const char *text,
                            size_t length, const tf_rate **out, tf_why *why)
{
    parser p = { arena, names, text, length, 0, 0, why };
    if (peek(&p) == '\0')
        return tf_because(why, TARIFF_E_VALUE, 0, "write Free or exempt where no duty is charged",
                          "the rate is empty");
    TF_TRY(parse_rate(&p, out));
    if (peek(&p) == '+')
        return tf_because(why, TARIFF_E_SYNTAX, p.at, "write the other terms only",
                          "Free, exempt, to, max and min are not added to");
    if (peek(&p) != '\0')
        return expected(&p, "the end of the rate");
    tf_rate *rate = (tf_rate *)*out;
    rate->text = tf_arena_text(arena, text, length);
    return rate->text ? TARIFF_OK : tf_no_memory(why);
}

bool tf_rate_is_zero(const tf_rate *rate)
{
    if (rate->kind == TF_RATE_TO)
        return rate->to == 0;
    if (rate->kind != TF_RATE_SUM)
        return tf_rate_is_zero(rate->left) && tf_rate_is_zero(rate->right);
    for (size_t i = 0; i < rate->count; i++)
        if (rate->terms[i].nano != 0)
            return false;
    return true;
}

static bool same_term(const tf_term *a, const tf_term *b)
{
    return a->specific == b->specific && a->part == b->part && a->nano == b->nano
           && (!a->specific || (strcmp(a->currency, b->currency) == 0 && a->per == b->per
                                && a->unit.id == b->unit.id));
}

/* Terms that charge nothing are none. */
static const tf_term *next_term(const tf_rate *rate, size_t *at)
{
    while (*at < rate->count && rate->terms[*at].nano == 0)
        ++*at;
    return *at < rate->count ? &rate->terms[(*at)++] : NULL;
}

bool tf_rate_same(const tf_rate *a, const tf_rate *b)
{
    if (a == b || a->kind != b->kind)
        return a == b;
    if (a->kind == TF_RATE_TO)
        return a->to == b->to && a->over == b->over;
    if (a->kind != TF_RATE_SUM)
        return tf_rate_same(a->left, b->left) && tf_rate_same(a->right, b->right);
    for (size_t i = 0, k = 0;;) {
        const tf_term *x = next_term(a, &i), *y = next_term(b, &k);
        if (!x || !y)
            return x == y;
        if (!same_term(x, y))
            return false;
    }
}

bool tf_rate_is_foreign(const tf_rate *rate, const char *account)
{
    if (rate->kind == TF_RATE_MAX || rate->kind == TF_RATE_MIN)
        return tf_rate_is_foreign(rate->left, account) || tf_rate_is_foreign(rate->right, account);
    for (size_t i = 0; i < rate->count; i++)
        if (rate->terms[i].specific && strcmp(rate->terms[i].currency, account) != 0)
            return true;
    return false;
}

tf_rate *tf_rate_copy(tf_arena *arena, const tf_rate *rate)
{
    tf_rate *copy = TF_NEW(arena, tf_rate);
    tf_term *terms = TF_ARRAY(arena, tf_term, rate->count + 1);
    if (!copy || !terms)
        return NULL;
    if (rate->count)
        memcpy(terms, rate->terms, rate->count * sizeof *terms);
    *copy = *rate;
    copy->terms = terms;
    copy->left = rate->left ? tf_rate_copy(arena, rate->left) : NULL;
    copy->right = rate->right ? tf_rate_copy(arena, rate->right) : NULL;
    return !copy->left == !rate->left && !copy->right == !rate->right ? copy : NULL;
}

/* Changes */

static bool scaled(int64_t nano, int64_t factor, int64_t *out)
{
    tf_i128 product = tf_div_half_even((tf_i128)nano * factor, TF_E9);
    *out = (int64_t)product;
    return product <= INT64_MAX;
}

static tariff_status change_terms(tf_arena *arena, tf_rate *rate, tf_rate_change change,
                                  int64_t nano)
{
    tf_term *terms = TF_ARRAY(arena, tf_term, rate->count + 1);
    TF_NEED(terms);
    if (rate->count)
        memcpy(terms, rate->terms, rate->count * sizeof *terms);
    rate->terms = terms;
    if (change == TF_RATE_SCALE) {
        for (size_t i = 0; i < rate->count; i++)
            if (!scaled(terms[i].nano, nano, &terms[i].nano))
                return TARIFF_E_OVERFLOW;
        return TARIFF_OK;
    }
    size_t at = 0;
    while (at < rate->count && (terms[at].specific || terms[at].part != TF_NO_PART))
        at++;
    if (at == rate->count) {
        terms[at].part = TF_NO_PART;
        rate->count++;
    }
    terms[at].nano += nano;
    if (terms[at].nano < 0)
        terms[at].nano = 0;
    return TARIFF_OK;
}

tariff_status tf_rate_change_apply(tf_arena *arena, const tf_rate *rate, tf_rate_change change,
                                   const tf_rate *value, int64_t nano, const tf_rate **out)
{
    if (change == TF_RATE_SET) {
        *out = value;
        return TARIFF_OK;
    }
    tf_rate *fresh = TF_NEW(arena, tf_rate);
    TF_NEED(fresh);
    *fresh = *rate;
    *out = fresh;
    if (rate->kind == TF_RATE_MAX || rate->kind == TF_RATE_MIN) {
        TF_TRY(tf_rate_change_apply(arena, rate->left, change, NULL, nano, &fresh->left));
        return tf_rate_change_apply(arena, rate->right, change, NULL, nano, &fresh->right);
    }
    if (rate->kind == TF_RATE_TO) {
        if (change == TF_RATE_SCALE)
            return scaled(rate->to, nano, &fresh->to) ? TARIFF_OK : TARIFF_E_OVERFLOW;
        fresh->to = rate->to + nano < 0 ? 0 : rate->to + nano;
        return TARIFF_OK;
    }
    return change_terms(arena, fresh, change, nano);
}
