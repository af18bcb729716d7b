/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A dataset under a law, reduced to what totals need: flows that bear the same
 * burden are one class.  Rates that changes make can then be varied without
 * looking at the flows again.
 */
#ifndef TF_RUN_CLASSES_H
#define TF_RUN_CLASSES_H

#include "run/evaluate.h"

/** One program of a class. */
typedef struct tf_class_case {
    uint32_t program; /**< Number. */
    uint32_t line;    /**< What is known: into the lines of the classes. */
    int64_t  weight;  /**< 1e-18. */
} tf_class_case;

typedef struct tf_class {
    uint32_t first, count; /**< Cases. */
    tf_i128  value;        /**< 1e-4. */
    int64_t  lines;
} tf_class;

/** The part of a class that is one product's, importer's and origin's. */
typedef struct tf_class_flow {
    uint32_t row; /**< Of trade. */
    uint32_t class;
    tf_i128  value; /**< 1e-4. */
} tf_class_flow;

typedef struct tf_classes {
    const tariff_law *law;
    tf_arena          arena;
    tf_programs      *programs;
    TF_VEC(tf_class) list;
    TF_VEC(tf_class_case) cases;
    TF_VEC(tf_line) known;
    const tf_trade_rows *rows; /**< NULL: no one asks for trade. */
    TF_VEC(tf_class_flow) flows;
    uint32_t *slots; /**< Class + 1. */
    size_t    slot_count;
} tf_classes;

/**
 * Gather all flows of an evaluation; its messages are those of tf_evaluate().
 * @param rows  of trade, for tf_rebound_trade(); may be NULL.
 */
tariff_status tf_classes_make(const tf_evaluation *e, const tf_trade_rows *rows, tf_classes *out);
void          tf_classes_free(tf_classes *classes);

/** One worker's copy of the programs, with rates of its own. */
typedef struct tf_rebound {
    const tf_classes *classes;
    tf_arena          arena;
    tf_program       *programs;
    tf_choice       **changed; /**< The choices whose rate depends on changes. */
    size_t            changed_count;
    tf_bench          bench;
    TF_VEC(tf_case) cases;
} tf_rebound;

tariff_status tf_rebound_make(const tf_classes *classes, tariff_env *env, tf_rebound *out);
void          tf_rebound_free(tf_rebound *r);

/**
 * Add up all classes with these values of the law's changes.
 * @param scratch  for rates that are made; may be emptied afterwards.
 */
tariff_status tf_rebound_tally(tf_rebound *r, const tf_change *changes, tf_arena *scratch,
                               tf_tally *tally);

/** The same by product, importer and origin.  `out` is begun. */
tariff_status tf_rebound_trade(tf_rebound *r, const tf_change *changes, tf_arena *scratch,
                               tf_trade *out);

#endif
