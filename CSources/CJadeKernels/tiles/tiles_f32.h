/// Tiles of f32 in registers: ROWS_DEEP rows against a panel of queries, one component of a row at a time, multiplied into every
/// query's sum. The including file has the words of a level and says WIDE, ROWS_DEEP and TILES_ONE.
#include "groups.h"
#include "names.h"

#define TILES_KERNEL tiles_f32
#define ELEMENT float
#include "floats.h"

JADE_REGION_BEGIN
JADE_INLINE void OWN(products)(const char *panel, const char *row, size_t stride_bytes, size_t dimension, const size_t deep,
                               const size_t rows, const size_t wide, vec sums[][WIDE])
{
    (void)rows;
    const float *x[ROWS_DEEP];
    JADE_UNROLL for (size_t r = 0; r < deep; r++) {
        x[r] = (const float *)(row + r * stride_bytes);
        JADE_UNROLL for (size_t w = 0; w < wide; w++) sums[r][w] = vec_zero();
    }
    const float *own = (const float *)panel;
    for (size_t k = 0; k < dimension; k++, own += WIDE * LANES) {
        vec q[WIDE];
        JADE_UNROLL for (size_t w = 0; w < wide; w++) q[w] = vec_load(own + w * LANES);
        JADE_UNROLL for (size_t r = 0; r < deep; r++) {
            vec all = vec_all(x[r][k]);
            JADE_UNROLL for (size_t w = 0; w < wide; w++) sums[r][w] = vec_fma(all, q[w], sums[r][w]);
        }
    }
}
JADE_REGION_END

#define ROW_BLOCK 48
#define TILES_ARE_EXACT 0
#define TILES_ARE_FLUSHED false
#define TILES_BEGIN TILES_NOTHING
#define TILES_END TILES_NOTHING
#define TILES_UNROLL JADE_UNROLL
#include "tiles.h"
