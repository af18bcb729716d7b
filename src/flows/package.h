/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Frictionless data packages: what a directory of flows says of itself.
 */
#ifndef TF_FLOWS_PACKAGE_H
#define TF_FLOWS_PACKAGE_H

#include "io/doc.h"
#include "io/source.h"

typedef struct tf_package {
    const char *path; /**< Of the datapackage.json. */
    const char *name, *currency, *valuation, *nomenclature; /**< "" where it does not say. */
    const char *source, *licence;                           /**< The first of each. */
    tf_paths    files; /**< The CSV resources, with the directory before them. */
} tf_package;

/** Read DIRECTORY/datapackage.json.  Resource paths have to stay inside the directory. */
tariff_status tf_package_read(tariff_env *env, tf_arena *arena, const char *directory,
                              const tf_place *place, tf_package *out);

#endif
