/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The law as data: schedules, and laws compiled from them.
 */
#ifndef TARIFF_LAW_H
#define TARIFF_LAW_H

#include <tariff/env.h>
#include <tariff/value.h>

TARIFF_BEGIN_DECLS

/** Layers, measures, product sets, country groups and shares, as read. Immutable. */
typedef struct tariff_schedule tariff_schedule;

/** A schedule, with changes and the date of knowledge settled, compiled for lookup. Immutable. */
typedef struct tariff_law tariff_law;

/**
 * Load a schedule: a directory, a single measures file, or several laid over
 * one another in the given order.  All errors are reported, up to the limit.
 *
 * @param[out] out  NULL unless TARIFF_OK; freed with tariff_schedule_free().
 * Ownership: the caller's, freed after its laws and before the environment;
 * threads: shared once loaded; failure: a status and words, and *out is NULL.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_schedule_load(tariff_env        *env,
                                                                const char *const *paths,
                                                                size_t count,
                                                                tariff_schedule **out);
TARIFF_API void                            tariff_schedule_free(tariff_schedule *schedule);

/** What can be seen of a layer.  Pointers live as long as the schedule. */
typedef struct tariff_layer_info {
    size_t      size;
    const char *name, *title, *authority;
    const char *kind;   /**< "ordinary" or "additional". */
    const char *select; /**< "specific", "highest", "lowest", "sum" or "first". */
    size_t      measures;
} tariff_layer_info;

/**
 * Number of layers, and what is to be seen of each.
 * Ownership: pointers are the schedule's; threads: any; failure: none; `index`
 * has to be less than the number.
 */
TARIFF_API size_t tariff_schedule_layers(const tariff_schedule *schedule);
TARIFF_API void   tariff_schedule_layer(const tariff_schedule *schedule, size_t index,
                                        tariff_layer_info *out);

/** What can be seen of a measure.  Pointers live as long as the schedule. */
typedef struct tariff_measure_info {
    size_t      size;
    const char *layer, *origins, *importers, *rate, *when, *citation, *id;
    const char *file;
    uint32_t    line;
    tariff_span in_force;
    int32_t     rank;
    tariff_span known; /**< [published, withdrawn). */
} tariff_measure_info;

/**
 * Number of measures, and what is to be seen of each.
 * Ownership: pointers are the schedule's; threads: any; failure: none; `index`
 * has to be less than the number.
 */
TARIFF_API size_t tariff_schedule_measures(const tariff_schedule *schedule);
TARIFF_API void   tariff_schedule_measure(const tariff_schedule *schedule, size_t index,
                                          tariff_measure_info *out);

/**
 * The products of a measure, as "* !@annex_ii"; cut short with "..." if there
 * is no room in `buf`.
 *
 * Ownership: `buf` is the caller's; threads: any; failure: none.
 */
TARIFF_API void tariff_schedule_products(const tariff_schedule *schedule, size_t index, char *buf,
                                         size_t size);

/**
 * The parts that a measure charges, as "steel aluminium" or "!us_content"; ""
 * for all.
 * Ownership: `buf` is the caller's; threads: any; failure: none: a text that
 * does not fit is cut.
 */
TARIFF_API void tariff_schedule_base(const tariff_schedule *schedule, size_t index, char *buf,
                                     size_t size);

/**
 * Named product sets: number of them, name and number of rows of each.
 * Ownership: the name is the schedule's; threads: any; failure: none; `index`
 * has to be less than the number.
 */
TARIFF_API size_t      tariff_schedule_sets(const tariff_schedule *schedule);
TARIFF_API const char *tariff_schedule_set(const tariff_schedule *schedule, size_t index,
                                           size_t *rows);

/**
 * Country groups: number of them, name and members of each.
 * Ownership: the name is the schedule's; threads: any; failure: none; `index`
 * has to be less than the number.
 */
TARIFF_API size_t         tariff_schedule_groups(const tariff_schedule *schedule);
TARIFF_API const char    *tariff_schedule_group(const tariff_schedule *schedule, size_t index,
                                                size_t *members);
TARIFF_API tariff_country tariff_schedule_member(const tariff_schedule *schedule, size_t group,
                                                 size_t index, tariff_span *membership);

/** How many units of account one unit of a foreign currency is. */
typedef struct tariff_exchange {
    char        currency[4];
    tariff_rate rate;
} tariff_exchange;

typedef struct tariff_law_options {
    size_t                 size;       /**< Set by TARIFF_LAW_OPTIONS_INIT. */
    bool                   has_as_of;  /**< Else rows that were withdrawn are left out. */
    tariff_date            as_of;      /**< The law as known on that day. */
    const char            *account;    /**< Currency of the flows. */
    const tariff_exchange *exchange;   /**< For amounts in other currencies. */
    size_t                 exchange_count;
} tariff_law_options;
#define TARIFF_LAW_OPTIONS_INIT \
    { sizeof(tariff_law_options), false, { 0 }, "USD", NULL, 0 }

/**
 * Compile a schedule as it stands.  Reports ties and cycles.
 *
 * @param options   NULL for the defaults.
 * @param[out] out  NULL unless TARIFF_OK; freed with tariff_law_free(), before
 *                  the schedule, whose rows it uses.
 * Ownership: the caller's, freed before schedule and environment; threads:
 * shared once compiled; failure: a status and words, and *out is NULL.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_law_compile(tariff_env               *env,
                                                              const tariff_schedule    *schedule,
                                                              const tariff_law_options *options,
                                                              tariff_law              **out);
TARIFF_API void                            tariff_law_free(tariff_law *law);

/**
 * Report all that is wrong with a schedule as it stands: what compiling it
 * would report, but for exchange rates, which belong to the flows.
 *
 * Ownership: nothing changes hands; threads: the schedule is shared, the
 * environment is not; failure: the status of the first error, and words for
 * all.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_schedule_check(tariff_env            *env,
                                                                 const tariff_schedule *schedule);

/**
 * Warn of what a schedule may say and hardly means: codes that no line of the
 * nomenclature covers (the codes of ordinary measures for all origins without a
 * condition), lists that nothing uses or whose digits look cut, days missing
 * between rows of the same goods, rows that repeat or never apply.
 *
 * @param most  of one kind in one file this many are told one by one, of the
 *              others their number; 0: all of them.  All are counted as warnings.
 * Ownership: nothing changes hands; threads: the schedule is shared, the
 * environment is not; failure: what it finds are warnings, and no failure; else
 * a status.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_schedule_audit(tariff_env            *env,
                                                                 const tariff_schedule *schedule,
                                                                 size_t                 most);

TARIFF_END_DECLS

#endif
