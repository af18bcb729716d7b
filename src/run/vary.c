/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A scenario that goes on from a base: the value of strands that become others
 * is moved, and what each then charges is added up.  All of it in integers, so
 * that the sums are those of a run.
 */
#include "run/vary.h"

static inline void charge(tf_sums *sums, int64_t value, const tf_levy *levy)
{
    sums->ordinary += (tf_i128)value * levy->ordinary;
    sums->additional += (tf_i128)value * levy->additional;
    sums->affected += (tf_i128)value * levy->affected;
}

static void charge_product(tf_vary_sums *a, uint32_t product, int64_t value, const tf_levy *levy)
{
    if (a->by[TF_BY_PRODUCT].wanted)
        charge(&a->by[TF_BY_PRODUCT].sums[product], value, levy);
    if (a->layers)
        tf_levy_layers(levy, value, a->layers + product * a->v->law.book.layers.n);
}

/* Moving */

static tariff_status make_room(tf_vary_sums *a, size_t strands)
{
    if (strands <= a->moved_room)
        return TARIFF_OK;
    size_t   room = strands * 2 + 64;
    int64_t *value = TF_ARRAY(&a->v->arena, int64_t, room);
    int64_t *lines = TF_ARRAY(&a->v->arena, int64_t, room);
    TF_NEED(value && lines);
    if (a->moved_room) {
        memcpy(value, a->moved, a->moved_room * sizeof *value);
        memcpy(lines, a->moved_lines, a->moved_room * sizeof *lines);
    }
    a->moved = value;
    a->moved_lines = lines;
    a->moved_room = room;
    return TARIFF_OK;
}

static inline tariff_status move_one(tf_vary_sums *a, uint32_t strand, int64_t value, int64_t lines)
{
    if (!a->moved_lines[strand] && !a->moved[strand]
        && !TF_PUSH(&a->v->arena, &a->met, strand))
        return TARIFF_E_NOMEM;
    a->moved[strand] += value;
    a->moved_lines[strand] += lines;
    return TARIFF_OK;
}

/* What was moved within a product and an importer. */
static void end_moves(tf_vary_sums *a, tf_twist twist, uint32_t product, uint16_t importer)
{
    tf_vary_strands *t = &a->v->twists[twist];
    for (size_t i = 0; i < a->met.n; i++) {
        uint32_t       strand = a->met.at[i];
        int64_t        value = a->moved[strand];
        const tf_levy *levy = tf_vary_levy(t, strand);
        t->value.at[strand] += value;
        t->lines.at[strand] += a->moved_lines[strand];
        charge_product(a, product, value, levy);
        if (a->by[TF_BY_IMPORTER].wanted)
            charge(&a->by[TF_BY_IMPORTER].sums[importer], value, levy);
        a->moved[strand] = a->moved_lines[strand] = 0;
    }
    a->met.n = 0;
}

static tariff_status move(tf_vary_sums *a, tf_twist twist, uint16_t origin, int64_t value, int64_t lines,
                          uint32_t from, uint32_t to)
{
    tf_vary_strands *t = &a->v->twists[twist];
    TF_TRY(make_room(a, t->count + t->fresh.list.n));
    if (a->by[TF_BY_ORIGIN].wanted) {
        charge(&a->by[TF_BY_ORIGIN].sums[origin], value, tf_vary_levy(t, to));
        charge(&a->by[TF_BY_ORIGIN].sums[origin], -value, tf_vary_levy(t, from));
    }
    TF_TRY(move_one(a, to, value, lines));
    return move_one(a, from, -value, -lines);
}

/* The mask that most flows have, as far as items on all products go. */
static tariff_status find_usual(tf_vary_sums *a, uint32_t *usual, uint32_t *of_corner)
{
    tf_vary               *v = a->v;
    const tariff_base     *base = v->base;
    const tf_base_strands *t = &base->twists[TF_TWIST_FIRST];
    size_t                 most = 0;
    TF_VEC(size_t) weights = { 0 };
    TF_TRY(tf_vary_mask_find(v, 0, usual));
    for (size_t i = 0; i < base->places.n * TF_COUNTRIES_MAX; i++) {
        size_t count = t->placed_first[i + 1] - t->placed_first[i], none = 0;
        if (!count)
            continue;
        TF_TRY(tf_vary_mask_find(v, v->of_corner[i] & v->all, &of_corner[i]));
        while (weights.n < v->masks.n)
            if (!TF_PUSH(&v->arena, &weights, none))
                return TARIFF_E_NOMEM;
        weights.at[of_corner[i]] += count;
    }
    for (size_t i = 0; i < weights.n; i++)
        if (weights.at[i] > most) {
            most = weights.at[i];
            *usual = (uint32_t)i;
        }
    return TARIFF_OK;
}

/* All flows, as if the usual items met them. */
static tariff_status add_usual(tf_vary_sums *a, tf_twist twist, uint32_t usual)
{
    tf_vary               *v = a->v;
    tf_vary_strands       *t = &v->twists[twist];
    const tf_base_strands *b = t->base;
    uint32_t              *made = v->masks.at[usual].made[twist], to;
    for (uint32_t i = 0; i < t->count && !v->stopped; i++)
        if (b->lines[i])
            TF_TRY(tf_vary_strand(v, twist, usual, i, &to));
    if (v->stopped)
        return TARIFF_OK;
    for (uint32_t i = 0; i < t->count; i++) {
        if (!b->lines[i])
            continue;
        t->value.at[made[i] - 1] += b->value[i];
        t->lines.at[made[i] - 1] += (int64_t)b->lines[i];
    }
    for (int axis = 0; axis < TF_AXES; axis++) {
        bool products = axis == TF_BY_PRODUCT;
        if (!a->by[axis].wanted && !(products && a->layers))
            continue;
        for (size_t i = 0; i < b->by[axis].n; i++) {
            const tf_share_of_row *s = &b->by[axis].at[i];
            const tf_levy         *levy = tf_vary_levy(t, made[s->strand] - 1);
            if (products)
                charge_product(a, s->row, s->value, levy);
            else
                charge(&a->by[axis].sums[s->row], s->value, levy);
        }
    }
    return TARIFF_OK;
}

/* Places and origins that other items on all products meet. */
static tariff_status move_corner(tf_vary_sums *a, tf_twist twist, size_t corner, uint32_t usual,
                                 uint32_t mask)
{
    tf_vary               *v = a->v;
    const tf_base_strands *b = &v->base->twists[twist];
    uint16_t origin = (uint16_t)(corner % TF_COUNTRIES_MAX);
    uint16_t importer = v->base->places.at[corner / TF_COUNTRIES_MAX].importer;
    for (size_t i = b->placed_first[corner]; i < b->placed_first[corner + 1]; i++) {
        const tf_placed *p = &b->placed[i];
        uint32_t         from, to;
        TF_TRY(tf_vary_strand(v, twist, usual, p->strand, &from));
        TF_TRY(tf_vary_strand(v, twist, mask, p->strand, &to));
        if (v->stopped)
            return TARIFF_OK;
        if (from == to)
            continue;
        TF_TRY(move(a, twist, origin, p->value, p->lines, from, to));
        end_moves(a, twist, p->product, importer);
    }
    return TARIFF_OK;
}

/* Products that items name */

typedef struct named {
    uint64_t items;
    uint32_t *masks; /**< By place and origin, + 1. */
} named;

static tariff_status move_group(tf_vary_sums *a, tf_twist twist, size_t number, const named *n,
                                const uint32_t *of_corner)
{
    tf_vary               *v = a->v;
    const tariff_base     *base = v->base;
    const tf_data_group   *group = &base->dataset->groups.at[number];
    const tf_base_strands *b = &base->twists[twist];
    size_t                 corner = (size_t)base->place_of[number] * TF_COUNTRIES_MAX;
    for (size_t i = group->first; i < group->first + group->count; i++) {
        const tf_data_cell *cell = &base->dataset->cells.at[i];
        uint32_t            strand = b->of_cell[i], from, to;
        size_t              at = corner + cell->origin;
        if (strand == TF_NO_STRAND)
            continue;
        if (!n->masks[at]) {
            uint32_t mask;
            TF_TRY(tf_vary_mask_find(v, v->of_corner[at] & (v->all | n->items), &mask));
            n->masks[at] = mask + 1;
        }
        if (n->masks[at] - 1 == of_corner[at])
            continue;
        TF_TRY(tf_vary_strand(v, twist, of_corner[at], strand, &from));
        TF_TRY(tf_vary_strand(v, twist, n->masks[at] - 1, strand, &to));
        if (v->stopped)
            return TARIFF_OK;
        if (from != to)
            TF_TRY(move(a, twist, cell->origin, cell->value, cell->lines, from, to));
    }
    end_moves(a, twist, base->product_of[number], group->where.importer);
    return TARIFF_OK;
}

static tariff_status find_named(tf_vary *v, uint64_t items, named **out, size_t *count,
                                size_t *room)
{
    size_t corners = v->base->places.n * TF_COUNTRIES_MAX;
    for (size_t i = 0; i < *count; i++)
        if ((*out)[i].items == items) {
            named first = (*out)[0];
            (*out)[0] = (*out)[i];
            (*out)[i] = first;
            return TARIFF_OK;
        }
    if (!tf_vec_reserve(&v->arena, out, room, *count + 1, sizeof **out))
        return TARIFF_E_NOMEM;
    named fresh = { items, TF_ARRAY(&v->arena, uint32_t, corners + 1) };
    TF_NEED(fresh.masks);
    if (*count)
        (*out)[*count] = (*out)[0];
    (*out)[0] = fresh;
    ++*count;
    return TARIFF_OK;
}

static tariff_status move_products(tf_vary_sums *a, const uint32_t *of_corner)
{
    tf_vary           *v = a->v;
    const tariff_base *base = v->base;
    named             *list = NULL;
    size_t             count = 0, room = 0;
    for (size_t i = 0; i < base->codes.n; i++) {
        if (!v->of_code[i])
            continue;
        TF_TRY(find_named(v, v->of_code[i], &list, &count, &room));
        for (int twist = 0; twist < TF_TWISTS; twist++)
            for (size_t g = base->first.at[i]; g < base->first.at[i + 1]; g++) {
                if (!v->twists[twist].touched)
                    break;
                TF_TRY(move_group(a, (tf_twist)twist, g, &list[0], of_corner));
                if (v->stopped)
                    return TARIFF_OK;
            }
    }
    return TARIFF_OK;
}

static tariff_status add_flows(tf_vary_sums *a)
{
    tf_vary  *v = a->v;
    size_t    corners = v->base->places.n * TF_COUNTRIES_MAX;
    uint32_t *of_corner = TF_ARRAY(&v->arena, uint32_t, corners + 1), usual;
    TF_NEED(of_corner);
    TF_TRY(find_usual(a, &usual, of_corner));
    for (int i = 0; i < TF_TWISTS; i++) {
        tf_twist twist = (tf_twist)i;
        TF_TRY(add_usual(a, twist, v->twists[i].touched ? usual : 0));
        for (size_t k = 0; k < corners && v->twists[i].touched && !v->stopped; k++)
            if (of_corner[k] != usual)
                TF_TRY(move_corner(a, twist, k, usual, of_corner[k]));
        if (v->stopped)
            return TARIFF_OK;
    }
    return move_products(a, of_corner);
}

static tariff_status begin_rows(tf_vary_sums *a)
{
    tf_vary           *v = a->v;
    const tariff_base *base = v->base;
    const bool        *wanted = v->scenario->reports.wanted;
    size_t counts[TF_AXES] = { base->products.n, TF_COUNTRIES_MAX, TF_COUNTRIES_MAX };
    a->by[TF_BY_PRODUCT].wanted = wanted[TF_REPORT_PRODUCTS];
    a->by[TF_BY_ORIGIN].wanted = wanted[TF_REPORT_ORIGINS];
    a->by[TF_BY_IMPORTER].wanted = wanted[TF_REPORT_IMPORTERS];
    for (int i = 0; i < TF_AXES; i++) {
        if (!a->by[i].wanted)
            continue;
        a->by[i].sums = TF_ARRAY(&v->arena, tf_sums, counts[i] + 1);
        TF_NEED(a->by[i].sums);
        for (size_t k = 0; k < counts[i]; k++)
            a->by[i].sums[k].value = base->value[i][k];
    }
    if (!wanted[TF_REPORT_PRODUCTS_LAYERS])
        return TARIFF_OK;
    a->layers = TF_ARRAY(&v->arena, tf_layer_sums, base->products.n * v->law.book.layers.n + 1);
    return a->layers ? TARIFF_OK : TARIFF_E_NOMEM;
}

static const char *hindrance_of_reports(const tf_vary *v)
{
    const tf_report_choices *r = &v->scenario->reports;
    for (int i = TF_REPORT_PRODUCTS; i <= TF_REPORT_PRODUCTS_LAYERS; i++)
        if (r->wanted[i] && r->digits[i] > v->base->digits)
            return "products are reported with more digits than those of the base";
    return r->wanted[TF_REPORT_PRODUCTS_ORIGINS] ? "products are reported by origin" : NULL;
}

static tariff_status begin_strands(tf_vary *v, tf_twist twist)
{
    tf_vary_strands *t = &v->twists[twist];
    t->base = &v->base->twists[twist];
    t->count = t->base->strands.list.n;
    tf_strands_init(&t->fresh, &v->law, &v->arena);
    int64_t none = 0;
    if (!tf_vec_reserve(&v->arena, &t->value.at, &t->value.room, t->count * 2 + 64, sizeof none)
        || !tf_vec_reserve(&v->arena, &t->lines.at, &t->lines.room, t->count * 2 + 64,
                           sizeof none))
        return TARIFF_E_NOMEM;
    t->value.n = t->lines.n = t->count;
    memset(t->value.at, 0, t->count * sizeof none);
    memset(t->lines.at, 0, t->count * sizeof none);
    return TARIFF_OK;
}

static tariff_status vary(tf_vary *v, uint32_t shared, tariff_result *result)
{
    tf_vary_sums a = { .v = v };
    v->why = hindrance_of_reports(v);
    for (int i = 0; i < TF_TWISTS && !v->why; i++)
        TF_TRY(begin_strands(v, (tf_twist)i));
    if (!v->why)
        TF_TRY(tf_vary_read(v, shared));
    if (!v->why)
        TF_TRY(tf_vary_meet(v));
    if (v->why)
        return TARIFF_OK;
    tf_tally_init(&a.tally, v->env, &v->law, &v->scenario->reports);
    tariff_status status = begin_rows(&a);
    if (status == TARIFF_OK)
        status = add_flows(&a);
    if (status == TARIFF_OK && !v->stopped)
        status = tf_vary_tables(&a, result);
    tf_tally_free(&a.tally);
    return status;
}

tariff_status tf_base_vary(tariff_env *env, const tariff_base *base,
                           const tariff_scenario *scenario, uint32_t shared,
                           tariff_result *result, const char **why)
{
    tf_vary *v = tf_alloc(env, sizeof *v);
    TF_NEED(v);
    memset(v, 0, sizeof *v);
    v->env = env;
    v->base = base;
    v->scenario = scenario;
    tf_arena_init(&v->arena, &env->allocator);
    tf_bench_init(&v->bench, env);
    tariff_status status = vary(v, shared, result);
    *why = v->why;
    tf_bench_free(&v->bench);
    tf_arena_free(&v->arena);
    tf_free(env, v, sizeof *v);
    return status;
}
