/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The sums behind the reports of a result, for callers that go on reckoning.
 */
#include "run/run.h"

#include <stdlib.h>
#include <tariff/base.h>

static int by_code(const void *a, const void *b)
{
    const tf_product_sums *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

tariff_status tf_result_keep(tariff_result *result, const tf_tally *tally)
{
    tf_result_sums *kept = &result->sums;
    size_t          layers = tally->law->book.layers.n, products = tally->products.keys.n;
    kept->total = tally->total;
    kept->names = TF_ARRAY(&result->arena, const char *, layers + 1);
    kept->layers = TF_ARRAY(&result->arena, tf_layer_sums, layers + 1);
    kept->products = TF_ARRAY(&result->arena, tf_product_sums, products + 1);
    TF_NEED(kept->names && kept->layers && kept->products);
    for (size_t i = 0; i < layers; i++) {
        const char *name = tally->law->book.layers.at[i].name;
        kept->names[i] = tf_arena_text(&result->arena, name, strlen(name));
        TF_NEED(kept->names[i]);
        kept->layers[i] = tally->layers[i];
    }
    bool sorted = true;
    for (size_t i = 0; i < products; i++) {
        kept->products[i] = (tf_product_sums){ tally->products.keys.at[i],
                                               tally->products.sums.at[i] };
        sorted = sorted && (i == 0 || kept->products[i - 1].key < kept->products[i].key);
    }
    if (!sorted)
        qsort(kept->products, products, sizeof *kept->products, by_code);
    kept->layer_count = layers;
    kept->product_count = products;
    kept->there = true;
    return TARIFF_OK;
}

static bool rounded(tf_i128 n, tf_i128 unit, tariff_money *out)
{
    tf_i128 amount = tf_div_half_even(n, unit);
    out->e4 = (int64_t)amount;
    return amount == out->e4;
}

static tariff_status copy_sums(const tf_sums *from, tariff_sums *out)
{
    tariff_sums sums = TARIFF_SUMS_INIT;
    if (!rounded(from->value, 1, &sums.value) || !rounded(from->affected, TF_E18, &sums.affected)
        || !rounded(from->ordinary, TF_E12, &sums.ordinary)
        || !rounded(from->additional, TF_E12, &sums.additional))
        return TARIFF_E_OVERFLOW;
    size_t size = out->size;
    memcpy(out, &sums, size < sizeof sums ? size : sizeof sums);
    out->size = size;
    return TARIFF_OK;
}

tariff_status tariff_result_total(const tariff_result *result, tariff_sums *out)
{
    return result->sums.there ? copy_sums(&result->sums.total, out) : TARIFF_E_ARG;
}

tariff_status tariff_result_layer(const tariff_result *result, size_t index, const char **name,
                                  tariff_money *covered, tariff_money *duty)
{
    tariff_money money[2];
    if (index >= result->sums.layer_count)
        return TARIFF_E_ARG;
    const tf_layer_sums *sums = &result->sums.layers[index];
    if (!rounded(sums->covered, TF_E18, &money[0]) || !rounded(sums->duty, TF_E12, &money[1]))
        return TARIFF_E_OVERFLOW;
    if (name)
        *name = result->sums.names[index];
    *covered = money[0];
    *duty = money[1];
    return TARIFF_OK;
}

tariff_status tariff_result_product(const tariff_result *result, size_t index, tariff_hs *product,
                                    tariff_sums *out)
{
    if (index >= result->sums.product_count)
        return TARIFF_E_ARG;
    TF_TRY(copy_sums(&result->sums.products[index].sums, out));
    product->key = result->sums.products[index].key;
    return TARIFF_OK;
}
