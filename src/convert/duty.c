/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "convert/duty.h"

#include "base/ascii.h"
#include "value/wide.h"

#include <stdio.h>

/** A slice of the cell. */
typedef struct slice {
    const char *at;
    size_t      length;
} slice;

/* Words after an amount, and our unit. */
static const struct {
    const char *words, *unit;
} units[] = {
    { "kg", "kg" },         { "g", "g" },           { "t", "t" },
    { "clean kg", "kgc" },  { "liter", "l" },       { "pf.liter", "pfl" },
    { "pf. liter", "pfl" }, { "bbl", "bbl" },       { "m", "m" },
    { "lin. m", "m" },      { "m2", "m2" },         { "m3", "m3" },
    { "each", "no" },       { "head", "no" },       { "article", "no" },
    { "pack", "no" },       { "pr.", "pr" },        { "pr", "pr" },
    { "doz.", "doz" },      { "doz", "doz" },       { "gross", "gross" },
    { "1000", "1000 no" },  { "1,000", "1000 no" }, { "thousand", "1000 no" },
    { "thou- sand", "1000 no" }, { "1,000 pins", "1000 no" },
    { "gross of immediate containers", "gross" },
};

/* What the quantity is one of.  The importer declares such a line in units of just that, so the
 * amount is an ordinary one for whoever gives the declared quantity. */
static const char *const contents[] = {
    "on drained weight", "on drained weght", "on contents and container",
    "on entire contents of container", ", including weight of container", "of total sugars",
    "of anhydrous morphine content", "of recording surface", "on ethyl alcohol content",
    "on lead content", "on tungsten content", "on molybdenum content", "on copper content",
    "on zinc content", "on manganese content", "on silicon content", "on magnesium content",
};

/* In the order in which the tariff names them where it names several. */
static const char *const part_names[] = { "apparatus", "movement", "case",  "strap", "battery",
                                          "lead",      "rifle",    "sight", NULL };
enum { APPARATUS, MOVEMENT, CASE, STRAP, BATTERY, LEAD, RIFLE, SIGHT };

/* What a percentage is on.  No part: all of the value. */
static const struct {
    const char *words;
    unsigned    parts;
} bases[] = {
    { "the entire set", 0 },
    { "the case", 1 << CASE },
    { "case", 1 << CASE },
    { "the strap, band or bracelet", 1 << STRAP },
    { "the case and strap, band or bracelet", 1 << CASE | 1 << STRAP },
    { "case and strap, band or bracelet", 1 << CASE | 1 << STRAP },
    { "the battery", 1 << BATTERY },
    { "thebattery", 1 << BATTERY },
    { "the movement", 1 << MOVEMENT },
    { "the movement and case", 1 << MOVEMENT | 1 << CASE },
    { "the apparatus", 1 << APPARATUS },
    { "the value of the lead content", 1 << LEAD },
    { "the value of the rifle", 1 << RIFLE },
    { "the value of the telescopic sight, if any", 1 << SIGHT },
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

const char *tf_duty_part(size_t index)
{
    return part_names[index];
}

/* Text */

static bool is_blank(const char *s, size_t left, size_t *bytes)
{
    *bytes = 1;
    if (left >= 2 && s[0] == '\xC2' && s[1] == '\xA0') {
        *bytes = 2;
        return true;
    }
    return tf_is_space(s[0]);
}

size_t tf_one_line(const char *text, size_t length, char *buf, size_t size)
{
    size_t n = 0, bytes;
    bool   gap = false;
    for (size_t i = 0; i < length; i += bytes) {
        if (is_blank(text + i, length - i, &bytes)) {
            gap = n > 0;
            continue;
        }
        if (n + gap + 1 >= size)
            return SIZE_MAX;
        if (gap)
            buf[n++] = ' ';
        gap = false;
        buf[n++] = text[i];
    }
    buf[n] = '\0';
    return n;
}

static slice trimmed(const char *at, size_t length)
{
    while (length && *at == ' ') {
        at++;
        length--;
    }
    while (length && at[length - 1] == ' ')
        length--;
    return (slice){ at, length };
}

static bool starts(slice text, const char *words)
{
    size_t n = strlen(words);
    if (n > text.length)
        return false;
    for (size_t i = 0; i < n; i++)
        if (tf_to_lower(text.at[i]) != words[i])
            return false;
    return true;
}

static bool is(slice text, const char *words)
{
    return strlen(words) == text.length && starts(text, words);
}

static slice after(slice text, size_t n)
{
    return trimmed(text.at + n, text.length - n);
}

/* Output */

typedef struct writer {
    tf_duty    *duty;
    size_t      n;
    const char *text; /**< The cell, for offsets. */
    tf_why     *why;
    bool        content_of_unit[COUNT(units)]; /**< An amount per unit of a content. */
    unsigned    per_unit[COUNT(units)];        /**< Amounts per unit. */
} writer;

static void write_out(writer *w, const char *format, ...) TARIFF_PRINTF(2, 3);

static void write_out(writer *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(w->duty->text + w->n, sizeof w->duty->text - w->n, format, args);
    va_end(args);
    size_t room = sizeof w->duty->text - w->n - 1;
    w->n += n < 0 || (size_t)n > room ? room : (size_t)n;
}

static tariff_status not_understood(const writer *w, slice text)
{
    return tf_because(w->why, TARIFF_E_SYNTAX, (size_t)(text.at - w->text), NULL,
                      "no duty expression says '%.*s'",
                      (int)(text.length > 160 ? 160 : text.length), text.at);
}

/* Terms */

/* Digits with a point, thousands set off by commas: the commas are dropped. */
static size_t take_number(slice text, char *out, size_t size)
{
    size_t i = 0, n = 0;
    for (; i < text.length && n + 1 < size; i++) {
        char c = text.at[i];
        bool comma = c == ',' && i > 0 && i + 3 < text.length
                     && tf_is_digit(text.at[i + 1]);
        if (comma)
            continue;
        if (!tf_is_digit(c) && !(c == '.' && n > 0))
            break;
        out[n++] = c;
    }
    out[n] = '\0';
    return i;
}

/* "33 1/3" before a '%': the fraction to the seven places that a percentage has. */
static size_t take_fraction(slice text, char *number, size_t size)
{
    unsigned whole, num, den;
    int      used = 0;
    char     copy[32];
    size_t   n = text.length < sizeof copy - 1 ? text.length : sizeof copy - 1;
    memcpy(copy, text.at, n);
    copy[n] = '\0';
    if (sscanf(copy, "%4u %4u/%4u%n", &whole, &num, &den, &used) != 3 || used == 0 || den == 0
        || copy[used] != '%')
        return 0;
    char text7[TF_DECIMAL_TEXT];
    tf_format_fixed(tf_div_half_even(((tf_i128)whole * den + num) * 10000000, den), 7, 0, text7);
    snprintf(number, size, "%s", text7);
    return (size_t)used;
}

static tariff_status percent_term(writer *w, slice term, const char *number, slice rest)
{
    if (rest.length == 0) {
        write_out(w, "%s%%", number);
        return TARIFF_OK;
    }
    if (!starts(rest, "on "))
        return not_understood(w, term);
    slice base = after(rest, 3);
    for (size_t i = 0; i < COUNT(bases); i++) {
        if (!is(base, bases[i].words))
            continue;
        if (bases[i].parts == 0)
            write_out(w, "%s%%", number);
        bool first = true;
        for (size_t p = 0; part_names[p]; p++)
            if (bases[i].parts >> p & 1) {
                write_out(w, "%s%s%% on %s", first ? "" : " + ", number, part_names[p]);
                first = false;
            }
        w->duty->parts |= bases[i].parts;
        return TARIFF_OK;
    }
    return not_understood(w, term);
}

static bool is_content(slice text)
{
    for (size_t i = 0; i < COUNT(contents); i++)
        if (is(text, contents[i]))
            return true;
    return false;
}

/* The unit whose words the text is, but for a content. */
static size_t find_unit(slice text, bool *content)
{
    size_t best = COUNT(units);
    *content = false;
    for (size_t i = 0; i < COUNT(units); i++)
        if (is(text, units[i].words))
            return i;
    *content = true;
    for (size_t i = 0; i < COUNT(units); i++)
        if (starts(text, units[i].words) && is_content(after(text, strlen(units[i].words))))
            best = i;
    return best;
}

static tariff_status amount_term(writer *w, slice term, const char *number, bool dollars,
                                 slice rest)
{
    bool content;
    /* "each" follows without a stroke. */
    slice  unit = starts(rest, "/") ? after(rest, 1) : rest;
    size_t i = find_unit(unit, &content);
    if (i == COUNT(units) || (unit.at == rest.at && !is(unit, "each")))
        return not_understood(w, term);
    write_out(w, "%s %s/%s", number, dollars ? "USD" : "c", units[i].unit);
    w->per_unit[i]++;
    w->content_of_unit[i] = w->content_of_unit[i] || content;
    w->duty->of_content = w->duty->of_content || content;
    /* "0.7¢/kg on copper content + 0.7¢/kg on lead content": a line has but one quantity. */
    if (w->content_of_unit[i] && w->per_unit[i] > 1)
        return tf_because(w->why, TARIFF_E_SYNTAX, (size_t)(term.at - w->text), NULL,
                          "amounts per unit of different contents need as many quantities");
    return TARIFF_OK;
}

static tariff_status term_of(writer *w, slice term)
{
    char  number[TF_DECIMAL_TEXT];
    bool  dollars = starts(term, "$");
    slice rest = dollars ? after(term, 1) : term;
    size_t n = dollars ? 0 : take_fraction(rest, number, sizeof number);
    if (n == 0)
        n = take_number(rest, number, sizeof number);
    if (n == 0)
        return not_understood(w, term);
    rest = after(rest, n);
    if (!dollars && starts(rest, "%"))
        return percent_term(w, term, number, after(rest, 1));
    bool cents = starts(rest, "\xC2\xA2");
    if (dollars == cents)
        return not_understood(w, term);
    return amount_term(w, term, number, dollars, cents ? after(rest, 2) : rest);
}

static tariff_status sum_of(writer *w, slice text)
{
    for (bool first = true;; first = false) {
        const char *plus = memchr(text.at, '+', text.length);
        size_t      n = plus ? (size_t)(plus - text.at) : text.length;
        if (!first)
            write_out(w, " + ");
        TF_TRY(term_of(w, trimmed(text.at, n)));
        if (!plus)
            return TARIFF_OK;
        text = after(text, n + 1);
    }
}

/* Two duties */

/* Where the words stand in the text, or SIZE_MAX. */
static size_t find(slice text, const char *words)
{
    for (size_t i = 0; i < text.length; i++)
        if (starts((slice){ text.at + i, text.length - i }, words))
            return i;
    return SIZE_MAX;
}

static tariff_status pair_of(writer *w, const char *function, slice left, slice right)
{
    write_out(w, "%s(", function);
    TF_TRY(sum_of(w, left));
    write_out(w, ", ");
    TF_TRY(sum_of(w, right));
    write_out(w, ")");
    return TARIFF_OK;
}

static tariff_status duty_of(writer *w, slice text)
{
    static const struct {
        const char *between, *ending, *function;
    } pairs[] = {
        { " but not less than ", "", "max" },
        { " but not more than ", "", "min" },
        { " or ", ", whichever is the higher", "max" },
        { " or ", ", whichever is higher", "max" },
        { " or ", ", whichever is the lower", "min" },
        { " or ", ", whichever is lower", "min" },
    };
    for (size_t i = 0; i < COUNT(pairs); i++) {
        size_t at = find(text, pairs[i].between), ending = strlen(pairs[i].ending);
        if (at == SIZE_MAX || at + strlen(pairs[i].between) + ending > text.length)
            continue;
        slice right = after(text, at + strlen(pairs[i].between));
        if (ending && !is((slice){ right.at + right.length - ending, ending }, pairs[i].ending))
            continue;
        return pair_of(w, pairs[i].function, trimmed(text.at, at),
                       trimmed(right.at, right.length - ending));
    }
    return sum_of(w, text);
}

tariff_status tf_duty_of_hts(const char *text, size_t length, tf_duty *out, tf_why *why)
{
    writer w = { .duty = out, .text = text, .why = why };
    slice  cell = trimmed(text, length);
    memset(out, 0, sizeof *out);
    if (cell.length && cell.at[cell.length - 1] == '.')
        cell = trimmed(cell.at, cell.length - 1);
    /* Under bond "as prescribed in U.S. note 1", for such temporary periods "as the Secretary may
     * prescribe": how and when it is entered, not what is charged. */
    if (is(cell, "free") || starts(cell, "free, under bond") || starts(cell, "free, for such ")) {
        write_out(&w, "Free");
        return TARIFF_OK;
    }
    TF_TRY(duty_of(&w, cell));
    if (w.n + 1 >= sizeof out->text)
        return not_understood(&w, cell);
    return TARIFF_OK;
}
