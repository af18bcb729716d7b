/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Rows in bulk, added up on several threads.
 */
#ifndef TF_RUN_GATHER_H
#define TF_RUN_GATHER_H

#include "run/cells.h"

typedef enum tf_gathered {
    TF_GATHERED_NONE, /**< Rows of this file are read one by one; it is where it was. */
    TF_GATHERED_VAIN, /**< So are those of this one, from its beginning: it was read for nothing. */
    TF_GATHERED_ALL
} tf_gathered;

/** Add all rows of a file, the next input of the dataset, to cells, or none. */
tariff_status tf_gather(tariff_env *env, tf_flows *flows, const tf_reading *reading,
                        tf_dataset *dataset, tf_cells *cells, tf_input *input, tf_gathered *out);

#endif
