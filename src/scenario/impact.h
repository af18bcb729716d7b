/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * `impact:` of a scenario: how trade responds, by which model, how surely.
 */
#ifndef TF_SCENARIO_IMPACT_H
#define TF_SCENARIO_IMPACT_H

#include "elasticity/table.h"
#include "io/doc.h"
#include "io/source.h"

typedef enum tf_impact_model {
    TF_MODEL_ARMINGTON,
    TF_MODEL_SMART,
    TF_MODEL_PASSTHROUGH,
    TF_MODEL_GSIM
} tf_impact_model;

/** A variant of a model; the first of each is its default. */
typedef enum tf_impact_form {
    TF_FORM_EXACT, /**< Armington, GSIM. */
    TF_FORM_CES_BOUNDED, /**< SMART. */
    TF_FORM_CES,
    TF_FORM_LINEAR, /**< SMART and GSIM. */
    TF_FORM_REDUCED, /**< Pass-through. */
    TF_FORM_STRUCTURAL,
    TF_FORM_PRINTED /**< GSIM: linear, consumer surplus as printed in 2003. */
} tf_impact_form;

typedef struct tf_impact_spec {
    const tf_node  *node; /**< NULL: no impact is asked for. */
    tf_impact_model model;
    tf_impact_form  form;
    tf_horizon      horizon;
    tf_paths        paths;        /**< Files of elasticities, in order. */
    TF_VEC(tf_place) places;      /**< Where each is named. */
    TF_VEC(bool) published;       /**< It is of a data package, which is about more than is asked. */
    bool            has_default[TF_PARAMETERS];
    tf_spread       defaults[TF_PARAMETERS];
    unsigned        digits; /**< Of a market's product. */
    size_t          draws, shifts, sensitivity; /**< 0: none. */
    uint64_t        seed;
    bool            by_chapter; /**< Products of other chapters are drawn independently. */
} tf_impact_spec;

const char *tf_impact_model_name(tf_impact_model model);
const char *tf_impact_form_name(tf_impact_form form);

/** Which parameters a model uses: bit n is parameter n. */
unsigned tf_impact_uses(const tf_impact_spec *spec);

/** @param scenario_path  for paths given on the command line. */
tariff_status tf_impact_read(tariff_env *env, tf_arena *arena, const char *scenario_path,
                             const tf_node *node, tf_impact_spec *out);

#endif
