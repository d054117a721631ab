/// Loads of 16-bit floats, and sums over words of 32 bytes, at level avx2.
#pragma once

#include "pairs.h"
#include <string.h>

enum { WORD_BYTES = 32 };

JADE_REGION_BEGIN
typedef __m256i word;
typedef __m256i ints;

JADE_INLINE word word_load(const void *p) { return _mm256_loadu_si256(p); }
/// The first `bytes` (1 to 31), zero behind them, which are not read.
JADE_INLINE word word_load_part(const void *p, size_t bytes)
{
    static const int32_t window[16] = {-1, -1, -1, -1, -1, -1, -1, -1}, lane[16] = {[8] = -1};
    const size_t whole = bytes / 4, rest = bytes % 4;
    const word words = _mm256_maskload_epi32(p, _mm256_loadu_si256((const __m256i *)(window + 8 - whole)));
    if (rest == 0) return words;
    // One to three bytes, each read once or twice.
    const uint8_t *last = (const uint8_t *)p + 4 * whole;
    const uint32_t end = last[0] | (uint32_t)last[rest / 2] << (rest / 2 * 8) | (uint32_t)last[rest - 1] << ((rest - 1) * 8);
    const word place = _mm256_loadu_si256((const __m256i *)(lane + 8 - whole));
    return _mm256_or_si256(words, _mm256_and_si256(_mm256_set1_epi32((int)end), place));
}

JADE_INLINE pair f16_pair(const void *p)
{
    const __m128i *halves = p;
    return (pair){_mm256_cvtph_ps(_mm_loadu_si128(halves)), _mm256_cvtph_ps(_mm_loadu_si128(halves + 1))};
}
JADE_INLINE pair f16_pair_part(const void *p, size_t count)
{
    word w = word_load_part(p, 2 * count);
    return (pair){_mm256_cvtph_ps(_mm256_castsi256_si128(w)), _mm256_cvtph_ps(_mm256_extracti128_si256(w, 1))};
}

/// Even components, then odd ones: two cheap operations instead of two that cross lanes.
JADE_INLINE pair bf16_split(word w)
{
    const word upper = _mm256_set1_epi32((int)0xFFFF0000);
    return (pair){_mm256_castsi256_ps(_mm256_slli_epi32(w, 16)), _mm256_castsi256_ps(_mm256_and_si256(w, upper))};
}
JADE_INLINE pair bf16_pair(const void *p) { return bf16_split(word_load(p)); }
JADE_INLINE pair bf16_pair_part(const void *p, size_t count) { return bf16_split(word_load_part(p, 2 * count)); }

JADE_INLINE ints ints_zero(void) { return _mm256_setzero_si256(); }
/// Modulo 2^32 in every lane, and in the sum of the lanes.
JADE_INLINE ints ints_add(ints a, ints b) { return _mm256_add_epi32(a, b); }
JADE_INLINE __m128i ints_quarter(ints a) { return _mm_add_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1)); }
JADE_INLINE uint32_t ints_sum(ints a)
{
    __m128i four = ints_quarter(a);
    __m128i two = _mm_add_epi32(four, _mm_unpackhi_epi64(four, four));
    return (uint32_t)_mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 1)));
}

/// Even and odd bytes as 16-bit numbers.
JADE_INLINE word u8_even(word w) { return _mm256_and_si256(w, _mm256_set1_epi16(0xFF)); }
JADE_INLINE word u8_odd(word w) { return _mm256_srli_epi16(w, 8); }
JADE_INLINE word i8_even(word w) { return _mm256_srai_epi16(_mm256_slli_epi16(w, 8), 8); }
JADE_INLINE word i8_odd(word w) { return _mm256_srai_epi16(w, 8); }
/// |a - b| of every byte, which fits a byte without its sign.
JADE_INLINE word i8_distance(word a, word b) { return _mm256_sub_epi8(_mm256_max_epi8(a, b), _mm256_min_epi8(a, b)); }
JADE_INLINE word u8_distance(word a, word b) { return _mm256_sub_epi8(_mm256_max_epu8(a, b), _mm256_min_epu8(a, b)); }

/// Adds a*b of every pair of 16-bit numbers.
JADE_INLINE ints ints_products(ints sum, word a, word b) { return ints_add(sum, _mm256_madd_epi16(a, b)); }

/// Adds |a - b| of every byte. Lanes of 64 bits of which the lower half is used.
JADE_INLINE ints ints_u8_l1(ints sum, word a, word b) { return ints_add(sum, _mm256_sad_epu8(a, b)); }
JADE_INLINE word i8_biased(word a) { return _mm256_xor_si256(a, _mm256_set1_epi8((char)0x80)); }

JADE_INLINE word word_and(word a, word b) { return _mm256_and_si256(a, b); }
JADE_INLINE word word_or(word a, word b) { return _mm256_or_si256(a, b); }
JADE_INLINE word word_xor(word a, word b) { return _mm256_xor_si256(a, b); }

/// Adds how many bits are set.
JADE_INLINE ints ints_bits(ints sum, word bits)
{
    const word counts = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    const word nibble = _mm256_set1_epi8(15);
    word low = _mm256_shuffle_epi8(counts, _mm256_and_si256(bits, nibble));
    word high = _mm256_shuffle_epi8(counts, _mm256_and_si256(_mm256_srli_epi16(bits, 4), nibble));
    return ints_u8_l1(sum, _mm256_add_epi8(low, high), _mm256_setzero_si256());
}
JADE_REGION_END
