/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A column of values read at once is what each of its fields is, read alone: of
 * values of one shape, of several, and of texts that are no values.
 */
#include "unit/random.h"

#include "flows/plain_value.h"
#include "flows/plain_values.h"
#include "value/decimal.h"

/* As it is on a processor without wide registers, under a name of its own. */
bool narrow_plain_values(const char *text, const uint16_t *bounds, size_t width, size_t rows,
                         unsigned places, int64_t *out);
#undef __SSE2__
#define tf_plain_values narrow_plain_values
#include "flows/plain_values.c"
#undef tf_plain_values

enum { PADDING = 16, ROWS = 40, WIDTH = 3, FIELD = 24, TEXT = PADDING + ROWS * WIDTH * (FIELD + 1) };

/** Fields between separators, the column at hand somewhere among others. */
typedef struct table {
    char     text[TEXT];
    uint16_t bounds[1 + ROWS * WIDTH]; /**< Offsets from PADDING. */
    size_t   rows, width, column;
    char     separator, newline;
} table;

static const char *text_of(const table *t)
{
    return t->text + PADDING;
}

static const char *field_at(const table *t, size_t row, size_t *length)
{
    size_t i = row * t->width + t->column, start = (uint16_t)(t->bounds[i] + 1);
    *length = t->bounds[i + 1] - start;
    return text_of(t) + start;
}

/** What values look like: of so many digits, up to, before the point, and after it. */
typedef struct shape {
    unsigned digits, decimals;
    bool     point;
} shape;

static size_t put_value(check_random *random, const shape *s, char *out)
{
    size_t n = 0;
    for (unsigned i = s->digits ? 1 + check_below(random, s->digits) : 0; i > 0; i--)
        out[n++] = (char)('0' + check_below(random, 10));
    if (s->point)
        out[n++] = '.';
    for (unsigned i = 0; i < s->decimals; i++)
        out[n++] = (char)('0' + check_below(random, 10));
    return n;
}

static size_t put_odd(check_random *random, char *out)
{
    static const char bytes[] = "0123456789....-+ ex\xff\x80/:\"";
    size_t            n = check_below(random, FIELD);
    for (size_t i = 0; i < n; i++)
        out[i] = bytes[check_below(random, check_one_in(random, 3) ? sizeof bytes - 1 : 10)];
    return n;
}

static void make_table(check_random *random, const shape *s, unsigned odd_in, table *t)
{
    size_t n = 0, k = 0;
    memset(t->text, check_one_in(random, 2) ? 0 : '7', PADDING);
    t->text[PADDING - 1] = t->newline;
    t->bounds[k++] = UINT16_MAX;
    for (size_t i = 0; i < t->rows; i++)
        for (size_t c = 0; c < t->width; c++) {
            char *out = t->text + PADDING + n;
            bool  odd = odd_in && check_one_in(random, odd_in);
            n += odd ? put_odd(random, out) : put_value(random, s, out);
            t->text[PADDING + n] = c + 1 == t->width ? t->newline : t->separator;
            t->bounds[k++] = (uint16_t)n++;
        }
}

static void check_table(const table *t, unsigned places, bool all_plain)
{
    static const struct {
        const char *name;
        bool (*read)(const char *text, const uint16_t *bounds, size_t width, size_t rows,
                     unsigned places, int64_t *out);
    } ways[] = { { "as this machine can", tf_plain_values }, { "in plain C", narrow_plain_values } };
    for (size_t w = 0; w < 2; w++) {
        int64_t values[ROWS + 1] = { [0] = 0 };
        bool    odd = false;
        values[t->rows] = 77;
        bool said = ways[w].read(text_of(t), t->bounds + t->column, t->width, t->rows, places, values);
        for (size_t i = 0; i < t->rows; i++) {
            size_t      length;
            int64_t     wanted = TF_NOT_PLAIN;
            const char *field = field_at(t, i, &length);
            bool good = tf_parse_decimal(field, length, places, "value", &wanted, NULL) == TARIFF_OK;
            odd |= values[i] == TF_NOT_PLAIN;
            if (values[i] == TF_NOT_PLAIN ? all_plain : !good || values[i] != wanted)
                fail_msg("%s, row %zu of %zu: '%.*s' is %lld", ways[w].name, i, t->rows, (int)length,
                         field, (long long)values[i]);
        }
        assert_int_equal(said, odd);
        assert_int_equal(values[t->rows], 77); /* no row more is written */
    }
}

static void fit_table(check_random *random, table *t, bool split)
{
    t->rows = 1 + check_below(random, ROWS);
    t->width = 1 + check_below(random, WIDTH);
    t->column = check_below(random, (unsigned)t->width);
    t->separator = split ? '\0' : ','; /* those of records that went through libcsv */
    t->newline = split ? '\0' : '\n';
}

static void values_of_one_shape_are_plain(void **state)
{
    check_random random = check_random_begin(check_seed());
    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        static table t;
        unsigned     decimals = check_below(&random, 5), places = 4 + check_below(&random, 4);
        shape        s = { 1 + check_below(&random, 13 - decimals - (decimals > 0)), decimals, decimals > 0 };
        fit_table(&random, &t, check_one_in(&random, 4));
        make_table(&random, &s, 0, &t);
        check_table(&t, places, places - decimals <= 4);
    }
}

/* A digit before the point may be the only one that is missing. */
static void values_have_a_digit_before_the_point(void **state)
{
    check_random random = check_random_begin(check_seed() + 2);
    (void)state;
    for (unsigned round = 0; round < 4000; round++) {
        static table t;
        unsigned     decimals = 9 + check_below(&random, 5);
        shape        s = { check_below(&random, 3), decimals, true };
        fit_table(&random, &t, check_one_in(&random, 4));
        make_table(&random, &s, 0, &t);
        check_table(&t, 13, false);
    }
}

static void columns_are_what_their_fields_are(void **state)
{
    check_random random = check_random_begin(check_seed() + 1);
    (void)state;
    for (unsigned round = 0; round < 60000; round++) {
        static table t;
        shape        s = { 1 + check_below(&random, 15), check_below(&random, 6), check_one_in(&random, 2) };
        fit_table(&random, &t, check_one_in(&random, 4));
        make_table(&random, &s, 1 + check_below(&random, 20), &t);
        check_table(&t, 2 + check_below(&random, 10), false);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_one_shape_are_plain),
        cmocka_unit_test(values_have_a_digit_before_the_point),
        cmocka_unit_test(columns_are_what_their_fields_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
