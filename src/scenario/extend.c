/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/extend.h"

#include <stdio.h>

enum { LONGEST_CHAIN = 32 };

tf_node *tf_scenario_copy(tf_arena *arena, const tf_node *node)
{
    tf_node *copy = TF_NEW(arena, tf_node);
    if (!copy)
        return NULL;
    *copy = *node;
    copy->first = copy->last = copy->next = NULL;
    copy->key = node->key ? tf_arena_text(arena, node->key, strlen(node->key)) : NULL;
    copy->text = node->text ? tf_arena_text(arena, node->text, node->length) : NULL;
    if (!copy->key != !node->key || !copy->text != !node->text)
        return NULL;
    for (const tf_node *child = node->first; child; child = child->next) {
        tf_node *kept = tf_scenario_copy(arena, child);
        if (!kept)
            return NULL;
        tf_doc_append(copy, kept);
    }
    return copy;
}

const char *tf_scenario_base(const char *scenario_path, const tf_node *node)
{
    /* An option of the command line is no file: it means the scenario's directory. */
    return strncmp(node->file, "--", 2) == 0 ? scenario_path : node->file;
}

char *tf_scenario_path(const tariff_env *env, tf_arena *arena, const char *scenario_path,
                       const tf_node *node)
{
    return tf_path_find(env, arena, tf_scenario_base(scenario_path, node), node->text);
}

/* Merging */

static bool appends(const tf_node *node)
{
    size_t n = strlen(node->key);
    return n > 1 && node->key[n - 1] == '+';
}

tariff_status tf_scenario_begin_reports(tf_arena *arena, tf_node *list)
{
    tf_node *word = TF_NEW(arena, tf_node);
    TF_NEED(word);
    *word = *list;
    word->kind = TF_SCALAR;
    word->key = NULL;
    word->text = "default";
    word->length = strlen(word->text);
    word->next = list->first;
    word->first = word->last = NULL;
    list->first = word;
    if (!list->last)
        list->last = word;
    return TARIFF_OK;
}

/* "changes+" onto "changes" */
static tariff_status append_list(tariff_env *env, tf_arena *arena, tf_node *base,
                                 const tf_node *over)
{
    char *key = tf_arena_text(arena, over->key, strlen(over->key) - 1);
    TF_NEED(key);
    tf_node *list = tf_doc_get(base, key);
    if (over->kind != TF_LIST || (list && list->kind != TF_LIST))
        return tf_doc_error(env, over, true, TARIFF_E_SCHEMA, "leave out the '+' to replace it",
                            "'%s' appends a list to a list", over->key);
    tf_node *more = tf_scenario_copy(arena, over);
    TF_NEED(more);
    if (!list) {
        more->key = key;
        tf_doc_append(base, more);
        return strcmp(key, "reports") == 0 ? tf_scenario_begin_reports(arena, more) : TARIFF_OK;
    }
    for (tf_node *item = more->first, *next; item; item = next) {
        next = item->next;
        tf_doc_append(list, item);
    }
    return TARIFF_OK;
}

void tf_scenario_remove(tf_node *map, const char *key)
{
    tf_node *before = NULL;
    for (tf_node *child = map->first; child; before = child, child = child->next) {
        if (strcmp(child->key, key) != 0)
            continue;
        if (before)
            before->next = child->next;
        else
            map->first = child->next;
        if (map->last == child)
            map->last = before;
        return;
    }
}

tariff_status tf_scenario_merge(tariff_env *env, tf_arena *arena, tf_node *base,
                                const tf_node *over)
{
    for (const tf_node *child = over->first; child; child = child->next) {
        if (appends(child)) {
            TF_TRY(append_list(env, arena, base, child));
            continue;
        }
        /* A day replaces days, and the other way round; both in one document are an error. */
        if (strcmp(child->key, "dates") == 0 && !tf_doc_get(over, "date"))
            tf_scenario_remove(base, "date");
        if (strcmp(child->key, "date") == 0 && !tf_doc_get(over, "dates"))
            tf_scenario_remove(base, "dates");
        tf_node *there = tf_doc_get(base, child->key);
        if (there && there->kind == TF_MAP && child->kind == TF_MAP) {
            TF_TRY(tf_scenario_merge(env, arena, there, child));
            continue;
        }
        tf_node *copy = tf_scenario_copy(arena, child);
        TF_NEED(copy);
        if (!there) {
            tf_doc_append(base, copy);
            continue;
        }
        tf_node *next = there->next;
        *there = *copy;
        there->next = next;
    }
    return TARIFF_OK;
}

/* Reading */

/** The documents that lead to the one being read. */
typedef struct chain {
    const struct chain *before;
    const char         *path;
    unsigned            length;
} chain;

static void tell_chain(const chain *c, const char *stop, char *buf, size_t size)
{
    size_t n = 0;
    if (c->before && strcmp(c->path, stop) != 0)
        tell_chain(c->before, stop, buf, size);
    n = strlen(buf);
    snprintf(buf + n, size - n, "%s -> ", c->path);
}

static tariff_status check_chain(tariff_env *env, const chain *c, const tf_node *node,
                                 const char *path)
{
    for (const chain *at = c; at; at = at->before) {
        if (strcmp(at->path, path) != 0)
            continue;
        char text[512] = "";
        tell_chain(c, path, text, sizeof text);
        return tf_doc_error(env, node, false, TARIFF_E_CONFLICT, NULL,
                            "a scenario that extends itself: %s%s", text, path);
    }
    if (c->length == LONGEST_CHAIN)
        return tf_doc_error(env, node, false, TARIFF_E_LIMIT, NULL,
                            "a chain of more than %d scenarios", LONGEST_CHAIN);
    return TARIFF_OK;
}

static tariff_status read_one(tariff_env *env, tf_arena *arena, const chain *c,
                              const tf_place *place, tf_node **out, tf_paths *files)
{
    tf_node *root;
    char    *kept = tf_arena_text(arena, c->path, strlen(c->path));
    if (!kept || !TF_PUSH(arena, files, kept))
        return TARIFF_E_NOMEM;
    TF_TRY(tf_doc_read(env, arena, c->path, place, &root));
    *out = root;
    if (root->kind != TF_MAP)
        return TARIFF_OK; /* the schema says so */
    const tf_node *extends = tf_doc_get(root, "extends");
    tf_node       *base = TF_NEW(arena, tf_node);
    TF_NEED(base);
    *base = *root;
    base->first = base->last = NULL;
    if (extends) {
        if (extends->kind != TF_SCALAR)
            return tf_doc_error(env, extends, false, TARIFF_E_SCHEMA, NULL,
                                "'extends' names one file");
        char    excerpt[256];
        tf_place here;
        chain   next = { c, tf_scenario_path(env, arena, c->path, extends), c->length + 1 };
        TF_NEED(next.path);
        TF_TRY(check_chain(env, c, extends, next.path));
        tf_doc_place(extends, false, &here, excerpt, sizeof excerpt);
        here.looked = tf_path_looked(env, arena, next.path, extends->text);
        TF_TRY(read_one(env, arena, &next, &here, &base, files));
        tf_scenario_remove(root, "extends");
        if (base->kind != TF_MAP)
            return tf_doc_error(env, extends, false, TARIFF_E_SCHEMA, NULL,
                                "'%s' is no scenario", extends->text);
    }
    *out = base;
    return tf_scenario_merge(env, arena, base, root);
}

tariff_status tf_scenario_read(tariff_env *env, tf_arena *arena, const char *path, tf_node **out,
                               tf_paths *files)
{
    chain    first = { NULL, path, 1 };
    tf_place argument = { .looked = tf_path_looked(env, arena, path, path) };
    return read_one(env, arena, &first, &argument, out, files);
}
