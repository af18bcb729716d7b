/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Burdens of entries in the caller's memory.
 */
#include "run/evaluate.h"
#include "run/overrides.h"
#include "value/hs.h"

#include <tariff/assess.h>

enum { ASK_EVERY = 4096 }; /* rows between two questions whether to stop */

struct tariff_assessor {
    tariff_env       *env;
    const tariff_law *law;
    tf_programs      *programs;
    tf_bench          bench;
    tf_arena          arena;
    tf_cases          cases;
    TF_VEC(const tf_burden *) plain; /**< By number of program; NULL: not assessed yet. */
};

tariff_status tariff_assessor_new(tariff_env *env, const tariff_law *law, tariff_assessor **out)
{
    *out = NULL;
    tariff_assessor *a = tf_alloc(env, sizeof *a);
    TF_NEED(a);
    memset(a, 0, sizeof *a);
    a->env = env;
    a->law = law;
    tf_bench_init(&a->bench, env);
    tf_arena_init(&a->arena, &env->allocator);
    tariff_status status = tf_programs_new(env, law, &a->programs);
    if (status == TARIFF_OK)
        *out = a;
    else
        tariff_assessor_free(a);
    return status;
}

void tariff_assessor_free(tariff_assessor *assessor)
{
    if (!assessor)
        return;
    tf_programs_free(assessor->programs);
    tf_bench_free(&assessor->bench);
    tf_arena_free(&assessor->arena);
    tf_free(assessor->env, assessor, sizeof *assessor);
}

/* From charges to a burden */

/** Sums over layers, exact. */
typedef struct sums {
    tf_i128 ordinary, additional; /**< 1e-16. */
} sums;

static tariff_status add_up(const tariff_law *law, const tf_burden *burden, int64_t value,
                            sums *out)
{
    for (unsigned i = 0; i < burden->charge_count; i++) {
        const tf_charge *charge = &burden->charges[i];
        tf_i128          duty, money;
        tf_i128 *to = law->ordinary >> charge->layer & 1 ? &out->ordinary : &out->additional;
        if (!tf_mul(charge->rate, value, &duty) || !tf_mul(charge->money, TF_E4, &money)
            || !tf_add(duty, money, &duty) || !tf_add(*to, duty, to))
            return TARIFF_E_OVERFLOW;
    }
    return TARIFF_OK;
}

static bool to_money(tf_i128 e16, tariff_money *out)
{
    tf_i128 e4 = tf_div_half_even(e16, TF_E12);
    out->e4 = (int64_t)e4;
    return e4 == out->e4;
}

static bool has_money(const tf_burden *burden)
{
    for (unsigned i = 0; i < burden->charge_count; i++)
        if (burden->charges[i].money != 0)
            return true;
    return false;
}

/* A rate on no value is still a rate; an amount on no value is none. */
static bool rate_of(const tf_burden *burden, tf_i128 duty, int64_t value, tariff_burden *out)
{
    tf_i128 nano = 0;
    if (value > 0) {
        nano = tf_div_half_even(duty, (tf_i128)value * TF_E3); /* 1e-16 / 1e-4 / 1e3 */
    } else if (has_money(burden)) {
        out->flags |= TARIFF_BURDEN_NO_RATE;
    } else {
        for (unsigned i = 0; i < burden->charge_count; i++)
            nano += burden->charges[i].rate;
        nano = tf_div_half_even(nano, TF_E3);
    }
    out->rate.nano = (int64_t)nano;
    return nano == out->rate.nano;
}

static tariff_status tell(const tariff_law *law, const tf_burden *burden, int64_t value,
                          tariff_burden *out)
{
    sums s = { 0, 0 };
    TF_TRY(add_up(law, burden, value, &s));
    out->flags = (burden->unassessed ? TARIFF_BURDEN_UNASSESSED : 0u)
                 | (burden->estimated ? TARIFF_BURDEN_ESTIMATED : 0u)
                 | (burden->coarse ? TARIFF_BURDEN_COARSE : 0u)
                 | (burden->unmatched ? TARIFF_BURDEN_UNMATCHED : 0u);
    tf_i128 duty;
    if (!tf_add(s.ordinary, s.additional, &duty) || !to_money(duty, &out->duty)
        || !to_money(s.ordinary, &out->ordinary) || !to_money(s.additional, &out->additional)
        || !rate_of(burden, duty, value, out))
        return TARIFF_E_OVERFLOW;
    return TARIFF_OK;
}

/* One entry */

/* The program of an entry of which neither a table nor its owner says anything, and that charges
 * nothing by quantity: what it charges depends on no entry.  NULL for all others. */
static const tf_program *plain_program(const tariff_assessor *a, const tariff_entry *entry)
{
    const tf_program *program = a->cases.cases.at[0].program;
    const tf_line    *line = &a->cases.lines.at[0];
    bool              plain = line->part_rows == 0 && line->claim_rows == 0 && !entry->claims
                 && !entry->parts && (entry->unit.id == 0 || !program->by_quantity);
    return plain ? program : NULL;
}

static tariff_status assess_plain(tariff_assessor *a, const tf_program *program,
                                  const tf_burden **out)
{
    const tf_burden *none = NULL;
    while (a->plain.n <= program->number)
        if (!TF_PUSH(&a->arena, &a->plain, none))
            return TARIFF_E_NOMEM;
    const tf_burden **kept = &a->plain.at[program->number];
    if (!*kept) {
        TF_TRY(tf_assess(a->law, a->cases.cases.at, 1, &a->bench));
        *kept = tf_burden_keep(&a->arena, &a->bench.burden);
        TF_NEED(*kept);
    }
    *out = *kept;
    return TARIFF_OK;
}

/* What an error is about: a row of columns, or the one entry. */
typedef struct subject {
    tariff_env *env;
    bool        row;
    size_t      number;
} subject;

static tariff_status complain(const subject *s, const char *field, tariff_status status,
                              const char *hint, const char *message)
{
    tf_place place = { .field = field };
    if (s->row)
        return tf_error(s->env, status, &place, hint && *hint ? hint : NULL, "row %zu: %s",
                        s->number, message);
    return tf_error(s->env, status, &place, hint && *hint ? hint : NULL, "%s", message);
}

static tariff_status check(const subject *s, const tariff_entry *entry)
{
    if (!tf_hs_is_key(entry->hs.key))
        return complain(s, "hs", TARIFF_E_ARG, "tariff_hs_parse() makes keys of codes",
                        "this is no code");
    if (entry->origin.id >= tariff_country_count())
        return complain(s, "origin", TARIFF_E_ARG, NULL, "this is no country");
    if (entry->importer.id >= tariff_country_count())
        return complain(s, "importer", TARIFF_E_ARG, NULL, "this is no country");
    if (entry->date.days == TARIFF_DATE_MIN || entry->date.days == TARIFF_DATE_MAX)
        return complain(s, "date", TARIFF_E_ARG, NULL, "there is no day");
    if (entry->value.e4 < 0)
        return complain(s, "value", TARIFF_E_ARG, NULL, "the value is negative");
    if (entry->quantity.e4 < 0)
        return complain(s, "quantity", TARIFF_E_ARG, NULL, "the quantity is negative");
    if (entry->unit.id != 0 && !*tariff_unit_name(entry->unit))
        return complain(s, "unit", TARIFF_E_ARG, NULL, "this is no unit");
    return TARIFF_OK;
}

/* What the entry says of itself, in the place of what the tables say. */
static tariff_status know(const tariff_assessor *a, const subject *s, const tariff_entry *entry,
                          tf_line *line)
{
    const tf_book *book = &a->law->book;
    tf_why         why;
    tf_overrides   known;
    line->value = entry->value.e4;
    line->quantity = entry->quantity.e4;
    line->unit = entry->unit;
    if (!entry->claims && !entry->parts)
        return TARIFF_OK;
    known.claims = known.parts = 0;
    if (entry->claims
        && tf_parse_claims(book, entry->claims, strlen(entry->claims), &known, &why) != TARIFF_OK)
        return complain(s, "claims", why.status, why.hint, why.message);
    if (entry->parts
        && tf_parse_parts(book, entry->parts, strlen(entry->parts), &known, &why) != TARIFF_OK)
        return complain(s, "parts", why.status, why.hint, why.message);
    tf_override(&known, line);
    return TARIFF_OK;
}

static tariff_status assess(tariff_assessor *a, const subject *s, const tariff_entry *entry,
                            tariff_burden *out)
{
    TF_TRY(check(s, entry));
    tariff_span      day = { entry->date, { entry->date.days + 1 } };
    const tf_burden *burden = &a->bench.burden;
    TF_TRY(tf_cases_find(&a->arena, a->law, a->programs, entry->hs.key, entry->origin.id,
                         entry->importer.id, day, &a->cases));
    const tf_program *plain = plain_program(a, entry);
    if (plain) {
        TF_TRY(assess_plain(a, plain, &burden));
    } else {
        TF_TRY(know(a, s, entry, &a->cases.lines.at[0]));
        TF_TRY(tf_assess(a->law, a->cases.cases.at, 1, &a->bench));
    }
    return tell(a->law, burden, entry->value.e4, out);
}

/* Statuses of the algebra get their words here: it has none. */
static tariff_status assess_and_say(tariff_assessor *a, const subject *s,
                                    const tariff_entry *entry, tariff_burden *out)
{
    size_t        errors = a->env->errors;
    tariff_status status = assess(a, s, entry, out);
    if (a->env->errors > errors)
        return status;
    if (status == TARIFF_E_OVERFLOW)
        return complain(s, "value", status, NULL, "the duty does not fit in exact arithmetic");
    if (status == TARIFF_E_LIMIT)
        return complain(s, "claims", status, "at most 12 claims may be shared on one line",
                        "too many claims that are made for part of the trade");
    return status;
}

tariff_status tariff_assess_entry(tariff_assessor *assessor, const tariff_entry *entry,
                                  tariff_burden *out)
{
    subject       one = { assessor->env, false, 0 };
    tariff_burden burden = TARIFF_BURDEN_INIT;
    TF_TRY(assess_and_say(assessor, &one, entry, &burden));
    /* A caller built against an older header knows fewer fields. */
    size_t known = out->size < sizeof burden ? out->size : sizeof burden;
    burden.size = out->size;
    memcpy(out, &burden, known);
    return TARIFF_OK;
}

/* Columns */

static tariff_status check_columns(tariff_env *env, const tariff_columns *c)
{
    const struct {
        const void *column;
        const char *name;
    } needed[] = { { c->hs, "hs" },
                   { c->origin, "origin" },
                   { c->importer, "importer" },
                   { c->date, "date" },
                   { c->value, "value" } };
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (!needed[i].column)
            return tf_error(env, TARIFF_E_ARG, NULL, NULL, "the column '%s' is missing",
                            needed[i].name);
    if (!c->quantity != !c->unit)
        return tf_error(env, TARIFF_E_ARG, NULL, NULL,
                        "the columns 'quantity' and 'unit' go together");
    return TARIFF_OK;
}

static void take_row(const tariff_columns *c, size_t i, tariff_entry *entry)
{
    entry->hs = c->hs[i];
    entry->origin = c->origin[i];
    entry->importer = c->importer[i];
    entry->date = c->date[i];
    entry->value = c->value[i];
    if (c->unit) {
        entry->quantity = c->quantity[i];
        entry->unit = c->unit[i];
    }
    entry->claims = c->claims ? c->claims[i] : NULL;
    entry->parts = c->parts ? c->parts[i] : NULL;
}

static void put_row(const tariff_burdens *out, size_t i, const tariff_burden *burden)
{
    if (out->duty)
        out->duty[i] = burden->duty;
    if (out->ordinary)
        out->ordinary[i] = burden->ordinary;
    if (out->additional)
        out->additional[i] = burden->additional;
    if (out->rate)
        out->rate[i] = burden->rate;
    if (out->flags)
        out->flags[i] = (uint8_t)burden->flags;
}

static tariff_status assess_rows(tariff_assessor *a, const tariff_columns *c, size_t count,
                                 const tariff_burdens *out, size_t *done)
{
    tariff_entry  entry = TARIFF_ENTRY_INIT;
    tariff_burden burden = TARIFF_BURDEN_INIT;
    for (size_t i = 0; i < count; i++, ++*done) {
        if (i % ASK_EVERY == 0 && tf_cancelled(a->env))
            return TARIFF_E_CANCELLED;
        subject row = { a->env, true, i };
        take_row(c, i, &entry);
        TF_TRY(assess_and_say(a, &row, &entry, &burden));
        put_row(out, i, &burden);
    }
    return TARIFF_OK;
}

tariff_status tariff_assess_columns(tariff_assessor *assessor, const tariff_columns *columns,
                                    size_t count, const tariff_burdens *out, size_t *done)
{
    tariff_columns in = TARIFF_COLUMNS_INIT;
    tariff_burdens to = TARIFF_BURDENS_INIT;
    size_t         ignored;
    done = done ? done : &ignored;
    *done = 0;
    memcpy(&in, columns, columns->size < sizeof in ? columns->size : sizeof in);
    memcpy(&to, out, out->size < sizeof to ? out->size : sizeof to);
    TF_TRY(check_columns(assessor->env, &in));
    return assess_rows(assessor, &in, count, &to, done);
}
