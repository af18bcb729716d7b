/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What further changes make of the strands of a base.
 */
#include "run/vary.h"

tariff_status tf_vary_mask_find(tf_vary *v, uint64_t items, uint32_t *out)
{
    for (size_t i = v->masks.n; i-- > 0;)
        if (v->masks.at[i].items == items) {
            *out = (uint32_t)i;
            return TARIFF_OK;
        }
    tf_vary_mask fresh = { .items = items };
    for (uint64_t rest = items; rest; rest &= rest - 1) {
        const tf_vary_item *item = &v->items[__builtin_ctzll(rest)];
        fresh.adds = fresh.adds || item->measure;
        fresh.layers |= item->change ? item->change->layers : 0;
    }
    for (int i = 0; i < TF_TWISTS; i++) {
        fresh.made[i] = TF_ARRAY(&v->arena, uint32_t, v->twists[i].count + 1);
        TF_NEED(fresh.made[i]);
    }
    *out = (uint32_t)v->masks.n;
    return TF_PUSH(&v->arena, &v->masks, fresh) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* One choice after all changes that meet the flow: does it stay, and at which rate?  As in
 * choose.c: later measures are not touched by earlier changes, free ones not by those of rates. */
static tariff_status change_choice(tf_vary *v, uint64_t items, tf_choice *choice, bool *stays,
                                   bool *changed)
{
    const tf_measure *m = choice->measure;
    bool              zero = tf_rate_is_zero(m->rate);
    *stays = true;
    for (size_t i = 0; i < v->law.changes.n && *stays; i++) {
        const tf_change *c = &v->law.changes.at[i];
        if (!(items >> i & 1) || !(c->layers >> m->layer & 1) || c->number < m->born)
            continue;
        if (c->kind != TF_CHANGE_RATE) {
            *stays = false;
            *changed = true;
        } else if (!zero) {
            TF_TRY(tf_rate_change_apply(&v->arena, choice->rate, c->how, c->value, c->nano,
                                        &choice->rate));
            *changed = true;
        }
    }
    return TARIFF_OK;
}

static bool has_layer(const tf_strand_draft *d, unsigned layer)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->choices[i].measure->layer == layer)
            return true;
    return false;
}

/* In the order of the layers, as matches are. */
static void insert(tf_strand_draft *d, const tf_choice *choice)
{
    size_t i = d->count++;
    for (; i > 0 && d->choices[i - 1].measure->layer > choice->measure->layer; i--)
        d->choices[i] = d->choices[i - 1];
    d->choices[i] = *choice;
}

static tariff_status add_measures(tf_vary *v, tf_twist twist, uint64_t items, bool *changed)
{
    tf_strand_draft *d = &v->draft;
    for (unsigned i = (unsigned)v->law.changes.n; i < v->item_count; i++) {
        const tf_measure *m = v->items[i].measure;
        bool              ordinary = v->law.ordinary >> m->layer & 1, stays;
        if (!(items >> i & 1))
            continue;
        if (ordinary && d->unmatched) {
            d->unmatched = false;
            *changed = true;
        }
        if ((ordinary && !d->whole) != (twist == TF_TWIST_APART))
            continue;
        tf_choice choice = { m, m->rate, 0, 0 };
        TF_TRY(change_choice(v, items, &choice, &stays, changed));
        if (!stays)
            continue;
        if (has_layer(d, m->layer) || d->count == TF_DRAFT_MAX) {
            v->why = "a measure is added beside others of its layer";
            v->stopped = true;
            return TARIFF_OK;
        }
        insert(d, &choice);
        *changed = true;
    }
    return TARIFF_OK;
}

static const tf_regime *regime_of(const tf_vary *v, const tf_regime *from)
{
    for (size_t i = 0; i < v->regimes.n; i++)
        if (v->regimes.at[i] == from)
            return v->extended.at[i];
    return from;
}

static tariff_status redraft(tf_vary *v, tf_twist twist, const tf_strand *s, uint64_t items,
                             bool *changed)
{
    tf_strand_draft *d = &v->draft;
    d->regime = regime_of(v, s->program.regime);
    d->line = s->line;
    d->plain = s->plain;
    d->apart = s->apart;
    d->whole = s->whole;
    d->coarse = s->program.coarse;
    d->unmatched = s->program.unmatched;
    d->over = s->over;
    d->count = 0;
    *changed = false;
    for (size_t i = 0; i < s->program.choice_count; i++) {
        tf_choice choice = s->program.choices[i];
        bool      stays;
        choice.changes = 0;
        TF_TRY(change_choice(v, items, &choice, &stays, changed));
        if (stays)
            d->choices[d->count++] = choice;
    }
    return add_measures(v, twist, items, changed);
}

/* Whether a line knows an ordinary duty is for all its layers to say: a strand may not come to
 * another answer than before. */
static bool doubts_ordinary(const tf_vary *v, tf_twist twist, uint32_t from,
                            const tf_burden *burden)
{
    if (v->draft.whole)
        return false;
    if (twist == TF_TWIST_APART)
        return tf_strand_tells(burden);
    return burden->unmatched && !v->draft.unmatched
           && !v->base->twists[twist].levies[from].burden->unmatched;
}

static tariff_status assess(tf_vary *v, tf_twist twist, uint32_t from, uint32_t number)
{
    tf_vary_strands *t = &v->twists[twist];
    tf_levy          levy;
    tariff_status    status = tf_strand_assess(&v->law, t->fresh.list.at[number], &v->bench);
    if (status == TARIFF_E_OVERFLOW || status == TARIFF_E_LIMIT) {
        v->why = "a duty does not fit";
        v->stopped = true;
        return TARIFF_OK;
    }
    TF_TRY(status);
    if (doubts_ordinary(v, twist, from, &v->bench.burden)) {
        v->why = "what a flow lacks is no longer told by its additional layers alone";
        v->stopped = true;
        return TARIFF_OK;
    }
    const tf_burden *kept = tf_burden_keep(&v->arena, &v->bench.burden);
    TF_NEED(kept);
    if (!tf_levy_of(&v->law, kept, &levy)) {
        v->why = "a duty does not fit";
        v->stopped = true;
    }
    int64_t none = 0;
    return TF_PUSH(&v->arena, &t->levies, levy) && TF_PUSH(&v->arena, &t->value, none)
                   && TF_PUSH(&v->arena, &t->lines, none)
               ? TARIFF_OK
               : TARIFF_E_NOMEM;
}

tariff_status tf_vary_make(tf_vary *v, tf_twist twist, uint32_t mask, uint32_t strand,
                           uint32_t *out)
{
    tf_vary_strands *t = &v->twists[twist];
    const tf_strand *s = t->base->strands.list.at[strand];
    tf_vary_mask    *m = &v->masks.at[mask];
    bool             changed = m->adds || (m->layers & s->layers);
    *out = strand;
    if (changed)
        TF_TRY(redraft(v, twist, s, m->items, &changed));
    if (v->stopped)
        return TARIFF_OK;
    if (changed) {
        if (!tf_strand_holds(&v->draft)) {
            v->why = "a layer no longer charges for which others were left out";
            v->stopped = true;
            return TARIFF_OK;
        }
        tf_strand_reduce(&v->law, &v->draft);
        size_t   before = t->fresh.list.n;
        uint32_t number;
        TF_TRY(tf_strand_find(&t->fresh, &v->draft, &number));
        if (t->fresh.list.n > before)
            TF_TRY(assess(v, twist, strand, number));
        *out = (uint32_t)t->count + number;
    }
    m->made[twist][strand] = *out + 1;
    return TARIFF_OK;
}
