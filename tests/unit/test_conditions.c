/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * When a measure applies, and what is known of a line: conditions and shares.
 */
#include "unit/place.h"

static tariff_status parse_when(place *p, const char *text, const tf_when **when, tf_why *why)
{
    return tf_parse_when(&p->arena, &p->claims, &p->parts, text, strlen(text), when, why);
}

/* Claims made: bit 0 usmca, bit 1 in_transit.  Shares: steel, us_content. */
static void conditions_hold_together(void **state)
{
    static const struct {
        const char *when;
        uint32_t    claimed;
        int64_t     shares[2];
        bool        holds;
    } rows[] = {
        { "", 0, { 0, 0 }, true },
        { "usmca", 1, { 0, 0 }, true },
        { "usmca", 2, { 0, 0 }, false },
        { "!usmca", 0, { 0, 0 }, true },
        { "!usmca", 1, { 0, 0 }, false },
        { "!usmca in_transit", 2, { 0, 0 }, true },
        { "!usmca in_transit", 3, { 0, 0 }, false },
        { "us_content>=20%", 0, { 0, 200000000 }, true },
        { "us_content>=20%", 0, { 0, 199999999 }, false },
        { "us_content<20%", 0, { 0, 200000000 }, false },
        { "us_content<20%", 0, { 0, 199999999 }, true },
        { "steel>=0.5%", 0, { 5000000, 0 }, true },
        { "steel>=50% us_content<20% !usmca", 0, { 500000000, 0 }, true },
        { "steel>=50% us_content<20% !usmca", 0, { 500000000, 300000000 }, false },
        { "  usmca   in_transit ", 3, { 0, 0 }, true },
    };
    place *p = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const tf_when *when;
        check_row(parse_when(p, rows[i].when, &when, NULL) == TARIFF_OK, rows[i].when);
        check_row(tf_when_holds(when, rows[i].claimed, rows[i].shares) == rows[i].holds,
                  rows[i].when);
    }
}

static void conditions_that_exclude_each_other_never_tie(void **state)
{
    static const struct {
        const char *a, *b;
        bool        compatible;
    } rows[] = { { "usmca", "!usmca", false },
                 { "usmca", "in_transit", true },
                 { "usmca", "usmca", true },
                 { "", "usmca", true },
                 { "us_content>=20%", "us_content<20%", false },
                 { "us_content>=20%", "us_content<21%", true },
                 { "us_content>=20%", "us_content<19%", false },
                 { "us_content>=20%", "us_content>=50%", true },
                 { "us_content>=20%", "steel<20%", true },
                 { "usmca us_content>=20%", "us_content<20% in_transit", false },
                 { "usmca steel>=20%", "steel<50% !in_transit", true } };
    place *p = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const tf_when *a, *b;
        assert_int_equal(parse_when(p, rows[i].a, &a, NULL), TARIFF_OK);
        assert_int_equal(parse_when(p, rows[i].b, &b, NULL), TARIFF_OK);
        check_row(tf_when_compatible(a, b) == rows[i].compatible, rows[i].a);
        check_row(tf_when_compatible(b, a) == rows[i].compatible, rows[i].b);
    }
}

static void wrong_conditions_are_told_where_they_are(void **state)
{
    static const struct {
        const char   *text;
        tariff_status status;
        size_t        at;
        const char   *message, *hint;
    } rows[] = {
        { "usmac", TARIFF_E_REFERENCE, 0, "undeclared claim 'usmac'", "did you mean 'usmca'?" },
        { "usmca !gsp", TARIFF_E_REFERENCE, 7, "undeclared claim 'gsp'", "claims/gsp.csv" },
        { "steal>=20%", TARIFF_E_REFERENCE, 0, "undeclared part 'steal'", "did you mean 'steel'?" },
        { "copper<20%", TARIFF_E_REFERENCE, 0, "undeclared part 'copper'", "parts/copper.csv" },
        { "steel>20%", TARIFF_E_SYNTAX, 5, "unknown comparison", "write >= or <" },
        { "steel>=", TARIFF_E_VALUE, 7, "empty", "" },
        { "usmca steel>=20", TARIFF_E_VALUE, 13, "bare rate '20'", "20%" },
        { "steel>=x%", TARIFF_E_VALUE, 7, "not a number", "" },
        { "!", TARIFF_E_SYNTAX, 1, "the name of a claim is missing", "!usmca" },
    };
    place *p = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const tf_when *when;
        tf_why        why = { .status = TARIFF_OK };
        tariff_status status = parse_when(p, rows[i].text, &when, &why);
        if (status != rows[i].status || why.at != rows[i].at
            || !strstr(why.message, rows[i].message) || !strstr(why.hint, rows[i].hint))
            fail_msg("row '%s': %s at %zu: %s (hint: %s)", rows[i].text,
                     tariff_status_name(status), why.at, why.message, why.hint);
    }
}

/* Share tables */

static void add_share(place *p, tf_shares *shares, const char *code, const char *origins,
                      const char *importers, const char *from, const char *until, int64_t nano)
{
    tf_share_row row = { .key = strcmp(code, "*") == 0 ? 0 : hs(code),
                         .span = tf_span_always(),
                         .nano = nano,
                         .line = (uint32_t)shares->rows.n + 2 };
    assert_int_equal(tf_parse_countries(&p->scopes, &p->arena, origins, strlen(origins),
                                        &row.origins, NULL), TARIFF_OK);
    assert_int_equal(tf_parse_countries(&p->scopes, &p->arena, importers, strlen(importers),
                                        &row.importers, NULL), TARIFF_OK);
    if (from)
        row.span.from.days = day(from);
    if (until)
        row.span.until.days = day(until);
    assert_true(TF_PUSH(&p->arena, &shares->rows, row));
}

static void the_closest_row_gives_the_share(void **state)
{
    static const struct {
        const char *what, *code, *origin, *importer, *date;
        int64_t     nano; /**< -1: no row. */
    } rows[] = {
        { "another importer: no row", "84818090", "IN", "JP", "2025-01-01", -1 },
        { "*", "01012100", "IN", "US", "2025-01-01", 1 },
        { "a longer code", "73269086", "IN", "US", "2025-01-01", 3 },
        { "the longest", "73261900", "IN", "US", "2025-01-01", 2 },
        { "a longer code before a closer origin", "73261900", "CA", "US", "2025-01-01", 2 },
        { "a listed origin", "73269086", "CA", "US", "2025-01-01", 5 },
        { "a group", "73269086", "FR", "US", "2025-01-01", 4 },
        { "origin before importer", "73269086", "CA", "DE", "2025-01-01", 5 },
        { "importer", "73269086", "IN", "DE", "2025-01-01", 6 },
        { "a row of its day", "94036080", "IN", "US", "2025-06-03", 7 },
        { "and of the next", "94036080", "IN", "US", "2025-06-04", 8 },
        { "a code shorter than the row's", "73", "IN", "US", "2025-01-01", 1 },
    };
    place    *p = *state;
    tf_shares shares = { .name = "steel" };
    int64_t   nano;
    assert_false(tf_shares_find(&shares, &p->scopes, hs("01"), 0, 0, 0, &nano));
    add_share(p, &shares, "7326.19", "*", "*", NULL, NULL, 2);
    add_share(p, &shares, "*", "*", "US", NULL, NULL, 1);
    add_share(p, &shares, "7326", "CA", "*", NULL, NULL, 5);
    add_share(p, &shares, "7326", "@EU", "*", NULL, NULL, 4);
    add_share(p, &shares, "7326", "*", "*", NULL, NULL, 3);
    add_share(p, &shares, "7326", "*", "DE", NULL, NULL, 6);
    add_share(p, &shares, "94", "*", "*", NULL, "2025-06-04", 7);
    add_share(p, &shares, "94", "*", "*", "2025-06-04", NULL, 8);
    tf_shares_sort(&shares);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool found = tf_shares_find(&shares, &p->scopes, hs(rows[i].code), country(rows[i].origin),
                                    country(rows[i].importer), day(rows[i].date), &nano);
        check_row(found == (rows[i].nano >= 0), rows[i].what);
        check_row(nano == (found ? rows[i].nano : 0), rows[i].what);
    }
    const tf_share_row *a, *b;
    assert_false(tf_shares_tie(&shares, &p->scopes, &a, &b));
}

static void rows_that_tie_with_different_shares_are_found(void **state)
{
    static const struct {
        const char *what, *code, *origins, *until;
        int64_t     nano;
        bool        tie;
    } rows[] = {
        { "the same again", "7326", "CA", NULL, 2, true },
        { "the same share", "7326", "CA", NULL, 1, false },
        { "another code", "7325", "CA", NULL, 2, false },
        { "another origin", "7326", "MX", NULL, 2, false },
        { "all origins", "7326", "*", NULL, 2, false },
        { "one origin in common", "7326", "MX CA", NULL, 2, true },
        { "before it", "7326", "CA", "2025-01-01", 2, false },
        { "reaching into it", "7326", "CA", "2025-01-02", 2, true },
    };
    place *p = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tf_shares           shares = { .name = "steel" };
        const tf_share_row *a, *b;
        add_share(p, &shares, "7326", "CA", "*", "2025-01-01", NULL, 1);
        add_share(p, &shares, rows[i].code, rows[i].origins, "*", NULL, rows[i].until,
                  rows[i].nano);
        tf_shares_sort(&shares);
        check_row(tf_shares_tie(&shares, &p->scopes, &a, &b) == rows[i].tie, rows[i].what);
        check_row(!rows[i].tie || (a->line == 2 && b->line == 3), rows[i].what);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(conditions_hold_together),
        IN_PLACE(conditions_that_exclude_each_other_never_tie),
        IN_PLACE(wrong_conditions_are_told_where_they_are),
        IN_PLACE(the_closest_row_gives_the_share),
        IN_PLACE(rows_that_tie_with_different_shares_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
