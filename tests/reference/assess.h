/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The stacking algebra as the specification tells it, as plainly and slowly
 * as can be: every cell is read again for every line and branch, every measure
 * is looked at, and all numbers are exact rationals until the law of rounding
 * speaks.  It shares no code with the library.
 */
#ifndef TESTS_REFERENCE_ASSESS_H
#define TESTS_REFERENCE_ASSESS_H

#include "reference/number.h"
#include "reference/tables.h"

enum { PIECES = PARTS + 1 }; /**< The parts, then the rest. */

/** A duty on one piece of a line: a rate of the line's value, and money. */
typedef struct ref_charge {
    number rate, money;
} ref_charge;

/** What a layer charges over all branches. */
typedef struct layer_burden {
    const char *name;
    bool        ordinary;
    number      rate, money, covered; /**< Rounded: to 1e-12, 1e-12 and 1e-18. */
} layer_burden;

typedef struct ref_burden {
    layer_burden layers[LAYERS];
    unsigned     layer_count;
    number       value, affected; /**< `affected`: a probability. */
    bool         unassessed, coarse, unmatched, scaled;
    bool         tied; /**< Two measures tie: the law should have been refused. */
} ref_burden;

/* Of rows.c: what the schedules say together, and which rows contain a line */

/** The rows of all schedules, without those that a later one replaces. */
typedef struct rows {
    layer_row   layers[LAYERS];
    measure_row measures[SCHEDULES * MEASURES]; /**< In file order; visible ones only. */
    unsigned    schedule_of[SCHEDULES * MEASURES];
    yield_row   yields[SCHEDULES * YIELDS];
    member_row  sets[SCHEDULES * ROWS], groups[SCHEDULES * ROWS];
    share_row   shares[SCHEDULES * ROWS];
    unsigned    layer_count, measure_count, yield_count, set_count, group_count, share_count;
    const char *exchange;
} rows;

void rows_of(const law_text *law, rows *out);

/** Is `day` in [from, until)?  "" is open. */
bool day_is_in(const char *day, const char *from, const char *until);

/** Digits of the code that matches closest, 0 for "*"; -1: not contained. */
int products_match(const rows *law, const char *products, const line_text *line);
/** 2 listed, 1 by a group, 0 by "*"; -1: not contained. */
int countries_match(const rows *law, const char *countries, const char *country, const char *day);
/** Is the line's code a proper prefix of a code of this list? */
bool products_are_finer(const rows *law, const char *products, const line_text *line);
/** The share that the tables tell of a part or claim. */
number share_of(const rows *law, const char *name, const line_text *line);

/** The next of the blank-separated words of `*at`; false: none is left. */
bool next_word(const char **at, char word[64]);

/* Of duty.c: what an expression charges */

/** What a rate is asked of. */
typedef struct base_text {
    const rows      *law;
    const line_text *line;
    const number    *share;   /**< Of each piece. */
    const char      *layer;   /**< Whose rate it is. */
    const ref_charge   (*charged)[PIECES]; /**< By layers so far. */
    unsigned         pieces;  /**< That are left to it. */
} base_text;

typedef struct ref_duty {
    ref_charge piece[PIECES];
    bool   lacks; /**< A specific term has no quantity in its unit. */
    bool   open;  /**< So as an operand of max and min it cannot be assessed. */
} ref_duty;

ref_duty duty_of(const base_text *base, const char *rate);

/** Does a rate of `layer` top up the k-th layer? */
bool tops(const rows *law, const char *rate, const char *layer, unsigned k);

/** Of a line of this value: is a more than b?  In money, unless both are rates alone. */
bool   is_more(number value, ref_charge a, ref_charge b);
bool   is_positive(number value, ref_charge a);
ref_charge total_of(const ref_charge *piece);

ref_burden assess(const rows *law, const line_text *line);

#endif
