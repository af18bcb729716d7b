/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/origin.h"

tariff_status tf_origin_init(tf_origin *o, const tariff_law *law, uint64_t layers,
                             tf_arena *arena)
{
    memset(o, 0, sizeof *o);
    o->law = law;
    o->layers = layers;
    o->arena = arena;
    o->expressions = law->book.scopes.countries.n;
    for (size_t i = 0; i < law->book.scopes.groups.n; i++)
        o->dated = o->dated || law->book.scopes.groups.at[i]->dated;
    o->matters = law->changes.n > 0;
    for (size_t i = 0; i < law->on_all.n && !o->matters; i++)
        o->matters = layers >> law->measures.at[law->on_all.at[i]]->layer & 1;
    o->level = TF_ARRAY(arena, int8_t, o->expressions + 1);
    o->countries = TF_ARRAY(arena, tf_country_classes *, law->epochs.n + 1);
    o->treatments = TF_ARRAY(arena, tf_origin_treatments *, law->epochs.n + 1);
    o->backdrop = TF_ARRAY(arena, uint32_t, law->epochs.n + 1);
    return o->level && o->countries && o->treatments && o->backdrop ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* Backdrops */

static bool has_same_backdrop(const tf_origin *o, uint32_t a, uint32_t b)
{
    const tariff_law *law = o->law;
    int32_t           x = law->epochs.at[a], y = law->epochs.at[b];
    if (o->dated || law->regimes[a] != law->regimes[b])
        return false;
    for (size_t i = 0; i < law->changes.n; i++)
        if (tf_span_holds(law->changes.at[i].span, x) != tf_span_holds(law->changes.at[i].span, y))
            return false;
    for (size_t i = 0; i < law->on_all.n; i++) {
        const tf_measure *m = law->measures.at[law->on_all.at[i]];
        if ((o->layers >> m->layer & 1) && tf_span_holds(m->span, x) != tf_span_holds(m->span, y))
            return false;
    }
    return true;
}

uint32_t tf_origin_backdrop(tf_origin *o, uint32_t epoch)
{
    if (o->backdrop[epoch])
        return o->backdrop[epoch] - 1;
    uint32_t found = epoch;
    for (uint32_t e = 0; e < o->law->epochs.n && found == epoch; e++)
        if (o->backdrop[e] == e + 1 && has_same_backdrop(o, e, epoch))
            found = e;
    o->backdrop[epoch] = found + 1;
    return found;
}

/* Classes */

/* Of the epoch looked at. */
static tf_country_classes *classes_of(tf_origin *o)
{
    tf_country_classes **kept = &o->countries[o->dated ? o->before : 0];
    if (!*kept)
        *kept = TF_NEW(o->arena, tf_country_classes);
    return *kept;
}

/* The class of a country that was not seen yet. */
static tariff_status classify(tf_origin *o, tf_country_classes *classes, uint16_t country)
{
    const tf_scopes *scopes = &o->law->book.scopes;
    size_t           n = o->expressions;
    uint32_t         number = 0;
    for (size_t i = 0; i < n; i++)
        o->level[i] = (int8_t)tf_countries_level(scopes, scopes->countries.at[i], country, o->day);
    while (number < classes->count && memcmp(classes->level[number], o->level, n) != 0)
        number++;
    if (number == classes->count) {
        int8_t *level = TF_ARRAY(o->arena, int8_t, n + 1);
        TF_NEED(level);
        memcpy(level, o->level, n);
        classes->level[classes->count++] = level;
    }
    classes->of[country] = (uint16_t)(number + 1);
    return TARIFF_OK;
}

tariff_status tf_origin_look(tf_origin *o, uint16_t origin, uint16_t importer, uint32_t epoch,
                             int32_t day)
{
    o->origin = origin;
    o->importer = importer;
    o->before = tf_origin_backdrop(o, epoch);
    o->day = day;
    tf_country_classes *classes = classes_of(o);
    TF_NEED(classes);
    if (!classes->of[origin])
        TF_TRY(classify(o, classes, origin));
    if (!classes->of[importer])
        TF_TRY(classify(o, classes, importer));
    o->class = classes->of[origin] - 1u;
    o->origin_level = classes->level[o->class];
    o->importer_level = classes->level[classes->of[importer] - 1u];
    return TARIFF_OK;
}

/* Measures on all products: the same for all of an origin's cells in an epoch */

tariff_status tf_origin_measures(tf_origin *o, const tf_all_products **out)
{
    const tariff_law *law = o->law;
    tf_all_products  *all = &o->all[o->origin];
    *out = all;
    if (all->known && all->importer == o->importer && all->before == o->before)
        return TARIFF_OK;
    all->known = false;
    all->importer = o->importer;
    all->before = o->before;
    all->measures.n = 0;
    for (uint32_t i = law->all_start[o->origin]; i < law->all_start[o->origin + 1]; i++) {
        const tf_measure *m = law->measures.at[law->all_list[i]];
        if ((o->layers >> m->layer & 1) && tf_span_holds(m->span, o->day)
            && o->origin_level[m->origins->number] != TF_NOT_NAMED
            && o->importer_level[m->importers->number] != TF_NOT_NAMED
            && !TF_PUSH(o->arena, &all->measures, law->all_list[i]))
            return TARIFF_E_NOMEM;
    }
    all->known = true;
    return TARIFF_OK;
}

/* Treatments */

static bool same_sets(const uint32_t *x, uint16_t n, const uint32_t *y, uint16_t m)
{
    return n == m && (n == 0 || memcmp(x, y, n * sizeof *x) == 0);
}

static bool on_same_products(const tf_products *a, const tf_products *b)
{
    return same_sets(a->include, a->include_count, b->include, b->include_count)
           && same_sets(a->exclude, a->exclude_count, b->exclude, b->exclude_count);
}

/* Rows of law that decide alike are one, where a layer does not go by their order. */
bool tf_measures_say_same(const tariff_law *law, const tf_measure *a, const tf_measure *b)
{
    return a == b
           || (a->layer == b->layer
               && law->book.layers.at[a->layer].select == TF_SELECT_SPECIFIC
               && a->rate == b->rate && a->base == b->base && a->base_parts == b->base_parts
               && a->rank == b->rank && a->schedule == b->schedule && a->born == b->born
               && a->when->count == b->when->count
               && (a->when->count == 0 || strcmp(a->when->text, b->when->text) == 0));
}

/* Do the measures on all products, and the changes, say of the origin what the treatment does? */
static bool is_treated(const tf_origin *o, const tf_all_products *all,
                       const tf_origin_treatment *t)
{
    const tariff_law *law = o->law;
    if (all->measures.n != t->count)
        return false;
    for (size_t i = 0; i < t->count; i++) {
        const tf_measure *a = law->measures.at[all->measures.at[i]];
        const tf_measure *b = law->measures.at[t->measures[i]];
        if (!tf_measures_say_same(law, a, b) || !on_same_products(&a->products, &b->products)
            || o->origin_level[a->origins->number] != t->level[b->origins->number]
            || o->importer_level[a->importers->number] != o->importer_level[b->importers->number])
            return false;
    }
    for (size_t i = 0; i < law->changes.n; i++) {
        uint32_t number = law->changes.at[i].origins->number;
        if (o->origin_level[number] != t->level[number])
            return false;
    }
    return true;
}

static tariff_status make_treatment(tf_origin *o, const tf_all_products *all,
                                    tf_origin_treatments *treatments)
{
    size_t              n = all->measures.n;
    uint32_t           *measures = TF_ARRAY(o->arena, uint32_t, n + 1);
    tf_origin_treatment fresh = { measures, n, o->origin_level };
    TF_NEED(measures);
    if (n)
        memcpy(measures, all->measures.at, n * sizeof *measures);
    return TF_PUSH(o->arena, &treatments->list, fresh) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* Those of the importer and epoch looked at, moved to the front. */
static tf_origin_treatments *treatments_of(tf_origin *o)
{
    tf_origin_treatments **first = &o->treatments[o->before], **at = first;
    while (*at && (*at)->importer != o->importer)
        at = &(*at)->next;
    tf_origin_treatments *found = *at;
    if (found) {
        *at = found->next;
    } else if ((found = TF_NEW(o->arena, tf_origin_treatments))) {
        found->importer = o->importer;
    } else {
        return NULL;
    }
    found->next = *first;
    return *first = found;
}

tariff_status tf_origin_treated(tf_origin *o, uint32_t *out)
{
    tf_origin_treatments *t = o->treatments[o->before];
    if (!t || t->importer != o->importer)
        t = treatments_of(o);
    TF_NEED(t);
    if (!t->of[o->origin]) {
        const tf_all_products *all;
        size_t                 number = 0;
        TF_TRY(tf_origin_measures(o, &all));
        while (number < t->list.n && !is_treated(o, all, &t->list.at[number]))
            number++;
        if (number == t->list.n)
            TF_TRY(make_treatment(o, all, t));
        t->of[o->origin] = (uint16_t)(number + 1);
    }
    *out = t->of[o->origin] - 1u;
    return TARIFF_OK;
}
