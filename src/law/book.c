/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "law/book.h"

#include "base/ascii.h"

#include <stdio.h>

/* Copies: the arrays are the copy's own, or become so; the rows are shared. */

#define COPY_VEC(arena, to, from)                                                               \
    do {                                                                                        \
        (to)->at = NULL;                                                                        \
        (to)->n = (to)->room = 0;                                                               \
        if ((from)->n) {                                                                        \
            TF_NEED(tf_vec_reserve((arena), &(to)->at, &(to)->room, (from)->n + 16,             \
                                   sizeof *(to)->at));                                          \
            memcpy((void *)(to)->at, (const void *)(from)->at, (from)->n * sizeof *(to)->at);   \
            (to)->n = (from)->n;                                                                \
        }                                                                                       \
    } while (0)

/* What is only ever added to is shared until then: the room that is there is not the copy's. */
#define SHARE_VEC(to, from)              \
    do {                                 \
        (to)->at = (from)->at;           \
        (to)->n = (to)->room = (from)->n; \
    } while (0)

static tariff_status copy_names(tf_names *to, tf_arena *arena, const tf_names *from)
{
    COPY_VEC(arena, &to->list, &from->list);
    to->slot_count = from->slot_count;
    to->slots = NULL;
    if (from->slot_count) {
        to->slots = TF_ARRAY(arena, tf_name_slot, from->slot_count);
        TF_NEED(to->slots);
        memcpy(to->slots, from->slots, from->slot_count * sizeof *to->slots);
    }
    return TARIFF_OK;
}

tariff_status tf_book_copy(tf_book *book, tf_arena *arena, const tf_book *from)
{
    memset(book, 0, sizeof *book);
    COPY_VEC(arena, &book->scopes.sets, &from->scopes.sets);
    COPY_VEC(arena, &book->scopes.named, &from->scopes.named);
    COPY_VEC(arena, &book->scopes.groups, &from->scopes.groups);
    SHARE_VEC(&book->scopes.countries, &from->scopes.countries);
    TF_TRY(copy_names(&book->scopes.set_names, arena, &from->scopes.set_names));
    TF_TRY(copy_names(&book->scopes.group_names, arena, &from->scopes.group_names));
    TF_TRY(copy_names(&book->scopes.country_texts, arena, &from->scopes.country_texts));
    TF_TRY(copy_names(&book->layer_names, arena, &from->layer_names));
    COPY_VEC(arena, &book->layers, &from->layers);
    COPY_VEC(arena, &book->yields, &from->yields);
    SHARE_VEC(&book->measures, &from->measures);
    TF_TRY(copy_names(&book->part_names, arena, &from->part_names));
    TF_TRY(copy_names(&book->claim_names, arena, &from->claim_names));
    COPY_VEC(arena, &book->parts, &from->parts);
    COPY_VEC(arena, &book->claims, &from->claims);
    SHARE_VEC(&book->descriptions, &from->descriptions);
    SHARE_VEC(&book->rates, &from->rates);
    TF_TRY(copy_names(&book->rate_texts, arena, &from->rate_texts));
    return TARIFF_OK;
}

/* An array without room is moved by whoever adds to it. */
#define LEND_VEC(vec) ((vec)->room = (vec)->n)

static tariff_status lend_names(tf_names *names, tf_arena *arena)
{
    const tf_name_slot *slots = names->slots;
    LEND_VEC(&names->list);
    if (!names->slot_count)
        return TARIFF_OK;
    names->slots = TF_ARRAY(arena, tf_name_slot, names->slot_count);
    TF_NEED(names->slots);
    memcpy(names->slots, slots, names->slot_count * sizeof *slots);
    return TARIFF_OK;
}

tariff_status tf_book_lend(tf_book *book, tf_arena *arena, const tf_book *from)
{
    *book = *from;
    LEND_VEC(&book->scopes.sets);
    LEND_VEC(&book->scopes.countries);
    LEND_VEC(&book->layers);
    LEND_VEC(&book->yields);
    LEND_VEC(&book->rates);
    book->scopes.single_slots = NULL;
    book->scopes.single_slot_count = 0;
    book->scopes.singles.at = NULL;
    book->scopes.singles.n = book->scopes.singles.room = 0;
    book->measures.at = NULL;
    book->measures.n = book->measures.room = 0;
    TF_TRY(lend_names(&book->scopes.country_texts, arena));
    TF_TRY(lend_names(&book->layer_names, arena));
    return lend_names(&book->rate_texts, arena);
}

/* Layers */

static tariff_status check_layer_name(const char *name, size_t length, tf_why *why)
{
    static const char hint[] = "layer names are small letters, digits and '_', at most 27, a "
                               "letter first";
    for (size_t i = 0; i < length; i++)
        if (!(tf_is_lower(name[i])
              || (i > 0 && (tf_is_digit(name[i]) || name[i] == '_'))))
            return tf_because(why, TARIFF_E_VALUE, i, hint, "'%.*s' cannot name a layer",
                              (int)length, name);
    if (length == 0 || length > 27)
        return tf_because(why, TARIFF_E_VALUE, 0, hint,
                          length ? "the layer name '%.*s' is too long"
                                 : "the layer name is empty%.*s",
                          (int)length, name);
    return TARIFF_OK;
}

tariff_status tf_book_layer(tf_book *book, tf_arena *arena, const char *name, size_t length,
                            uint8_t *out, tf_why *why)
{
    uint32_t number = tf_names_find(&book->layer_names, name, length);
    if (number == TF_NO_NAME) {
        TF_TRY(check_layer_name(name, length, why));
        if (book->layers.n == TF_LAYERS_MAX)
            return tf_because(why, TARIFF_E_LIMIT, 0, NULL, "more than %d layers", TF_LAYERS_MAX);
        if (TF_ROOM(arena, &book->layers))
            number = tf_names_add(&book->layer_names, arena, name, length);
        if (number == TF_NO_NAME)
            return tf_no_memory(why);
        const char *kept = book->layer_names.list.at[number];
        tf_layer    layer = { .name = kept,
                              .title = "",
                              .authority = kept,
                              .kind = TF_ADDITIONAL,
                              .select = TF_SELECT_SPECIFIC };
        if (!TF_PUSH(arena, &book->layers, layer))
            return tf_no_memory(why);
    }
    *out = (uint8_t)number;
    return TARIFF_OK;
}

static const char *authority_at(const void *list, size_t i)
{
    const tf_book *book = list;
    return i < book->layers.n ? book->layers.at[i].authority : NULL;
}

tariff_status tf_book_layers(const tf_book *book, const char *text, size_t length, uint64_t *mask,
                             tf_why *why)
{
    static const char prefix[] = "authority:";
    const size_t      skip = sizeof prefix - 1;
    char              hint[128] = "a layer, or authority:NAME for all of an authority; see 'tariff "
                                  "list layers SCHEDULE'";
    *mask = 0;
    if (length > skip && memcmp(text, prefix, skip) == 0) {
        for (size_t i = 0; i < book->layers.n; i++) {
            const char *authority = book->layers.at[i].authority;
            if (strlen(authority) == length - skip
                && memcmp(authority, text + skip, length - skip) == 0)
                *mask |= UINT64_C(1) << i;
        }
        if (*mask)
            return TARIFF_OK;
        const char *near = tf_nearest(text + skip, length - skip, authority_at, book);
        if (near)
            snprintf(hint, sizeof hint, "did you mean 'authority:%s'?", near);
        return tf_because(why, TARIFF_E_REFERENCE, skip, hint, "no layer has the authority '%.*s'",
                          (int)(length - skip), text + skip);
    }
    uint32_t number = tf_names_find(&book->layer_names, text, length);
    if (number == TF_NO_NAME) {
        const char *near = tf_names_nearest(&book->layer_names, text, length);
        const char *authority = tf_nearest(text, length, authority_at, book);
        bool        exact = authority && strlen(authority) == length
                     && memcmp(authority, text, length) == 0;
        if (authority && (exact || !near))
            snprintf(hint, sizeof hint, "did you mean 'authority:%s', all layers of it?",
                     authority);
        else if (near)
            snprintf(hint, sizeof hint, "did you mean '%s'?", near);
        return tf_because(why, TARIFF_E_REFERENCE, 0, hint, "unknown layer '%.*s'", (int)length,
                          text);
    }
    *mask = UINT64_C(1) << number;
    return TARIFF_OK;
}

/* A rate names parts and layers by number, and those never change once given. */
tariff_status tf_book_rate(tf_book *book, tf_arena *arena, const char *text, size_t length,
                           const tf_rate **out, tf_why *why)
{
    tf_rate_names names = { &book->part_names, &book->layer_names };
    uint32_t      seen = tf_names_find(&book->rate_texts, text, length);
    if (seen != TF_NO_NAME) {
        *out = book->rates.at[seen];
        return TARIFF_OK;
    }
    TF_TRY(tf_parse_rate(arena, &names, text, length, out, why));
    if (!TF_ROOM(arena, &book->rates)
        || tf_names_add(&book->rate_texts, arena, text, length) == TF_NO_NAME
        || !TF_PUSH(arena, &book->rates, *out))
        return tf_no_memory(why);
    return TARIFF_OK;
}

tariff_status tf_parse_base(const tf_book *book, const char *text, size_t length,
                            uint8_t *kind, uint16_t *parts, tf_why *why)
{
    size_t at = 0;
    *kind = TF_BASE_ALL;
    *parts = 0;
    while (at < length) {
        if (text[at] == ' ') {
            at++;
            continue;
        }
        size_t start = at;
        while (at < length && text[at] != ' ')
            at++;
        bool    minus = text[start] == '!';
        uint8_t this_kind = minus ? TF_BASE_EXCEPT : TF_BASE_LIST;
        if (*kind != TF_BASE_ALL && *kind != this_kind)
            return tf_because(why, TARIFF_E_VALUE, start,
                              "either the parts that are charged, or with '!' those that are not",
                              "listed and left-out parts are mixed");
        *kind = this_kind;
        start += minus;
        uint32_t number = tf_names_find(&book->part_names, text + start, at - start);
        if (number == TF_NO_NAME) {
            char        hint[128];
            const char *near = tf_names_nearest(&book->part_names, text + start, at - start);
            if (near)
                snprintf(hint, sizeof hint, "did you mean '%s'?", near);
            else
                snprintf(hint, sizeof hint, "a part is declared by a file parts/%.*s.csv",
                         (int)(at - start > 40 ? 40 : at - start), text + start);
            return tf_because(why, TARIFF_E_REFERENCE, start, hint, "undeclared part '%.*s'",
                              (int)(at - start), text + start);
        }
        *parts |= (uint16_t)(1u << number);
    }
    return TARIFF_OK;
}

const char *tf_book_description(const tf_book *book, uint64_t key)
{
    size_t lo = 0, hi = book->descriptions.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (book->descriptions.at[mid].key < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < book->descriptions.n && book->descriptions.at[lo].key == key
               ? book->descriptions.at[lo].text
               : "";
}
