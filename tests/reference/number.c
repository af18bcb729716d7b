/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference/number.h"

#include <gmp.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK = 512, BLOCKS = 4096 };

struct number {
    mpq_t q;
};

static struct number *blocks[BLOCKS];
static size_t         used;

static struct number *fresh(void)
{
    size_t block = used / BLOCK, at = used % BLOCK;
    if (block >= BLOCKS)
        abort();
    if (!blocks[block]) {
        blocks[block] = malloc(BLOCK * sizeof **blocks);
        if (!blocks[block])
            abort();
        for (size_t i = 0; i < BLOCK; i++)
            mpq_init(blocks[block][i].q);
    }
    used++;
    return &blocks[block][at];
}

void number_forget_all(void)
{
    used = 0;
}

void number_end(void)
{
    for (size_t block = 0; block < BLOCKS && blocks[block]; block++) {
        for (size_t i = 0; i < BLOCK; i++)
            mpq_clear(blocks[block][i].q);
        free(blocks[block]);
        blocks[block] = NULL;
    }
    used = 0;
}

number number_of(int64_t n)
{
    struct number *out = fresh();
    mpq_set_si(out->q, (long)n, 1);
    return out;
}

number number_add(number a, number b)
{
    struct number *out = fresh();
    mpq_add(out->q, a->q, b->q);
    return out;
}

number number_sub(number a, number b)
{
    struct number *out = fresh();
    mpq_sub(out->q, a->q, b->q);
    return out;
}

number number_mul(number a, number b)
{
    struct number *out = fresh();
    mpq_mul(out->q, a->q, b->q);
    return out;
}

number number_div(number a, number b)
{
    struct number *out = fresh();
    mpq_div(out->q, a->q, b->q);
    return out;
}

int number_compare(number a, number b)
{
    return mpq_cmp(a->q, b->q);
}

int number_sign(number a)
{
    return mpq_sgn(a->q);
}

number number_read(const char *text, const char **end)
{
    number n = number_of(0), unit = number_of(1), ten = number_of(10);
    for (; *text >= '0' && *text <= '9'; text++)
        n = number_add(number_mul(n, ten), number_of(*text - '0'));
    if (*text == '.')
        for (text++; *text >= '0' && *text <= '9'; text++) {
            unit = number_div(unit, ten);
            n = number_add(n, number_mul(unit, number_of(*text - '0')));
        }
    if (end)
        *end = text;
    return n;
}

static number power_of_ten(unsigned places)
{
    struct number *out = fresh();
    mpq_set_si(out->q, 1, 1);
    mpz_ui_pow_ui(mpq_numref(out->q), 10, places);
    return out;
}

static number to_places(number a, unsigned places, int away)
{
    number         scale = power_of_ten(places), scaled = number_mul(a, scale);
    struct number *out = fresh();
    mpz_t          rest;
    mpz_init(rest);
    mpz_fdiv_qr(mpq_numref(out->q), rest, mpq_numref(scaled->q), mpq_denref(scaled->q));
    mpz_set_ui(mpq_denref(out->q), 1);
    /* The floor is there; is what it leaves out more than a half? */
    mpz_mul_2exp(rest, rest, 1);
    int half = mpz_cmp(rest, mpq_denref(scaled->q));
    int up = half > 0
             || (half == 0 && (away ? mpq_sgn(a->q) > 0 : mpz_odd_p(mpq_numref(out->q)) != 0));
    if (up)
        mpz_add_ui(mpq_numref(out->q), mpq_numref(out->q), 1);
    mpz_clear(rest);
    return number_div(out, scale);
}

number number_round(number a, unsigned places)
{
    return to_places(a, places, 0);
}

number number_round_away(number a, unsigned places)
{
    return to_places(a, places, 1);
}

void number_print(number a, unsigned places, char *buf, size_t size)
{
    number scaled = number_mul(a, power_of_ten(places));
    if (mpz_cmp_ui(mpq_denref(scaled->q), 1) != 0)
        abort();
    gmp_snprintf(buf, size, "%Zd", mpq_numref(scaled->q));
}
