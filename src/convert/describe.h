/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Descriptions of a nomenclature whose lines stand below one another by indent.
 */
#ifndef TF_CONVERT_DESCRIBE_H
#define TF_CONVERT_DESCRIBE_H

#include "base/arena.h"

enum { TF_INDENTS = 32 };

/** The texts of the current line and of those above it, by indent; "" where there is none. */
typedef struct tf_describer {
    TF_VEC(char) level[TF_INDENTS];
    TF_VEC(char) whole;
} tf_describer;

/**
 * Take the text of the next line: markup and the final colon are dropped.
 * @return its description, "Horses: Other" where its own says only "Other";
 *         valid until the next call; NULL if memory ran out.
 */
const char *tf_describe(tf_describer *describer, tf_arena *arena, unsigned indent,
                        const char *text, size_t length);

#endif
