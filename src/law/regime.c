/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Epochs (the days between which nothing changes) and, for each, who gives way
 * to whom and in which order the layers are taken.
 */
#include "law/law.h"

#include <stdio.h>
#include <stdlib.h>

/* Epochs */

/* Neighbouring rows mostly are in force on the same days: their ends were just added. */
static inline bool add_day(tariff_law *law, int32_t day)
{
    const size_t n = law->epochs.n;
    if (day == TARIFF_DATE_MIN || day == TARIFF_DATE_MAX || law->epochs.at[n - 1] == day
        || (n > 1 && law->epochs.at[n - 2] == day))
        return true;
    return TF_PUSH(&law->arena, &law->epochs, day);
}

static inline bool add_span(tariff_law *law, tariff_span span)
{
    return add_day(law, span.from.days) && add_day(law, span.until.days);
}

static bool add_shares(tariff_law *law, const tf_shares *shares)
{
    for (size_t i = 0; i < shares->rows.n; i++)
        if (!add_span(law, shares->rows.at[i].span))
            return false;
    for (size_t i = 0; i < shares->overrides.n; i++)
        if (!add_span(law, shares->overrides.at[i].span))
            return false;
    return true;
}

static int by_day(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

tariff_status tf_law_epochs(tariff_law *law)
{
    const tf_book *book = &law->book;
    bool           good = TF_PUSH(&law->arena, &law->epochs, TARIFF_DATE_MIN);
    for (size_t i = 0; good && i < law->measures.n; i++)
        good = add_span(law, law->measures.at[i]->span);
    for (size_t i = 0; good && i < law->prefixes.n; i++)
        good = add_span(law, law->prefixes.at[i].span);
    for (size_t i = 0; good && i < law->ranges.n; i++)
        good = add_span(law, law->ranges.at[i].row.span);
    for (size_t i = 0; good && i < book->yields.n; i++)
        good = add_span(law, book->yields.at[i].span);
    for (size_t i = 0; good && i < law->changes.n; i++)
        good = add_span(law, law->changes.at[i].span);
    for (size_t i = 0; good && i < book->parts.n; i++)
        good = add_shares(law, book->parts.at[i]);
    for (size_t i = 0; good && i < book->claims.n; i++)
        good = add_shares(law, book->claims.at[i]);
    for (size_t i = 0; good && i < book->scopes.groups.n; i++) {
        const tf_group *group = book->scopes.groups.at[i];
        for (size_t k = 0; good && group->dated && k < group->members.n; k++)
            good = add_span(law, group->members.at[k].span);
    }
    TF_NEED(good);
    qsort(law->epochs.at, law->epochs.n, sizeof law->epochs.at[0], by_day);
    size_t n = 1;
    for (size_t i = 1; i < law->epochs.n; i++)
        if (law->epochs.at[i] != law->epochs.at[n - 1])
            law->epochs.at[n++] = law->epochs.at[i];
    law->epochs.n = n;
    return TARIFF_OK;
}

/* Dependencies */

/** A measure that tops up other layers, which are taken before its own. */
typedef struct top {
    uint8_t           layer;
    uint64_t          over;
    const tf_measure *measure;
} top;

typedef TF_VEC(top) tops;

static tariff_status collect_tops(tariff_law *law, tops *out)
{
    for (size_t i = 0; i < law->measures.n; i++) {
        const tf_measure *m = law->measures.at[i];
        if (m->rate->kind != TF_RATE_TO)
            continue;
        top entry = { m->layer, tf_law_topped(law, m->rate, m->layer), m };
        if (!TF_PUSH(&law->arena, out, entry))
            return TARIFF_E_NOMEM;
    }
    /* A change may set a rate that tops up. */
    for (size_t i = 0; i < law->changes.n; i++) {
        const tf_change *change = &law->changes.at[i];
        if (!change->value || change->value->kind != TF_RATE_TO)
            continue;
        for (uint8_t layer = 0; layer < law->book.layers.n; layer++) {
            top entry = { layer, tf_law_topped(law, change->value, layer), NULL };
            if ((change->layers >> layer & 1) && !TF_PUSH(&law->arena, out, entry))
                return TARIFF_E_NOMEM;
        }
    }
    return TARIFF_OK;
}

static void fill_regime(const tariff_law *law, const tops *all, int32_t day, tf_regime *regime,
                        uint64_t needs[TF_LAYERS_MAX])
{
    memset(regime, 0, sizeof *regime);
    memset(needs, 0, TF_LAYERS_MAX * sizeof *needs);
    for (size_t i = 0; i < law->book.yields.n; i++) {
        const tf_yield *yield = &law->book.yields.at[i];
        if (!tf_span_holds(yield->span, day))
            continue;
        uint64_t bit = UINT64_C(1) << yield->to;
        if (yield->whole_line)
            regime->line[yield->from] |= bit;
        else
            regime->part[yield->from] |= bit;
        needs[yield->from] |= bit;
    }
    for (size_t i = 0; i < all->n; i++)
        if (!all->at[i].measure || tf_span_holds(all->at[i].measure->span, day))
            needs[all->at[i].layer] |= all->at[i].over;
}

/* Walk from a layer along its needs until one repeats: that is a cycle. */
static tariff_status report_cycle(const tariff_law *law, const uint64_t *needs, uint64_t left,
                                  int32_t day, size_t epoch)
{
    char    text[512], from[16], until[16] = "";
    uint8_t path[TF_LAYERS_MAX + 1];
    size_t  n = 0, start = 0;
    unsigned at = (unsigned)__builtin_ctzll(left);
    for (bool closed = false; !closed;) {
        for (start = 0; start < n; start++)
            if (path[start] == at) {
                closed = true;
                break;
            }
        path[n++] = (uint8_t)at;
        at = (unsigned)__builtin_ctzll(needs[at] & left);
    }
    size_t length = 0;
    for (size_t i = start; i < n && length < sizeof text; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                   i > start ? " -> " : "", law->book.layers.at[path[i]].name);
    char lines[256] = "";
    length = 0;
    tf_row_place place = { NULL, 0 };
    for (size_t i = 0; i < law->book.yields.n; i++) {
        const tf_yield *yield = &law->book.yields.at[i];
        for (size_t k = start; k + 1 < n; k++)
            if (yield->from == path[k] && yield->to == path[k + 1]
                && tf_span_holds(yield->span, day) && length + 16 < sizeof lines) {
                place = yield->place;
                length += (size_t)snprintf(lines + length, sizeof lines - length, "%s%u",
                                           length ? ", " : "lines ", yield->place.line);
            }
    }
    tariff_date_format((tariff_date){ day }, from);
    if (epoch + 1 < law->epochs.n)
        tariff_date_format((tariff_date){ law->epochs.at[epoch + 1] }, until);
    char hint[512];
    snprintf(hint, sizeof hint, "%s%sin force %s%s%s%s", lines, *lines ? "; " : "",
             *from ? "from " : "always", from, *until ? " until " : "", until);
    if (!place.path) {
        tf_place here = { .file = NULL };
        return tf_error(law->env, TARIFF_E_CONFLICT, &here, hint,
                        "layers depend on each other in a circle: %s", text);
    }
    return tf_law_error(law, &place, TARIFF_E_CONFLICT, hint,
                        "layers give way to each other in a circle: %s", text);
}

/* Take, again and again, the first layer all of whose needs are met. */
static tariff_status sort_layers(const tariff_law *law, const uint64_t *needs, size_t epoch,
                                 tf_regime *regime)
{
    size_t   count = law->book.layers.n, n = 0;
    uint64_t all = count == 64 ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1, done = 0;
    while (done != all) {
        uint8_t layer = 0;
        while (layer < count && ((done >> layer & 1) || (needs[layer] & ~done)))
            layer++;
        if (layer == count)
            return report_cycle(law, needs, all & ~done, law->epochs.at[epoch], epoch);
        regime->order[n++] = layer;
        done |= UINT64_C(1) << layer;
    }
    return TARIFF_OK;
}

static const tf_regime *find_regime(const tariff_law *law, size_t epochs, const tf_regime *regime)
{
    for (size_t i = 0; i < epochs; i++)
        if (memcmp(law->regimes[i], regime, sizeof *regime) == 0)
            return law->regimes[i];
    return NULL;
}

static bool are_kinds_apart(const tariff_law *law, const uint64_t *needs)
{
    for (size_t i = 0; i < law->book.layers.n; i++) {
        uint64_t own = law->ordinary >> i & 1 ? law->ordinary : ~law->ordinary;
        if (needs[i] & ~own)
            return false;
    }
    return true;
}

tariff_status tf_law_regimes(tariff_law *law)
{
    tops     all = { 0 };
    uint64_t needs[TF_LAYERS_MAX];
    TF_TRY(collect_tops(law, &all));
    law->regimes = TF_ARRAY(&law->arena, const tf_regime *, law->epochs.n);
    TF_NEED(law->regimes);
    law->kinds_apart = true;
    for (size_t e = 0; e < law->epochs.n; e++) {
        tf_regime regime;
        fill_regime(law, &all, law->epochs.at[e], &regime, needs);
        TF_TRY(sort_layers(law, needs, e, &regime));
        law->kinds_apart = law->kinds_apart && are_kinds_apart(law, needs);
        law->regimes[e] = find_regime(law, e, &regime);
        if (law->regimes[e])
            continue;
        tf_regime *kept = TF_NEW(&law->arena, tf_regime);
        TF_NEED(kept);
        *kept = regime;
        law->regimes[e] = kept;
        law->regime_count++;
    }
    return TARIFF_OK;
}
