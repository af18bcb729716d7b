/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A line on standard error that tells how far a batch is.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

typedef struct progress {
    bool            always, never;
    bool            written; /**< There is a line to be cleared. */
    struct timespec begun;
} progress;

/** `when` is "always", "never" or NULL; false (with words) for anything else. */
bool progress_begin(progress *p, const char *when);
/** `done` of `count` are done.  Nothing is written in the first half second. */
void progress_step(progress *p, size_t done, size_t count);
/** Take the line away, for other words. */
void progress_clear(progress *p);

#endif
