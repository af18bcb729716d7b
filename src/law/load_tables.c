/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The small tables of a schedule: layers, yields, sets, groups, shares,
 * descriptions.
 */
#include "law/load.h"

#include "value/hs.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int word_index(tf_field field, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(field.text, words[i]) == 0)
            return i;
    return -1;
}

static tariff_status unknown_word(tf_csv *csv, int column, const char *what,
                                  const char *const *words)
{
    char     hint[160];
    tf_field field = tf_csv_field(csv, column);
    size_t   n = (size_t)snprintf(hint, sizeof hint, "one of:");
    for (size_t i = 0; words[i] && n < sizeof hint; i++)
        n += (size_t)snprintf(hint + n, sizeof hint - n, " %s", words[i]);
    return tf_csv_error(csv, column, 0, TARIFF_E_VALUE, hint, "unknown %s '%s'", what, field.text);
}

/* layers.csv */

enum { LAYER, TITLE, KIND, AUTHORITY, SELECT };

static tariff_status layer_row(tf_loader *loader, tf_csv *csv, const tf_column *columns,
                               void *user)
{
    static const char *const kinds[] = { "ordinary", "additional", NULL };
    static const char *const selects[] = { "specific", "highest", "lowest", "sum", "first", NULL };
    tf_why                   why;
    uint8_t                  number;
    const uint32_t          *before = user;
    tf_field                 name = tf_csv_field(csv, columns[LAYER].index);
    tf_field                 select = tf_csv_field(csv, columns[SELECT].index);
    tf_field                 authority = tf_csv_field(csv, columns[AUTHORITY].index);
    int kind = word_index(tf_csv_field(csv, columns[KIND].index), kinds);
    int rule = select.length ? word_index(select, selects) : TF_SELECT_SPECIFIC;
    if (kind < 0)
        return unknown_word(csv, columns[KIND].index, "kind", kinds);
    if (rule < 0)
        return unknown_word(csv, columns[SELECT].index, "rule of selection", selects);
    tariff_status status =
        tf_book_layer(loader->book, loader->arena, name.text, name.length, &number, &why);
    if (status != TARIFF_OK)
        return tf_csv_because(csv, columns[LAYER].index, &why);
    tf_layer *layer = &loader->book->layers.at[number];
    if (layer->declared && number >= *before)
        return tf_csv_error(csv, columns[LAYER].index, 0, TARIFF_E_CONFLICT, NULL,
                            "the layer '%s' is there twice", layer->name);
    layer->title = tf_load_text(loader, tf_csv_field(csv, columns[TITLE].index));
    layer->authority = authority.length ? tf_load_text(loader, authority) : layer->name;
    layer->kind = (tf_layer_kind)kind;
    layer->select = (tf_select)rule;
    layer->declared = true;
    return layer->title && layer->authority ? TARIFF_OK : TARIFF_E_NOMEM;
}

tariff_status tf_load_layers(tf_loader *loader)
{
    uint32_t  before = (uint32_t)loader->book->layers.n;
    tf_column columns[] = { { "layer", true, -1 },
                            { "title", false, -1 },
                            { "kind", true, -1 },
                            { "authority", false, -1 },
                            { "select", false, -1 } };
    return tf_load_table(loader, NULL, columns, COUNT(columns), layer_row, &before);
}

/* yields.csv */

enum { YIELD_LAYER = TF_SPAN_COLUMNS, YIELD_TO, YIELD_SCOPE, YIELD_CITATION };

static bool load_layers(tf_loader *loader, tf_csv *csv, int column, uint64_t *mask)
{
    tf_why   why;
    tf_field field = tf_csv_field(csv, column);
    if (tf_book_layers(loader->book, field.text, field.length, mask, &why) == TARIFF_OK)
        return true;
    tf_csv_because(csv, column, &why);
    return false;
}

static tariff_status yield_row(tf_loader *loader, tf_csv *csv, const tf_column *columns,
                               void *user)
{
    static const char *const scopes[] = { "part", "line", NULL };
    uint64_t                 from, to;
    tf_yield                 yield = { .place = { loader->file->path, tf_csv_line(csv) } };
    tf_field                 scope = tf_csv_field(csv, columns[YIELD_SCOPE].index);
    int                      which = scope.length ? word_index(scope, scopes) : 0;
    (void)user;
    if (which < 0)
        return unknown_word(csv, columns[YIELD_SCOPE].index, "scope", scopes);
    if (!load_layers(loader, csv, columns[YIELD_LAYER].index, &from)
        || !load_layers(loader, csv, columns[YIELD_TO].index, &to)
        || !tf_load_span(csv, columns, &yield.span))
        return TARIFF_E_VALUE;
    if (from == to && (from & (from - 1)) == 0)
        return tf_csv_error(csv, columns[YIELD_TO].index, 0, TARIFF_E_CONFLICT, NULL,
                            "a layer cannot give way to itself");
    yield.whole_line = which == 1;
    for (uint8_t a = 0; a < loader->book->layers.n; a++)
        for (uint8_t b = 0; b < loader->book->layers.n; b++) {
            if (a == b || !(from >> a & 1) || !(to >> b & 1))
                continue;
            yield.from = a;
            yield.to = b;
            if (!TF_PUSH(loader->arena, &loader->book->yields, yield))
                return TARIFF_E_NOMEM;
        }
    return TARIFF_OK;
}

tariff_status tf_load_yields(tf_loader *loader)
{
    tf_column columns[] = { TF_SPAN_COLUMN_NAMES,
                            { "layer", true, -1 },
                            { "to", true, -1 },
                            { "scope", false, -1 },
                            { "citation", false, -1 } };
    return tf_load_table(loader, NULL, columns, COUNT(columns), yield_row, NULL);
}

/* sets/NAME.csv */

enum { SET_HS = TF_SPAN_COLUMNS, SET_PUBLISHED, SET_WITHDRAWN, SET_CITATION };

static tariff_status set_row(tf_loader *loader, tf_csv *csv, const tf_column *columns, void *user)
{
    tf_why     why;
    tf_set    *set = user;
    tf_set_row row;
    tf_field   field = tf_csv_field(csv, columns[SET_HS].index);
    if (tf_parse_set_row(field.text, field.length, &row, &why) != TARIFF_OK)
        return tf_csv_because(csv, columns[SET_HS].index, &why);
    if (!tf_load_span(csv, columns, &row.span)
        || !tf_load_known(csv, columns[SET_PUBLISHED].index, columns[SET_WITHDRAWN].index,
                          &row.known))
        return TARIFF_E_VALUE;
    row.line = tf_csv_line(csv);
    set->clocked = set->clocked || row.known.from.days != TARIFF_DATE_MIN
                   || row.known.until.days != TARIFF_DATE_MAX;
    return TF_PUSH(loader->arena, &set->rows, row) ? TARIFF_OK : TARIFF_E_NOMEM;
}

tariff_status tf_load_set(tf_loader *loader, tf_set *set)
{
    tf_column columns[] = { TF_SPAN_COLUMN_NAMES,
                            { "hs", true, -1 },
                            { "published", false, -1 },
                            { "withdrawn", false, -1 },
                            { "citation", false, -1 } };
    set->path = loader->file->path;
    return tf_load_table(loader, NULL, columns, COUNT(columns), set_row, set);
}

/* groups.csv */

enum { GROUP_NAME = TF_SPAN_COLUMNS, GROUP_MEMBER, GROUP_CITATION };

/* A group of an earlier schedule is replaced when the first of its rows is met again. */
static tariff_status group_row(tf_loader *loader, tf_csv *csv, const tf_column *columns,
                               void *user)
{
    tf_why     why;
    tf_member  member;
    tf_group  *group;
    tf_names  *met = user;
    tf_field   name = tf_csv_field(csv, columns[GROUP_NAME].index);
    tf_field   country = tf_csv_field(csv, columns[GROUP_MEMBER].index);
    tf_scopes *scopes = &loader->book->scopes;
    if (name.length == 0)
        return tf_csv_error(csv, columns[GROUP_NAME].index, 0, TARIFF_E_VALUE, NULL,
                            "the group has no name");
    if (tf_names_find(met, name.text, name.length) == TF_NO_NAME) {
        TF_TRY(tf_scopes_group(scopes, loader->arena, name.text, name.length, &group));
        if (tf_names_add(met, loader->arena, name.text, name.length) == TF_NO_NAME)
            return TARIFF_E_NOMEM;
    }
    group = scopes->groups.at[tf_names_find(&scopes->group_names, name.text, name.length)];
    if (tf_parse_country(TF_COUNTRIES_ISO, country.text, country.length, &member.country, &why)
        != TARIFF_OK)
        return tf_csv_because(csv, columns[GROUP_MEMBER].index, &why);
    if (!tf_load_span(csv, columns, &member.span))
        return TARIFF_E_VALUE;
    tf_country_put(&group->ever, member.country.id);
    group->dated = group->dated || member.span.from.days != TARIFF_DATE_MIN
                   || member.span.until.days != TARIFF_DATE_MAX;
    return TF_PUSH(loader->arena, &group->members, member) ? TARIFF_OK : TARIFF_E_NOMEM;
}

tariff_status tf_load_groups(tf_loader *loader)
{
    tf_names  met = { 0 };
    tf_column columns[] = { TF_SPAN_COLUMN_NAMES,
                            { "group", true, -1 },
                            { "member", true, -1 },
                            { "citation", false, -1 } };
    return tf_load_table(loader, NULL, columns, COUNT(columns), group_row, &met);
}

/* parts/NAME.csv and claims/NAME.csv */

enum { SHARE_HS = TF_SPAN_COLUMNS, SHARE_ORIGIN, SHARE_IMPORTER, SHARE_SHARE, SHARE_CITATION };

static tariff_status share_row(tf_loader *loader, tf_csv *csv, const tf_column *columns,
                               void *user)
{
    tf_why       why;
    tf_shares   *shares = user;
    tf_share_row row = { .line = tf_csv_line(csv) };
    tariff_hs    hs = { 0 };
    tariff_rate  share;
    tf_field     code = tf_csv_field(csv, columns[SHARE_HS].index);
    tf_field     text = tf_csv_field(csv, columns[SHARE_SHARE].index);
    if (strcmp(code.text, "*") != 0
        && tf_hs_parse(code.text, code.length, &hs, &why) != TARIFF_OK)
        return tf_csv_because(csv, columns[SHARE_HS].index, &why);
    row.key = hs.key;
    if (!tf_load_countries(loader, csv, &columns[SHARE_ORIGIN], &row.origins)
        || !tf_load_countries(loader, csv, &columns[SHARE_IMPORTER], &row.importers)
        || !tf_load_span(csv, columns, &row.span))
        return TARIFF_E_VALUE;
    if (tf_parse_share(text.text, text.length, &share, &why) != TARIFF_OK)
        return tf_csv_because(csv, columns[SHARE_SHARE].index, &why);
    row.nano = share.nano;
    return TF_PUSH(loader->arena, &shares->rows, row) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status check_shares(tf_loader *loader, const tf_shares *shares)
{
    const tf_share_row *a, *b;
    char                excerpt[256], hint[64];
    if (!tf_shares_tie(shares, &loader->book->scopes, &a, &b))
        return TARIFF_OK;
    tf_csv_excerpt(shares->path, b->line, excerpt, sizeof excerpt);
    tf_place place = { .file = shares->path, .line = b->line, .column = 1, .excerpt = excerpt };
    snprintf(hint, sizeof hint, "the other is on line %u", a->line);
    return tf_error(loader->env, TARIFF_E_CONFLICT, &place, hint,
                    "two rows give the same lines different shares");
}

/* A table of an earlier schedule with this name is replaced. */
static tariff_status place_shares(tf_loader *loader, const char *name, bool claims,
                                  tf_shares **out)
{
    tf_book   *book = loader->book;
    tf_names  *names = claims ? &book->claim_names : &book->part_names;
    tf_shares *shares = TF_NEW(loader->arena, tf_shares);
    size_t     most = claims ? TF_CLAIMS_MAX : TF_PARTS_MAX;
    uint32_t   number = tf_names_find(names, name, strlen(name));
    TF_NEED(shares);
    *out = shares;
    if (number != TF_NO_NAME) {
        (claims ? book->claims.at : book->parts.at)[number] = shares;
    } else {
        if (names->list.n == most) {
            tf_place place = { .file = loader->file->path };
            return tf_error(loader->env, TARIFF_E_LIMIT, &place, NULL, "more than %zu %s", most,
                            claims ? "claims" : "parts");
        }
        number = tf_names_add(names, loader->arena, name, strlen(name));
        bool kept = claims ? TF_PUSH(loader->arena, &book->claims, shares)
                           : TF_PUSH(loader->arena, &book->parts, shares);
        if (number == TF_NO_NAME || !kept)
            return TARIFF_E_NOMEM;
    }
    shares->name = names->list.at[number];
    shares->path = loader->file->path;
    return TARIFF_OK;
}

tariff_status tf_load_shares(tf_loader *loader, const char *name, bool claims)
{
    tf_shares *shares;
    tf_column  columns[] = { TF_SPAN_COLUMN_NAMES,   { "hs", true, -1 },
                             { "origin", false, -1 }, { "importer", false, -1 },
                             { "share", true, -1 },   { "citation", false, -1 } };
    TF_TRY(place_shares(loader, name, claims, &shares));
    TF_TRY(tf_load_table(loader, NULL, columns, COUNT(columns), share_row, shares));
    tf_shares_sort(shares);
    return check_shares(loader, shares);
}

/* descriptions.csv */

enum { DESCRIPTION_HS, DESCRIPTION_TEXT };

static tariff_status description_row(tf_loader *loader, tf_csv *csv, const tf_column *columns,
                                     void *user)
{
    tf_why         why;
    tariff_hs      hs;
    tf_description description;
    tf_field       code = tf_csv_field(csv, columns[DESCRIPTION_HS].index);
    (void)user;
    if (tf_hs_parse(code.text, code.length, &hs, &why) != TARIFF_OK)
        return tf_csv_because(csv, columns[DESCRIPTION_HS].index, &why);
    description.key = hs.key;
    description.text = tf_load_text(loader, tf_csv_field(csv, columns[DESCRIPTION_TEXT].index));
    TF_NEED(description.text);
    return TF_PUSH(loader->arena, &loader->book->descriptions, description) ? TARIFF_OK
                                                                            : TARIFF_E_NOMEM;
}

tariff_status tf_load_descriptions(tf_loader *loader)
{
    tf_column columns[] = { { "hs", true, -1 }, { "description", true, -1 } };
    return tf_load_table(loader, NULL, columns, COUNT(columns), description_row, NULL);
}
