/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Burdens of entries that the caller has in memory: one by one, or columns of
 * a data frame at a time.
 *
 * A law is read by any number of threads.  Each thread that assesses has an
 * environment and an assessor of its own:
 *
 *     tariff_env_new(NULL, &env);
 *     tariff_assessor_new(env, law, &assessor);
 *     while (more rows)
 *         tariff_assess_columns(assessor, &columns, count, &burdens, NULL);
 *     tariff_assessor_free(assessor);
 *     tariff_env_free(env);
 *
 * The numbers are those of tariff_run() and tariff_explain(): the same programs
 * are executed.
 */
#ifndef TARIFF_ASSESS_H
#define TARIFF_ASSESS_H

#include <tariff/explain.h>

TARIFF_BEGIN_DECLS

/**
 * What assesses entries under one law.  It remembers what the law says of the
 * kinds of products, origins and days that it met, of which there are as many
 * as the law tells apart: its memory does not grow with the number of entries.
 */
typedef struct tariff_assessor tariff_assessor;

/**
 * @param env       of the calling thread; it has to outlive the assessor.
 * @param law       may be shared by threads; it has to outlive the assessor.
 * @param[out] out  NULL unless TARIFF_OK; freed with tariff_assessor_free().
 * @return TARIFF_OK or TARIFF_E_NOMEM.
 * Ownership: the caller's, to be freed before law and environment; threads: one
 * thread for an assessor; failure: TARIFF_E_NOMEM, and *out is NULL.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_assessor_new(tariff_env       *env,
                                                               const tariff_law *law,
                                                               tariff_assessor **out);
TARIFF_API void                            tariff_assessor_free(tariff_assessor *assessor);

/** What to know of a burden besides its amount; a sum of these. */
typedef enum tariff_burden_flag {
    TARIFF_BURDEN_UNASSESSED = 1, /**< A specific duty counts 0: no quantity in its unit. */
    TARIFF_BURDEN_ESTIMATED = 2,  /**< A share table decided, not the entry's own words. */
    TARIFF_BURDEN_COARSE = 4,     /**< The code is shorter than a code in force below it. */
    TARIFF_BURDEN_UNMATCHED = 8,  /**< No ordinary duty, though the importer has some. */
    TARIFF_BURDEN_NO_RATE = 16,   /**< Money on a value of 0: `rate` is 0 and means nothing. */
    TARIFF_BURDEN_OUTSIDE = 32    /**< Of a run: the scenario leaves the row out. */
} tariff_burden_flag;

/**
 * What an entry bears.  Each amount is rounded once, half to even, from the
 * exact duty: `duty` may differ from the sum of the others in its last place.
 */
typedef struct tariff_burden {
    size_t       size; /**< Set by TARIFF_BURDEN_INIT. */
    tariff_money duty; /**< All layers. */
    tariff_money ordinary, additional;
    tariff_rate  rate; /**< Of the value, specific duties included. */
    unsigned     flags;
} tariff_burden;
#define TARIFF_BURDEN_INIT \
    { sizeof(tariff_burden), { 0 }, { 0 }, { 0 }, { 0 }, 0 }

/**
 * Assess one entry.
 *
 * @param[out] out  untouched on failure.
 * @return TARIFF_OK; TARIFF_E_ARG for a code, country, day, amount or unit that is none;
 *         the status of a claim or part that the law has not, which is
 *         reported; TARIFF_E_OVERFLOW, TARIFF_E_LIMIT (more than 12 shared
 *         claims) or TARIFF_E_NOMEM.
 * Ownership: `entry` and `out` stay the caller's; threads: one thread for an
 * assessor; failure: a status, and words to its environment.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_assess_entry(tariff_assessor    *assessor,
                                                               const tariff_entry *entry,
                                                               tariff_burden      *out);

/**
 * What one layer adds to the burden of an entry: the totals that
 * tariff_explain() gives, as numbers.  Each is rounded once, half to even, from
 * the exact one: they may differ from the burden in its last place when added up.
 */
typedef struct tariff_contribution {
    size_t       size;       /**< Set by TARIFF_CONTRIBUTION_INIT. */
    const char  *layer;      /**< Its name; lives as long as the law. */
    size_t       number;     /**< Of the layer in the schedule: tariff_schedule_layer(). */
    bool         additional; /**< Else ordinary. */
    bool         has_rate;   /**< False: money on a value of 0; `rate` is 0 and means nothing. */
    tariff_rate  rate;       /**< Of the value, specific duties included. */
    tariff_rate  covered;    /**< Share of the value that it charges. */
    tariff_money duty;
} tariff_contribution;
#define TARIFF_CONTRIBUTION_INIT \
    { sizeof(tariff_contribution), NULL, 0, false, false, { 0 }, { 0 }, { 0 } }

/**
 * How many layers have a measure for the entry that was assessed last, by
 * tariff_assess_entry() or as the last of columns; 0 if that failed.
 *
 * Ownership: nothing changes hands; threads: one thread for an assessor;
 * failure: none.
 */
TARIFF_API size_t tariff_assessor_layers(const tariff_assessor *assessor);

/**
 * One of them, in the order of the schedule.
 *
 * @param[out] out  untouched on failure.
 * @return TARIFF_OK; TARIFF_E_ARG if there are not so many; TARIFF_E_OVERFLOW.
 * Ownership: the name is the law's, all else a copy; threads: one thread for an
 * assessor; failure: a status without words.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_assessor_layer(const tariff_assessor *assessor,
                                                                 size_t               index,
                                                                 tariff_contribution *out);

/**
 * Entries as columns, which are only read: one element a row.  The elements
 * are plain integers in memory (uint64, uint16, int32, int64; see value.h), so
 * that a host hands over its own arrays.
 */
typedef struct tariff_columns {
    size_t                size; /**< Set by TARIFF_COLUMNS_INIT. */
    const tariff_hs      *hs;
    const tariff_country *origin, *importer;
    const tariff_date    *date;
    const tariff_money   *value;
    const tariff_money   *quantity; /**< With `unit`; NULL: no quantity is known. */
    const tariff_unit    *unit;
    const char *const    *claims;   /**< Each as in tariff_entry; NULL for all or for one. */
    const char *const    *parts;    /**< Likewise. */
    const tariff_date    *until;    /**< Of flows, whose periods begin on `date`: the first day
                                         after each; NULL: `date` is a day.  Entries have none. */
} tariff_columns;
#define TARIFF_COLUMNS_INIT \
    { sizeof(tariff_columns), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }

/** Columns of burdens, to write to; NULL for those not wanted. */
typedef struct tariff_burdens {
    size_t        size; /**< Set by TARIFF_BURDENS_INIT. */
    tariff_money *duty, *ordinary, *additional;
    tariff_rate  *rate;
    uint8_t      *flags;
} tariff_burdens;
#define TARIFF_BURDENS_INIT \
    { sizeof(tariff_burdens), NULL, NULL, NULL, NULL, NULL }

/**
 * Assess `count` entries in order.  Stops at the first that cannot be assessed:
 * the rows before it are written, nothing else is.
 *
 * @param[out] done  rows that were written: on failure, the number of the row
 *                   that failed, from 0; may be NULL.
 * @return as tariff_assess_entry(), or TARIFF_E_CANCELLED; TARIFF_E_ARG, too,
 *         for a column that is missing.  What a row is at fault for is reported.
 * Ownership: all columns stay the caller's; threads: one thread for an
 * assessor; failure: a status, and words to its environment.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_assess_columns(tariff_assessor      *assessor,
                                                                 const tariff_columns *columns,
                                                                 size_t                count,
                                                                 const tariff_burdens *out,
                                                                 size_t               *done);

TARIFF_END_DECLS

#endif
