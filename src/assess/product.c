/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/product.h"

#include "value/hs.h"

enum { TAKEN_OUT = UINT8_MAX };

tariff_status tf_product_init(tf_product *product, const tariff_law *law, tf_arena *arena)
{
    memset(product, 0, sizeof *product);
    product->law = law;
    product->arena = arena;
    product->set_length = TF_ARRAY(arena, uint8_t, law->book.scopes.sets.n + 1);
    return product->set_length ? TARIFF_OK : TARIFF_E_NOMEM;
}

size_t tf_first_prefix(const tariff_law *law, uint64_t key)
{
    size_t lo = 0, hi = law->prefixes.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (law->prefixes.at[mid].lo < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static tariff_status touch(tf_product *product, const tf_index_row *entry)
{
    const tf_set_row *row = tf_law_row(product->law, entry);
    uint8_t          *length = &product->set_length[entry->set];
    if (!tf_span_holds(row->span, product->day))
        return TARIFF_OK;
    if (*length == 0 && !TF_PUSH(product->arena, &product->touched, entry->set))
        return TARIFF_E_NOMEM;
    if (row->minus)
        *length = TAKEN_OUT;
    else if (row->length > *length)
        *length = row->length; /* what is taken out stays out: TAKEN_OUT is more than any */
    return TARIFF_OK;
}

/* Digits by which a set names the product looked at; 0 if it does not. */
static int length_in(const tf_product *product, uint32_t set)
{
    uint8_t length = product->set_length[set];
    return length == TAKEN_OUT ? 0 : length;
}

tariff_status tf_product_look(tf_product *product, uint64_t hs, int32_t day)
{
    const tariff_law *law = product->law;
    if (product->hs == hs && product->day == day)
        return TARIFF_OK;
    for (size_t i = 0; i < product->touched.n; i++)
        product->set_length[product->touched.at[i]] = 0;
    product->touched.n = 0;
    product->hs = hs;
    product->day = day;
    for (unsigned digits = tf_hs_length(hs); digits > 0; digits -= 2) {
        uint64_t key = tf_hs_cut(hs, digits);
        for (size_t i = tf_first_prefix(law, key);
             i < law->prefixes.n && law->prefixes.at[i].lo == key; i++)
            TF_TRY(touch(product, &law->prefixes.at[i]));
    }
    uint64_t end = tf_hs_end(hs);
    for (size_t i = 0; i < law->ranges.n; i++)
        if (law->ranges.at[i].lo <= hs && end <= tf_law_row(law, &law->ranges.at[i])->hi)
            TF_TRY(touch(product, &law->ranges.at[i]));
    return TARIFF_OK;
}

int tf_product_named(const tf_product *product, const tf_products *products)
{
    int length = products->all ? 0 : -1;
    for (uint16_t i = 0; i < products->exclude_count; i++)
        if (length_in(product, products->exclude[i]))
            return -1;
    for (uint16_t i = 0; i < products->include_count; i++) {
        int at = length_in(product, products->include[i]);
        if (at > 0 && at > length)
            length = at;
    }
    return length;
}

bool tf_product_has_finer(const tf_product *product)
{
    const tariff_law *law = product->law;
    size_t            next = tf_first_prefix(law, product->hs + 1);
    return law->ranges.n > 0
           || (next < law->prefixes.n && law->prefixes.at[next].lo < tf_hs_end(product->hs));
}
