/// Half words, at the levels that multiply bytes: the end of a vector in 32 bytes or fewer crosses fewer cache lines than in 64.
#pragma once

#if defined(JADE_HAS_VNNI)
enum { HALF_BYTES = WORD_BYTES / 2 };

JADE_REGION_BEGIN
typedef __m256i half;

JADE_INLINE half half_zero(void) { return _mm256_setzero_si256(); }
JADE_INLINE half half_ones(void) { return _mm256_set1_epi8(1); }
/// The first `bytes` (1 to 32), zero behind them, which are not read.
JADE_INLINE half half_load(const void *p, size_t bytes)
{
    if (bytes == HALF_BYTES) return _mm256_loadu_si256(p);
    return _mm256_maskz_loadu_epi8(_bzhi_u32(~0u, (uint32_t)bytes), p);
}
JADE_INLINE half half_add(half a, half b) { return _mm256_add_epi32(a, b); }
JADE_INLINE half halves_added(ints a) { return half_add(_mm512_castsi512_si256(a), _mm512_extracti64x4_epi64(a, 1)); }
JADE_INLINE uint32_t half_sum(half a)
{
    const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    const __m128i two = _mm_add_epi32(four, _mm_unpackhi_epi64(four, four));
    return (uint32_t)_mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 1)));
}

JADE_INLINE half half_i8_distance(half a, half b) { return _mm256_sub_epi8(_mm256_max_epi8(a, b), _mm256_min_epi8(a, b)); }
JADE_INLINE half half_u8_distance(half a, half b) { return _mm256_sub_epi8(_mm256_max_epu8(a, b), _mm256_min_epu8(a, b)); }
/// a*a of every byte without a sign, added in fours.
JADE_INLINE half half_squares(half a)
{
    const half even = _mm256_and_si256(a, _mm256_set1_epi16(0xFF)), odd = _mm256_srli_epi16(a, 8);
    return _mm256_dpwssd_epi32(_mm256_madd_epi16(even, even), odd, odd);
}

JADE_INLINE half half_biased(half a) { return _mm256_xor_si256(a, _mm256_set1_epi8((char)0x80)); }
/// As `ints_mixed`, `ints_plus_128` and `ints_minus_128`.
JADE_INLINE half half_mixed(half sum, half a, half b) { return _mm256_dpbusd_epi32(sum, a, b); }
JADE_INLINE half half_plus_128(half a, half b) { return _mm256_add_epi32(a, _mm256_slli_epi32(b, 7)); }
JADE_INLINE half half_minus_128(half a, half b) { return _mm256_sub_epi32(a, _mm256_slli_epi32(b, 7)); }
JADE_REGION_END
#endif
