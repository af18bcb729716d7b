/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Scenario files: which flows, which schedule, which date, what is changed.
 */
#ifndef TARIFF_SCENARIO_H
#define TARIFF_SCENARIO_H

#include <tariff/law.h>

TARIFF_BEGIN_DECLS

/** A scenario as read and checked.  Immutable. */
typedef struct tariff_scenario tariff_scenario;

/**
 * Load a scenario file.
 *
 * @param overrides  texts "key=value", such as "changes[1].set.rate=20%"; the
 *                   value is YAML.  They have to outlive the scenario.
 * @param[out] out   NULL unless TARIFF_OK; freed with tariff_scenario_free().
 * Ownership: the caller's, freed before the environment; threads: shared once
 * loaded; failure: a status and words, and *out is NULL.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_scenario_load(tariff_env        *env,
                                                                const char        *path,
                                                                const char *const *overrides,
                                                                size_t             count,
                                                                tariff_scenario  **out);
TARIFF_API void                            tariff_scenario_free(tariff_scenario *scenario);

TARIFF_API const char *tariff_scenario_name(const tariff_scenario *scenario);
TARIFF_API const char *tariff_scenario_title(const tariff_scenario *scenario);

/**
 * One point of a scenario's sweep as a scenario of its own, named NAME-POINT.
 *
 * @param point      from 0, the last dimension varying fastest.
 * @param[out] out   NULL unless TARIFF_OK; freed with tariff_scenario_free(), before `scenario`.
 * Ownership: the caller's; threads: shared once made; failure: a status and
 * words, and *out is NULL.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_scenario_point(tariff_env            *env,
                                                                 const tariff_scenario *scenario,
                                                                 uint64_t               point,
                                                                 tariff_scenario      **out);

/** Receives one line of text, without its end. */
typedef void (*tariff_line_fn)(void *user, const char *line);

/**
 * The scenario after `extends` and all overrides, as YAML that runs again from
 * this directory.
 * Ownership: lines are the library's, during the call; threads: `fn` on the
 * caller's; failure: a status; what was shown is shown.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_scenario_show(tariff_env            *env,
                                                                const tariff_scenario *scenario,
                                                                tariff_line_fn fn, void *user);

/**
 * What makes it more than one law on one day: "dates", "sweep", "solve"; else "".
 * Ownership: the text lives for ever; threads: any; failure: none.
 */
TARIFF_API const char *tariff_scenario_varies(const tariff_scenario *scenario);

/**
 * The day of the scenario, of `dates` the first; false if it is `period` or
 * `period-average`.
 * Ownership: a copy; threads: any; failure: none: false is an answer.
 */
TARIFF_API bool tariff_scenario_date(const tariff_scenario *scenario, tariff_date *out);

/**
 * The importer that the scenario gives all flows, or TARIFF_COUNTRY_NONE.
 * Ownership: a copy; threads: any; failure: none.
 */
TARIFF_API tariff_country tariff_scenario_importer(const tariff_scenario *scenario);

/**
 * Load its schedules, apply its changes, and compile: the law without its sweep or search.  The law owns what it
 * needs; the scenario has to outlive it.
 *
 * Ownership: the caller's, freed before scenario and environment; threads:
 * shared once compiled; failure: a status and words, and *out is NULL.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_scenario_compile(tariff_env            *env,
                                                                   const tariff_scenario *scenario,
                                                                   tariff_law           **out);

TARIFF_END_DECLS

#endif
