/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/separators.h"

#include "base/bits.h"

#include <string.h>
#include <tariff/export.h>

enum { BLOCK = 64 };

/** Where the bytes that separate are in a block: a bit each. */
typedef struct masks {
    uint64_t commas, newlines, quotes;
} masks;

#if defined(__SSE2__)

#include <immintrin.h>

/** What occurs anywhere: collected, and looked at once; in vectors, or a bit for each byte. */
typedef struct seen {
    __m128i  returns_in, zeros_in, wide_in;
    uint64_t returns, zeros, wide;
} seen;

static void see_nothing(seen *s)
{
    memset(s, 0, sizeof *s);
}

static void tell_seen(const seen *s, tf_separators *out)
{
    out->returns = s->returns != 0 || _mm_movemask_epi8(s->returns_in) != 0;
    out->zeros = s->zeros != 0 || _mm_movemask_epi8(s->zeros_in) != 0;
    out->wide = s->wide != 0 || _mm_movemask_epi8(s->wide_in) != 0;
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
        s->returns_in = _mm_or_si128(s->returns_in, _mm_cmpeq_epi8(bytes[i], back));
        s->zeros_in = _mm_or_si128(s->zeros_in, _mm_cmpeq_epi8(bytes[i], zero));
        s->wide_in = _mm_or_si128(s->wide_in, bytes[i]);
    }
    return (masks){ equal_to(bytes, ','), equal_to(bytes, '\n'), equal_to(bytes, '"') };
}

/* Processors of today look at a block at once, and write the numbers of a mask's bits at once. */
#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,popcnt,bmi")))

static bool has_wide(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
           && __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("popcnt")
           && __builtin_cpu_supports("bmi");
}

WIDE static inline masks look_at_wide(const char *block, seen *s)
{
    const __m512i bytes = _mm512_loadu_si512(block);
    s->returns |= _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r'));
    s->zeros |= _mm512_testn_epi8_mask(bytes, bytes);
    s->wide |= _mm512_movepi8_mask(bytes);
    return (masks){ _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(',')),
                    _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')),
                    _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')) };
}

WIDE static inline unsigned count_bits_wide(uint64_t mask)
{
    return (unsigned)__builtin_popcountll(mask);
}

/* Sixteen are written whether they are there or not. */
WIDE static inline size_t put_bits_wide(uint64_t mask, size_t base, uint16_t *out, size_t few)
{
    const __m512i from_0 = _mm512_set_epi64(
        0x3f3e3d3c3b3a3938, 0x3736353433323130, 0x2f2e2d2c2b2a2928, 0x2726252423222120,
        0x1f1e1d1c1b1a1918, 0x1716151413121110, 0x0f0e0d0c0b0a0908, 0x0706050403020100);
    const __m256i start = _mm256_set1_epi16((short)base);
    __m512i       numbers = _mm512_maskz_compress_epi8(mask, from_0);
    size_t        n = count_bits_wide(mask);
    (void)few;
    for (size_t i = 0; i < n || i == 0; i += 16) {
        __m128i low = _mm512_castsi512_si128(numbers);
        _mm256_storeu_si256((__m256i *)(void *)(out + i),
                            _mm256_add_epi16(_mm256_cvtepu8_epi16(low), start));
        numbers = _mm512_alignr_epi64(_mm512_setzero_si512(), numbers, 2);
    }
    return n;
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

/* Lowest first.  Mostly there are few: so many are written without a branch for each, and those
 * there were not are written over. */
enum { FEW_SEPARATORS = 12, FEW_LINES = 3 };

static inline size_t put_bits(uint64_t mask, size_t base, uint16_t *out, size_t few)
{
    size_t n = tf_count_bits(mask);
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

typedef masks (*looking)(const char *block, seen *s);
typedef size_t (*putting)(uint64_t mask, size_t base, uint16_t *out, size_t few);
typedef unsigned (*counting)(uint64_t mask);

/* What is to be done, and how, are constants to the compiler. */
static TARIFF_ALWAYS_INLINE void find(const char *text, size_t length, tf_separators *out,
                                      bool line_ends, looking look, putting put, counting count)
{
    uint64_t inside = 0, quotes = 0, hidden = 0;
    size_t   n = 0, lines = 0;
    seen     other;
    char     rest[BLOCK];
    see_nothing(&other);
    for (size_t i = 0; i < length; i += BLOCK) {
        const char *block = text + i;
        if (length - i < BLOCK) {
            memset(rest, ' ', sizeof rest);
            memcpy(rest, block, length - i);
            block = rest;
        }
        masks m = look(block, &other);
        if (m.quotes | inside) {
            uint64_t within = inside_quotes(m.quotes) ^ inside;
            inside = within >> 63 ? UINT64_MAX : 0;
            hidden |= m.newlines & within;
            m.commas &= ~within;
            m.newlines &= ~within;
            quotes |= m.quotes;
        }
        n += put(m.commas | m.newlines, i, out->bounds + 1 + n, FEW_SEPARATORS);
        lines += line_ends ? put(m.newlines, i, out->line_end + lines, FEW_LINES)
                           : count(m.newlines);
    }
    out->bounds[0] = UINT16_MAX;
    out->n = n;
    out->lines = lines;
    out->quotes = quotes != 0;
    out->open = inside != 0;
    out->hidden = hidden != 0;
    tell_seen(&other, out);
}

static void find_narrow(const char *text, size_t length, tf_separators *out)
{
    find(text, length, out, true, look_at, put_bits, tf_count_bits);
}

static void bounds_narrow(const char *text, size_t length, tf_separators *out)
{
    find(text, length, out, false, look_at, put_bits, tf_count_bits);
}

#if defined(__SSE2__)

WIDE static void find_wide(const char *text, size_t length, tf_separators *out)
{
    find(text, length, out, true, look_at_wide, put_bits_wide, count_bits_wide);
}

WIDE static void bounds_wide(const char *text, size_t length, tf_separators *out)
{
    find(text, length, out, false, look_at_wide, put_bits_wide, count_bits_wide);
}

#else

static bool has_wide(void)
{
    return false;
}

static void find_wide(const char *text, size_t length, tf_separators *out)
{
    find_narrow(text, length, out);
}

static void bounds_wide(const char *text, size_t length, tf_separators *out)
{
    bounds_narrow(text, length, out);
}

#endif

void tf_find_separators(const char *text, size_t length, tf_separators *out)
{
    (has_wide() ? find_wide : find_narrow)(text, length, out);
}

void tf_find_bounds(const char *text, size_t length, tf_separators *out)
{
    (has_wide() ? bounds_wide : bounds_narrow)(text, length, out);
}
