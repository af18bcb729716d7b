/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The strands of a base's flows, added up by what reports group by.
 */
#include "run/base.h"

#include "base/mix.h"
#include "value/hs.h"

/* Rows of reports, and places */

static unsigned digits_of(const tf_report_choices *choices)
{
    unsigned digits = 2;
    for (int i = TF_REPORT_PRODUCTS; i <= TF_REPORT_PRODUCTS_LAYERS; i++)
        if (choices->wanted[i] && choices->digits[i] > digits)
            digits = choices->digits[i];
    return digits;
}

/** Places by importer and day, while they are met. */
typedef struct place_slots {
    uint32_t *at; /**< Place + 1. */
    size_t    count;
} place_slots;

static size_t slot_of(const tariff_base *base, const place_slots *s, tf_place_of_law place)
{
    size_t at = tf_mix(place.importer, (uint32_t)place.day) & (s->count - 1);
    for (; s->at[at]; at = (at + 1) & (s->count - 1)) {
        const tf_place_of_law *there = &base->places.at[s->at[at] - 1];
        if (there->importer == place.importer && there->day == place.day)
            break;
    }
    return at;
}

static tariff_status find_place(tariff_base *base, place_slots *s, tf_place_of_law place,
                                uint32_t *out)
{
    if (base->places.n * 2 >= s->count) {
        s->count = s->count ? s->count * 2 : 64;
        s->at = TF_ARRAY(&base->arena, uint32_t, s->count);
        TF_NEED(s->at);
        for (uint32_t i = 0; i < base->places.n; i++)
            s->at[slot_of(base, s, base->places.at[i])] = i + 1;
    }
    size_t at = slot_of(base, s, place);
    if (!s->at[at]) {
        if (!TF_PUSH(&base->arena, &base->places, place))
            return TARIFF_E_NOMEM;
        s->at[at] = (uint32_t)base->places.n;
    }
    *out = s->at[at] - 1;
    return TARIFF_OK;
}

static tariff_status note_code(tariff_base *base, uint64_t hs, uint32_t group)
{
    size_t n = base->codes.n;
    if (n && base->codes.at[n - 1] == hs)
        return TARIFF_OK;
    return TF_PUSH(&base->arena, &base->codes, hs) && TF_PUSH(&base->arena, &base->first, group)
               ? TARIFF_OK
               : TARIFF_E_NOMEM;
}

static tariff_status note_product(tariff_base *base, uint64_t hs)
{
    uint64_t key = tariff_hs_truncate((tariff_hs){ hs }, base->digits).key;
    if (base->products.n && base->products.at[base->products.n - 1] == key)
        return TARIFF_OK;
    return TF_PUSH(&base->arena, &base->products, key) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* The groups of a dataset are by code. */
static tariff_status number_groups(tariff_base *base)
{
    const tf_dataset *d = base->dataset;
    place_slots       slots = { NULL, 0 };
    base->digits = digits_of(&base->scenario->reports);
    base->place_of = TF_ARRAY(&base->arena, uint32_t, d->groups.n + 1);
    base->product_of = TF_ARRAY(&base->arena, uint32_t, d->groups.n + 1);
    TF_NEED(base->place_of && base->product_of);
    for (uint32_t i = 0; i < d->groups.n; i++) {
        const tf_data_where *where = &d->groups.at[i].where;
        tariff_span          days;
        tf_days_of(base->scenario->date_kind, base->scenario->date, where->has_period,
                   where->period, &days);
        TF_TRY(find_place(base, &slots, (tf_place_of_law){ where->importer, days.from.days },
                          &base->place_of[i]));
        TF_TRY(note_code(base, where->hs, i));
        TF_TRY(note_product(base, where->hs));
        base->product_of[i] = (uint32_t)base->products.n - 1;
    }
    return TF_PUSH(&base->arena, &base->first, (uint32_t)d->groups.n) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static void note_cell(tariff_base *base, const tf_data_group *group, uint32_t product,
                      const tf_data_cell *cell)
{
    base->has_product[product] = true;
    base->has_origin[cell->origin] = base->has_importer[group->where.importer] = true;
    base->value[TF_BY_PRODUCT][product] += cell->value;
    base->value[TF_BY_ORIGIN][cell->origin] += cell->value;
    base->value[TF_BY_IMPORTER][group->where.importer] += cell->value;
}

static tariff_status sum_rows(tariff_base *base)
{
    const tf_dataset *d = base->dataset;
    size_t rows[TF_AXES] = { base->products.n, TF_COUNTRIES_MAX, TF_COUNTRIES_MAX };
    for (int i = 0; i < TF_AXES; i++) {
        base->value[i] = TF_ARRAY(&base->arena, int64_t, rows[i] + 1);
        TF_NEED(base->value[i]);
    }
    base->has_product = TF_ARRAY(&base->arena, bool, base->products.n + 1);
    TF_NEED(base->has_product);
    for (size_t i = 0; i < d->groups.n; i++) {
        const tf_data_group *group = &d->groups.at[i];
        for (size_t k = group->first; k < group->first + group->count; k++)
            if (base->twists[TF_TWIST_FIRST].of_cell[k] != TF_NO_STRAND)
                note_cell(base, group, base->product_of[i], &d->cells.at[k]);
    }
    return TARIFF_OK;
}

/* One product of reports at a time: flows of one place, origin and strand */

typedef struct entry {
    uint32_t  corner; /**< Place and origin. */
    tf_placed placed;
} entry;

typedef struct gathering {
    tariff_base     *base;
    tf_base_strands *t;
    tf_arena         arena;
    TF_VEC(entry) entries;
    uint32_t *slots; /**< Entry + 1, of the product at hand. */
    size_t    slot_count, begun; /**< The product's first entry. */
    int64_t  *sums;  /**< By strand, of a row of a report. */
    TF_VEC(uint32_t) met;
} gathering;

static size_t entry_slot(const gathering *g, uint32_t corner, uint32_t strand)
{
    size_t at = tf_mix(corner, strand) & (g->slot_count - 1);
    for (; g->slots[at]; at = (at + 1) & (g->slot_count - 1)) {
        const entry *e = &g->entries.at[g->slots[at] - 1];
        if (e->corner == corner && e->placed.strand == strand)
            break;
    }
    return at;
}

static tariff_status grow(gathering *g)
{
    if ((g->entries.n - g->begun) * 2 < g->slot_count)
        return TARIFF_OK;
    g->slot_count = g->slot_count ? g->slot_count * 2 : 4096;
    g->slots = TF_ARRAY(&g->arena, uint32_t, g->slot_count);
    TF_NEED(g->slots);
    for (size_t i = g->begun; i < g->entries.n; i++) {
        const entry *e = &g->entries.at[i];
        g->slots[entry_slot(g, e->corner, e->placed.strand)] = (uint32_t)i + 1;
    }
    return TARIFF_OK;
}

static void begin_product(gathering *g)
{
    if (g->slot_count)
        memset(g->slots, 0, g->slot_count * sizeof *g->slots);
    g->begun = g->entries.n;
}

static tariff_status add_cell(gathering *g, uint32_t place, uint32_t product, uint32_t strand,
                              const tf_data_cell *cell)
{
    uint32_t corner = place * TF_COUNTRIES_MAX + cell->origin;
    TF_TRY(grow(g));
    size_t at = entry_slot(g, corner, strand);
    if (!g->slots[at]) {
        entry fresh = { corner, { product, strand, 0, 0 } };
        if (!TF_PUSH(&g->arena, &g->entries, fresh))
            return TARIFF_E_NOMEM;
        g->slots[at] = (uint32_t)g->entries.n;
    }
    entry *e = &g->entries.at[g->slots[at] - 1];
    e->placed.value += cell->value;
    e->placed.lines += cell->lines;
    g->t->value[strand] += cell->value;
    g->t->lines[strand] += cell->lines;
    return TARIFF_OK;
}

static tariff_status add_cells(gathering *g)
{
    const tariff_base *base = g->base;
    const tf_dataset  *d = base->dataset;
    uint32_t           product = UINT32_MAX;
    for (size_t i = 0; i < d->groups.n; i++) {
        const tf_data_group *group = &d->groups.at[i];
        if (base->product_of[i] != product)
            begin_product(g);
        product = base->product_of[i];
        for (size_t k = group->first; k < group->first + group->count; k++)
            if (g->t->of_cell[k] != TF_NO_STRAND)
                TF_TRY(add_cell(g, base->place_of[i], product, g->t->of_cell[k],
                                &d->cells.at[k]));
    }
    return TARIFF_OK;
}

/* Rows of one report */

static tariff_status add_to_row(gathering *g, const tf_placed *p)
{
    if (!g->sums[p->strand] && !TF_PUSH(&g->arena, &g->met, p->strand))
        return TARIFF_E_NOMEM;
    g->sums[p->strand] += p->value;
    return TARIFF_OK;
}

static tariff_status end_row(gathering *g, tf_axis axis, uint32_t row)
{
    for (size_t i = 0; i < g->met.n; i++) {
        tf_share_of_row share = { row, g->met.at[i], g->sums[g->met.at[i]] };
        g->sums[share.strand] = 0;
        if (share.value && !TF_PUSH(&g->base->arena, &g->t->by[axis], share))
            return TARIFF_E_NOMEM;
    }
    g->met.n = 0;
    return TARIFF_OK;
}

static tariff_status gather_products(gathering *g)
{
    uint32_t row = UINT32_MAX;
    for (size_t i = 0; i < g->entries.n; i++) {
        const tf_placed *p = &g->entries.at[i].placed;
        if (p->product != row && row != UINT32_MAX)
            TF_TRY(end_row(g, TF_BY_PRODUCT, row));
        row = p->product;
        TF_TRY(add_to_row(g, p));
    }
    return row == UINT32_MAX ? TARIFF_OK : end_row(g, TF_BY_PRODUCT, row);
}

static tariff_status place_entries(gathering *g)
{
    tf_base_strands *t = g->t;
    size_t           corners = g->base->places.n * TF_COUNTRIES_MAX;
    t->placed_first = TF_ARRAY(&g->base->arena, size_t, corners + 2);
    t->placed = TF_ARRAY(&g->base->arena, tf_placed, g->entries.n + 1);
    TF_NEED(t->placed_first && t->placed);
    for (size_t i = 0; i < g->entries.n; i++)
        t->placed_first[g->entries.at[i].corner + 2]++;
    for (size_t i = 2; i < corners + 2; i++)
        t->placed_first[i] += t->placed_first[i - 1];
    for (size_t i = 0; i < g->entries.n; i++)
        t->placed[t->placed_first[g->entries.at[i].corner + 1]++] = g->entries.at[i].placed;
    return TARIFF_OK;
}

static tariff_status add_corner(gathering *g, size_t corner)
{
    for (size_t i = g->t->placed_first[corner]; i < g->t->placed_first[corner + 1]; i++)
        TF_TRY(add_to_row(g, &g->t->placed[i]));
    return TARIFF_OK;
}

static tariff_status gather_countries(gathering *g)
{
    const tariff_base *base = g->base;
    for (uint32_t origin = 0; origin < TF_COUNTRIES_MAX; origin++) {
        for (size_t place = 0; place < base->places.n; place++)
            TF_TRY(add_corner(g, place * TF_COUNTRIES_MAX + origin));
        TF_TRY(end_row(g, TF_BY_ORIGIN, origin));
    }
    for (uint32_t importer = 0; importer < TF_COUNTRIES_MAX; importer++) {
        if (!base->has_importer[importer])
            continue;
        for (size_t place = 0; place < base->places.n; place++)
            for (uint32_t origin = 0;
                 origin < TF_COUNTRIES_MAX && base->places.at[place].importer == importer; origin++)
                TF_TRY(add_corner(g, place * TF_COUNTRIES_MAX + origin));
        TF_TRY(end_row(g, TF_BY_IMPORTER, importer));
    }
    return TARIFF_OK;
}

static tariff_status gather(gathering *g)
{
    size_t strands = g->t->strands.list.n;
    g->t->value = TF_ARRAY(&g->base->arena, int64_t, strands + 1);
    g->t->lines = TF_ARRAY(&g->base->arena, uint64_t, strands + 1);
    g->sums = TF_ARRAY(&g->arena, int64_t, strands + 1);
    TF_NEED(g->t->value && g->t->lines && g->sums);
    TF_TRY(add_cells(g));
    TF_TRY(gather_products(g));
    TF_TRY(place_entries(g));
    return gather_countries(g);
}

static uint64_t layers_topped(const tariff_law *law)
{
    uint64_t out = 0;
    for (size_t i = 0; i < law->measures.n; i++) {
        const tf_measure *m = law->measures.at[i];
        if (m->rate->kind == TF_RATE_TO)
            out |= tf_law_topped(law, m->rate, m->layer);
    }
    for (size_t i = 0; i < law->changes.n; i++) {
        const tf_change *change = &law->changes.at[i];
        for (uint8_t layer = 0; change->value && layer < law->book.layers.n; layer++)
            if (change->value->kind == TF_RATE_TO && (change->layers >> layer & 1))
                out |= tf_law_topped(law, change->value, layer);
    }
    return out;
}

static void relate_layers(tariff_base *base)
{
    const tariff_law *law = base->law;
    for (size_t e = 0; e < law->epochs.n; e++) {
        const tf_regime *r = law->regimes[e];
        for (unsigned from = 0; from < law->book.layers.n; from++)
            for (uint64_t rest = r->part[from] | r->line[from]; rest; rest &= rest - 1) {
                unsigned to = (unsigned)__builtin_ctzll(rest);
                base->related[from] |= UINT64_C(1) << to;
                base->related[to] |= UINT64_C(1) << from;
            }
    }
}

tariff_status tf_base_gather(tariff_base *base)
{
    relate_layers(base);
    base->topped = layers_topped(base->law);
    TF_TRY(number_groups(base));
    TF_TRY(sum_rows(base));
    for (int i = 0; i < TF_TWISTS; i++) {
        gathering g = { .base = base, .t = &base->twists[i] };
        tf_arena_init(&g.arena, &base->env->allocator);
        tariff_status status = gather(&g);
        tf_arena_free(&g.arena);
        TF_TRY(status);
    }
    return TARIFF_OK;
}
