/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * SMART, the single-market model of UNCTAD and WITS: trade creation, trade
 * diversion, price effect (Laird & Yeats 1986; Jammes & Olarreaga 2005).
 *
 * With r = tau - 1, k = 1 / (1 + eps/mu), s = sigma / (1 + sigma/mu):
 *
 *     linear       TC = -eps k V r          TD = -s V (r - mean r)
 *     ces          TC = -eps k V r          TD from shares w (1+r)^-s
 *     ces_bounded  TC = V ((1+r)^(-eps k) - 1), then TD of what is left: never negative
 *
 * TD sums to zero, which takes one s for a market: where origins differ in mu,
 * that of the average 1/mu, weighted by value.  Welfare is WITS' trapezoid,
 * which means little at rates in the hundreds of percent: use Armington there.
 */
#ifndef TF_MODEL_SMART_H
#define TF_MODEL_SMART_H

#include "model/market.h"

typedef enum tf_smart_rule { TF_SMART_BOUNDED, TF_SMART_CES, TF_SMART_LINEAR } tf_smart_rule;

/** Uses eps, sigma and supply (mu).  `creation` and `diversion` are needed. */
tf_solved tf_smart(const tf_market *market, tf_smart_rule rule, tf_response *out);

#endif
