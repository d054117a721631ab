/// The words of `fastscan.h` with the table look-up of 16 bytes: a word of codes is a subspace.
#pragma once

#include <stdbool.h>
#include <string.h>

enum { FASTSCAN_QUERIES = 4, FASTSCAN_BLOCKS = 1 };

/// Eight rows each, in order.
typedef struct {
    uint16x8_t eights[4];
} block_sums;

JADE_INLINE void fastscan_blocks(const uint8_t *codes, const uint8_t *const *entries, size_t subspaces, const size_t queries,
                                 const size_t blocks, const bool ahead, block_sums *out)
{
    (void)blocks, (void)ahead;
    block_sums sums[FASTSCAN_QUERIES];
    JADE_UNROLL for (size_t q = 0; q < queries; q++)
        JADE_UNROLL for (size_t i = 0; i < 4; i++) sums[q].eights[i] = vdupq_n_u16(0);
    for (size_t j = 0; j < subspaces; j++) {
        const uint8x16_t both = vld1q_u8(codes + 16 * j), low = vandq_u8(both, vdupq_n_u8(15)), high = vshrq_n_u8(both, 4);
        JADE_UNROLL for (size_t q = 0; q < queries; q++) {
            const uint8x16_t table = vld1q_u8(entries[q] + 16 * j), first = vqtbl1q_u8(table, low),
                             second = vqtbl1q_u8(table, high);
            sums[q].eights[0] = vaddw_u8(sums[q].eights[0], vget_low_u8(first));
            sums[q].eights[1] = vaddw_high_u8(sums[q].eights[1], first);
            sums[q].eights[2] = vaddw_u8(sums[q].eights[2], vget_low_u8(second));
            sums[q].eights[3] = vaddw_high_u8(sums[q].eights[3], second);
        }
    }
    JADE_UNROLL for (size_t q = 0; q < queries; q++) out[q] = sums[q];
}

JADE_INLINE uint32_t block_at_most(block_sums sums, uint32_t limit)
{
    static const uint8_t places[8] = {1, 2, 4, 8, 16, 32, 64, 128};
    const uint16x8_t most = vdupq_n_u16((uint16_t)limit);
    const uint8x8_t bits = vld1_u8(places);
    uint32_t passing = 0;
    JADE_UNROLL for (size_t i = 0; i < 4; i++)
        passing |= (uint32_t)vaddv_u8(vand_u8(vmovn_u16(vcleq_u16(sums.eights[i], most)), bits)) << 8 * i;
    return passing;
}

JADE_INLINE void block_store(block_sums sums, uint16_t *out)
{
    JADE_UNROLL for (size_t i = 0; i < 4; i++) vst1q_u16(out + 8 * i, sums.eights[i]);
}

#include "fastscan.h"
