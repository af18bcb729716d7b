/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The further changes of a scenario, and which flows of a base they meet.
 */
#include "run/vary.h"

#include "value/hs.h"

/* What cannot be told from what the base keeps */

static bool is_percentage(const tf_rate *rate)
{
    return rate->kind == TF_RATE_SUM && !rate->specific && rate->parts == 0;
}

static bool changes_measures_alone(const tariff_scenario *scenario, uint32_t shared)
{
    static const char *const good[] = { "add", "set", "shift", "scale", "exempt", "suspend" };
    uint32_t                 number = 0;
    if (!scenario->changes)
        return true;
    for (const tf_node *item = scenario->changes->first; item; item = item->next, number++) {
        bool known = number < shared || item->kind != TF_MAP || !item->first; /* an error, later */
        for (size_t i = 0; !known && i < sizeof good / sizeof good[0]; i++)
            known = strcmp(item->first->key, good[i]) == 0;
        if (!known)
            return false;
    }
    return true;
}

static bool on_all(const tf_countries *c)
{
    return strcmp(c->text, "*") == 0;
}

static bool cuts_an_epoch(const tf_vary *v, int32_t day)
{
    const tariff_law *law = v->base->law;
    if (day == TARIFF_DATE_MIN || day == TARIFF_DATE_MAX || v->scenario->date_kind == TF_ON_DAY)
        return false;
    return law->epochs.at[tf_law_epoch(law, day)] != day;
}

/* Flows are told apart by the epochs of the base where its store asks for them. */
static const char *hindrance_of_span(const tf_vary *v, tariff_span span)
{
    if (!tf_store_asks_law(v->base->store, v->base->scenario))
        return NULL;
    return cuts_an_epoch(v, span.from.days) || cuts_an_epoch(v, span.until.days)
               ? "a change begins or ends where the law of the base does not change"
               : NULL;
}

static const char *hindrance_of_products(const tf_vary *v, const tf_products *products)
{
    static const char dated[] = "a change is of products whose list changes with the days";
    const tf_scopes  *scopes = &v->law.book.scopes;
    if (products->all && products->exclude_count)
        return "a change is of all products but some";
    for (int side = 0; side < 2; side++) {
        const uint32_t *sets = side ? products->exclude : products->include;
        for (uint16_t i = 0; i < (side ? products->exclude_count : products->include_count); i++) {
            const tf_set *set = scopes->sets.at[sets[i]];
            for (size_t k = 0; k < set->rows.n; k++)
                if (set->rows.at[k].minus || set->rows.at[k].span.from.days != TARIFF_DATE_MIN
                    || set->rows.at[k].span.until.days != TARIFF_DATE_MAX)
                    return dated;
        }
    }
    return NULL;
}

/* An ordinary measure belongs to the strand apart, an additional one to the first. */
static const char *hindrance_of_layer(const tf_vary *v, unsigned layer)
{
    uint64_t related = v->base->related[layer];
    for (size_t i = v->base->law->book.yields.n; i < v->law.book.yields.n; i++)
        if (v->law.book.yields.at[i].from == layer)
            related |= UINT64_C(1) << v->law.book.yields.at[i].to;
    if (v->law.ordinary >> layer & 1
            ? related != 0 || layer >= v->base->law->book.layers.n
            : (related & v->law.ordinary) != 0)
        return "a measure is added to a layer that has to do with ordinary ones";
    if (v->base->topped >> layer & 1)
        return "a measure is added to a layer that others top up";
    return NULL;
}

static const char *hindrance_of_measure(const tf_vary *v, const tf_measure *m)
{
    if (!is_percentage(m->rate) || m->when->count || m->base != TF_BASE_ALL)
        return "a measure is added that is no plain percentage of the whole value";
    if (v->law.ordinary >> m->layer & 1) {
        tf_country_bits ever = tf_countries_ever(&v->law.book.scopes, m->importers);
        for (unsigned w = 0; w < TF_COUNTRIES_MAX / 64; w++)
            if (ever.word[w] & ~v->base->law->ordinary_importers.word[w])
                return "an ordinary measure is added for importers that had none";
    }
    return hindrance_of_layer(v, m->layer);
}

/* Who a new layer gives way to has to be known of every measure in it. */
static const char *hindrance_of_yields(const tf_vary *v)
{
    const tf_book *book = &v->law.book, *old = &v->base->law->book;
    for (size_t i = old->yields.n; i < book->yields.n; i++) {
        const tf_yield *y = &book->yields.at[i];
        if (y->from < old->layers.n || y->to >= old->layers.n)
            return "a layer that was there gives way to others";
        for (size_t k = 0; k < book->measures.n; k++) {
            const tf_measure *m = book->measures.at[k];
            if (m->layer == y->from
                && (m->span.from.days != y->span.from.days
                    || m->span.until.days != y->span.until.days))
                return "a new layer gives way to others on some of its days";
        }
    }
    return NULL;
}

static const char *hindrance_of_items(const tf_vary *v)
{
    const char *why = hindrance_of_yields(v);
    for (unsigned i = 0; i < v->item_count && !why; i++) {
        const tf_vary_item *item = &v->items[i];
        why = hindrance_of_span(v, item->span);
        if (!why)
            why = hindrance_of_products(v, item->products);
        if (!why && item->measure)
            why = hindrance_of_measure(v, item->measure);
        if (!why && item->change && item->change->value && !is_percentage(item->change->value))
            why = "a rate is set that is no plain percentage";
    }
    return why;
}

/* Reading */

static void list_items(tf_vary *v)
{
    for (size_t i = 0; i < v->law.changes.n; i++) {
        const tf_change *c = &v->law.changes.at[i];
        v->items[v->item_count++] = (tf_vary_item){ c,          NULL,         &c->products,
                                                    c->origins, c->importers, c->span };
    }
    for (size_t i = 0; i < v->law.book.measures.n; i++) {
        const tf_measure *m = v->law.book.measures.at[i];
        v->items[v->item_count++] = (tf_vary_item){ NULL,       m,            &m->products,
                                                    m->origins, m->importers, m->span };
    }
    for (unsigned i = 0; i < v->item_count; i++)
        if (v->items[i].products->all)
            v->all |= UINT64_C(1) << i;
}

/* Layers that are new come last, and no layer that was there depends on them. */
static tariff_status extend_regimes(tf_vary *v)
{
    const tariff_law *old = v->base->law;
    if (v->law.book.layers.n == old->book.layers.n)
        return TARIFF_OK;
    for (size_t e = 0; e < old->epochs.n; e++) {
        const tf_regime *from = old->regimes[e];
        size_t           i = 0;
        while (i < v->regimes.n && v->regimes.at[i] != from)
            i++;
        if (i < v->regimes.n)
            continue;
        tf_regime *to = TF_NEW(&v->arena, tf_regime);
        TF_NEED(to);
        *to = *from;
        for (i = old->book.layers.n; i < v->law.book.layers.n; i++)
            to->order[i] = (uint8_t)i;
        for (i = old->book.yields.n; i < v->law.book.yields.n; i++) {
            const tf_yield *y = &v->law.book.yields.at[i];
            *(y->whole_line ? &to->line[y->from] : &to->part[y->from]) |= UINT64_C(1) << y->to;
        }
        const tf_regime *kept = to;
        if (!TF_PUSH(&v->arena, &v->regimes, from) || !TF_PUSH(&v->arena, &v->extended, kept))
            return TARIFF_E_NOMEM;
    }
    return TARIFF_OK;
}

static void note_touched(tf_vary *v)
{
    for (unsigned i = 0; i < v->item_count; i++) {
        const tf_vary_item *item = &v->items[i];
        uint64_t layers = item->change ? item->change->layers : UINT64_C(1) << item->measure->layer;
        v->twists[TF_TWIST_FIRST].touched = true; /* it tells whether a line has an ordinary duty */
        if (layers & v->law.ordinary)
            v->twists[TF_TWIST_APART].touched = true;
    }
}

tariff_status tf_vary_read(tf_vary *v, uint32_t shared)
{
    const tariff_law *old = v->base->law;
    if (!changes_measures_alone(v->scenario, shared)) {
        v->why = "lists, groups or shares are changed";
        return TARIFF_OK;
    }
    v->law = *old;
    v->law.env = v->env;
    v->law.owned = NULL;
    v->law.arena = v->arena; /* empty so far; given back below */
    v->law.changes.at = NULL;
    v->law.changes.n = v->law.changes.room = 0;
    tariff_status status = tf_book_lend(&v->law.book, &v->law.arena, &old->book);
    if (status == TARIFF_OK)
        status = tf_scenario_change_on(v->scenario, v->env, &v->law, shared);
    v->arena = v->law.arena;
    TF_TRY(status);
    if (v->law.changes.n + old->changes.n > TF_CHANGES_MAX
        || v->law.changes.n + v->law.book.measures.n > TF_ITEMS_MAX) {
        v->why = "there are too many further changes";
        return TARIFF_OK;
    }
    for (size_t i = old->book.layers.n; i < v->law.book.layers.n; i++)
        if (v->law.book.layers.at[i].kind == TF_ORDINARY)
            v->law.ordinary |= UINT64_C(1) << i;
    list_items(v);
    v->why = hindrance_of_items(v);
    if (v->why)
        return TARIFF_OK;
    note_touched(v);
    return extend_regimes(v);
}

/* Products */

static size_t first_at(const tariff_base *base, uint64_t key)
{
    size_t lo = 0, hi = base->codes.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (base->codes.at[mid] < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Flows whose code is the beginning of a row's cannot be decided. */
static bool has_coarser(const tariff_base *base, uint64_t code)
{
    for (unsigned digits = 2; digits < tf_hs_length(code); digits += 2) {
        uint64_t key = tf_hs_cut(code, digits);
        size_t   at = first_at(base, key);
        if (at < base->codes.n && base->codes.at[at] == key)
            return true;
    }
    return false;
}

static bool mark_row(tf_vary *v, const tf_set_row *row, uint64_t bit, bool named)
{
    const tariff_base *base = v->base;
    size_t             i = first_at(base, row->lo);
    for (; i < base->codes.n && base->codes.at[i] < row->hi; i++) {
        if (tf_hs_end(base->codes.at[i]) > row->hi)
            return false;
        if (named)
            v->of_code[i] |= bit;
        else
            v->of_code[i] &= ~bit;
    }
    return !has_coarser(base, row->lo);
}

static bool mark_sets(tf_vary *v, const uint32_t *sets, uint16_t count, uint64_t bit, bool named)
{
    for (uint16_t i = 0; i < count; i++) {
        const tf_set *set = v->law.book.scopes.sets.at[sets[i]];
        for (size_t k = 0; k < set->rows.n; k++)
            if (!mark_row(v, &set->rows.at[k], bit, named))
                return false;
    }
    return true;
}

/* Places */

static bool same_every_day(const tf_scopes *scopes, const tf_countries *c)
{
    for (uint16_t i = 0; i < c->group_count; i++)
        if (scopes->groups.at[c->groups[i]]->dated)
            return false;
    for (uint16_t i = 0; i < c->not_group_count; i++)
        if (scopes->groups.at[c->not_groups[i]]->dated)
            return false;
    return true;
}

static void mark_origins(const tf_vary *v, const tf_vary_item *item, int32_t day,
                         bool named[TF_COUNTRIES_MAX])
{
    const tf_scopes *scopes = &v->law.book.scopes;
    for (unsigned o = 0; o < TF_COUNTRIES_MAX; o++)
        named[o] = v->base->has_origin[o]
                   && (on_all(item->origins)
                       || tf_countries_level(scopes, item->origins, o, day) != TF_NOT_NAMED);
}

static void meet_places(tf_vary *v, unsigned number)
{
    const tf_vary_item *item = &v->items[number];
    const tf_scopes    *scopes = &v->law.book.scopes;
    bool                named[TF_COUNTRIES_MAX], known = false;
    for (size_t place = 0; place < v->base->places.n; place++) {
        const tf_place_of_law *at = &v->base->places.at[place];
        uint64_t              *corners = v->of_corner + place * TF_COUNTRIES_MAX;
        if (!tf_span_holds(item->span, at->day)
            || tf_countries_level(scopes, item->importers, at->importer, at->day) == TF_NOT_NAMED)
            continue;
        if (!known || !same_every_day(scopes, item->origins))
            mark_origins(v, item, at->day, named);
        known = true;
        for (unsigned o = 0; o < TF_COUNTRIES_MAX; o++)
            corners[o] |= (uint64_t)named[o] << number;
    }
}

tariff_status tf_vary_meet(tf_vary *v)
{
    v->of_code = TF_ARRAY(&v->arena, uint64_t, v->base->codes.n + 1);
    v->of_corner = TF_ARRAY(&v->arena, uint64_t, v->base->places.n * TF_COUNTRIES_MAX + 1);
    TF_NEED(v->of_code && v->of_corner);
    for (unsigned i = 0; i < v->item_count; i++) {
        const tf_products *p = v->items[i].products;
        uint64_t           bit = UINT64_C(1) << i;
        if (!p->all && (!mark_sets(v, p->include, p->include_count, bit, true)
                        || !mark_sets(v, p->exclude, p->exclude_count, bit, false)))
            v->why = "some flows have codes coarser than a change";
        meet_places(v, i);
    }
    return TARIFF_OK;
}
