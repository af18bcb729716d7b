/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The stacking algebra once more: as slowly and plainly as the specification's
 * section 4 tells it, over the model of law_model.h.  It shares no code with
 * the library.  All numbers are exact integers; a name ends in its scale.
 */
#ifndef TESTS_UNIT_REFERENCE_H
#define TESTS_UNIT_REFERENCE_H

#include "unit/reference_match.h"

/* Charging */

/* How many thousandths of a kilogram (or pieces) a unit is; 0: of another kind. */
static inline int64_t ref_unit(const char *unit, bool mass)
{
    if (!unit || (strcmp(unit, "no") != 0) != mass)
        return 0;
    return strcmp(unit, "t") == 0 ? 1000000 : strcmp(unit, "g") == 0 ? 1 : 1000;
}

/* One term on one piece. */
static inline ref_amount ref_term(const ref_state *s, const law_term *term, unsigned piece)
{
    ref_amount amount = { 0, 0 };
    if (term->part >= 0 && (unsigned)term->part != piece)
        return amount;
    if (!term->specific) {
        amount.rate_18 = (ref_int)term->nano * s->share_9[piece];
        return amount;
    }
    bool    mass = strcmp(term->unit, "no") != 0;
    int64_t from = ref_unit(s->line->entry.unit, mass), to = ref_unit(term->unit, mass);
    /* 1e-9 x 1e-4 x 1e-9 = 1e-22; the other six places are for `to` and `per`. */
    if (from)
        amount.money_28 = (ref_int)term->nano * s->quantity_4 * s->share_9[piece] * from
                          * (1000000 / (to * term->per));
    return amount;
}

static inline ref_amount ref_total(const ref_duty *duty)
{
    ref_amount sum = { 0, 0 };
    for (unsigned i = 0; i < REF_PIECES; i++) {
        sum.rate_18 += duty->piece[i].rate_18;
        sum.money_28 += duty->piece[i].money_28;
    }
    return sum;
}

/* Is a more than b?  In money, unless both are rates alone. */
static inline bool ref_more(const ref_state *s, ref_amount a, ref_amount b)
{
    if (a.money_28 == 0 && b.money_28 == 0)
        return a.rate_18 > b.rate_18;
    return a.rate_18 * s->value_4 * 1000000 + a.money_28
           > b.rate_18 * s->value_4 * 1000000 + b.money_28;
}

static inline bool ref_is_positive(const ref_state *s, ref_amount a)
{
    return ref_more(s, a, (ref_amount){ 0, 0 });
}

static inline bool ref_lacks_quantity(const ref_state *s, const law_term *term)
{
    return term->specific && !ref_unit(s->line->entry.unit, strcmp(term->unit, "no") != 0);
}

/* A rate on the pieces that are left. */
static inline ref_duty ref_charge_rate(const ref_state *s, const law_rate *rate, int layer,
                                       unsigned left)
{
    ref_duty sides[2];
    memset(sides, 0, sizeof sides);
    for (unsigned i = 0; i < REF_PIECES; i++) {
        if (!(left >> i & 1))
            continue;
        for (unsigned t = 0; t < rate->count; t++) {
            ref_amount more = ref_term(s, &rate->terms[t], i);
            ref_duty  *side = &sides[rate->kind == LAW_SUM ? 0 : t];
            side->piece[i].rate_18 += more.rate_18;
            side->piece[i].money_28 += more.money_28;
        }
        for (int k = 0; rate->kind == LAW_TO && k < (int)s->law->layer_count; k++) {
            bool over = rate->over ? rate->over >> k & 1 : s->law->layers[k].ordinary;
            if (!over || k == layer)
                continue;
            sides[0].piece[i].rate_18 -= s->duty[k].piece[i].rate_18;
            sides[0].piece[i].money_28 -= s->duty[k].piece[i].money_28;
        }
        if (rate->kind == LAW_TO && !ref_is_positive(s, sides[0].piece[i]))
            sides[0].piece[i] = (ref_amount){ 0, 0 };
    }
    if (rate->kind != LAW_MAX && rate->kind != LAW_MIN)
        return sides[0];
    bool lacks[2] = { ref_lacks_quantity(s, &rate->terms[0]),
                      ref_lacks_quantity(s, &rate->terms[1]) };
    if (lacks[0] != lacks[1])
        return sides[lacks[0]];
    bool more = ref_more(s, ref_total(&sides[1]), ref_total(&sides[0]));
    bool less = ref_more(s, ref_total(&sides[0]), ref_total(&sides[1]));
    return sides[rate->kind == LAW_MAX ? more : less];
}

/* Pieces of the base of a measure. */
static inline unsigned ref_base(const law_measure *m)
{
    unsigned all = (1u << REF_PIECES) - 1;
    return m->base == LAW_BASE_ALL ? all : m->base == LAW_BASE_LIST ? m->base_parts
                                                                    : all & ~m->base_parts;
}

/** A measure that contains the line, with how closely. */
typedef struct ref_match {
    const law_measure *measure;
    int                rank, length, origin, importer, terms;
} ref_match;

static inline int ref_compare(const ref_match *a, const ref_match *b)
{
    return a->rank != b->rank         ? a->rank - b->rank
           : a->length != b->length     ? a->length - b->length
           : a->origin != b->origin     ? a->origin - b->origin
           : a->importer != b->importer ? a->importer - b->importer
                                        : a->terms - b->terms;
}

static inline bool ref_same_rate(const law_rate *a, const law_rate *b)
{
    if (a->kind != b->kind || a->count != b->count || a->over != b->over)
        return false;
    for (unsigned i = 0; i < a->count; i++)
        if (a->terms[i].specific != b->terms[i].specific || a->terms[i].nano != b->terms[i].nano
            || a->terms[i].per != b->terms[i].per || a->terms[i].part != b->terms[i].part
            || (a->terms[i].specific && strcmp(a->terms[i].unit, b->terms[i].unit) != 0))
            return false;
    return true;
}

static inline bool ref_match_one(const ref_state *s, const law_measure *m, ref_match *out)
{
    const check_entry *line = &s->line->entry;
    *out = (ref_match){ m, m->rank, ref_products(s, &m->products),
                        ref_countries(&m->origins, line->origin, line->date),
                        ref_countries(&m->importers, line->importer, line->date),
                        (int)m->when_count };
    return ref_in_span(m->span, line->date) && out->length >= 0 && out->origin >= 0
           && out->importer >= 0 && ref_when(s, m);
}

/* Steps 2, 3 and 5: what the layer charges on the pieces that are not taken. */
static inline ref_duty ref_select(ref_state *s, int layer, unsigned taken)
{
    law_select select = s->law->layers[layer].select;
    ref_match best = { 0 }, match;
    ref_duty   duty;
    bool       found = false;
    memset(&duty, 0, sizeof duty);
    for (unsigned i = 0; i < s->law->measure_count; i++) {
        const law_measure *m = &s->law->measures[i];
        if (m->layer != layer || !ref_match_one(s, m, &match))
            continue;
        ref_duty candidate = ref_charge_rate(s, &m->rate, layer, ref_base(m) & ~taken);
        bool     take = !found;
        if (found && select == LAW_SUM_ALL)
            for (unsigned p = 0; p < REF_PIECES; p++) {
                duty.piece[p].rate_18 += candidate.piece[p].rate_18;
                duty.piece[p].money_28 += candidate.piece[p].money_28;
            }
        if (found && select == LAW_SPECIFIC) {
            int order = ref_compare(&match, &best);
            take = order > 0;
            if (order == 0 && (!ref_same_rate(&m->rate, &best.measure->rate)
                               || ref_base(m) != ref_base(best.measure)))
                s->tied = true;
        }
        if (found && select == LAW_HIGHEST)
            take = ref_more(s, ref_total(&candidate), ref_total(&duty));
        if (found && select == LAW_LOWEST)
            take = ref_more(s, ref_total(&duty), ref_total(&candidate));
        if (take) {
            duty = candidate;
            best = match;
        }
        found = true;
    }
    return duty;
}

/* Step 4, and step 1 of the order: a layer is taken after those it depends on. */
static inline void ref_layer(ref_state *s, int layer)
{
    unsigned taken = 0;
    if (s->done[layer])
        return;
    s->done[layer] = true;
    for (unsigned i = 0; i < s->law->yield_count; i++) {
        const law_yield *yield = &s->law->yields[i];
        if (yield->from != layer || !ref_in_span(yield->span, s->line->entry.date))
            continue;
        ref_layer(s, yield->to);
        for (unsigned p = 0; p < REF_PIECES; p++)
            if (ref_is_positive(s, s->duty[yield->to].piece[p]))
                taken |= yield->line ? ~0u : 1u << p;
    }
    for (unsigned i = 0; i < s->law->measure_count; i++)
        for (int k = 0; s->law->measures[i].layer == layer && k < (int)s->law->layer_count; k++)
            if (s->law->measures[i].rate.kind == LAW_TO && k != layer
                && ref_in_span(s->law->measures[i].span, s->line->entry.date))
                ref_layer(s, k);
    s->duty[layer] = ref_select(s, layer, taken);
}

/* All branches: the probability of each, and what its layers charge. */
static inline void ref_branches(ref_state *s, const int64_t *claim_9, ref_result *out)
{
    ref_int rate_36[LAW_LAYERS] = { 0 }, money_30[LAW_LAYERS] = { 0 };
    for (unsigned made = 0; made < 1u << LAW_CLAIMS; made++) {
        ref_int probability_18 = REF_ONE_18;
        bool    affected = false;
        for (unsigned c = 0; c < LAW_CLAIMS; c++) {
            s->made[c] = made >> c & 1;
            probability_18 = ref_half_even(
                probability_18 * (s->made[c] ? claim_9[c] : REF_ONE_9 - claim_9[c]), REF_ONE_9);
        }
        if (probability_18 == 0)
            continue;
        memset(s->done, 0, sizeof s->done);
        memset(s->duty, 0, sizeof s->duty);
        for (int layer = 0; layer < (int)s->law->layer_count; layer++)
            ref_layer(s, layer);
        for (unsigned layer = 0; layer < s->law->layer_count; layer++) {
            ref_amount sum = ref_total(&s->duty[layer]);
            ref_int    money_12 = ref_half_even(sum.money_28, (ref_int)10000000000000000);
            rate_36[layer] += probability_18 * sum.rate_18;
            money_30[layer] += probability_18 * money_12;
            for (unsigned p = 0; p < REF_PIECES; p++)
                affected = affected || (!s->law->layers[layer].ordinary
                                        && ref_is_positive(s, s->duty[layer].piece[p]));
        }
        out->affected_18 += affected ? (int64_t)probability_18 : 0;
    }
    for (unsigned layer = 0; layer < s->law->layer_count; layer++) {
        out->charges[layer].rate_12 =
            (int64_t)ref_half_even(rate_36[layer], (ref_int)REF_ONE_18 * 1000000);
        out->charges[layer].money_12 = ref_half_even(money_30[layer], REF_ONE_18);
    }
    out->tied = s->tied;
}

static inline ref_result ref_assess(const law_model *law, const law_line *line)
{
    ref_state  s = { .law = law, .line = line };
    ref_result result;
    int64_t    claim_9[LAW_CLAIMS], sum = 0, parts = 0;
    memset(&result, 0, sizeof result);
    s.value_4 = ref_money_4(line->entry.value);
    s.quantity_4 = line->entry.quantity ? ref_money_4(line->entry.quantity) : 0;
    for (unsigned i = 0; i < LAW_CLAIMS; i++)
        claim_9[i] = line->claims[i] >= 0 ? line->claims[i] : ref_look_up(&s, &law->claims[i]);
    for (unsigned i = 0; i < LAW_PARTS; i++) {
        s.share_9[i] = line->parts[i] >= 0 ? line->parts[i] : ref_look_up(&s, &law->parts[i]);
        sum += s.share_9[i];
    }
    for (unsigned i = 0; i < LAW_PARTS; i++) {
        if (sum > REF_ONE_9)
            s.share_9[i] = (int64_t)ref_half_even((ref_int)s.share_9[i] * REF_ONE_9, sum);
        parts += s.share_9[i];
    }
    s.share_9[LAW_PARTS] = parts < REF_ONE_9 ? REF_ONE_9 - parts : 0;
    ref_branches(&s, claim_9, &result);
    return result;
}

#endif
