/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Who pays, origin by origin: no substitution between them.
 *
 * Reduced form: a share rho of ln(1 + t) reaches the buyer, the producer bears
 * the rest.  Structural: supply and demand decide, rho = e / (e + eta).
 */
#ifndef TF_MODEL_PASSTHROUGH_H
#define TF_MODEL_PASSTHROUGH_H

#include "model/market.h"

/** Uses rho and eta. */
tf_solved tf_passthrough_reduced(const tf_market *market, tf_response *out);
/** Uses supply and eta. */
tf_solved tf_passthrough_structural(const tf_market *market, tf_response *out);

/**
 * What the importer gains or loses on a flow at pass-through rho: buyers'
 * surplus and revenue.  It falls as rho rises: from the duty that the producer
 * bears to the loss that none of it is shifted.
 */
double tf_passthrough_welfare(double value, double t0, double t1, double ln_tau, double eta,
                              double rho);

/** The rate that is best for the importer: 1 / e; 0 against price takers. */
double tf_optimal_rate(double supply);

/** The rate that brings most revenue: 1 / (a - 1), a = eta (1+e) / (e+eta); INFINITY if a <= 1. */
double tf_revenue_rate(double supply, double eta);

#endif
