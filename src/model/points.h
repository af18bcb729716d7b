/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Points of the unit cube, evenly spread: Sobol's sequence up to 40 dimensions,
 * reversed Halton's up to 1,229, moved by Cranley-Patterson shifts (each
 * replicate is the sequence plus one random vector, modulo 1; not scrambled).
 */
#ifndef TF_MODEL_POINTS_H
#define TF_MODEL_POINTS_H

#include <stddef.h>
#include <stdint.h>
#include <tariff/status.h>

enum { TF_SOBOL_MOST = 40, TF_HALTON_MOST = 1229 };

/** "sobol", "reversehalton"; NULL if there are too many dimensions for either. */
const char *tf_points_kind(size_t dimensions);

/**
 * @param shifts  replicates of count / shifts points each; 0: the sequence itself.
 * @param out     count x dimensions, point by point; strictly between 0 and 1.
 * @return TARIFF_E_LIMIT for too many dimensions, TARIFF_E_ARG if shifts does
 *         not divide count.
 */
tariff_status tf_points(size_t count, size_t dimensions, size_t shifts, uint64_t seed,
                        double *out);

#endif
