/// Loads of 16-bit floats, and sums over words of 64 bytes, at the levels of 512 bits.
#pragma once

#include "pairs.h"

enum { WORD_BYTES = 64 };

JADE_REGION_BEGIN
typedef __m512i word;
typedef __m512i ints;

JADE_INLINE word word_load(const void *p) { return _mm512_loadu_si512(p); }
/// The first `bytes` (1 to 63), zero behind them; masked bytes are not read.
JADE_INLINE word word_load_part(const void *p, size_t bytes)
{
    return _mm512_maskz_loadu_epi8(_bzhi_u64(~UINT64_C(0), (uint32_t)bytes), p);
}

JADE_INLINE pair f16_pair(const void *p)
{
    const __m256i *halves = p;
    return (pair){_mm512_cvtph_ps(_mm256_loadu_si256(halves)), _mm512_cvtph_ps(_mm256_loadu_si256(halves + 1))};
}
JADE_INLINE pair f16_pair_part(const void *p, size_t count)
{
    word w = word_load_part(p, 2 * count);
    return (pair){_mm512_cvtph_ps(_mm512_castsi512_si256(w)), _mm512_cvtph_ps(_mm512_extracti64x4_epi64(w, 1))};
}

/// Even components, then odd ones: two cheap operations instead of two that cross lanes.
JADE_INLINE pair bf16_split(word w)
{
    const word upper = _mm512_set1_epi32((int)0xFFFF0000);
    return (pair){_mm512_castsi512_ps(_mm512_slli_epi32(w, 16)), _mm512_castsi512_ps(_mm512_and_si512(w, upper))};
}
JADE_INLINE pair bf16_pair(const void *p) { return bf16_split(word_load(p)); }
JADE_INLINE pair bf16_pair_part(const void *p, size_t count) { return bf16_split(word_load_part(p, 2 * count)); }

JADE_INLINE ints ints_zero(void) { return _mm512_setzero_si512(); }
/// Modulo 2^32 in every lane, and in the sum of the lanes.
JADE_INLINE ints ints_add(ints a, ints b) { return _mm512_add_epi32(a, b); }
JADE_INLINE __m128i ints_quarter(ints a)
{
    __m256i eight = _mm256_add_epi32(_mm512_castsi512_si256(a), _mm512_extracti64x4_epi64(a, 1));
    return _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
}
JADE_INLINE uint32_t ints_sum(ints a)
{
    __m128i four = ints_quarter(a);
    __m128i two = _mm_add_epi32(four, _mm_unpackhi_epi64(four, four));
    return (uint32_t)_mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 1)));
}

/// Even and odd bytes as 16-bit numbers.
JADE_INLINE word u8_even(word w) { return _mm512_and_si512(w, _mm512_set1_epi16(0xFF)); }
JADE_INLINE word u8_odd(word w) { return _mm512_srli_epi16(w, 8); }
JADE_INLINE word i8_even(word w) { return _mm512_srai_epi16(_mm512_slli_epi16(w, 8), 8); }
JADE_INLINE word i8_odd(word w) { return _mm512_srai_epi16(w, 8); }
/// |a - b| of every byte, which fits a byte without its sign.
JADE_INLINE word i8_distance(word a, word b) { return _mm512_sub_epi8(_mm512_max_epi8(a, b), _mm512_min_epi8(a, b)); }
JADE_INLINE word u8_distance(word a, word b) { return _mm512_sub_epi8(_mm512_max_epu8(a, b), _mm512_min_epu8(a, b)); }

/// Adds a*b of every pair of 16-bit numbers.
JADE_INLINE ints ints_products(ints sum, word a, word b)
{
#if defined(JADE_HAS_VNNI)
    // Clang takes the intrinsic apart into a product and an addition.
    __asm__("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b));
    return sum;
#else
    return ints_add(sum, _mm512_madd_epi16(a, b));
#endif
}

/// Adds |a - b| of every byte. Lanes of 64 bits of which the lower half is used.
JADE_INLINE ints ints_u8_l1(ints sum, word a, word b) { return ints_add(sum, _mm512_sad_epu8(a, b)); }
JADE_INLINE word i8_biased(word a) { return _mm512_xor_si512(a, _mm512_set1_epi8((char)0x80)); }

JADE_INLINE word word_and(word a, word b) { return _mm512_and_si512(a, b); }
JADE_INLINE word word_or(word a, word b) { return _mm512_or_si512(a, b); }
JADE_INLINE word word_xor(word a, word b) { return _mm512_xor_si512(a, b); }

/// Adds how many bits are set.
JADE_INLINE ints ints_bits(ints sum, word bits)
{
#if defined(JADE_HAS_VNNI)
    return ints_add(sum, _mm512_popcnt_epi64(bits));
#else
    const word counts = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    const word nibble = _mm512_set1_epi8(15);
    word low = _mm512_shuffle_epi8(counts, _mm512_and_si512(bits, nibble));
    word high = _mm512_shuffle_epi8(counts, _mm512_and_si512(_mm512_srli_epi16(bits, 4), nibble));
    return ints_u8_l1(sum, _mm512_add_epi8(low, high), _mm512_setzero_si512());
#endif
}
JADE_REGION_END
