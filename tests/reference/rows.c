/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference/assess.h"

#include <stdio.h>
#include <string.h>

bool day_is_in(const char *day, const char *from, const char *until)
{
    return strcmp(from, day) <= 0 && (!*until || strcmp(day, until) < 0);
}

/* Overlays */

static void add_layer(rows *out, const layer_row *row)
{
    for (unsigned i = 0; i < out->layer_count; i++)
        if (strcmp(out->layers[i].name, row->name) == 0) {
            out->layers[i] = *row;
            return;
        }
    out->layers[out->layer_count++] = *row;
}

/* Rows of a name that a later schedule has are out. */
static void drop_members(member_row *members, unsigned *count, const char *name)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < *count; i++)
        if (strcmp(members[i].name, name) != 0)
            members[kept++] = members[i];
    *count = kept;
}

static void add_members(member_row *members, unsigned *count, const member_row *more,
                        unsigned more_count)
{
    for (unsigned i = 0; i < more_count; i++)
        drop_members(members, count, more[i].name);
    for (unsigned i = 0; i < more_count; i++)
        members[(*count)++] = more[i];
}

static void add_shares(rows *out, const schedule *more)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < out->share_count; i++) {
        const char *name = out->shares[i].name;
        if (!more->declared[(name[0] == 'c' ? PARTS : 0) + name[1] - '0'])
            out->shares[kept++] = out->shares[i];
    }
    out->share_count = kept;
    for (unsigned i = 0; i < more->share_count; i++)
        out->shares[out->share_count++] = more->shares[i];
}

/* The second clock. */
static bool is_visible(const measure_row *m, const char *as_of)
{
    return *as_of ? day_is_in(as_of, m->published, m->withdrawn) : !*m->withdrawn;
}

void rows_of(const law_text *law, rows *out)
{
    memset(out, 0, sizeof *out);
    out->exchange = law->exchange;
    for (unsigned s = 0; s < law->schedule_count; s++) {
        const schedule *one = &law->schedules[s];
        for (unsigned i = 0; i < one->layer_count; i++)
            add_layer(out, &one->layers[i]);
        for (unsigned i = 0; i < one->measure_count; i++)
            if (is_visible(&one->measures[i], law->as_of)) {
                out->schedule_of[out->measure_count] = s;
                out->measures[out->measure_count++] = one->measures[i];
            }
        for (unsigned i = 0; i < one->yield_count; i++)
            out->yields[out->yield_count++] = one->yields[i];
        add_members(out->sets, &out->set_count, one->sets, one->set_count);
        add_members(out->groups, &out->group_count, one->groups, one->group_count);
        add_shares(out, one);
    }
}

/* Words */

bool next_word(const char **at, char word[64])
{
    size_t n;
    *at += strspn(*at, " ");
    n = strcspn(*at, " ");
    memcpy(word, *at, n);
    word[n] = '\0';
    *at += n;
    return n > 0;
}

/* Products */

/* The first `n` digits of a code, as the lowest or the highest one below it. */
static const char *digits_of(const char *hs, char filler, size_t n, char out[16])
{
    snprintf(out, 16, "%s", hs);
    for (size_t i = strlen(hs); i < n; i++)
        out[i] = filler;
    out[n] = '\0';
    return out;
}

/* "84", "8471-8481": all that is below the line's code is in; -1: it is not. */
static int code_matches(const char *code, const char *hs)
{
    char        low[16], high[16];
    const char *dash = strchr(code, '-');
    if (!dash)
        return strncmp(hs, code, strlen(code)) == 0 ? (int)strlen(code) : -1;
    size_t first = (size_t)(dash - code), last = strlen(dash + 1);
    bool   in = strncmp(digits_of(hs, '0', first, low), code, first) >= 0
              && strcmp(digits_of(hs, '9', last, high), dash + 1) <= 0;
    return in ? (int)(first < last ? first : last) : -1;
}

static int product_matches(const rows *law, const char *word, const line_text *line)
{
    int best = -1;
    if (strcmp(word, "*") == 0)
        return 0;
    if (*word != '@')
        return code_matches(word, line->hs);
    for (unsigned i = 0; i < law->set_count; i++) {
        const member_row *row = &law->sets[i];
        int               length = code_matches(row->code, line->hs);
        if (strcmp(row->name, word + 1) == 0 && day_is_in(line->date, row->from, row->until)
            && length > best)
            best = length;
    }
    return best;
}

int products_match(const rows *law, const char *products, const line_text *line)
{
    char word[64];
    int  best = -1;
    while (next_word(&products, word)) {
        int length = product_matches(law, word + (*word == '!'), line);
        if (*word == '!' && length >= 0)
            return -1;
        if (*word != '!' && length > best)
            best = length;
    }
    return best;
}

/* A range is as fine as its ends. */
static bool code_is_finer(const char *code, const char *hs)
{
    size_t      n = strlen(hs);
    const char *dash = strchr(code, '-');
    if (dash && strlen(dash + 1) > n && strncmp(dash + 1, hs, n) == 0)
        return true;
    return (dash ? (size_t)(dash - code) : strlen(code)) > n && strncmp(code, hs, n) == 0;
}

bool products_are_finer(const rows *law, const char *products, const line_text *line)
{
    char word[64];
    while (next_word(&products, word)) {
        const char *name = word + (*word == '!');
        if (*name != '@' && code_is_finer(name, line->hs))
            return true;
        for (unsigned i = 0; *name == '@' && i < law->set_count; i++) {
            const member_row *row = &law->sets[i];
            if (strcmp(row->name, name + 1) == 0 && day_is_in(line->date, row->from, row->until)
                && code_is_finer(row->code, line->hs))
                return true;
        }
    }
    return false;
}

/* Countries */

static int country_matches(const rows *law, const char *word, const char *country,
                           const char *day)
{
    if (strcmp(word, "*") == 0)
        return 0;
    if (*word != '@')
        return strcmp(word, country) == 0 ? 2 : -1;
    for (unsigned i = 0; i < law->group_count; i++) {
        const member_row *row = &law->groups[i];
        if (strcmp(row->name, word + 1) == 0 && strcmp(row->code, country) == 0
            && day_is_in(day, row->from, row->until))
            return 1;
    }
    return -1;
}

int countries_match(const rows *law, const char *countries, const char *country, const char *day)
{
    char word[64];
    int  best = -1;
    while (next_word(&countries, word)) {
        int level = country_matches(law, word + (*word == '!'), country, day);
        if (*word == '!' && level >= 0)
            return -1;
        if (*word != '!' && level > best)
            best = level;
    }
    return best;
}

/* Shares: the longest code, then the closest origin, then the closest importer. */

number share_of(const rows *law, const char *name, const line_text *line)
{
    const char *share = "0";
    int         best = -1;
    for (unsigned i = 0; i < law->share_count; i++) {
        const share_row *row = &law->shares[i];
        int length = strcmp(row->hs, "*") == 0 ? 0 : code_matches(row->hs, line->hs);
        int origin = countries_match(law, row->origin, line->origin, line->date);
        int importer = countries_match(law, row->importer, line->importer, line->date);
        int closeness = length * 16 + origin * 4 + importer;
        if (strcmp(row->name, name) != 0 || !day_is_in(line->date, row->from, row->until)
            || length < 0 || origin < 0 || importer < 0 || closeness <= best)
            continue;
        best = closeness;
        share = row->share;
    }
    return number_read(share, NULL);
}
