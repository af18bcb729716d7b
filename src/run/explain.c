/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/burden.h"
#include "run/overrides.h"
#include "value/decimal.h"

#include <stdio.h>
#include <tariff/explain.h>

enum { PRODUCTS_TEXT = 80 };

typedef struct explanation {
    tariff_env             *env;
    const tariff_law       *law;
    const tariff_entry     *entry;
    const tariff_explainer *to;
    tf_cell                 cell;
    tf_programs            *programs;
    tf_bench                bench;
} explanation;

/** Text that is put together piece by piece, never longer than its buffer. */
typedef struct words {
    char   text[512];
    size_t n;
} words;

static void say(words *w, const char *separator, const char *a, const char *b)
{
    int n = snprintf(w->text + w->n, sizeof w->text - w->n, "%s%s%s", w->n ? separator : "", a, b);
    w->n += n > 0 && (size_t)n < sizeof w->text - w->n ? (size_t)n : 0;
}

static void say_day(words *w, const char *what, tariff_date day)
{
    char text[16];
    tariff_date_format(day, text);
    if (*text)
        say(w, " ", what, text);
}

/* Branches */

static void tell_branch(explanation *e, const tf_outcome *outcome, size_t number, size_t count)
{
    words w = { .n = 0 };
    char  probability[TF_DECIMAL_TEXT];
    w.text[0] = '\0';
    for (uint32_t rest = outcome->program->claims; rest; rest &= rest - 1) {
        unsigned claim = (unsigned)__builtin_ctz(rest);
        say(&w, " ", outcome->claimed >> claim & 1 ? "" : "!",
            e->law->book.claim_names.list.at[claim]);
    }
    tf_format_fixed(outcome->probability, 18, 0, probability);
    tariff_branch branch = { sizeof branch, number, count, probability, w.text };
    if (e->to->branch)
        e->to->branch(e->to->user, &branch);
}

/* Verdicts */

static void say_layers(const explanation *e, words *w, uint64_t layers)
{
    for (; layers; layers &= layers - 1)
        say(w, ", ", e->law->book.layers.at[__builtin_ctzll(layers)].name, "");
}

static void say_base(const explanation *e, const tf_measure *measure, words *w)
{
    for (uint32_t parts = measure->base_parts; parts; parts &= parts - 1)
        say(w, w->n ? ", " : "", measure->base == TF_BASE_LIST ? "on its " : "not on its ",
            e->law->book.part_names.list.at[__builtin_ctz(parts)]);
}

static void say_products(const explanation *e, const tf_measure *measure, tariff_step *step,
                         char products[PRODUCTS_TEXT])
{
    tf_products_format(&e->law->book.scopes, &measure->products, products, PRODUCTS_TEXT);
    step->products = products;
}

/* The layer has no measure on this line today: had it one, or will it have one? */
static tariff_status judge_absent(explanation *e, const tf_program *program, unsigned layer,
                                  tariff_step *step, words *w, char products[PRODUCTS_TEXT])
{
    const tf_measure *other;
    step->verdict = "no measure";
    if (program->changed_out >> layer & 1) {
        step->verdict = "changed";
        say(w, " ", "taken off the line by a change of the scenario", "");
        return TARIFF_OK;
    }
    TF_TRY(tf_program_out_of_force(e->programs, &e->cell, layer, &other));
    if (!other)
        return TARIFF_OK;
    step->verdict = "not in force";
    say_products(e, other, step, products);
    step->rate = other->rate->text;
    step->file = other->place.path;
    step->line = other->place.line;
    step->citation = other->citation;
    say_day(w, "from ", other->span.from);
    say_day(w, "until ", other->span.until);
    return TARIFF_OK;
}

static void judge_present(const explanation *e, const tf_verdict *verdict, tariff_step *step,
                          words *w, char products[PRODUCTS_TEXT])
{
    if (!verdict->choice) {
        step->verdict = "condition not met";
        return;
    }
    const tf_measure *m = verdict->choice->measure;
    step->file = m->place.path;
    step->line = m->place.line;
    step->citation = m->citation;
    say_products(e, m, step, products);
    if (m->when.text)
        say(w, " ", "when ", m->when.text);
    if (tf_rate_is_zero(verdict->choice->rate)) {
        step->verdict = "exempt";
        say_day(w, "from ", m->span.from);
        say_day(w, "until ", m->span.until);
        return;
    }
    bool displaced = (verdict->choice->pieces & verdict->taken) != 0;
    step->verdict = displaced && !verdict->charged ? "displaced" : "applies";
    say_base(e, m, w);
    if (displaced) {
        words takers = { .n = 0 };
        say_layers(e, &takers, verdict->takers);
        say(w, "; ", displaced && verdict->charged ? "part displaced by " : "by ", takers.text);
    }
}

/* The rate in percent, after the scenario's changes (which leave no text). */
static const char *rate_text(const tf_verdict *verdict, char buf[TF_DECIMAL_TEXT])
{
    const tf_choice *choice = verdict->choice;
    if (choice->rate == choice->measure->rate)
        return choice->rate->text;
    tf_format_percent(verdict->statutory, 9, buf);
    return buf;
}

static tariff_status tell_step(explanation *e, const tf_outcome *outcome, unsigned layer)
{
    const tf_program *program = outcome->program;
    const tf_layer   *of = &e->law->book.layers.at[layer];
    const tf_verdict *verdict = NULL;
    words             w = { .n = 0 };
    char              rate[TF_DECIMAL_TEXT], share[TF_DECIMAL_TEXT] = "0";
    char              contribution[TF_DECIMAL_TEXT] = "0", duty[TF_DECIMAL_TEXT] = "0.00";
    char              products[PRODUCTS_TEXT];
    tariff_step       step = { .size = sizeof step,
                               .layer = of->name,
                               .title = of->title,
                               .kind = of->kind == TF_ORDINARY ? "ordinary" : "additional",
                               .reason = w.text,
                               .products = "",
                               .rate = "",
                               .share = share,
                               .contribution = contribution,
                               .duty = duty,
                               .citation = "" };
    w.text[0] = '\0';
    for (unsigned i = 0; i < program->layer_count; i++)
        if (program->layers[i].layer == layer)
            verdict = &e->bench.burden.verdicts.at[outcome->verdicts + i];
    if (!verdict) {
        TF_TRY(judge_absent(e, program, layer, &step, &w, products));
    } else {
        judge_present(e, verdict, &step, &w, products);
        if (verdict->choice)
            step.rate = rate_text(verdict, rate);
        tf_i128 rest;
        if (!tf_mul(verdict->rate, e->entry->value.e4, &rest))
            return TARIFF_E_OVERFLOW;
        tf_format_fixed(verdict->share, 9, 0, share);
        tf_format_fixed(verdict->rate, 18, 0, contribution);
        tf_format_cents(rest + verdict->money * TF_E10, 22, duty);
        if (verdict->money)
            contribution[0] = '\0';
    }
    if (e->to->step)
        e->to->step(e->to->user, &step);
    return TARIFF_OK;
}

/* Totals */

typedef struct sum {
    tf_i128 rate; /**< 1e-12. */
    tf_i128 duty; /**< 1e-16. */
    bool    has_rate;
} sum;

static void tell_total(const explanation *e, const char *name, const sum *s, bool last)
{
    char             rate[TF_DECIMAL_TEXT] = "", duty[TF_DECIMAL_TEXT];
    const tf_burden *burden = &e->bench.burden;
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

static tariff_status tell_totals(explanation *e)
{
    sum              ordinary = { 0, 0, true }, additional = { 0, 0, true };
    const tf_burden *burden = &e->bench.burden;
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
            tell_total(e, e->law->book.layers.at[charge->layer].name, &s, false);
        add_sum(e->law->ordinary >> charge->layer & 1 ? &ordinary : &additional, &s);
    }
    tell_total(e, "ordinary", &ordinary, false);
    tell_total(e, "additional", &additional, false);
    add_sum(&ordinary, &additional);
    tell_total(e, "total", &ordinary, true);
    return TARIFF_OK;
}

static tariff_status parse_known(explanation *e, tf_overrides *out)
{
    tf_why              why;
    const tariff_entry *entry = e->entry;
    memset(out, 0, sizeof *out);
    if ((entry->claims
         && tf_parse_claims(&e->law->book, entry->claims, strlen(entry->claims), out, &why)
                != TARIFF_OK)
        || (entry->parts
            && tf_parse_parts(&e->law->book, entry->parts, strlen(entry->parts), out, &why)
                   != TARIFF_OK))
        return tf_error(e->env, why.status, NULL, why.hint, "%s", why.message);
    return TARIFF_OK;
}

static tariff_status explain(explanation *e)
{
    const tf_program *program;
    tf_line           line = { .value = e->entry->value.e4,
                               .quantity = e->entry->quantity.e4,
                               .unit = e->entry->unit };
    tf_overrides      known;
    TF_TRY(parse_known(e, &known));
    TF_TRY(tf_programs_new(e->env, e->law, &e->programs));
    TF_TRY(tf_program_find(e->programs, &e->cell, &program));
    tf_line_look_up(e->law, program, &e->cell, &line);
    tf_override(&known, &line);
    tf_case one = { program, &line, TF_E18 };
    TF_TRY(tf_assess(e->law, &one, 1, &e->bench));
    const tf_burden *burden = &e->bench.burden;
    for (size_t o = 0; o < burden->outcomes.n; o++) {
        tell_branch(e, &burden->outcomes.at[o], o, burden->outcomes.n);
        for (size_t i = 0; i < e->law->book.layers.n; i++)
            TF_TRY(tell_step(e, &burden->outcomes.at[o], program->regime->order[i]));
    }
    return tell_totals(e);
}

tariff_status tariff_explain(tariff_env *env, const tariff_law *law, const tariff_entry *entry,
                             const tariff_explainer *explainer)
{
    explanation e = { .env = env, .law = law, .entry = entry, .to = explainer };
    if (entry->hs.key == 0 || entry->origin.id >= TF_COUNTRIES_MAX
        || entry->importer.id >= TF_COUNTRIES_MAX)
        return TARIFF_E_ARG;
    e.cell = (tf_cell){ entry->hs.key, entry->origin.id, entry->importer.id, entry->date.days };
    tf_bench_init(&e.bench, env);
    tariff_status status = explain(&e);
    if (status == TARIFF_E_OVERFLOW)
        tf_error(env, status, NULL, NULL, "the duty does not fit in exact arithmetic");
    if (status == TARIFF_E_LIMIT)
        tf_error(env, status, NULL, NULL, "too many claims that are made for part of the trade");
    tf_programs_free(e.programs);
    tf_bench_free(&e.bench);
    return status;
}
