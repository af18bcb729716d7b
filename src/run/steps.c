/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/steps.h"

#include "run/words.h"

#include <stdio.h>

enum { PRODUCTS_TEXT = 80 };

/** A step while it is put into words. */
typedef struct telling {
    tf_explanation   *e;
    const tf_book    *book;
    const tf_outcome *outcome;
    const tf_verdict *verdict; /**< NULL: no measure. */
    unsigned          layer;
    tf_words          reason, rate, law_rate;
    char              share[TF_DECIMAL_TEXT], contribution[TF_DECIMAL_TEXT];
    char              duty[TF_DECIMAL_TEXT], products[PRODUCTS_TEXT];
    tariff_step       step;
} telling;

static const tf_verdict *verdict_of(const tf_bench *bench, const tf_outcome *outcome,
                                    unsigned layer)
{
    for (unsigned i = 0; i < outcome->program->layer_count; i++)
        if (outcome->program->layers[i].layer == layer)
            return &bench->burden.verdicts.at[outcome->verdicts + i];
    return NULL;
}

/* The measure that a layer would take first, were its conditions met. */
static const tf_choice *closest_choice(const tf_program *program, unsigned layer)
{
    for (unsigned i = 0; i < program->layer_count; i++)
        if (program->layers[i].layer == layer)
            return &program->choices[program->layers[i].first];
    return NULL;
}

static void name_measure(telling *t, const tf_measure *measure)
{
    tf_products_format(&t->book->scopes, &measure->products, t->products, PRODUCTS_TEXT);
    t->step.products = t->products;
    t->step.file = measure->enacted->path;
    t->step.line = measure->line;
    t->step.citation = measure->enacted->citation;
}

/* Changes of the scenario */

static void say_changes(telling *t, uint64_t changes)
{
    const char *separator = " (";
    for (; changes; changes &= changes - 1, separator = ", ") {
        char name[32];
        snprintf(name, sizeof name, "changes[%u]",
                 t->e->now.law->changes.at[__builtin_ctzll(changes)].number);
        tf_say(&t->reason, "", separator, name);
    }
    tf_say(&t->reason, "", ")", "");
}

/* The rate of a choice; one that the scenario made is told apart from what the law says. */
static void name_rate(telling *t, const tf_choice *choice)
{
    t->step.rate = choice->rate->text;
    if (choice->rate == choice->measure->rate)
        return;
    tf_say_rate(&t->rate, t->book, choice->rate);
    tf_say(&t->law_rate, "", choice->measure->rate->text, "");
    t->step.rate = t->rate.text;
    t->step.law_rate = t->law_rate.text;
    tf_say(&t->reason, "; ", t->law_rate.text, " in the law, changed by the scenario");
    say_changes(t, choice->changes);
}

/* Changes that take measures of the layer off this line. */
static uint64_t removing_changes(const telling *t)
{
    const tariff_law *law = t->e->now.law;
    const tf_scopes  *scopes = &t->book->scopes;
    const tf_cell    *cell = &t->e->cell;
    uint64_t          out = 0;
    for (size_t i = 0; i < law->changes.n; i++) {
        const tf_change *c = &law->changes.at[i];
        if (c->kind != TF_CHANGE_RATE && (c->layers >> t->layer & 1)
            && tf_span_holds(c->span, cell->day)
            && tf_products_length(scopes, &c->products, cell->hs, cell->day) >= 0
            && tf_countries_level(scopes, c->origins, cell->origin, cell->day) != TF_NOT_NAMED
            && tf_countries_level(scopes, c->importers, cell->importer, cell->day)
                   != TF_NOT_NAMED)
            out |= UINT64_C(1) << i;
    }
    return out;
}

/* What the layer would have charged by, in the branch that makes the same claims. */
static const tf_choice *choice_before(const telling *t)
{
    const tf_assessed *before = &t->e->before;
    const tf_burden   *burden = &before->bench.burden;
    for (size_t i = 0; i < burden->outcomes.n; i++) {
        const tf_outcome *o = &burden->outcomes.at[i];
        uint32_t          shared = o->program->claims & t->outcome->program->claims;
        const tf_verdict *verdict = verdict_of(&before->bench, o, t->layer);
        if (((o->claimed ^ t->outcome->claimed) & shared) == 0 && verdict && verdict->choice)
            return verdict->choice;
    }
    return closest_choice(before->program, t->layer);
}

static tariff_status judge_removed(telling *t)
{
    tf_explanation *e = t->e;
    t->step.verdict = "changed";
    tf_say(&t->reason, "", "taken off by the scenario", "");
    say_changes(t, removing_changes(t));
    if (!e->before.program)
        TF_TRY(tf_assessed_fill(e, &e->before));
    const tf_choice *choice = choice_before(t);
    if (choice) {
        name_measure(t, choice->measure);
        t->step.rate = choice->rate->text;
    }
    return TARIFF_OK;
}

/* Verdicts */

/* The layer has no measure on this line today: had it one, or will it have one? */
static tariff_status judge_absent(telling *t)
{
    const tf_measure *other;
    if (t->outcome->program->changed_out >> t->layer & 1)
        return judge_removed(t);
    t->step.verdict = "no measure";
    TF_TRY(tf_program_out_of_force(t->e->now.programs, &t->e->cell, t->layer, &other));
    if (!other)
        return TARIFF_OK;
    t->step.verdict = "not in force";
    t->step.rate = other->rate->text;
    name_measure(t, other);
    tf_say_day(&t->reason, "from ", other->span.from);
    tf_say_day(&t->reason, "until ", other->span.until);
    return TARIFF_OK;
}

/* The share of a part after scaling; burden.c cuts the value, this only tells of it. */
static int64_t share_of_part(const telling *t, unsigned part)
{
    const tf_line *line = &t->e->now.line;
    int64_t        sum = 0;
    for (size_t i = 0; i < t->book->parts.n; i++)
        sum += line->parts[i];
    return sum > TF_E9 ? (int64_t)tf_div_half_even((tf_i128)line->parts[part] * TF_E9, sum)
                       : line->parts[part];
}

static void say_test(telling *t, const tf_test *test)
{
    char        limit[TF_DECIMAL_TEXT], is[TF_DECIMAL_TEXT];
    bool        claim = test->kind == TF_CLAIMED || test->kind == TF_NOT_CLAIMED;
    bool        claimed = t->outcome->claimed >> test->number & 1;
    const char *separator = t->reason.n ? ", " : "not met: ";
    if (claim) {
        if (claimed == (test->kind == TF_CLAIMED))
            return;
        tf_say(&t->reason, "", separator, test->kind == TF_CLAIMED ? "" : "!");
        tf_say(&t->reason, "", t->book->claim_names.list.at[test->number], "");
        return;
    }
    int64_t share = share_of_part(t, test->number);
    if ((share >= test->nano) == (test->kind == TF_AT_LEAST))
        return;
    tf_format_percent(test->nano, 9, limit);
    tf_format_percent(share, 9, is);
    tf_say(&t->reason, "", separator, t->book->part_names.list.at[test->number]);
    tf_say(&t->reason, "", test->kind == TF_AT_LEAST ? ">=" : "<", limit);
    tf_say(&t->reason, "", " (it is ", is);
    tf_say(&t->reason, "", ")", "");
}

static void judge_unmet(telling *t)
{
    const tf_choice *choice = closest_choice(t->outcome->program, t->layer);
    const tf_when   *when = choice->measure->when;
    t->step.verdict = "condition not met";
    name_measure(t, choice->measure);
    for (size_t i = 0; i < when->count; i++)
        say_test(t, &when->tests[i]);
    if (t->reason.n == 0)
        tf_say(&t->reason, "", "when ", when->text);
    name_rate(t, choice);
}

static void say_base(telling *t, const tf_measure *measure)
{
    for (uint32_t parts = measure->base_parts; parts; parts &= parts - 1)
        tf_say(&t->reason, ", ", measure->base == TF_BASE_LIST ? "on its " : "not on its ",
               t->book->part_names.list.at[__builtin_ctz(parts)]);
}

static void judge_present(telling *t)
{
    const tf_verdict *verdict = t->verdict;
    if (!verdict->choice) {
        judge_unmet(t);
        return;
    }
    const tf_measure *m = verdict->choice->measure;
    name_measure(t, m);
    if (m->when->text)
        tf_say(&t->reason, "", "when ", m->when->text);
    if (tf_rate_is_zero(verdict->choice->rate)) {
        t->step.verdict = "exempt";
        tf_say_day(&t->reason, "from ", m->span.from);
        tf_say_day(&t->reason, "until ", m->span.until);
        name_rate(t, verdict->choice);
        return;
    }
    bool displaced = (verdict->choice->pieces & verdict->taken) != 0;
    t->step.verdict = displaced && !verdict->charged ? "displaced" : "applies";
    t->step.unassessed = verdict->unassessed;
    say_base(t, m);
    if (verdict->unassessed)
        tf_say(&t->reason, "; ", "a specific duty is not assessed, for want of a quantity in its unit",
               "");
    if (displaced) {
        tf_words takers = { .n = 0 };
        takers.text[0] = '\0';
        tf_say_layers(&takers, t->book, verdict->takers);
        tf_say(&t->reason, "; ", verdict->charged ? "part displaced by " : "by ", takers.text);
    }
    name_rate(t, verdict->choice);
}

/* What it charges, in numbers */

static tariff_status tell_amounts(telling *t)
{
    const tf_verdict *verdict = t->verdict;
    int64_t           value = t->e->entry->value.e4;
    tf_i128           duty; /* 1e-22 */
    if (!tf_mul(verdict->rate, value, &duty) || !tf_add(duty, verdict->money * TF_E10, &duty))
        return TARIFF_E_OVERFLOW;
    tf_format_fixed(verdict->share, 9, 0, t->share);
    tf_format_cents(duty, 22, t->duty);
    if (!verdict->money)
        tf_format_fixed(verdict->rate, 18, 0, t->contribution);
    else if (value > 0) /* 1e-22 / (1e-4 x 1e-6): a rate at 1e-12 */
        tf_format_fixed(tf_div_half_even(duty, (tf_i128)value * TF_E6), 12, 0, t->contribution);
    else
        t->contribution[0] = '\0';
    return TARIFF_OK;
}

tariff_status tf_tell_step(tf_explanation *e, const tf_outcome *outcome, unsigned layer)
{
    const tf_book  *book = &e->now.law->book;
    const tf_layer *of = &book->layers.at[layer];
    telling         t = { .e = e,
                          .book = book,
                          .outcome = outcome,
                          .verdict = verdict_of(&e->now.bench, outcome, layer),
                          .layer = layer,
                          .share = "0",
                          .contribution = "0",
                          .duty = "0.00" };
    t.step = (tariff_step){ .size = sizeof t.step,
                            .layer = of->name,
                            .title = of->title,
                            .kind = of->kind == TF_ORDINARY ? "ordinary" : "additional",
                            .reason = t.reason.text,
                            .products = "",
                            .rate = "",
                            .share = t.share,
                            .contribution = t.contribution,
                            .duty = t.duty,
                            .citation = "",
                            .law_rate = "" };
    if (t.verdict) {
        judge_present(&t);
        TF_TRY(tell_amounts(&t));
    } else {
        TF_TRY(judge_absent(&t));
    }
    if (e->to->step)
        e->to->step(e->to->user, &t.step);
    return TARIFF_OK;
}
