/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A law and lines of which the input decides what is drawn: explanations,
 * burdens in memory and reports are those of the reference evaluator, and the
 * rows backwards make the same reports.
 */
#include "fuzz/fuzz.h"

#include "reference/trial.h"

enum { LINES = 6 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static trial t;
    static tally seen;
    line_text    lines[LINES];
    check_random random = { .state = size, .bytes = data, .count = size };
    fuzz_begin();
    t.root = fuzz_root;
    trial_begin(&random, &t, &seen);
    for (unsigned i = 0; i < LINES; i++) {
        draw_line(&random, &lines[i]);
        trial_ask(&t, &lines[i], &seen);
    }
    trial_run(&t, lines, LINES, &seen);
    trial_end(&t);
    fuzz_require(!t.different);
    return 0;
}
