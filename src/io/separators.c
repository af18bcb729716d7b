/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/separators.h"

#include <string.h>

enum { BLOCK = 64 };

/** Where the bytes that separate are in a block: a bit each. */
typedef struct masks {
    uint64_t commas, newlines, quotes;
} masks;

#if defined(__SSE2__)

#include <emmintrin.h>

/** What occurs anywhere: collected in vectors, and looked at once. */
typedef struct seen {
    __m128i returns, zeros, wide;
} seen;

static void see_nothing(seen *s)
{
    s->returns = s->zeros = s->wide = _mm_setzero_si128();
}

static void tell_seen(const seen *s, tf_separators *out)
{
    out->returns = _mm_movemask_epi8(s->returns) != 0;
    out->zeros = _mm_movemask_epi8(s->zeros) != 0;
    out->wide = _mm_movemask_epi8(s->wide) != 0;
}

static uint64_t equal_to(const __m128i bytes[4], char c)
{
    const __m128i wanted = _mm_set1_epi8(c);
    uint64_t      mask = 0;
    for (unsigned i = 0; i < 4; i++)
        mask |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes[i], wanted)) << 16 * i;
    return mask;
}

static masks look_at(const char *block, seen *s)
{
    const __m128i zero = _mm_setzero_si128(), back = _mm_set1_epi8('\r');
    __m128i       bytes[4];
    for (unsigned i = 0; i < 4; i++) {
        bytes[i] = _mm_loadu_si128((const __m128i *)(const void *)(block + 16 * i));
        s->returns = _mm_or_si128(s->returns, _mm_cmpeq_epi8(bytes[i], back));
        s->zeros = _mm_or_si128(s->zeros, _mm_cmpeq_epi8(bytes[i], zero));
        s->wide = _mm_or_si128(s->wide, bytes[i]);
    }
    return (masks){ equal_to(bytes, ','), equal_to(bytes, '\n'), equal_to(bytes, '"') };
}

#else

typedef struct seen {
    bool returns, zeros, wide;
} seen;

static void see_nothing(seen *s)
{
    *s = (seen){ false, false, false };
}

static void tell_seen(const seen *s, tf_separators *out)
{
    out->returns = s->returns;
    out->zeros = s->zeros;
    out->wide = s->wide;
}

static masks look_at(const char *block, seen *s)
{
    masks m = { 0, 0, 0 };
    for (unsigned i = 0; i < BLOCK; i++) {
        uint64_t bit = UINT64_C(1) << i;
        m.commas |= block[i] == ',' ? bit : 0;
        m.newlines |= block[i] == '\n' ? bit : 0;
        m.quotes |= block[i] == '"' ? bit : 0;
        s->returns = s->returns || block[i] == '\r';
        s->zeros = s->zeros || block[i] == '\0';
        s->wide = s->wide || (unsigned char)block[i] > 0x7f;
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

/* Lowest first.  Mostly there are few: so many are written without a branch for each, and those
 * there were not are written over. */
enum { FEW_SEPARATORS = 12, FEW_LINES = 3 };

static inline size_t put_bits(uint64_t mask, size_t base, uint16_t *out, size_t few)
{
    size_t n = count_bits(mask);
    for (size_t i = 0; i < few; i++) {
        out[i] = (uint16_t)(base + (unsigned)__builtin_ctzll(mask | UINT64_C(1) << 63));
        mask &= mask - 1;
    }
    for (size_t i = few; i < n; i++) {
        out[i] = (uint16_t)(base + (unsigned)__builtin_ctzll(mask));
        mask &= mask - 1;
    }
    return n;
}

void tf_find_separators(const char *text, size_t length, tf_separators *out)
{
    uint64_t inside = 0, quotes = 0;
    seen     other;
    char     rest[BLOCK];
    out->n = out->lines = 0;
    see_nothing(&other);
    for (size_t i = 0; i < length; i += BLOCK) {
        const char *block = text + i;
        if (length - i < BLOCK) {
            memset(rest, ' ', sizeof rest);
            memcpy(rest, block, length - i);
            block = rest;
        }
        masks m = look_at(block, &other);
        if (m.quotes | inside) {
            uint64_t within = inside_quotes(m.quotes) ^ inside;
            inside = within >> 63 ? UINT64_MAX : 0;
            m.commas &= ~within;
            m.newlines &= ~within;
            quotes |= m.quotes;
        }
        out->n += put_bits(m.commas | m.newlines, i, out->at + out->n, FEW_SEPARATORS);
        out->lines += put_bits(m.newlines, i, out->line_end + out->lines, FEW_LINES);
    }
    out->quotes = quotes != 0;
    out->open = inside != 0;
    tell_seen(&other, out);
}
