/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Shipments in, the same rows with their burdens out: a filter for pipes.
 */
#ifndef TARIFF_STREAM_H
#define TARIFF_STREAM_H

#include <tariff/law.h>

TARIFF_BEGIN_DECLS

typedef struct tariff_stream_options {
    size_t         size;     /**< Set by TARIFF_STREAM_OPTIONS_INIT. */
    const char    *profile;  /**< Of the headers: a built-in name or a YAML file; NULL: native. */
    tariff_country origin, importer; /**< Of all rows, whatever the file says. */
    bool           has_date;
    tariff_date    date;     /**< Day of entry of rows that have none of their own. */
    bool           layers;   /**< A rate for each layer as well. */
    const char    *prefix;   /**< Before the names of the columns that are added; NULL: none. */
    bool           require_detail;   /**< A coarse row is an error. */
    bool           require_quantity; /**< A specific duty without a quantity is an error. */
    unsigned       threads;  /**< 0: one per processor.  Results never depend on it; the
                                  allocator has to be safe for it. */
} tariff_stream_options;
#define TARIFF_STREAM_OPTIONS_INIT \
    { sizeof(tariff_stream_options), NULL, { TARIFF_COUNTRY_NONE }, { TARIFF_COUNTRY_NONE }, \
      false, { 0 }, false, NULL, false, false, 0 }

/** What went through, and what was remarked of how many rows. */
typedef struct tariff_stream_counts {
    size_t   size; /**< Set by the caller. */
    uint64_t rows;
    uint64_t unassessed;   /**< A specific duty had no quantity in its unit: it counts 0. */
    uint64_t coarse;       /**< The code is too short for the law. */
    uint64_t estimated;    /**< A share table decided. */
    uint64_t unknown_part; /**< A layer charges a part that no row tells the share of. */
    uint64_t unmatched;    /**< No ordinary duty, though the importer has some. */
} tariff_stream_counts;

/**
 * Read a CSV of flows, and write each row as it stands, in its order, followed
 * by the columns ordinary_rate, additional_rate, total_rate (fractions of the
 * value, empty for money on no value), total_duty (to cents) and remarks (the
 * names of the counts above), and LAYER_rate for each layer if wanted.
 *
 * A column `date` is the day of entry; else it is that of the options; else
 * the first day of `period`.  `claims` and `parts` say what is known of the
 * shipment, in the place of the share tables.  Memory does not grow with the
 * file.
 *
 * After a bad row nothing more is written, and all further bad rows are
 * reported, up to the limit.  A file appears whole or not at all.
 *
 * @param in, out      "-" is standard input or output.
 * @param options      NULL for the defaults.
 * @param[out] counts  may be NULL.
 * Ownership: everything stays the caller's; threads: uses `threads` of its own;
 * the law is shared, the environment is not; failure: a status and words;
 * `counts` is as far as it came.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_stream(tariff_env                  *env,
                                                         const tariff_law            *law,
                                                         const tariff_stream_options *options,
                                                         const char *in, const char *out,
                                                         tariff_stream_counts *counts);

TARIFF_END_DECLS

#endif
