/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/rating.h"

#include "value/digits.h"

#include <stdio.h>

static const char *const remark_names[TF_REMARKS] = { "unassessed", "coarse", "estimated",
                                                      "unknown_part", "unmatched" };

tariff_status tf_rater_init(tf_rater *rater, tariff_env *env, const tariff_law *law,
                            const tf_rated *rated)
{
    memset(rater, 0, sizeof *rater);
    rater->rated = *rated;
    return tf_assessor_init(&rater->with, env, law);
}

void tf_rater_free(tf_rater *rater)
{
    tf_assessor_free(&rater->with);
}

static unsigned remarks_of(const tf_burden *b)
{
    return (unsigned)b->unassessed << TF_UNASSESSED | (unsigned)b->coarse << TF_COARSE
           | (unsigned)b->estimated << TF_ESTIMATED | (unsigned)b->unknown_part << TF_UNKNOWN_PART
           | (unsigned)b->unmatched << TF_UNMATCHED;
}

/* Text */

static size_t put_rate(char *to, bool known, tf_i128 rate)
{
    return known ? tf_format_fixed(rate, 12, 0, to) : 0;
}

static void put_rates(tf_rater *r, const tf_line_rates *rates)
{
    const struct {
        bool    known;
        tf_i128 rate;
    } columns[] = { { rates->has_ordinary, rates->ordinary },
                    { rates->has_additional, rates->additional },
                    { rates->has_ordinary && rates->has_additional,
                      rates->ordinary + rates->additional } };
    size_t n = 0;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        r->rates[n++] = ',';
        n += put_rate(r->rates + n, columns[i].known, columns[i].rate);
    }
    r->rates[n++] = ',';
    r->rating.rates = r->rates;
    r->rating.rates_length = (uint32_t)n;
}

static void put_after(tf_rater *r, const tf_line_rates *rates)
{
    char  *to = r->after;
    size_t n = 0;
    if (r->rated.remarks)
        to[n++] = ',';
    for (unsigned i = 0; i < TF_REMARKS && r->rated.remarks; i++)
        if (r->rating.remarks >> i & 1) {
            size_t length = strlen(remark_names[i]);
            if (n > 1)
                to[n++] = ' ';
            memcpy(to + n, remark_names[i], length);
            n += length;
        }
    for (size_t i = 0; r->rated.layers && i < r->with.law->book.layers.n; i++) {
        to[n++] = ',';
        n += put_rate(to + n, rates->has_rate[i], rates->layer[i]);
    }
    size_t end = strlen(r->rated.end);
    memcpy(to + n, r->rated.end, end);
    n += end;
    r->rating.after = to;
    r->rating.after_length = (uint32_t)n;
}

const tf_rating *tf_rating_keep(tf_arena *arena, const tf_rating *rating)
{
    size_t     n = rating->rates_length, m = rating->after_length;
    tf_rating *copy = TF_NEW(arena, tf_rating);
    char      *text = tf_arena_alloc(arena, n + m + TF_RATING_PADDING);
    if (!copy || !text)
        return NULL;
    *copy = *rating;
    copy->rates = memcpy(text, rating->rates, n);
    copy->after = memcpy(text + n, rating->after, m);
    return copy;
}

/* Half away from zero, as all money in reports. */
size_t tf_put_duty(const tf_rating *r, int64_t value, char *to)
{
    uint64_t product;
    if (!r->by_value)
        return tf_format_cents(r->duty, 16, to);
    if (r->divisor && !__builtin_mul_overflow((uint64_t)value, r->factor, &product)
        && !__builtin_add_overflow(product, r->divisor / 2, &product))
        return tf_put_cents_of(product / r->divisor, to);
    return tf_format_cents(r->rate * value, 16, to);
}

/* Without the zeros at its end, a rate times a value mostly fits a word. */
static void set_factor(tf_rating *r)
{
    uint64_t divisor = TF_E14; /* 1e-12 x 1e-4 to cents */
    r->divisor = 0;
    if (r->rate < 0 || r->rate > INT64_MAX)
        return;
    r->factor = (uint64_t)r->rate;
    for (; divisor > 1 && r->factor % 10 == 0; divisor /= 10)
        r->factor /= 10;
    r->divisor = divisor;
}

/* Rating */

static tariff_status describe(tf_rater *r, const tf_program *program, int64_t value,
                              bool has_quantity, const tf_burden *burden)
{
    tf_line_rates rates;
    tf_rating    *out = &r->rating;
    TF_TRY(tf_line_rates_of(r->with.law, value, burden, &rates));
    out->by_quantity = program->by_quantity;
    out->by_value = !(out->by_quantity && has_quantity);
    for (unsigned i = 0; i < burden->charge_count; i++)
        out->by_value = out->by_value && burden->charges[i].money == 0;
    out->remarks = remarks_of(burden);
    out->rate = rates.ordinary + rates.additional;
    out->duty = rates.duty;
    set_factor(out);
    put_rates(r, &rates);
    put_after(r, &rates);
    return TARIFF_OK;
}

tariff_status tf_rate_program(tf_rater *r, const tf_program *program, const tf_burden *burden,
                              const tf_rating **out)
{
    *out = &r->rating;
    return describe(r, program, 0, false, burden);
}

static tariff_status rate(tf_rater *r, const tf_shipment *s)
{
    const tf_program *program = r->with.cases.cases.at[0].program;
    const tf_burden  *burden;
    TF_TRY(tf_assessor_burden(&r->with, s, &burden));
    return describe(r, program, s->value, s->unit.id != 0, burden);
}

/* The place of what is kept for a program. */
static const tf_rating **plain_of(tf_rater *r, uint32_t number)
{
    while (r->plain.n <= number) {
        const tf_rating *none = NULL;
        if (!TF_PUSH(&r->with.arena, &r->plain, none))
            return NULL;
    }
    return &r->plain.at[number];
}

tariff_status tf_rate_shipment(tf_rater *r, const tf_shipment *s, const tf_rating **out,
                               bool *kept)
{
    const tf_rating **plain = NULL;
    *kept = false;
    TF_TRY(tf_assessor_look_up(&r->with, s));
    const tf_program *program = tf_assessor_plain(&r->with, s);
    if (program) {
        plain = plain_of(r, program->number);
        TF_NEED(plain);
        if (*plain) {
            *out = *plain;
            *kept = true;
            return TARIFF_OK;
        }
    }
    TF_TRY(rate(r, s));
    *out = &r->rating;
    if (!plain || !r->rating.by_value)
        return TARIFF_OK;
    *out = *plain = tf_rating_keep(&r->with.arena, &r->rating);
    *kept = true;
    return *plain ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* Columns */

bool tf_rating_column(const tariff_law *law, const tariff_stream_options *options, size_t i,
                      char *buf, size_t size)
{
    static const char *const names[] = { "ordinary_rate", "additional_rate", "total_rate",
                                         "total_duty", "remarks" };
    const size_t count = sizeof names / sizeof names[0];
    const char  *prefix = options->prefix ? options->prefix : "";
    if (i < count)
        snprintf(buf, size, "%s%s", prefix, names[i]);
    else if (options->layers && i < count + law->book.layers.n)
        snprintf(buf, size, "%s%s_rate", prefix, law->book.layers.at[i - count].name);
    else
        return false;
    return true;
}
