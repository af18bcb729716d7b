/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Scenario files as trees of text: what is read, what is refused, what --set does.
 */
#include "unit/check.h"

#include "io/doc.h"

typedef struct reading {
    check_log   log;
    tariff_env *env;
    tf_arena    arena;
} reading;

static int begin_reading(void **state)
{
    reading *r = test_calloc(1, sizeof *r);
    r->env = check_env(&r->log);
    tf_arena_init(&r->arena, &r->env->allocator);
    *state = r;
    return 0;
}

static int end_reading(void **state)
{
    reading *r = *state;
    tf_arena_free(&r->arena);
    tariff_env_free(r->env);
    test_free(r);
    return 0;
}

static tariff_status parse(reading *r, const char *text, tf_node **out)
{
    return tf_doc_parse(r->env, &r->arena, "s.yaml", text, strlen(text), out);
}

static tf_node *parse_good(reading *r, const char *text)
{
    tf_node *root;
    if (parse(r, text, &root) != TARIFF_OK)
        fail_msg("'%s': %s", text, r->log.text);
    return root;
}

/* A tree on one line: {key: value, list: [a, b]}, quoted scalars in quotes. */
static void write_tree(const tf_node *node, char *out, size_t size)
{
    size_t at = strlen(out);
    if (node->kind == TF_SCALAR) {
        const char *quote = node->quoted ? "'" : "";
        snprintf(out + at, size - at, "%s%s%s", quote, node->text, quote);
        return;
    }
    snprintf(out + at, size - at, node->kind == TF_MAP ? "{" : "[");
    for (const tf_node *child = node->first; child; child = child->next) {
        at = strlen(out);
        snprintf(out + at, size - at, "%s%s%s", child == node->first ? "" : ", ",
                 node->kind == TF_MAP ? child->key : "", node->kind == TF_MAP ? ": " : "");
        write_tree(child, out, size);
    }
    at = strlen(out);
    snprintf(out + at, size - at, node->kind == TF_MAP ? "}" : "]");
}

static void check_tree(const tf_node *root, const char *wanted, const char *row)
{
    char got[1024] = "";
    write_tree(root, got, sizeof got);
    if (strcmp(got, wanted) != 0)
        fail_msg("row '%s': %s instead of %s", row, got, wanted);
}

/* The schema decides what a text means, not YAML: NO is Norway, 0101 are horses. */
static void scalars_stay_the_text_they_were(void **state)
{
    static const struct {
        const char *text, *tree;
    } rows[] = {
        { "a: NO", "{a: NO}" },
        { "a: 0101", "{a: 0101}" },
        { "a: 1e3", "{a: 1e3}" },
        { "a: 25%", "{a: 25%}" },
        { "a: 2025-08-27", "{a: 2025-08-27}" },
        { "a: ~", "{a: ~}" },
        { "a:", "{a: }" },
        { "a: \"*\"", "{a: '*'}" },
        { "a: '@x'", "{a: '@x'}" },
        { "a: yes # or not", "{a: yes}" },
        { "a: [IN, NO, \"0101\"]", "{a: [IN, NO, '0101']}" },
        { "a:\n- b\n- c: d\n  e: f\n", "{a: [b, {c: d, e: f}]}" },
        { "a: {b: {c: [[]]}}", "{a: {b: {c: [[]]}}}" },
        { "a: >-\n  two\n  lines\n", "{a: 'two lines'}" },
        { "- a\n- b\n", "[a, b]" },
        { "just words", "just words" },
        { "---\na: b\n", "{a: b}" },
        { "{\"a\": [1, 2.50, null, true], \"b\": {\"c\": \"\\u0041\"}}",
          "{a: [1, 2.50, null, true], b: {c: 'A'}}" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_tree(parse_good(*state, rows[i].text), rows[i].tree, rows[i].text);
}

static void nodes_know_their_places(void **state)
{
    tf_node *root = parse_good(*state, "tariff: 1\n"
                                       "changes:\n"
                                       "  - set: {layer: a, rate: 18%}\n"
                                       "  - suspend:\n"
                                       "      layer: \"b\"\n");
    tf_node *changes = tf_doc_get(root, "changes");
    tf_node *set = changes->first->first, *rate = tf_doc_get(set, "rate");
    tf_node *layer = tf_doc_get(changes->last->first, "layer");
    assert_int_equal(tf_doc_count(changes), 2);
    assert_int_equal(changes->key_line, 2);
    assert_int_equal(changes->key_column, 1);
    assert_int_equal(set->key_line, 3);
    assert_int_equal(set->key_column, 5);
    assert_int_equal(rate->line, 3);
    assert_int_equal(rate->column, 27);
    assert_int_equal(rate->key_column, 21);
    assert_int_equal(layer->line, 5);
    assert_int_equal(layer->column, 14);
    assert_null(tf_doc_get(root, "change"));
    assert_null(tf_doc_get(rate, "x"));
}

/* As everywhere else: an editor's column and the caret are wrong otherwise. */
static void columns_are_counted_in_bytes(void **state)
{
    reading *r = *state;
    tf_node *root = parse_good(r, "{\xC3\xA9: 1, rate: x}\n");
    assert_int_equal(tf_doc_get(root, "rate")->key_column, 9);
    assert_int_equal(tf_doc_get(root, "rate")->column, 15);
    tf_doc_error(r->env, tf_doc_get(root, "rate"), false, TARIFF_E_VALUE, NULL, "no");
    assert_string_equal(r->log.text, "s.yaml:1:15: error: no\n"
                                     "    {\xC3\xA9: 1, rate: x}\n"
                                     "                 ^\n");
}

/* A message about a value points into it, past an opening quote. */
static void messages_point_into_values(void **state)
{
    reading *r = *state;
    tf_node *root = parse_good(r, "a: 1\nrate: \"25 x\"\nplain: 25 x\n");
    tf_why   why = { TARIFF_E_VALUE, 3, "no", "hint" };
    tf_doc_because(r->env, tf_doc_get(root, "rate"), &why);
    assert_string_equal(r->log.text, "s.yaml:2:11: error: no\n"
                                     "    rate: \"25 x\"\n"
                                     "              ^\n"
                                     "    hint: hint\n");
    r->log.length = 0;
    tf_doc_because(r->env, tf_doc_get(root, "plain"), &why);
    assert_non_null(strstr(r->log.text, "s.yaml:3:11: error: no"));
    r->log.length = 0;
    tf_doc_error(r->env, tf_doc_get(root, "plain"), true, TARIFF_E_VALUE, NULL, "no");
    assert_non_null(strstr(r->log.text, "s.yaml:3:1: error: no"));
}

static void what_yaml_offers_beyond_trees_is_refused(void **state)
{
    static const struct {
        const char   *text;
        tariff_status status;
        const char   *message, *hint;
    } rows[] = {
        { "", TARIFF_E_SCHEMA, "the file is empty", "" },
        { "# nothing\n", TARIFF_E_SCHEMA, "the file is empty", "" },
        { "a: 1\nb: 2\na: 3\n", TARIFF_E_SYNTAX, "s.yaml:3:1: error: the key 'a' is there twice",
          "first on line 1" },
        { "a: {b: 1, \"b\": 2}", TARIFF_E_SYNTAX, "s.yaml:1:11: error: the key 'b' is there twice",
          "" },
        { "a: &x 1\n", TARIFF_E_SYNTAX, "s.yaml:1:4: error: YAML anchors are not used here", "" },
        { "a: &x [1]\n", TARIFF_E_SYNTAX, "YAML anchors", "write the value where it is needed" },
        { "&x a: 1\n", TARIFF_E_SYNTAX, "YAML anchors", "" },
        { "a: *\n", TARIFF_E_SYNTAX, "s.yaml:1:", "quote it: \"*\"" },
        { "products: *all\n", TARIFF_E_SYNTAX, "s.yaml:1:11: error:", "quote it: \"*\"" },
        { "a: !usmca\n", TARIFF_E_SYNTAX, "s.yaml:1:4: error: YAML tags are not used here",
          "\"!usmca\"" },
        { "a: !!int 3\n", TARIFF_E_SYNTAX, "YAML tags", "" },
        { "a: @EU\n", TARIFF_E_SYNTAX, "s.yaml:1:4: error:", "quote it" },
        { "a:\n\tb: 1\n", TARIFF_E_SYNTAX, "s.yaml:2:1: error:", "YAML forbids tabs" },
        { "a: 1\n---\nb: 2\n", TARIFF_E_SYNTAX, "s.yaml:2:1: error: a second document",
          "one file, one scenario" },
        { "<<: {a: 1}\n", TARIFF_E_SYNTAX, "YAML merge keys", "" },
        { "? [a]\n: 1\n", TARIFF_E_SYNTAX, "a key has to be a word", "" },
        { "a: \"x\n", TARIFF_E_SYNTAX, "error:", "" },
        { "a: [1, 2\n", TARIFF_E_SYNTAX, "error:", "" },
        { "a: b: c\n", TARIFF_E_SYNTAX, "s.yaml:1:5: error:", "" },
        { "a: \"\\0\"\n", TARIFF_E_SYNTAX, "a NUL byte", "" },
        { "a: caf\xE9\n", TARIFF_E_SYNTAX, "error:", "UTF-8" },
    };
    reading *r = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tf_node      *root;
        r->log.length = 0;
        tariff_status status = parse(r, rows[i].text, &root);
        if (status != rows[i].status || !strstr(r->log.text, rows[i].message)
            || !strstr(r->log.text, rows[i].hint))
            fail_msg("row '%s': %s: %s", rows[i].text, tariff_status_name(status), r->log.text);
    }
}

static void nesting_is_bounded(void **state)
{
    reading *r = *state;
    tf_node *root;
    char     text[64] = "";
    for (int i = 0; i < 32; i++)
        text[i] = '[';
    for (int i = 32; i < 64 - 1; i++)
        text[i] = ']';
    /* 32 open, 31 closed: the last one would be on level 33 with a word in it. */
    char good[80], bad[80];
    snprintf(good, sizeof good, "%s]", text);
    snprintf(bad, sizeof bad, "[%s]]", text);
    assert_int_equal(parse(r, good, &root), TARIFF_OK);
    assert_int_equal(parse(r, bad, &root), TARIFF_E_LIMIT);
    assert_non_null(strstr(r->log.text, "s.yaml:1:33: error: nested too deeply"));
}

#define BASE "date: 2025-08-27\nchanges:\n- set: {layer: a, rate: 18%}\n- suspend: {layer: b}\n"

static void overrides_reach_every_place(void **state)
{
    static const struct {
        const char *path, *value, *tree;
    } rows[] = {
        { "date", "period",
          "{date: period, changes: [{set: {layer: a, rate: 18%}}, {suspend: {layer: b}}]}" },
        { "changes[0].set.rate", "20%",
          "{date: 2025-08-27, changes: [{set: {layer: a, rate: 20%}}, {suspend: {layer: b}}]}" },
        { "changes[1].suspend.layer", "[b, c]",
          "{date: 2025-08-27, changes: [{set: {layer: a, rate: 18%}}, {suspend: {layer: [b, "
          "c]}}]}" },
        { "changes[1].suspend.from", "2025-01-01",
          "{date: 2025-08-27, changes: [{set: {layer: a, rate: 18%}}, {suspend: {layer: b, from: "
          "2025-01-01}}]}" },
        { "changes[2]", "{suspend: {layer: c}}",
          "{date: 2025-08-27, changes: [{set: {layer: a, rate: 18%}}, {suspend: {layer: b}}, "
          "{suspend: {layer: c}}]}" },
        { "changes", "[]", "{date: 2025-08-27, changes: []}" },
        { "flows.file", "x.csv",
          "{date: 2025-08-27, changes: [{set: {layer: a, rate: 18%}}, {suspend: {layer: b}}], "
          "flows: {file: x.csv}}" },
        { "a.b[0].c", "1",
          "{date: 2025-08-27, changes: [{set: {layer: a, rate: 18%}}, {suspend: {layer: b}}], a: "
          "{b: [{c: 1}]}}" },
    };
    reading *r = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tf_node *root = parse_good(r, BASE), *value = parse_good(r, rows[i].value);
        if (tf_doc_set(r->env, &r->arena, root, rows[i].path, value) != TARIFF_OK)
            fail_msg("row '%s': %s", rows[i].path, r->log.text);
        check_tree(root, rows[i].tree, rows[i].path);
    }
}

/* What an override puts in is told apart from the file when it is wrong. */
static void an_override_keeps_its_own_place(void **state)
{
    reading *r = *state;
    tf_node *root = parse_good(r, BASE), *value;
    assert_int_equal(tf_doc_parse(r->env, &r->arena, "--set date=x", "x", 1, &value), TARIFF_OK);
    assert_int_equal(tf_doc_set(r->env, &r->arena, root, "date", value), TARIFF_OK);
    tf_doc_error(r->env, tf_doc_get(root, "date"), false, TARIFF_E_VALUE, NULL, "no");
    assert_non_null(strstr(r->log.text, "--set date=x:1:1: error: no\n    x\n    ^"));
    assert_string_equal(tf_doc_get(root, "date")->key, "date");
}

static void wrong_paths_are_refused(void **state)
{
    static const struct {
        const char *path, *message;
    } rows[] = { { "changes[9].set", "there is no item 9: the list has 2" },
                 { "changes.set", "'set' where there is a list" },
                 { "changes[x]", "'[x]' is not an index" },
                 { "changes[0", "is not an index" },
                 { "changes[-1]", "" },
                 { "changes[0]set", "is not an index" },
                 { "changes[0].set[0]", "an index where there is no list" },
                 { "a..b", "an empty key in a path" },
                 { "", "an empty key in a path" } };
    reading *r = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tf_node *root = parse_good(r, BASE), *value = parse_good(r, "1");
        r->log.length = 0;
        check_row(tf_doc_set(r->env, &r->arena, root, rows[i].path, value) != TARIFF_OK,
                  rows[i].path);
        if (!strstr(r->log.text, rows[i].message))
            fail_msg("row '%s': %s", rows[i].path, r->log.text);
    }
}

int main(void)
{
#define READING(test) cmocka_unit_test_setup_teardown(test, begin_reading, end_reading)
    const struct CMUnitTest tests[] = {
        READING(scalars_stay_the_text_they_were),
        READING(nodes_know_their_places),
        READING(columns_are_counted_in_bytes),
        READING(messages_point_into_values),
        READING(what_yaml_offers_beyond_trees_is_refused),
        READING(nesting_is_bounded),
        READING(overrides_reach_every_place),
        READING(an_override_keeps_its_own_place),
        READING(wrong_paths_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
