/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Which reports are wanted, and how.
 */
#ifndef TF_REPORT_CHOICE_H
#define TF_REPORT_CHOICE_H

#include "io/doc.h"

typedef enum tf_report {
    TF_REPORT_SUMMARY,
    TF_REPORT_LAYERS,
    TF_REPORT_PRODUCTS,
    TF_REPORT_PRODUCTS_LAYERS,
    TF_REPORT_ORIGINS,
    TF_REPORT_IMPORTERS,
    TF_REPORT_BRACKETS,
    TF_REPORT_PRODUCTS_ORIGINS,
    TF_REPORT_LINES,
    TF_REPORT_TIMELINE,         /**< With `dates`. */
    TF_REPORT_COMPARE,          /**< With a baseline; so are the next seven. */
    TF_REPORT_PRODUCTS_COMPARE,
    TF_REPORT_ORIGINS_COMPARE,
    TF_REPORT_LAYERS_COMPARE,
    TF_REPORT_IMPORTERS_COMPARE,
    TF_REPORT_PRODUCTS_LAYERS_COMPARE,
    TF_REPORT_PRODUCTS_ORIGINS_COMPARE,
    TF_REPORT_BRACKETS_COMPARE,
    TF_REPORT_IMPACT_COMPARE, /**< Of two scenarios with `impact`; so are the next five. */
    TF_REPORT_IMPACT_PRODUCTS_COMPARE,
    TF_REPORT_IMPACT_ORIGINS_COMPARE,
    TF_REPORT_IMPACT_IMPORTERS_COMPARE,
    TF_REPORT_IMPACT_LAYERS_COMPARE,
    TF_REPORT_IMPACT_FLOWS_COMPARE,
    TF_REPORT_SWEEP, /**< With `sweep`, and then alone. */
    TF_REPORT_SOLVE, /**< With `solve`. */
    TF_REPORT_IMPACT, /**< With `impact`; so are all that follow. */
    TF_REPORT_IMPACT_PRODUCTS,
    TF_REPORT_IMPACT_ORIGINS,
    TF_REPORT_IMPACT_IMPORTERS,
    TF_REPORT_IMPACT_LAYERS,
    TF_REPORT_IMPACT_FLOWS,
    TF_REPORT_IMPACT_UNSOLVED,
    TF_REPORT_IMPACT_BANDS,
    TF_REPORT_IMPACT_SENSITIVITY,
    TF_REPORTS,
    /* Comparisons follow one another: first those of burdens, then those of models' answers. */
    TF_FIRST_COMPARE = TF_REPORT_COMPARE,
    TF_LAST_BURDEN_COMPARE = TF_REPORT_BRACKETS_COMPARE,
    TF_LAST_COMPARE = TF_REPORT_IMPACT_FLOWS_COMPARE
} tf_report;

typedef struct tf_report_choices {
    bool     wanted[TF_REPORTS];
    const tf_node *asked[TF_REPORTS]; /**< Where a scenario names it; NULL: it does not. */
    unsigned digits[TF_REPORTS]; /**< Of the reports by product; see tf_compared_digits(). */
    unsigned top[TF_REPORTS];    /**< Rows to keep, by total duty; 0: all. */
    int64_t  bracket_step; /**< 1e-4; 0: one row per distinct rate. */
} tf_report_choices;

const char *tf_report_name(tf_report report);

/** The kind of report that a comparison is made from. */
tf_report tf_compared_report(tf_report comparison);

/** Is it made only when asked for?  It may be as large as the flows. */
bool tf_report_is_large(int report);

/** All that are not large, by chapter. */
void tf_report_defaults(tf_report_choices *out);

/** Read `reports:` of a scenario. */
tariff_status tf_report_choices_read(tariff_env *env, const tf_node *node, tf_report_choices *out);

/** Digits of the products that are compared: those of products_compare, else of products. */
unsigned tf_compared_digits(const tf_report_choices *choices);

#endif
