/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Small exact values, passed by value.  Their layout never changes within a
 * major version.  All parsers take (text, length), need no final NUL, allocate
 * nothing and leave `out` untouched on failure.
 */
#ifndef TARIFF_VALUE_H
#define TARIFF_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tariff/status.h>

TARIFF_BEGIN_DECLS

/** A rate or a share: decimal with nine places (0.025 is 2.5 %). */
typedef struct tariff_rate {
    int64_t nano;
} tariff_rate;

/** An amount of money, or a quantity: decimal with four places. */
typedef struct tariff_money {
    int64_t e4;
} tariff_money;

/** A calendar day, counted from 1970-01-01. */
typedef struct tariff_date {
    int32_t days;
} tariff_date;

/** Half-open interval of days [from, until). */
typedef struct tariff_span {
    tariff_date from, until;
} tariff_span;

#define TARIFF_DATE_MIN INT32_MIN /**< `days` of "since ever". */
#define TARIFF_DATE_MAX INT32_MAX /**< `days` of "open end". */

/**
 * A Harmonized System code of 2 to 12 digits, left-justified: ordering by
 * `key` is the order of the nomenclature, a heading precedes its subheadings,
 * and all codes below it form one range of keys.  Leading zeros count.
 */
typedef struct tariff_hs {
    uint64_t key;
} tariff_hs;

/** A country or customs territory: an index into the library's table. */
typedef struct tariff_country {
    uint16_t id;
} tariff_country;

#define TARIFF_COUNTRY_NONE UINT16_MAX /**< `id` of "no country". */

/** A unit of quantity, such as kg; 0 is none. */
typedef struct tariff_unit {
    uint16_t id;
} tariff_unit;

/**
 * Parse "25%" or "2.5 %". A bare number is refused: 25 or 0.25?
 * Ownership: nothing changes hands; threads: any; failure: a status without
 * words, and *out is untouched.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_rate_parse(const char *text, size_t length,
                                                             tariff_rate *out);

/**
 * Parse "1234.5"; no sign, at most four decimals.
 * Ownership: nothing changes hands; threads: any; failure: a status without
 * words, and *out is untouched.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_money_parse(const char *text, size_t length,
                                                              tariff_money *out);

/**
 * Parse "0101.21", "0101 21 00" or "01012100"; dots and blanks are dropped.
 * Ownership: nothing changes hands; threads: any; failure: a status without
 * words, and *out is untouched.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_hs_parse(const char *text, size_t length,
                                                           tariff_hs *out);
/**
 * Number of digits.
 * Ownership: a number; threads: any; failure: none.
 */
TARIFF_API unsigned tariff_hs_digits(tariff_hs code);
/**
 * Is `heading` a prefix of `code` (or the same)?
 * Ownership: an answer; threads: any; failure: none.
 */
TARIFF_API bool tariff_hs_covers(tariff_hs heading, tariff_hs code);
/**
 * The first `digits` digits; the code itself if it is not longer.
 * Ownership: a copy; threads: any; failure: none.
 */
TARIFF_API tariff_hs tariff_hs_truncate(tariff_hs code, unsigned digits);
/**
 * Digits without dots; `buf` holds 13 bytes. @return the length.
 * Ownership: `buf` is the caller's; threads: any; failure: none.
 */
TARIFF_API size_t tariff_hs_format(tariff_hs code, char buf[13]);

/**
 * The country that is most likely meant by what is no code ("UK", "Germny"); or
 * `id` is TARIFF_COUNTRY_NONE.
 * Ownership: a copy; threads: any; failure: none.
 */
TARIFF_API tariff_country tariff_country_guess(const char *text);

/**
 * ISO 3166-1 alpha-2, alpha-3 or numeric (case ignored), XK and XKX.
 * Ownership: nothing changes hands; threads: any; failure: a status without
 * words, and *out is untouched.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_country_parse(const char *text, size_t length,
                                                                tariff_country *out);
/**
 * Two letters, or "" for no country.
 * Ownership: lives for ever; threads: any; failure: none.
 */
TARIFF_API const char *tariff_country_alpha2(tariff_country country);
/**
 * Three letters, or "".
 * Ownership: lives for ever; threads: any; failure: none.
 */
TARIFF_API const char *tariff_country_alpha3(tariff_country country);
/**
 * English short name, or "".
 * Ownership: lives for ever; threads: any; failure: none.
 */
TARIFF_API const char *tariff_country_name(tariff_country country);
/**
 * ISO numeric code, 0 where there is none.
 * Ownership: a number; threads: any; failure: none.
 */
TARIFF_API unsigned tariff_country_numeric(tariff_country country);
/**
 * Number of countries; ids run from 0.
 * Ownership: a number; threads: any; failure: none.
 */
TARIFF_API unsigned tariff_country_count(void);

/**
 * Parse "2025-08-27".
 * Ownership: nothing changes hands; threads: any; failure: a status without
 * words, and *out is untouched.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_date_parse(const char *text, size_t length,
                                                             tariff_date *out);
/**
 * "2025-08-27"; `buf` holds 16 bytes. "" for an open end.
 * Ownership: `buf` is the caller's; threads: any; failure: none.
 */
TARIFF_API void tariff_date_format(tariff_date date, char buf[16]);

/**
 * Parse "kg", "no", "m2", ...
 * Ownership: nothing changes hands; threads: any; failure: a status without
 * words, and *out is untouched.
 */
TARIFF_API TARIFF_MUST_CHECK tariff_status tariff_unit_parse(const char *text, size_t length,
                                                             tariff_unit *out);
/**
 * "kg"; "" for none.
 * Ownership: lives for ever; threads: any; failure: none.
 */
TARIFF_API const char *tariff_unit_name(tariff_unit unit);

TARIFF_END_DECLS

#endif
