/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * CSV as trade statistics come in it: quoting, line ends, compression, size.
 */
#include "unit/csv_check.h"

#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

static void records_are_read_as_rfc_4180_says(void **state)
{
    static const struct {
        const char *what, *text, *records;
    } rows[] = {
        { "plain", "a,b\n1,2\n3,4\n", "[a][b]\n2:[1][2]\n3:[3][4]\n" },
        { "no newline at the end", "a,b\n1,2", "[a][b]\n2:[1][2]\n" },
        { "header only", "a,b\n", "[a][b]\n" },
        { "header only, without a newline", "a,b", "[a][b]\n" },
        { "a BOM", "\xEF\xBB\xBF" "a,b\n1,2\n", "[a][b]\n2:[1][2]\n" },
        { "a BOM before a quote", "\xEF\xBB\xBF\"a\",b\n1,2\n", "[a][b]\n2:[1][2]\n" },
        { "CRLF", "a,b\r\n1,2\r\n3,\"4\"\r\n", "[a][b]\n2:[1][2]\n3:[3][4]\n" },
        { "CRLF and LF mixed", "a,b\r\n1,2\n3,4\r\n", "[a][b]\n2:[1][2]\n3:[3][4]\n" },
        { "a quoted comma", "a,b\n\"1,5\",2\n", "[a][b]\n2:[1,5][2]\n" },
        { "doubled quotes", "a,b\n\"say \"\"no\"\"\",\"\"\"\"\n", "[a][b]\n2:[say \"no\"][\"]\n" },
        { "a quoted newline", "a,b\n\"x\ny\",2\n3,4\n", "[a][b]\n2:[x\\ny][2]\n4:[3][4]\n" },
        { "three lines in one record", "a,b\n\"x\n\ny\",\"p\nq\"\n3,4\n",
          "[a][b]\n2:[x\\n\\ny][p\\nq]\n6:[3][4]\n" },
        { "a quoted header of two lines", "\"a\nb\",c\n1,2\n", "[a\\nb][c]\n3:[1][2]\n" },
        { "empty fields", "a,b,c\n,,\n1,,3\n,2,\n",
          "[a][b][c]\n2:[][][]\n3:[1][][3]\n4:[][2][]\n" },
        { "quoted empty fields", "a,b\n\"\",\"\"\n", "[a][b]\n2:[][]\n" },
        { "blank lines are no records", "a,b\n\n1,2\n\n\n3,4\n\n",
          "[a][b]\n3:[1][2]\n6:[3][4]\n" },
        { "blank CRLF lines", "a,b\r\n\r\n1,2\r\n", "[a][b]\n3:[1][2]\n" },
        { "blanks around a field go", "a , b\n 1 ,\t2\t\n", "[a][b]\n2:[1][2]\n" },
        { "blanks within quotes stay", "a,b\n\" 1 \",2\n", "[a][b]\n2:[ 1 ][2]\n" },
        { "blanks within a field stay", "a,b\nNew Zealand,2\n", "[a][b]\n2:[New Zealand][2]\n" },
        { "UTF-8 of two, three and four bytes", "a\n\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\n",
          "[a]\n2:[\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80]\n" },
        { "one column", "hs\n0101\n\"\"\n0102\n", "[hs]\n2:[0101]\n3:[]\n4:[0102]\n" },
        { "the last field quoted, no newline", "a,b\n1,\"2\"", "[a][b]\n2:[1][2]\n" },
        { "a last record of two lines, no newline", "a,b\n1,\"2\n3\"", "[a][b]\n2:[1][2\\n3]\n" },
        { "trailing comma at the end of the file", "a,b\n1,", "[a][b]\n2:[1][]\n" },
    };
    check_bytes got = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int only_libcsv = 0; only_libcsv < 2; only_libcsv++) {
            check_log   log;
            tariff_env *env = check_env(&log);
            check_write(check_csv_path(), rows[i].text);
            tariff_status status = check_csv_read(env, check_csv_path(), only_libcsv, &got);
            if (status != TARIFF_OK)
                fail_msg("row '%s': %s", rows[i].what, log.text);
            check_text(got.at, rows[i].records, rows[i].what);
            tariff_env_free(env);
        }
    free(got.at);
}

/* A record of every shape, many times over, so that each crosses the border of a block. */
static void make_large(check_bytes *csv, check_bytes *records)
{
    char     text[512], field[300];
    unsigned line = 2;
    check_put_text(csv, "n,text,tail\n");
    check_put_text(records, "[n][text][tail]\n");
    for (unsigned i = 0; i < 4000; i++) {
        size_t length = i * 7 % 211;
        memset(field, 'a' + (int)(i % 26), length);
        field[length] = '\0';
        bool two_lines = i % 5 == 0, crlf = i % 3 == 0;
        snprintf(text, sizeof text, two_lines ? "%u,\"%s,\n%s\",x%s" : "%u,%s%s,x%s", i, field,
                 two_lines ? "z" : "", crlf ? "\r\n" : "\n");
        check_put_text(csv, text);
        snprintf(text, sizeof text, two_lines ? "%u:[%u][%s,\\n%s][x]\n" : "%u:[%u][%s%s][x]\n",
                 line, i, field, two_lines ? "z" : "");
        check_put_text(records, text);
        line += two_lines ? 2 : 1;
    }
}

static void records_cross_the_borders_of_blocks(void **state)
{
    check_bytes csv = { 0 }, records = { 0 }, got = { 0 };
    (void)state;
    make_large(&csv, &records);
    assert_true(csv.n > 6 * 64 * 1024);
    for (int only_libcsv = 0; only_libcsv < 2; only_libcsv++) {
        check_log   log;
        tariff_env *env = check_env(&log);
        check_write_bytes(check_csv_path(), csv.at, csv.n);
        assert_int_equal(check_csv_read(env, check_csv_path(), only_libcsv, &got), TARIFF_OK);
        assert_int_equal(got.n, records.n);
        assert_memory_equal(got.at, records.at, records.n);
        tariff_env_free(env);
    }
    free(csv.at);
    free(records.at);
    free(got.at);
}

/* One field larger than any buffer begins. */
static void a_field_may_be_longer_than_a_block(void **state)
{
    enum { LONG = 300 * 1024 };
    check_bytes csv = { 0 };
    check_log   log;
    tariff_env *env = check_env(&log);
    tf_csv     *reader;
    bool        more;
    (void)state;
    check_put_text(&csv, "a,b\n1,");
    for (size_t i = 0; i < LONG; i++)
        check_put(&csv, "x", 1);
    check_put_text(&csv, "\n3,4\n");
    check_write_bytes(check_csv_path(), csv.at, csv.n);
    assert_int_equal(tf_csv_open(env, check_csv_path(), NULL, TF_SUM_XXH3, &reader), TARIFF_OK);
    assert_int_equal(tf_csv_next(reader, &more), TARIFF_OK);
    assert_int_equal(tf_csv_field(reader, 1).length, LONG);
    assert_int_equal(tf_csv_next(reader, &more), TARIFF_OK);
    assert_string_equal(tf_csv_field(reader, 1).text, "4");
    assert_int_equal(tf_csv_line(reader), 3);
    tf_csv_close(reader);
    tariff_env_free(env);
    free(csv.at);
}

static void write_gzip(const char *path, const char *mode, const char *bytes, size_t n)
{
    gzFile file = gzopen(path, mode);
    assert_non_null(file);
    assert_int_equal(gzwrite(file, bytes, (unsigned)n), (int)n);
    assert_int_equal(gzclose(file), Z_OK);
}

static void write_zstd(const char *path, const char *bytes, size_t n)
{
    size_t room = ZSTD_compressBound(n);
    void  *packed = malloc(room);
    assert_non_null(packed);
    size_t size = ZSTD_compress(packed, room, bytes, n, 3);
    assert_false(ZSTD_isError(size));
    check_write_bytes(path, packed, size);
    free(packed);
}

static void check_reads_as(const check_bytes *records)
{
    check_log   log;
    tariff_env *env = check_env(&log);
    check_bytes got = { 0 };
    if (check_csv_read(env, check_csv_path(), false, &got) != TARIFF_OK)
        fail_msg("%s", log.text);
    assert_int_equal(got.n, records->n);
    assert_memory_equal(got.at, records->at, records->n);
    tariff_env_free(env);
    free(got.at);
}

/* They are known by their first bytes: the name is "t.csv" all along. */
static void gzip_and_zstandard_are_read_directly(void **state)
{
    check_bytes csv = { 0 }, records = { 0 };
    (void)state;
    make_large(&csv, &records);
    write_gzip(check_csv_path(), "wb", csv.at, csv.n);
    check_reads_as(&records);
    /* Two members, as `cat a.gz b.gz` makes them. */
    write_gzip(check_csv_path(), "wb", csv.at, csv.n / 2);
    write_gzip(check_csv_path(), "ab", csv.at + csv.n / 2, csv.n - csv.n / 2);
    check_reads_as(&records);
    write_zstd(check_csv_path(), csv.at, csv.n);
    check_reads_as(&records);
    free(csv.at);
    free(records.at);
}

static void a_compressed_file_that_is_cut_off_is_damaged(void **state)
{
    check_bytes csv = { 0 }, records = { 0 }, got = { 0 };
    (void)state;
    make_large(&csv, &records);
    for (int zstd = 0; zstd < 2; zstd++) {
        check_log   log;
        tariff_env *env = check_env(&log);
        struct stat info;
        if (zstd)
            write_zstd(check_csv_path(), csv.at, csv.n);
        else
            write_gzip(check_csv_path(), "wb", csv.at, csv.n);
        assert_int_equal(stat(check_csv_path(), &info), 0);
        assert_int_equal(truncate(check_csv_path(), info.st_size - 40), 0);
        assert_int_equal(check_csv_read(env, check_csv_path(), false, &got), TARIFF_E_SYNTAX);
        check_said(&log, "t.csv: error: the compressed file is damaged: it ends in the middle");
        tariff_env_free(env);
    }
    free(csv.at);
    free(records.at);
    free(got.at);
}

static void a_dash_is_standard_input(void **state)
{
    check_log   log;
    tariff_env *env = check_env(&log);
    check_bytes got = { 0 };
    int         kept = dup(STDIN_FILENO);
    (void)state;
    check_write(check_csv_path(), "a,b\n1,2\n3\n");
    assert_non_null(freopen(check_csv_path(), "r", stdin));
    assert_int_equal(check_csv_read(env, "-", false, &got), TARIFF_OK);
    check_text(got.at, "[a][b]\n2:[1][2]\nragged\n", "-");
    check_said(&log, "-:3:1: error: 1 fields, the header has 2");
    if (kept >= 0)
        assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    tariff_env_free(env);
    free(got.at);
}

/* The fingerprint is of the stored bytes, whole once the end was read. */
static void the_fingerprint_counts_stored_bytes(void **state)
{
    check_log      log;
    tariff_env    *env = check_env(&log);
    tf_csv        *csv;
    tf_fingerprint prints[2];
    static const char *const texts[2] = { "a,b\n1,2\n", "a,b\n1,3\n" };
    (void)state;
    for (int i = 0; i < 2; i++) {
        bool more = true;
        check_write(check_csv_path(), texts[i]);
        assert_int_equal(tf_csv_open(env, check_csv_path(), NULL, TF_SUM_XXH3, &csv), TARIFF_OK);
        while (more)
            assert_int_equal(tf_csv_next(csv, &more), TARIFF_OK);
        prints[i] = tf_csv_fingerprint(csv);
        assert_int_equal(prints[i].bytes, strlen(texts[i]));
        tf_csv_close(csv);
    }
    assert_true(prints[0].xxh3_low != prints[1].xxh3_low);
    tariff_env_free(env);
}

/* Lines taken, as many as fit, and given back, change nothing in what is read after. */
static void lines_are_taken_and_given_back(void **state)
{
    static const char text[] = "a,b\n1,2\n3,4\n\"x\ny\",5\nlong long long long line,6\n7,8";
    (void)state;
    for (size_t size = 1; size < sizeof text + 4; size++) {
        check_log   log;
        char        taken[64], *record = NULL;
        size_t      n, lines = 0;
        bool        more;
        tf_csv     *csv;
        tariff_env *env = check_env(&log);
        check_write(check_csv_path(), text);
        assert_int_equal(tf_csv_open(env, check_csv_path(), NULL, TF_SUM_XXH3, &csv), TARIFF_OK);
        assert_int_equal(tf_csv_record(csv).length, 3);
        assert_int_equal(tf_csv_take_some(csv, taken, size, &n), TARIFF_OK);
        if (size < 4)
            assert_int_equal(n, 0); /* no line fits */
        assert_true(n <= size && memcmp(taken, text + 4, n) == 0);
        assert_true(n == 0 || taken[n - 1] == '\n');
        /* The first line is done with; the others go back. */
        size_t first = n ? (size_t)((char *)memchr(taken, '\n', n) - taken) + 1 : 0;
        assert_int_equal(tf_csv_give_back(csv, taken + first, n - first), TARIFF_OK);
        tf_csv_pass_lines(csv, n ? 1 : 0);
        for (; tf_csv_next(csv, &more) == TARIFF_OK && more; lines++) {
            free(record);
            record = strndup(tf_csv_record(csv).text, tf_csv_record(csv).length);
            if (tf_csv_field(csv, 1).text[0] == '5')
                assert_string_equal(record, "\"x\ny\",5");
            assert_int_equal(tf_csv_field(csv, 0).length == 24, tf_csv_line(csv) == 6);
        }
        assert_int_equal(lines, n ? 4 : 5);
        assert_int_equal(tf_csv_line(csv), 8);
        assert_string_equal(record, "7,8");
        free(record);
        tf_csv_close(csv);
        tariff_env_free(env);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_taken_and_given_back),
        cmocka_unit_test(records_are_read_as_rfc_4180_says),
        cmocka_unit_test(records_cross_the_borders_of_blocks),
        cmocka_unit_test(a_field_may_be_longer_than_a_block),
        cmocka_unit_test(gzip_and_zstandard_are_read_directly),
        cmocka_unit_test(a_compressed_file_that_is_cut_off_is_damaged),
        cmocka_unit_test(a_dash_is_standard_input),
        cmocka_unit_test(the_fingerprint_counts_stored_bytes),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
