/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A column of values, read eight rows at a time where the processor can.
 */
#ifndef TF_FLOWS_PLAIN_VALUES_H
#define TF_FLOWS_PLAIN_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Of a value that is written otherwise: none is negative. */
enum { TF_NOT_PLAIN = -1 };

/**
 * The values of a column of plain fields, each between separators, with so many decimal places.
 * Those that tf_plain_value() does not read are TF_NOT_PLAIN; so may be some that it does: of most,
 * the point is where it is in the first row.
 * @param text    TF_PLAIN_READ bytes before each end are readable.
 *                The byte before a field is the same in all rows but the first, and in no field.
 * @param bounds  of the first row's field, that of the next row's are `width` further on; as in
 *                io/separators.h.
 * @return whether some are TF_NOT_PLAIN.
 */
bool tf_plain_values(const char *text, const uint16_t *bounds, size_t width, size_t rows,
                     unsigned places, int64_t *out);

#endif
