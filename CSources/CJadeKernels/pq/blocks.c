#include "../include/jade_pq.h"
#include <string.h>

enum { HALF_BLOCK = JADE_PQ_BLOCK_ROWS / 2 };

static size_t block_offset(size_t subspaces, size_t row) { return row / JADE_PQ_BLOCK_ROWS * HALF_BLOCK * subspaces; }

/// How far a row's codes are shifted in its bytes.
static unsigned block_shift(size_t row) { return row % JADE_PQ_BLOCK_ROWS < HALF_BLOCK ? 0 : 4; }

void jade_pq4_block_read(const void *blocks, size_t subspaces, size_t row, uint8_t *codes)
{
    const uint8_t *bytes = (const uint8_t *)blocks + block_offset(subspaces, row) + row % HALF_BLOCK;
    memset(codes, 0, jade_pq4_bytes(subspaces));
    for (size_t j = 0; j < subspaces; j++)
        codes[j / 2] |= (uint8_t)((bytes[j * HALF_BLOCK] >> block_shift(row) & 15) << (j % 2 ? 4 : 0));
}

void jade_pq4_block_write(void *blocks, size_t subspaces, size_t row, const uint8_t *codes)
{
    uint8_t *bytes = (uint8_t *)blocks + block_offset(subspaces, row) + row % HALF_BLOCK;
    for (size_t j = 0; j < subspaces; j++) {
        unsigned code = codes[j / 2] >> (j % 2 ? 4 : 0) & 15, kept = bytes[j * HALF_BLOCK] & (0xF0 >> block_shift(row));
        bytes[j * HALF_BLOCK] = (uint8_t)(kept | code << block_shift(row));
    }
}

void jade_pq4_pack(const void *rows, size_t stride_bytes, size_t count, size_t subspaces, void *blocks)
{
    memset(blocks, 0, jade_pq4_blocks_bytes(count, subspaces));
    for (size_t row = 0; row < count; row++)
        jade_pq4_block_write(blocks, subspaces, row, (const uint8_t *)rows + row * stride_bytes);
}
