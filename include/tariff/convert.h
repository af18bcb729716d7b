/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Foreign files made native: tariff schedules to measures, trade statistics to flows.
 *
 * Paths: "-" is standard input or output.  Other outputs appear whole, or not
 * at all if anything fails.
 */
#ifndef TARIFF_CONVERT_H
#define TARIFF_CONVERT_H

#include <tariff/env.h>
#include <tariff/value.h>

TARIFF_BEGIN_DECLS

/** A rate column of the Harmonized Tariff Schedule of the United States. */
typedef enum tariff_hts_column {
    TARIFF_HTS_GENERAL = 0, /**< Column 1, general. */
    TARIFF_HTS_SPECIAL = 1, /**< Column 1, special: the preferences, as claims. */
    TARIFF_HTS_OTHER = 2    /**< Column 2. */
} tariff_hts_column;

typedef struct tariff_hts_options {
    size_t             size; /**< Set by TARIFF_HTS_OPTIONS_INIT. */
    tariff_hts_column  column;
    const char        *layer, *origins, *importers, *citation; /**< Written to every measure. */
    tariff_span        in_force;                               /**< Likewise. */
    const char        *marker;       /**< Rate of lines whose text no duty expression says;
                                          NULL: they are left out. */
    bool               all;          /**< Chapters 98 and 99, too. */
    const char        *programmes;   /**< A file symbol,claim,origins for the special column;
                                          may be NULL. */
    const char *const *programme;    /**< More of them as "SYMBOL=CLAIM[:ORIGINS]"; they come
                                          before those of the file. */
    size_t             programme_count;
    const char        *unparsed;     /**< Texts not understood go to this file,
                                          hs,column,text,line; NULL: each is a warning. */
    const char        *descriptions; /**< A file to write: hs,description; may be NULL. */
} tariff_hts_options;
#define TARIFF_HTS_OPTIONS_INIT \
    { sizeof(tariff_hts_options), TARIFF_HTS_GENERAL, "mfn", "*", "US", "", \
      { { TARIFF_DATE_MIN }, { TARIFF_DATE_MAX } }, NULL, false, NULL, NULL, 0, NULL, NULL }

/** What was converted. */
typedef struct tariff_hts_counts {
    size_t   size;     /**< Set by the caller. */
    uint64_t lines;    /**< Numbered lines of the nomenclature that were read. */
    uint64_t rates;    /**< Printed rates; of the special column, those of known programmes. */
    uint64_t unparsed; /**< Of these, texts that no duty expression says. */
    uint64_t of_content; /**< Of these, per unit of a content ("on lead content"). */
    uint64_t without;  /**< Lines without a rate, on them or above them. */
    uint64_t measures; /**< Rows written. */
} tariff_hts_counts;

/**
 * Convert an edition of the HTS, as the USITC exports it to CSV, to measures
 * layer,products,origins,importers,from,until,rate,when,citation.
 *
 * A rate is written where it stands, at eight digits if all lines below agree,
 * and for lines that are blank but inherit it by their indent from a line that
 * is no prefix of theirs.  Nothing is guessed: a text that is not understood
 * is reported.
 *
 * @param options      NULL for the defaults.
 * @param[out] counts  may be NULL.
 * Ownership: everything stays the caller's; threads: one call at a time in an
 * environment; failure: a status and words; no output appears.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_convert_hts(tariff_env               *env,
                                                              const tariff_hts_options *options,
                                                              const char               *in,
                                                              const char               *out,
                                                              tariff_hts_counts        *counts);

typedef struct tariff_flows_options {
    size_t             size;    /**< Set by TARIFF_FLOWS_OPTIONS_INIT. */
    const char        *profile; /**< A built-in name or a YAML file. */
    tariff_country     origin, importer; /**< For files without that column. */
    uint64_t           scale;   /**< Values are in units of this power of ten; 0: the profile's. */
    unsigned           digits;  /**< Only codes of so many digits; 0: all. */
    const char *const *skip;    /**< "COLUMN=VALUE": rows that are left out. */
    size_t             skip_count;
} tariff_flows_options;
#define TARIFF_FLOWS_OPTIONS_INIT \
    { sizeof(tariff_flows_options), "native", { TARIFF_COUNTRY_NONE }, { TARIFF_COUNTRY_NONE }, \
      0, 0, NULL, 0 }

/** What was converted. */
typedef struct tariff_flows_counts {
    size_t   size;        /**< Set by the caller. */
    uint64_t rows;        /**< Rows read. */
    uint64_t flows;       /**< Rows written. */
    uint64_t other_flows; /**< Left out: exports, re-imports, ... */
    uint64_t aggregates;  /**< Left out: totals over partners or products. */
    uint64_t details;     /**< Left out: pieces of rows that are there whole. */
    uint64_t skipped;     /**< Left out as asked for. */
    char     value[64];   /**< Exact sum of the values written. */
} tariff_flows_counts;

/**
 * Convert trade statistics to native flows, row by row:
 * hs,origin,importer[,period],value[,quantity,unit][,claims][,parts], the
 * optional columns where the file has them.  All bad rows are reported, up to
 * the limit.
 *
 * @param[out] counts  may be NULL.
 * Ownership: everything stays the caller's; threads: one call at a time in an
 * environment; failure: a status and words; no output appears.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_convert_flows(tariff_env                 *env,
                                                                const tariff_flows_options *options,
                                                                const char                 *in,
                                                                const char                 *out,
                                                                tariff_flows_counts        *counts);

TARIFF_END_DECLS

#endif
