/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Inside of the reader of changes: what its parts share.
 */
#ifndef TF_SCENARIO_CHANGER_H
#define TF_SCENARIO_CHANGER_H

#include "scenario/scenario.h"

/** A scenario's changes on their way into a law. */
typedef struct tf_changer {
    tariff_env            *env;
    const tariff_scenario *scenario;
    tariff_law            *law;
    tf_book               *book;
    uint32_t               number; /**< Of the change, from 0. */
} tf_changer;

enum {
    KEY_LAYER,
    KEY_PRODUCTS,
    KEY_ORIGINS,
    KEY_IMPORTERS,
    KEY_FROM,
    KEY_UNTIL,
    KEY_THROUGH,
    KEY_RATE,
    KEY_BY,
    KEY_KIND,
    KEY_YIELDS_TO,
    KEY_SCOPE,
    KEY_BASE,
    KEY_WHEN,
    KEY_RANK,
    KEY_CITATION,
    KEY_TITLE,
    KEY_AUTHORITY,
    KEY_SET,
    KEY_GROUP,
    KEY_COUNTRIES,
    KEY_PART,
    KEY_CLAIM,
    KEY_SHARE,
    KEYS
};

#define TF_KEY(key) (1u << (key))
#define TF_SPAN_KEYS (TF_KEY(KEY_FROM) | TF_KEY(KEY_UNTIL) | TF_KEY(KEY_THROUGH))
#define TF_WHERE_KEYS (TF_KEY(KEY_PRODUCTS) | TF_KEY(KEY_ORIGINS) | TF_KEY(KEY_IMPORTERS))

/** The values of one change, by key; NULL where it has none. */
typedef struct tf_change_fields {
    const tf_node *node[KEYS];
} tf_change_fields;

/** Read a mapping whose keys are among `allowed`; those in `needed` have to be there. */
tariff_status tf_change_fields_read(tf_changer *c, const tf_node *node, unsigned allowed,
                                    unsigned needed, tf_change_fields *out);
/** Report what a value's parser found in a scalar or a list. */
tariff_status tf_change_because(tf_changer *c, const tf_node *node, const tf_why *why);

/** Values; a NULL node means all. */
tariff_status tf_change_products(tf_changer *c, const tf_node *node, tf_products *out);
tariff_status tf_change_countries(tf_changer *c, const tf_node *node, const tf_countries **out);
tariff_status tf_change_span(tf_changer *c, const tf_change_fields *f, tariff_span *out);

/** Changes of what measures refer to: product sets, country groups, share tables. */
tariff_status tf_change_set(tf_changer *c, const tf_node *node, bool include);
tariff_status tf_change_group(tf_changer *c, const tf_node *node, bool join);
tariff_status tf_change_share(tf_changer *c, const tf_node *node);

#endif
