/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/strand.h"

#include "base/mix.h"

#include <xxhash.h>

void tf_strands_init(tf_strands *strands, const tariff_law *law, tf_arena *arena)
{
    memset(strands, 0, sizeof *strands);
    strands->law = law;
    strands->arena = arena;
}

/* Equal strands */

/* Rates that changes make are objects of their own.  A term that charges nothing is one still: a
 * further change may add to it. */
static bool same_rate(const tf_rate *a, const tf_rate *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || a->count != b->count || a->parts != b->parts || !tf_rate_same(a, b))
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->terms[i].nano != b->terms[i].nano || a->terms[i].part != b->terms[i].part
            || a->terms[i].specific != b->terms[i].specific)
            return false;
    return true;
}

static bool is_percent(const tf_rate *rate)
{
    return rate->kind == TF_RATE_SUM && rate->count == 1 && !rate->specific;
}

/* A further change may tell measures apart by when they came, and by whether they are free. */
static bool same_choice(const tf_choice *x, const tf_choice *y)
{
    const tf_measure *a = x->measure, *b = y->measure;
    return a->layer == b->layer && same_rate(x->rate, y->rate) && a->base == b->base
           && a->base_parts == b->base_parts && a->born == b->born
           && a->when->count == b->when->count
           && (a->when->count == 0 || strcmp(a->when->text, b->when->text) == 0)
           && tf_rate_is_zero(a->rate) == tf_rate_is_zero(b->rate);
}

static bool same_line(const tf_line *a, const tf_line *b)
{
    return a->part_rows == b->part_rows && a->claim_rows == b->claim_rows
           && a->known_parts == b->known_parts
           && memcmp(a->parts, b->parts, sizeof a->parts) == 0
           && memcmp(a->claims, b->claims, sizeof a->claims) == 0;
}

static bool is_strand(const tf_strand *s, const tf_strand_draft *d)
{
    if (s->program.regime != d->regime || s->plain != d->plain || s->apart != d->apart
        || s->whole != d->whole || s->program.coarse != d->coarse || s->program.unmatched != d->unmatched
        || s->over != d->over || s->program.choice_count != d->count)
        return false;
    for (size_t i = 0; i < d->count; i++)
        if (!same_choice(&s->program.choices[i], &d->choices[i]))
            return false;
    return d->plain || same_line(s->line, d->line);
}

static uint64_t hash_of(const tf_strand_draft *d)
{
    uint64_t hash = tf_mix((uint64_t)(uintptr_t)d->regime,
                           (uint64_t)(d->over + 1) << 8 | (uint64_t)d->whole << 4 | (uint64_t)d->plain << 3
                               | (uint64_t)d->apart << 2 | (uint64_t)d->coarse << 1 | d->unmatched);
    for (size_t i = 0; i < d->count; i++) {
        const tf_rate *rate = d->choices[i].rate;
        hash = tf_mix(hash, rate->count ? (uint64_t)rate->terms[0].nano : (uint64_t)rate->to);
        hash = tf_mix(hash, (uint64_t)d->choices[i].measure->layer << 32
                                | d->choices[i].measure->when->count);
    }
    if (!d->plain) {
        hash = XXH3_64bits_withSeed(d->line->parts, sizeof d->line->parts, hash);
        hash = XXH3_64bits_withSeed(d->line->claims, sizeof d->line->claims, hash);
    }
    return hash;
}

static tariff_status grow(tf_strands *s)
{
    if (s->list.n * 2 < s->slot_count)
        return TARIFF_OK;
    s->slot_count = s->slot_count ? s->slot_count * 2 : 256;
    s->slots = TF_ARRAY(s->arena, uint32_t, s->slot_count);
    TF_NEED(s->slots);
    for (uint32_t i = 0; i < s->list.n; i++) {
        size_t at = s->list.at[i]->hash & (s->slot_count - 1);
        while (s->slots[at])
            at = (at + 1) & (s->slot_count - 1);
        s->slots[at] = i + 1;
    }
    return TARIFF_OK;
}

static uint64_t layers_of(const tf_choice *choices, size_t count)
{
    uint64_t layers = 0;
    for (size_t i = 0; i < count; i++)
        layers |= UINT64_C(1) << choices[i].measure->layer;
    return layers;
}

static const tf_line plain_line;

static tariff_status make(tf_strands *s, const tf_strand_draft *d, uint64_t hash)
{
    tf_strand *fresh = TF_NEW(s->arena, tf_strand);
    tf_choice *choices = TF_ARRAY(s->arena, tf_choice, d->count + 1);
    tf_line   *line = d->plain ? NULL : TF_NEW(s->arena, tf_line);
    TF_NEED(fresh && choices && (line || d->plain));
    if (d->count)
        memcpy(choices, d->choices, d->count * sizeof *choices);
    for (size_t i = 0; i < d->count && s->keeps_rates; i++)
        if (choices[i].rate != choices[i].measure->rate) {
            choices[i].rate = tf_rate_copy(s->arena, choices[i].rate);
            TF_NEED(choices[i].rate);
        }
    if (line)
        *line = *d->line;
    fresh->line = line ? line : &plain_line;
    fresh->layers = layers_of(d->choices, d->count);
    fresh->hash = hash;
    fresh->plain = d->plain;
    fresh->apart = d->apart;
    fresh->whole = d->whole;
    fresh->over = d->over;
    fresh->program.number = (uint32_t)s->list.n;
    fresh->program.regime = d->regime;
    fresh->program.coarse = d->coarse;
    fresh->program.unmatched = d->unmatched;
    TF_TRY(tf_program_compose(s->arena, s->law, choices, d->count, &fresh->program));
    return TF_PUSH(s->arena, &s->list, fresh) ? TARIFF_OK : TARIFF_E_NOMEM;
}

tariff_status tf_strand_find(tf_strands *s, const tf_strand_draft *draft, uint32_t *out)
{
    TF_TRY(grow(s));
    uint64_t hash = hash_of(draft);
    size_t   at = hash & (s->slot_count - 1);
    for (; s->slots[at]; at = (at + 1) & (s->slot_count - 1)) {
        *out = s->slots[at] - 1;
        if (s->list.at[*out]->hash == hash && is_strand(s->list.at[*out], draft))
            return TARIFF_OK;
    }
    TF_TRY(make(s, draft, hash));
    *out = (uint32_t)s->list.n - 1;
    s->slots[at] = (uint32_t)s->list.n;
    return TARIFF_OK;
}

/* Layers that certainly charge */

/* Is a layer's one measure a percentage of the whole value, whatever the line, and first in turn? */
static bool charges_for_certain(const tf_strand_draft *d, unsigned layer, uint64_t present)
{
    const tf_choice *only = NULL;
    for (size_t i = 0; i < d->count; i++) {
        if (d->choices[i].measure->layer != layer)
            continue;
        if (only)
            return false;
        only = &d->choices[i];
    }
    return only && only->measure->when->count == 0 && only->measure->base == TF_BASE_ALL
           && is_percent(only->rate) && only->rate->parts == 0 && only->rate->terms[0].nano > 0
           && ((d->regime->part[layer] | d->regime->line[layer]) & present) == 0;
}

bool tf_strand_holds(const tf_strand_draft *d)
{
    return d->over == TF_NO_LAYER
           || charges_for_certain(d, (unsigned)d->over, layers_of(d->choices, d->count));
}

/* Of what names parts or claims it may be told that a table decided. */
static bool may_go(const tf_choice *c, uint64_t ordinary)
{
    return !(ordinary >> c->measure->layer & 1) && c->measure->when->count == 0
           && c->measure->base == TF_BASE_ALL && c->rate->parts == 0;
}

static uint64_t givers(const tf_strand_draft *d, unsigned layer, uint64_t ordinary,
                       uint64_t present)
{
    uint64_t out = 0;
    for (uint64_t rest = present; rest; rest &= rest - 1) {
        unsigned giver = (unsigned)__builtin_ctzll(rest);
        if ((d->regime->part[giver] | d->regime->line[giver]) >> layer & 1)
            out |= UINT64_C(1) << giver;
    }
    for (size_t i = 0; i < d->count; i++)
        if (!may_go(&d->choices[i], ordinary))
            out &= ~(UINT64_C(1) << d->choices[i].measure->layer);
    return out;
}

void tf_strand_reduce(const tariff_law *law, tf_strand_draft *d)
{
    uint64_t present = layers_of(d->choices, d->count);
    for (uint64_t rest = present; rest; rest &= rest - 1) {
        unsigned layer = (unsigned)__builtin_ctzll(rest);
        if (!charges_for_certain(d, layer, present))
            continue;
        uint64_t gone = givers(d, layer, law->ordinary, present);
        if (!gone)
            continue;
        size_t kept = 0;
        for (size_t i = 0; i < d->count; i++)
            if (!(gone >> d->choices[i].measure->layer & 1))
                d->choices[kept++] = d->choices[i];
        d->count = kept;
        d->over = (int)layer;
        return;
    }
}

/* Splitting */

static uint64_t related(const tariff_law *law, const tf_program *program, uint64_t to,
                        uint64_t present)
{
    const tf_regime *regime = program->regime;
    uint64_t         out = to;
    for (uint64_t rest = present; rest; rest &= rest - 1) {
        unsigned layer = (unsigned)__builtin_ctzll(rest);
        uint64_t bit = UINT64_C(1) << layer, takers = regime->part[layer] | regime->line[layer];
        if (to & bit)
            out |= takers & present;
        if (to & takers)
            out |= bit;
    }
    for (size_t i = 0; i < program->choice_count; i++) {
        const tf_choice *c = &program->choices[i];
        uint64_t         bit = UINT64_C(1) << c->measure->layer;
        if (c->rate->kind != TF_RATE_TO)
            continue;
        uint64_t topped = tf_law_topped(law, c->rate, c->measure->layer) & present;
        if (to & (topped | bit))
            out |= topped | bit;
    }
    return out;
}

bool tf_strand_split(const tariff_law *law, const tf_program *program, const tf_line *line,
                     bool plain, tf_strand_draft *first, tf_strand_draft *apart)
{
    if (program->choice_count > TF_DRAFT_MAX)
        return false;
    uint64_t present = layers_of(program->choices, program->choice_count);
    uint64_t together = present & ~law->ordinary, more;
    while ((more = related(law, program, together, present)) != together)
        together = more;
    first->regime = apart->regime = program->regime;
    first->line = apart->line = line;
    first->plain = apart->plain = plain;
    first->coarse = program->coarse;
    first->unmatched = program->unmatched;
    first->whole = apart->whole = false;
    first->apart = apart->coarse = apart->unmatched = false;
    apart->apart = true;
    first->over = apart->over = TF_NO_LAYER;
    first->count = apart->count = 0;
    for (size_t i = 0; i < program->choice_count; i++) {
        const tf_choice *c = &program->choices[i];
        tf_strand_draft *to = together >> c->measure->layer & 1 ? first : apart;
        to->choices[to->count++] = *c;
    }
    if (!plain) /* an estimated duty is that of all layers */
        tf_strand_join(program, first, apart);
    return true;
}

void tf_strand_join(const tf_program *program, tf_strand_draft *first, tf_strand_draft *apart)
{
    first->whole = apart->whole = true;
    first->over = TF_NO_LAYER;
    apart->count = 0;
    first->count = program->choice_count;
    if (first->count)
        memcpy(first->choices, program->choices, first->count * sizeof first->choices[0]);
}

bool tf_strand_tells(const tf_burden *apart)
{
    return apart->affected || apart->unassessed || apart->estimated || apart->unknown_part
           || apart->scaled || apart->coarse || apart->unmatched;
}

tariff_status tf_strand_assess(const tariff_law *law, const tf_strand *strand, tf_bench *bench)
{
    tf_case one = { &strand->program, strand->line, TF_E18 };
    return tf_assess(law, &one, 1, bench);
}
