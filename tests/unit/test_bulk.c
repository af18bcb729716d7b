/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Flows read in bulk and flows read row by row have to agree on every file: on
 * rows and cells, on positions, on what is said of errors.
 */
#include "flows/bulk.h"
#include "unit/bulk_check.h"
#include "unit/random_flows.h"

#include <zlib.h>

enum { MOST_FILES = 3 };

/* Files */

static const char *file_path(unsigned i)
{
    static char paths[MOST_FILES][CHECK_PATH];
    snprintf(paths[i], sizeof paths[i], "%.120s/%u.csv", check_root, i);
    return paths[i];
}

static void write_gzip(const char *path, const check_bytes *csv)
{
    gzFile file = gzopen(path, "wb1");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, csv->at, (unsigned)csv->n), (int)csv->n);
    assert_int_equal(gzclose(file), Z_OK);
}

static void cut_file(check_random *random, const char *path)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(truncate(path, 4 + (off_t)check_below(random, (unsigned)info.st_size - 4)), 0);
}

/* Tables */

static unsigned maybe(check_random *random, unsigned one_in, unsigned value)
{
    return check_one_in(random, one_in) ? value : 0;
}

static void any_taste(check_random *random, check_taste *taste)
{
    *taste = (check_taste){ .rows = check_below(random, 40) };
    taste->note = maybe(random, 3, 1 + check_below(random, 120));
    taste->quoted = maybe(random, 2, 1 + check_below(random, 9));
    taste->blanks = maybe(random, 8, 1 + check_below(random, 30));
    taste->newlines = maybe(random, 8, 1 + check_below(random, 9));
    taste->long_lines = maybe(random, 40, 5);
    taste->empty_lines = maybe(random, 3, 4);
    taste->crlf = check_below(random, 4);
    taste->wrong = maybe(random, 3, 1 + check_below(random, 40));
    taste->large_values = check_one_in(random, 4);
    taste->bom = check_one_in(random, 5);
    taste->open_end = check_one_in(random, 3);
}

static void make_file(check_random *random, const check_taste *taste, unsigned i, bool gzip,
                      tf_flows_spec *spec, check_known *wanted)
{
    check_table table;
    check_make_table(random, taste, &table);
    *spec = table.spec;
    spec->path = file_path(i);
    if (gzip)
        write_gzip(spec->path, &table.csv);
    else
        check_write_bytes(spec->path, table.csv.at, table.csv.n);
    wanted->in_bulk = wanted->in_bulk && table.in_bulk;
    wanted->good = wanted->good && table.is_good;
    wanted->rows += table.rows;
    wanted->value += table.value;
    free(table.csv.at);
}

static void tables_mean_the_same_both_ways(void **state)
{
    uint64_t start = check_seed();
    (void)state;
    for (unsigned round = 0; round < 300; round++) {
        check_random  random = check_random_begin(start + round);
        tf_flows_spec specs[MOST_FILES];
        check_known   wanted = { true, true, 0, 0 };
        size_t        count = check_one_in(&random, 4) ? 1 + check_below(&random, MOST_FILES) : 1;
        tariff_limits limits = TARIFF_LIMITS_INIT;
        for (unsigned i = 0; i < count; i++) {
            check_taste taste;
            bool        gzip = check_one_in(&random, 8);
            any_taste(&random, &taste);
            make_file(&random, &taste, i, gzip, &specs[i], &wanted);
            if (gzip && check_one_in(&random, 3)) {
                cut_file(&random, specs[i].path);
                wanted.good = false;
            }
        }
        if (check_one_in(&random, 8)) {
            limits.max_record = limits.max_field = 15000 + check_below(&random, 3000);
            wanted.in_bulk = wanted.good = false;
        }
        check_all_ways(specs, count, &wanted, check_one_in(&random, 3), &limits, start + round);
    }
}

/* More than one block, so that threads share a file. */
static void large_files_mean_the_same_both_ways(void **state)
{
    static const struct {
        check_taste taste;
        size_t      count;
        bool        gzip, folds;
    } files[] = {
        { { .bytes = 3 << 20, .note = 400, .quoted = 9, .crlf = 1, .empty_lines = 50,
            .plain = true },
          1, false, true },
        { { .bytes = 3 << 20, .note = 400, .plain = true, .wrong = 500, .wrong_from = 5 << 19 },
          1, false, false },
        { { .bytes = 1300000, .note = 250, .plain = true, .large_values = true },
          2, false, false },
        { { .bytes = 1100000, .note = 400, .newlines = 200 }, 1, false, false },
        { { .bytes = 1200000, .note = 80, .crlf = 9, .open_end = true, .plain = true },
          1, true, false },
    };
    uint64_t start = check_seed();
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        check_random  random = check_random_begin(start + 1000000 + i);
        tf_flows_spec specs[MOST_FILES];
        check_known   wanted = { true, true, 0, 0 };
        for (unsigned k = 0; k < files[i].count; k++)
            make_file(&random, &files[i].taste, k, files[i].gzip, &specs[k], &wanted);
        assert_true(wanted.in_bulk || !files[i].taste.plain); /* lest that be chance */
        check_all_ways(specs, files[i].count, &wanted, files[i].folds, NULL, start);
    }
}

/* Borders */

static tf_flows_spec two_columns(const char *path)
{
    return (tf_flows_spec){ .path = path,
                            .profile = *tf_profile_native(),
                            .origin = check_country("CN"),
                            .importer = check_country("US") };
}

/* One line of so many bytes, its end not counted. */
static void put_line(check_bytes *csv, size_t length)
{
    check_put_text(csv, "0101,7,");
    for (length -= 7; length > 0; length--)
        check_put_text(csv, "x");
}

/* After the header, `length` bytes in lines of some hundreds each. */
static void check_of_length(size_t length, bool open_end)
{
    check_bytes   csv = { 0 };
    tf_flows_spec spec = two_columns(file_path(0));
    check_put_text(&csv, "hs,value,note\n");
    length -= !open_end;
    while (length > 2000) {
        put_line(&csv, 699);
        check_put_text(&csv, "\n");
        length -= 700;
    }
    put_line(&csv, length);
    check_put_text(&csv, open_end ? "" : "\n");
    check_write_bytes(spec.path, csv.at, csv.n);
    check_all_ways(&spec, 1, &(check_known){ 0 }, false, NULL, 0);
    free(csv.at);
}

static void lines_end_where_blocks_and_windows_do(void **state)
{
    (void)state;
    for (int bytes = -1; bytes <= 1; bytes++)
        for (int open_end = 0; open_end < 2; open_end++) {
            check_of_length((size_t)(TF_BULK_BLOCK + bytes), open_end);
            check_of_length((size_t)(TF_SEPARATORS_WINDOW + bytes), open_end);
        }
}

static void a_line_may_be_as_long_as_a_window(void **state)
{
    (void)state;
    for (int bytes = -3; bytes <= 2; bytes++) {
        check_bytes   csv = { 0 };
        tf_flows_spec spec = two_columns(file_path(0));
        check_put_text(&csv, "hs,value,note\n0101,5,\n");
        put_line(&csv, (size_t)(TF_SEPARATORS_WINDOW + bytes));
        check_put_text(&csv, "\n0102,8,\n");
        check_write_bytes(spec.path, csv.at, csv.n);
        check_known wanted = { bytes < 0, true, 3, 20 * TF_E4 };
        check_all_ways(&spec, 1, &wanted, false, NULL, 0);
        free(csv.at);
    }
}

static void limits_hold_both_ways(void **state)
{
    (void)state;
    for (int of_records = 0; of_records < 2; of_records++)
        for (size_t most = 7990; most < 8010; most++) {
            check_bytes   csv = { 0 };
            tf_flows_spec spec = two_columns(file_path(0));
            tariff_limits limits = TARIFF_LIMITS_INIT;
            *(of_records ? &limits.max_record : &limits.max_field) = most;
            check_put_text(&csv, "hs,value,note\n");
            put_line(&csv, 8000);
            check_put_text(&csv, "\n");
            check_write_bytes(spec.path, csv.at, csv.n);
            check_all_ways(&spec, 1, &(check_known){ 0 }, false, &limits, 0);
            free(csv.at);
        }
}

/* No row is shorter: two digits that are both the product and its value. */
static void a_window_may_be_full_of_the_shortest_rows(void **state)
{
    check_bytes   csv = { 0 };
    tf_flows_spec spec = two_columns(file_path(0));
    enum { ROWS = 12000 };
    (void)state;
    spec.profile.name = "columns";
    spec.profile.columns[TF_FLOW_VALUE] = "hs";
    check_put_text(&csv, "hs\n");
    for (unsigned i = 0; i < ROWS; i++)
        check_put_text(&csv, "10\n");
    check_write_bytes(spec.path, csv.at, csv.n);
    check_known wanted = { true, true, ROWS, ROWS * 10 * TF_E4 };
    check_all_ways(&spec, 1, &wanted, false, NULL, 0);
    free(csv.at);
}

/* Bytes */

/* Also a field that nobody asks for can break its record. */
static void odd_fields_mean_the_same_both_ways(void **state)
{
    static const struct {
        const char *text;
        size_t      n;
        bool        good;
    } fields[] = {
#define FIELD(text, good) { text, sizeof text - 1, good }
        FIELD("", true),           FIELD("x y", true),          FIELD(" x", true),
        FIELD("x\t", true),        FIELD("  ", true),           FIELD("\"\"", true),
        FIELD("\"\"\"\"", true),   FIELD("\"a,b\"", true),      FIELD("\"a\"\"b\"", true),
        FIELD(" \"a\"", true),     FIELD("\"a\" ", true),       FIELD("\"a\nb\"", true),
        FIELD("\"a\r\nb\"", true), FIELD("\"a\rb\"", true),    FIELD("\"\n\"", true),
        FIELD("\xC3\xA9", true),   FIELD("\"\xF0\x9F\x98\x80\"", true),
        FIELD("a\"b", false),      FIELD("a\"\"b", false),      FIELD("\"a\"b", false),
        FIELD("\"a\"\"", false),   FIELD("\"\"a\"", false),     FIELD("\"", false),
        FIELD("a\rb", false),      FIELD("\xFF", false),        FIELD("\xC3", false),
        FIELD("\xC3\"\"", false),  FIELD("a\0b", false),        FIELD("\0", false),
        FIELD("\"\0\"", false),    FIELD("a,b", false),         FIELD("a\nb", false),
#undef FIELD
    };
    static const char *const orders[] = { "note,hs,value", "hs,note,value", "hs,value,note" };
    static const char *const before[] = { "", "0101,", "0101,7," };
    static const char *const after[] = { ",0101,7", ",7", "" };
    (void)state;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        for (int order = 0; order < 3; order++) {
            check_bytes   csv = { 0 };
            tf_flows_spec spec = two_columns(file_path(0));
            check_known   wanted = { false, fields[i].good, 9, 63 * TF_E4 };
            check_put_text(&csv, orders[order]);
            for (int row = 0; row < 9; row++) {
                check_put_text(&csv, "\n");
                check_put_text(&csv, before[order]);
                check_put(&csv, fields[i].text, row == 4 ? fields[i].n : 0);
                check_put_text(&csv, after[order]);
            }
            check_write_bytes(spec.path, csv.at, csv.n);
            check_all_ways(&spec, 1, &wanted, false, NULL, 0);
            free(csv.at);
        }
}

/* Wherever it is, the first row too, of which nothing came before. */
static void a_field_may_be_missing_in_any_row(void **state)
{
    static const char *const rows[] = { "0101,7\n", ",7\n", "0101,\n" };
    (void)state;
    for (int wrong = 1; wrong < 3; wrong++)
        for (int at = 0; at < 3; at++) {
            check_bytes   csv = { 0 };
            tf_flows_spec spec = two_columns(file_path(0));
            check_known   wanted = { false, false, 0, 0 };
            check_put_text(&csv, "hs,value\n");
            for (int row = 0; row < 3; row++)
                check_put_text(&csv, rows[row == at ? wrong : 0]);
            check_write_bytes(spec.path, csv.at, csv.n);
            check_all_ways(&spec, 1, &wanted, false, NULL, 0);
            free(csv.at);
        }
}

/* A country that is set for all rows: another one in the file is told of, however it is written. */
static void set_countries_mean_the_same_both_ways(void **state)
{
    static const char *const origins[] = { "CN",   "chn", "156", "",     "DE",       " DE",
                                           "DE\t", " CN", "UK",  "\"DE\"", "Atlantis", "\" DE\"",
                                           "\"\"\"CN\"\"\"" };
    (void)state;
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        check_bytes   csv = { 0 };
        tf_flows_spec spec = two_columns(file_path(0));
        check_known   wanted = { i < 4, true, 2, 8 * TF_E4 };
        check_put_text(&csv, "hs,origin,value\n0101,CN,5\n0102,");
        check_put_text(&csv, origins[i]);
        check_put_text(&csv, ",3\n");
        check_write_bytes(spec.path, csv.at, csv.n);
        check_all_ways(&spec, 1, &wanted, false, NULL, 0);
        free(csv.at);
    }
}

/* So many equal rows and a last one, without anything known of it but that both ways agree. */
static void check_last_row(const char *header, const char *row, unsigned rows, const char *last)
{
    check_bytes   csv = { 0 };
    tf_flows_spec spec = two_columns(file_path(0));
    if (strstr(header, "importer"))
        spec.importer = TARIFF_COUNTRY_NONE;
    check_put_text(&csv, header);
    for (unsigned i = 0; i < rows; i++)
        check_put_text(&csv, row);
    check_put_text(&csv, last);
    check_write_bytes(spec.path, csv.at, csv.n);
    check_all_ways(&spec, 1, &(check_known){ 0 }, false, NULL, 0);
    free(csv.at);
}

/* Where a comma is missing at the end of a window, what is behind its separators is that of others:
 * of the window before, or where a block of bytes begins that are looked at together. */
static void equal_rows_but_the_last_mean_the_same_both_ways(void **state)
{
    enum { FIRST = TF_SEPARATORS_WINDOW / 9 };
    (void)state;
    for (unsigned rows = FIRST - 3; rows < FIRST + 70; rows++) {
        check_last_row("note,hs,value\n", "x,0101,7\n", rows, "xx0101,7\n");
        check_last_row("hs,note,value\n", "0101,x,7\n", rows, "0101,777\n");
    }
}

/* What a field of the row before was, and more: where it is told by its first bytes, by libcsv, or
 * by that of the first row. */
static void longer_fields_mean_the_same_both_ways(void **state)
{
    static const struct {
        const char *row, *last;
    } rows[] = {
        { "01.01.10.10.1010,CN,5\n", "01.01.10.10.10101,CN,5\n" },
        { "01.01.10.10.101,CN,5\n", "01.01.10.10.1010,CN,5\n" },
        { "0101,CN,5\n", "010110,CN,5\n" },
        { "0101,CN,5\n", "0101,CNX,5\n" },
        { "0101,CN,5\n", "0101,CHN,5\n" },
        { "0101,CN, 5\n", "\"0101,3\",CN,5\n" },
        { "0101,CN, 5\n", "0101,\"CN,3\",5\n" },
        { "0101,CN, 5\n", "0101,CN,\"3,5\"\n" },
        { "\"0101\",CN,5\n", "\"0101\"\"\",CN,5\n" },
        { "0101,CN,5\r\n", "0101,CN,5\r\r\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned n = 1; n <= 12; n += 11)
            check_last_row("hs,importer,value\n", rows[i].row, n, rows[i].last);
}

static const char *const pieces[] = { "0101", "US",   "CN",       "2024",     "12.5",    ",",
                                      ",",    "\n",   "\n",       ".",        "7",       "\"",
                                      "\"\"", "\r\n", "\r",       " ",        "\t",      "-",
                                      "x",    "",     "\"1\"",    "\xC3\xA9", "\xFF",    ",\"\n",
                                      "\n\n", ",5\n", "\xE2\x82", "\"a,b\"",  "\"\"\"\"" };

/* Strewn at random: mostly no flows at all. */
static void random_bytes_mean_the_same_both_ways(void **state)
{
    uint64_t start = check_seed();
    (void)state;
    for (unsigned round = 0; round < 300; round++) {
        check_random  random = check_random_begin(start + 2000000 + round);
        check_bytes   csv = { 0 };
        tf_flows_spec spec = two_columns(file_path(0));
        check_put_text(&csv, "hs,value\n");
        for (unsigned n = check_below(&random, 40); n > 0; n--)
            check_put_text(&csv,
                           check_one_in(&random, 8) ? CHECK_ANY(&random, pieces) : "0101,5\n");
        check_write_bytes(spec.path, csv.at, csv.n);
        check_all_ways(&spec, 1, &(check_known){ 0 }, false, NULL, start + round);
        free(csv.at);
    }
}

/* Replace some bytes by a piece, both at random. */
static void change_bytes(check_random *random, check_bytes *csv)
{
    size_t      at = check_below(random, (unsigned)csv->n + 1), left = csv->n - at;
    size_t      gone = check_below(random, 4);
    const char *piece = CHECK_ANY(random, pieces);
    check_bytes changed = { 0 };
    gone = gone < left ? gone : left;
    check_put(&changed, csv->at, at);
    check_put(&changed, piece, check_one_in(random, 100) ? strlen(piece) + 1 : strlen(piece));
    check_put(&changed, csv->at + at + gone, left - gone);
    free(csv->at);
    *csv = changed;
}

static void changed_tables_mean_the_same_both_ways(void **state)
{
    uint64_t start = check_seed();
    (void)state;
    for (unsigned round = 0; round < 600; round++) {
        check_random random = check_random_begin(start + 3000000 + round);
        check_taste  taste;
        check_table  table;
        any_taste(&random, &taste);
        taste.rows = 1 + check_below(&random, 8);
        taste.wrong = taste.long_lines = taste.newlines = taste.blanks = 0;
        check_make_table(&random, &taste, &table);
        for (unsigned n = 1 + check_below(&random, 2); n > 0; n--)
            change_bytes(&random, &table.csv);
        table.spec.path = file_path(0);
        check_write_bytes(table.spec.path, table.csv.at, table.csv.n);
        check_all_ways(&table.spec, 1, &(check_known){ 0 }, false, NULL, start + round);
        free(table.csv.at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_mean_the_same_both_ways),
        cmocka_unit_test(large_files_mean_the_same_both_ways),
        cmocka_unit_test(lines_end_where_blocks_and_windows_do),
        cmocka_unit_test(a_line_may_be_as_long_as_a_window),
        cmocka_unit_test(limits_hold_both_ways),
        cmocka_unit_test(a_window_may_be_full_of_the_shortest_rows),
        cmocka_unit_test(odd_fields_mean_the_same_both_ways),
        cmocka_unit_test(a_field_may_be_missing_in_any_row),
        cmocka_unit_test(set_countries_mean_the_same_both_ways),
        cmocka_unit_test(equal_rows_but_the_last_mean_the_same_both_ways),
        cmocka_unit_test(longer_fields_mean_the_same_both_ways),
        cmocka_unit_test(random_bytes_mean_the_same_both_ways),
        cmocka_unit_test(changed_tables_mean_the_same_both_ways),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
