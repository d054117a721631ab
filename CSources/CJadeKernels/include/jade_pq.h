/// Product quantization (Jégou, Douze, Schmid: "Product quantization for nearest neighbor search", TPAMI 2011): a vector is cut
/// into subspaces of equal size and each piece is replaced by the number of its nearest centroid, one of 256 (pq8) or of 16 (pq4).
///
/// A row of pq8 codes is one byte a subspace. A row of pq4 codes has subspace j in byte j / 2, in its lower half if j is even, as
/// sq4 rows have; an upper half that is left over is 0.
///
/// Rows of 4 bits are also kept in blocks for the fast scan (André, Kermarrec, Le Scouarnec: "Cache locality is not enough",
/// VLDB 2015), where a query's distances from the 16 centroids of a subspace are 16 bytes that live in a register:
///
///     a block holds 32 rows in 16 bytes a subspace, subspace 0 first;
///     byte i of a subspace has the code of row i in its lower half and that of row i + 16 in its upper half.
///
/// So the size of a block is 16 * subspaces bytes. Rows that the last block does not have are 0 when packed and never reported.
#pragma once

#include "jade_base.h"

enum { JADE_PQ8_CENTROIDS = 256, JADE_PQ4_CENTROIDS = 16, JADE_PQ_BLOCK_ROWS = 32 };

/// The centroids, kept so that those of a subspace lie side by side: component i of centroid c of subspace j is at
/// centroids[(j * sub_dimension + i) * K + c], with K 256 or 16. Vectors have subspaces * sub_dimension components; a caller whose
/// dimension is none of these products appends zeros.
struct jade_pq {
    const float *JADE_NONNULL centroids;
    size_t subspaces;
    size_t sub_dimension;
};

static inline size_t jade_pq8_bytes(size_t subspaces) { return subspaces; }
static inline size_t jade_pq4_bytes(size_t subspaces) { return (subspaces + 1) / 2; }

/// Bytes of the blocks of `count` rows.
static inline size_t jade_pq4_blocks_bytes(size_t count, size_t subspaces)
{
    return (count + JADE_PQ_BLOCK_ROWS - 1) / JADE_PQ_BLOCK_ROWS * 16 * subspaces;
}

/// A query's table for the fast scan: 16 bytes a subspace, at any address. The distance of a row is about
/// bias + scale * sum, the sum taken over the entries that its codes point to.
struct jade_pq4_table {
    uint8_t *JADE_NONNULL entries;
    float scale;
    float bias;
};

/// Rows in blocks, with no alignment asked for.
struct jade_pq4_blocks {
    const void *JADE_NONNULL blocks;
    size_t subspaces;
    /// Rows, the last block's included.
    size_t count;
};

/// Writes the codes of row `row` of `blocks` in the form of a row, and the other way round. The block must be there; bits of
/// other rows stay as they are.
void jade_pq4_block_read(const void *JADE_NONNULL blocks, size_t subspaces, size_t row, uint8_t *JADE_NONNULL codes);
void jade_pq4_block_write(void *JADE_NONNULL blocks, size_t subspaces, size_t row, const uint8_t *JADE_NONNULL codes);

/// Packs `count` rows of pq4 codes that start `stride_bytes` apart into `jade_pq4_blocks_bytes` bytes. O(count * subspaces).
void jade_pq4_pack(const void *JADE_NONNULL rows, size_t stride_bytes, size_t count, size_t subspaces,
                   void *JADE_NONNULL blocks);
