/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flows/plain_values.h"

#include "flows/plain_value.h"

static bool read_each(const char *text, const uint16_t *bounds, size_t width, size_t rows,
                      unsigned places, int64_t *out)
{
    bool odd = false;
    for (size_t i = 0; i < rows; i++, bounds += width) {
        size_t start = (uint16_t)(bounds[0] + 1), end = bounds[1];
        if (!tf_plain_value(text + end, end - start, places, &out[i])) {
            out[i] = TF_NOT_PLAIN;
            odd = true;
        }
    }
    return odd;
}

#if defined(__SSE2__)

#include <immintrin.h>

enum {
    AT_ONCE = 8,
    LONGEST = 12 /**< Decimals: of sixteen bytes the first is the separator, or before it; the next
                      tells whether a field is too long, and one digit is before the point. */
};

#define WIDE __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))

static bool has_wide(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
           && __builtin_cpu_supports("avx512vl");
}

/** What values of a shape have in common; each in the last bytes of sixteen. */
typedef struct shape {
    __m512i  separator;  /**< Before the field. */
    __m512i  order;      /**< Of the digits' bytes, without the point. */
    uint64_t point;      /**< Its byte. */
    uint64_t looked_at;  /**< Bytes that tell whether a field is too long or too short. */
    __m512i  outside;    /**< Those that are before it, if not. */
    __m512i  factor;
} shape;

static uint64_t in_each(unsigned byte)
{
    return UINT64_C(0x0001000100010001) << byte;
}

/* Where the point of the first value is; none, if there is none. */
static unsigned count_decimals(const char *end, size_t length, unsigned places)
{
    for (unsigned i = 0; i <= places && i < length; i++)
        if (end[-1 - (int)i] == '.')
            return i;
    return 0;
}

WIDE static shape shape_of(char separator, unsigned decimals, unsigned places)
{
    static const int64_t powers[] = { 1, 10, 100, 1000, 10000 };
    unsigned char        order[16], outside[16] = { [1] = 0xff };
    unsigned             point = decimals ? 15 - decimals : 16;
    for (unsigned i = 0; i < 16; i++)
        order[i] = (unsigned char)(i > point || decimals == 0 ? i : i ? i - 1 : 0x80);
    return (shape){
        .separator = _mm512_set1_epi8(separator),
        .order = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)order)),
        .point = decimals ? in_each(point) : 0,
        .looked_at = in_each(1) | in_each(point - 1),
        .outside = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)outside)),
        .factor = _mm512_set1_epi64(powers[places - decimals]),
    };
}

WIDE static inline __m128i load(const char *text, const uint16_t *bound)
{
    return _mm_loadu_si128((const __m128i *)(const void *)(text + *bound - 16));
}

/* Sixteen digits each, of every other row; bits of `odd` where they are none. */
WIDE static inline __m512i load_digits(const char *text, const uint16_t *bounds, size_t width,
                                       const shape *s, uint64_t *odd)
{
    __m512i bytes = _mm512_castsi128_si512(load(text, bounds));
    bytes = _mm512_inserti32x4(bytes, load(text, bounds + 2 * width), 1);
    bytes = _mm512_inserti32x4(bytes, load(text, bounds + 4 * width), 2);
    bytes = _mm512_inserti32x4(bytes, load(text, bounds + 6 * width), 3);
    /* The last separator, and all before it. */
    __m512i before = _mm512_movm_epi8(_mm512_cmpeq_epi8_mask(bytes, s->separator));
    before = _mm512_or_si512(before, _mm512_bsrli_epi128(before, 1));
    before = _mm512_or_si512(before, _mm512_bsrli_epi128(before, 2));
    before = _mm512_or_si512(before, _mm512_bsrli_epi128(before, 4));
    before = _mm512_or_si512(before, _mm512_bsrli_epi128(before, 8));
    __m512i digits = _mm512_andnot_si512(before, _mm512_sub_epi8(bytes, _mm512_set1_epi8('0')));
    digits = _mm512_shuffle_epi8(digits, s->order);
    *odd = _mm512_cmpgt_epu8_mask(digits, _mm512_set1_epi8(9))
           | _mm512_mask_cmpneq_epi8_mask(s->point, bytes, _mm512_set1_epi8('.'))
           | _mm512_mask_cmpneq_epi8_mask(s->looked_at, before, s->outside);
    return digits;
}

/* Four digits in each 32 bits. */
WIDE static inline __m512i add_digits(__m512i digits)
{
    __m512i pairs = _mm512_maddubs_epi16(digits, _mm512_set1_epi16(1 << 8 | 10));
    return _mm512_madd_epi16(pairs, _mm512_set1_epi32(1 << 16 | 100));
}

static bool mark_odd(uint64_t even_rows, uint64_t odd_rows, int64_t *out)
{
    for (unsigned i = 0; i < AT_ONCE / 2; i++) {
        if (even_rows >> 16 * i & 0xffff)
            out[2 * i] = TF_NOT_PLAIN;
        if (odd_rows >> 16 * i & 0xffff)
            out[2 * i + 1] = TF_NOT_PLAIN;
    }
    return true;
}

WIDE static inline bool read_eight(const char *text, const uint16_t *bounds, size_t width,
                                   const shape *s, int64_t *out)
{
    uint64_t odd[2];
    __m512i  even_rows = load_digits(text, bounds, width, s, &odd[0]);
    __m512i  odd_rows = load_digits(text, bounds + width, width, s, &odd[1]);
    __m512i  fours = _mm512_packus_epi32(add_digits(even_rows), add_digits(odd_rows));
    __m512i  eights = _mm512_madd_epi16(fours, _mm512_set1_epi32(1 << 16 | 10000));
    __m512i  high = _mm512_mul_epu32(eights, _mm512_set1_epi64(100000000));
    __m512i  values = _mm512_add_epi64(high, _mm512_srli_epi64(eights, 32));
    _mm512_storeu_si512(out, _mm512_mullo_epi64(values, s->factor));
    return (odd[0] | odd[1]) != 0 && mark_odd(odd[0], odd[1], out);
}

WIDE static bool read_wide(const char *text, const uint16_t *bounds, size_t width, size_t rows,
                           unsigned places, int64_t *out)
{
    size_t      start = (uint16_t)(bounds[0] + 1), end = bounds[1];
    unsigned    decimals = count_decimals(text + end, end - start, places);
    const char *before = text + (uint16_t)(bounds[width] + 1) - 1;
    bool        odd = false;
    if (places - decimals > 4 || decimals > LONGEST)
        return read_each(text, bounds, width, rows, places, out);
    const shape s = shape_of(*before, decimals, places);
    for (size_t i = 0; i < rows; i += AT_ONCE) {
        if (rows - i < AT_ONCE)
            i = rows - AT_ONCE;
        odd |= read_eight(text, bounds + i * width + 1, width, &s, out + i);
    }
    return odd;
}

bool tf_plain_values(const char *text, const uint16_t *bounds, size_t width, size_t rows,
                     unsigned places, int64_t *out)
{
    return (rows >= AT_ONCE && has_wide() ? read_wide : read_each)(text, bounds, width, rows,
                                                                   places, out);
}

#else

bool tf_plain_values(const char *text, const uint16_t *bounds, size_t width, size_t rows,
                     unsigned places, int64_t *out)
{
    return read_each(text, bounds, width, rows, places, out);
}

#endif
