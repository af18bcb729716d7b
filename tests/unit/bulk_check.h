/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Reading files of flows in bulk, on some threads, and row by row: what it comes
 * to has to be the same, to the letter.
 */
#ifndef TESTS_UNIT_BULK_CHECK_H
#define TESTS_UNIT_BULK_CHECK_H

#include "unit/dataset_check.h"

enum { CHECK_BULK_WAYS = 3, CHECK_FOLDING_WAYS = 4 };

static const check_way check_rows_way = { .name = "row by row", .row_by_row = true };
static const check_way check_bulk_ways[CHECK_BULK_WAYS] = {
    { .name = "in bulk", .threads = 1 },
    { .name = "in bulk, on two threads", .threads = 2 },
    { .name = "in bulk, on seven threads", .threads = 7 }
};
static const check_way check_folding_ways[CHECK_FOLDING_WAYS] = {
    { .name = "in bulk by epochs", .threads = 7, .times = CHECK_EPOCHS },
    { .name = "row by row by epochs", .row_by_row = true, .times = CHECK_EPOCHS },
    { .name = "in bulk by no times", .threads = 7, .times = CHECK_NO_TIMES },
    { .name = "row by row by no times", .row_by_row = true, .times = CHECK_NO_TIMES }
};

static inline void check_show_file(const tf_flows_spec *spec)
{
    char   bytes[3000];
    FILE  *file = fopen(spec->path, "rb");
    size_t n = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file)
        fclose(file);
    print_error("%s%s:\n", spec->path, n == sizeof bytes ? " begins" : "");
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)bytes[i];
        print_error(c >= 0x20 && c < 0x7f ? "%c" : c == '\n' ? "\\n\n" : "\\x%02x", c);
    }
    print_error("\n");
}

/* From the line on which two texts part. */
static inline void check_show_difference(const check_bytes *text, const check_bytes *other,
                                         const char *name)
{
    size_t at = 0;
    while (at < text->n && at < other->n && text->at[at] == other->at[at])
        at++;
    while (at > 0 && text->at[at - 1] != '\n')
        at--;
    print_error("%s: ... %.1500s\n", name, text->at + at);
}

static inline void check_told_alike(const check_loaded *a, const check_loaded *b,
                                    const check_way *by, const tf_flows_spec *specs, size_t count,
                                    uint64_t seed)
{
    check_bytes told[2] = { { 0 } };
    check_tell(&told[0], a, by);
    check_tell(&told[1], b, by);
    if (told[0].n != told[1].n || memcmp(told[0].at, told[1].at, told[0].n) != 0) {
        for (size_t i = 0; i < count; i++)
            check_show_file(&specs[i]);
        check_show_difference(&told[0], &told[1], a->way->name);
        check_show_difference(&told[1], &told[0], b->way->name);
        fail_msg("TARIFF_TEST_SEED=%llu", (unsigned long long)seed);
    }
    free(told[0].at);
    free(told[1].at);
}

/** What may be known of files before they are read. */
typedef struct check_known {
    bool     in_bulk, good; /**< False: not known. */
    uint64_t rows;
    tf_i128  value;
} check_known;

/** What is not as it has to be, or NULL. */
static inline const char *check_against(const check_loaded *loaded, const check_known *wanted)
{
    const tf_dataset *d = loaded->dataset;
    uint64_t          rows = 0;
    tf_i128           value = 0;
    if (wanted->good && loaded->status != TARIFF_OK)
        return loaded->said.at;
    if (!d)
        return NULL;
    for (size_t i = 0; i < d->inputs.n; i++) {
        rows += d->inputs.at[i].rows;
        value += d->inputs.at[i].value;
    }
    if (!check_cells_are_one(loaded))
        return "there are cells of the same kind that could be one";
    if (wanted->good && (rows != wanted->rows || value != wanted->value))
        return "rows are lost, or worth more or less";
    if (wanted->in_bulk && wanted->good && !loaded->way->row_by_row && !check_was_in_bulk(loaded))
        return "it was read row by row";
    return NULL;
}

static inline void check_as_wanted(const check_loaded *loaded, const check_known *wanted,
                                   const tf_flows_spec *specs, size_t count, uint64_t seed)
{
    const char *wrong = check_against(loaded, wanted);
    for (size_t i = 0; wrong && i < count; i++)
        check_show_file(&specs[i]);
    if (wrong)
        fail_msg("%s: %s; TARIFF_TEST_SEED=%llu", loaded->way->name, wrong,
                 (unsigned long long)seed);
}

/** Also with periods folded, if `folds`: then cells come to what those of all periods do. */
static inline void check_all_ways(const tf_flows_spec *specs, size_t count,
                                  const check_known *wanted, bool folds,
                                  const tariff_limits *limits, uint64_t seed)
{
    check_loaded rows, other;
    check_way    way = check_rows_way;
    way.limits = limits;
    check_load(&rows, specs, count, &way);
    check_as_wanted(&rows, wanted, specs, count, seed);
    for (size_t i = 0; i < CHECK_BULK_WAYS + (folds ? CHECK_FOLDING_WAYS : 0); i++) {
        check_way as = i < CHECK_BULK_WAYS ? check_bulk_ways[i]
                                           : check_folding_ways[i - CHECK_BULK_WAYS];
        as.limits = limits;
        check_load(&other, specs, count, &as);
        check_as_wanted(&other, wanted, specs, count, seed);
        check_told_alike(&rows, &other, &as, specs, count, seed);
        check_unload(&other);
    }
    check_unload(&rows);
}

#endif
