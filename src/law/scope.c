/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "law/scope.h"

#include "base/mix.h"
#include "value/hs.h"

#include <stdio.h>

enum { MOST_NAMED = 256 };

/* Sets and groups by name */

tariff_status tf_scopes_set(tf_scopes *scopes, tf_arena *arena, const char *name, size_t length,
                            tf_set **out)
{
    uint32_t number = tf_names_find(&scopes->set_names, name, length);
    tf_set  *set = TF_NEW(arena, tf_set);
    TF_NEED(set);
    if (number == TF_NO_NAME) {
        uint32_t place = (uint32_t)scopes->sets.n;
        if (TF_ROOM(arena, &scopes->named) && TF_ROOM(arena, &scopes->sets))
            number = tf_names_add(&scopes->set_names, arena, name, length);
        if (number == TF_NO_NAME || !TF_PUSH(arena, &scopes->named, place)
            || !TF_PUSH(arena, &scopes->sets, set))
            return TARIFF_E_NOMEM;
    } else {
        scopes->sets.at[scopes->named.at[number]] = set;
    }
    set->name = scopes->set_names.list.at[number];
    *out = set;
    return TARIFF_OK;
}

tariff_status tf_scopes_group(tf_scopes *scopes, tf_arena *arena, const char *name, size_t length,
                              tf_group **out)
{
    uint32_t  number = tf_names_find(&scopes->group_names, name, length);
    tf_group *group = TF_NEW(arena, tf_group);
    TF_NEED(group);
    if (number == TF_NO_NAME) {
        if (TF_ROOM(arena, &scopes->groups))
            number = tf_names_add(&scopes->group_names, arena, name, length);
        if (number == TF_NO_NAME || !TF_PUSH(arena, &scopes->groups, group))
            return TARIFF_E_NOMEM;
    } else {
        scopes->groups.at[number] = group;
    }
    group->name = scopes->group_names.list.at[number];
    *out = group;
    return TARIFF_OK;
}

/* Words */

typedef struct word {
    const char *text;
    size_t      length, at;
    bool        minus;
} word;

/* The next blank-separated word; false at the end. */
static bool next_word(const char *text, size_t length, size_t *at, word *out)
{
    while (*at < length && (text[*at] == ' ' || text[*at] == '\t' || text[*at] == '\n'))
        ++*at;
    if (*at == length)
        return false;
    size_t start = *at;
    while (*at < length && text[*at] != ' ' && text[*at] != '\t' && text[*at] != '\n')
        ++*at;
    out->minus = text[start] == '!';
    start += out->minus;
    out->text = text + start;
    out->length = *at - start;
    out->at = start;
    return true;
}

static tariff_status unknown_name(const tf_names *names, const word *w, const char *what,
                                  const char *where, tf_why *why)
{
    char        hint[192];
    const char *near = tf_names_nearest(names, w->text + 1, w->length - 1);
    if (near)
        snprintf(hint, sizeof hint, "did you mean '@%s'?", near);
    else
        snprintf(hint, sizeof hint, "%s", where);
    return tf_because(why, TARIFF_E_REFERENCE, w->at, hint, "unknown %s '%.*s'", what,
                      (int)w->length, w->text);
}

/* Products */

tariff_status tf_parse_set_row(const char *text, size_t length, tf_set_row *out, tf_why *why)
{
    tariff_hs   first, last;
    const char *dash = memchr(text, '-', length);
    size_t      n = dash ? (size_t)(dash - text) : length;
    TF_TRY(tf_hs_parse(text, n, &first, why));
    out->lo = first.key;
    out->hi = tf_hs_end(first.key);
    out->length = (uint8_t)tf_hs_length(first.key);
    out->span = out->known = tf_span_always();
    out->minus = false;
    out->line = 0;
    if (!dash)
        return TARIFF_OK;
    tariff_status status = tf_hs_parse(dash + 1, length - n - 1, &last, why);
    if (status != TARIFF_OK) {
        if (why)
            why->at += n + 1;
        return status;
    }
    out->hi = tf_hs_end(last.key);
    if (tf_hs_length(last.key) < out->length)
        out->length = (uint8_t)tf_hs_length(last.key);
    if (out->hi <= out->lo)
        return tf_because(why, TARIFF_E_VALUE, 0, "write the lower code first",
                          "the range '%.*s' is empty", (int)length, text);
    return TARIFF_OK;
}

/** The codes written in an expression itself.  Most measures name one: the set and its row are one
 * piece. */
typedef struct own_set {
    tf_set     set;
    tf_set_row row;
} own_set;

/* The set is made when the first code is met. */
static tariff_status add_code(tf_scopes *scopes, tf_arena *arena, const word *w, own_set **own,
                              uint32_t *numbers, uint16_t *count, tf_why *why)
{
    tf_set_row row;
    tariff_status status = tf_parse_set_row(w->text, w->length, &row, why);
    if (status != TARIFF_OK) {
        if (why)
            why->at += w->at;
        return status;
    }
    if (!*own) {
        own_set *fresh = *own = TF_NEW(arena, own_set);
        if (!fresh)
            return tf_no_memory(why);
        fresh->set.rows.at = &fresh->row;
        fresh->set.rows.room = 1;
        numbers[(*count)++] = (uint32_t)scopes->sets.n;
        tf_set *set = &fresh->set;
        if (!TF_PUSH(arena, &scopes->sets, set))
            return tf_no_memory(why);
    }
    return TF_PUSH(arena, &(*own)->set.rows, row) ? TARIFF_OK : tf_no_memory(why);
}

static const uint32_t *keep_numbers(tf_arena *arena, const uint32_t *numbers, uint16_t count)
{
    static const uint32_t none[1];
    if (count == 0)
        return none;
    uint32_t *copy = TF_ARRAY(arena, uint32_t, count);
    if (copy)
        memcpy(copy, numbers, count * sizeof *copy);
    return copy;
}

/* Many measures name one code, and often the same: such sets are shared. */

static uint32_t *single_slot(const tf_scopes *scopes, uint64_t code)
{
    size_t at = tf_mix(0, code) & (scopes->single_slot_count - 1);
    while (scopes->single_slots[at]
           && scopes->singles.at[scopes->single_slots[at] - 1].code != code)
        at = (at + 1) & (scopes->single_slot_count - 1);
    return &scopes->single_slots[at];
}

/* Room for one more. */
static bool grow_singles(tf_scopes *scopes, tf_arena *arena)
{
    if (scopes->singles.n * 2 >= scopes->single_slot_count) {
        size_t count = scopes->single_slot_count ? scopes->single_slot_count * 2 : 256;
        uint32_t *slots = TF_ARRAY(arena, uint32_t, count);
        if (!slots)
            return false;
        scopes->single_slots = slots;
        scopes->single_slot_count = count;
        for (uint32_t i = 0; i < scopes->singles.n; i++)
            *single_slot(scopes, scopes->singles.at[i].code) = i + 1;
    }
    return TF_ROOM(arena, &scopes->singles);
}

/* The expression is one code: `w`. */
static tariff_status name_single(tf_scopes *scopes, tf_arena *arena, const word *w,
                                 tf_products *out, tf_why *why)
{
    tariff_hs hs;
    own_set  *own = NULL;
    uint32_t  number;
    TF_TRY(tf_hs_parse(w->text, w->length, &hs, why)); /* it begins the text */
    if (!grow_singles(scopes, arena))
        return tf_no_memory(why);
    uint32_t *slot = single_slot(scopes, hs.key);
    if (!*slot) {
        TF_TRY(add_code(scopes, arena, w, &own, &number, &out->include_count, why));
        tf_single fresh = { hs.key, number };
        scopes->singles.at[scopes->singles.n++] = fresh;
        *slot = (uint32_t)scopes->singles.n;
    }
    out->include_count = 1;
    out->include = &scopes->singles.at[*slot - 1].number; /* outgrown, it stays what it is */
    out->exclude = keep_numbers(arena, NULL, 0);
    return TARIFF_OK;
}

static bool is_single(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((text[i] < '0' || text[i] > '9') && text[i] != '.')
            return false;
    return length > 0;
}

tariff_status tf_parse_products(tf_scopes *scopes, tf_arena *arena, const char *text,
                                size_t length, tf_products *out, tf_why *why)
{
    uint32_t include[MOST_NAMED], exclude[MOST_NAMED];
    own_set *own = NULL, *own_excluded = NULL;
    word     w;
    size_t   at = 0;
    memset(out, 0, sizeof *out);
    if (is_single(text, length))
        return name_single(scopes, arena, &(word){ text, length, 0, false }, out, why);
    while (next_word(text, length, &at, &w)) {
        uint16_t *count = w.minus ? &out->exclude_count : &out->include_count;
        uint32_t *numbers = w.minus ? exclude : include;
        if (*count == MOST_NAMED)
            return tf_because(why, TARIFF_E_LIMIT, w.at, "put the codes into one set",
                              "more than %d sets in one expression", MOST_NAMED);
        if (w.length == 1 && w.text[0] == '*') {
            if (w.minus)
                return tf_because(why, TARIFF_E_VALUE, w.at, NULL, "'!*' leaves nothing");
            out->all = true;
        } else if (w.length > 0 && w.text[0] == '@') {
            uint32_t name = tf_names_find(&scopes->set_names, w.text + 1, w.length - 1);
            if (name == TF_NO_NAME)
                return unknown_name(&scopes->set_names, &w, "product set",
                                    "a set @NAME is a file sets/NAME.csv", why);
            numbers[(*count)++] = scopes->named.at[name];
        } else {
            TF_TRY(add_code(scopes, arena, &w, w.minus ? &own_excluded : &own, numbers, count,
                            why));
        }
    }
    if (!out->all && out->include_count == 0)
        return tf_because(why, TARIFF_E_VALUE, 0, "write * for all products",
                          length ? "products are taken away, but none are named"
                                 : "no products are named");
    out->include = keep_numbers(arena, include, out->include_count);
    out->exclude = keep_numbers(arena, exclude, out->exclude_count);
    return out->include && out->exclude ? TARIFF_OK : tf_no_memory(why);
}

/* In the order of the rows: what is taken out may be put in again. */
int tf_set_length(const tf_set *set, uint64_t hs, int32_t day)
{
    uint64_t end = tf_hs_end(hs);
    int      length = 0;
    for (size_t i = 0; i < set->rows.n; i++) {
        const tf_set_row *row = &set->rows.at[i];
        if (row->lo > hs || end > row->hi || !tf_span_holds(row->span, day))
            continue;
        if (row->minus)
            length = 0;
        else if (row->length > length)
            length = row->length;
    }
    return length;
}

int tf_products_length(const tf_scopes *scopes, const tf_products *products, uint64_t hs,
                       int32_t day)
{
    int length = products->all ? 0 : -1;
    for (uint16_t i = 0; i < products->exclude_count; i++)
        if (tf_set_length(scopes->sets.at[products->exclude[i]], hs, day) > 0)
            return -1;
    for (uint16_t i = 0; i < products->include_count; i++) {
        int at = tf_set_length(scopes->sets.at[products->include[i]], hs, day);
        if (at > 0 && at > length)
            length = at;
    }
    return length;
}

/** Words that are put one after the other while there is room. */
typedef struct phrase {
    char  *buf;
    size_t size, n;
    bool   full;
} phrase;

static void add_word(phrase *p, const char *minus, const char *text)
{
    size_t need = strlen(minus) + strlen(text) + (p->n > 0);
    if (p->full || p->n + need + sizeof " ..." > p->size) {
        if (!p->full && p->size >= sizeof " ...")
            p->n += (size_t)snprintf(p->buf + p->n, p->size - p->n, "%s...", p->n ? " " : "");
        p->full = true;
        return;
    }
    p->n += (size_t)snprintf(p->buf + p->n, p->size - p->n, "%s%s%s", p->n ? " " : "", minus, text);
}

void tf_codes_format(uint64_t lo, uint64_t hi, char buf[TF_CODES_TEXT])
{
    char first[13], last[13];
    tariff_hs_format((tariff_hs){ lo }, first);
    snprintf(buf, TF_CODES_TEXT, "%s", first);
    if (hi == tf_hs_end(lo))
        return;
    /* The last code of a range is the prefix that ends where the range does. */
    unsigned digits = 2;
    uint64_t key = tf_hs_cut(hi - 1, digits);
    while (digits < TF_HS_DIGITS && tf_hs_end(key) != hi)
        key = tf_hs_cut(hi - 1, digits += 2);
    tariff_hs_format((tariff_hs){ key }, last);
    snprintf(buf, TF_CODES_TEXT, "%s-%s", first, last);
}

static void add_set(phrase *p, const tf_set *set, const char *minus)
{
    char code[64];
    if (set->name) {
        snprintf(code, sizeof code, "@%.60s", set->name);
        add_word(p, minus, code);
        return;
    }
    for (size_t i = 0; i < set->rows.n && !p->full; i++) {
        tf_codes_format(set->rows.at[i].lo, set->rows.at[i].hi, code);
        add_word(p, minus, code);
    }
}

void tf_products_format(const tf_scopes *scopes, const tf_products *products, char *buf,
                        size_t size)
{
    phrase p = { buf, size, 0, false };
    if (size)
        buf[0] = '\0';
    if (products->all)
        add_word(&p, "", "*");
    for (uint16_t i = 0; i < products->include_count; i++)
        add_set(&p, scopes->sets.at[products->include[i]], "");
    for (uint16_t i = 0; i < products->exclude_count; i++)
        add_set(&p, scopes->sets.at[products->exclude[i]], "!");
}

/* Countries */

static const uint32_t *keep_groups(tf_arena *arena, const uint32_t *numbers, uint32_t count)
{
    uint32_t *copy = TF_ARRAY(arena, uint32_t, count ? count : 1);
    if (copy)
        memcpy(copy, numbers, count * sizeof *copy);
    return copy;
}

static tariff_status parse_countries(tf_scopes *scopes, tf_arena *arena, const char *text,
                                     size_t length, tf_countries *out, tf_why *why)
{
    uint32_t groups[MOST_NAMED], not_groups[MOST_NAMED];
    bool     any = false;
    word     w;
    size_t   at = 0;
    while (next_word(text, length, &at, &w)) {
        any = any || !w.minus;
        if (w.length == 1 && w.text[0] == '*') {
            if (w.minus)
                return tf_because(why, TARIFF_E_VALUE, w.at, NULL, "'!*' leaves nothing");
            out->all = true;
        } else if (w.length > 0 && w.text[0] == '@') {
            uint32_t name = tf_names_find(&scopes->group_names, w.text + 1, w.length - 1);
            if (name == TF_NO_NAME)
                return unknown_name(&scopes->group_names, &w, "country group",
                                    "a group @NAME is defined in groups.csv", why);
            uint16_t *count = w.minus ? &out->not_group_count : &out->group_count;
            if (*count == MOST_NAMED)
                return tf_because(why, TARIFF_E_LIMIT, w.at, NULL,
                                  "more than %d groups in one expression", MOST_NAMED);
            (w.minus ? not_groups : groups)[(*count)++] = name;
        } else {
            tariff_country country;
            tariff_status  status =
                tf_parse_country(TF_COUNTRIES_ISO, w.text, w.length, &country, why);
            if (status != TARIFF_OK) {
                if (why)
                    why->at += w.at;
                return status;
            }
            tf_country_put(w.minus ? &out->unlisted : &out->listed, country.id);
        }
    }
    if (!any)
        return tf_because(why, TARIFF_E_VALUE, 0, "write * for all countries",
                          length ? "countries are taken away, but none are named"
                                 : "no countries are named");
    out->groups = keep_groups(arena, groups, out->group_count);
    out->not_groups = keep_groups(arena, not_groups, out->not_group_count);
    return out->groups && out->not_groups ? TARIFF_OK : tf_no_memory(why);
}

tariff_status tf_parse_countries(tf_scopes *scopes, tf_arena *arena, const char *text,
                                 size_t length, const tf_countries **out, tf_why *why)
{
    uint32_t seen = tf_names_find(&scopes->country_texts, text, length);
    if (seen != TF_NO_NAME) {
        *out = scopes->countries.at[seen];
        return TARIFF_OK;
    }
    tf_countries *fresh = TF_NEW(arena, tf_countries);
    if (!fresh)
        return tf_no_memory(why);
    TF_TRY(parse_countries(scopes, arena, text, length, fresh, why));
    const tf_countries *kept = fresh;
    if (TF_ROOM(arena, &scopes->countries))
        seen = tf_names_add(&scopes->country_texts, arena, text, length);
    if (seen == TF_NO_NAME || !TF_PUSH(arena, &scopes->countries, kept))
        return tf_no_memory(why);
    fresh->number = seen;
    fresh->text = scopes->country_texts.list.at[seen];
    *out = fresh;
    return TARIFF_OK;
}

bool tf_group_holds(const tf_group *group, unsigned country, int32_t day)
{
    if (!tf_country_in(&group->ever, country))
        return false;
    if (!group->dated)
        return true;
    for (size_t i = 0; i < group->members.n; i++) {
        const tf_member *member = &group->members.at[i];
        if (member->country.id == country && tf_span_holds(member->span, day))
            return true;
    }
    return false;
}

tf_level tf_countries_level(const tf_scopes *scopes, const tf_countries *countries,
                            unsigned country, int32_t day)
{
    if (tf_country_in(&countries->unlisted, country))
        return TF_NOT_NAMED;
    for (uint16_t i = 0; i < countries->not_group_count; i++)
        if (tf_group_holds(scopes->groups.at[countries->not_groups[i]], country, day))
            return TF_NOT_NAMED;
    if (tf_country_in(&countries->listed, country))
        return TF_NAMED_LISTED;
    for (uint16_t i = 0; i < countries->group_count; i++)
        if (tf_group_holds(scopes->groups.at[countries->groups[i]], country, day))
            return TF_NAMED_GROUP;
    return countries->all ? TF_NAMED_ALL : TF_NOT_NAMED;
}

tf_country_bits tf_countries_ever(const tf_scopes *scopes, const tf_countries *countries)
{
    tf_country_bits ever = countries->listed;
    for (unsigned w = 0; w < TF_COUNTRIES_MAX / 64; w++) {
        for (uint16_t i = 0; i < countries->group_count; i++)
            ever.word[w] |= scopes->groups.at[countries->groups[i]]->ever.word[w];
        if (countries->all)
            ever.word[w] = UINT64_MAX;
        ever.word[w] &= ~countries->unlisted.word[w];
    }
    return ever;
}

bool tf_countries_tie(const tf_scopes *scopes, const tf_countries *a, const tf_countries *b,
                      int32_t day)
{
    if (a == b)
        return true;
    tf_country_bits x = tf_countries_ever(scopes, a), y = tf_countries_ever(scopes, b);
    for (unsigned w = 0; w < TF_COUNTRIES_MAX / 64; w++)
        for (uint64_t both = x.word[w] & y.word[w]; both; both &= both - 1) {
            unsigned country = 64 * w + (unsigned)__builtin_ctzll(both);
            tf_level level = tf_countries_level(scopes, a, country, day);
            if (level != TF_NOT_NAMED && level == tf_countries_level(scopes, b, country, day))
                return true;
        }
    return false;
}

static int32_t next_day_of(const tf_group *group, int32_t day, int32_t next)
{
    for (size_t i = 0; group->dated && i < group->members.n; i++) {
        tariff_span span = group->members.at[i].span;
        if (span.from.days > day && span.from.days < next)
            next = span.from.days;
        if (span.until.days > day && span.until.days < next)
            next = span.until.days;
    }
    return next;
}

int32_t tf_countries_next_day(const tf_scopes *scopes, const tf_countries *countries, int32_t day)
{
    int32_t next = TARIFF_DATE_MAX;
    for (uint16_t i = 0; i < countries->group_count; i++)
        next = next_day_of(scopes->groups.at[countries->groups[i]], day, next);
    for (uint16_t i = 0; i < countries->not_group_count; i++)
        next = next_day_of(scopes->groups.at[countries->not_groups[i]], day, next);
    return next;
}

bool tf_countries_tie_within(const tf_scopes *scopes, const tf_countries *const a[2],
                             const tf_countries *const b[2], tariff_span span)
{
    for (int32_t day = span.from.days; day < span.until.days;) {
        if (tf_countries_tie(scopes, a[0], b[0], day) && tf_countries_tie(scopes, a[1], b[1], day))
            return true;
        int32_t next = TARIFF_DATE_MAX;
        for (int i = 0; i < 2; i++) {
            int32_t of_a = tf_countries_next_day(scopes, a[i], day);
            int32_t of_b = tf_countries_next_day(scopes, b[i], day);
            next = of_a < next ? of_a : next;
            next = of_b < next ? of_b : next;
        }
        day = next;
    }
    return false;
}
