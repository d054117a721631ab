/// Tiles of one byte type, which TILES_KERNEL, ELEMENT and TILES_IS_SIGNED name; see `tiles_bytes.h`.
#define WIDE BYTES_WIDE
#define ROWS_DEEP BYTES_DEEP

JADE_REGION_BEGIN
static inline void OWN(pack_groups)(const struct jade_queries *queries)
{
    bytes_pack(queries, WIDE * LANES, TILES_IS_SIGNED);
}
JADE_REGION_END

#include "ints.h"

JADE_REGION_BEGIN
/// One group of every row and query.
JADE_INLINE void OWN(step)(const char *panel, const char *const *rows, size_t k, size_t count, const size_t deep,
                           const size_t wide, ints sums[][WIDE])
{
    const char *own = panel + k * GROUP_WIDENED * (WIDE * LANES);
    JADE_UNROLL for (size_t r = 0; r < deep; r++) {
        const byte_group x = byte_group_all(group_at(rows[r] + k, count), TILES_IS_SIGNED);
        JADE_UNROLL for (size_t w = 0; w < wide; w++)
            sums[r][w] = byte_group_products(sums[r][w], own + w * WORD_BYTES, WIDE * WORD_BYTES, x, TILES_IS_SIGNED);
    }
}

JADE_INLINE void OWN(products)(const char *panel, const char *row, size_t stride_bytes, size_t dimension, const size_t deep,
                               const size_t row_count, const size_t wide, ints sums[][WIDE])
{
    (void)row_count;
    const char *rows[ROWS_DEEP];
    JADE_UNROLL for (size_t r = 0; r < deep; r++) {
        rows[r] = row + r * stride_bytes;
        JADE_UNROLL for (size_t w = 0; w < wide; w++) sums[r][w] = ints_zero();
    }
    size_t k = 0;
    for (; k + GROUP <= dimension; k += GROUP) OWN(step)(panel, rows, k, GROUP, deep, wide, sums);
    if (k < dimension) OWN(step)(panel, rows, k, dimension - k, deep, wide, sums);
}
JADE_REGION_END

#define ROW_BLOCK 48
#define TILES_ARE_EXACT 1
#define TILES_ARE_FLUSHED false
#define TILES_BEGIN TILES_NOTHING
#define TILES_END TILES_NOTHING
#define TILES_UNROLL JADE_UNROLL
#include "tiles.h"
