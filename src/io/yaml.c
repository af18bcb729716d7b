/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * libyaml's events to a tree of tf_node.
 */
#include "base/names.h"
#include "base/utf8.h"
#include "io/doc.h"
#include "io/source.h"

#include <stdio.h>
#include <yaml.h>

typedef struct reader {
    tariff_env    *env;
    tf_arena      *arena;
    const char    *name;
    const char    *text;
    yaml_parser_t  parser;
    yaml_event_t   event;
    bool           have_event;
    const char    *line; /**< Where the line looked at last begins, and its number. */
    size_t         line_number;
    const char    *at; /**< The character looked at last in it, and its number. */
    size_t         column;
} reader;

/* libyaml counts characters; everywhere else a column is a number of bytes. */
static uint32_t column_of(reader *r, yaml_mark_t mark)
{
    if (!r->line || mark.line < r->line_number) {
        r->line = r->at = r->text;
        r->line_number = r->column = 0;
    }
    for (const char *end; r->line_number < mark.line && (end = strchr(r->line, '\n')) != NULL;
         r->line_number++) {
        r->line = r->at = end + 1;
        r->column = 0;
    }
    if (mark.column < r->column) { /* JSON is one long line: go on from where we were */
        r->at = r->line;
        r->column = 0;
    }
    for (; r->column < mark.column && *r->at; r->column++)
        do
            r->at++;
        while (((unsigned char)*r->at & 0xC0) == 0x80);
    return (uint32_t)(r->at - r->line) + 1;
}

static tariff_status fail(reader *r, yaml_mark_t mark, tariff_status status, const char *hint,
                          const char *message)
{
    tf_node here = { .file = r->name,
                     .source = r->text,
                     .line = (uint32_t)mark.line + 1,
                     .column = column_of(r, mark) };
    return tf_doc_error(r->env, &here, false, status, hint, "%s", message);
}

/* libyaml's own words, and what usually was meant. */
static tariff_status parser_error(reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const char          *hint = NULL;
    yaml_mark_t          mark = p->problem_mark;
    if (p->error == YAML_MEMORY_ERROR)
        return TARIFF_E_NOMEM;
    if (p->error == YAML_READER_ERROR) {
        tf_place here = { .file = r->name };
        return tf_error(r->env, TARIFF_E_SYNTAX, &here, "scenario files are UTF-8 text",
                        "%s at byte %zu", p->problem ? p->problem : "unreadable",
                        p->problem_offset);
    }
    size_t      column = column_of(r, mark) - 1; /* within the line, or at its end */
    const char *line = r->line;
    char        at = line[column] == '\n' ? '\0' : line[column];
    char        before = column > 0 ? line[column - 1] : '\0';
    bool        star = at == '*' || before == '*';
    bool        tag = p->context && strstr(p->context, "tag");
    if (memchr(line, '\t', strcspn(line, "\n")))
        hint = "indent with blanks: YAML forbids tabs";
    else if (at == '@' || at == '`' || at == '%')
        hint = "quote it: \"@...\"; YAML reserves this sign";
    else if (tag)
        hint = "quote a value that begins with '!': \"!usmca\"";
    else if (star)
        hint = "quote it: \"*\"; a bare * is an alias to YAML";
    else if (at == '-' && p->problem && strstr(p->problem, "sequence"))
        hint = "quote it: \"-\"; a bare - begins a list to YAML";
    else if (p->problem && strstr(p->problem, "alias"))
        hint = "quote it: \"*\"; a bare * is an alias to YAML";
    return fail(r, mark, TARIFF_E_SYNTAX, hint, p->problem ? p->problem : "not YAML");
}

static tariff_status next(reader *r)
{
    if (r->have_event)
        yaml_event_delete(&r->event);
    r->have_event = false;
    if (!yaml_parser_parse(&r->parser, &r->event))
        return parser_error(r);
    r->have_event = true;
    return TARIFF_OK;
}

static tariff_status refuse_extras(reader *r)
{
    const yaml_event_t *e = &r->event;
    const yaml_char_t  *anchor = NULL, *tag = NULL;
    switch (e->type) {
    case YAML_ALIAS_EVENT:
        return fail(r, e->start_mark, TARIFF_E_SYNTAX,
                    "if you mean everything, quote it: \"*\"; aliases are not used here",
                    "a YAML alias");
    case YAML_SCALAR_EVENT:
        anchor = e->data.scalar.anchor;
        tag = e->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = e->data.sequence_start.anchor;
        tag = e->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = e->data.mapping_start.anchor;
        tag = e->data.mapping_start.tag;
        break;
    default: break;
    }
    if (anchor)
        return fail(r, e->start_mark, TARIFF_E_SYNTAX, "write the value where it is needed",
                    "YAML anchors are not used here");
    if (tag)
        return fail(r, e->start_mark, TARIFF_E_SYNTAX,
                    "quote a value that begins with '!': \"!usmca\"",
                    "YAML tags are not used here");
    return TARIFF_OK;
}

static tf_node *make_node(reader *r, tf_node_kind kind)
{
    tf_node *node = TF_NEW(r->arena, tf_node);
    if (node) {
        node->kind = kind;
        node->file = r->name;
        node->source = r->text;
        node->line = (uint32_t)r->event.start_mark.line + 1;
        node->column = column_of(r, r->event.start_mark);
    }
    return node;
}

static void append(tf_node *parent, tf_node *child)
{
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
}

static tariff_status build(reader *r, unsigned depth, tf_node **out);

static tariff_status build_list(reader *r, unsigned depth, tf_node *list)
{
    for (;;) {
        TF_TRY(next(r));
        if (r->event.type == YAML_SEQUENCE_END_EVENT)
            return TARIFF_OK;
        tf_node *child;
        TF_TRY(build(r, depth + 1, &child));
        append(list, child);
    }
}

enum { FEW_KEYS = 16 };

/* Find the key among those before it, of which there are `count`: in a table, once they are many. */
static tariff_status find_twin(reader *r, tf_names *keys, const tf_node *map, size_t count,
                               const char *key, const tf_node **out)
{
    *out = NULL;
    if (count < FEW_KEYS) {
        *out = tf_doc_get(map, key);
        return TARIFF_OK;
    }
    for (const tf_node *child = map->first; child && count == FEW_KEYS; child = child->next)
        if (tf_names_add(keys, r->arena, child->key, strlen(child->key)) == TF_NO_NAME)
            return TARIFF_E_NOMEM;
    uint32_t number = tf_names_add(keys, r->arena, key, strlen(key));
    if (number == TF_NO_NAME)
        return TARIFF_E_NOMEM;
    if (number < count)
        *out = tf_doc_get(map, key);
    return TARIFF_OK;
}

static tariff_status build_map(reader *r, unsigned depth, tf_node *map)
{
    tf_names keys = { .slots = NULL };
    for (size_t count = 0;; count++) {
        TF_TRY(next(r));
        if (r->event.type == YAML_MAPPING_END_EVENT)
            return TARIFF_OK;
        yaml_mark_t mark = r->event.start_mark;
        TF_TRY(refuse_extras(r));
        if (r->event.type != YAML_SCALAR_EVENT)
            return fail(r, mark, TARIFF_E_SYNTAX, NULL, "a key has to be a word");
        const char *word = (const char *)r->event.data.scalar.value;
        if (strcmp(word, "<<") == 0)
            return fail(r, mark, TARIFF_E_SYNTAX, NULL, "YAML merge keys are not used here");
        char *key = tf_arena_text(r->arena, word, r->event.data.scalar.length);
        TF_NEED(key);
        const tf_node *twin;
        TF_TRY(find_twin(r, &keys, map, count, key, &twin));
        if (twin) {
            char message[128], hint[64];
            snprintf(message, sizeof message, "the key '%.80s' is there twice", key);
            snprintf(hint, sizeof hint, "first on line %u", twin->key_line);
            return fail(r, mark, TARIFF_E_SYNTAX, hint, message);
        }
        uint32_t column = column_of(r, mark);
        TF_TRY(next(r));
        tf_node *child;
        TF_TRY(build(r, depth + 1, &child));
        child->key = key;
        child->key_line = (uint32_t)mark.line + 1;
        child->key_column = column;
        append(map, child);
    }
}

/* Build the node that begins with the current event. */
static tariff_status build(reader *r, unsigned depth, tf_node **out)
{
    TF_TRY(refuse_extras(r));
    if (depth > r->env->limits.max_depth)
        return fail(r, r->event.start_mark, TARIFF_E_LIMIT, NULL, "nested too deeply");
    if (r->event.type == YAML_SEQUENCE_START_EVENT) {
        *out = make_node(r, TF_LIST);
        TF_NEED(*out);
        return build_list(r, depth, *out);
    }
    if (r->event.type == YAML_MAPPING_START_EVENT) {
        *out = make_node(r, TF_MAP);
        TF_NEED(*out);
        return build_map(r, depth, *out);
    }
    *out = make_node(r, TF_SCALAR);
    TF_NEED(*out);
    (*out)->length = r->event.data.scalar.length;
    (*out)->text = tf_arena_text(r->arena, (const char *)r->event.data.scalar.value,
                                 r->event.data.scalar.length);
    (*out)->quoted = r->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    TF_NEED((*out)->text);
    if (strlen((*out)->text) != (*out)->length)
        return fail(r, r->event.start_mark, TARIFF_E_SYNTAX, NULL, "a NUL byte");
    return TARIFF_OK;
}

static tariff_status read_document(reader *r, tf_node **out)
{
    TF_TRY(next(r)); /* stream start */
    TF_TRY(next(r));
    if (r->event.type == YAML_STREAM_END_EVENT) {
        tf_place here = { .file = r->name };
        return tf_error(r->env, TARIFF_E_SCHEMA, &here, NULL, "the file is empty");
    }
    TF_TRY(next(r));
    TF_TRY(build(r, 1, out));
    TF_TRY(next(r)); /* document end */
    TF_TRY(next(r));
    if (r->event.type != YAML_STREAM_END_EVENT)
        return fail(r, r->event.start_mark, TARIFF_E_SYNTAX, "one file, one scenario",
                    "a second document");
    return TARIFF_OK;
}

/* libyaml tells neither line nor column of a bad byte: look before it does. */
static tariff_status check_bytes(reader *r, size_t length)
{
    char        message[64];
    size_t      good = tf_utf8_valid(r->text, length);
    const char *zero = memchr(r->text, '\0', length);
    if (zero && (size_t)(zero - r->text) < good)
        good = (size_t)(zero - r->text);
    if (good == length)
        return TARIFF_OK;
    yaml_mark_t mark = { .line = 0, .column = 0 };
    for (size_t i = 0; i < good; i++) {
        mark.column += ((unsigned char)r->text[i] & 0xC0) != 0x80;
        if (r->text[i] == '\n') {
            mark.line++;
            mark.column = 0;
        }
    }
    if (r->text[good] == '\0')
        return fail(r, mark, TARIFF_E_SYNTAX, "scenario files are UTF-8 text", "a NUL byte");
    snprintf(message, sizeof message, "byte 0x%02x is not UTF-8", (unsigned char)r->text[good]);
    return fail(r, mark, TARIFF_E_SYNTAX, "scenario files are UTF-8 text", message);
}

tariff_status tf_doc_parse(tariff_env *env, tf_arena *arena, const char *name, const char *text,
                           size_t length, tf_node **out)
{
    reader r = { .env = env, .arena = arena, .name = name, .text = text };
    *out = NULL;
    TF_TRY(check_bytes(&r, length));
    if (!yaml_parser_initialize(&r.parser))
        return TARIFF_E_NOMEM;
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, length);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    tariff_status status = read_document(&r, out);
    if (r.have_event)
        yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return status;
}

tariff_status tf_doc_read(tariff_env *env, tf_arena *arena, const char *path,
                          const tf_place *place, tf_node **out)
{
    char  *text, *name = tf_arena_text(arena, path, strlen(path));
    size_t length;
    TF_NEED(name);
    TF_TRY(tf_read_file(env, arena, path, env->limits.max_document, place, &text, &length));
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    return tf_doc_parse(env, arena, name, text, length, out);
}
