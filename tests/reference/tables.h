/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A schedule and a line of trade as their texts: cells as they stand in the
 * files.  The generator writes them, the reference evaluator reads them.
 */
#ifndef TESTS_REFERENCE_TABLES_H
#define TESTS_REFERENCE_TABLES_H

#include <stdbool.h>

enum {
    LAYERS = 6,
    MEASURES = 24,
    YIELDS = 14,
    SETS = 3,    /**< @s0 .. */
    PARTS = 3,   /**< p0 .. */
    CLAIMS = 4,  /**< c0 .. */
    ROWS = 16,
    SCHEDULES = 2
};

/** Days; `until` is never empty where it is written as `through`, the day before. */
typedef struct layer_row {
    char name[8], kind[12], authority[4], select[12];
} layer_row;

typedef struct yield_row {
    char layer[16], to[16], scope[8], from[12], until[12];
} yield_row;

typedef struct measure_row {
    char layer[8], products[64], origins[48], importers[48], from[12], until[12], rate[320],
        base[40], when[48], rank[4], published[12], withdrawn[12];
} measure_row;

/** A row of a set ("s0"), or of a group ("G": `code` is a member). */
typedef struct member_row {
    char name[4], code[24], from[12], until[12];
} member_row;

/** A row of a part ("p0") or claim ("c0"). */
typedef struct share_row {
    char name[4], hs[12], origin[8], importer[8], from[12], until[12], share[16];
} share_row;

/** One directory; a second one is laid over the first. */
typedef struct schedule {
    layer_row   layers[LAYERS];
    measure_row measures[MEASURES];
    yield_row   yields[YIELDS];
    member_row  sets[ROWS], groups[ROWS];
    share_row   shares[ROWS];
    unsigned    layer_count, measure_count, yield_count, set_count, group_count, share_count;
    bool        declared[PARTS + CLAIMS]; /**< Parts, then claims, that have a file. */
    bool        through; /**< measures.csv says `through` instead of `until`. */
} schedule;

/** All that is asked of: schedules in order, and what a scenario adds. */
typedef struct law_text {
    schedule schedules[SCHEDULES];
    unsigned schedule_count;
    char     as_of[12];    /**< "": not asked. */
    char     exchange[16]; /**< Dollars for one EUR. */
} law_text;

typedef struct line_text {
    char hs[16], origin[4], importer[4], date[12], value[24], quantity[24], unit[8], claims[64],
        parts[64];
} line_text;

#endif
