/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/burden.h"
#include "io/csv_in.h"
#include "run/overrides.h"
#include "value/decimal.h"
#include "value/hs.h"
#include "value/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <tariff/verify.h>

enum {
    ID,
    HS,
    ORIGIN,
    IMPORTER,
    DATE,
    CLAIMS,
    PARTS,
    LAYER,
    EXPECTED,
    TOLERANCE,
    CITATION,
    VALUE,
    QUANTITY,
    UNIT,
    COLUMNS
};

typedef struct verifier {
    tariff_env           *env;
    const tariff_law     *law;
    tf_csv               *csv;
    tf_column             columns[COLUMNS];
    tf_programs          *programs;
    tf_bench              bench;
    tariff_failed_case_fn fn;
    void                 *user;
    uint64_t              held, failed;
} verifier;

/** One case, as read. */
typedef struct test_case {
    tf_cell      cell;
    tf_line      line;
    tf_overrides known;
    uint64_t     layers;
    int64_t      expected, tolerance; /**< 1e-9. */
} test_case;

static tf_field field_of(const verifier *v, int column)
{
    return tf_csv_field(v->csv, v->columns[column].index);
}

static tariff_status because(verifier *v, int column, const tf_why *why)
{
    return tf_csv_because(v->csv, v->columns[column].index, why);
}

/* Columns */

static tariff_status read_layers(verifier *v, uint64_t *out)
{
    tf_why   why;
    tf_field field = field_of(v, LAYER);
    uint64_t all = v->law->book.layers.n == 64 ? UINT64_MAX
                                               : (UINT64_C(1) << v->law->book.layers.n) - 1;
    if (strcmp(field.text, "total") == 0)
        *out = all;
    else if (strcmp(field.text, "ordinary") == 0)
        *out = v->law->ordinary;
    else if (strcmp(field.text, "additional") == 0)
        *out = all & ~v->law->ordinary;
    else if (tf_book_layers(&v->law->book, field.text, field.length, out, &why) != TARIFF_OK)
        return because(v, LAYER, &why);
    return TARIFF_OK;
}

static tariff_status read_shipment(verifier *v, test_case *c)
{
    tf_why         why;
    tariff_hs      hs;
    tariff_country origin, importer;
    tariff_date    date;
    tf_field       f = field_of(v, HS);
    if (tf_hs_parse(f.text, f.length, &hs, &why) != TARIFF_OK)
        return because(v, HS, &why);
    f = field_of(v, ORIGIN);
    if (tf_parse_country(TF_COUNTRIES_ISO, f.text, f.length, &origin, &why) != TARIFF_OK)
        return because(v, ORIGIN, &why);
    f = field_of(v, IMPORTER);
    if (tf_parse_country(TF_COUNTRIES_ISO, f.text, f.length, &importer, &why) != TARIFF_OK)
        return because(v, IMPORTER, &why);
    f = field_of(v, DATE);
    if (tf_parse_date(f.text, f.length, &date, &why) != TARIFF_OK)
        return because(v, DATE, &why);
    f = field_of(v, CLAIMS);
    if (tf_parse_claims(&v->law->book, f.text, f.length, &c->known, &why) != TARIFF_OK)
        return because(v, CLAIMS, &why);
    f = field_of(v, PARTS);
    if (tf_parse_parts(&v->law->book, f.text, f.length, &c->known, &why) != TARIFF_OK)
        return because(v, PARTS, &why);
    c->cell = (tf_cell){ hs.key, origin.id, importer.id, date.days };
    return TARIFF_OK;
}

static tariff_status read_amounts(verifier *v, test_case *c)
{
    tf_why   why;
    tf_field f = field_of(v, VALUE);
    c->line.value = 100 * TF_E4;
    if (f.length && tf_parse_decimal(f.text, f.length, 4, "value", &c->line.value, &why))
        return because(v, VALUE, &why);
    f = field_of(v, QUANTITY);
    if (f.length && tf_parse_decimal(f.text, f.length, 4, "quantity", &c->line.quantity, &why))
        return because(v, QUANTITY, &why);
    f = field_of(v, UNIT);
    if (f.length && tf_parse_unit(f.text, f.length, &c->line.unit, &why))
        return because(v, UNIT, &why);
    return TARIFF_OK;
}

static tariff_status read_expected(verifier *v, test_case *c)
{
    tf_why      why;
    tariff_rate rate;
    tf_field    f = field_of(v, EXPECTED);
    if (tf_parse_percent(f.text, f.length, &rate, &why) != TARIFF_OK)
        return because(v, EXPECTED, &why);
    c->expected = rate.nano;
    f = field_of(v, TOLERANCE);
    if (f.length == 0)
        return TARIFF_OK;
    /* Percentage points: 0.5 and 0.5% are the same. */
    size_t n = f.text[f.length - 1] == '%' ? f.length - 1 : f.length;
    if (tf_parse_decimal(f.text, n, 7, "tolerance", &c->tolerance, &why) != TARIFF_OK)
        return because(v, TOLERANCE, &why);
    return TARIFF_OK;
}

/* Checking */

/* The rate of some layers of value, at 1e-12; false if money is charged on no value. */
static bool rate_of(const verifier *v, const test_case *c, uint64_t layers, tf_i128 *out)
{
    const tf_burden *burden = &v->bench.burden;
    tf_i128          money = 0;
    *out = 0;
    for (unsigned i = 0; i < burden->charge_count; i++) {
        if (!(layers >> burden->charges[i].layer & 1))
            continue;
        *out += burden->charges[i].rate;
        money += burden->charges[i].money;
    }
    if (money == 0)
        return true;
    if (c->line.value == 0 || !tf_mul(money, TF_E4, &money))
        return false;
    *out += tf_div_half_even(money, c->line.value);
    return true;
}

static void tell_layers(const verifier *v, const test_case *c, char *buf, size_t size)
{
    const tf_burden *burden = &v->bench.burden;
    size_t           n = 0;
    buf[0] = '\0';
    for (unsigned i = 0; i < burden->charge_count && n < size; i++) {
        uint8_t layer = burden->charges[i].layer;
        tf_i128 rate;
        char    text[TF_DECIMAL_TEXT];
        if (!rate_of(v, c, UINT64_C(1) << layer, &rate) || rate == 0)
            continue;
        tf_format_percent(rate, 12, text);
        n += (size_t)snprintf(buf + n, size - n, "%s%s %s", n ? " + " : "",
                              v->law->book.layers.at[layer].name, text);
    }
    if (n == 0)
        snprintf(buf, size, "no layer charges anything");
    else if (burden->unassessed && n < size)
        snprintf(buf + n, size - n, "; a specific duty is not assessed");
}

static void report(verifier *v, const test_case *c, bool has_rate, tf_i128 rate)
{
    char computed[TF_DECIMAL_TEXT] = "", why[1024];
    if (has_rate)
        tf_format_percent(rate, 12, computed);
    tell_layers(v, c, why, sizeof why);
    tariff_failed_case failed = { sizeof failed,
                                  tf_csv_path(v->csv),
                                  tf_csv_line(v->csv),
                                  field_of(v, ID).text,
                                  field_of(v, LAYER).text,
                                  field_of(v, EXPECTED).text,
                                  computed,
                                  why,
                                  field_of(v, CITATION).text };
    v->failed++;
    if (v->fn)
        v->fn(v->user, &failed);
}

static tariff_status check_case(verifier *v, const test_case *c)
{
    const tf_program *program;
    tf_i128           rate;
    TF_TRY(tf_program_find(v->programs, &c->cell, &program));
    tf_case one = { program, &c->line, TF_E18 };
    tariff_status status = tf_assess(v->law, &one, 1, &v->bench);
    if (status == TARIFF_E_OVERFLOW)
        return tf_csv_error(v->csv, v->columns[VALUE].index, 0, status, NULL,
                            "the duty does not fit in exact arithmetic");
    TF_TRY(status);
    bool    has_rate = rate_of(v, c, c->layers, &rate);
    tf_i128 off = rate - (tf_i128)c->expected * TF_E3;
    if (off < 0)
        off = -off;
    if (has_rate && off <= (tf_i128)c->tolerance * TF_E3)
        v->held++;
    else
        report(v, c, has_rate, rate);
    return TARIFF_OK;
}

static tariff_status read_case(verifier *v)
{
    test_case c;
    memset(&c, 0, sizeof c);
    TF_TRY(read_layers(v, &c.layers));
    TF_TRY(read_shipment(v, &c));
    TF_TRY(read_amounts(v, &c));
    TF_TRY(read_expected(v, &c));
    tf_override(&c.known, &c.line);
    return check_case(v, &c);
}

static tariff_status read_cases(verifier *v)
{
    bool more = true;
    TF_TRY(tf_csv_bind(v->csv, v->columns, COLUMNS, TF_UNKNOWN_WARN));
    while (more && tf_may_go_on(v->env)) {
        tariff_status status = tf_csv_next(v->csv, &more);
        if (status == TARIFF_E_SCHEMA)
            continue;
        TF_TRY(status);
        size_t errors = tariff_env_errors(v->env);
        if (more)
            status = read_case(v);
        if (status != TARIFF_OK && tariff_env_errors(v->env) == errors)
            return status; /* nothing that was said of the case */
    }
    return tf_end(v->env);
}

tariff_status tariff_verify(tariff_env *env, const tariff_law *law, const char *path,
                            tariff_failed_case_fn fn, void *user, uint64_t *held,
                            uint64_t *failed)
{
    static const char *const names[COLUMNS] = { "id",     "hs",    "origin",   "importer",
                                                "date",   "claims", "parts",   "layer",
                                                "expected", "tolerance", "citation", "value",
                                                "quantity", "unit" };
    static const bool required[COLUMNS] = { [HS] = true,   [ORIGIN] = true, [IMPORTER] = true,
                                            [DATE] = true, [LAYER] = true,  [EXPECTED] = true };
    verifier v = { .env = env, .law = law, .fn = fn, .user = user };
    for (int i = 0; i < COLUMNS; i++)
        v.columns[i] = (tf_column){ names[i], required[i], -1 };
    *held = *failed = 0;
    tf_begin(env);
    TF_TRY(tf_csv_open(env, path, NULL, TF_SUM_XXH3, &v.csv));
    tf_bench_init(&v.bench, env);
    tariff_status status = tf_programs_new(env, law, TF_ALL_LAYERS, &v.programs);
    if (status == TARIFF_OK)
        status = read_cases(&v);
    if (status == TARIFF_OK && v.held + v.failed == 0) {
        tf_place here = { .file = tf_csv_path(v.csv) };
        status = tf_error(env, TARIFF_E_SCHEMA, &here, "a row below the header is a case",
                          "there is no case in this file: nothing is verified");
    }
    tf_programs_free(v.programs);
    tf_bench_free(&v.bench);
    tf_csv_close(v.csv);
    *held = v.held;
    *failed = v.failed;
    return status;
}
