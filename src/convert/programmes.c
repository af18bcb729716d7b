/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "convert/programmes.h"

#include "io/csv_in.h"

#include <stdio.h>

static tariff_status add(tf_arena *arena, tf_programmes *programmes, tf_field symbol,
                         tf_field claim, tf_field origins)
{
    uint32_t before = (uint32_t)programmes->symbols.list.n;
    if (before == TF_SYMBOLS_MAX)
        return TARIFF_E_LIMIT;
    uint32_t number = tf_names_add(&programmes->symbols, arena, symbol.text, symbol.length);
    if (number == TF_NO_NAME)
        return TARIFF_E_NOMEM;
    if (number < before)
        return TARIFF_OK;
    tf_programme programme = { tf_arena_text(arena, claim.text, claim.length),
                               origins.length ? tf_arena_text(arena, origins.text, origins.length)
                                              : "*" };
    if (!programme.claim || !programme.origins || !TF_PUSH(arena, &programmes->list, programme))
        return TARIFF_E_NOMEM;
    programmes->known = programmes->list.n;
    return TARIFF_OK;
}

tariff_status tf_programmes_add(tariff_env *env, tf_arena *arena, tf_programmes *programmes,
                                const char *text)
{
    size_t      symbol = strcspn(text, "=");
    const char *claim = text[symbol] ? text + symbol + 1 : "";
    size_t      length = strcspn(claim, ":");
    const char *origins = claim[length] ? claim + length + 1 : "";
    if (symbol == 0 || length == 0)
        return tf_error(env, TARIFF_E_ARG, NULL, "write for instance S=usmca:CA MX",
                        "'%s' is no programme", text);
    return add(arena, programmes, (tf_field){ text, symbol }, (tf_field){ claim, length },
               (tf_field){ origins, strlen(origins) });
}

enum { SYMBOL, CLAIM, ORIGINS, COLUMNS };

static tariff_status read_rows(tf_arena *arena, tf_programmes *programmes, tf_csv *csv)
{
    tf_column columns[COLUMNS] = { { "symbol", true, -1 },
                                   { "claim", true, -1 },
                                   { "origins", false, -1 } };
    bool      more;
    TF_TRY(tf_csv_bind(csv, columns, COLUMNS, TF_UNKNOWN_WARN));
    for (;;) {
        TF_TRY(tf_csv_next(csv, &more));
        if (!more)
            return TARIFF_OK;
        tf_field symbol = tf_csv_field(csv, columns[SYMBOL].index);
        tf_field claim = tf_csv_field(csv, columns[CLAIM].index);
        if (symbol.length == 0 || claim.length == 0)
            return tf_csv_error(csv, columns[symbol.length ? CLAIM : SYMBOL].index, 0,
                                TARIFF_E_VALUE, NULL, "a programme has a symbol and a claim");
        tariff_status status =
            add(arena, programmes, symbol, claim, tf_csv_field(csv, columns[ORIGINS].index));
        if (status == TARIFF_E_LIMIT)
            return tf_csv_error(csv, columns[SYMBOL].index, 0, status, NULL,
                                "more than %d programmes", TF_SYMBOLS_MAX);
        TF_TRY(status);
    }
}

tariff_status tf_programmes_read(tariff_env *env, tf_arena *arena, tf_programmes *programmes,
                                 const char *path)
{
    tf_csv *csv;
    TF_TRY(tf_csv_open(env, path, NULL, TF_SUM_XXH3, &csv));
    tariff_status status = read_rows(arena, programmes, csv);
    tf_csv_close(csv);
    return status;
}

/* Cells */

bool tf_next_segment(const char **text, tf_segment *out)
{
    const char *at = *text + strspn(*text, " ,;.");
    size_t      rate = strcspn(at, "(");
    if (*at == '\0')
        return false;
    out->rate = at;
    out->rate_length = rate;
    while (out->rate_length && at[out->rate_length - 1] == ' ')
        out->rate_length--;
    out->symbols = at + rate + (at[rate] == '(');
    out->symbols_length = strcspn(out->symbols, ")");
    *text = out->symbols + out->symbols_length + (out->symbols[out->symbols_length] == ')');
    return true;
}

bool tf_next_symbol(tf_segment *segment, const char **symbol, size_t *length)
{
    /* The edition prints "(A+, AU", ".OM" and once "(PA (PA)". */
    static const char between[] = " ,.;(";
    const char       *end = segment->symbols + segment->symbols_length;
    const char       *at = segment->symbols + strspn(segment->symbols, between);
    if (at >= end)
        return false;
    *symbol = at;
    *length = strcspn(at, between);
    if (at + *length > end)
        *length = (size_t)(end - at);
    segment->symbols = at + *length;
    segment->symbols_length = (size_t)(end - segment->symbols);
    return true;
}

uint32_t tf_programmes_find(tf_programmes *programmes, tf_arena *arena, const char *symbol,
                            size_t length)
{
    if (programmes->symbols.list.n == TF_SYMBOLS_MAX)
        return tf_names_find(&programmes->symbols, symbol, length);
    return tf_names_add(&programmes->symbols, arena, symbol, length);
}

void tf_programmes_tell(tariff_env *env, const tf_programmes *programmes, const char *path)
{
    char     text[768];
    size_t   n = 0;
    tf_place here = { .file = path };
    for (size_t i = programmes->known; i < programmes->symbols.list.n; i++)
        if (n < sizeof text - 40)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%.16s (%llu)", n ? ", " : "",
                                  programmes->symbols.list.at[i],
                                  (unsigned long long)programmes->unknown[i]);
    if (n)
        tf_note(env, &here, "symbols of no known programme are left out: %s", text);
}
