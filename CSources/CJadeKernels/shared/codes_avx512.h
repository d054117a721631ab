/// Codes of 8 and 4 bits as f32, 32 at a time, at the levels of 512 bits.
#pragma once

#include "words_avx512.h"

JADE_REGION_BEGIN
JADE_INLINE vec vec_all(float value) { return _mm512_set1_ps(value); }
/// The first `count` lanes, zero behind them.
JADE_INLINE vec vec_first(vec v, size_t count)
{
    return _mm512_maskz_mov_ps((__mmask16)_bzhi_u32(0xFFFF, (uint32_t)(count < LANES ? count : LANES)), v);
}

JADE_INLINE vec vec_of_bytes(__m128i bytes) { return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes)); }
JADE_INLINE pair sq8_codes(const uint8_t *p)
{
    const __m128i *halves = (const __m128i *)p;
    return (pair){vec_of_bytes(_mm_loadu_si128(halves)), vec_of_bytes(_mm_loadu_si128(halves + 1))};
}
JADE_INLINE pair sq8_codes_part(const uint8_t *p, size_t count)
{
    __m256i bytes = _mm256_maskz_loadu_epi8(_bzhi_u32(~0u, (uint32_t)count), p);
    return (pair){vec_of_bytes(_mm256_castsi256_si128(bytes)), vec_of_bytes(_mm256_extracti128_si256(bytes, 1))};
}

JADE_INLINE pair sq4_split(__m128i bytes)
{
    __m512i both = _mm512_cvtepu8_epi32(bytes);
    return (pair){_mm512_cvtepi32_ps(_mm512_and_si512(both, _mm512_set1_epi32(15))),
                  _mm512_cvtepi32_ps(_mm512_srli_epi32(both, 4))};
}
JADE_INLINE pair sq4_codes(const uint8_t *p) { return sq4_split(_mm_loadu_si128((const __m128i *)p)); }
JADE_INLINE pair sq4_codes_part(const uint8_t *p, size_t bytes)
{
    return sq4_split(_mm_maskz_loadu_epi8((__mmask16)_bzhi_u32(0xFFFF, (uint32_t)bytes), p));
}

/// Even components, then odd ones, as codes of 4 bits come.
JADE_INLINE pair even_odd(pair p)
{
    const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
    return (pair){_mm512_permutex2var_ps(p.low, even, p.high), _mm512_permutex2var_ps(p.low, odd, p.high)};
}
JADE_REGION_END
