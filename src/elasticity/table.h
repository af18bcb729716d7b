/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Elasticities by product, importer and origin: the most specific row that
 * gives a parameter wins, defaults come last.
 */
#ifndef TF_ELASTICITY_TABLE_H
#define TF_ELASTICITY_TABLE_H

#include "base/arena.h"
#include "base/diag.h"
#include "model/spread.h"
#include "value/country.h"

#include <stdint.h>

typedef enum tf_parameter {
    TF_SIGMA,  /**< Substitution between origins, > 0. */
    TF_ETA,    /**< Demand for the product, by its price. */
    TF_EPS,    /**< Import demand (SMART, indices). */
    TF_SUPPLY, /**< Export supply; INFINITY: a price taker. */
    TF_RHO,    /**< Pass-through. */
    TF_HOME,   /**< Home sales, as a multiple of all imports of the product. */
    TF_PARAMETERS
} tf_parameter;

const char *tf_parameter_name(tf_parameter parameter);

/** Over what time buyers and sellers adjust. */
typedef enum tf_horizon { TF_LONG_RUN, TF_SHORT_RUN, TF_HORIZONS } tf_horizon;

const char *tf_horizon_name(tf_horizon horizon);

/** One value with its spread, as it was given. */
typedef struct tf_elasticity {
    tf_parameter parameter;
    tf_spread    spread;
    bool         is_default;
    const char  *source; /**< Of a default: where it is from. */
} tf_elasticity;

#define TF_NO_ENTRY UINT32_MAX

/** A row: what it is about, and which entry it gives for each parameter. */
typedef struct tf_elasticity_row {
    uint64_t    hs; /**< 0: all products. */
    uint16_t    importer, origin; /**< TARIFF_COUNTRY_NONE: all. */
    uint32_t    entry[TF_PARAMETERS]; /**< TF_NO_ENTRY: none. */
    uint32_t    file, line;
} tf_elasticity_row;

typedef struct tf_elasticities {
    tf_arena   arena;
    tf_horizon horizon;
    TF_VEC(tf_elasticity) entries; /**< The defaults first, by parameter. */
    TF_VEC(tf_elasticity_row) rows; /**< By hs; rows with it together, later files last. */
    TF_VEC(const char *) files;
    size_t  rows_read; /**< Of any horizon. */
    double  ratio[TF_PARAMETERS]; /**< 95th percentile / median, of rows that have no spread. */
    uint32_t lengths; /**< Bit n: some row has n digits. */
    tf_country_bits origins; /**< Some row is about them alone. */
} tf_elasticities;

/** With the defaults of a horizon. */
tariff_status tf_elasticities_init(tf_elasticities *table, const tariff_allocator *allocator,
                                   tf_horizon horizon);
void          tf_elasticities_free(tf_elasticities *table);

/** Replace a default; its spread also becomes that of rows without one. */
void tf_elasticities_default(tf_elasticities *table, tf_parameter parameter, tf_spread spread);

/**
 * Add the rows of a file.  Columns: hs, importer, source; origin, horizon and
 * the parameters where needed, each with NAME_p95, or NAME_lo and NAME_hi.
 * All bad rows are reported, up to the limit.
 */
tariff_status tf_elasticities_load(tf_elasticities *table, tariff_env *env, const char *path,
                                   const tf_place *place);

/** After the last file.  Two rows of one file that give the same are reported. */
tariff_status tf_elasticities_finish(tf_elasticities *table, tariff_env *env);

/** The entry for a product, an importer and an origin (TARIFF_COUNTRY_NONE: of no one origin). */
uint32_t tf_elasticities_find(const tf_elasticities *table, tf_parameter parameter, uint64_t hs,
                              uint16_t importer, uint16_t origin);

/** 95th percentile / median of a parameter for which nothing else is said. */
double tf_parameter_ratio(tf_parameter parameter);

/** What is wrong with a value of a parameter, or NULL. */
const char *tf_parameter_wrong(tf_parameter parameter, double value);

/** Parse "3.8", or "inf" where it may be; TARIFF_E_VALUE with `why`. */
tariff_status tf_parse_parameter(tf_parameter parameter, const char *text, size_t length,
                                 double *out, tf_why *why);

/**
 * The spread that a value and its texts (NULL or "" where not given) make;
 * `ratio` if they give none.  Which text is wrong is in *which (0: value, 1:
 * p95, 2: lo, 3: hi).
 */
typedef struct tf_spread_texts {
    const char *value, *p95, *lo, *hi;
} tf_spread_texts;
tariff_status tf_parse_spread(tf_parameter parameter, const tf_spread_texts *texts, double ratio,
                              tf_spread *out, int *which, tf_why *why);

#endif
