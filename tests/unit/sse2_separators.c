/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The search for separators as it is on a processor that has nothing wider than
 * SSE2, whatever this one has, under a name of its own.
 */
#define __builtin_cpu_supports(feature) 0
#define tf_find_separators sse2_find_separators
#define tf_find_bounds     sse2_find_bounds
#include "io/separators.c"
