/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/product.h"

enum { TAKEN_OUT = UINT8_MAX };

tariff_status tf_product_init(tf_product *product, const tariff_law *law, tf_arena *arena)
{
    memset(product, 0, sizeof *product);
    product->law = law;
    product->arena = arena;
    product->set_length = TF_ARRAY(arena, uint8_t, law->book.scopes.sets.n + 1);
    return product->set_length ? TARIFF_OK : TARIFF_E_NOMEM;
}

static tariff_status touch(tf_product *product, const tf_index_row *row)
{
    uint8_t *length = &product->set_length[row->set];
    tf_span_keep(&product->valid, row->span, product->day);
    if (!tf_span_holds(row->span, product->day))
        return TARIFF_OK;
    if (*length == 0 && !TF_PUSH(product->arena, &product->touched, row->set))
        return TARIFF_E_NOMEM;
    if (row->minus)
        *length = TAKEN_OUT; /* for now: see settle_taken_out() */
    else if (row->length > *length)
        *length = row->length;
    return TARIFF_OK;
}

/* The index does not keep the order of rows; it matters only where some take codes out. */
static void settle_taken_out(tf_product *product)
{
    const tf_scopes *scopes = &product->law->book.scopes;
    size_t           kept = 0;
    for (size_t i = 0; i < product->touched.n; i++) {
        uint32_t set = product->touched.at[i];
        uint8_t *length = &product->set_length[set];
        if (*length == TAKEN_OUT)
            *length = (uint8_t)tf_set_length(scopes->sets.at[set], product->hs, product->day);
        if (*length)
            product->touched.at[kept++] = set;
    }
    product->touched.n = kept;
}

static size_t first_of(tf_product *product, uint64_t key, unsigned digits)
{
    if (product->level[digits] != key) {
        product->level[digits] = key;
        product->level_at[digits] = tf_law_prefix(product->law, key, product->level_at[digits]);
    }
    return product->level_at[digits];
}

tariff_status tf_product_look(tf_product *product, uint64_t hs, int32_t day)
{
    const tariff_law *law = product->law;
    if (product->hs == hs && product->day == day)
        return TARIFF_OK;
    for (size_t i = 0; i < product->touched.n; i++)
        product->set_length[product->touched.at[i]] = 0;
    product->touched.n = 0;
    product->valid = tf_span_always();
    product->hs = hs;
    product->day = day;
    for (unsigned digits = tf_hs_length(hs); digits > 0; digits -= 2) {
        uint64_t key = tf_hs_cut(hs, digits);
        size_t   i = first_of(product, key, digits);
        for (; i < law->prefixes.n && law->prefixes.at[i].lo == key; i++)
            TF_TRY(touch(product, &law->prefixes.at[i]));
        if (key == hs)
            product->after = i;
    }
    uint64_t end = tf_hs_end(hs);
    for (size_t i = 0; i < law->ranges.n; i++)
        if (law->ranges.at[i].row.lo <= hs && end <= law->ranges.at[i].hi)
            TF_TRY(touch(product, &law->ranges.at[i].row));
    settle_taken_out(product);
    return TARIFF_OK;
}

int tf_product_named(const tf_product *product, const tf_products *products)
{
    int length = products->all ? 0 : -1;
    for (uint16_t i = 0; i < products->exclude_count; i++)
        if (product->set_length[products->exclude[i]])
            return -1;
    for (uint16_t i = 0; i < products->include_count; i++) {
        int at = product->set_length[products->include[i]];
        if (at > 0 && at > length)
            length = at;
    }
    return length;
}

bool tf_product_has_finer(const tf_product *product)
{
    const tariff_law *law = product->law;
    size_t            next = product->after;
    return law->ranges.n > 0
           || (next < law->prefixes.n && law->prefixes.at[next].lo < tf_hs_end(product->hs));
}
