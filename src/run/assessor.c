/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/assessor.h"

tariff_status tf_assessor_init(tf_assessor *a, tariff_env *env, const tariff_law *law)
{
    memset(a, 0, sizeof *a);
    a->law = law;
    tf_bench_init(&a->bench, env);
    tf_arena_init(&a->arena, &env->allocator);
    return tf_programs_new(env, law, TF_ALL_LAYERS, &a->programs);
}

void tf_assessor_free(tf_assessor *a)
{
    tf_programs_free(a->programs);
    tf_bench_free(&a->bench);
    tf_arena_free(&a->arena);
}

tariff_status tf_assessor_look_up(tf_assessor *a, const tf_shipment *s)
{
    return tf_cases_find(&a->arena, a->law, a->programs, s->hs, s->origin, s->importer, s->days,
                         &a->cases);
}

const tf_program *tf_assessor_plain(const tf_assessor *a, const tf_shipment *s)
{
    const tf_program *program = a->cases.cases.at[0].program;
    const tf_line    *line = &a->cases.lines.at[0];
    bool plain = a->cases.cases.n == 1 && line->part_rows == 0 && line->claim_rows == 0
                 && s->known.claims == 0 && s->known.parts == 0
                 && (s->unit.id == 0 || !program->by_quantity);
    return plain ? program : NULL;
}

tariff_status tf_assessor_burden(tf_assessor *a, const tf_shipment *s, const tf_burden **out)
{
    bool anew;
    if (tf_assessor_plain(a, s))
        return tf_plain_burden(&a->plain, &a->arena, a->law, &a->cases.cases.at[0], &a->bench, out,
                               &anew);
    for (size_t i = 0; i < a->cases.lines.n; i++) {
        tf_line *line = &a->cases.lines.at[i];
        tf_override(&s->known, line);
        line->value = s->value;
        line->quantity = s->quantity;
        line->unit = s->unit;
    }
    *out = &a->bench.burden;
    return tf_assess(a->law, a->cases.cases.at, a->cases.cases.n, &a->bench);
}
