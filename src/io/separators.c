/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/separators.h"

#include <string.h>

enum { BLOCK = 64 };

/** What the bytes of a block are: a bit each. */
typedef struct masks {
    uint64_t commas, newlines, quotes;
    uint64_t returns, zeros, wide;
} masks;

#if defined(__SSE2__)

#include <emmintrin.h>

static uint64_t equal_to(const __m128i bytes[4], char c)
{
    const __m128i wanted = _mm_set1_epi8(c);
    uint64_t      mask = 0;
    for (unsigned i = 0; i < 4; i++)
        mask |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes[i], wanted)) << 16 * i;
    return mask;
}

static masks look_at(const char *block)
{
    __m128i  bytes[4];
    uint64_t wide = 0;
    for (unsigned i = 0; i < 4; i++) {
        bytes[i] = _mm_loadu_si128((const __m128i *)(const void *)(block + 16 * i));
        wide |= (uint64_t)(unsigned)_mm_movemask_epi8(bytes[i]) << 16 * i;
    }
    return (masks){ equal_to(bytes, ','), equal_to(bytes, '\n'), equal_to(bytes, '"'),
                    equal_to(bytes, '\r'), equal_to(bytes, '\0'), wide };
}

#else

static masks look_at(const char *block)
{
    masks m = { 0, 0, 0, 0, 0, 0 };
    for (unsigned i = 0; i < BLOCK; i++) {
        uint64_t bit = UINT64_C(1) << i;
        m.commas |= block[i] == ',' ? bit : 0;
        m.newlines |= block[i] == '\n' ? bit : 0;
        m.quotes |= block[i] == '"' ? bit : 0;
        m.returns |= block[i] == '\r' ? bit : 0;
        m.zeros |= block[i] == '\0' ? bit : 0;
        m.wide |= (unsigned char)block[i] > 0x7f ? bit : 0;
    }
    return m;
}

#endif

/* Each bit: whether an odd number of quotes lies at or before it. */
static uint64_t inside_quotes(uint64_t quotes)
{
    for (unsigned shift = 1; shift < 64; shift *= 2)
        quotes ^= quotes << shift;
    return quotes;
}

/* Without an instruction for it, which not every x86-64 has. */
static size_t count_bits(uint64_t x)
{
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (size_t)(x * UINT64_C(0x0101010101010101) >> 56);
}

/* Lowest first.  Mostly there are few: the first eight are written without a branch for each, and
 * those there were not are written over. */
static size_t put_bits(uint64_t mask, size_t base, uint16_t *out)
{
    size_t n = count_bits(mask);
    for (size_t i = 0; i < 8; i++) {
        out[i] = (uint16_t)(base + (unsigned)__builtin_ctzll(mask | UINT64_C(1) << 63));
        mask &= mask - 1;
    }
    for (size_t i = 8; i < n; i++) {
        out[i] = (uint16_t)(base + (unsigned)__builtin_ctzll(mask));
        mask &= mask - 1;
    }
    return n;
}

void tf_find_separators(const char *text, size_t length, tf_separators *out)
{
    uint64_t inside = 0, returns = 0, zeros = 0, wide = 0, quotes = 0;
    char     rest[BLOCK];
    out->n = out->lines = 0;
    for (size_t i = 0; i < length; i += BLOCK) {
        const char *block = text + i;
        if (length - i < BLOCK) {
            memset(rest, ' ', sizeof rest);
            memcpy(rest, block, length - i);
            block = rest;
        }
        masks m = look_at(block);
        if (m.quotes | inside) {
            uint64_t within = inside_quotes(m.quotes) ^ inside;
            inside = within >> 63 ? UINT64_MAX : 0;
            m.commas &= ~within;
            m.newlines &= ~within;
        }
        quotes |= m.quotes;
        returns |= m.returns;
        zeros |= m.zeros;
        wide |= m.wide;
        out->n += put_bits(m.commas | m.newlines, i, out->at + out->n);
        for (; m.newlines; m.newlines &= m.newlines - 1)
            out->line_end[out->lines++] = (uint16_t)(i + (unsigned)__builtin_ctzll(m.newlines));
    }
    out->quotes = quotes != 0;
    out->open = inside != 0;
    out->returns = returns != 0;
    out->zeros = zeros != 0;
    out->wide = wide != 0;
}
