/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The tables that the build makes from iso-codes and schedule_c.csv
 * (make_country_table.c).
 */
#ifndef TF_VALUE_COUNTRY_TABLE_H
#define TF_VALUE_COUNTRY_TABLE_H

#include <stdint.h>

typedef struct tf_country_row {
    char        alpha2[3], alpha3[4];
    uint16_t    numeric;
    const char *name;
} tf_country_row;

/** A code of a list, by ascending code. */
typedef struct tf_country_code {
    uint16_t code, id;
} tf_country_code;

extern const tf_country_row  tf_country_rows[]; /**< By alpha-2. */
extern const unsigned        tf_country_row_count;
/** Letters are a number with the base 26. */
extern const tf_country_code tf_country_alpha2s[], tf_country_alpha3s[], tf_country_numerics[];
extern const unsigned tf_country_alpha2s_count, tf_country_alpha3s_count, tf_country_numerics_count;
extern const tf_country_code tf_schedule_c[];
extern const unsigned        tf_schedule_c_count;

#endif
