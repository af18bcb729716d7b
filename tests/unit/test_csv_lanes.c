/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Two ways through the CSV reader, the plain lane and libcsv, have to agree on
 * every input: on records, on positions, on what is said of errors.
 */
#include "unit/csv_check.h"
#include "unit/random.h"

static void show(const check_bytes *bytes, const char *what)
{
    print_error("%s:\n", what);
    for (size_t i = 0; i < bytes->n; i++) {
        unsigned char c = (unsigned char)bytes->at[i];
        print_error(c >= 0x20 && c < 0x7f ? "%c" : c == '\n' ? "\\n\n" : "\\x%02x", c);
    }
    print_error("\n");
}

/* Read the bytes both ways; `records`, if given, is what they have to be. */
static void check_both_ways(const check_bytes *csv, const check_bytes *records, uint64_t seed)
{
    check_bytes   got[2] = { { 0 } };
    check_log     logs[2];
    tariff_status statuses[2];
    check_write_bytes(check_csv_path(), csv->at, csv->n);
    for (int way = 0; way < 2; way++) {
        tariff_env   *env = check_env(&logs[way]);
        tariff_limits limits = TARIFF_LIMITS_INIT;
        limits.max_field = 400; /* now and then reached */
        limits.max_record = 2000;
        tariff_env_set_limits(env, &limits);
        statuses[way] = check_csv_read(env, check_csv_path(), way == 1, &got[way]);
        tariff_env_free(env);
    }
    bool same = statuses[0] == statuses[1] && strcmp(logs[0].text, logs[1].text) == 0
                && got[0].n == got[1].n && memcmp(got[0].at, got[1].at, got[0].n) == 0;
    bool right = !records
                 || (statuses[0] == TARIFF_OK && got[0].n == records->n
                     && memcmp(got[0].at, records->at, records->n) == 0);
    if (!same || !right) {
        show(csv, "the file");
        show(&got[0], "by the plain lane");
        print_error("%s\n%s", tariff_status_name(statuses[0]), logs[0].text);
        show(&got[1], "by libcsv");
        print_error("%s\n%s", tariff_status_name(statuses[1]), logs[1].text);
        if (records)
            show(records, "as it was made");
        fail_msg("TARIFF_TEST_SEED=%llu", (unsigned long long)seed);
    }
    free(got[0].at);
    free(got[1].at);
}

/* A few bytes that matter, strewn at random: mostly no CSV at all. */
static void random_bytes_mean_the_same_both_ways(void **state)
{
    static const char *const pieces[] = { "a",    "b",     "12",   ",",         ",",    "\"",
                                          "\"\"", "\n",    "\n",   "\r\n",      "\r",   " ",
                                          "\t",   "\xC3\xA9", "\xFF", "",      ",,",   "x y",
                                          "\",\"", "\n\n",  "\"\n", "\xE2\x82" };
    enum { QUOTE = 5, RETURN = 10, TAME = 14 }; /* places of those that end most files early */
    uint64_t start = check_seed();
    (void)state;
    for (unsigned round = 0; round < 3000; round++) {
        check_random random = check_random_begin(start + round);
        check_bytes  csv = { 0 };
        size_t       count = check_below(&random, 60);
        /* Rare bytes are rarer still in most rounds, so that much is read before an error. */
        bool     tame = check_below(&random, 4) != 0;
        unsigned most = tame ? TAME : (unsigned)(sizeof pieces / sizeof *pieces);
        check_put_text(&csv, check_below(&random, 2) ? "a,b\n" : "");
        for (size_t i = 0; i < count; i++) {
            unsigned piece = check_below(&random, most);
            if (tame && (piece == QUOTE || piece == RETURN) && check_below(&random, 4))
                continue;
            check_put_text(&csv, pieces[piece]);
            if (check_below(&random, 2000) == 0)
                check_put(&csv, "\0", 1);
        }
        check_both_ways(&csv, NULL, start + round);
        free(csv.at);
    }
}

/* A random field; the bare form is allowed if it needs no quotes. */
static void make_field(check_random *random, check_bytes *csv, check_bytes *records, bool alone)
{
    static const char *const letters[] = { "a", "7", ".", " ", ",", "\"", "\n", "\xC3\xA9", "-",
                                           "0", "z", "\t", "'", ";" };
    char   text[64] = "";
    size_t n = check_below(random, 8), most = check_below(random, 2) ? 3 : 14;
    for (size_t i = 0; i < n; i++)
        strcat(text, letters[check_below(random, (unsigned)most)]);
    n = strlen(text);
    bool blank_ends = n && (strchr(" \t", text[0]) || strchr(" \t", text[n - 1]));
    bool quoted = strpbrk(text, ",\"\n") || blank_ends || (alone && n == 0)
                  || check_below(random, 4) == 0;
    if (quoted)
        check_put_text(csv, "\"");
    for (size_t i = 0; i < n; i++) {
        check_put(csv, text + i, 1);
        if (text[i] == '"')
            check_put_text(csv, "\"");
    }
    if (quoted)
        check_put_text(csv, "\"");
    check_put_field(records, (tf_field){ text, n });
}

static unsigned lines_of(const check_bytes *csv)
{
    unsigned n = 1;
    for (size_t i = 0; i < csv->n; i++)
        n += csv->at[i] == '\n';
    return n;
}

/* What a careful program writes is read as it was meant, both ways. */
static void random_tables_come_back_as_they_were_written(void **state)
{
    uint64_t start = check_seed();
    (void)state;
    for (unsigned round = 0; round < 1500; round++) {
        check_random random = check_random_begin(start + 1000000 + round);
        check_bytes  csv = { 0 }, records = { 0 };
        unsigned     columns = 1 + check_below(&random, 5), rows = check_below(&random, 12);
        bool         crlf = check_below(&random, 2), ends = check_below(&random, 4) != 0;
        char         line[16];
        for (unsigned row = 0; row <= rows; row++) {
            while (row > 0 && check_below(&random, 10) == 0)
                check_put_text(&csv, crlf ? "\r\n" : "\n");
            if (row > 0) {
                snprintf(line, sizeof line, "%u:", lines_of(&csv));
                check_put_text(&records, line);
            }
            for (unsigned column = 0; column < columns; column++) {
                if (column)
                    check_put_text(&csv, ",");
                make_field(&random, &csv, &records, columns == 1);
            }
            if (row < rows || ends)
                check_put_text(&csv, crlf ? "\r\n" : "\n");
            check_put_text(&records, "\n");
        }
        check_both_ways(&csv, &records, start + round);
        free(csv.at);
        free(records.at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_bytes_mean_the_same_both_ways),
        cmocka_unit_test(random_tables_come_back_as_they_were_written),
    };
    return cmocka_run_group_tests(tests, check_make_root, check_remove_root);
}
