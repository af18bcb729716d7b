/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Codes coarser than the law's.
 */
#ifndef TF_ASSESS_COARSE_H
#define TF_ASSESS_COARSE_H

#include "assess/match.h"

/** Is a code finer than the looked at product's in force for its origin, importer and day? */
bool tf_is_coarse(const tf_matcher *matcher);

#endif
