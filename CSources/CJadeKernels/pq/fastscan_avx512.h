/// The words of `fastscan.h` with shuffles of 16 entries: a lane of 128 bits is a subspace. Sums of even and of odd rows are 16
/// bits wide; those of even rows are first summed with the odd ones above them, which are taken away at the end.
#pragma once

#include "../shared/prefetch.h"
#include "../shared/words_avx512.h"
#include <stdbool.h>

// AHEAD: how far before their use codes are asked for, in bytes, when a lone query streams through them.
enum { FASTSCAN_QUERIES = 4, FASTSCAN_BLOCKS = 2, FASTSCAN_AHEAD = 4096 };

JADE_REGION_BEGIN
typedef __m512i block_sums;

struct fastscan_lanes {
    __m512i low, low_odd, high, high_odd;
};

JADE_INLINE void fastscan_add(struct fastscan_lanes *sums, word table, word low, word high)
{
    const __m512i first = _mm512_shuffle_epi8(table, low), second = _mm512_shuffle_epi8(table, high);
    sums->low = _mm512_add_epi16(sums->low, first);
    sums->low_odd = _mm512_add_epi16(sums->low_odd, _mm512_srli_epi16(first, 8));
    sums->high = _mm512_add_epi16(sums->high, second);
    sums->high_odd = _mm512_add_epi16(sums->high_odd, _mm512_srli_epi16(second, 8));
}

/// Adds four subspaces, or the `bytes` / 16 that are left.
JADE_INLINE void fastscan_four(const uint8_t *codes, size_t block_bytes, const uint8_t *const *entries, size_t at, size_t bytes,
                               const size_t queries, const size_t blocks, const bool ahead, struct fastscan_lanes *sums)
{
    const __m512i nibble = _mm512_set1_epi8(15);
    JADE_UNROLL for (size_t b = 0; b < blocks; b++) {
        const uint8_t *from = codes + b * block_bytes + at;
        if (queries == 1 && ahead) prefetch_line((const char *)from + FASTSCAN_AHEAD);
        const word both = bytes == WORD_BYTES ? word_load(from) : word_load_part(from, bytes);
        const word low = _mm512_and_si512(both, nibble), high = _mm512_and_si512(_mm512_srli_epi16(both, 4), nibble);
        JADE_UNROLL for (size_t q = 0; q < queries; q++) {
            const word table = bytes == WORD_BYTES ? word_load(entries[q] + at) : word_load_part(entries[q] + at, bytes);
            fastscan_add(&sums[q * blocks + b], table, low, high);
        }
    }
}

/// Lanes 0 and 2, and 1 and 3, of both.
JADE_INLINE __m512i fastscan_halves(__m512i a, __m512i b)
{
    return _mm512_add_epi16(_mm512_shuffle_i64x2(a, b, _MM_SHUFFLE(1, 0, 1, 0)),
                            _mm512_shuffle_i64x2(a, b, _MM_SHUFFLE(3, 2, 3, 2)));
}

/// The lanes added up: 32 rows in order.
JADE_INLINE block_sums fastscan_total(struct fastscan_lanes sums)
{
    const __m512i low_even = _mm512_sub_epi16(sums.low, _mm512_slli_epi16(sums.low_odd, 8));
    const __m512i high_even = _mm512_sub_epi16(sums.high, _mm512_slli_epi16(sums.high_odd, 8));
    const __m512i low = fastscan_halves(_mm512_unpacklo_epi16(low_even, sums.low_odd),
                                        _mm512_unpackhi_epi16(low_even, sums.low_odd));
    const __m512i high = fastscan_halves(_mm512_unpacklo_epi16(high_even, sums.high_odd),
                                         _mm512_unpackhi_epi16(high_even, sums.high_odd));
    return _mm512_add_epi16(_mm512_shuffle_i64x2(low, high, _MM_SHUFFLE(2, 0, 2, 0)),
                            _mm512_shuffle_i64x2(low, high, _MM_SHUFFLE(3, 1, 3, 1)));
}

JADE_INLINE void fastscan_blocks(const uint8_t *codes, const uint8_t *const *entries, size_t subspaces, const size_t queries,
                                 const size_t blocks, const bool ahead, block_sums *out)
{
    struct fastscan_lanes sums[FASTSCAN_QUERIES * FASTSCAN_BLOCKS];
    const __m512i zero = _mm512_setzero_si512();
    JADE_UNROLL for (size_t i = 0; i < queries * blocks; i++) sums[i] = (struct fastscan_lanes){zero, zero, zero, zero};
    const size_t bytes = 16 * subspaces;
    size_t at = 0;
    for (; at + WORD_BYTES <= bytes; at += WORD_BYTES)
        fastscan_four(codes, bytes, entries, at, WORD_BYTES, queries, blocks, ahead, sums);
    if (at < bytes) fastscan_four(codes, bytes, entries, at, bytes - at, queries, blocks, ahead, sums);
    JADE_UNROLL for (size_t i = 0; i < queries * blocks; i++) out[i] = fastscan_total(sums[i]);
}

JADE_INLINE uint32_t block_at_most(block_sums sums, uint32_t limit)
{
    return _mm512_cmple_epu16_mask(sums, _mm512_set1_epi16((short)limit));
}

JADE_INLINE void block_store(block_sums sums, uint16_t *out) { _mm512_storeu_si512(out, sums); }
JADE_REGION_END

#include "fastscan.h"
