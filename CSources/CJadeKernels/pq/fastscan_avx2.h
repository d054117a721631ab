/// The words of `fastscan.h` with shuffles of 16 entries: a lane of 128 bits is a subspace. Sums of even and of odd rows are 16
/// bits wide; those of even rows are first summed with the odd ones above them, which are taken away at the end.
#pragma once

#include "../shared/words_avx2.h"
#include <stdbool.h>

enum { FASTSCAN_QUERIES = 2, FASTSCAN_BLOCKS = 1 };

JADE_REGION_BEGIN
/// Rows 0 to 15 and 16 to 31.
typedef struct {
    __m256i low, high;
} block_sums;

struct fastscan_lanes {
    __m256i low, low_odd, high, high_odd;
};

/// Adds two subspaces, or the one that is left.
JADE_INLINE void fastscan_two(const uint8_t *codes, const uint8_t *const *entries, size_t at, size_t bytes, const size_t queries,
                              struct fastscan_lanes *sums)
{
    const __m256i nibble = _mm256_set1_epi8(15);
    const word both = bytes == WORD_BYTES ? word_load(codes + at) : word_load_part(codes + at, bytes);
    const word low = _mm256_and_si256(both, nibble), high = _mm256_and_si256(_mm256_srli_epi16(both, 4), nibble);
    JADE_UNROLL for (size_t q = 0; q < queries; q++) {
        const word table = bytes == WORD_BYTES ? word_load(entries[q] + at) : word_load_part(entries[q] + at, bytes);
        const __m256i first = _mm256_shuffle_epi8(table, low), second = _mm256_shuffle_epi8(table, high);
        sums[q].low = _mm256_add_epi16(sums[q].low, first);
        sums[q].low_odd = _mm256_add_epi16(sums[q].low_odd, _mm256_srli_epi16(first, 8));
        sums[q].high = _mm256_add_epi16(sums[q].high, second);
        sums[q].high_odd = _mm256_add_epi16(sums[q].high_odd, _mm256_srli_epi16(second, 8));
    }
}

/// The lanes added up: 16 rows in order.
JADE_INLINE __m256i fastscan_total(__m256i both, __m256i odd)
{
    const __m256i even = _mm256_sub_epi16(both, _mm256_slli_epi16(odd, 8));
    const __m256i first = _mm256_unpacklo_epi16(even, odd), second = _mm256_unpackhi_epi16(even, odd);
    return _mm256_add_epi16(_mm256_permute2x128_si256(first, second, 0x20), _mm256_permute2x128_si256(first, second, 0x31));
}

JADE_INLINE void fastscan_blocks(const uint8_t *codes, const uint8_t *const *entries, size_t subspaces, const size_t queries,
                                 const size_t blocks, const bool ahead, block_sums *out)
{
    (void)blocks, (void)ahead;
    struct fastscan_lanes sums[FASTSCAN_QUERIES];
    const __m256i zero = _mm256_setzero_si256();
    JADE_UNROLL for (size_t q = 0; q < queries; q++) sums[q] = (struct fastscan_lanes){zero, zero, zero, zero};
    const size_t bytes = 16 * subspaces;
    size_t at = 0;
    for (; at + WORD_BYTES <= bytes; at += WORD_BYTES) fastscan_two(codes, entries, at, WORD_BYTES, queries, sums);
    if (at < bytes) fastscan_two(codes, entries, at, bytes - at, queries, sums);
    JADE_UNROLL for (size_t q = 0; q < queries; q++)
        out[q] = (block_sums){fastscan_total(sums[q].low, sums[q].low_odd), fastscan_total(sums[q].high, sums[q].high_odd)};
}

JADE_INLINE uint32_t block_at_most(block_sums sums, uint32_t limit)
{
    const __m256i most = _mm256_set1_epi16((short)limit);
    const __m256i low = _mm256_cmpeq_epi16(_mm256_min_epu16(sums.low, most), sums.low);
    const __m256i high = _mm256_cmpeq_epi16(_mm256_min_epu16(sums.high, most), sums.high);
    const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), _MM_SHUFFLE(3, 1, 2, 0));
    return (uint32_t)_mm256_movemask_epi8(bytes);
}

JADE_INLINE void block_store(block_sums sums, uint16_t *out)
{
    __m256i *halves = (__m256i *)out;
    _mm256_storeu_si256(halves, sums.low);
    _mm256_storeu_si256(halves + 1, sums.high);
}
JADE_REGION_END

#include "fastscan.h"
