/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Files of flows at random, as careful and careless programs write them.
 */
#ifndef TESTS_UNIT_RANDOM_FLOWS_H
#define TESTS_UNIT_RANDOM_FLOWS_H

#include "flows/flows.h"
#include "unit/csv_check.h"
#include "unit/random.h"

#include <stdbool.h>

/** What a table is made of; 0 for "one in" is never. */
typedef struct check_taste {
    unsigned rows;
    size_t   bytes;        /**< More rows, until the file has so many. */
    unsigned note;         /**< How long a text is that nobody asks for. */
    unsigned quoted;       /**< One field in so many has quotes that it need not have. */
    unsigned blanks;       /**< One in so many has blanks beside it. */
    unsigned newlines;     /**< One note in so many has a newline in it. */
    unsigned long_lines;   /**< One in so many is longer than a window. */
    unsigned empty_lines;  /**< One in so many. */
    unsigned crlf;         /**< 0: never, 1: always, more: one line in so many has not. */
    unsigned wrong;        /**< One row in so many is wrong ... */
    size_t   wrong_from;   /**< ... from this byte on. */
    bool     large_values; /**< So large that few of them fit into a sum. */
    bool     plain;        /**< Native columns, and none that a file in bulk cannot have. */
    bool     bom, open_end;
} check_taste;

enum { CHECK_NOTE = TF_FLOW_COLUMNS, CHECK_MOST_COLUMNS = TF_FLOW_COLUMNS + 2, CHECK_CODES = 24 };

typedef struct check_table {
    check_bytes   csv;
    tf_flows_spec spec;
    uint64_t      rows;
    tf_i128       value;   /**< Of all rows. */
    bool          is_good; /**< No row was made wrong. */
    bool          in_bulk; /**< Nothing in it is a reason to read it row by row. */
    bool          agrees;  /**< Rows say no other country than what is set for all of them. */
    int           columns[CHECK_MOST_COLUMNS];
    unsigned      width;
    unsigned      code_count;
    char          codes[CHECK_CODES][16];
} check_table;

static inline bool check_some(check_random *random, unsigned one_in)
{
    return one_in > 0 && check_one_in(random, one_in);
}

#define CHECK_ANY(random, list) \
    (list)[check_below((random), (unsigned)(sizeof(list) / sizeof *(list)))]

/* Columns */

static inline bool check_has_column(const check_table *t, int column)
{
    for (unsigned i = 0; i < t->width; i++)
        if (t->columns[i] == column)
            return true;
    return false;
}

static inline void check_add_column(check_random *random, check_table *t, int column)
{
    unsigned at = check_below(random, t->width + 1);
    memmove(t->columns + at + 1, t->columns + at, (t->width - at) * sizeof *t->columns);
    t->columns[at] = column;
    t->width++;
}

static inline uint16_t check_country(const char *code)
{
    tariff_country country;
    assert_int_equal(tariff_country_parse(code, strlen(code), &country), TARIFF_OK);
    return country.id;
}

/* What need not be there, and what keeps a file from being read in bulk. */
static inline void check_add_columns(check_random *random, check_table *t, const check_taste *taste)
{
    const tf_profile *profile = &t->spec.profile;
    bool              native = strcmp(profile->name, "native") == 0;
    check_add_column(random, t, TF_FLOW_HS);
    check_add_column(random, t, TF_FLOW_VALUE);
    if (check_one_in(random, 5))
        t->spec.origin = check_country("VN");
    if (t->spec.origin == TARIFF_COUNTRY_NONE || check_one_in(random, 2))
        check_add_column(random, t, TF_FLOW_ORIGIN);
    bool importers = profile->columns[TF_FLOW_IMPORTER] != NULL;
    if (!importers || check_one_in(random, 3))
        t->spec.importer = check_country("US");
    if (importers && (t->spec.importer == TARIFF_COUNTRY_NONE || check_one_in(random, 2)))
        check_add_column(random, t, TF_FLOW_IMPORTER);
    if (!check_one_in(random, 4))
        check_add_column(random, t, TF_FLOW_PERIOD);
    if (taste->note || taste->newlines || taste->long_lines || check_one_in(random, 3))
        check_add_column(random, t, CHECK_NOTE);
    if (native && check_one_in(random, 6))
        check_add_column(random, t, TF_FLOW_UNIT);
    if (native && !taste->plain && check_one_in(random, 8)) {
        bool quantity = check_one_in(random, 2);
        check_add_column(random, t, quantity ? TF_FLOW_QUANTITY : TF_FLOW_CLAIMS);
        t->in_bulk = false;
    }
}

static inline void check_put_header(check_table *t, bool crlf)
{
    for (unsigned i = 0; i < t->width; i++) {
        const char *name = t->columns[i] == CHECK_NOTE
                               ? "note"
                               : t->spec.profile.columns[t->columns[i]];
        check_put_text(&t->csv, i ? "," : "");
        check_put(&t->csv, name, strcspn(name, "|"));
    }
    check_put_text(&t->csv, crlf ? "\r\n" : "\n");
}

/* Fields that are right */

static inline void check_make_codes(check_random *random, check_table *t)
{
    t->code_count = 1 + check_below(random, CHECK_CODES);
    for (unsigned i = 0; i < t->code_count; i++) {
        unsigned digits = 2 + 2 * check_below(random, 6);
        for (unsigned k = 0; k < digits; k++)
            t->codes[i][k] = (char)('0' + check_below(random, 10));
        t->codes[i][digits] = '\0';
    }
}

static inline void check_make_code(check_random *random, check_table *t, bool plain,
                                   check_bytes *out)
{
    enum { KEPT = 16 }; /* what the bulk reader keeps of a text */
    const char *code = t->codes[check_below(random, t->code_count)];
    size_t      digits = strlen(code), most = check_one_in(random, 4) ? KEPT : 0;
    if (!plain && check_one_in(random, 100))
        most = 3 * KEPT;
    for (size_t i = 0; i < digits; i++) {
        if (i > 0 && out->n + digits - i < most && check_one_in(random, 2))
            check_put_text(out, check_one_in(random, 9) ? " " : ".");
        check_put(out, code + i, 1);
    }
    t->in_bulk = t->in_bulk && out->n <= KEPT;
}

/* What a row says where a country is set for all rows. */
static inline void check_make_set_country(check_random *random, const check_table *t, int column,
                                          check_bytes *out)
{
    static const char *const origins[][3] = { { "VN", "vnm", "704" }, { "704", "704", "VNM" },
                                              { "5520", "5520", "5520" } };
    static const char *const importers[][3] = { { "US", "usa", "840" }, { "842", "USA", "842" } };
    unsigned list = (unsigned)t->spec.profile.countries, which = check_below(random, 4);
    if (which < 3)
        check_put_text(out, column == TF_FLOW_ORIGIN ? origins[list][which]
                                                     : importers[list][which]);
}

static inline void check_make_country(check_random *random, check_table *t, int column,
                                      check_bytes *out)
{
    static const char *const iso[] = { "US", "us", "USA", "840", "CN", "Cn", "CHN", "156", "DE",
                                       "276", "mex", "CA", "VN", "Ind", "JP", "BR" };
    static const char *const comtrade[] = { "842", "156", "699", "251", "276", "484", "CHN" };
    static const char *const census[] = { "1220", "2010", "4280", "5330", "5700", "5520" };
    uint16_t set = column == TF_FLOW_ORIGIN ? t->spec.origin : t->spec.importer;
    if (set != TARIFF_COUNTRY_NONE && t->agrees) {
        check_make_set_country(random, t, column, out);
        return;
    }
    t->in_bulk = t->in_bulk && set == TARIFF_COUNTRY_NONE; /* another one is told of */
    switch (t->spec.profile.countries) {
    case TF_COUNTRIES_ISO: check_put_text(out, CHECK_ANY(random, iso)); break;
    case TF_COUNTRIES_COMTRADE: check_put_text(out, CHECK_ANY(random, comtrade)); break;
    case TF_COUNTRIES_CENSUS: check_put_text(out, CHECK_ANY(random, census)); break;
    }
}

static inline void check_make_period(check_random *random, check_bytes *out)
{
    static const char *const periods[] = { "", "2024", "2024-07", "2024-07-15", "2024-12-31",
                                           "2025", "2025-08", "2025-08-07", "2025-08-27",
                                           "2023-02-28" };
    check_put_text(out, CHECK_ANY(random, periods));
}

/* Zeros that may be there, or not. */
static inline void check_put_zeros(check_random *random, check_bytes *out, unsigned most)
{
    for (unsigned n = check_below(random, most + 1); n > 0; n--)
        check_put_text(out, "0");
}

static inline void check_make_value(check_random *random, check_table *t, bool large,
                                    check_bytes *out)
{
    unsigned places = 4 + t->spec.profile.scale, least = large ? 1 : 24;
    unsigned shift = least + check_below(random, 64 - least);
    int64_t  n = (int64_t)(check_next(random) >> shift);
    char     digits[32];
    if (large && check_one_in(random, 3))
        n = INT64_MAX - check_below(random, 3);
    if (check_one_in(random, 3))
        n -= n % 10000;
    t->value += n;
    size_t length =
        (size_t)snprintf(digits, sizeof digits, "%0*lld", (int)places + 1, (long long)n);
    size_t whole = length - places, kept = length;
    while (kept > whole && digits[kept - 1] == '0' && !check_one_in(random, 6))
        kept--;
    if (check_one_in(random, 12))
        check_put_zeros(random, out, 5);
    if (whole > 1 || digits[0] != '0' || kept == whole || !check_one_in(random, 4))
        check_put(out, digits, whole);
    if (kept == whole && !check_one_in(random, 12))
        return;
    check_put_text(out, ".");
    check_put(out, digits + whole, kept - whole);
    if (check_one_in(random, 12))
        check_put_zeros(random, out, 6);
}

/* A text that nobody asks for; quotes in it are doubled already. */
static inline bool check_make_note(check_random *random, check_table *t, const check_taste *taste,
                                   check_bytes *out)
{
    static const char *const pieces[] = { "a", "7", "x y", "\xC3\xA9", "\xE6\x97\xA5", "of which",
                                          ";", "'", "-", "1.5", ",", "\"\"", ", \"\"new\"\"," };
    enum { TAME = 10 };
    bool   broken = check_some(random, taste->newlines);
    bool   quoted = broken || check_some(random, taste->quoted);
    size_t length = check_below(random, 2 * taste->note + 8);
    if (check_some(random, taste->long_lines)) {
        length = TF_SEPARATORS_WINDOW + check_below(random, TF_SEPARATORS_WINDOW);
        t->in_bulk = false;
    }
    if (broken) {
        static const char *const breaks[] = { "\n", "\n\n", "x\ny", "\r\n", "\n,\"\"" };
        check_put_text(out, CHECK_ANY(random, breaks));
        t->in_bulk = false;
    }
    while (out->n < length)
        check_put_text(out, pieces[check_below(random, quoted ? sizeof pieces / sizeof *pieces
                                                              : TAME)]);
    return quoted;
}

static inline bool check_make_right(check_random *random, check_table *t, const check_taste *taste,
                                    int column, check_bytes *out)
{
    switch (column) {
    case TF_FLOW_HS: check_make_code(random, t, taste->plain, out); break;
    case TF_FLOW_ORIGIN:
    case TF_FLOW_IMPORTER: check_make_country(random, t, column, out); break;
    case TF_FLOW_PERIOD: check_make_period(random, out); break;
    case TF_FLOW_VALUE: check_make_value(random, t, taste->large_values, out); break;
    case TF_FLOW_QUANTITY: check_put_text(out, check_one_in(random, 2) ? "12.5" : ""); break;
    case TF_FLOW_UNIT: check_put_text(out, check_one_in(random, 2) ? "kg" : "X"); break;
    case TF_FLOW_CLAIMS: check_put_text(out, check_one_in(random, 2) ? "usmca" : ""); break;
    default: return check_make_note(random, t, taste, out);
    }
    return check_some(random, taste->quoted);
}

/* Fields that are wrong */

static inline const char *check_wrong_text(check_random *random, int column)
{
    static const char *const codes[] = { "", "1", "01x1", "0123456789012", "\"0101\"21",
                                         "0101-21" };
    static const char *const countries[] = { "", "UK", "X1", "Atlantis", "\"US", "U S", "1220000" };
    static const char *const periods[] = { "2024-13", "2024-02-30", "soon", "2024-07-15T00:00:00",
                                           "2024-7", "20240715" };
    static const char *const values[] = { "", "-1", "1,5", "1e5", "1.000012345", "12 3", ".",
                                          "99999999999999999999", "922337203685477.5808", "$5",
                                          "1.2.3" };
    static const char *const notes[] = { "a\"b", "\"a\"b", "\"", "\xFF", "\xE2\x82", "a\rb",
                                         "one,more", "\xED\xA0\x80" };
    switch (column) {
    case TF_FLOW_HS: return CHECK_ANY(random, codes);
    case TF_FLOW_ORIGIN:
    case TF_FLOW_IMPORTER: return CHECK_ANY(random, countries);
    case TF_FLOW_PERIOD: return CHECK_ANY(random, periods);
    case TF_FLOW_VALUE: return CHECK_ANY(random, values);
    default: return CHECK_ANY(random, notes);
    }
}

/* Rows */

static inline void check_put_blanks(check_random *random, check_table *t, unsigned one_in)
{
    if (!check_some(random, one_in))
        return;
    check_put_text(&t->csv, check_one_in(random, 3) ? "\t" : " ");
}

static inline void check_put_right(check_random *random, check_table *t, const check_taste *taste,
                                   int column)
{
    check_bytes text = { 0 };
    check_put(&text, "", 0);
    bool        quoted = check_make_right(random, t, taste, column, &text);
    const char *quote = quoted ? "\"" : "";
    check_put_blanks(random, t, taste->blanks);
    check_put_text(&t->csv, quote);
    check_put(&t->csv, text.at, text.n);
    check_put_text(&t->csv, quote);
    check_put_blanks(random, t, taste->blanks);
    free(text.at);
}

static inline void check_put_row(check_random *random, check_table *t, const check_taste *taste)
{
    bool     wrong = t->csv.n >= taste->wrong_from && check_some(random, taste->wrong);
    unsigned which = wrong ? check_below(random, t->width + 1) : t->width;
    unsigned width = wrong && which == t->width ? check_below(random, t->width + 2) : t->width;
    t->is_good = t->is_good && !wrong;
    for (unsigned i = 0; i < width; i++) {
        int column = t->columns[i < t->width ? i : 0];
        check_put_text(&t->csv, i ? "," : "");
        if (i == which && wrong && column == CHECK_NOTE && check_one_in(random, 6))
            check_put(&t->csv, "\0", 1);
        else if (i == which && wrong)
            check_put_text(&t->csv, check_wrong_text(random, column));
        else
            check_put_right(random, t, taste, column);
    }
    t->rows++;
}

static inline void check_end_line(check_random *random, check_table *t, const check_taste *taste)
{
    bool crlf = taste->crlf == 1 || (taste->crlf > 1 && !check_one_in(random, taste->crlf));
    check_put_text(&t->csv, crlf ? "\r\n" : "\n");
}

/** Fill *t, whose csv.at is freed by the caller. */
static inline void check_make_table(check_random *random, const check_taste *taste, check_table *t)
{
    memset(t, 0, sizeof *t);
    t->spec.profile = *tf_profile_at(taste->plain ? 0 : check_below(random, 3));
    t->spec.origin = t->spec.importer = TARIFF_COUNTRY_NONE;
    t->is_good = t->in_bulk = true;
    t->agrees = taste->plain || !check_one_in(random, 4);
    check_make_codes(random, t);
    check_add_columns(random, t, taste);
    check_put_text(&t->csv, taste->bom ? "\xEF\xBB\xBF" : "");
    check_put_header(t, taste->crlf == 1);
    while (t->rows < taste->rows || t->csv.n < taste->bytes) {
        while (check_some(random, taste->empty_lines))
            check_end_line(random, t, taste);
        check_put_row(random, t, taste);
        if (t->rows < taste->rows || t->csv.n < taste->bytes || !taste->open_end)
            check_end_line(random, t, taste);
    }
}

#endif
