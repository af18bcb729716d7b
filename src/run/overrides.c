/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/overrides.h"

#include "value/decimal.h"

#include <stdio.h>

static tariff_status find_name(const tf_names *names, const char *what, const char *text,
                               size_t length, size_t at, uint32_t *out, tf_why *why)
{
    *out = tf_names_find(names, text, length);
    if (*out != TF_NO_NAME)
        return TARIFF_OK;
    char        hint[160] = "";
    const char *near = tf_names_nearest(names, text, length);
    int         n = near ? snprintf(hint, sizeof hint, "did you mean '%s'?", near) : 0;
    for (size_t i = 0; !near && i < names->list.n && (size_t)n < sizeof hint; i++)
        n += snprintf(hint + n, sizeof hint - (size_t)n, "%s%s", i ? ", " : "it has: ",
                      names->list.at[i]);
    return tf_because(why, TARIFF_E_REFERENCE, at, hint, "the schedule has no %s '%.*s'", what,
                      (int)length, text);
}

/* One word: NAME, NAME=SHARE or !NAME.  A part needs its share. */
static tariff_status parse_word(const tf_names *names, bool claim, const char *text, size_t length,
                                size_t at, uint32_t *number, int64_t *nano, tf_why *why)
{
    const char *what = claim ? "claim" : "part";
    bool        minus = claim && text[0] == '!';
    const char *equals = memchr(text, '=', length);
    size_t      name = equals ? (size_t)(equals - text) : length;
    TF_TRY(find_name(names, what, text + minus, name - minus, at + minus, number, why));
    *nano = minus ? 0 : TF_E9;
    if (!equals) {
        if (claim)
            return TARIFF_OK;
        return tf_because(why, TARIFF_E_SYNTAX, at, "write for instance steel=0.4",
                          "the part '%.*s' has no share", (int)length, text);
    }
    tf_why      inner;
    tariff_rate share;
    if (tf_parse_share(equals + 1, length - name - 1, &share, &inner) != TARIFF_OK)
        return tf_because(why, inner.status, at + name + 1 + inner.at, inner.hint, "%s",
                          inner.message);
    *nano = share.nano;
    return TARIFF_OK;
}

static tariff_status parse(const tf_names *names, bool claim, const char *text, size_t length,
                           uint32_t *known, int64_t *shares, tf_why *why)
{
    for (size_t at = 0; at < length;) {
        size_t   start = at;
        uint32_t number;
        int64_t  nano;
        if (text[at] == ' ') {
            at++;
            continue;
        }
        while (at < length && text[at] != ' ')
            at++;
        TF_TRY(parse_word(names, claim, text + start, at - start, start, &number, &nano, why));
        *known |= UINT32_C(1) << number;
        shares[number] = nano;
    }
    return TARIFF_OK;
}

tariff_status tf_parse_claims(const tf_book *book, const char *text, size_t length,
                              tf_overrides *out, tf_why *why)
{
    return parse(&book->claim_names, true, text, length, &out->claims, out->claim, why);
}

tariff_status tf_parse_parts(const tf_book *book, const char *text, size_t length,
                             tf_overrides *out, tf_why *why)
{
    return parse(&book->part_names, false, text, length, &out->parts, out->part, why);
}

void tf_override(const tf_overrides *overrides, tf_line *line)
{
    for (uint32_t rest = overrides->claims; rest; rest &= rest - 1) {
        unsigned i = (unsigned)__builtin_ctz(rest);
        line->claims[i] = overrides->claim[i];
    }
    for (uint32_t rest = overrides->parts; rest; rest &= rest - 1) {
        unsigned i = (unsigned)__builtin_ctz(rest);
        line->parts[i] = overrides->part[i];
    }
    line->claim_rows &= ~overrides->claims;
    line->part_rows &= ~overrides->parts;
    line->known_parts |= overrides->parts;
}
