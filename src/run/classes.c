/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/classes.h"

#include "run/overrides.h"
#include "value/hs.h"

#include <stdlib.h>
#include <xxhash.h>

/* Making */

static uint64_t hash_line(const tf_program *program, const tf_line *line)
{
    uint64_t hash = (uint64_t)line->part_rows << 32 | line->claim_rows;
    hash ^= (uint64_t)line->known_parts << 16;
    if (program->parts)
        hash = XXH3_64bits_withSeed(line->parts, sizeof line->parts, hash);
    if (program->claims)
        hash = XXH3_64bits_withSeed(line->claims, sizeof line->claims, hash);
    return hash;
}

static bool same_line(const tf_program *program, const tf_line *a, const tf_line *b)
{
    return a->part_rows == b->part_rows && a->claim_rows == b->claim_rows
           && a->known_parts == b->known_parts
           && (!program->parts || memcmp(a->parts, b->parts, sizeof a->parts) == 0)
           && (!program->claims || memcmp(a->claims, b->claims, sizeof a->claims) == 0);
}

static uint64_t hash_cases(const tf_cases *cases)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < cases->cases.n; i++) {
        const tf_case *one = &cases->cases.at[i];
        uint64_t       key[3] = { one->program->number, (uint64_t)one->weight,
                                  hash_line(one->program, one->line) };
        hash = XXH3_64bits_withSeed(key, sizeof key, hash);
    }
    return hash;
}

static bool same_cases(const tf_classes *c, const tf_class *class, const tf_cases *cases)
{
    if (class->count != cases->cases.n)
        return false;
    for (size_t i = 0; i < class->count; i++) {
        const tf_class_case *there = &c->cases.at[class->first + i];
        const tf_case       *one = &cases->cases.at[i];
        if (there->program != one->program->number || there->weight != one->weight
            || !same_line(one->program, &c->known.at[there->line], one->line))
            return false;
    }
    return true;
}

static tariff_status push_class(tf_classes *c, const tf_cases *cases, tf_i128 value, int64_t lines)
{
    tf_class class = { (uint32_t)c->cases.n, (uint32_t)cases->cases.n, value, lines };
    for (size_t i = 0; i < cases->cases.n; i++) {
        const tf_case *one = &cases->cases.at[i];
        tf_class_case  entry = { one->program->number, (uint32_t)c->known.n, one->weight };
        if (!TF_PUSH(&c->arena, &c->known, *one->line)
            || !TF_PUSH(&c->arena, &c->cases, entry))
            return TARIFF_E_NOMEM;
    }
    return TF_PUSH(&c->arena, &c->list, class) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* The slots hold hashes of few thousand classes: they are found again by comparing. */
static tariff_status grow(tf_classes *c, uint64_t **hashes)
{
    if (c->list.n * 2 < c->slot_count)
        return TARIFF_OK;
    size_t    count = c->slot_count ? c->slot_count * 2 : 1024;
    uint64_t *more = TF_ARRAY(&c->arena, uint64_t, count);
    c->slots = TF_ARRAY(&c->arena, uint32_t, count);
    TF_NEED(more && c->slots);
    if (*hashes)
        memcpy(more, *hashes, c->list.n * sizeof *more);
    *hashes = more;
    c->slot_count = count;
    for (size_t i = 0; i < c->list.n; i++) {
        size_t at = more[i] & (count - 1);
        while (c->slots[at])
            at = (at + 1) & (count - 1);
        c->slots[at] = (uint32_t)i + 1;
    }
    return TARIFF_OK;
}

static tariff_status add_cell(tf_classes *c, uint64_t **hashes, const tf_cases *cases,
                              const tf_data_cell *cell, uint32_t *number)
{
    TF_TRY(grow(c, hashes));
    uint64_t hash = hash_cases(cases);
    size_t   at = hash & (c->slot_count - 1);
    for (; c->slots[at]; at = (at + 1) & (c->slot_count - 1)) {
        tf_class *class = &c->list.at[c->slots[at] - 1];
        if ((*hashes)[c->slots[at] - 1] == hash && same_cases(c, class, cases)) {
            class->lines += (int64_t)cell->lines;
            *number = c->slots[at] - 1;
            return tf_add(class->value, cell->value, &class->value) ? TARIFF_OK
                                                                    : TARIFF_E_OVERFLOW;
        }
    }
    (*hashes)[c->list.n] = hash;
    TF_TRY(push_class(c, cases, cell->value, (int64_t)cell->lines));
    c->slots[at] = (uint32_t)c->list.n;
    *number = (uint32_t)c->list.n - 1;
    return TARIFF_OK;
}

static tariff_status note_flow(tf_classes *c, const tf_data_where *where, const tf_data_cell *cell,
                               uint32_t class)
{
    if (!c->rows)
        return TARIFF_OK;
    tf_class_flow flow = { tf_trade_find(c->rows, where, cell->origin), class, cell->value };
    return TF_PUSH(&c->arena, &c->flows, flow) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status add_flow(const tf_evaluation *e, tf_classes *c, uint64_t **hashes,
                              tf_cases *cases, const tf_data_where *where,
                              const tf_data_cell *cell, const tf_data_row *row)
{
    tariff_span days;
    if (!tf_days_of(e->date_kind, e->date, where->has_period, where->period, &days)
        || tf_is_outside(e->law, e->where, where->hs, cell->origin, where->importer,
                         days.from.days))
        return TARIFF_OK;
    TF_TRY(tf_cases_find(&c->arena, e->law, c->programs, where->hs, cell->origin,
                         where->importer, days, cases));
    uint32_t class = (uint32_t)c->list.n;
    if (!row) {
        TF_TRY(add_cell(c, hashes, cases, cell, &class));
        return note_flow(c, where, cell, class);
    }
    tf_overrides known;
    memset(&known, 0, sizeof known);
    if (row->known != TF_NOTHING_KNOWN) {
        const tf_data_known *texts = &e->dataset->known.at[row->known];
        TF_TRY(tf_parse_claims(&e->law->book, texts->claims, strlen(texts->claims), &known, NULL));
        TF_TRY(tf_parse_parts(&e->law->book, texts->parts, strlen(texts->parts), &known, NULL));
    }
    for (size_t i = 0; i < cases->lines.n; i++) {
        tf_line *line = &cases->lines.at[i];
        tf_override(&known, line);
        line->value = cell->value;
        line->quantity = row->quantity;
        line->unit = row->unit;
    }
    TF_TRY(push_class(c, cases, cell->value, 1));
    return note_flow(c, where, cell, class);
}

static tariff_status add_group(const tf_evaluation *e, tf_classes *c, uint64_t **hashes,
                               tf_cases *cases, const tf_data_group *group)
{
    const tf_data_cell *cells = &e->dataset->cells.at[group->first];
    for (size_t i = 0; i < group->count; i++)
        TF_TRY(add_flow(e, c, hashes, cases, &group->where, &cells[i], NULL));
    return TARIFF_OK;
}

tariff_status tf_classes_make(const tf_evaluation *e, const tf_trade_rows *rows, tf_classes *out)
{
    tf_cases  cases = { .regimes = { 0 } };
    uint64_t *hashes = NULL;
    memset(out, 0, sizeof *out);
    out->law = e->law;
    out->rows = rows;
    tf_arena_init(&out->arena, &e->env->allocator);
    tariff_status status = tf_programs_new(e->env, e->law, TF_ALL_LAYERS, &out->programs);
    for (size_t i = 0; status == TARIFF_OK && i < e->dataset->groups.n; i++)
        status = add_group(e, out, &hashes, &cases, &e->dataset->groups.at[i]);
    for (size_t i = 0; status == TARIFF_OK && i < e->dataset->rows.n; i++) {
        const tf_data_row *row = &e->dataset->rows.at[i];
        status = add_flow(e, out, &hashes, &cases, &row->where, &row->cell, row);
    }
    if (status != TARIFF_OK)
        tf_classes_free(out);
    return status;
}

void tf_classes_free(tf_classes *classes)
{
    tf_programs_free(classes->programs);
    classes->programs = NULL;
    tf_arena_free(&classes->arena);
}

/* Varying */

static tariff_status copy_program(tf_rebound *r, uint32_t number)
{
    const tf_program *from = tf_program_at(r->classes->programs, number);
    tf_choice        *choices = TF_ARRAY(&r->arena, tf_choice, from->choice_count + 1);
    TF_NEED(choices);
    if (from->choice_count)
        memcpy(choices, from->choices, from->choice_count * sizeof *choices);
    r->programs[number] = *from;
    r->programs[number].choices = choices;
    for (size_t i = 0; i < from->choice_count; i++)
        if (choices[i].changes)
            r->changed[r->changed_count++] = &choices[i];
    return TARIFF_OK;
}

tariff_status tf_rebound_make(const tf_classes *classes, tariff_env *env, tf_rebound *out)
{
    size_t programs = tf_programs_count(classes->programs), choices = 0;
    memset(out, 0, sizeof *out);
    out->classes = classes;
    tf_arena_init(&out->arena, &env->allocator);
    tf_bench_init(&out->bench, env);
    for (size_t i = 0; i < programs; i++)
        choices += tf_program_at(classes->programs, (uint32_t)i)->choice_count;
    out->programs = TF_ARRAY(&out->arena, tf_program, programs + 1);
    out->changed = TF_ARRAY(&out->arena, tf_choice *, choices + 1);
    TF_NEED(out->programs && out->changed);
    for (size_t i = 0; i < programs; i++)
        TF_TRY(copy_program(out, (uint32_t)i));
    return TARIFF_OK;
}

void tf_rebound_free(tf_rebound *r)
{
    tf_bench_free(&r->bench);
    tf_arena_free(&r->arena);
}

static tariff_status rebind(tf_rebound *r, const tf_change *changes, tf_arena *scratch)
{
    for (size_t i = 0; i < r->changed_count; i++) {
        tf_choice     *choice = r->changed[i];
        const tf_rate *rate = choice->measure->rate;
        for (uint64_t rest = choice->changes; rest; rest &= rest - 1) {
            const tf_change *change = &changes[__builtin_ctzll(rest)];
            TF_TRY(tf_rate_change_apply(scratch, rate, change->how, change->value, change->nano,
                                        &rate));
        }
        choice->rate = rate;
    }
    return TARIFF_OK;
}

static tariff_status assess_class(tf_rebound *r, const tf_class *class)
{
    const tf_classes *c = r->classes;
    r->cases.n = 0;
    for (uint32_t i = 0; i < class->count; i++) {
        const tf_class_case *from = &c->cases.at[class->first + i];
        tf_case one = { &r->programs[from->program], &c->known.at[from->line], from->weight };
        if (!TF_PUSH(&r->arena, &r->cases, one))
            return TARIFF_E_NOMEM;
    }
    return tf_assess(c->law, r->cases.at, r->cases.n, &r->bench);
}

static tariff_status add_class(tf_rebound *r, const tf_class *class, tf_tally *tally)
{
    tf_batch batch = { .value = class->value, .lines = (uint64_t)class->lines };
    TF_TRY(assess_class(r, class));
    return tf_tally_add(tally, &batch, &r->bench.burden, NULL);
}

tariff_status tf_rebound_tally(tf_rebound *r, const tf_change *changes, tf_arena *scratch,
                               tf_tally *tally)
{
    TF_TRY(rebind(r, changes, scratch));
    for (size_t i = 0; i < r->classes->list.n; i++)
        TF_TRY(add_class(r, &r->classes->list.at[i], tally));
    return TARIFF_OK;
}

/* What one class pays: a rate of value, 1e-12, and money, 1e-12. */
typedef struct class_duty {
    tf_i128 rate, money;
} class_duty;

static tariff_status rate_classes(tf_rebound *r, class_duty *duties)
{
    for (size_t i = 0; i < r->classes->list.n; i++) {
        TF_TRY(assess_class(r, &r->classes->list.at[i]));
        for (unsigned k = 0; k < r->bench.burden.charge_count; k++) {
            duties[i].rate += r->bench.burden.charges[k].rate;
            duties[i].money += r->bench.burden.charges[k].money;
        }
    }
    return TARIFF_OK;
}

tariff_status tf_rebound_trade(tf_rebound *r, const tf_change *changes, tf_arena *scratch,
                               tf_trade *out)
{
    const tf_classes *c = r->classes;
    class_duty       *duties = TF_ARRAY(scratch, class_duty, c->list.n + 1);
    TF_NEED(duties);
    TF_TRY(tf_trade_begin(c->rows, scratch, out));
    TF_TRY(rebind(r, changes, scratch));
    TF_TRY(rate_classes(r, duties));
    for (size_t i = 0; i < c->flows.n; i++) {
        const tf_class_flow *flow = &c->flows.at[i];
        const class_duty    *of = &duties[flow->class];
        tf_i128              duty, money;
        if (flow->row == TF_NO_ROW)
            out->strays = true;
        else if (!tf_mul(of->rate, flow->value, &duty) || !tf_mul(of->money, TF_E4, &money)
                 || !tf_add(duty, money, &duty)
                 || !tf_trade_add(out, flow->row, flow->value, duty))
            return TARIFF_E_OVERFLOW;
    }
    return TARIFF_OK;
}
