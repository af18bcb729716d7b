/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The measures that name a product, collected for its treatment.
 */
#ifndef TF_ASSESS_COLLECT_H
#define TF_ASSESS_COLLECT_H

#include "assess/match.h"

/** The treatment of the product and importer looked at, and the days on which they have it. */
tariff_status tf_collect(tf_matcher *matcher);

#endif
