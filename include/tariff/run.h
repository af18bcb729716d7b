/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Running a scenario: flows through the law to reports.
 */
#ifndef TARIFF_RUN_H
#define TARIFF_RUN_H

#include <tariff/scenario.h>
#include <tariff/source.h>

TARIFF_BEGIN_DECLS

/** A tidy report: named columns, one row per observation, all cells as text. Immutable. */
typedef struct tariff_table tariff_table;

/**
 * Size of a table, the name of a column, and its cells.
 * Ownership: all texts are the table's, which is the result's; threads: any;
 * failure: none; numbers have to be less than rows and columns.
 */
TARIFF_API size_t      tariff_table_rows(const tariff_table *table);
TARIFF_API size_t      tariff_table_columns(const tariff_table *table);
TARIFF_API const char *tariff_table_header(const tariff_table *table, size_t column);
/**
 * Never NULL; "" for an empty cell.
 * Ownership: the text is the table's; threads: any; failure: none; numbers have
 * to be less than rows and columns.
 */
TARIFF_API const char *tariff_table_cell(const tariff_table *table, size_t row, size_t column);

/** The outcome of a scenario. */
typedef struct tariff_result tariff_result;

typedef struct tariff_run_options {
    size_t      size;             /**< Set by TARIFF_RUN_OPTIONS_INIT. */
    const char *directory;        /**< Reports go to directory/NAME/; NULL: none are written. */
    bool        spreadsheet;      /**< BOM, CRLF, and a guard against formulas. */
    bool        require_detail;   /**< A coarse flow is an error. */
    bool        require_quantity; /**< A specific duty without a quantity is an error. */
    bool        hash;             /**< SHA-256 of all flows in the manifest, too. */
    bool        for_comparison; /**< Make the tables that comparisons need, wanted or not, without `top`. */
    bool        has_point; /**< Run one point of a sweep as a scenario of its own. */
    uint64_t    point;     /**< Which, from 0. */
    unsigned    threads; /**< 0: one per processor.  Results never depend on it; the
                              allocator has to be safe for it. */
    const tariff_source *source; /**< In the place of the scenario's flows; NULL: its files. */
    const tariff_sink   *sink;   /**< Takes the burden of each row; NULL: nobody does.  Of one
                                      scenario with one date; not of a sweep or a batch. */
} tariff_run_options;
#define TARIFF_RUN_OPTIONS_INIT \
    { sizeof(tariff_run_options), NULL, false, false, false, false, false, \
      false, 0, 0, NULL, NULL }

/**
 * Read the flows, assess them, and write the reports: all of them or, if
 * anything fails, none.
 *
 * @param options   NULL for the defaults.
 * @param[out] out  NULL unless TARIFF_OK; freed with tariff_result_free().
 * Ownership: the caller's, freed before scenario and environment; threads: uses
 * `threads` of its own; scenarios are shared, the environment is not; failure:
 * a status and words; *out is NULL, and reports are as they were.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_run(tariff_env               *env,
                                                      const tariff_scenario    *scenario,
                                                      const tariff_run_options *options,
                                                      tariff_result           **out);
TARIFF_API void                            tariff_result_free(tariff_result *result);

/**
 * A report by name ("summary", "products"), or NULL if the scenario does not
 * want it.
 * Ownership: the result's; threads: any; failure: none.
 */
TARIFF_API const tariff_table *tariff_result_table(const tariff_result *result, const char *name);

/**
 * All reports one after the other.  They belong to the result.
 *
 * @param index      from 0.
 * @param[out] name  of the report; lives for ever; may be NULL.
 * @return NULL after the last.
 * Ownership: the result's; threads: any; failure: none.
 */
TARIFF_API const tariff_table *tariff_result_table_at(const tariff_result *result, size_t index,
                                                      const char **name);

/**
 * Compare two scenarios, or two directories with reports, or one of each.
 *
 * @param options   of the runs; with a directory, the comparison is written there.
 * @param[out] out  the tables "compare", "products_compare" and so on, of each report
 *                  that both have; freed with tariff_result_free().
 * @param[out] differs  whether anything does.
 * Ownership: the caller's, freed before the environment; threads: uses
 * `threads` of its own; one call at a time in an environment; failure: a status
 * and words; *out is NULL, and nothing is written.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_compare(tariff_env *env, const char *baseline,
                                                          const char               *scenario,
                                                          const tariff_run_options *options,
                                                          tariff_result **out, bool *differs);

/**
 * Report all that is wrong with a scenario: with its schedule and its flows, also
 * if both are, and with what a run would make of them.  Nothing is written.
 *
 * Ownership: nothing changes hands; threads: the scenario is shared, the
 * environment is not; failure: the status of the first error, and words for
 * all.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_scenario_check(tariff_env            *env,
                                                                 const tariff_scenario *scenario);

/**
 * Read flows as a scenario would and report all that is wrong with them.
 *
 * @param[out] rows  number of rows; may be NULL.
 * Ownership: nothing changes hands; threads: one call at a time in an
 * environment; failure: the status of the first error, and words for all.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_flows_check(tariff_env *env, const char *path,
                                                              uint64_t *rows);

/**
 * Read elasticities as `impact:` of a scenario would, of either horizon, and report
 * all that is wrong with them.
 *
 * @param[out] rows  number of rows; may be NULL.
 * Ownership: nothing changes hands; threads: one call at a time in an
 * environment; failure: the status of the first error, and words for all.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_elasticities_check(tariff_env *env,
                                                                     const char *path,
                                                                     uint64_t   *rows);

/**
 * The built-in profiles of foreign flows, and what each reads our columns from.
 * Ownership: nothing changes hands; threads: any; failure: none.
 */
TARIFF_API size_t tariff_profile_count(void);
TARIFF_API size_t tariff_profile_columns(void);
/**
 * Headers separated by '|', the first of which that is there is read; "" for
 * none.
 * Ownership: texts live for ever; threads: any; failure: none; numbers have to
 * be less than the counts.
 */
TARIFF_API const char *tariff_profile_headers(size_t profile, size_t column, const char **name,
                                              const char **column_name);

TARIFF_END_DECLS

#endif
