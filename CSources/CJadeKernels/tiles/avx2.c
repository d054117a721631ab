/// Six rows by two vectors of queries: twelve sums, two queries and one row.
#if defined(__x86_64__)
#include "../shared/vec_avx2.h"
#include <string.h>

JADE_REGION_BEGIN
JADE_INLINE vec vec_all(float value) { return _mm256_set1_ps(value); }
JADE_INLINE vec vec_mul(vec a, vec b) { return _mm256_mul_ps(a, b); }
/// The second where one is NaN.
JADE_INLINE vec vec_max(vec a, vec b) { return _mm256_max_ps(a, b); }
JADE_INLINE void vec_store(vec v, float *out, size_t count)
{
    float copy[LANES];
    _mm256_storeu_ps(copy, v);
    memcpy(out, copy, count * sizeof *out);
}
/// One bit per lane that is at most the limit, or not a number.
JADE_INLINE uint64_t vec_not_above(vec v, vec limit)
{
    return (uint64_t)(uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(v, limit, _CMP_NGT_UQ));
}
JADE_REGION_END

#define WIDE 2
#define ROWS_DEEP 6
#define TILE_ONE(family) jade_##family##_f32_one_avx2
#include "tiles_f32.h"

#define TILES_MANY avx2
#define TILES_SELECT avx2
#include "bytes_by_rows.h"
#endif
