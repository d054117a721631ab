/// Codes of 8 and 4 bits as f32, 16 at a time, at level avx2.
#pragma once

#include "words_avx2.h"

JADE_REGION_BEGIN
JADE_INLINE vec vec_all(float value) { return _mm256_set1_ps(value); }
/// The first `count` lanes, zero behind them.
JADE_INLINE vec vec_first(vec v, size_t count)
{
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i kept = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(count < LANES ? count : LANES)), lanes);
    return _mm256_and_ps(v, _mm256_castsi256_ps(kept));
}

JADE_INLINE vec vec_of_bytes(__m128i bytes) { return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes)); }
JADE_INLINE pair sq8_codes(const uint8_t *p)
{
    return (pair){vec_of_bytes(_mm_loadl_epi64((const __m128i *)p)), vec_of_bytes(_mm_loadl_epi64((const __m128i *)(p + 8)))};
}
JADE_INLINE pair sq8_codes_part(const uint8_t *p, size_t count)
{
    uint8_t copy[PAIR] = {0};
    memcpy(copy, p, count);
    return sq8_codes(copy);
}

JADE_INLINE pair sq4_codes(const uint8_t *p)
{
    __m256i both = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)p));
    return (pair){_mm256_cvtepi32_ps(_mm256_and_si256(both, _mm256_set1_epi32(15))),
                  _mm256_cvtepi32_ps(_mm256_srli_epi32(both, 4))};
}
JADE_INLINE pair sq4_codes_part(const uint8_t *p, size_t bytes)
{
    uint8_t copy[LANES] = {0};
    memcpy(copy, p, bytes);
    return sq4_codes(copy);
}

JADE_INLINE vec in_order(vec v)
{
    return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(v), _MM_SHUFFLE(3, 1, 2, 0)));
}
/// Even components, then odd ones, as codes of 4 bits come.
JADE_INLINE pair even_odd(pair p)
{
    return (pair){in_order(_mm256_shuffle_ps(p.low, p.high, _MM_SHUFFLE(2, 0, 2, 0))),
                  in_order(_mm256_shuffle_ps(p.low, p.high, _MM_SHUFFLE(3, 1, 3, 1)))};
}
JADE_REGION_END
