#if defined(__aarch64__)
#include "../shared/vec_neon.h"

JADE_INLINE vec vec_all(float value) { return vdupq_n_f32(value); }
JADE_INLINE void vec_store(float *p, vec v) { vst1q_f32(p, v); }

typedef struct {
    vec distances;
    uint32x4_t centroids;
} nearest;

JADE_INLINE nearest nearest_none(void) { return (nearest){vdupq_n_f32(__builtin_inff()), vdupq_n_u32(0)}; }
JADE_INLINE nearest nearest_take(nearest so_far, vec distances, uint32_t first)
{
    static const uint32_t lanes[LANES] = {0, 1, 2, 3};
    const uint32x4_t numbers = vaddq_u32(vld1q_u32(lanes), vdupq_n_u32(first));
    const uint32x4_t less = vcltq_f32(distances, so_far.distances);
    return (nearest){vbslq_f32(less, distances, so_far.distances), vbslq_u32(less, numbers, so_far.centroids)};
}
/// The least number among the lanes with the least distance.
JADE_INLINE size_t nearest_code(nearest found)
{
    const uint32x4_t equal = vceqq_f32(found.distances, vdupq_n_f32(vminvq_f32(found.distances)));
    return vminvq_u32(vornq_u32(found.centroids, equal));
}

#include "encode.h"

#include "fastscan_neon.h"
#endif
