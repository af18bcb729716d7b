/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A random law, loaded by the library and read by the reference evaluator, and
 * lines asked of both.
 */
#ifndef TESTS_REFERENCE_TRIAL_H
#define TESTS_REFERENCE_TRIAL_H

#include "reference/assess.h"
#include "reference/draw.h"
#include "unit/schedule.h"

#include "assess/burden.h"

/** How often the laws and lines drawn did something: a test of nothing would pass, too. */
typedef struct tally {
    unsigned long laws, refused, lines, charged, money, branched, affected, coarse, unassessed,
        unmatched, scaled, overlaid, known_then, too_high, run;
} tally;

typedef struct trial {
    const char      *root; /**< A directory for its files. */
    law_text         text;
    rows             rows;
    check_log        log;
    tariff_env      *env;
    tariff_schedule *schedule;
    tariff_law      *law;
    tf_programs     *programs;
    tariff_assessor *assessor;
    tf_bench         bench;
    bool             different;
} trial;

/** Draw until a law is not refused for ties or cycles; its files are in t->root. */
void trial_begin(check_random *random, trial *t, tally *seen);
void trial_end(trial *t);

/** Ask both of one line; t->different, and words, if they do not agree. */
void trial_ask(trial *t, const line_text *line, tally *seen);

/**
 * The same lines as a file, run as a scenario: lines.csv says what the reference does; and the
 * lines backwards make the same reports.
 */
void trial_run(trial *t, const line_text *lines, unsigned count, tally *seen);

/* What trial.c and run.c share */

/** Contribution of a layer as a rate of value; NULL where there is none: money on no value. */
number rate_on(const layer_burden *layer, number value);
number duty_on(const layer_burden *layer, number value);
/** An amount on next to no value is a rate that no 64 bits hold at 1e-12: an error of the line. */
bool is_out_of_range(const ref_burden *wanted);

void same_text(trial *t, const char *what, const char *name, const char *got, number wanted,
               unsigned places);
void same_flag(trial *t, const char *what, int got, int wanted);
void show_line(const trial *t, const line_text *line);

#endif
