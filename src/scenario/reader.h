/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Inside of the reader of scenarios: what its parts share.
 */
#ifndef TF_SCENARIO_READER_H
#define TF_SCENARIO_READER_H

#include "scenario/scenario.h"

/** A scenario on its way from a tree of keys. */
typedef struct tf_scenario_reader {
    tariff_env      *env;
    tariff_scenario *scenario;
    tf_arena        *arena;
} tf_scenario_reader;

typedef tariff_status (*tf_key_fn)(tf_scenario_reader *r, const tf_node *node);

/** Read all keys and check what goes together; all that is wrong is reported. */
tariff_status tf_scenario_keys(tf_scenario_reader *r, const tf_node *root);

/** Values; what is wrong is reported. */
tariff_status tf_read_scalar(tf_scenario_reader *r, const tf_node *node);
tariff_status tf_read_country(tf_scenario_reader *r, const tf_node *node, uint16_t *out);
/** A path, relative to the file it is written in. */
tariff_status tf_read_path(tf_scenario_reader *r, const tf_node *node, tf_named_path *out);
/** A single value, or each item of a list. */
tariff_status tf_read_each(tf_scenario_reader *r, const tf_node *node, tf_key_fn fn);

tariff_status tf_read_flows(tf_scenario_reader *r, const tf_node *node);

/** Note a file that the scenario is made of, once. */
tariff_status tf_scenario_keep_file(tf_scenario_reader *r, char *path);

#endif
