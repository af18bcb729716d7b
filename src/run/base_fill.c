/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * All flows of a base through its law: which strands charge each of them.
 */
#include "run/base.h"

/** The strands of a program, where the tables say nothing of the line. */
typedef struct known_program {
    bool     known;
    uint32_t strand[TF_TWISTS];
} known_program;

typedef struct filling {
    tariff_base         *base;
    const tf_evaluation *e;
    tf_arena             arena;
    tf_programs         *programs;
    tf_cases             cases;
    tf_bench             bench;
    TF_VEC(known_program) known; /**< By number of program. */
    tf_strand_draft      drafts[TF_TWISTS];
    bool                 odd; /**< Something has to be told, or to fail. */
    tf_i128              value;
} filling;

bool tf_levy_of(const tariff_law *law, const tf_burden *burden, tf_levy *out)
{
    tf_i128 ordinary = 0, additional = 0;
    for (unsigned i = 0; i < burden->charge_count; i++) {
        const tf_charge *c = &burden->charges[i];
        if (c->money)
            return false;
        *(law->ordinary >> c->layer & 1 ? &ordinary : &additional) += c->rate;
    }
    *out = (tf_levy){ (int64_t)ordinary, (int64_t)additional, burden->affected, burden };
    return out->ordinary == ordinary && out->additional == additional;
}

/* Does the split charge what the whole does?  It should; where it does not there is no split. */

static void add_charges(const tf_burden *burden, int sign, tf_i128 rate[TF_LAYERS_MAX],
                        tf_i128 covered[TF_LAYERS_MAX])
{
    for (unsigned i = 0; i < burden->charge_count; i++) {
        rate[burden->charges[i].layer] += sign * (tf_i128)burden->charges[i].rate;
        covered[burden->charges[i].layer] += sign * (tf_i128)burden->charges[i].covered;
    }
}

static bool same_statutory(const tf_burden *a, const tf_outcome *x, const tf_burden *b,
                           const tf_outcome *y)
{
    if (x->statutory_count != y->statutory_count)
        return false;
    for (uint32_t i = 0; i < x->statutory_count; i++) {
        const tf_statutory *s = &a->statutory.at[x->first_statutory + i];
        const tf_statutory *t = &b->statutory.at[y->first_statutory + i];
        if (s->layer != t->layer || s->nano != t->nano)
            return false;
    }
    return true;
}

static bool same_facts(const tf_burden *a, const tf_burden *b)
{
    if (a->affected != b->affected || a->unassessed != b->unassessed
        || a->estimated != b->estimated || a->unknown_part != b->unknown_part
        || a->scaled != b->scaled || a->coarse != b->coarse || a->unmatched != b->unmatched
        || a->outcomes.n != b->outcomes.n)
        return false;
    for (size_t i = 0; i < a->outcomes.n; i++) {
        const tf_outcome *x = &a->outcomes.at[i], *y = &b->outcomes.at[i];
        if (x->probability != y->probability || x->additional != y->additional
            || x->affected != y->affected || !same_statutory(a, x, b, y))
            return false;
    }
    return true;
}

static bool is_whole(const tf_burden *whole, const tf_burden *first, const tf_burden *apart)
{
    tf_i128 rate[TF_LAYERS_MAX] = { 0 }, covered[TF_LAYERS_MAX] = { 0 };
    add_charges(whole, 1, rate, covered);
    add_charges(first, -1, rate, covered);
    add_charges(apart, -1, rate, covered);
    for (unsigned i = 0; i < TF_LAYERS_MAX; i++)
        if (rate[i] || covered[i])
            return false;
    return same_facts(whole, first) && !tf_strand_tells(apart);
}

/* Strands */

static tariff_status find_strand(filling *f, const tf_strand_draft *draft, uint32_t *out,
                                 const tf_burden **burden)
{
    tariff_base     *base = f->base;
    tf_base_strands *t = &base->twists[draft->apart ? TF_TWIST_APART : TF_TWIST_FIRST];
    size_t           before = t->strands.list.n, room = t->strands.list.room;
    TF_TRY(tf_strand_find(&t->strands, draft, out));
    if (t->strands.list.n > before) {
        if (room != t->strands.list.room) {
            tf_levy *more = TF_ARRAY(&base->arena, tf_levy, t->strands.list.room);
            TF_NEED(more);
            if (before)
                memcpy(more, t->levies, before * sizeof *more);
            t->levies = more;
        }
        TF_TRY(tf_strand_assess(base->law, t->strands.list.at[*out], &f->bench));
        const tf_burden *kept = tf_burden_keep(&base->arena, &f->bench.burden);
        TF_NEED(kept);
        if (!tf_levy_of(base->law, kept, &t->levies[*out]))
            f->odd = true;
    }
    *burden = t->levies[*out].burden;
    return TARIFF_OK;
}

/* A table's answers for what the program asks, and nothing of the line before. */
static tf_line asked_of(const tf_program *program, const tf_line *line)
{
    tf_line out = { .part_rows = line->part_rows,
                    .claim_rows = line->claim_rows,
                    .known_parts = line->known_parts };
    if (program->parts)
        memcpy(out.parts, line->parts, sizeof out.parts);
    if (program->claims)
        memcpy(out.claims, line->claims, sizeof out.claims);
    return out;
}

static tariff_status split(filling *f, const tf_program *program, const tf_line *line, bool plain,
                           uint32_t out[TF_TWISTS])
{
    const tariff_law *law = f->base->law;
    const tf_burden  *first, *apart;
    tf_case           whole = { program, line, TF_E18 };
    if (!tf_strand_split(law, program, line, plain, &f->drafts[0], &f->drafts[1])) {
        f->base->hindrance = "a line has too many measures";
        return TARIFF_OK;
    }
    if (plain)
        tf_strand_reduce(law, &f->drafts[0]);
    TF_TRY(find_strand(f, &f->drafts[0], &out[TF_TWIST_FIRST], &first));
    TF_TRY(find_strand(f, &f->drafts[1], &out[TF_TWIST_APART], &apart));
    TF_TRY(tf_assess(law, &whole, 1, &f->bench));
    f->odd = f->odd || f->bench.burden.coarse || f->bench.burden.unassessed;
    if (is_whole(&f->bench.burden, first, apart))
        return TARIFF_OK;
    tf_strand_join(program, &f->drafts[0], &f->drafts[1]);
    TF_TRY(find_strand(f, &f->drafts[0], &out[TF_TWIST_FIRST], &first));
    return find_strand(f, &f->drafts[1], &out[TF_TWIST_APART], &apart);
}

static tariff_status strands_of(filling *f, uint32_t out[TF_TWISTS])
{
    static const known_program unknown;
    const tf_program *program = f->cases.cases.at[0].program;
    const tf_line    *line = &f->cases.lines.at[0];
    if (line->part_rows || line->claim_rows) {
        tf_line asked = asked_of(program, line);
        return split(f, program, &asked, false, out);
    }
    while (f->known.n <= program->number)
        if (!TF_PUSH(&f->arena, &f->known, unknown))
            return TARIFF_E_NOMEM;
    known_program *k = &f->known.at[program->number];
    if (!k->known) {
        tf_line asked = asked_of(program, line);
        TF_TRY(split(f, program, &asked, true, k->strand));
        k->known = true;
    }
    memcpy(out, k->strand, sizeof k->strand);
    return TARIFF_OK;
}

/* Flows */

static tariff_status fill_cell(filling *f, const tf_data_where *where, size_t number)
{
    const tf_evaluation *e = f->e;
    const tf_data_cell  *cell = &e->dataset->cells.at[number];
    tariff_span          days;
    uint32_t             strands[TF_TWISTS] = { TF_NO_STRAND, TF_NO_STRAND };
    if (!tf_days_of(e->date_kind, e->date, where->has_period, where->period, &days)) {
        f->odd = true;
    } else if (!tf_is_outside(e->law, e->where, where->hs, cell->origin, where->importer,
                              days.from.days)) {
        TF_TRY(tf_cases_find(&f->arena, e->law, f->programs, where->hs, cell->origin,
                             where->importer, days, &f->cases));
        TF_TRY(strands_of(f, strands));
        f->value += cell->value;
    }
    for (int i = 0; i < TF_TWISTS; i++)
        f->base->twists[i].of_cell[number] = strands[i];
    return TARIFF_OK;
}

static tariff_status fill(filling *f)
{
    const tf_dataset *d = f->e->dataset;
    for (size_t i = 0; i < d->groups.n && !f->base->hindrance; i++) {
        const tf_data_group *group = &d->groups.at[i];
        if (i % 1024 == 0 && tf_cancelled(f->e->env))
            return TARIFF_E_CANCELLED;
        for (size_t k = 0; k < group->count; k++)
            TF_TRY(fill_cell(f, &group->where, group->first + k));
    }
    return TARIFF_OK;
}

/* The full evaluation says what is wrong with rows. */
static tariff_status tell_odd(const tf_evaluation *e)
{
    tf_tally tally;
    TF_TRY(tf_evaluate(e, &tally));
    tf_tally_free(&tally);
    return TARIFF_OK;
}

tariff_status tf_base_fill(tariff_base *base, const tf_evaluation *e)
{
    tariff_status status = TARIFF_OK;
    filling      *f = tf_alloc(base->env, sizeof *f);
    TF_NEED(f);
    memset(f, 0, sizeof *f);
    f->base = base;
    f->e = e;
    tf_arena_init(&f->arena, &base->env->allocator);
    tf_bench_init(&f->bench, base->env);
    for (int i = 0; i < TF_TWISTS; i++) {
        tf_base_strands *t = &base->twists[i];
        tf_strands_init(&t->strands, base->law, &base->arena);
        t->strands.keeps_rates = true;
        t->of_cell = TF_ARRAY(&base->arena, uint32_t, e->dataset->cells.n + 1);
        if (!t->of_cell)
            status = TARIFF_E_NOMEM;
    }
    if (status == TARIFF_OK)
        status = tf_programs_new(base->env, base->law, TF_ALL_LAYERS, &f->programs);
    if (status == TARIFF_OK)
        status = fill(f);
    if (status == TARIFF_E_OVERFLOW || status == TARIFF_E_LIMIT || (status == TARIFF_OK && f->odd)) {
        tariff_status told = tell_odd(e);
        status = told != TARIFF_OK ? told : status;
    }
    if (status == TARIFF_OK && f->value > ((tf_i128)1 << 61))
        base->hindrance = "the flows are worth more than plain sums hold";
    tf_programs_free(f->programs);
    tf_bench_free(&f->bench);
    tf_arena_free(&f->arena);
    tf_free(base->env, f, sizeof *f);
    return status;
}
