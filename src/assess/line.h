/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A line of trade, and what the share tables of the law say of it.
 */
#ifndef TF_ASSESS_LINE_H
#define TF_ASSESS_LINE_H

#include "assess/program.h"

/** What is known of one line. */
typedef struct tf_line {
    int64_t     value;    /**< 1e-4. */
    int64_t     quantity; /**< 1e-4; only with a unit. */
    tariff_unit unit;
    int64_t     parts[TF_PARTS_MAX];   /**< Shares of value, 1e-9, as given or looked up. */
    int64_t     claims[TF_CLAIMS_MAX]; /**< Shares of the trade, 1e-9. */
    uint32_t    part_rows, claim_rows; /**< Which of them came from a share table. */
    uint32_t    known_parts;           /**< Which parts have a share at all. */
} tf_line;

/** What the tables say of the product looked up last, whatever its origin. */
typedef struct tf_share_memo {
    bool     known, parts_known;
    uint64_t hs;
    uint16_t importer;
    int32_t  day;
    uint32_t claims_asked, claims_named; /**< Claims whose tables name the product. */
    uint32_t rows, same; /**< Parts that have a row; parts that do not depend on the origin. */
    int64_t  parts[TF_PARTS_MAX];
} tf_share_memo;

/**
 * Fill the shares that the program names from the tables of the law; nothing else of `line`.
 * @param memo  of earlier calls under the same law; NULL for none.
 */
void tf_line_look_up(const tariff_law *law, const tf_program *program, const tf_cell *cell,
                     tf_share_memo *memo, tf_line *line);

#endif
