/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Random lines under random laws: what the library says is what the reference
 * evaluator says, exactly: reference PAIRS [SEED].
 */
#include "reference/trial.h"

enum { LINES = 40, RUN_EVERY = 10 }; /* asked of each law; laws of which one is run from files */

static void show(const tally *seen)
{
    printf("%lu laws (%lu overlaid, %lu as of a day; %lu others were refused), %lu lines: %lu pay "
           "a rate, %lu money, %lu in branches, %lu an additional duty; %lu coarse, %lu "
           "unassessed, %lu unmatched, %lu scaled, %lu beyond any rate; %lu also run from files\n",
           seen->laws, seen->overlaid, seen->known_then, seen->refused, seen->lines,
           seen->charged, seen->money, seen->branched, seen->affected, seen->coarse,
           seen->unassessed, seen->unmatched, seen->scaled, seen->too_high, seen->run);
}

int main(int argc, char **argv)
{
    unsigned long pairs = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000;
    uint64_t      seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    check_random  random = check_random_begin(seed);
    tally         seen = { 0 };
    static trial  t;
    if (check_make_root(NULL) != 0)
        return 1;
    t.root = check_root;
    while (seen.lines < pairs && !t.different) {
        line_text lines[LINES];
        trial_begin(&random, &t, &seen);
        for (unsigned i = 0; i < LINES && !t.different; i++) {
            draw_line(&random, &lines[i]);
            trial_ask(&t, &lines[i], &seen);
        }
        if (seen.laws % RUN_EVERY == 0 && !t.different)
            trial_run(&t, lines, LINES, &seen);
        trial_end(&t);
    }
    show(&seen);
    number_end();
    if (t.different) {
        printf("seed %llu: they differ; the law is in %s\n", (unsigned long long)seed, check_root);
        return 1;
    }
    check_remove_root(NULL);
    /* Each of these has to have happened to at least one line in a hundred. */
    unsigned long least = seen.lines / 100;
    return seen.charged < least || seen.money < least || seen.branched < least
           || seen.affected < least || seen.coarse < least || seen.unassessed < least
           || seen.unmatched < least || seen.scaled < least;
}
