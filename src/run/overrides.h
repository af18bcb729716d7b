/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What is known of one very shipment: it overrides the share tables.
 */
#ifndef TF_RUN_OVERRIDES_H
#define TF_RUN_OVERRIDES_H

#include "assess/burden.h"

/** Shares known of claims and parts. */
typedef struct tf_overrides {
    uint32_t claims, parts; /**< Which ones are known. */
    int64_t  claim[TF_CLAIMS_MAX], part[TF_PARTS_MAX]; /**< 1e-9. */
} tf_overrides;

/** Parse "usmca in_transit=0.5 !gsp": made, made for a share, not made. */
tariff_status tf_parse_claims(const tf_book *book, const char *text, size_t length,
                              tf_overrides *out, tf_why *why);
/** Parse "steel=0.4 us_content=25%". */
tariff_status tf_parse_parts(const tf_book *book, const char *text, size_t length,
                             tf_overrides *out, tf_why *why);

/** Put them in the place of what the tables say. */
void tf_override(const tf_overrides *overrides, tf_line *line);

#endif
