/// The vector words of `rows_f32.h` and `rows.h` at level neon: 4 lanes, 32 registers. Part of the base of AArch64, so no region.
#pragma once

#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>
#include "target.h"

// A higher level of the same width has said its own.
#ifndef JADE_LEVEL
#define JADE_LEVEL neon
#define JADE_REGION_BEGIN
#define JADE_REGION_END
#endif
#define LANES 4
#define ROWS 4

typedef float32x4_t vec;

JADE_INLINE vec vec_zero(void) { return vdupq_n_f32(0); }
JADE_INLINE vec vec_load(const float *p) { return vld1q_f32(p); }
JADE_INLINE vec vec_sub(vec a, vec b) { return vsubq_f32(a, b); }
JADE_INLINE vec vec_abs(vec a) { return vabsq_f32(a); }
JADE_INLINE vec vec_add(vec a, vec b) { return vaddq_f32(a, b); }
JADE_INLINE vec vec_fma(vec a, vec b, vec sum) { return vfmaq_f32(sum, a, b); }

/// The first `count` (1 to 3) components, zero behind them, which are not read.
JADE_INLINE vec vec_load_part(const float *p, size_t count)
{
    vec v = vld1q_lane_f32(p, vdupq_n_f32(0), 0);
    if (count > 1) v = vld1q_lane_f32(p + 1, v, 1);
    if (count > 2) v = vld1q_lane_f32(p + 2, v, 2);
    return v;
}

JADE_INLINE float vec_sum(vec v) { return vaddvq_f32(v); }
JADE_INLINE void vec_sums(vec a, vec b, vec c, float out[3]) { out[0] = vec_sum(a), out[1] = vec_sum(b), out[2] = vec_sum(c); }
