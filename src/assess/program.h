/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * From a product, an origin, an importer and a day to the program that decides
 * its duty.
 *
 * A program holds, for each layer in the order of the day, the measures that
 * may apply, the most specific first.  Equal programs are one object, however
 * many products share them, and never change once made.
 */
#ifndef TF_ASSESS_PROGRAM_H
#define TF_ASSESS_PROGRAM_H

#include "assess/choose.h"

typedef struct tf_program_layer {
    uint8_t  layer;
    uint32_t first, count; /**< Choices. */
} tf_program_layer;

/**
 * The value of a line is cut into pieces: the parts that the program names, in
 * the order of their numbers, and last the rest.
 */
enum { TF_PIECES_MAX = TF_PARTS_MAX + 1 };

typedef struct tf_program {
    uint32_t         number; /**< From 0, in the order of making. */
    const tf_regime *regime;
    const tf_choice *choices;
    size_t           choice_count;
    const tf_program_layer *layers; /**< In the order of the day. */
    unsigned         layer_count;
    uint64_t         changed_out; /**< Layers that a change took off the line. */
    uint32_t         parts, claims; /**< That the program names. */
    uint32_t         listed_parts;  /**< That some base charges alone. */
    uint8_t          part_of_piece[TF_PIECES_MAX];
    int8_t           piece_of_part[TF_PARTS_MAX];
    unsigned         piece_count;
    bool             by_quantity; /**< Some rate is an amount per unit. */
    bool             coarse;    /**< A code in force is finer than the line's. */
    bool             unmatched; /**< No ordinary measure, though the importer has some. */
} tf_program;

typedef struct tf_programs tf_programs;

#define TF_ALL_LAYERS UINT64_MAX

/**
 * @param layers  programs are of these alone.  Whether a code is coarse, and whether a line has no
 *                ordinary measure, is told where ordinary ones are among them.
 */
tariff_status tf_programs_new(tariff_env *env, const tariff_law *law, uint64_t layers,
                              tf_programs **out);
void          tf_programs_free(tf_programs *programs);

/** The program of a cell; lives as long as `programs`. */
tariff_status tf_program_find(tf_programs *programs, const tf_cell *cell, const tf_program **out);

/**
 * What decides the programs of a product for an importer: for products of one treatment they are,
 * day by day and origin by origin, the same, unless a code finer than theirs may be in force.
 * Origins of one treatment have the same, unless the product's treatment tells them apart.
 */
typedef struct tf_program_look {
    uint32_t treatment;
    bool     finer;
    bool     tells_origins_apart;
    bool     one; /**< All origins have the same program, but those `named`. */
    uint32_t rest; /**< The treatment that decides for origins not `named`, if any are told apart. */
    tf_country_bits named;
    tariff_span valid; /**< The days on which the product has the treatment, or some of them. */
} tf_program_look;

tariff_status tf_program_look_at(tf_programs *programs, const tf_cell *cell, tf_program_look *out);

/** The first epoch met in which products of one treatment have the programs that they have in this
 * one. */
uint32_t tf_program_backdrop(tf_programs *programs, uint32_t epoch);

/** The program of a cell of a product whose treatment on that day is known, and of which no code
 * is finer; for those who ask once: it is not kept by cell. */
tariff_status tf_program_take(tf_programs *programs, const tf_cell *cell, uint32_t treatment,
                              const tf_program **out);

/** The treatment of the cell's origin, for its importer in its epoch. */
tariff_status tf_program_origin(tf_programs *programs, const tf_cell *cell, uint32_t *treatment);

/**
 * Fill in a program, of which the regime and what is known of the line are given, from its
 * choices: those of a layer one after the other.
 */
tariff_status tf_program_compose(tf_arena *arena, const tariff_law *law, tf_choice *choices,
                                 size_t count, tf_program *program);

/** Number of programs made so far, and each by its number. */
size_t            tf_programs_count(const tf_programs *programs);
const tf_program *tf_program_at(const tf_programs *programs, uint32_t number);

/** What the changes of the law met in some program. */
tf_changes_met tf_programs_changes(const tf_programs *programs);

/** The closest measure of a layer on this product and origin on any day, or NULL. */
tariff_status tf_program_out_of_force(tf_programs *programs, const tf_cell *cell, unsigned layer,
                                      const tf_measure **out);

#endif
