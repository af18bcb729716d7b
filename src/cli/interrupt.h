/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Ctrl-C and SIGTERM: the library is asked to stop, so that nothing
 * half-written stays.
 */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <tariff/env.h>

/** From now on, the signals cancel what `env` does; a second one ends the program at once. */
void interrupt_watch(tariff_env *env);

/** 130 (143) if a signal came, else `code`. */
int interrupt_code(int code);

#endif
