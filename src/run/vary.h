/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Inside of varying a base: a scenario's further changes, which flows they meet,
 * and what they make of the strands that charge those.
 *
 * Each further change is an item, a bit in the masks that follow.  What a strand
 * becomes depends on the items that meet a flow, and on nothing else of it.
 */
#ifndef TF_RUN_VARY_H
#define TF_RUN_VARY_H

#include "run/base.h"

/** A further change, or a measure that one adds. */
typedef struct tf_vary_item {
    const tf_change  *change;  /**< Or NULL, and then */
    const tf_measure *measure; /**< what is added. */
    const tf_products  *products;
    const tf_countries *origins, *importers;
    tariff_span         span;
} tf_vary_item;

enum { TF_ITEMS_MAX = 64 };

/** What one mask of items makes of each strand of the base. */
typedef struct tf_vary_mask {
    uint64_t  items;
    uint64_t  layers; /**< That the changes among them are of. */
    bool      adds;   /**< Some of them adds a measure. */
    uint32_t *made[TF_TWISTS]; /**< By strand of the base: what it becomes, + 1; 0: not asked yet. */
} tf_vary_mask;

/** The strands of one twist under the scenario: the base's by their numbers, then its own. */
typedef struct tf_vary_strands {
    const tf_base_strands *base;
    size_t     count;     /**< Of the base's. */
    bool       touched;   /**< Some item may alter one. */
    tf_strands fresh;
    TF_VEC(tf_levy) levies;
    TF_VEC(int64_t) value;
    TF_VEC(int64_t) lines;
} tf_vary_strands;

typedef struct tf_vary {
    tariff_env            *env;
    const tariff_base     *base;
    const tariff_scenario *scenario;
    tf_arena               arena;
    tariff_law             law; /**< The base's with further changes, but not compiled. */
    const char            *why; /**< It cannot be varied. */
    bool                   stopped; /**< So it was found while strands were made. */

    tf_vary_item items[TF_ITEMS_MAX];
    unsigned     item_count;
    uint64_t     all;       /**< Items on all products. */
    uint64_t    *of_code;   /**< By code of the base: the others that name it. */
    uint64_t    *of_corner; /**< By place and origin: items that meet it. */
    TF_VEC(const tf_regime *) regimes, extended; /**< Those with new layers, by those without. */

    TF_VEC(tf_vary_mask) masks;
    tf_bench        bench;
    tf_strand_draft draft;
    tf_vary_strands twists[TF_TWISTS];
} tf_vary;

/** Read the further changes, and find whether they can be taken from the base. */
tariff_status tf_vary_read(tf_vary *v, uint32_t shared);

/** Which codes, and which origins in which places, the items meet. */
tariff_status tf_vary_meet(tf_vary *v);

/** The number of a mask. */
tariff_status tf_vary_mask_find(tf_vary *v, uint64_t items, uint32_t *out);

/** What a strand of the base becomes under a mask; v->stopped is set where it cannot be told. */
tariff_status tf_vary_make(tf_vary *v, tf_twist twist, uint32_t mask, uint32_t strand,
                           uint32_t *out);

static inline tariff_status tf_vary_strand(tf_vary *v, tf_twist twist, uint32_t mask,
                                           uint32_t strand, uint32_t *out)
{
    uint32_t made = v->masks.at[mask].made[twist][strand];
    if (made) {
        *out = made - 1;
        return TARIFF_OK;
    }
    return tf_vary_make(v, twist, mask, strand, out);
}

/** Sums of the rows of one report. */
typedef struct tf_vary_rows {
    bool     wanted;
    tf_sums *sums; /**< By row; their value is the base's. */
} tf_vary_rows;

/** What is added up on the way to the tables. */
typedef struct tf_vary_sums {
    tf_vary       *v;
    tf_vary_rows   by[TF_AXES];
    tf_layer_sums *layers; /**< By product and layer; NULL: not wanted. */
    tf_tally       tally;
    /* Moved, and not yet added: by strand. */
    int64_t *moved, *moved_lines;
    size_t   moved_room;
    TF_VEC(uint32_t) met;
} tf_vary_sums;

static inline const tf_levy *tf_vary_levy(const tf_vary_strands *t, uint32_t strand)
{
    return strand < t->count ? &t->base->levies[strand] : &t->levies.at[strand - t->count];
}

static inline void tf_levy_layers(const tf_levy *levy, int64_t value, tf_layer_sums *layers)
{
    for (unsigned i = 0; i < levy->burden->charge_count; i++) {
        const tf_charge *c = &levy->burden->charges[i];
        layers[c->layer].duty += (tf_i128)value * c->rate;
        layers[c->layer].covered += (tf_i128)value * c->covered;
    }
}

/** The tally that a run would have, and its tables. */
tariff_status tf_vary_tables(tf_vary_sums *a, tariff_result *result);

#endif
