/// Six rows by four vectors of queries: 24 sums, four queries and one row.
#if defined(__aarch64__)
#include "../shared/vec_neon.h"
#include <string.h>

JADE_INLINE vec vec_all(float value) { return vdupq_n_f32(value); }
JADE_INLINE vec vec_mul(vec a, vec b) { return vmulq_f32(a, b); }
JADE_INLINE vec vec_max(vec a, vec b) { return vmaxq_f32(a, b); }
JADE_INLINE void vec_store(vec v, float *out, size_t count)
{
    float copy[LANES];
    vst1q_f32(copy, v);
    memcpy(out, copy, count * sizeof *out);
}
/// One bit per lane that is at most the limit, or not a number.
JADE_INLINE uint64_t vec_not_above(vec v, vec limit)
{
    static const uint32_t weights[LANES] = {1, 2, 4, 8};
    return vaddvq_u32(vbicq_u32(vld1q_u32(weights), vcgtq_f32(v, limit)));
}

#define WIDE 4
#define ROWS_DEEP 6
#define TILE_ONE(family) jade_##family##_f32_one_neon
#include "tiles_f32.h"

#define TILES_MANY neon
#define TILES_SELECT neon
#include "bytes_by_rows.h"
#endif
