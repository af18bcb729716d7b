/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Many scenarios of the same flows: a base keeps what it read and how it was
 * charged, and another scenario costs what it changes.  What is here may still
 * change: it is declared where TARIFF_EXPERIMENTAL is defined before any header
 * is included.
 *
 *     tariff_base_new(env, scenario, NULL, NULL, &base);
 *     for (each idea) {
 *         const char *more[] = { "changes+=[{shift: {layer: reciprocal, by: +5%}}]" };
 *         tariff_scenario_variant(env, scenario, more, 1, &variant);
 *         tariff_base_run(env, base, variant, &result);
 *         tariff_result_total(result, &sums);
 *         tariff_result_free(result);
 *         tariff_scenario_free(variant);
 *     }
 *     tariff_base_free(base);
 *
 * The numbers are those of tariff_run(), to the last digit.  Taken from the base
 * are scenarios that have further changes after those of the base, and all else
 * as the base has it: add, set, shift, scale, exempt and suspend, of products,
 * origins, importers and days, as long as no other measure of a layer vies with
 * an added one, and flows are judged on one day or on that of their period.
 * Whatever else comes is run in full, on flows that are there already where that
 * can be; tariff_result_in_full() says so, and why.
 */
#ifndef TARIFF_BASE_H
#define TARIFF_BASE_H

#include <tariff/run.h>

TARIFF_BEGIN_DECLS

/** The flows of a scenario in memory, and how its law charges them.  Immutable. */
typedef struct tariff_base tariff_base;

#ifdef TARIFF_EXPERIMENTAL

/**
 * A scenario with more laid over it than it was loaded with.
 *
 * @param overrides  as of tariff_scenario_load(): "changes+=[..]" appends to its changes.
 * @param[out] out   NULL unless TARIFF_OK; freed with tariff_scenario_free(), before `scenario`.
 * Ownership: the caller's; `overrides` are not kept; threads: `scenario` is shared, the
 * environment is not; failure: a status and words, and *out is NULL.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_scenario_variant(tariff_env            *env,
                                                                   const tariff_scenario *scenario,
                                                                   const char *const     *overrides,
                                                                   size_t                 count,
                                                                   tariff_scenario      **out);

/**
 * Read the flows of a scenario and take them through its law, once.
 *
 * @param options   `threads`, `require_detail` and `require_quantity` are heeded; NULL for the
 *                  defaults.
 * @param beside    another base whose schedule and flows are shared where they are the same;
 *                  NULL: there is none.
 * @param[out] out  NULL unless TARIFF_OK; freed with tariff_base_free().
 * Ownership: the caller's, freed before scenario, environment and `beside`; threads: shared once
 * made; failure: a status and words, and *out is NULL.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_base_new(tariff_env               *env,
                                                           const tariff_scenario    *scenario,
                                                           const tariff_run_options *options,
                                                           const tariff_base        *beside,
                                                           tariff_base             **out);
TARIFF_API void                            tariff_base_free(tariff_base *base);

/**
 * The reports of a scenario in memory; nothing is written.  Of what the base was told nothing is
 * told again: neither what is odd about flows nor which changes change nothing, unless it is run
 * in full.
 *
 * @param env       of the calling thread.
 * @param scenario  any; it is cheap if it goes on from the base's.
 * @param[out] out  NULL unless TARIFF_OK; freed with tariff_result_free().
 * Ownership: the caller's, freed before scenario and environment; threads: base and scenario are
 * shared, the environment is not: scenarios are run on as many threads as the caller has; in
 * full, on one; failure: a status and words; *out is NULL.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_base_run(tariff_env            *env,
                                                           const tariff_base     *base,
                                                           const tariff_scenario *scenario,
                                                           tariff_result        **out);

/**
 * Why a scenario could not be taken from the base and was run in full; "" if it was not.
 * Ownership: the text lives for ever; threads: any; failure: none.
 */
TARIFF_API const char *tariff_result_in_full(const tariff_result *result);

/** Sums over flows, each rounded once, half to even, from the exact one. */
typedef struct tariff_sums {
    size_t       size;     /**< Set by TARIFF_SUMS_INIT. */
    tariff_money value;
    tariff_money affected; /**< Value on which an additional layer charges. */
    tariff_money ordinary, additional; /**< Duty. */
} tariff_sums;
#  define TARIFF_SUMS_INIT \
      { sizeof(tariff_sums), { 0 }, { 0 }, { 0 }, { 0 } }

/**
 * The sums behind the reports of a result, not rounded to cents: of all flows.  Results of one
 * date have them; comparisons, sweeps and scenarios of several dates do not.
 *
 * @param[out] out  untouched on failure.
 * @return TARIFF_OK; TARIFF_E_ARG if there are none; TARIFF_E_OVERFLOW.
 * Ownership: a copy; threads: any; failure: a status without words.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_result_total(const tariff_result *result,
                                                               tariff_sums         *out);

/**
 * The same of a layer, in the order of the law: its duty, and the value that it charges.
 *
 * @param[out] name  may be NULL.
 * @return TARIFF_OK; TARIFF_E_ARG if there are not so many; TARIFF_E_OVERFLOW.
 * Ownership: the name is the result's; threads: any; failure: a status without words.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_result_layer(const tariff_result *result,
                                                               size_t index, const char **name,
                                                               tariff_money *covered,
                                                               tariff_money *duty);

/**
 * The same of a product, by code, with the digits of the report `products`, which has to be
 * wanted.
 *
 * @return TARIFF_OK; TARIFF_E_ARG if there are not so many; TARIFF_E_OVERFLOW.
 * Ownership: copies; threads: any; failure: a status without words.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_result_product(const tariff_result *result,
                                                                 size_t index, tariff_hs *product,
                                                                 tariff_sums *out);

#endif

TARIFF_END_DECLS

#endif
