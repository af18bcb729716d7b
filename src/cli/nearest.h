/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include <stddef.h>

/** How many letters have to be changed, added, left out or swapped; SIZE_MAX for a long word. */
size_t cli_distance(const char *a, const char *b);

/** Is a name at this distance from what was typed worth suggesting? */
int cli_is_near(const char *typed, size_t distance);

#endif
