/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The stacking algebra: what the layers of a program charge on a line.
 */
#ifndef TF_ASSESS_BURDEN_H
#define TF_ASSESS_BURDEN_H

#include "assess/line.h"

/** What one layer charges. */
typedef struct tf_charge {
    uint8_t layer;
    int64_t rate;    /**< Of value, 1e-12. */
    tf_i128 money;   /**< Specific duties, 1e-12. */
    int64_t covered; /**< Share of value that it charges, 1e-18. */
} tf_charge;

/**
 * A line under one program.  A line observed over a period is under several,
 * each for its share of the days.
 */
typedef struct tf_case {
    const tf_program *program;
    const tf_line    *line;
    int64_t           weight; /**< 1e-18. */
} tf_case;

/** One way the line may go: what all its claims together decide. */
typedef struct tf_outcome {
    const tf_program *program;
    size_t   verdicts;    /**< Its first verdict, one per layer of the program. */
    int64_t  probability; /**< 1e-18. */
    uint32_t claimed;
    uint32_t first_statutory, statutory_count; /**< Into the burden's. */
    bool     affected;   /**< An additional layer charges. */
    int64_t  additional; /**< Rate of the additional layers, 1e-4, for brackets. */
} tf_outcome;

/** How a layer came to its charge in one outcome, for explanations and statutory rates. */
typedef struct tf_verdict {
    const tf_choice *choice;  /**< NULL: no measure, or no condition met. */
    uint32_t         pieces;  /**< That were left to it. */
    uint32_t         taken;   /**< That a layer it yields to charges. */
    uint64_t         takers;  /**< Those layers. */
    uint32_t         charged; /**< Pieces on which it charges a positive duty. */
    tf_i128          rate;    /**< 1e-18 of value. */
    tf_i128          money;   /**< 1e-12. */
    int64_t          share;   /**< Of value, left to it, 1e-9. */
    int64_t          statutory; /**< The rate it charges on that share, 1e-9. */
    bool             conditions; /**< Some measure failed only for its conditions. */
    bool             unassessed; /**< A specific term had no quantity. */
} tf_verdict;

/** The rate that an additional layer charges in an outcome. */
typedef struct tf_statutory {
    uint8_t layer;
    int64_t nano;
} tf_statutory;

enum { TF_OUTCOMES_MAX = 1 << 12 };

typedef struct tf_burden {
    tf_charge *charges; /**< Of the layers that have a measure, by number. */
    unsigned  charge_count;
    int64_t   affected;   /**< Probability, 1e-18. */
    bool      unassessed; /**< A specific term had no quantity. */
    bool      estimated;  /**< A share table decided. */
    bool      unknown_part;
    bool      scaled;    /**< Shares of parts added up to more than 1. */
    bool      coarse;    /**< See tf_program. */
    bool      unmatched;

    TF_VEC(tf_outcome) outcomes;
    TF_VEC(tf_statutory) statutory;
    TF_VEC(tf_verdict) verdicts;
} tf_burden;

/** Scratch memory for burdens, used again and again. */
typedef struct tf_bench {
    tf_arena  arena;
    tf_charge charges[TF_LAYERS_MAX];
    tf_burden burden;
} tf_bench;

void tf_bench_init(tf_bench *bench, tariff_env *env);
void tf_bench_free(tf_bench *bench);

/** A copy without the verdicts, which explain and are not added up; NULL without memory. */
tf_burden *tf_burden_keep(tf_arena *arena, const tf_burden *burden);

/**
 * Assess a line.  The result is in bench->burden until the next call.
 * @return TARIFF_OK, TARIFF_E_OVERFLOW, TARIFF_E_LIMIT (too many shared claims)
 *         or TARIFF_E_NOMEM; nothing is reported.
 */
tariff_status tf_assess(const tariff_law *law, const tf_case *cases, size_t count,
                        tf_bench *bench);

#endif
