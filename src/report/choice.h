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
    TF_REPORT_LINES,
    TF_REPORTS
} tf_report;

typedef struct tf_report_choices {
    bool     wanted[TF_REPORTS];
    unsigned products_digits, products_layers_digits;
    int64_t  bracket_step; /**< 1e-4; 0: one row per distinct rate. */
} tf_report_choices;

const char *tf_report_name(tf_report report);

/** All but lines, by chapter. */
void tf_report_defaults(tf_report_choices *out);

/** Read `reports:` of a scenario. */
tariff_status tf_report_choices_read(tariff_env *env, const tf_node *node, tf_report_choices *out);

#endif
