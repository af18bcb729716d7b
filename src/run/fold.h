/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Rows added up under one law as they are read, by what decides their duty:
 * nothing is kept of single rows, products or days.
 *
 * Products that the law treats alike share a lane, which knows the program of
 * each origin.  A lane has a block for each product of the reports, and a block
 * a sum for each program, into which rates are multiplied once, in the end.
 * Each thread has a fold of its own.
 */
#ifndef TF_RUN_FOLD_H
#define TF_RUN_FOLD_H

#include "flows/bulk.h"
#include "run/evaluate.h"

typedef struct tf_fold tf_fold;

/** Do the reports, and what flows are judged on, allow it?  All flows have to be asked for. */
bool tf_folds(tf_date_kind date_kind, const tf_report_choices *choices);

tariff_status tf_fold_new(const tf_evaluation *evaluation, tf_fold **out);
void          tf_fold_free(tf_fold *fold);

/**
 * Add rows of a block.  Some cannot be folded, because share tables may speak
 * of them, or a sum would not fit: their numbers are left, ascending.
 * @param left  has room for all.
 */
tariff_status tf_fold_rows(tf_fold *fold, const tf_bulk_reader *reader, const tf_bulk_rows *rows,
                           uint32_t block, uint16_t *left, size_t *left_count);

/** Multiply the sums into duties, once all of the file was read; each fold in its thread. */
tariff_status tf_fold_sum(tf_fold *fold);

/** Add what was folded of a file, and is summed, to `to`. */
tariff_status tf_fold_take(tf_fold *fold, const tf_dataset *dataset, const tf_input *input,
                           tf_folded *to);

#endif
