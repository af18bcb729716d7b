/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A market whose origins are imperfect substitutes, solved exactly (Armington
 * 1969; the "CES tariff model" of Riker & Schreiber, USITC 2020-11-B).
 *
 *     demand   q_i = a_i P^(sigma-eta) (p_i tau_i)^-sigma
 *     supply   q_i = b_i p_i^e_i                 total Q = A P^-eta
 *
 * With u = ln P the buyer price of each origin is known in closed form,
 * ln c_i = (e_i ln tau_i + (sigma-eta) u) / (e_i + sigma), so one equation
 * remains: u = ln P(c).  Its slope is at least min (e_i+eta)/(e_i+sigma) > 0:
 * one root, whatever the rates.  Home sales are an origin without a duty.
 */
#ifndef TF_MODEL_ARMINGTON_H
#define TF_MODEL_ARMINGTON_H

#include "model/market.h"

/** Uses sigma, eta and supply.  Allocates nothing. */
tf_solved tf_armington(const tf_market *market, tf_response *out);

#endif
