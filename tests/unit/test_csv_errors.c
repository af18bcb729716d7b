/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What is wrong with a CSV file, and exactly where.
 */
#include "unit/csv_check.h"

static void broken_files_are_refused_at_the_place(void **state)
{
    static const struct {
        const char   *what, *text;
        size_t        length; /**< 0: up to the NUL. */
        tariff_status status;
        const char   *message, *hint;
    } rows[] = {
        { "empty", "", 0, TARIFF_E_SCHEMA, "t.csv:1: error: the file is empty",
          "the first line names the columns" },
        { "only a BOM", "\xEF\xBB\xBF", 0, TARIFF_E_SCHEMA, "t.csv:1: error: the file is empty",
          "" },
        { "only blank lines", "\n\n", 0, TARIFF_E_SCHEMA, ": error: the file is empty", "" },
        { "too few fields", "a,b\n1,2\n3\n", 0, TARIFF_E_SCHEMA,
          "t.csv:3:1: error: 1 fields, the header has 2", "is a comma missing" },
        { "too many fields", "a,b\n1,2\n3,4,5\n", 0, TARIFF_E_SCHEMA,
          "t.csv:3:5: error: 3 fields, the header has 2", "needs quotes" },
        { "a ragged row after a long record", "a,b\n\"x\ny\",2\n3\n", 0, TARIFF_E_SCHEMA,
          "t.csv:4:1: error: 1 fields", "" },
        { "a quote never closed", "a,b\n1,2\n3,\"4\n5,6\n7,8\n", 0, TARIFF_E_SYNTAX,
          "t.csv:3:3: error: this quote is never closed", "" },
        { "one never closed after closed ones", "a,b\n\"1\",\"x\"\"y\"\n3,\"4\n", 0,
          TARIFF_E_SYNTAX, "t.csv:3:3: error: this quote is never closed", "" },
        { "one never closed in the same record", "a,b\n\"1\n2\",\"3\n4\n", 0, TARIFF_E_SYNTAX,
          "t.csv:3:4: error: this quote is never closed", "" },
        { "one never closed that ends in a doubled one", "a,b\n1,\"2\"\"\n3,4\n", 0,
          TARIFF_E_SYNTAX, "t.csv:2:3: error: this quote is never closed", "" },
        { "a quote inside a field", "a,b\n1,2\"x\"\n", 0, TARIFF_E_SYNTAX,
          "t.csv:2:4: error: a quotation mark in the wrong place", "quoted whole" },
        { "text after a quoted field", "a,b\n\"1\"x,2\n", 0, TARIFF_E_SYNTAX,
          "t.csv:2:4: error: a quotation mark in the wrong place", "" },
        { "a NUL", "a,b\n1,\0002\n", 9, TARIFF_E_SYNTAX, "t.csv:2:3: error: a NUL byte",
          "UTF-16" },
        { "UTF-16", "\xFF\xFE" "a\0,\0", 6, TARIFF_E_SYNTAX, "t.csv:1:", "UTF-" },
        { "Latin-1", "a,b\n1,caf\xE9\n", 0, TARIFF_E_SYNTAX,
          "t.csv:2:6: error: byte 0xe9 is not UTF-8", "iconv" },
        { "a sequence cut off at the end of a line", "a,b\n1,x\xE2\x82\n", 0, TARIFF_E_SYNTAX,
          "t.csv:2:4: error: byte 0xe2 is not UTF-8", "" },
        { "a sequence cut off at the end of the file", "a,b\n1,x\xC3", 0, TARIFF_E_SYNTAX,
          "t.csv:2:4: error: byte 0xc3 is not UTF-8", "" },
        { "an overlong form", "a,b\n1,\xC0\xAF\n", 0, TARIFF_E_SYNTAX,
          "t.csv:2:3: error: byte 0xc0", "" },
        { "an overlong form of three", "a,b\n1,\xE0\x80\xAF\n", 0, TARIFF_E_SYNTAX,
          "t.csv:2:3: error: byte 0xe0", "" },
        { "a surrogate", "a,b\n1,\xED\xA0\x80\n", 0, TARIFF_E_SYNTAX,
          "t.csv:2:3: error: byte 0xed", "" },
        { "above U+10FFFF", "a,b\n1,\xF4\x90\x80\x80\n", 0, TARIFF_E_SYNTAX,
          "t.csv:2:3: error: byte 0xf4", "" },
        { "a lone continuation", "a,b\n1,\x80\n", 0, TARIFF_E_SYNTAX,
          "t.csv:2:3: error: byte 0x80", "" },
        { "a bad byte in the second line of a record", "a,b\n\"x\nyz\xFF\",2\n", 0,
          TARIFF_E_SYNTAX, "t.csv:3:3: error: byte 0xff", "" },
        { "a carriage return within a line", "a,b\n1,2\r3,4\n", 0, TARIFF_E_SYNTAX,
          "t.csv:2:4: error: a carriage return within a line", "LF or CRLF" },
        { "lines that end with a carriage return alone", "a,b\r1,2\r3,4\r", 0, TARIFF_E_SYNTAX,
          "t.csv:1:4: error: a carriage return within a line", "" },
        { "one before a record of two lines", "a,b\n1,2\r3,\"4\n5\"\n", 0, TARIFF_E_SYNTAX,
          "t.csv:2:4: error: a carriage return within a line", "" },
        { "one in a last line without a newline", "a\n1\r2", 0, TARIFF_E_SYNTAX,
          "t.csv:2:2: error: a carriage return within a line", "" },
    };
    check_bytes got = { 0 };
    unsigned    wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int only_libcsv = 0; only_libcsv < 2; only_libcsv++) {
            check_log   log;
            tariff_env *env = check_env(&log);
            size_t      length = rows[i].length ? rows[i].length : strlen(rows[i].text);
            check_write_bytes(check_csv_path(), rows[i].text, length);
            tariff_status status = check_csv_read(env, check_csv_path(), only_libcsv, &got);
            /* A ragged row does not end the file. */
            if (strstr(got.at, "ragged") && status == TARIFF_OK)
                status = TARIFF_E_SCHEMA;
            if (status != rows[i].status || !strstr(log.text, rows[i].message)
                || !strstr(log.text, rows[i].hint) || tariff_env_errors(env) != 1) {
                print_error("row '%s'%s: '%s' wanted, status %s and said:\n%s\n", rows[i].what,
                            only_libcsv ? " (libcsv)" : "", rows[i].message,
                            tariff_status_name(status), log.text);
                wrong++;
            }
            tariff_env_free(env);
        }
    free(got.at);
    assert_int_equal(wrong, 0);
}

/* A loader says "field 2, third byte": the message has to point there. */
static void a_message_about_a_field_points_into_it(void **state)
{
    static const struct {
        const char *what, *text;
        int         column;
        size_t      offset;
        const char *message;
    } rows[] = {
        { "a plain field", "a,b,c\n11,22,33\n", 1, 0, "t.csv:2:4: error: here\n    11,22,33\n"
                                                      "       ^" },
        { "a byte of it", "a,b,c\n11,22,33\n", 2, 1, "t.csv:2:8: error: here" },
        { "a quoted field, inside its quotes", "a,b,c\n\"1\",\"22\",3\n", 1, 1,
          "t.csv:2:7: error: here" },
        { "after a quoted comma", "a,b,c\n\"1,1\",22,3\n", 1, 0, "t.csv:2:7: error: here" },
        { "after doubled quotes", "a,b,c\n\"1\"\"1\",22,3\n", 1, 0, "t.csv:2:8: error: here" },
        { "after blanks", "a,b,c\n1,  22,3\n", 1, 0, "t.csv:2:5: error: here" },
        { "on the second line of the record", "a,b,c\n\"1\n1\",22,3\n", 1, 0,
          "t.csv:3:4: error: here\n    1\",22,3\n       ^" },
        { "in the lines of a field", "a,b,c\n1,\"2\n2\",3\n", 1, 2, "t.csv:3:1: error: here" },
        { "an empty field", "a,b,c\n1,,3\n", 1, 0, "t.csv:2:3: error: here" },
        { "the last, empty field", "a,b,c\n1,2,\n", 2, 0, "t.csv:2:5: error: here" },
        { "of a BOM nothing is counted", "\xEF\xBB\xBF" "a,b,c\n1,2,3\n", 1, 0,
          "t.csv:2:3: error: here" },
        { "bytes are counted, not letters", "a,b,c\n\xC3\xA9,2,3\n", 1, 0,
          "t.csv:2:4: error: here" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int only_libcsv = 0; only_libcsv < 2; only_libcsv++) {
            check_log   log;
            tariff_env *env = check_env(&log);
            tf_csv     *csv;
            bool        more;
            check_write(check_csv_path(), rows[i].text);
            check_row(tf_csv_open(env, check_csv_path(), NULL, TF_SUM_XXH3, &csv) == TARIFF_OK, rows[i].what);
            if (only_libcsv)
                tf_csv_only_libcsv(csv);
            check_row(tf_csv_next(csv, &more) == TARIFF_OK && more, rows[i].what);
            check_row(tf_csv_error(csv, rows[i].column, rows[i].offset, TARIFF_E_VALUE, NULL,
                                   "here")
                          == TARIFF_E_VALUE, rows[i].what);
            if (!strstr(log.text, rows[i].message))
                fail_msg("row '%s': %s", rows[i].what, log.text);
            tf_csv_close(csv);
            tariff_env_free(env);
        }
}

/* However far into a line something is, what lies around it is shown. */
static void a_place_far_into_a_line_is_shown(void **state)
{
    (void)state;
    for (size_t length = 1000; length < 100000; length += length < 1050 ? 1 : 9973) {
        check_bytes csv = { 0 }, got = { 0 };
        check_log   log;
        char        place[64];
        tariff_env *env = check_env(&log);
        check_put_text(&csv, "a,b\n");
        for (size_t i = 0; i < length; i++)
            check_put_text(&csv, "x");
        check_put_text(&csv, ",y\xFFz\n");
        check_write_bytes(check_csv_path(), csv.at, csv.n);
        assert_int_equal(check_csv_read(env, check_csv_path(), false, &got), TARIFF_E_SYNTAX);
        snprintf(place, sizeof place, "t.csv:2:%zu: error: byte 0xff", length + 3);
        check_said(&log, place);
        check_said(&log, "xxx,y\\xffz\n");
        tariff_env_free(env);
        free(csv.at);
        free(got.at);
    }
}

/* A position far into a file, behind records of several lines. */
static void positions_stay_right_after_many_blocks(void **state)
{
    check_bytes csv = { 0 }, got = { 0 };
    check_log   log;
    tariff_env *env = check_env(&log);
    (void)state;
    check_put_text(&csv, "a,b\n");
    for (int i = 0; i < 30000; i++)
        check_put_text(&csv, i % 3 ? "some text,more text\n" : "\"a\nb\",c\n");
    check_put_text(&csv, "x,\"y\n\xFF\"\n");
    check_write_bytes(check_csv_path(), csv.at, csv.n);
    assert_int_equal(check_csv_read(env, check_csv_path(), false, &got), TARIFF_E_SYNTAX);
    check_said(&log, "t.csv:40003:1: error: byte 0xff is not UTF-8");
    tariff_env_free(env);
    free(csv.at);
    free(got.at);
}

static void limits_bound_fields_and_records(void **state)
{
    static const struct {
        const char *what, *text, *message;
        bool        good;
    } rows[] = {
        { "a field of just the limit", "a,b\n0123456789,2\n", "", true },
        { "a longer field", "a,b\n1,01234567890\n",
          "t.csv:2:3: error: a field of more than 10 bytes", false },
        { "a longer quoted field", "a,b\n\"01234,67890\",2\n",
          "t.csv:2:2: error: a field of more than 10 bytes", false },
        { "a longer name of a column", "a,0123456789x\n1,2\n", "t.csv:1:3: error: a field of",
          false },
        { "a long record", "a,b\n1,2\n01234567,01234567,01234567,01234567,01234567,0123456789\n",
          "t.csv:3:1: error: a record of more than 50 bytes", false },
        { "a quote that swallows the file",
          "a,b\n1,\"2\n3,4\n5,6\n7,8\n9,10\n11,12\n13,14\n15,16\n17,18\n19,20\n",
          "t.csv:2:3: error: a record of more than 50 bytes", false },
    };
    check_bytes got = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int only_libcsv = 0; only_libcsv < 2; only_libcsv++) {
            check_log     log;
            tariff_env   *env = check_env(&log);
            tariff_limits limits = TARIFF_LIMITS_INIT;
            limits.max_field = 10;
            limits.max_record = 50;
            tariff_env_set_limits(env, &limits);
            check_write(check_csv_path(), rows[i].text);
            tariff_status status = check_csv_read(env, check_csv_path(), only_libcsv, &got);
            if (status != (rows[i].good ? TARIFF_OK : TARIFF_E_LIMIT)
                || !strstr(log.text, rows[i].message))
                fail_msg("row '%s': %s: %s", rows[i].what, tariff_status_name(status), log.text);
            tariff_env_free(env);
        }
    free(got.at);
}

static void columns_are_found_by_name_in_any_order(void **state)
{
    static const struct {
        const char *what, *header;
        tf_unknown  unknown;
        bool        good;
        int         hs, value, unit;
        const char *message;
    } rows[] = {
        { "any order", "value,hs", TF_UNKNOWN_ERROR, true, 1, 0, -1, NULL },
        { "case ignored", "HS,Value", TF_UNKNOWN_ERROR, true, 0, 1, -1, NULL },
        { "optional", "hs,unit,value", TF_UNKNOWN_ERROR, true, 0, 2, 1, NULL },
        { "a second name", "commodity,value", TF_UNKNOWN_ERROR, true, 0, 1, -1, NULL },
        { "the first name wins", "commodity,value,hs", TF_UNKNOWN_IGNORE, true, 2, 1, -1, NULL },
        { "missing: the found ones are listed", "hs,val", TF_UNKNOWN_IGNORE, false, 0, -1, -1,
          "t.csv:1:1: error: no column 'value'\n    hs,val\n    ^\n    hint: found: hs, val" },
        { "twice", "hs,value,hs", TF_UNKNOWN_IGNORE, false, 0, 1, -1,
          "t.csv:1:10: error: the column 'hs' is there twice" },
        { "unknown: an error", "hs,value,valu", TF_UNKNOWN_ERROR, false, 0, 1, -1,
          "t.csv:1:10: error: unknown column 'valu'\n    hs,value,valu\n             ^\n"
          "    hint: did you mean 'value'?" },
        { "unknown: one warning", "hs,value,extra,more", TF_UNKNOWN_WARN, true, 0, 1, -1,
          "t.csv:1:10: warning: columns that are not used: 'extra', 'more'" },
        { "unknown: silence", "hs,value,extra", TF_UNKNOWN_IGNORE, true, 0, 1, -1, NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_log   log;
        tariff_env *env = check_env(&log);
        tf_csv     *csv;
        tf_column   columns[] = { { "hs|commodity", true, -1 },
                                  { "value", true, -1 },
                                  { "unit", false, -1 } };
        check_write(check_csv_path(), rows[i].header);
        check_row(tf_csv_open(env, check_csv_path(), NULL, TF_SUM_XXH3, &csv) == TARIFF_OK, rows[i].what);
        tariff_status status = tf_csv_bind(csv, columns, 3, rows[i].unknown);
        check_row(status == (rows[i].good ? TARIFF_OK : TARIFF_E_SCHEMA), rows[i].what);
        if (rows[i].message ? !strstr(log.text, rows[i].message) : log.length != 0)
            fail_msg("row '%s': %s", rows[i].what, log.text);
        check_row(tariff_env_warnings(env) == (rows[i].unknown == TF_UNKNOWN_WARN),
                  rows[i].what);
        check_row(columns[0].index == rows[i].hs, rows[i].what);
        check_row(columns[1].index == rows[i].value, rows[i].what);
        check_row(columns[2].index == rows[i].unit, rows[i].what);
        tf_csv_close(csv);
        tariff_env_free(env);
    }
}

static void what_is_no_file_is_refused(void **state)
{
    check_log   log;
    tariff_env *env = check_env(&log);
    tf_csv     *csv;
    tf_place    place = { .file = "s.yaml", .line = 3, .column = 9 };
    (void)state;
    assert_int_equal(tf_csv_open(env, check_root, NULL, TF_SUM_XXH3, &csv), TARIFF_E_REFERENCE);
    check_said(&log, "a file is expected here, not a directory");
    assert_null(csv);
    assert_int_equal(tf_csv_open(env, "no/such.csv", &place, TF_SUM_XXH3, &csv), TARIFF_E_REFERENCE);
    check_said(&log, "s.yaml:3:9: error: cannot read 'no/such.csv': No such file");
    tariff_env_free(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_files_are_refused_at_the_place),
        cmocka_unit_test(a_message_about_a_field_points_into_it),
        cmocka_unit_test(a_place_far_into_a_line_is_shown),
        cmocka_unit_test(positions_stay_right_after_many_blocks),
        cmocka_unit_test(limits_bound_fields_and_records),
        cmocka_unit_test(columns_are_found_by_name_in_any_order),
        cmocka_unit_test(what_is_no_file_is_refused),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
