/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/doc.h"

#include <stdio.h>
#include <stdlib.h>

tf_node *tf_doc_get(const tf_node *map, const char *key)
{
    if (!map || map->kind != TF_MAP)
        return NULL;
    for (tf_node *child = map->first; child; child = child->next)
        if (strcmp(child->key, key) == 0)
            return child;
    return NULL;
}

size_t tf_doc_count(const tf_node *node)
{
    size_t n = 0;
    for (const tf_node *child = node->first; child; child = child->next)
        n++;
    return n;
}

/* Positions */

void tf_doc_place(const tf_node *node, bool at_key, tf_place *place, char *excerpt, size_t size)
{
    memset(place, 0, sizeof *place);
    place->file = node->file;
    place->line = at_key && node->key ? node->key_line : node->line;
    place->column = at_key && node->key ? node->key_column : node->column;
    place->field = node->key;
    const char *line = node->source;
    for (uint32_t i = 1; line && i < place->line; i++) {
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    if (!line || size == 0)
        return;
    size_t n = strcspn(line, "\n");
    if (n > size - 1)
        n = size - 1;
    memcpy(excerpt, line, n);
    excerpt[n] = '\0';
    place->excerpt = excerpt;
}

tariff_status tf_doc_error(tariff_env *env, const tf_node *node, bool at_key, tariff_status status,
                           const char *hint, const char *format, ...)
{
    char     message[512], excerpt[512];
    tf_place place;
    va_list  args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    tf_doc_place(node, at_key, &place, excerpt, sizeof excerpt);
    return tf_error(env, status, &place, hint, "%s", message);
}

tariff_status tf_doc_because(tariff_env *env, const tf_node *node, const tf_why *why)
{
    tf_node here = *node;
    if (here.line)
        here.column += (uint32_t)why->at + (node->quoted ? 1 : 0);
    return tf_doc_error(env, &here, false, why->status, why->hint, "%s", why->message);
}

/* Overrides */

static void detach_children(tf_node *node)
{
    node->first = node->last = NULL;
}

void tf_doc_append(tf_node *parent, tf_node *child)
{
    child->next = NULL;
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
}

static void replace(tf_node *target, const tf_node *value)
{
    tf_node *next = target->next;
    tf_node  kept = *target;
    *target = *value;
    target->next = next;
    target->key = kept.key;
    target->key_line = kept.key_line;
    target->key_column = kept.key_column;
}

static tf_node *new_child(tf_arena *arena, tf_node *parent, const tf_node *like, const char *key,
                          size_t length)
{
    tf_node *child = TF_NEW(arena, tf_node);
    if (!child)
        return NULL;
    child->kind = TF_MAP;
    child->file = like->file;
    child->source = like->source;
    child->line = child->key_line = like->line;
    child->column = child->key_column = like->column;
    if (key) {
        child->key = tf_arena_text(arena, key, length);
        if (!child->key)
            return NULL;
    }
    tf_doc_append(parent, child);
    return child;
}

static tf_node *find_key(const tf_node *map, const char *key, size_t length)
{
    for (tf_node *child = map->first; child; child = child->next)
        if (strlen(child->key) == length && memcmp(child->key, key, length) == 0)
            return child;
    return NULL;
}

/* One step of a path: ".key" or "[index]".  *node becomes the child, made if it is new. */
static tariff_status step(tariff_env *env, tf_arena *arena, const char **path, tf_node **node,
                          const tf_node *value)
{
    tf_node *parent = *node;
    if (**path == '[') {
        char         *end;
        unsigned long index = strtoul(*path + 1, &end, 10);
        if ((*path)[1] < '0' || (*path)[1] > '9' || *end != ']' || (end[1] && end[1] != '.' && end[1] != '['))
            return tf_doc_error(env, value, false, TARIFF_E_SYNTAX,
                                "an item is written as changes[0]", "'%s' is not an index", *path);
        *path = end + 1;
        if (parent->kind != TF_LIST && parent->first)
            return tf_doc_error(env, value, false, TARIFF_E_SCHEMA, NULL,
                                "an index where there is no list");
        parent->kind = TF_LIST;
        tf_node *child = parent->first;
        for (unsigned long i = 0; child && i < index; i++)
            child = child->next;
        size_t count = tf_doc_count(parent);
        if (!child && index != count)
            return tf_doc_error(env, value, false, TARIFF_E_REFERENCE,
                                "indices count from 0; one past the last appends",
                                "there is no item %lu: the list has %zu", index, count);
        *node = child ? child : new_child(arena, parent, value, NULL, 0);
    } else {
        if (**path == '.')
            ++*path;
        size_t n = strcspn(*path, ".[");
        if (n == 0)
            return tf_doc_error(env, value, false, TARIFF_E_SYNTAX, "keys are joined by points",
                                "an empty key in a path");
        if (parent->kind == TF_LIST && parent->first)
            return tf_doc_error(env, value, false, TARIFF_E_SCHEMA,
                                "an item of a list is written as changes[0]",
                                "'%.*s' where there is a list", (int)n, *path);
        if (parent->kind != TF_MAP) {
            parent->kind = TF_MAP;
            detach_children(parent);
        }
        tf_node *child = find_key(parent, *path, n);
        *node = child ? child : new_child(arena, parent, value, *path, n);
        *path += n;
    }
    TF_NEED(*node);
    return TARIFF_OK;
}

/* "changes+": the items of a list after those that are there. */
static tariff_status extend(tariff_env *env, tf_node *list, const char *path, tf_node *value)
{
    if (value->kind != TF_LIST || (list->kind != TF_LIST && list->first)
        || list->kind == TF_SCALAR)
        return tf_doc_error(env, value, false, TARIFF_E_SCHEMA,
                            "leave out the '+' to replace what is there",
                            "'%s' appends a list to a list", path);
    list->kind = TF_LIST;
    for (tf_node *item = value->first, *next; item; item = next) {
        next = item->next;
        tf_doc_append(list, item);
    }
    return TARIFF_OK;
}

tariff_status tf_doc_set(tariff_env *env, tf_arena *arena, tf_node *root, const char *path,
                         tf_node *value)
{
    size_t      length = strlen(path);
    bool        appends = length > 1 && path[length - 1] == '+';
    const char *rest = appends ? tf_arena_text(arena, path, length - 1) : path;
    tf_node    *node = root;
    TF_NEED(rest);
    do
        TF_TRY(step(env, arena, &rest, &node, value));
    while (*rest);
    if (appends)
        return extend(env, node, path, value);
    replace(node, value);
    return TARIFF_OK;
}
