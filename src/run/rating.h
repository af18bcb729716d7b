/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * What one shipment bears, as the text that is added to its row.
 */
#ifndef TF_RUN_RATING_H
#define TF_RUN_RATING_H

#include "report/lines.h"
#include "run/assessor.h"

#include <tariff/stream.h>

/** What is remarked, a bit each, in the order of the names. */
typedef enum tf_remark {
    TF_UNASSESSED,
    TF_COARSE,
    TF_ESTIMATED,
    TF_UNKNOWN_PART,
    TF_UNMATCHED,
    TF_REMARKS
} tf_remark;

/** Longest texts, and bytes after them that may be read: they are copied by the chunk. */
enum { TF_RATES_TEXT = 3 * TF_DECIMAL_TEXT + 4,
       TF_AFTER_TEXT = 80 + TF_LAYERS_MAX * (TF_DECIMAL_TEXT + 1),
       TF_RATING_PADDING = 64 };

typedef struct tf_rating {
    bool     by_value;    /**< It holds for every value; the duty is `rate` of it. */
    bool     by_quantity; /**< Only for shipments without a quantity. */
    unsigned remarks;
    tf_i128  rate;        /**< 1e-12. */
    tf_i128  duty;        /**< 1e-16, unless by_value. */
    uint64_t factor, divisor; /**< Cents are value x factor / divisor; 0: that may not fit. */
    uint32_t rates_length, after_length;
    const char *rates;    /**< ",0.05,0.25,0.3,". */
    const char *after;    /**< ",coarse,0.05,0.25\n". */
    bool        outside;  /**< The row is left out: no text. */
} tf_rating;

/** What is added to a row. */
typedef struct tf_rated {
    bool        layers, remarks;
    const char *end; /**< Of the line. */
} tf_rated;

/** What one thread rates with. */
typedef struct tf_rater {
    tf_assessor with;
    tf_rated    rated;
    TF_VEC(const tf_rating *) plain; /**< By number of program; NULL: not rated yet. */
    tf_rating   rating;              /**< Of the shipment rated last. */
    char        rates[TF_RATES_TEXT + TF_RATING_PADDING];
    char        after[TF_AFTER_TEXT + TF_RATING_PADDING];
} tf_rater;

tariff_status tf_rater_init(tf_rater *rater, tariff_env *env, const tariff_law *law,
                            const tf_rated *rated);
void          tf_rater_free(tf_rater *rater);

/**
 * Nothing is reported: TARIFF_E_LIMIT and TARIFF_E_OVERFLOW as of tf_assess().
 * @param[out] kept  whether *out lives as long as the rater; else until the next call.
 */
tariff_status tf_rate_shipment(tf_rater *rater, const tf_shipment *shipment,
                               const tf_rating **out, bool *kept);

/**
 * Of all shipments under a program of which no table and no quantity is known,
 * whose burden this is; *out lives until the next call.
 */
tariff_status tf_rate_program(tf_rater *rater, const tf_program *program,
                              const tf_burden *burden, const tf_rating **out);

/** A copy; NULL without memory. */
const tf_rating *tf_rating_keep(tf_arena *arena, const tf_rating *rating);

/** The duty on a value, to cents.  @return the length; `to` holds TF_DECIMAL_TEXT. */
size_t tf_put_duty(const tf_rating *rating, int64_t value, char *to);

/** The name of the i-th column that is added; false after the last. */
bool tf_rating_column(const tariff_law *law, const tariff_stream_options *options, size_t i,
                      char *buf, size_t size);

#endif
