/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Exact rational numbers (GMP), to be written like values: what is made lives
 * until number_forget_all().
 */
#ifndef TESTS_REFERENCE_NUMBER_H
#define TESTS_REFERENCE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

typedef const struct number *number;

number number_of(int64_t n);
/** "12.5", as far as it goes; `*end` is what follows it. */
number number_read(const char *text, const char **end);

number number_add(number a, number b);
number number_sub(number a, number b);
number number_mul(number a, number b);
number number_div(number a, number b);
int    number_compare(number a, number b);
int    number_sign(number a);

/** To that many decimals: half to even, half away from zero. */
number number_round(number a, unsigned places);
number number_round_away(number a, unsigned places);

/** a x 10^places, which has to be an integer below 2^127 in size, as "-123". */
void number_print(number a, unsigned places, char *buf, size_t size);

void number_forget_all(void);
/** Give the memory back. */
void number_end(void);

#endif
