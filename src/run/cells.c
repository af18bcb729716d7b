/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/cells.h"

#include "base/mix.h"

#include <stdlib.h>

enum { FIRST_ROOM = 4 };

void tf_cells_init(tf_cells *cells, tariff_env *env, const tf_reading *reading)
{
    memset(cells, 0, sizeof *cells);
    cells->reading = reading;
    tf_arena_init(&cells->arena, &env->allocator);
}

void tf_cells_free(tf_cells *cells)
{
    tf_arena_free(&cells->arena);
}

/* Products */

static size_t product_slot(const tf_cells *c, uint64_t hs)
{
    size_t at = tf_mix(0, hs) & (c->product_slot_count - 1);
    while (c->product_slots[at] && c->products.at[c->product_slots[at] - 1] != hs)
        at = (at + 1) & (c->product_slot_count - 1);
    return at;
}

static tariff_status grow_products(tf_cells *c)
{
    if (c->products.n * 2 < c->product_slot_count)
        return TARIFF_OK;
    c->product_slot_count = c->product_slot_count ? c->product_slot_count * 2 : 1024;
    c->product_slots = TF_ARRAY(&c->arena, uint32_t, c->product_slot_count);
    TF_NEED(c->product_slots);
    for (uint32_t i = 0; i < c->products.n; i++)
        c->product_slots[product_slot(c, c->products.at[i])] = i + 1;
    return TARIFF_OK;
}

tariff_status tf_cells_product(tf_cells *c, uint64_t hs, uint32_t *out)
{
    uint32_t none = 0;
    TF_TRY(grow_products(c));
    size_t at = product_slot(c, hs);
    if (!c->product_slots[at]) {
        if (!TF_PUSH(&c->arena, &c->products, hs) || !TF_PUSH(&c->arena, &c->first, none))
            return TARIFF_E_NOMEM;
        c->product_slots[at] = (uint32_t)c->products.n;
    }
    *out = c->product_slots[at] - 1;
    return TARIFF_OK;
}

/* Times */

/* Periods that begin in one epoch of the law are one, if only their first day is asked. */
static int64_t time_key(const tf_reading *reading, tariff_span span)
{
    size_t lo = 0, hi = reading->epoch_count;
    if (hi == 0)
        return (int64_t)((uint64_t)(uint32_t)span.from.days << 32 | (uint32_t)span.until.days);
    while (hi - lo > 1) {
        size_t mid = lo + (hi - lo) / 2;
        if (reading->epochs[mid] <= span.from.days)
            lo = mid;
        else
            hi = mid;
    }
    return (int64_t)lo;
}

tariff_status tf_cells_time(tf_cells *c, bool given, tariff_span span, uint32_t *out)
{
    tf_time fresh = { span, given && !c->reading->any_time, 0 };
    if (fresh.given)
        fresh.key = time_key(c->reading, span);
    for (*out = 0; *out < c->times.n; ++*out)
        if (c->times.at[*out].given == fresh.given && c->times.at[*out].key == fresh.key)
            return TARIFF_OK;
    return TF_PUSH(&c->arena, &c->times, fresh) ? TARIFF_OK : TARIFF_E_NOMEM;
}

/* Buckets */

static size_t bucket_slot(const tf_cells *c, uint32_t product, uint32_t time, uint16_t importer)
{
    size_t at = tf_mix(tf_mix(0, (uint64_t)product << 32 | time), importer) & (c->slot_count - 1);
    for (; c->slots[at]; at = (at + 1) & (c->slot_count - 1)) {
        const tf_bucket *b = &c->buckets.at[c->slots[at] - 1];
        if (b->product == product && b->time == time && b->importer == importer)
            break;
    }
    return at;
}

static tariff_status grow_slots(tf_cells *c)
{
    if (c->buckets.n * 2 < c->slot_count)
        return TARIFF_OK;
    c->slot_count = c->slot_count ? c->slot_count * 2 : 1024;
    c->slots = TF_ARRAY(&c->arena, uint32_t, c->slot_count);
    TF_NEED(c->slots);
    for (uint32_t i = 0; i < c->buckets.n; i++) {
        const tf_bucket *b = &c->buckets.at[i];
        c->slots[bucket_slot(c, b->product, b->time, b->importer)] = i + 1;
    }
    return TARIFF_OK;
}

static tariff_status find_bucket(tf_cells *c, uint32_t product, uint32_t time, uint16_t importer,
                                 tf_bucket **out)
{
    TF_TRY(grow_slots(c));
    size_t at = bucket_slot(c, product, time, importer);
    if (!c->slots[at]) {
        tf_bucket fresh = { .product = product,
                            .time = time,
                            .importer = importer,
                            .next = c->first.at[product] };
        if (!TF_PUSH(&c->arena, &c->buckets, fresh))
            return TARIFF_E_NOMEM;
        c->slots[at] = c->first.at[product] = (uint32_t)c->buckets.n;
    }
    c->last = c->slots[at];
    *out = &c->buckets.at[c->last - 1];
    return TARIFF_OK;
}

static inline tf_entry *entry_of(tf_entry *entries, uint32_t room, uint16_t origin)
{
    uint32_t at = origin * UINT32_C(2654435761) >> 16 & (room - 1);
    while (entries[at].lines && entries[at].origin != origin)
        at = (at + 1) & (room - 1);
    return &entries[at];
}

/* Outgrown entries serve smaller buckets; a spare block's first bytes point to the next. */
static tf_entry *take_entries(tf_cells *c, uint32_t room)
{
    tf_entry **spare = &c->spare[__builtin_ctz(room)];
    tf_entry  *entries = *spare;
    if (!entries)
        return TF_ARRAY(&c->arena, tf_entry, room);
    memcpy(spare, (const void *)entries, sizeof *spare);
    return memset(entries, 0, room * sizeof *entries);
}

static void give_entries(tf_cells *c, tf_entry *entries, uint32_t room)
{
    tf_entry **spare = &c->spare[__builtin_ctz(room)];
    memcpy((void *)entries, spare, sizeof *spare);
    *spare = entries;
}

static tariff_status grow_bucket(tf_cells *c, tf_bucket *b)
{
    uint32_t  room = b->room ? b->room * 2 : FIRST_ROOM;
    tf_entry *entries = take_entries(c, room);
    TF_NEED(entries);
    for (uint32_t i = 0; i < b->room; i++)
        if (b->entries[i].lines)
            *entry_of(entries, room, b->entries[i].origin) = b->entries[i];
    if (b->room)
        give_entries(c, b->entries, b->room);
    b->entries = entries;
    b->room = room;
    return TARIFF_OK;
}

static bool comes_before(const tf_entry *a, const tf_entry *b)
{
    return a->file < b->file || (a->file == b->file && a->place < b->place);
}

static tariff_status add_entry(tf_cells *c, tf_bucket *b, const tf_entry *more)
{
    if (b->n * 4 >= b->room * 3)
        TF_TRY(grow_bucket(c, b));
    tf_entry *e = entry_of(b->entries, b->room, more->origin);
    int64_t   value;
    if (!e->lines) {
        *e = *more;
        b->n++;
        c->entries++;
        return TARIFF_OK;
    }
    if (__builtin_add_overflow(e->value, more->value, &value)
        || e->lines > UINT32_MAX - more->lines) {
        tf_spill spill = { b->product, b->time, b->importer, *more };
        return TF_PUSH(&c->arena, &c->spills, spill) ? TARIFF_OK : TARIFF_E_NOMEM;
    }
    if (comes_before(more, e)) {
        e->file = more->file;
        e->place = more->place;
    }
    e->value = value;
    e->lines += more->lines;
    return TARIFF_OK;
}

tariff_status tf_cells_add(tf_cells *c, uint32_t product, uint32_t time, uint16_t importer,
                           const tf_entry *more)
{
    tf_bucket *b = c->last ? &c->buckets.at[c->last - 1] : NULL;
    if (!b || b->product != product || b->time != time || b->importer != importer)
        TF_TRY(find_bucket(c, product, time, importer, &b));
    return add_entry(c, b, more);
}

/* Together */

static tariff_status numbers_in(tf_cells *to, const tf_cells *from, uint32_t *product,
                                uint32_t *time)
{
    const tf_time *at = &from->times.at[*time];
    TF_TRY(tf_cells_product(to, from->products.at[*product], product));
    return tf_cells_time(to, at->given, at->span, time);
}

tariff_status tf_cells_merge(tf_cells *to, const tf_cells *from)
{
    for (size_t i = 0; i < from->buckets.n; i++) {
        const tf_bucket *b = &from->buckets.at[i];
        uint32_t         product = b->product, time = b->time;
        TF_TRY(numbers_in(to, from, &product, &time));
        for (uint32_t k = 0; k < b->room; k++)
            if (b->entries[k].lines)
                TF_TRY(tf_cells_add(to, product, time, b->importer, &b->entries[k]));
    }
    for (size_t i = 0; i < from->spills.n; i++) {
        const tf_spill *s = &from->spills.at[i];
        uint32_t        product = s->product, time = s->time;
        TF_TRY(numbers_in(to, from, &product, &time));
        TF_TRY(tf_cells_add(to, product, time, s->importer, &s->entry));
    }
    return TARIFF_OK;
}

typedef struct product_at {
    uint64_t hs;
    uint32_t number;
} product_at;

static int by_code(const void *a, const void *b)
{
    const product_at *x = a, *y = b;
    return x->hs < y->hs ? -1 : x->hs > y->hs;
}

static tf_data_group group_of(const tf_cells *c, const tf_dataset *d, uint32_t product,
                              uint32_t time, uint16_t importer)
{
    const tf_time *at = &c->times.at[time];
    tf_data_group  group = { .where = { .hs = c->products.at[product],
                                        .period = at->given ? at->span : tf_span_always(),
                                        .importer = importer,
                                        .has_period = at->given },
                             .first = d->cells.n };
    return group;
}

static bool put_entry(const tf_entry *e, tf_dataset *d)
{
    tf_data_cell cell = { e->value, { e->file, tf_input_line(d, e->file, e->place) }, e->lines,
                          e->origin };
    return TF_PUSH(&d->arena, &d->cells, cell);
}

static tariff_status put_bucket(const tf_cells *c, const tf_bucket *b, tf_dataset *d)
{
    tf_data_group group = group_of(c, d, b->product, b->time, b->importer);
    group.count = b->n;
    for (uint32_t i = 0; i < b->room; i++)
        if (b->entries[i].lines && !put_entry(&b->entries[i], d))
            return TARIFF_E_NOMEM;
    return TF_PUSH(&d->arena, &d->groups, group) ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status put_spill(const tf_cells *c, const tf_spill *s, tf_dataset *d)
{
    tf_data_group group = group_of(c, d, s->product, s->time, s->importer);
    group.count = 1;
    return put_entry(&s->entry, d) && TF_PUSH(&d->arena, &d->groups, group) ? TARIFF_OK
                                                                            : TARIFF_E_NOMEM;
}

tariff_status tf_cells_put(const tf_cells *c, tf_dataset *d)
{
    size_t      n = c->products.n;
    product_at *list = TF_ARRAY(&d->arena, product_at, n + 1);
    TF_NEED(list);
    for (uint32_t i = 0; i < n; i++)
        list[i] = (product_at){ c->products.at[i], i };
    qsort(list, n, sizeof *list, by_code);
    if (!tf_vec_reserve(&d->arena, &d->cells.at, &d->cells.room, d->cells.n + c->entries,
                        sizeof *d->cells.at)
        || !tf_vec_reserve(&d->arena, &d->groups.at, &d->groups.room,
                           d->groups.n + c->buckets.n, sizeof *d->groups.at))
        return TARIFF_E_NOMEM;
    for (size_t i = 0; i < n; i++)
        for (uint32_t b = c->first.at[list[i].number]; b; b = c->buckets.at[b - 1].next)
            TF_TRY(put_bucket(c, &c->buckets.at[b - 1], d));
    for (size_t i = 0; i < c->spills.n; i++)
        TF_TRY(put_spill(c, &c->spills.at[i], d));
    return TARIFF_OK;
}
