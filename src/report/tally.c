/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/tally.h"

#include "base/mix.h"
#include "value/hs.h"

void tf_tally_init(tf_tally *tally, tariff_env *env, const tariff_law *law,
                   const tf_report_choices *choices)
{
    memset(tally, 0, sizeof *tally);
    tally->law = law;
    tf_arena_init(&tally->arena, &env->allocator);
    tally->choices = choices;
}

void tf_tally_free(tf_tally *tally)
{
    tf_arena_free(&tally->arena);
}

/* Keys to numbers: open addressing, number + 1 in a slot. */

static size_t slot_of(const uint32_t *slots, size_t count, const uint64_t *keys, uint64_t key)
{
    size_t at = tf_mix(0, key) & (count - 1);
    while (slots[at] && keys[slots[at] - 1] != key)
        at = (at + 1) & (count - 1);
    return at;
}

static bool grow_slots(tf_arena *arena, uint32_t **slots, size_t *count, const uint64_t *keys,
                       size_t n)
{
    if (n * 2 < *count)
        return true;
    *count = *count ? *count * 2 : 256;
    *slots = TF_ARRAY(arena, uint32_t, *count);
    for (size_t i = 0; *slots && i < n; i++)
        (*slots)[slot_of(*slots, *count, keys, keys[i])] = (uint32_t)i + 1;
    return *slots != NULL;
}

static tf_sums *sums_at(tf_tally *tally, tf_sums_map *map, uint64_t key)
{
    static const tf_sums zero;
    if (map->keys.n && map->last_key == key)
        return &map->sums.at[map->last];
    if (!grow_slots(&tally->arena, &map->slots, &map->slot_count, map->keys.at, map->keys.n))
        return NULL;
    size_t at = slot_of(map->slots, map->slot_count, map->keys.at, key);
    if (!map->slots[at]) {
        if (!TF_PUSH(&tally->arena, &map->keys, key) || !TF_PUSH(&tally->arena, &map->sums, zero))
            return NULL;
        map->slots[at] = (uint32_t)map->keys.n;
    }
    map->last = map->slots[at] - 1;
    map->last_key = key;
    return &map->sums.at[map->last];
}

static tf_layer_sums *layer_sums_at(tf_tally *tally, tf_layer_sums_map *map, uint64_t key)
{
    if (map->keys.n && map->last_key == key)
        return map->sums.at[map->last];
    if (!grow_slots(&tally->arena, &map->slots, &map->slot_count, map->keys.at, map->keys.n))
        return NULL;
    size_t at = slot_of(map->slots, map->slot_count, map->keys.at, key);
    if (!map->slots[at]) {
        tf_layer_sums *sums =
            TF_ARRAY(&tally->arena, tf_layer_sums, tally->law->book.layers.n + 1);
        if (!sums || !TF_PUSH(&tally->arena, &map->keys, key)
            || !TF_PUSH(&tally->arena, &map->sums, sums))
            return NULL;
        map->slots[at] = (uint32_t)map->keys.n;
    }
    map->last = map->slots[at] - 1;
    map->last_key = key;
    return map->sums.at[map->last];
}

/* Sums */

static bool plus(tf_i128 *sum, tf_i128 more)
{
    return tf_add(*sum, more, sum);
}

static bool add_sums(tf_sums *to, const tf_sums *more)
{
    return plus(&to->value, more->value) && plus(&to->affected, more->affected)
           && plus(&to->ordinary, more->ordinary) && plus(&to->additional, more->additional);
}

static bool add_layer(tf_layer_sums *to, const tf_layer_sums *more)
{
    return plus(&to->covered, more->covered) && plus(&to->duty, more->duty);
}

/* duty at 1e-16 = rate at 1e-12 x value at 1e-4 + money at 1e-12. */
static bool duty_of(const tf_charge *charge, tf_i128 value, tf_i128 *out)
{
    tf_i128 money;
    return tf_mul(charge->rate, value, out) && tf_mul(charge->money, TF_E4, &money)
           && plus(out, money);
}

static inline tariff_status add_layers(tf_tally *tally, const tf_batch *batch, const tf_burden *burden,
                                tf_tally_part part, tf_sums *sums)
{
    tariff_hs      product = { batch->hs };
    tf_layer_sums *by_product = NULL;
    if (part & TF_TALLY_PRODUCTS && tally->choices->wanted[TF_REPORT_PRODUCTS_LAYERS]) {
        unsigned digits = tally->choices->digits[TF_REPORT_PRODUCTS_LAYERS];
        by_product = layer_sums_at(tally, &tally->products_layers,
                                   tariff_hs_truncate(product, digits).key);
        TF_NEED(by_product);
    }
    for (unsigned i = 0; i < burden->charge_count; i++) {
        const tf_charge *charge = &burden->charges[i];
        tf_layer_sums    more;
        bool             ordinary = tally->law->ordinary >> charge->layer & 1;
        if (charge->rate == 0 && charge->money == 0 && charge->covered == 0)
            continue;
        if (!duty_of(charge, batch->value, &more.duty)
            || !tf_mul(charge->covered, batch->value, &more.covered)
            || (part & TF_TALLY_REST && !add_layer(&tally->layers[charge->layer], &more))
            || (by_product && !add_layer(&by_product[charge->layer], &more))
            || !plus(ordinary ? &sums->ordinary : &sums->additional, more.duty))
            return TARIFF_E_OVERFLOW;
    }
    return TARIFF_OK;
}

static tf_bracket *bracket_at(tf_tally *tally, int64_t rate)
{
    tf_bracket fresh = { .rate = rate };
    uint64_t   key = (uint64_t)rate;
    if (!grow_slots(&tally->arena, &tally->bracket_slots, &tally->bracket_slot_count,
                    tally->bracket_rates.at, tally->bracket_rates.n))
        return NULL;
    size_t at = slot_of(tally->bracket_slots, tally->bracket_slot_count, tally->bracket_rates.at,
                        key);
    if (!tally->bracket_slots[at]) {
        if (!TF_PUSH(&tally->arena, &tally->bracket_rates, key)
            || !TF_PUSH(&tally->arena, &tally->brackets, fresh))
            return NULL;
        tally->bracket_slots[at] = (uint32_t)tally->brackets.n;
    }
    return &tally->brackets.at[tally->bracket_slots[at] - 1];
}

static void note_statutory(const tf_burden *burden, const tf_outcome *outcome,
                           tf_bracket *bracket)
{
    for (uint32_t i = 0; i < outcome->statutory_count; i++) {
        const tf_statutory *entry = &burden->statutory.at[outcome->first_statutory + i];
        if (entry->nano > bracket->statutory[entry->layer])
            bracket->statutory[entry->layer] = entry->nano;
    }
}

static bool bracket_came_before(const tf_burden *burden, size_t outcome)
{
    for (size_t i = 0; i < outcome; i++)
        if (burden->outcomes.at[i].additional == burden->outcomes.at[outcome].additional)
            return true;
    return false;
}

static tariff_status add_brackets(tf_tally *tally, const tf_batch *batch, const tf_burden *burden)
{
    for (size_t i = 0; i < burden->outcomes.n; i++) {
        const tf_outcome *outcome = &burden->outcomes.at[i];
        tf_i128           value;
        if (outcome->probability == 0)
            continue;
        tf_bracket *bracket = bracket_at(tally, outcome->additional);
        TF_NEED(bracket);
        if (!tf_mul(batch->value, outcome->probability, &value) || !plus(&bracket->value, value))
            return TARIFF_E_OVERFLOW;
        if (!bracket_came_before(burden, i))
            bracket->lines += batch->lines;
        note_statutory(burden, outcome, bracket);
    }
    return TARIFF_OK;
}

static inline bool note_facts(tf_tally *tally, const tf_batch *batch, const tf_burden *burden,
                       tf_i128 duty)
{
    bool good = true;
    if (!batch->beside)
        tally->lines += batch->lines;
    if (burden->affected > 0)
        tally->affected_lines += batch->lines;
    if (burden->unassessed) {
        tally->unassessed_lines += batch->lines;
        good = plus(&tally->unassessed_value, batch->value);
    }
    if (burden->coarse) {
        tally->coarse_lines += batch->lines;
        good = good && plus(&tally->coarse_value, batch->value);
    }
    if (burden->unknown_part)
        good = good && plus(&tally->unknown_part_value, batch->value);
    if (burden->estimated)
        good = good && plus(&tally->estimated_value, batch->value)
               && plus(&tally->estimated_duty, duty);
    if (burden->unmatched)
        tally->unmatched_lines += batch->lines;
    if (burden->scaled)
        tally->scaled_lines += batch->lines;
    return good;
}

static tariff_status add_product_origin(tf_tally *tally, const tf_batch *batch,
                                        const tf_sums *more)
{
    tariff_hs product = { batch->hs };
    uint64_t  key =
        tariff_hs_truncate(product, tally->choices->digits[TF_REPORT_PRODUCTS_ORIGINS]).key;
    tf_sums *sums = sums_at(tally, &tally->products_origins, key << 16 | batch->origin);
    TF_NEED(sums);
    return add_sums(sums, more) ? TARIFF_OK : TARIFF_E_OVERFLOW;
}

static tariff_status add_product(tf_tally *tally, const tf_batch *batch, const tf_sums *more)
{
    tariff_hs product = { batch->hs };
    uint64_t  key = tariff_hs_truncate(product, tally->choices->digits[TF_REPORT_PRODUCTS]).key;
    tf_sums  *sums = sums_at(tally, &tally->products, key);
    TF_NEED(sums);
    return add_sums(sums, more) ? TARIFF_OK : TARIFF_E_OVERFLOW;
}

tariff_status tf_tally_add_origin(tf_tally *tally, uint16_t origin, const tf_sums *more)
{
    tally->has_origin[origin] = true;
    return add_sums(&tally->origins[origin], more) ? TARIFF_OK : TARIFF_E_OVERFLOW;
}

static inline tariff_status add_rest(tf_tally *tally, const tf_batch *batch, const tf_burden *burden,
                              const tf_sums *sums)
{
    if (!batch->beside)
        TF_TRY(add_brackets(tally, batch, burden));
    tally->has_importer[batch->importer] = true;
    return add_sums(&tally->total, sums)
                   && note_facts(tally, batch, burden, sums->ordinary + sums->additional)
                   && (!tally->choices->wanted[TF_REPORT_IMPORTERS]
                       || add_sums(&tally->importers[batch->importer], sums))
               ? TARIFF_OK
               : TARIFF_E_OVERFLOW;
}

/* Only what some report asks for is gathered.  The part is a constant where it is called. */
static inline tariff_status add_part(tf_tally *tally, const tf_batch *batch,
                                     const tf_burden *burden, tf_tally_part part,
                                     tf_i128 *duty)
{
    const bool *wanted = tally->choices->wanted;
    tf_sums     sums = { .value = batch->beside ? 0 : batch->value };
    if (!tf_mul(batch->value, burden->affected, &sums.affected))
        return TARIFF_E_OVERFLOW;
    TF_TRY(add_layers(tally, batch, burden, part, &sums));
    if (duty)
        *duty = sums.ordinary + sums.additional;
    if (part & TF_TALLY_REST)
        TF_TRY(add_rest(tally, batch, burden, &sums));
    if (part & TF_TALLY_PRODUCTS && wanted[TF_REPORT_PRODUCTS])
        TF_TRY(add_product(tally, batch, &sums));
    if (part != TF_TALLY_WHOLE)
        return TARIFF_OK;
    if (wanted[TF_REPORT_PRODUCTS_ORIGINS])
        TF_TRY(add_product_origin(tally, batch, &sums));
    return wanted[TF_REPORT_ORIGINS] ? tf_tally_add_origin(tally, batch->origin, &sums)
                                     : TARIFF_OK;
}

tariff_status tf_tally_add(tf_tally *tally, const tf_batch *batch, const tf_burden *burden,
                           tf_i128 *duty)
{
    return add_part(tally, batch, burden, TF_TALLY_WHOLE, duty);
}

tariff_status tf_tally_add_part(tf_tally *tally, const tf_batch *batch, const tf_burden *burden,
                                tf_tally_part part)
{
    return part == TF_TALLY_PRODUCTS ? add_part(tally, batch, burden, TF_TALLY_PRODUCTS, NULL)
           : part == TF_TALLY_REST   ? add_part(tally, batch, burden, TF_TALLY_REST, NULL)
                                     : add_part(tally, batch, burden, TF_TALLY_BOTH, NULL);
}

/* Merging */

static tariff_status merge_map(tf_tally *tally, tf_sums_map *to, const tf_sums_map *from)
{
    for (size_t i = 0; i < from->keys.n; i++) {
        tf_sums *sums = sums_at(tally, to, from->keys.at[i]);
        TF_NEED(sums);
        if (!add_sums(sums, &from->sums.at[i]))
            return TARIFF_E_OVERFLOW;
    }
    return TARIFF_OK;
}

static tariff_status merge_products(tf_tally *tally, const tf_tally *more)
{
    TF_TRY(merge_map(tally, &tally->products, &more->products));
    TF_TRY(merge_map(tally, &tally->products_origins, &more->products_origins));
    for (size_t i = 0; i < more->products_layers.keys.n; i++) {
        tf_layer_sums *sums =
            layer_sums_at(tally, &tally->products_layers, more->products_layers.keys.at[i]);
        TF_NEED(sums);
        for (size_t layer = 0; layer < tally->law->book.layers.n; layer++)
            if (!add_layer(&sums[layer], &more->products_layers.sums.at[i][layer]))
                return TARIFF_E_OVERFLOW;
    }
    return TARIFF_OK;
}

static tariff_status merge_brackets(tf_tally *tally, const tf_tally *more)
{
    for (size_t i = 0; i < more->brackets.n; i++) {
        const tf_bracket *from = &more->brackets.at[i];
        tf_bracket       *to = bracket_at(tally, from->rate);
        TF_NEED(to);
        to->lines += from->lines;
        if (!plus(&to->value, from->value))
            return TARIFF_E_OVERFLOW;
        for (size_t layer = 0; layer < TF_LAYERS_MAX; layer++)
            if (from->statutory[layer] > to->statutory[layer])
                to->statutory[layer] = from->statutory[layer];
    }
    return TARIFF_OK;
}

static bool merge_countries(tf_tally *tally, const tf_tally *more)
{
    for (size_t i = 0; i < TF_COUNTRIES_MAX; i++) {
        tally->has_origin[i] = tally->has_origin[i] || more->has_origin[i];
        tally->has_importer[i] = tally->has_importer[i] || more->has_importer[i];
        if (!add_sums(&tally->origins[i], &more->origins[i])
            || !add_sums(&tally->importers[i], &more->importers[i]))
            return false;
    }
    return true;
}

tariff_status tf_tally_merge(tf_tally *tally, const tf_tally *more)
{
    bool good = add_sums(&tally->total, &more->total) && merge_countries(tally, more)
                && plus(&tally->unassessed_value, more->unassessed_value)
                && plus(&tally->coarse_value, more->coarse_value)
                && plus(&tally->unknown_part_value, more->unknown_part_value)
                && plus(&tally->estimated_value, more->estimated_value)
                && plus(&tally->estimated_duty, more->estimated_duty);
    for (size_t layer = 0; good && layer < TF_LAYERS_MAX; layer++)
        good = add_layer(&tally->layers[layer], &more->layers[layer]);
    if (!good)
        return TARIFF_E_OVERFLOW;
    tally->lines += more->lines;
    tally->affected_lines += more->affected_lines;
    tally->unassessed_lines += more->unassessed_lines;
    tally->coarse_lines += more->coarse_lines;
    tally->unmatched_lines += more->unmatched_lines;
    tally->scaled_lines += more->scaled_lines;
    TF_TRY(merge_products(tally, more));
    return merge_brackets(tally, more);
}
