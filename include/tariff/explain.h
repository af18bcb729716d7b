/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * One shipment, and why it bears what it bears.
 */
#ifndef TARIFF_EXPLAIN_H
#define TARIFF_EXPLAIN_H

#include <tariff/law.h>

TARIFF_BEGIN_DECLS

/** One shipment, as a customs officer sees it. */
typedef struct tariff_entry {
    size_t         size; /**< Set by TARIFF_ENTRY_INIT. */
    tariff_hs      hs;
    tariff_country origin, importer;
    tariff_date    date;
    tariff_money   value;
    tariff_money   quantity;
    tariff_unit    unit;   /**< 0: no quantity is known. */
    const char    *claims; /**< "usmca in_transit=0.5 !gsp", or NULL; the rest from the tables. */
    const char    *parts;  /**< "steel=0.4", or NULL; likewise. */
} tariff_entry;
#define TARIFF_ENTRY_INIT \
    { sizeof(tariff_entry), { 0 }, { TARIFF_COUNTRY_NONE }, { TARIFF_COUNTRY_NONE }, { 0 }, \
      { 0 }, { 0 }, { 0 }, NULL, NULL }

/** One way the shipment may go: which claims are made.  Numbers are exact decimals. */
typedef struct tariff_branch {
    size_t      size;
    size_t      number, count;
    const char *probability; /**< "0.85". */
    const char *claims;      /**< "usmca !in_transit"; "" if no claim matters. */
} tariff_branch;

/** What one layer does in one branch. */
typedef struct tariff_step {
    size_t      size;
    const char *layer, *title, *kind;
    const char *verdict; /**< "applies", "displaced", "exempt", "changed", "not in force",
                              "condition not met", "no measure". */
    const char *reason;  /**< In words, such as the conditions that are not met; "" if the
                              verdict says all. */
    const char *products; /**< Of the measure: "@annex_ii"; "" without one. */
    const char *rate;    /**< As written, after changes of the scenario; "" without a measure. */
    const char *share;   /**< Of the value, that it charges: "0.6". */
    const char *contribution; /**< Rate of the whole value, "0.15", specific duties to 1e-12;
                                   "" for money on no value. */
    const char *duty;         /**< Money, to cents. */
    const char *file;         /**< Of the measure, or NULL: that applies, whose conditions are not
                                   met, or that the scenario took off. */
    uint32_t    line;
    const char *citation; /**< "" for none. */
    const char *law_rate; /**< What that row says, where the scenario changed the rate; else "". */
    bool        unassessed; /**< A specific duty in it is not, for want of a quantity: it counts 0. */
} tariff_step;

/** Over all branches. */
typedef struct tariff_total {
    size_t      size;
    const char *name;  /**< A layer, "ordinary", "additional" or "total". */
    const char *rate;  /**< Up to 12 decimals; "" if there is none. */
    const char *duty;  /**< To cents. */
    bool        unassessed, estimated, coarse, unmatched; /**< Of "total". */
} tariff_total;

/** Any function may be NULL.  Pointers are valid during the call only. */
typedef struct tariff_explainer {
    void (*branch)(void *user, const tariff_branch *branch);
    void (*step)(void *user, const tariff_step *step);
    void (*total)(void *user, const tariff_total *total);
    void *user;
} tariff_explainer;

/**
 * Assess an entry and tell how: branch by branch, layer by layer in the order
 * of the day, then the totals.  The same programs are executed as by
 * tariff_run(), so the two cannot disagree.
 *
 * Ownership: what the callbacks see is the library's, during the call; threads:
 * the law is shared, the environment is not; callbacks on the caller's;
 * failure: a status and words; what was told is told.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_explain(tariff_env             *env,
                                                          const tariff_law       *law,
                                                          const tariff_entry     *entry,
                                                          const tariff_explainer *explainer);

TARIFF_END_DECLS

#endif
