/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Reports of a model's answer. Floating point ends here: money is rounded to
 * cents, all else to nine places; what is undefined is an empty cell.
 */
#ifndef TF_REPORT_IMPACT_H
#define TF_REPORT_IMPACT_H

#include "law/book.h"
#include "model/bands.h"
#include "model/effect.h"
#include "model/market.h"
#include "report/tables.h"
#include "value/decimal.h"

/**
 * A number with up to nine decimals, whatever the locale; "inf", or "" if it is
 * undefined.
 */
void tf_format_number(double x, char buf[TF_DECIMAL_TEXT]);

/** One row of impact.csv. */
typedef enum tf_metric_kind { TF_METRIC_MONEY, TF_METRIC_NUMBER, TF_METRIC_TEXT } tf_metric_kind;

typedef struct tf_metric {
    const char    *name, *unit; /**< Of money the unit is the currency. */
    tf_metric_kind kind;
    double         value;
    const char    *text;
} tf_metric;

/** Flows taken together: a product, an origin or an importer. */
typedef struct tf_impact_group {
    uint64_t  hs;
    uint16_t  country;
    tf_effect effect;
    tf_effect shown;    /**< Its money in cents that add up: tf_impact_round(). */
    double    unsolved; /**< Value for which the model has no answer. */
    double    exports;  /**< Of an importer: change of the surplus of its exporters. */
} tf_impact_group;

typedef struct tf_impact_flow {
    uint64_t  hs;
    uint16_t  origin, importer;
    double    value, t0, t1, price, quantity;
    double    after, revenue0, revenue1; /**< In cents that add up, as `value` is then. */
    tf_solved how;
} tf_impact_flow;

/** A market without an answer. */
typedef struct tf_unsolved {
    uint64_t  hs;
    uint16_t  importer;
    double    value;
    tf_solved how;
} tf_unsolved;

/** What a layer brings in, in cents that add up. */
typedef struct tf_layer_revenue {
    const tf_layer *layer;
    double          before, after;
} tf_layer_revenue;

/** An output of draws. */
typedef struct tf_impact_band {
    const char *scope; /**< total, product, origin */
    uint64_t    hs;
    uint16_t    country;
    const char *metric;
    double      point;
    tf_band     band;
} tf_impact_band;

typedef struct tf_impact_sensitivity {
    const char    *metric, *parameter;
    tf_sensitivity at;
} tf_impact_sensitivity;

/** The money of a total in cents, and what follows from it. */
tf_effect tf_effect_in_cents(const tf_effect *total);

/**
 * Round the money of groups so that it adds up to their total's in cents.
 * @param unsolved  of all groups.
 */
tariff_status tf_impact_round(tf_arena *scratch, tf_impact_group *groups, size_t n,
                              const tf_effect *total, double unsolved);
/** The same for flows of imports; sales at home are rounded by themselves. */
tariff_status tf_impact_round_flows(tf_arena *scratch, tf_impact_flow *flows, size_t n,
                                    const tf_effect *total);

tariff_status tf_metrics_table(const tf_metric *metrics, size_t n, const tf_heading *heading,
                               tf_arena *arena, tariff_table **out);
/** @param top  groups to keep, by the size of the change of value; 0: all. */
tariff_status tf_impact_products_table(tf_impact_group *groups, size_t n, const tf_book *book,
                                       unsigned top, const tf_heading *heading, tf_arena *arena,
                                       tariff_table **out);
/** @param smart  the model tells creation from diversion. */
tariff_status tf_impact_origins_table(tf_impact_group *groups, size_t n, bool smart, unsigned top,
                                      const tf_heading *heading, tf_arena *arena,
                                      tariff_table **out);
tariff_status tf_impact_importers_table(tf_impact_group *groups, size_t n, unsigned top,
                                        const tf_heading *heading, tf_arena *arena,
                                        tariff_table **out);
tariff_status tf_impact_layers_table(const tf_layer_revenue *layers, size_t n,
                                     const tf_heading *heading, tf_arena *arena,
                                     tariff_table **out);
tariff_status tf_impact_flows_table(tf_impact_flow *flows, size_t n, unsigned top,
                                    const tf_heading *heading, tf_arena *arena,
                                    tariff_table **out);
tariff_status tf_impact_unsolved_table(const tf_unsolved *markets, size_t n,
                                       const tf_heading *heading, tf_arena *arena,
                                       tariff_table **out);
tariff_status tf_impact_bands_table(const tf_impact_band *bands, size_t n,
                                    const tf_heading *heading, tf_arena *arena,
                                    tariff_table **out);
tariff_status tf_impact_sensitivity_table(const tf_impact_sensitivity *rows, size_t n,
                                          const tf_heading *heading, tf_arena *arena,
                                          tariff_table **out);

#endif
