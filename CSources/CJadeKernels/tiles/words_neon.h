/// What tiles need of a level's words beside the shared ones: the levels of AArch64.
#pragma once

#include "../shared/vec_neon.h"
#include "../shared/words_neon.h"

JADE_REGION_BEGIN
JADE_INLINE vec vec_all(float value) { return vdupq_n_f32(value); }
JADE_INLINE vec vec_mul(vec a, vec b) { return vmulq_f32(a, b); }
JADE_INLINE vec vec_negative(vec a) { return vnegq_f32(a); }
JADE_INLINE vec vec_max(vec a, vec b) { return vmaxq_f32(a, b); }
JADE_INLINE void vec_store(vec v, float *out, size_t count)
{
    float copy[LANES];
    vst1q_f32(copy, v);
    memcpy(out, copy, count * sizeof *out);
}
/// One bit per lane that is not set in `excluded`.
JADE_INLINE uint64_t vec_lanes_outside(uint32x4_t excluded)
{
    static const uint32_t weights[LANES] = {1, 2, 4, 8};
    return vaddvq_u32(vbicq_u32(vld1q_u32(weights), excluded));
}
/// One bit per lane that is at most the limit, or not a number.
JADE_INLINE uint64_t vec_not_above(vec v, vec limit) { return vec_lanes_outside(vcgtq_f32(v, limit)); }
/// One bit per lane that is at least the limit, or not a number.
JADE_INLINE uint64_t vec_not_below(vec v, vec limit) { return vec_lanes_outside(vcltq_f32(v, limit)); }

JADE_INLINE ints ints_load(const uint32_t *p) { return vld1q_u32(p); }
JADE_INLINE ints ints_all(uint32_t value) { return vdupq_n_u32(value); }
JADE_INLINE word word_all_groups(uint32_t group) { return vreinterpretq_u8_u32(ints_all(group)); }
JADE_INLINE ints ints_sub(ints a, ints b) { return vsubq_u32(a, b); }
JADE_INLINE vec vec_of_i32(ints a) { return vcvtq_f32_s32(vreinterpretq_s32_u32(a)); }
JADE_INLINE vec vec_of_u32(ints a) { return vcvtq_f32_u32(a); }
JADE_REGION_END
