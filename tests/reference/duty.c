/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Duty expressions, charged while they are read:
 *
 *     rate := 'free' | 'exempt' | 'to' PERCENT ['over' layer...] | sum
 *             | 'max(' rate ',' rate ')' | 'min(' rate ',' rate ')'
 *     sum  := term { '+' term }
 *     term := PERCENT ['on' PART] | AMOUNT '/' [NUMBER] UNIT ['on' PART]
 */
#include "reference/assess.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static ref_charge nothing(void)
{
    number zero = number_of(0);
    return (ref_charge){ zero, zero };
}

static ref_charge plus(ref_charge a, ref_charge b)
{
    return (ref_charge){ number_add(a.rate, b.rate), number_add(a.money, b.money) };
}

static ref_charge minus(ref_charge a, ref_charge b)
{
    return (ref_charge){ number_sub(a.rate, b.rate), number_sub(a.money, b.money) };
}

ref_charge total_of(const ref_charge *piece)
{
    ref_charge sum = nothing();
    for (unsigned i = 0; i < PIECES; i++)
        sum = plus(sum, piece[i]);
    return sum;
}

bool is_more(number value, ref_charge a, ref_charge b)
{
    if (number_sign(a.money) == 0 && number_sign(b.money) == 0)
        return number_compare(a.rate, b.rate) > 0;
    return number_compare(number_add(number_mul(a.rate, value), a.money),
                          number_add(number_mul(b.rate, value), b.money))
           > 0;
}

bool is_positive(number value, ref_charge a)
{
    return is_more(value, a, nothing());
}

/* Reading */

static void skip_blanks(const char **at)
{
    *at += strspn(*at, " ");
}

static bool takes(const char **at, const char *word)
{
    skip_blanks(at);
    size_t n = strlen(word);
    if (strncmp(*at, word, n) != 0)
        return false;
    *at += n;
    return true;
}

static void read_word(const char **at, char word[16])
{
    size_t n = 0;
    skip_blanks(at);
    for (; isalnum((unsigned char)**at) && n < 15; (*at)++)
        word[n++] = **at;
    word[n] = '\0';
}

/* Units: how many of the first of their kind, in words of the customs tariff. */

static const struct unit {
    const char *name, *kind, *factor;
} units[] = {
    { "kg", "kg", "1" },         { "g", "kg", "0.001" }, { "t", "kg", "1000" },
    { "lb", "kg", "0.45359237" }, { "no", "no", "1" },    { "doz", "no", "12" },
    { "l", "l", "1" },           { "hl", "l", "100" },   { "m2", "m2", "1" },
};

static const struct unit *unit_named(const char *name)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].name, name) == 0)
            return &units[i];
    return NULL;
}

/* How many `name`s the line is; NULL: that is not known. */
static number quantity_in(const line_text *line, const char *name)
{
    const struct unit *to = unit_named(name), *from = unit_named(line->unit);
    if (!to)
        abort();
    if (!from || strcmp(from->kind, to->kind) != 0)
        return NULL;
    return number_div(number_mul(number_read(line->quantity, NULL),
                                 number_read(from->factor, NULL)),
                      number_read(to->factor, NULL));
}

/* Terms */

/* The pieces that a term charges: those left, or of them the one it names. */
static unsigned read_on(const base_text *base, const char **at)
{
    char part[16];
    if (!takes(at, "on "))
        return base->pieces;
    read_word(at, part);
    return base->pieces & 1u << (part[1] - '0');
}

static ref_duty read_term(const base_text *base, const char **at)
{
    ref_duty out = { .lacks = false };
    bool     unknown = false;
    skip_blanks(at);
    number n = number_read(*at, at), rate = number_of(0), money = number_of(0);
    if (takes(at, "%")) {
        rate = number_div(n, number_of(100));
    } else {
        char   word[16];
        number amount, per = number_of(1), quantity;
        read_word(at, word);
        amount = strcmp(word, "c") == 0     ? number_div(n, number_of(100))
                 : strcmp(word, "eur") == 0 ? number_mul(n, number_read(base->law->exchange, NULL))
                                            : n;
        if (!takes(at, "/"))
            abort();
        skip_blanks(at);
        if (isdigit((unsigned char)**at))
            per = number_read(*at, at);
        read_word(at, word);
        quantity = quantity_in(base->line, word);
        unknown = !quantity;
        if (quantity)
            money = number_div(number_mul(amount, quantity), per);
    }
    unsigned pieces = read_on(base, at);
    for (unsigned i = 0; i < PIECES; i++) {
        out.piece[i] = nothing();
        /* An amount on nothing lacks no quantity. */
        if (unknown && (pieces >> i & 1) && number_sign(base->share[i]) > 0)
            out.lacks = out.open = true;
        if (pieces >> i & 1)
            out.piece[i] = (ref_charge){ number_mul(rate, base->share[i]),
                                     number_mul(money, base->share[i]) };
    }
    return out;
}

/* Rates */

static ref_duty read_rate(const base_text *base, const char **at);

static ref_duty read_sum(const base_text *base, const char **at)
{
    ref_duty sum = read_term(base, at);
    while (takes(at, "+")) {
        ref_duty term = read_term(base, at);
        for (unsigned i = 0; i < PIECES; i++)
            sum.piece[i] = plus(sum.piece[i], term.piece[i]);
        sum.lacks = sum.lacks || term.lacks;
        sum.open = sum.open || term.open;
    }
    return sum;
}

/* The assessable operands decide; if there is only one of them, it. */
static ref_duty read_choice(const base_text *base, const char **at, bool highest)
{
    ref_duty a = read_rate(base, at);
    if (!takes(at, ","))
        abort();
    ref_duty b = read_rate(base, at);
    if (!takes(at, ")"))
        abort();
    number value = number_read(base->line->value, NULL);
    bool   take_b = highest ? is_more(value, total_of(b.piece), total_of(a.piece))
                            : is_more(value, total_of(a.piece), total_of(b.piece));
    if (a.open != b.open)
        take_b = a.open;
    ref_duty out = take_b ? b : a;
    out.lacks = a.lacks || b.lacks;
    out.open = a.open && b.open;
    return out;
}

static bool is_named(const char *names, const char *name)
{
    char word[64];
    while (next_word(&names, word))
        if (strcmp(word, name) == 0)
            return true;
    return false;
}

static bool is_topped(const rows *law, const char *over, const char *layer, unsigned k)
{
    const layer_row *other = &law->layers[k];
    if (strcmp(other->name, layer) == 0)
        return false;
    return over ? is_named(over, other->name) : strcmp(other->kind, "ordinary") == 0;
}

/* What the other ordinary layers, or those named, leave up to the target, piece by piece. */
static ref_duty read_to(const base_text *base, const char **at)
{
    ref_duty    out = read_term(base, at);
    number      value = number_read(base->line->value, NULL);
    const char *over = takes(at, "over ") ? *at : NULL;
    for (unsigned k = 0; k < base->law->layer_count; k++)
        for (unsigned i = 0; i < PIECES; i++)
            if (is_topped(base->law, over, base->layer, k) && (base->pieces >> i & 1))
                out.piece[i] = minus(out.piece[i], base->charged[k][i]);
    for (unsigned i = 0; i < PIECES; i++)
        if (!is_positive(value, out.piece[i]))
            out.piece[i] = nothing();
    return out;
}

bool tops(const rows *law, const char *rate, const char *layer, unsigned k)
{
    const char *over = strstr(rate, "over ");
    return tolower((unsigned char)*rate) == 't'
           && is_topped(law, over ? over + strlen("over ") : NULL, layer, k);
}

static ref_duty read_rate(const base_text *base, const char **at)
{
    ref_duty none = { .lacks = false };
    for (unsigned i = 0; i < PIECES; i++)
        none.piece[i] = nothing();
    if (takes(at, "free") || takes(at, "exempt"))
        return none;
    if (takes(at, "to "))
        return read_to(base, at);
    if (takes(at, "max("))
        return read_choice(base, at, true);
    if (takes(at, "min("))
        return read_choice(base, at, false);
    return read_sum(base, at);
}

ref_duty duty_of(const base_text *base, const char *rate)
{
    char   lower[320];
    size_t n = 0;
    for (; rate[n]; n++)
        lower[n] = (char)tolower((unsigned char)rate[n]);
    lower[n] = '\0';
    const char *at = lower;
    return read_rate(base, &at);
}
