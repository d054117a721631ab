/// The sums of one kernel over `eights.h`: EIGHTS_STEP(sum, queries, row). Included once per kernel, before `tiles.h`: TILES_KERNEL,
/// WIDE, ROWS_DEEP, EIGHTS_LENGTH(dimension), the bytes of a vector, and EIGHTS_BIAS, what rows are changed by as queries were.
JADE_REGION_BEGIN
typedef ints_64 OWN(sum);

JADE_INLINE size_t OWN(panel_bytes)(const struct jade_queries *queries)
{
    return eights_bytes(EIGHTS_LENGTH(queries->dimension)) * (WIDE * LANES);
}

JADE_INLINE void OWN(step)(const char *own, const char *const *rows, size_t k, size_t count, const size_t deep, const size_t wide,
                           ints_64 sums[][WIDE])
{
    JADE_UNROLL for (size_t r = 0; r < deep; r++) {
        const word x = word_xor(word_all_eights(eight_at(rows[r] + k, count)), word_all_eights(EIGHTS_BIAS));
        JADE_UNROLL for (size_t w = 0; w < wide; w++) {
            sums[r][w].first = EIGHTS_STEP(sums[r][w].first, word_load(own + 2 * w * WORD_BYTES), x);
            sums[r][w].second = EIGHTS_STEP(sums[r][w].second, word_load(own + (2 * w + 1) * WORD_BYTES), x);
        }
    }
}

JADE_INLINE void OWN(products)(const char *panel, const char *row, size_t stride_bytes, size_t dimension, const size_t deep,
                               const size_t row_count, const size_t wide, ints_64 sums[][WIDE])
{
    (void)row_count;
    const char *rows[ROWS_DEEP];
    JADE_UNROLL for (size_t r = 0; r < deep; r++) {
        rows[r] = row + r * stride_bytes;
        JADE_UNROLL for (size_t w = 0; w < wide; w++) sums[r][w].first = sums[r][w].second = ints_zero();
    }
    const size_t length = EIGHTS_LENGTH(dimension);
    size_t k = 0;
    for (; k + EIGHT_BYTES <= length; k += EIGHT_BYTES) OWN(step)(panel + k * (WIDE * LANES), rows, k, EIGHT_BYTES, deep, wide, sums);
    if (k < length) OWN(step)(panel + k * (WIDE * LANES), rows, k, length - k, deep, wide, sums);
}
JADE_REGION_END

#define ROW_BLOCK 48
#define TILES_ARE_EXACT 1
#define TILES_ARE_FLUSHED false
#define TILES_BEGIN TILES_NOTHING
#define TILES_END TILES_NOTHING
#define TILES_UNROLL JADE_UNROLL
#include "tiles.h"
#undef EIGHTS_STEP
#undef EIGHTS_LENGTH
#undef EIGHTS_BIAS
