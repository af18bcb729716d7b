/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * How messages look, and how the library counts and reports them; names and hints.
 */
#include "unit/check.h"

#include "base/diag.h"
#include "base/names.h"

static void messages_are_written_as_compilers_do(void **state)
{
    static const struct {
        const char *what;
        tariff_diag diag;
        const char *text;
    } rows[] = {
        { "message alone", { .severity = TARIFF_NOTE, .message = "all is well" },
          "note: all is well" },
        { "a file", { .severity = TARIFF_WARNING, .message = "old", .file = "a.csv" },
          "a.csv: warning: old" },
        { "a line", { .severity = TARIFF_ERROR, .message = "bad", .file = "a.csv", .line = 3 },
          "a.csv:3: error: bad" },
        { "a column, the line and a caret",
          { .severity = TARIFF_ERROR, .message = "bad", .file = "a.csv", .line = 3, .column = 5,
            .excerpt = "one,two" },
          "a.csv:3:5: error: bad\n    one,two\n        ^" },
        { "a hint",
          { .severity = TARIFF_ERROR, .message = "bad", .file = "a.csv", .line = 3, .column = 1,
            .excerpt = "x", .hint = "do better" },
          "a.csv:3:1: error: bad\n    x\n    ^\n    hint: do better" },
        { "a hint without a line",
          { .severity = TARIFF_ERROR, .message = "bad", .hint = "do better" },
          "error: bad\n    hint: do better" },
        { "the line without a column",
          { .severity = TARIFF_ERROR, .message = "bad", .file = "a", .line = 1, .excerpt = "x" },
          "a:1: error: bad\n    x" },
        { "just past the end",
          { .severity = TARIFF_ERROR, .message = "bad", .file = "a", .line = 1, .column = 4,
            .excerpt = "abc" },
          "a:1:4: error: bad\n    abc\n       ^" },
        { "far past the end: the end",
          { .severity = TARIFF_ERROR, .message = "bad", .file = "a", .line = 1, .column = 99,
            .excerpt = "abc" },
          "a:1:99: error: bad\n    abc\n       ^" },
        { "the line's own end is not shown",
          { .severity = TARIFF_ERROR, .message = "bad", .file = "a", .line = 1, .column = 1,
            .excerpt = "abc\r\n" },
          "a:1:1: error: bad\n    abc\n    ^" },
        { "an empty line",
          { .severity = TARIFF_ERROR, .message = "bad", .file = "a", .line = 1, .column = 1,
            .excerpt = "" },
          "a:1:1: error: bad" },
        { "control characters are shown, so that no file drives a terminal",
          { .severity = TARIFF_ERROR, .message = "'\x1b[2J'", .file = "a\nb", .line = 1,
            .column = 2, .excerpt = "\x1b]0;x\x07\x7f", .hint = "\x01" },
          "a\\x0ab:1:2: error: '\\x1b[2J'\n    \\x1b]0;x\\x07\\x7f\n        ^\n    hint: \\x01" },
        { "tabs stay, also before the caret",
          { .severity = TARIFF_ERROR, .message = "bad", .file = "a", .line = 1, .column = 3,
            .excerpt = "a\tb" },
          "a:1:3: error: bad\n    a\tb\n     \t^" },
        { "a letter of two bytes is one place",
          { .severity = TARIFF_ERROR, .message = "caf\xC3\xA9", .file = "a", .line = 1,
            .column = 7, .excerpt = "caf\xC3\xA9,x" },
          "a:1:7: error: caf\xC3\xA9\n    caf\xC3\xA9,x\n         ^" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char        buf[1024];
        tariff_diag diag = rows[i].diag;
        diag.size = sizeof diag;
        size_t length = tariff_diag_format(&diag, buf, sizeof buf);
        if (strcmp(buf, rows[i].text) != 0 || length != strlen(buf))
            fail_msg("row '%s': %s", rows[i].what, buf);
    }
}

/* Not the old ones below blank, nor DEL, nor those above it (U+009B begins a command, too). */
static void no_control_character_reaches_the_terminal(void **state)
{
    (void)state;
    for (unsigned c = 1; c < 0xA0; c++) {
        char text[8], buf[256];
        if ((c >= 0x20 && c < 0x7f) || c == '\t')
            continue;
        if (c < 0x80)
            snprintf(text, sizeof text, "a%cb", (int)c);
        else
            snprintf(text, sizeof text, "a\xC2%cb", (int)c);
        tariff_diag diag = { .size = sizeof diag, .severity = TARIFF_ERROR, .message = text,
                             .file = text, .line = 1, .column = 1, .excerpt = text,
                             .hint = text };
        assert_true(tariff_diag_format(&diag, buf, sizeof buf) < sizeof buf);
        unsigned shown = 0, lines = 1;
        for (const char *at = buf; *at; at++) {
            unsigned char byte = (unsigned char)*at;
            lines += byte == '\n';
            shown += strncmp(at, "\\x", 2) == 0;
            assert_true(byte >= 0x20 || byte == '\n');
            assert_int_not_equal(byte, 0x7f);
            assert_false(byte == 0xC2 && (unsigned char)at[1] < 0xA0);
        }
        assert_int_equal(lines, 4);
        assert_true(shown >= 4);
    }
}

/* A file in another encoding, quoted in the message that says so, stays within UTF-8. */
static void bytes_that_are_no_letters_are_shown_as_escapes(void **state)
{
    static const char *const rows[] = { "\x9b", "\xff", "caf\xe9,x", "\xe2\x82", "\xc0\xaf",
                                        "\302\2332J", "\xc2\xc2\x82\xc2" };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char        buf[256];
        tariff_diag diag = { .size = sizeof diag, .severity = TARIFF_ERROR, .message = "bad",
                             .file = "a", .line = 1, .column = 1, .excerpt = rows[i] };
        assert_true(tariff_diag_format(&diag, buf, sizeof buf) < sizeof buf);
        for (const char *at = buf; *at; at++)
            assert_true((unsigned char)*at < 0x80);
        assert_non_null(strstr(buf, "\\x"));
    }
}

/* As snprintf(): the length needed, and never a byte too many. */
static void a_short_buffer_is_filled_and_ended(void **state)
{
    tariff_diag diag = { .size = sizeof diag, .severity = TARIFF_ERROR, .message = "bad",
                         .file = "a.csv", .line = 3 };
    char        buf[64];
    (void)state;
    for (size_t size = 0; size <= 20; size++) {
        memset(buf, '#', sizeof buf);
        assert_int_equal(tariff_diag_format(&diag, buf, size), 19);
        if (size > 0)
            assert_int_equal(strlen(buf), size <= 19 ? size - 1 : 19);
        assert_int_equal(buf[size], '#');
    }
    assert_string_equal(buf, "a.csv:3: error: bad");
}

/* Of the lines a message has, the second and third. */
static void second_and_third_line(const char *text, char *line, char *caret, size_t size)
{
    const char *a = strchr(text, '\n'), *b = a ? strchr(a + 1, '\n') : NULL;
    assert_non_null(a);
    assert_non_null(b);
    snprintf(line, size, "%.*s", (int)(b - a - 1), a + 1);
    snprintf(caret, size, "%s", b + 1);
}

/* A line of a megabyte is cut to what a terminal shows, around the column. */
static void a_long_line_is_shown_around_its_column(void **state)
{
    static const uint32_t columns[] = { 1, 60, 61, 200, 401, 799, 800, 801 };
    char                  excerpt[801], buf[1024], line[512], caret[512];
    (void)state;
    for (size_t i = 0; i < 800; i++)
        excerpt[i] = (char)('a' + i % 26);
    excerpt[800] = '\0';
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        tariff_diag diag = { .size = sizeof diag, .severity = TARIFF_ERROR, .message = "bad",
                             .file = "a", .line = 1, .column = columns[i], .excerpt = excerpt };
        assert_true(tariff_diag_format(&diag, buf, sizeof buf) < sizeof buf);
        second_and_third_line(buf, line, caret, sizeof line);
        size_t at = strlen(caret) - 1;
        assert_int_equal(caret[at], '^');
        assert_in_range(strlen(line), 60, 170);
        /* What stands above the caret is the byte that is meant. */
        if (columns[i] <= 800)
            assert_int_equal(line[at], excerpt[columns[i] - 1]);
        else
            assert_int_equal(at, strlen(line));
    }
}

/* The window never begins or ends inside a letter. */
static void a_long_line_of_wide_letters_is_cut_between_letters(void **state)
{
    char excerpt[901], buf[1024], line[512], caret[512];
    (void)state;
    for (size_t i = 0; i < 900; i += 3)
        memcpy(excerpt + i, "\xE2\x82\xAC", 3);
    excerpt[900] = '\0';
    for (uint32_t column = 1; column <= 900; column += 3) {
        tariff_diag diag = { .size = sizeof diag, .severity = TARIFF_ERROR, .message = "bad",
                             .file = "a", .line = 1, .column = column, .excerpt = excerpt };
        assert_true(tariff_diag_format(&diag, buf, sizeof buf) < sizeof buf);
        second_and_third_line(buf, line, caret, sizeof line);
        assert_int_equal((strlen(line) - 4) % 3, 0);
        assert_memory_equal(line + 4, "\xE2\x82\xAC", 3);
        assert_memory_equal(line + strlen(line) - 3, "\xE2\x82\xAC", 3);
        /* Letters, not bytes, are before the caret. */
        assert_in_range(strlen(caret), 5, 4 + 21);
    }
}

/* Loaders go on after an error, but not for ever; the first one decides the status. */
static void errors_are_counted_up_to_the_limit(void **state)
{
    check_log     log;
    tariff_env   *env = check_env(&log);
    tariff_limits limits = TARIFF_LIMITS_INIT;
    (void)state;
    limits.max_errors = 3;
    tariff_env_set_limits(env, &limits);
    tf_begin(env);
    assert_int_equal(tf_end(env), TARIFF_OK);
    tf_warning(env, NULL, NULL, "w");
    tf_note(env, NULL, "n");
    assert_int_equal(tf_end(env), TARIFF_OK);
    assert_int_equal(tf_error(env, TARIFF_E_VALUE, NULL, NULL, "%d", 1), TARIFF_E_VALUE);
    assert_int_equal(tf_error(env, TARIFF_E_SYNTAX, NULL, "", "%d", 2), TARIFF_E_SYNTAX);
    assert_true(tf_may_go_on(env));
    tf_error(env, TARIFF_E_SCHEMA, NULL, NULL, "%d", 3);
    assert_false(tf_may_go_on(env));
    assert_int_equal(tf_end(env), TARIFF_E_VALUE);
    assert_int_equal(tariff_env_errors(env), 3);
    assert_int_equal(tariff_env_warnings(env), 1);
    tf_begin(env); /* the next load starts afresh */
    assert_true(tf_may_go_on(env));
    assert_int_equal(tf_end(env), TARIFF_OK);
    assert_string_equal(log.text, "warning: w\nnote: n\nerror: 1\nerror: 2\nerror: 3\n");
    tariff_env_free(env);
}

static void an_environment_without_a_callback_only_counts(void **state)
{
    tariff_env *env;
    (void)state;
    assert_int_equal(tariff_env_new(NULL, &env), TARIFF_OK);
    tf_error(env, TARIFF_E_VALUE, NULL, NULL, "unheard");
    assert_int_equal(tariff_env_errors(env), 1);
    tariff_env_free(env);
    tariff_env_free(NULL);
}

static void statuses_have_names_and_know_the_culprit(void **state)
{
    static const struct {
        tariff_status status;
        const char   *name;
        bool          input;
    } rows[] = { { TARIFF_OK, "ok", false },
                 { TARIFF_E_NOMEM, "out of memory", false },
                 { TARIFF_E_ARG, "argument", false },
                 { TARIFF_E_IO, "input/output", false },
                 { TARIFF_E_SYNTAX, "syntax", true },
                 { TARIFF_E_SCHEMA, "schema", true },
                 { TARIFF_E_VALUE, "value", true },
                 { TARIFF_E_REFERENCE, "reference", true },
                 { TARIFF_E_CONFLICT, "conflict", true },
                 { TARIFF_E_OVERFLOW, "overflow", true } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(tariff_status_name(rows[i].status), rows[i].name);
        check_row(!!tariff_status_is_input(rows[i].status) == rows[i].input, rows[i].name);
    }
    assert_non_null(tariff_status_name((tariff_status)12345));
}

/* Names */

static void names_are_numbered_in_order_of_appearance(void **state)
{
    check_log   log;
    tariff_env *env = check_env(&log);
    tf_arena    arena;
    tf_names    names = { 0 };
    char        name[16];
    (void)state;
    tf_arena_init(&arena, &env->allocator);
    assert_int_equal(tf_names_find(&names, "x", 1), TF_NO_NAME);
    for (uint32_t i = 0; i < 1000; i++) {
        int n = snprintf(name, sizeof name, "n%u", i * 7919);
        assert_int_equal(tf_names_add(&names, &arena, name, (size_t)n), i);
        assert_int_equal(tf_names_add(&names, &arena, name, (size_t)n), i);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        int n = snprintf(name, sizeof name, "n%u", i * 7919);
        assert_int_equal(tf_names_find(&names, name, (size_t)n), i);
        assert_string_equal(names.list.at[i], name);
    }
    /* A beginning of a name is another name; what follows the length is not looked at. */
    assert_int_equal(tf_names_find(&names, "n", 1), TF_NO_NAME);
    assert_int_equal(tf_names_find(&names, "n7919,x", 5), 1);
    assert_int_equal(tf_names_find(&names, "", 0), TF_NO_NAME);
    assert_int_equal(tf_names_add(&names, &arena, "", 0), 1000);
    assert_int_equal(tf_names_find(&names, "", 0), 1000);
    tf_arena_free(&arena);
    tariff_env_free(env);
}

/* Short ones are told apart by their bytes as a number: here all words of a few letters, so that
 * any two of a length differ somewhere, and long ones that differ in one letter. */
static void names_differ_if_a_letter_does(void **state)
{
    check_log   log;
    tariff_env *env = check_env(&log);
    tf_arena    arena;
    tf_names    names = { 0 };
    uint32_t    count = 0;
    char        name[24];
    (void)state;
    tf_arena_init(&arena, &env->allocator);
    for (int pass = 0; pass < 2; pass++) {
        uint32_t number = 0;
        for (size_t length = 0; length < 10; length++)
            for (unsigned word = 0; word < 1u << length; word++, number++) {
                for (size_t i = 0; i < length; i++)
                    name[i] = "a\xff"[word >> i & 1];
                assert_int_equal(tf_names_add(&names, &arena, name, length), number);
            }
        for (int letter = 'b'; letter <= 'z'; letter++)
            for (size_t length = 1; length < 9; length++, number++) {
                memset(name, letter, length);
                assert_int_equal(tf_names_add(&names, &arena, name, length), number);
            }
        for (size_t length = 10; length < sizeof name; length++)
            for (size_t i = 0; i < length; i++, number++) {
                memset(name, 'a', length);
                name[i] = 'b';
                assert_int_equal(tf_names_add(&names, &arena, name, length), number);
            }
        assert_true(pass == 0 || number == count);
        count = number;
    }
    assert_int_equal(names.list.n, count);
    /* A NUL is a letter, too. */
    assert_int_equal(tf_names_find(&names, "a\0", 2), TF_NO_NAME);
    assert_int_equal(tf_names_add(&names, &arena, "a\0", 2), count);
    assert_int_equal(tf_names_add(&names, &arena, "a\0", 2), count);
    assert_int_equal(tf_names_find(&names, "a", 1), 1);
    tf_arena_free(&arena);
    tariff_env_free(env);
}

static void the_nearest_word_is_hinted_at_if_it_is_near(void **state)
{
    static const char *const known[] = { "reciprocal", "russia_oil", "s232_steel", "mfn", "rate",
                                         "layer", NULL };
    static const struct {
        const char *word, *near;
    } rows[] = { { "reciprocl", "reciprocal" },
                 { "recirpocal", "reciprocal" },
                 { "RECIPROCAL", "reciprocal" },
                 { "russian_oil", "russia_oil" },
                 { "s323_steel", "s232_steel" },
                 { "mfm", "mfn" },
                 { "rat", "rate" },
                 { "rates", "rate" },
                 { "later", "layer" },
                 { "xyz", NULL },
                 { "penalty", NULL },
                 { "", NULL },
                 { "a_word_that_is_so_very_long_that_nothing_known_is_near_it", NULL } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *near = tf_nearest_of(rows[i].word, strlen(rows[i].word), known);
        if (!near != !rows[i].near || (near && strcmp(near, rows[i].near) != 0))
            fail_msg("row '%s': %s", rows[i].word, near ? near : "nothing");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_written_as_compilers_do),
        cmocka_unit_test(no_control_character_reaches_the_terminal),
        cmocka_unit_test(bytes_that_are_no_letters_are_shown_as_escapes),
        cmocka_unit_test(a_short_buffer_is_filled_and_ended),
        cmocka_unit_test(a_long_line_is_shown_around_its_column),
        cmocka_unit_test(a_long_line_of_wide_letters_is_cut_between_letters),
        cmocka_unit_test(errors_are_counted_up_to_the_limit),
        cmocka_unit_test(an_environment_without_a_callback_only_counts),
        cmocka_unit_test(statuses_have_names_and_know_the_culprit),
        cmocka_unit_test(names_are_numbered_in_order_of_appearance),
        cmocka_unit_test(names_differ_if_a_letter_does),
        cmocka_unit_test(the_nearest_word_is_hinted_at_if_it_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
