/// The words of `fastscan.h` in plain C.
#pragma once

#include "../include/jade_pq.h"
#include "../shared/target.h"
#include <stdbool.h>
#include <string.h>

enum { FASTSCAN_QUERIES = 1, FASTSCAN_BLOCKS = 1 };

typedef struct {
    uint16_t rows[JADE_PQ_BLOCK_ROWS];
} block_sums;

JADE_INLINE void fastscan_blocks(const uint8_t *codes, const uint8_t *const *entries, size_t subspaces, const size_t queries,
                                 const size_t blocks, const bool ahead, block_sums *sums)
{
    (void)queries, (void)blocks, (void)ahead;
    memset(sums, 0, sizeof *sums);
    for (size_t j = 0; j < subspaces; j++)
        for (size_t i = 0; i < JADE_PQ_BLOCK_ROWS / 2; i++) {
            const uint8_t both = codes[j * 16 + i];
            sums->rows[i] = (uint16_t)(sums->rows[i] + entries[0][j * 16 + (both & 15)]);
            sums->rows[i + 16] = (uint16_t)(sums->rows[i + 16] + entries[0][j * 16 + (both >> 4)]);
        }
}

JADE_INLINE uint32_t block_at_most(block_sums sums, uint32_t limit)
{
    uint32_t passing = 0;
    for (size_t i = 0; i < JADE_PQ_BLOCK_ROWS; i++) passing |= (uint32_t)(sums.rows[i] <= limit) << i;
    return passing;
}

JADE_INLINE void block_store(block_sums sums, uint16_t *out) { memcpy(out, sums.rows, sizeof sums.rows); }

#include "fastscan.h"
