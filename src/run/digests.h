/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What programs charge, where it is proportional to value: equal burdens are
 * one, however many programs have them.
 */
#ifndef TF_RUN_DIGESTS_H
#define TF_RUN_DIGESTS_H

#include "run/evaluate.h"

/** A burden that is proportional to value. */
typedef struct tf_digest {
    int64_t          affected;             /**< Probability, 1e-18. */
    int64_t          ordinary, additional; /**< Rates, 1e-12. */
    bool             left;                 /**< It is not: rows under it are assessed singly. */
    bool             noted;                /**< Its rows are to be told of. */
    const tf_burden *burden;
    uint64_t         hash;
    struct tf_lane  *home; /**< The first lane of which all rows have it; NULL: none yet. */
} tf_digest;

/** Of one thread, under one law or some layers of it. */
typedef struct tf_digests {
    const tf_evaluation *e;
    uint64_t             layers;
    tf_arena            *arena;
    tf_programs         *programs;
    tf_bench             bench;
    tf_cases             cases;
    bool                *added; /**< Of the reach: see tf_note_added(); NULL if nothing is added. */
    TF_VEC(tf_digest *) by_program; /**< By its number; NULL: not looked at yet. */
    TF_VEC(tf_digest *) distinct;
    uint32_t *slots; /**< Into `distinct`, + 1. */
    size_t    slot_count;
} tf_digests;

/** @param layers  TF_ALL_LAYERS, or those of one kind of a law whose kinds are apart. */
tariff_status tf_digests_init(tf_digests *digests, const tf_evaluation *e, uint64_t layers,
                              tf_arena *arena);
void          tf_digests_free(tf_digests *digests);

/** @param treatment  of the cell's product on its day, if known; else NULL. */
tariff_status tf_digest_find(tf_digests *digests, const tf_cell *cell, const uint32_t *treatment,
                             tf_digest **out);

#endif
