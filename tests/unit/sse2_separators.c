/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The search for separators as it is on a processor that has nothing wider than
 * SSE2, whatever this one has, under a name of its own.
 */
#define __builtin_cpu_supports(feature) 0
#define tf_find_separators sse2_find_separators
#include "io/separators.c"
