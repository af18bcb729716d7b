/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * One market: what one importer buys of one product, by origin; and how it
 * responds to other rates.  Every model of a single market reads the one and
 * fills the other.
 *
 * Prices are indices with the value 1 before, so that a quantity before is the
 * value before.  Elasticities are magnitudes, never negative.
 */
#ifndef TF_MODEL_MARKET_H
#define TF_MODEL_MARKET_H

#include <stdbool.h>
#include <stddef.h>

/** How a market ended.  Whatever is not good has no response at all. */
typedef enum tf_solved {
    TF_SOLVED,
    TF_UNTOUCHED,    /**< No rate changes: everything stays as it is, to the bit. */
    TF_NO_TRADE,     /**< Nothing is traded: there is nothing to respond. */
    TF_BAD_PARAMETER,   /**< An elasticity, a rate or a value is negative or missing. */
    TF_UNDETERMINED,    /**< Neither supply nor demand responds to prices. */
    TF_BELOW_ZERO,      /**< A linear rule takes away more trade than there is. */
    TF_NO_CONVERGENCE,
    TF_SOLVED_KINDS
} tf_solved;

static inline bool tf_is_solved(tf_solved how)
{
    return how == TF_SOLVED || how == TF_UNTOUCHED || how == TF_NO_TRADE;
}

/** "no_convergence": for reports. */
const char *tf_solved_name(tf_solved how);
/** One sentence for people. */
const char *tf_solved_reason(tf_solved how);

/** A market before, its new rates, and its elasticities; arrays of n origins. */
typedef struct tf_market {
    size_t        n;
    const double *value;   /**< At customs value, without duty. */
    const double *t0, *t1; /**< Duty as a fraction of value, before and after. */
    const double *ln_tau;  /**< ln((1 + t1) / (1 + t0)): tf_ln_tau(). */
    const double *supply;  /**< Of exports to their price; INFINITY: a price taker. */
    double sigma; /**< Of substitution between origins, > 0. */
    double eta;   /**< Of all demand for the product to its price. */
    double eps;   /**< Of import demand (SMART). */
    double rho;   /**< Pass-through: d ln(buyer price) / d ln(1 + t). */
} tf_market;

/** What becomes of it.  The arrays, of n, are the caller's. */
typedef struct tf_response {
    double *price;    /**< Of the producer, new / old. */
    double *quantity; /**< New / old. */
    double *producer; /**< Change of the surplus of each origin's producers, money. */
    double *creation, *diversion; /**< Money; SMART alone fills them.  May be NULL. */
    double   ln_index; /**< ln of the price index of what buyers pay, new / old. */
    double   consumer; /**< Change of buyers' surplus, money. */
    double   residual; /**< Of the equation that was solved. */
    unsigned iterations;
} tf_response;

/**
 * Leave an origin as it is: where no rate changes, and what is not traded.  A
 * flow of nothing has no price to move and stays nothing, in every model.
 */
static inline void tf_leave(size_t i, tf_response *out)
{
    out->price[i] = out->quantity[i] = 1;
    out->producer[i] = 0;
    if (out->creation)
        out->creation[i] = out->diversion[i] = 0;
}

/** ln((1 + t1) / (1 + t0)), 0 exactly if the rates are equal. */
void tf_ln_tau(size_t n, const double *t0, const double *t1, double *out);

/**
 * What all models ask first: is there trade, does a rate change, are the
 * numbers numbers?  TF_SOLVED if the model has to find out; all other answers
 * are final, and the response is that of an untouched market.
 */
tf_solved tf_market_begin(const tf_market *market, tf_response *out);

/**
 * Change of producers' surplus along q = V p^supply, Laird's and Francois' exact
 * integral: V (p^(1 + supply) - 1) / (1 + supply); 0 for a price taker.
 */
double tf_producer_surplus(double value, double ln_price, double supply);

/**
 * Change of buyers' surplus along Q = A P^-eta: the integral of demand from the
 * old to the new price index.  @param spending  with duty, before.
 */
double tf_consumer_surplus(double spending, double eta, double ln_index);

#endif
