/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/steps.h"
#include "run/words.h"

#include <stdio.h>

/* An entry under a law */

void tf_assessed_init(tf_assessed *a, tariff_env *env, const tariff_law *law)
{
    memset(a, 0, sizeof *a);
    a->law = law;
    tf_bench_init(&a->bench, env);
}

void tf_assessed_free(tf_assessed *a)
{
    tf_programs_free(a->programs);
    tf_bench_free(&a->bench);
}

tariff_status tf_assessed_fill(const tf_explanation *e, tf_assessed *a)
{
    a->line = (tf_line){ .value = e->entry->value.e4,
                         .quantity = e->entry->quantity.e4,
                         .unit = e->entry->unit };
    TF_TRY(tf_programs_new(e->env, a->law, TF_ALL_LAYERS, &a->programs));
    TF_TRY(tf_program_find(a->programs, &e->cell, &a->program));
    tf_line_look_up(a->law, a->program, &e->cell, NULL, &a->line);
    tf_override(&e->known, &a->line);
    tf_case one = { a->program, &a->line, TF_E18 };
    return tf_assess(a->law, &one, 1, &a->bench);
}

/* Branches */

static void tell_branch(tf_explanation *e, const tf_outcome *outcome, size_t number, size_t count)
{
    tf_words w = { .n = 0 };
    char     probability[TF_DECIMAL_TEXT];
    w.text[0] = '\0';
    for (uint32_t rest = outcome->program->claims; rest; rest &= rest - 1) {
        unsigned claim = (unsigned)__builtin_ctz(rest);
        tf_say(&w, " ", outcome->claimed >> claim & 1 ? "" : "!",
               e->now.law->book.claim_names.list.at[claim]);
    }
    tf_format_fixed(outcome->probability, 18, 0, probability);
    tariff_branch branch = { sizeof branch, number, count, probability, w.text };
    if (e->to->branch)
        e->to->branch(e->to->user, &branch);
}

/* Totals */

typedef struct sum {
    tf_i128 rate; /**< 1e-12. */
    tf_i128 duty; /**< 1e-16. */
    bool    has_rate;
} sum;

static void tell_total(const tf_explanation *e, const char *name, const sum *s, bool last)
{
    char             rate[TF_DECIMAL_TEXT] = "", duty[TF_DECIMAL_TEXT];
    const tf_burden *burden = &e->now.bench.burden;
    if (s->has_rate)
        tf_format_fixed(s->rate, 12, 0, rate);
    tf_format_cents(s->duty, 16, duty);
    tariff_total total = { sizeof total, name, rate, duty, false, false, false, false };
    if (last) {
        total.unassessed = burden->unassessed;
        total.estimated = burden->estimated;
        total.coarse = burden->coarse;
        total.unmatched = burden->unmatched;
    }
    if (e->to->total)
        e->to->total(e->to->user, &total);
}

static void add_sum(sum *to, const sum *more)
{
    to->rate += more->rate;
    to->duty += more->duty;
    to->has_rate = to->has_rate && more->has_rate;
}

static tariff_status tell_totals(tf_explanation *e)
{
    sum              ordinary = { 0, 0, true }, additional = { 0, 0, true };
    const tf_burden *burden = &e->now.bench.burden;
    for (unsigned i = 0; i < burden->charge_count; i++) {
        const tf_charge *charge = &burden->charges[i];
        sum              s = { charge->rate, 0, true };
        tf_i128          money;
        if (!tf_mul(charge->rate, e->entry->value.e4, &s.duty)
            || !tf_mul(charge->money, TF_E4, &money) || !tf_add(s.duty, money, &s.duty))
            return TARIFF_E_OVERFLOW;
        if (charge->money != 0 && e->entry->value.e4 > 0)
            s.rate += tf_div_half_even(money, e->entry->value.e4);
        else if (charge->money != 0)
            s.has_rate = false;
        if (s.duty != 0 || s.rate != 0)
            tell_total(e, e->now.law->book.layers.at[charge->layer].name, &s, false);
        add_sum(e->now.law->ordinary >> charge->layer & 1 ? &ordinary : &additional, &s);
    }
    tell_total(e, "ordinary", &ordinary, false);
    tell_total(e, "additional", &additional, false);
    add_sum(&ordinary, &additional);
    tell_total(e, "total", &ordinary, true);
    return TARIFF_OK;
}

/* Claims and parts of the entry: an error names the field. */
static tariff_status parse_known(tf_explanation *e)
{
    tf_why              why;
    const tariff_entry *entry = e->entry;
    const tf_book      *book = &e->now.law->book;
    tf_place            place = { .field = NULL };
    if (entry->claims
        && tf_parse_claims(book, entry->claims, strlen(entry->claims), &e->known, &why)
               != TARIFF_OK)
        place.field = "claims";
    else if (entry->parts
             && tf_parse_parts(book, entry->parts, strlen(entry->parts), &e->known, &why)
                    != TARIFF_OK)
        place.field = "parts";
    if (place.field)
        return tf_error(e->env, why.status, &place, *why.hint ? why.hint : NULL, "%s",
                        why.message);
    return TARIFF_OK;
}

static tariff_status explain(tf_explanation *e)
{
    const tf_burden *burden = &e->now.bench.burden;
    TF_TRY(parse_known(e));
    TF_TRY(tf_assessed_fill(e, &e->now));
    for (size_t o = 0; o < burden->outcomes.n; o++) {
        tell_branch(e, &burden->outcomes.at[o], o, burden->outcomes.n);
        for (size_t i = 0; i < e->now.law->book.layers.n; i++)
            TF_TRY(tf_tell_step(e, &burden->outcomes.at[o], e->now.program->regime->order[i]));
    }
    return tell_totals(e);
}

tariff_status tariff_explain(tariff_env *env, const tariff_law *law, const tariff_entry *entry,
                             const tariff_explainer *explainer)
{
    tf_explanation e = { .env = env, .entry = entry, .to = explainer, .unchanged = *law };
    if (entry->hs.key == 0 || entry->origin.id >= TF_COUNTRIES_MAX
        || entry->importer.id >= TF_COUNTRIES_MAX)
        return TARIFF_E_ARG;
    e.cell = (tf_cell){ entry->hs.key, entry->origin.id, entry->importer.id, entry->date.days };
    e.unchanged.changes.n = 0;
    tf_assessed_init(&e.now, env, law);
    tf_assessed_init(&e.before, env, &e.unchanged);
    tariff_status status = explain(&e);
    if (status == TARIFF_E_OVERFLOW)
        tf_error(env, status, NULL, NULL, "the duty does not fit in exact arithmetic");
    if (status == TARIFF_E_LIMIT)
        tf_error(env, status, NULL, NULL, "too many claims that are made for part of the trade");
    tf_assessed_free(&e.now);
    tf_assessed_free(&e.before);
    return status;
}
