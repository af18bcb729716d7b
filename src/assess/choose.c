/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/choose.h"

#include <string.h>

void tf_chooser_init(tf_chooser *chooser, const tariff_law *law, tf_arena *arena)
{
    memset(chooser, 0, sizeof *chooser);
    chooser->law = law;
    chooser->arena = arena;
}

static bool change_meets(const tf_matcher *matcher, const tf_change *change)
{
    return tf_span_holds(change->span, matcher->cell.day)
           && matcher->origin.origin_level[change->origins->number] != TF_NOT_NAMED
           && matcher->origin.importer_level[change->importers->number] != TF_NOT_NAMED;
}

static uint64_t changes_met(const tariff_law *law, const tf_matcher *matcher)
{
    uint64_t met = 0;
    for (uint64_t rest = matcher->treatments.list.at[matcher->treatment]->changes; rest;
         rest &= rest - 1) {
        int i = __builtin_ctzll(rest);
        if (change_meets(matcher, &law->changes.at[i]))
            met |= UINT64_C(1) << i;
    }
    return met;
}

static tariff_status grow_rates(tf_chooser *chooser)
{
    tf_changed_rate *old = chooser->rates;
    size_t        count = chooser->rate_slots;
    chooser->rate_slots = count ? count * 2 : 64;
    chooser->rates = TF_ARRAY(chooser->arena, tf_changed_rate, chooser->rate_slots);
    TF_NEED(chooser->rates);
    for (size_t i = 0; i < count; i++) {
        if (!old[i].rate)
            continue;
        size_t at = (old[i].measure * 2654435761u) & (chooser->rate_slots - 1);
        while (chooser->rates[at].rate)
            at = (at + 1) & (chooser->rate_slots - 1);
        chooser->rates[at] = old[i];
    }
    return TARIFF_OK;
}

/* The rate of a measure after the given changes, in their order. */
static tariff_status rate_after(tf_chooser *chooser, uint32_t number, uint64_t changes,
                                const tf_rate **out)
{
    const tf_rate *rate = chooser->law->measures.at[number]->rate;
    *out = rate;
    if (!changes || tf_rate_is_zero(rate))
        return TARIFF_OK;
    if (chooser->rate_count * 2 >= chooser->rate_slots)
        TF_TRY(grow_rates(chooser));
    size_t at = (number * 2654435761u) & (chooser->rate_slots - 1);
    for (; chooser->rates[at].rate; at = (at + 1) & (chooser->rate_slots - 1))
        if (chooser->rates[at].measure == number && chooser->rates[at].changes == changes) {
            *out = chooser->rates[at].rate;
            return TARIFF_OK;
        }
    for (size_t i = 0; i < chooser->law->changes.n; i++) {
        const tf_change *change = &chooser->law->changes.at[i];
        const tf_rate   *before = rate;
        if (!(changes >> i & 1))
            continue;
        TF_TRY(tf_rate_change_apply(chooser->arena, rate, change->how, change->value,
                                    change->nano, &rate));
        *(tf_rate_same(before, rate) ? &chooser->met.kept : &chooser->met.applied) |=
            UINT64_C(1) << i;
    }
    chooser->rates[at] = (tf_changed_rate){ number, changes, rate };
    chooser->rate_count++;
    *out = rate;
    return TARIFF_OK;
}

/* Apply the changes to a match: true if the measure still applies. */
static tariff_status apply_changes(tf_chooser *chooser, uint64_t met, uint32_t number,
                                   tf_choice *choice, bool *stays)
{
    const tf_measure *m = choice->measure;
    uint64_t          on_rate = 0;
    *stays = true;
    for (size_t i = 0; i < chooser->law->changes.n; i++) {
        const tf_change *change = &chooser->law->changes.at[i];
        if (!(met >> i & 1) || !(change->layers >> m->layer & 1) || change->number < m->born)
            continue;
        if (change->kind == TF_CHANGE_RATE) {
            on_rate |= UINT64_C(1) << i;
            continue;
        }
        chooser->met.applied |= UINT64_C(1) << i;
        *stays = false;
    }
    if (tf_rate_is_zero(m->rate))
        chooser->met.spared |= on_rate;
    else if (!*stays) /* it acts, but for another change */
        chooser->met.applied |= on_rate;
    if (!*stays || tf_rate_is_zero(m->rate))
        return TARIFF_OK; /* what charges nothing is not touched by changes of rates */
    choice->changes = on_rate;
    return rate_after(chooser, number, on_rate, &choice->rate);
}

tariff_status tf_choose(tf_chooser *chooser, const tf_matcher *matcher, uint64_t *changed_out)
{
    const tariff_law *law = chooser->law;
    uint64_t          met = changes_met(law, matcher);
    chooser->choices.n = 0;
    bool    settled = false; /* the layer's choice is certain: what follows cannot apply */
    uint8_t layer = UINT8_MAX;
    for (size_t i = 0; i < matcher->matches.n; i++) {
        uint32_t          number = matcher->matches.at[i].measure;
        const tf_measure *m = law->measures.at[number];
        tf_choice         choice = { m, m->rate, 0, 0 };
        bool              stays = true;
        if (m->layer != layer)
            settled = false;
        layer = m->layer;
        if (settled)
            continue;
        if (met)
            TF_TRY(apply_changes(chooser, met, number, &choice, &stays));
        if (!stays) {
            *changed_out |= UINT64_C(1) << layer;
            continue;
        }
        tf_select select = law->book.layers.at[layer].select;
        settled = m->when->count == 0
                  && (select == TF_SELECT_SPECIFIC || select == TF_SELECT_FIRST);
        if (!TF_PUSH(chooser->arena, &chooser->choices, choice))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}
