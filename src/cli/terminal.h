/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What `run` shows a person: a short table of the summary and the largest
 * chapters.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <tariff/tariff.h>

/** Is standard output a terminal (or TARIFF_SHOW=always set, for tests and demonstrations)? */
bool terminal_is_shown(void);

void terminal_result(const tariff_scenario *scenario, const tariff_result *result,
                     const char *directory);

#endif
