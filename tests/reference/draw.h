/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Small laws and lines at random, as texts: drawn so that all that section 4 of
 * the specification tells of happens now and then.
 */
#ifndef TESTS_REFERENCE_DRAW_H
#define TESTS_REFERENCE_DRAW_H

#include "reference/tables.h"
#include "unit/random.h"

/** Many of these are refused for ties and cycles: one draws again. */
void draw_law(check_random *random, law_text *law);
void draw_line(check_random *random, line_text *line);

/** The schedules as directories ROOT/0, ROOT/1, which are made if need be. */
void write_law(const law_text *law, const char *root);

#endif
