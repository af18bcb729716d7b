/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Strands of a program: layers that decide together what they charge.
 *
 * The additional layers are one strand, with all that give way to them, top them
 * up, or are topped up by them; the ordinary layers that have nothing to do with
 * those are the other.  What a program charges is what its strands do, each for
 * itself, so that thousands of ordinary rates and hundreds of additional ones are
 * not as many programs as there are pairs of them.  Brackets, and how sure a duty
 * is, are told by the first strand alone.
 *
 * A layer that gives way to one that certainly charges is left out of its strand.
 */
#ifndef TF_ASSESS_STRAND_H
#define TF_ASSESS_STRAND_H

#include "assess/burden.h"

enum { TF_NO_LAYER = -1 };

typedef struct tf_strand {
    tf_program     program;
    const tf_line *line; /**< What tables say of its lines; of plain ones nothing. */
    uint64_t       hash;
    uint64_t       layers; /**< That have a choice. */
    bool           plain;
    bool           apart; /**< Ordinary layers alone, split off. */
    bool           whole; /**< Nothing was split off: all layers are in the first, none apart. */
    int            over;  /**< The layer for which others were left out, or TF_NO_LAYER. */
} tf_strand;

/** Strands by what they are: equal ones are one. */
typedef struct tf_strands {
    const tariff_law *law;
    tf_arena         *arena;
    TF_VEC(tf_strand *) list;
    uint32_t *slots; /**< Strand + 1. */
    size_t    slot_count;
    bool      keeps_rates; /**< Those that changes made, too: drafts may not outlive them. */
} tf_strands;

/** Choices on their way to a strand. */
typedef struct tf_strand_draft {
    const tf_regime *regime;
    const tf_line   *line; /**< Of plain lines any. */
    bool             plain, apart, whole, coarse, unmatched;
    int              over;
    size_t           count;
    tf_choice        choices[TF_LAYERS_MAX * 4]; /**< Those of a layer one after the other. */
} tf_strand_draft;
enum { TF_DRAFT_MAX = TF_LAYERS_MAX * 4 };

void tf_strands_init(tf_strands *strands, const tariff_law *law, tf_arena *arena);

/** The number of the strand of a draft. */
tariff_status tf_strand_find(tf_strands *strands, const tf_strand_draft *draft, uint32_t *out);

/** Leave out what gives way to a layer that certainly charges. */
void tf_strand_reduce(const tariff_law *law, tf_strand_draft *draft);

/** Does the layer for which others were left out still charge for certain? */
bool tf_strand_holds(const tf_strand_draft *draft);

/** Take a program apart.  False if it has more choices than a draft can hold. */
bool tf_strand_split(const tariff_law *law, const tf_program *program, const tf_line *line,
                     bool plain, tf_strand_draft *first, tf_strand_draft *apart);
/** Leave it as it is: all of it is in the first strand. */
void tf_strand_join(const tf_program *program, tf_strand_draft *first, tf_strand_draft *apart);

/** Does the burden of a strand apart tell what is told by the first strand alone? */
bool tf_strand_tells(const tf_burden *apart);

/** Assess a strand; the result is the bench's. */
tariff_status tf_strand_assess(const tariff_law *law, const tf_strand *strand, tf_bench *bench);

#endif
