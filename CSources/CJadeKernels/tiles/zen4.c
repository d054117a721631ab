/// Twelve rows by two vectors of queries; of bf16 two components at a time.
#if defined(__x86_64__)
#include "../shared/vec_zen4.h"
#include "words_avx512.h"
#include "../shared/bf16_products.h"
#include "groups.h"
#include "names.h"

JADE_REGION_BEGIN
JADE_INLINE float one_l2sq(const jade_bf16 *q, const jade_bf16 *x, size_t d) { return jade_l2sq_bf16_one_zen4(q, x, d); }
JADE_INLINE float one_ndot(const jade_bf16 *q, const jade_bf16 *x, size_t d) { return jade_ndot_bf16_one_zen4(q, x, d); }
JADE_INLINE float one_dot(const jade_bf16 *q, const jade_bf16 *x, size_t d) { return jade_dot_bf16_one_zen4(q, x, d); }
JADE_REGION_END

#define TILES_KERNEL tiles_bf16
#define ELEMENT jade_bf16
#define WIDE 2
#define ROWS_DEEP 12
#define TILES_ONE(family) one_##family
#include "floats.h"

JADE_REGION_BEGIN
JADE_INLINE void OWN(step)(const char *panel, const char *const *rows, size_t k, size_t count, const size_t deep,
                           const size_t wide, vec sums[][WIDE])
{
    word q[WIDE];
    JADE_UNROLL for (size_t w = 0; w < wide; w++) q[w] = word_load(panel + k * (WIDE * LANES) + w * WORD_BYTES);
    JADE_UNROLL for (size_t r = 0; r < deep; r++) {
        const word x = word_all_groups(group_at(rows[r] + k, count));
        JADE_UNROLL for (size_t w = 0; w < wide; w++) sums[r][w] = bf16_products(x, q[w], sums[r][w]);
    }
}

JADE_INLINE void OWN(products)(const char *panel, const char *row, size_t stride_bytes, size_t dimension, const size_t deep,
                               const size_t row_count, const size_t wide, vec sums[][WIDE])
{
    (void)row_count;
    const char *rows[ROWS_DEEP];
    JADE_UNROLL for (size_t r = 0; r < deep; r++) {
        rows[r] = row + r * stride_bytes;
        JADE_UNROLL for (size_t w = 0; w < wide; w++) sums[r][w] = vec_zero();
    }
    const size_t bytes = dimension * sizeof(ELEMENT);
    size_t k = 0;
    for (; k + GROUP <= bytes; k += GROUP) OWN(step)(panel, rows, k, GROUP, deep, wide, sums);
    if (k < bytes) OWN(step)(panel, rows, k, bytes - k, deep, wide, sums);
}
JADE_REGION_END

#define ROW_BLOCK 48
#define TILES_ARE_EXACT 0
#define TILES_ARE_FLUSHED true
#define TILES_BEGIN TILES_NOTHING
#define TILES_END TILES_NOTHING
#define TILES_UNROLL JADE_UNROLL
#include "tiles.h"

// f16 as at level avx512, but with the distances of one pair that this level takes from avx2.
#define TILES_KERNEL tiles_f16
#define ELEMENT jade_f16
#define WIDE 2
#define ROWS_DEEP 12
#define TILES_WIDEN jade_f16_to_f32_row_avx512
#define TILES_WIDEN_ONE f32_of_f16
#define TILES_ONE(family) jade_##family##_f16_one_avx2
#include "tiles_panels.h"

#define TILES_KERNEL tiles_l1_f16
#define ELEMENT jade_f16
#define WIDE 2
#define ROWS_DEEP 12
#define TILES_WIDEN jade_f16_to_f32_row_avx512
#define TILES_WIDEN_ONE f32_of_f16
#define TILES_ONE(family) jade_##family##_f16_one_avx2
#include "tiles_l1_panels.h"
#endif
