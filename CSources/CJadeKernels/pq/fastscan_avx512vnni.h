/// The words of `fastscan.h` with byte permutations of 64 entries and products that add four bytes: four subspaces of a row lie
/// side by side, are looked up at once and added at once, in 32 bits.
#pragma once

#include "../shared/prefetch.h"
#include "../shared/words_avx512.h"
#include <stdbool.h>

// AHEAD: how far before their use codes are asked for, in bytes, when a lone query streams through them.
enum { FASTSCAN_QUERIES = 4, FASTSCAN_BLOCKS = 4, FASTSCAN_AHEAD = 4096 };

JADE_REGION_BEGIN
/// Rows 0 to 15 and 16 to 31.
typedef struct {
    __m512i low, high;
} block_sums;

/// Four subspaces of 16 bytes to 16 rows of four bytes; and back to which of the four tables a byte belongs.
JADE_INLINE __m512i fastscan_transposed(void)
{
    const __m512i quarter = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 16, 32, 48, 1, 17, 33, 49, 2, 18, 34, 50, 3, 19, 35, 51));
    const __m512i offsets = _mm512_setr_epi64(0, 0, 0x0404040404040404, 0x0404040404040404, 0x0808080808080808,
                                              0x0808080808080808, 0x0C0C0C0C0C0C0C0C, 0x0C0C0C0C0C0C0C0C);
    return _mm512_add_epi8(quarter, offsets);
}

/// Adds four subspaces, or the `bytes` / 16 that are left.
JADE_INLINE void fastscan_four(const uint8_t *codes, size_t block_bytes, const uint8_t *const *entries, size_t at, size_t bytes,
                               const size_t queries, const size_t blocks, const bool ahead, block_sums *sums)
{
    const __m512i nibble = _mm512_set1_epi8(15), ones = _mm512_set1_epi8(1), tables = _mm512_set1_epi32(0x30201000);
    __m512i low[FASTSCAN_BLOCKS], high[FASTSCAN_BLOCKS];
    JADE_UNROLL for (size_t b = 0; b < blocks; b++) {
        const uint8_t *from = codes + b * block_bytes + at;
        if (queries == 1 && ahead) prefetch_line((const char *)from + FASTSCAN_AHEAD);
        const word both = bytes == WORD_BYTES ? word_load(from) : word_load_part(from, bytes);
        const word rows = _mm512_permutexvar_epi8(fastscan_transposed(), both);
        // (code and nibble) or table.
        low[b] = _mm512_ternarylogic_epi32(rows, nibble, tables, 0xEA);
        high[b] = _mm512_ternarylogic_epi32(_mm512_srli_epi32(rows, 4), nibble, tables, 0xEA);
    }
    JADE_UNROLL for (size_t q = 0; q < queries; q++) {
        const word table = bytes == WORD_BYTES ? word_load(entries[q] + at) : word_load_part(entries[q] + at, bytes);
        JADE_UNROLL for (size_t b = 0; b < blocks; b++) {
            block_sums *sum = &sums[q * blocks + b];
            sum->low = _mm512_dpbusd_epi32(sum->low, _mm512_permutexvar_epi8(low[b], table), ones);
            sum->high = _mm512_dpbusd_epi32(sum->high, _mm512_permutexvar_epi8(high[b], table), ones);
        }
    }
}

JADE_INLINE void fastscan_blocks(const uint8_t *codes, const uint8_t *const *entries, size_t subspaces, const size_t queries,
                                 const size_t blocks, const bool ahead, block_sums *out)
{
    block_sums sums[FASTSCAN_QUERIES * FASTSCAN_BLOCKS];
    JADE_UNROLL for (size_t i = 0; i < queries * blocks; i++)
        sums[i] = (block_sums){_mm512_setzero_si512(), _mm512_setzero_si512()};
    const size_t bytes = 16 * subspaces;
    size_t at = 0;
    for (; at + WORD_BYTES <= bytes; at += WORD_BYTES)
        fastscan_four(codes, bytes, entries, at, WORD_BYTES, queries, blocks, ahead, sums);
    if (at < bytes) fastscan_four(codes, bytes, entries, at, bytes - at, queries, blocks, ahead, sums);
    JADE_UNROLL for (size_t i = 0; i < queries * blocks; i++) out[i] = sums[i];
}

JADE_INLINE uint32_t block_at_most(block_sums sums, uint32_t limit)
{
    const __m512i most = _mm512_set1_epi32((int)limit);
    return _mm512_cmple_epi32_mask(sums.low, most) | (uint32_t)_mm512_cmple_epi32_mask(sums.high, most) << 16;
}

JADE_INLINE void block_store(block_sums sums, uint16_t *out)
{
    __m256i *halves = (__m256i *)out;
    _mm256_storeu_si256(halves, _mm512_cvtepi32_epi16(sums.low));
    _mm256_storeu_si256(halves + 1, _mm512_cvtepi32_epi16(sums.high));
}

/// Compressed in registers: compressing into memory is slow on some processors.
JADE_INLINE size_t half_keys(__m512i sums, __mmask16 passing, uint32_t first_row, uint64_t *out)
{
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i rows = _mm512_add_epi32(lanes, _mm512_set1_epi32((int)first_row));
    const __m512i kept = _mm512_maskz_compress_epi32(passing, sums), numbers = _mm512_maskz_compress_epi32(passing, rows);
    const uint32_t count = (uint32_t)__builtin_popcount(passing);
    JADE_UNROLL for (uint32_t half = 0; half < 2; half++) {
        const __m256i upper = half ? _mm512_extracti64x4_epi64(kept, 1) : _mm512_castsi512_si256(kept);
        const __m256i lower = half ? _mm512_extracti64x4_epi64(numbers, 1) : _mm512_castsi512_si256(numbers);
        const __m512i keys = _mm512_or_si512(_mm512_slli_epi64(_mm512_cvtepu32_epi64(upper), 32), _mm512_cvtepu32_epi64(lower));
        const uint32_t written = count > 8 * half ? count - 8 * half : 0;
        _mm512_mask_storeu_epi64(out + 8 * half, (__mmask8)_bzhi_u32(0xFF, written), keys);
    }
    return count;
}

#define FASTSCAN_HAS_KEYS 1
JADE_INLINE size_t block_keys(block_sums sums, uint32_t passing, uint32_t first_row, uint64_t *out)
{
    const size_t low = half_keys(sums.low, (__mmask16)passing, first_row, out);
    return low + half_keys(sums.high, (__mmask16)(passing >> 16), first_row + 16, out + low);
}
JADE_REGION_END

#include "fastscan.h"
