/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A line on standard error that tells how far a command is.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/cli.h"

#include <time.h>

/** For the table of options. */
#define CLI_PROGRESS_OPTION                                                               \
    { "progress", 0, "always|never",                                                      \
      "tell how far it is; else on a terminal, when it takes longer" }

typedef struct progress {
    bool            always;
    struct timespec begun, shown;
} progress;

/**
 * Show the progress of all that is done in `env` from now on, which has to end
 * before `p` does: as --progress says; else on a terminal, unless --quiet is
 * given, after half a second.  False (with words) if it says neither.
 */
bool progress_begin(progress *p, tariff_env *env, const cli_command *command,
                    const cli_line *line);
/** Take the line away, for other words; it comes again. */
void progress_clear(void);

#endif
