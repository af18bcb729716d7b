/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/digests.h"

#include "base/mix.h"

tariff_status tf_digests_init(tf_digests *digests, const tf_evaluation *e, uint64_t layers,
                              tf_arena *arena)
{
    memset(digests, 0, sizeof *digests);
    digests->e = e;
    digests->layers = layers;
    digests->arena = arena;
    tf_bench_init(&digests->bench, e->env);
    if (e->reach && e->reach->added_count) {
        digests->added = TF_ARRAY(arena, bool, e->reach->added_count);
        TF_NEED(digests->added);
    }
    return tf_programs_new(e->env, e->law, layers, &digests->programs);
}

void tf_digests_free(tf_digests *digests)
{
    tf_programs_free(digests->programs);
    tf_bench_free(&digests->bench);
}

/* Programs */

static bool speaks(const tf_shares *shares)
{
    return shares->rows.n > 0 || shares->overrides.n > 0;
}

/* Might a share table say something of lines under the program? */
static bool asks_tables(const tariff_law *law, const tf_program *program)
{
    for (size_t i = 0; i < law->book.claims.n; i++)
        if (program->claims >> i & 1 && speaks(law->book.claims.at[i]))
            return true;
    for (size_t i = 0; i < law->book.parts.n; i++)
        if (program->parts >> i & 1 && speaks(law->book.parts.at[i]))
            return true;
    return false;
}

/* False if it is not proportional to value. */
static bool add_rates(const tariff_law *law, const tf_burden *burden, tf_digest *d)
{
    for (unsigned i = 0; i < burden->charge_count; i++) {
        const tf_charge *charge = &burden->charges[i];
        int64_t *rate = law->ordinary >> charge->layer & 1 ? &d->ordinary : &d->additional;
        if (charge->money != 0 || __builtin_add_overflow(*rate, charge->rate, rate))
            return false;
    }
    return true;
}

/* Is the burden of some layers, with that of the others, all there is to say?  What is told of a
 * line as a whole is told by ordinary layers alone. */
static bool can_be_apart(const tf_digests *digests, const tf_burden *burden)
{
    return digests->layers == TF_ALL_LAYERS || (digests->layers & digests->e->law->ordinary)
           || (!burden->unassessed && !burden->unknown_part);
}

/* The burden is the bench's until it is kept. */
static tariff_status look_at_program(tf_digests *digests, const tf_cell *cell,
                                     const tf_program *program, tf_digest *d)
{
    TF_TRY(tf_cases_of_day(digests->arena, digests->e->law, cell, program, &digests->cases));
    const tf_case *only = digests->cases.cases.at;
    d->left = asks_tables(digests->e->law, program);
    if (d->left)
        return TARIFF_OK;
    TF_TRY(tf_assess(digests->e->law, only, 1, &digests->bench));
    if (digests->added)
        tf_note_added(digests->e->law, &digests->bench.burden, digests->added);
    d->burden = &digests->bench.burden;
    d->affected = d->burden->affected;
    d->left = !can_be_apart(digests, d->burden) || !add_rates(digests->e->law, d->burden, d);
    return TARIFF_OK;
}

/* Equal burdens: another law may have made them */

static uint64_t hash_burden(const tf_burden *b)
{
    uint64_t hash = tf_mix(b->charge_count, (uint64_t)b->affected);
    for (unsigned i = 0; i < b->charge_count; i++)
        hash = tf_mix(hash, (uint64_t)b->charges[i].rate << 6 ^ b->charges[i].layer);
    for (size_t i = 0; i < b->outcomes.n; i++)
        hash = tf_mix(hash, (uint64_t)b->outcomes.at[i].additional);
    return hash;
}

static bool same_outcome(const tf_burden *x, const tf_burden *y, size_t i)
{
    const tf_outcome *a = &x->outcomes.at[i], *b = &y->outcomes.at[i];
    if (a->probability != b->probability || a->affected != b->affected
        || a->additional != b->additional || a->statutory_count != b->statutory_count)
        return false;
    for (uint32_t k = 0; k < a->statutory_count; k++) {
        const tf_statutory *s = &x->statutory.at[a->first_statutory + k];
        const tf_statutory *t = &y->statutory.at[b->first_statutory + k];
        if (s->layer != t->layer || s->nano != t->nano)
            return false;
    }
    return true;
}

static bool same_burden(const tf_burden *x, const tf_burden *y)
{
    if (x->charge_count != y->charge_count || x->affected != y->affected
        || x->outcomes.n != y->outcomes.n || x->unassessed != y->unassessed
        || x->estimated != y->estimated || x->unknown_part != y->unknown_part
        || x->scaled != y->scaled || x->coarse != y->coarse || x->unmatched != y->unmatched)
        return false;
    for (unsigned i = 0; i < x->charge_count; i++)
        if (x->charges[i].layer != y->charges[i].layer || x->charges[i].rate != y->charges[i].rate
            || x->charges[i].money != y->charges[i].money
            || x->charges[i].covered != y->charges[i].covered)
            return false;
    for (size_t i = 0; i < x->outcomes.n; i++)
        if (!same_outcome(x, y, i))
            return false;
    return true;
}

static tariff_status grow(tf_digests *digests)
{
    size_t count = digests->slot_count ? digests->slot_count * 2 : 256;
    if (digests->distinct.n * 2 < digests->slot_count)
        return TARIFF_OK;
    digests->slots = TF_ARRAY(digests->arena, uint32_t, count);
    TF_NEED(digests->slots);
    digests->slot_count = count;
    for (size_t i = 0; i < digests->distinct.n; i++) {
        size_t at = digests->distinct.at[i]->hash & (count - 1);
        while (digests->slots[at])
            at = (at + 1) & (count - 1);
        digests->slots[at] = (uint32_t)i + 1;
    }
    return TARIFF_OK;
}

static tariff_status intern(tf_digests *digests, const tf_digest *fresh, tf_digest **out)
{
    TF_TRY(grow(digests));
    uint64_t hash = hash_burden(fresh->burden);
    size_t   at = hash & (digests->slot_count - 1);
    for (; digests->slots[at]; at = (at + 1) & (digests->slot_count - 1)) {
        *out = digests->distinct.at[digests->slots[at] - 1];
        if ((*out)->hash == hash && same_burden((*out)->burden, fresh->burden))
            return TARIFF_OK;
    }
    tf_digest *kept = TF_NEW(digests->arena, tf_digest);
    TF_NEED(kept);
    *kept = *fresh;
    kept->hash = hash;
    kept->noted = fresh->burden->coarse || fresh->burden->unassessed;
    kept->burden = tf_burden_keep(digests->arena, fresh->burden);
    TF_NEED(kept->burden);
    if (!TF_PUSH(digests->arena, &digests->distinct, kept))
        return TARIFF_E_NOMEM;
    digests->slots[at] = (uint32_t)digests->distinct.n;
    *out = kept;
    return TARIFF_OK;
}

tariff_status tf_digest_find(tf_digests *digests, const tf_cell *cell, const uint32_t *treatment,
                             tf_digest **out)
{
    static tf_digest  left = { .left = true };
    const tf_program *program;
    tf_digest        *none = NULL, fresh = { .burden = NULL };
    TF_TRY(treatment ? tf_program_take(digests->programs, cell, *treatment, &program)
                     : tf_program_find(digests->programs, cell, &program));
    while (digests->by_program.n <= program->number)
        if (!TF_PUSH(digests->arena, &digests->by_program, none))
            return TARIFF_E_NOMEM;
    tf_digest **d = &digests->by_program.at[program->number];
    if (!*d) {
        TF_TRY(look_at_program(digests, cell, program, &fresh));
        *d = &left;
        if (!fresh.left)
            TF_TRY(intern(digests, &fresh, d));
    }
    *out = *d;
    return TARIFF_OK;
}
