/// Twelve rows by two vectors of queries: 24 sums, two queries, and rows as memory operands.
#if defined(__x86_64__)
#include "../shared/vec_avx512.h"

JADE_REGION_BEGIN
JADE_INLINE vec vec_all(float value) { return _mm512_set1_ps(value); }
JADE_INLINE vec vec_mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
/// The second where one is NaN.
JADE_INLINE vec vec_max(vec a, vec b) { return _mm512_max_ps(a, b); }
JADE_INLINE void vec_store(vec v, float *out, size_t count)
{
    _mm512_mask_storeu_ps(out, (__mmask16)_bzhi_u32(0xFFFF, (uint32_t)count), v);
}
/// One bit per lane that is at most the limit, or not a number.
JADE_INLINE uint64_t vec_not_above(vec v, vec limit) { return _mm512_cmp_ps_mask(v, limit, _CMP_NGT_UQ); }
JADE_REGION_END

#define WIDE 2
#define ROWS_DEEP 12
#define TILE_ONE(family) jade_##family##_f32_one_avx512
#include "tiles_f32.h"

#define TILES_MANY avx512
#define TILES_SELECT avx512
#include "bytes_by_rows.h"
#endif
