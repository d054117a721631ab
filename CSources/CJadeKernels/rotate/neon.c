#if defined(__aarch64__)
#include "../shared/vec_neon.h"

JADE_INLINE vec vec_negated(vec v, uint32x4_t signs)
{
    return vreinterpretq_f32_u32(veorq_u32(vreinterpretq_u32_f32(v), signs));
}
JADE_INLINE void vec_store(float *p, vec v) { vst1q_f32(p, v); }
JADE_INLINE vec vec_scaled(vec v, float factor) { return vmulq_n_f32(v, factor); }
JADE_INLINE vec vec_flip(vec v, const uint8_t *signs, size_t at)
{
    static const int32_t places[LANES] = {31, 30, 29, 28};
    uint32x4_t bits = vdupq_n_u32((uint32_t)(signs[at / 8] >> at % 8));
    return vec_negated(v, vandq_u32(vshlq_u32(bits, vld1q_s32(places)), vdupq_n_u32(0x80000000u)));
}

JADE_INLINE vec vec_hadamard(vec v)
{
    static const uint32_t first[LANES] = {0, 0x80000000u, 0, 0x80000000u}, second[LANES] = {0, 0, 0x80000000u, 0x80000000u};
    v = vaddq_f32(vrev64q_f32(v), vec_negated(v, vld1q_u32(first)));
    return vaddq_f32(vextq_f32(v, v, 2), vec_negated(v, vld1q_u32(second)));
}

#include "hadamard.h"
#endif
