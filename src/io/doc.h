/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A YAML (or JSON) document as a tree of untyped text with positions.  What a
 * scalar means is decided by the schema of the reader, not by YAML.
 */
#ifndef TF_IO_DOC_H
#define TF_IO_DOC_H

#include "base/diag.h"

typedef enum tf_node_kind { TF_SCALAR, TF_LIST, TF_MAP } tf_node_kind;

typedef struct tf_node tf_node;
struct tf_node {
    tf_node_kind kind;
    const char  *text;   /**< Of a scalar. */
    size_t       length;
    bool         quoted;
    const char  *file;   /**< The document, or the option, it was written in. */
    uint32_t     line, column;
    const char  *source; /**< All of the document's text, for excerpts. */
    const char  *key;    /**< In a map: its key, with its place. */
    uint32_t     key_line, key_column;
    tf_node     *first, *last, *next; /**< Children of a list or a map; siblings. */
};

/** Read a document; anchors, aliases, tags, duplicate keys and deep nesting are errors. */
tariff_status tf_doc_read(tariff_env *env, tf_arena *arena, const char *path,
                          const tf_place *place, tf_node **out);
/** The same from text; `name` is used in messages. */
tariff_status tf_doc_parse(tariff_env *env, tf_arena *arena, const char *name, const char *text,
                           size_t length, tf_node **out);

/** The value of a key, or NULL. */
tf_node *tf_doc_get(const tf_node *map, const char *key);

/** Put a node at the end of a list or a map. */
void tf_doc_append(tf_node *parent, tf_node *child);
/** Number of children. */
size_t   tf_doc_count(const tf_node *node);

/**
 * Put `value` at a path such as "changes[1].set.rate", making maps on the way.
 * An index names an existing item, or one past the last.  A '+' at the end, as
 * in "changes+", appends the items of a list to the list that is there.
 */
tariff_status tf_doc_set(tariff_env *env, tf_arena *arena, tf_node *root, const char *path,
                         tf_node *value);

/** Report an error at a node (at its key, if `at_key`). */
tariff_status tf_doc_error(tariff_env *env, const tf_node *node, bool at_key, tariff_status status,
                           const char *hint, const char *format, ...) TARIFF_PRINTF(6, 7);
/** The same for what a value's parser found in a scalar. */
tariff_status tf_doc_because(tariff_env *env, const tf_node *node, const tf_why *why);

/** Fill the place of a node; `excerpt` is storage for its line. */
void tf_doc_place(const tf_node *node, bool at_key, tf_place *place, char *excerpt, size_t size);

#endif
