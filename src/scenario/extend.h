/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Scenario documents that start from another one.
 */
#ifndef TF_SCENARIO_EXTEND_H
#define TF_SCENARIO_EXTEND_H

#include "io/doc.h"
#include "io/source.h"

/**
 * Read a document and what it extends.  Maps are merged key by key; any other
 * value replaces that of the base; "KEY+" appends a list to the base's.
 * @param[out] files  all documents read, the named one first.
 */
tariff_status tf_scenario_read(tariff_env *env, tf_arena *arena, const char *path, tf_node **out,
                               tf_paths *files);

/** Lay `over` onto `base`, by the same rules; `base` is changed. */
tariff_status tf_scenario_merge(tariff_env *env, tf_arena *arena, tf_node *base,
                                const tf_node *over);

/** A copy of a tree, whose nodes may be changed.  Documents, for excerpts, are not copied. */
tf_node *tf_scenario_copy(tf_arena *arena, const tf_node *node);

/** Of `reports+: [..]` where there is no list: what is made by default comes first. */
tariff_status tf_scenario_begin_reports(tf_arena *arena, tf_node *list);

/** Take a key out of a map, if it is there. */
void tf_scenario_remove(tf_node *map, const char *key);

/** The file that paths in a node are relative to. */
const char *tf_scenario_base(const char *scenario_path, const tf_node *node);
/** A path that a node names, as seen from the file it is written in, or of a data directory. */
char *tf_scenario_path(const tariff_env *env, tf_arena *arena, const char *scenario_path,
                       const tf_node *node);

#endif
