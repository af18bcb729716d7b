/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A scenario as YAML, after all that was laid over it.
 */
#include "scenario/extend.h"
#include "scenario/scenario.h"

#include <stdio.h>

typedef struct printer {
    const tariff_env      *env;
    const tariff_scenario *scenario;
    tf_arena              *arena;
    tariff_line_fn         fn;
    void                  *user;
    TF_VEC(char) line;
    bool failed;
} printer;

static void put(printer *p, const char *text)
{
    size_t n = strlen(text);
    if (!tf_vec_reserve(p->arena, &p->line.at, &p->line.room, p->line.n + n + 1, 1)) {
        p->failed = true;
        return;
    }
    memcpy(p->line.at + p->line.n, text, n + 1);
    p->line.n += n;
}

static void end_line(printer *p)
{
    if (!p->failed && p->line.n)
        p->fn(p->user, p->line.at);
    p->line.n = 0;
}

/* The character that a text in UTF-8 begins with, if YAML takes no such character as it is, or as
 * the end of a line (YAML 1.1, 5.1 and 5.4); else 0.  *length is how many bytes it has. */
static unsigned hidden(const char *text, size_t *length)
{
    unsigned char c = (unsigned char)text[0], d = (unsigned char)text[1];
    unsigned      code = c;
    *length = 1;
    if (c < 0x20 || c == 0x7f)
        return code;
    if (c == 0xc2 && d < 0xa0) {
        *length = 2;
        return d;
    }
    if ((c & 0xf0) != 0xe0)
        return 0;
    code = (c & 0x0fu) << 12 | (d & 0x3fu) << 6 | ((unsigned char)text[2] & 0x3fu);
    *length = 3;
    return code == 0x2028 || code == 0x2029 || code == 0xfeff || code >= 0xfffe ? code : 0;
}

/* Everything is quoted: what a scalar means is decided by its key, not by its looks. */
static void put_quoted(printer *p, const char *text)
{
    char   c[16];
    size_t n;
    put(p, "\"");
    for (; *text; text += n) {
        unsigned code = hidden(text, &n);
        if (*text == '"' || *text == '\\')
            snprintf(c, sizeof c, "\\%c", *text);
        else if (*text == '\n')
            snprintf(c, sizeof c, "\\n");
        else if (code)
            snprintf(c, sizeof c, "\\u%04x", code);
        else
            snprintf(c, sizeof c, "%.*s", (int)n, text);
        put(p, c);
    }
    put(p, "\"");
}

/* Does the last step of a path, "flows.file" or "schedule[1]", have this name? */
static bool ends_with(const char *path, const char *name)
{
    const char *step = strrchr(path, '.');
    size_t      n = strlen(name);
    step = step ? step + 1 : path;
    return strncmp(step, name, n) == 0 && (step[n] == '\0' || step[n] == '[' || step[n] == '+');
}

static bool is_path(const char *key, const char *text, const char *resolved)
{
    return ends_with(key, "file") || ends_with(key, "schedule") || ends_with(key, "scenario")
           || ends_with(key, "elasticities")
           || (ends_with(key, "profile") && !tf_profile_named(text) && tf_is_file(resolved));
}

static void put_scalar(printer *p, const tf_node *node, const char *key)
{
    const char *path = key ? tf_scenario_path(p->env, p->arena, p->scenario->path, node) : NULL;
    p->failed = p->failed || (key && !path);
    put_quoted(p, path && is_path(key, node->text, path) ? path : node->text);
}

static void indent(printer *p, unsigned depth)
{
    while (depth-- > 0)
        put(p, "  ");
}

static void print_children(printer *p, const tf_node *node, unsigned depth, const char *key);

static void print_value(printer *p, const tf_node *node, unsigned depth, const char *key)
{
    if (node->kind == TF_SCALAR) {
        put(p, " ");
        put_scalar(p, node, key);
        end_line(p);
    } else if (!node->first) {
        put(p, node->kind == TF_LIST ? " []" : " {}");
        end_line(p);
    } else {
        end_line(p);
        print_children(p, node, depth + 1, key);
    }
}

static void print_children(printer *p, const tf_node *node, unsigned depth, const char *key)
{
    for (const tf_node *child = node->first; child; child = child->next) {
        indent(p, depth);
        if (node->kind == TF_LIST) {
            put(p, "-");
            print_value(p, child, depth, key);
        } else {
            /* The values of a dimension are those of the key that it varies. */
            const tf_node *varied = tf_doc_get(node, "key");
            bool of_key = varied && varied->kind == TF_SCALAR && strcmp(child->key, "values") == 0;
            put_quoted(p, child->key);
            put(p, ":");
            print_value(p, child, depth, of_key ? varied->text : child->key);
        }
    }
}

tariff_status tariff_scenario_show(tariff_env *env, const tariff_scenario *scenario,
                                   tariff_line_fn fn, void *user)
{
    tf_arena arena;
    tf_arena_init(&arena, &env->allocator);
    printer p = { .env = env, .scenario = scenario, .arena = &arena, .fn = fn, .user = user };
    print_children(&p, scenario->root, 0, NULL);
    tf_arena_free(&arena);
    return p.failed ? TARIFF_E_NOMEM : TARIFF_OK;
}
