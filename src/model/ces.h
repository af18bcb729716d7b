/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_MODEL_CES_H
#define TF_MODEL_CES_H

#include <stddef.h>

/**
 * The price index of a constant elasticity of substitution, as a change:
 * ln(sum s_i exp((1 - sigma) x_i)) / (1 - sigma) for shares s and log changes
 * of prices x; sum s_i x_i for sigma = 1.
 *
 * @param weight  if not NULL: filled with the shares of spending at the new prices.
 */
double tf_ces_index(size_t n, const double *share, const double *ln_price, double sigma,
                    double *weight);

#endif
