/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Countries by the code lists that trade statistics use.
 */
#ifndef TF_VALUE_COUNTRY_H
#define TF_VALUE_COUNTRY_H

#include "base/bits.h"
#include "base/diag.h"

#include <tariff/value.h>

enum { TF_COUNTRIES_MAX = 256 };

/** Which code list a column of a foreign file is in. */
typedef enum tf_country_list {
    TF_COUNTRIES_ISO,      /**< ISO 3166-1, in any of its three forms. */
    TF_COUNTRIES_COMTRADE, /**< ISO numeric with the deviations of UN Comtrade, also BACI's. */
    TF_COUNTRIES_CENSUS    /**< Schedule C of the US Census Bureau. */
} tf_country_list;

tariff_status tf_parse_country(tf_country_list list, const char *text, size_t length,
                               tariff_country *out, tf_why *why);

/** A set of countries. */
typedef struct tf_country_bits {
    uint64_t word[TF_COUNTRIES_MAX / 64];
} tf_country_bits;

static inline void tf_country_put(tf_country_bits *bits, unsigned id)
{
    bits->word[id / 64] |= UINT64_C(1) << id % 64;
}

static inline bool tf_countries_meet(const tf_country_bits *a, const tf_country_bits *b)
{
    uint64_t both = 0;
    for (unsigned w = 0; w < TF_COUNTRIES_MAX / 64; w++)
        both |= a->word[w] & b->word[w];
    return both != 0;
}

static inline bool tf_country_in(const tf_country_bits *bits, unsigned id)
{
    return id < TF_COUNTRIES_MAX && (bits->word[id / 64] >> id % 64 & 1);
}

/** A set of countries, each of which has a number: how many of the set come before it. */
typedef struct tf_country_ranks {
    tf_country_bits set;
    uint8_t         before[TF_COUNTRIES_MAX / 64]; /**< Those of the words before. */
} tf_country_ranks;

/** Returns how many there are. */
static inline unsigned tf_country_ranks_init(tf_country_ranks *ranks, const tf_country_bits *set)
{
    unsigned running = 0;
    ranks->set = *set;
    for (unsigned w = 0; w < TF_COUNTRIES_MAX / 64; w++) {
        ranks->before[w] = (uint8_t)running;
        running += tf_count_bits(set->word[w]);
    }
    return running;
}

static inline unsigned tf_country_rank(const tf_country_ranks *ranks, unsigned id)
{
    return ranks->before[id / 64]
           + tf_count_bits(ranks->set.word[id / 64] & ((UINT64_C(1) << id % 64) - 1));
}

#endif
