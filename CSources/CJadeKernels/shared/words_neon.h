/// Loads of 16-bit floats, and sums over words of 16 bytes, at the levels of AArch64.
#pragma once

#include "pairs.h"
#include <string.h>

enum { WORD_BYTES = 16 };

JADE_REGION_BEGIN
typedef uint8x16_t word;
typedef uint32x4_t ints;

JADE_INLINE word word_load(const void *p) { return vld1q_u8(p); }
/// The first `bytes` (1 to 15), zero behind them, which are not read.
JADE_INLINE word word_load_part(const void *p, size_t bytes)
{
    uint8_t copy[WORD_BYTES] = {0};
    memcpy(copy, p, bytes);
    return word_load(copy);
}

JADE_INLINE pair f16_split(word w)
{
    float16x8_t halves = vreinterpretq_f16_u8(w);
    return (pair){vcvt_f32_f16(vget_low_f16(halves)), vcvt_high_f32_f16(halves)};
}
JADE_INLINE pair f16_pair(const void *p) { return f16_split(word_load(p)); }
JADE_INLINE pair f16_pair_part(const void *p, size_t count) { return f16_split(word_load_part(p, 2 * count)); }

/// Even components, then odd ones.
JADE_INLINE pair bf16_split(word w)
{
    uint32x4_t both = vreinterpretq_u32_u8(w);
    return (pair){vreinterpretq_f32_u32(vshlq_n_u32(both, 16)),
                  vreinterpretq_f32_u32(vandq_u32(both, vdupq_n_u32(0xFFFF0000)))};
}
JADE_INLINE pair bf16_pair(const void *p) { return bf16_split(word_load(p)); }
JADE_INLINE pair bf16_pair_part(const void *p, size_t count) { return bf16_split(word_load_part(p, 2 * count)); }

JADE_INLINE ints ints_zero(void) { return vdupq_n_u32(0); }
/// Modulo 2^32 in every lane, and in the sum of the lanes.
JADE_INLINE ints ints_add(ints a, ints b) { return vaddq_u32(a, b); }
JADE_INLINE uint32_t ints_sum(ints a) { return vaddvq_u32(a); }

JADE_INLINE word i8_distance(word a, word b)
{
    return vreinterpretq_u8_s8(vabdq_s8(vreinterpretq_s8_u8(a), vreinterpretq_s8_u8(b)));
}
JADE_INLINE word u8_distance(word a, word b) { return vabdq_u8(a, b); }

/// Adds a*b of every byte.
JADE_INLINE ints ints_u8_products(ints sum, word a, word b)
{
#if defined(JADE_HAS_DOTPROD)
    return vdotq_u32(sum, a, b);
#else
    return vpadalq_u16(vpadalq_u16(sum, vmull_u8(vget_low_u8(a), vget_low_u8(b))), vmull_high_u8(a, b));
#endif
}
JADE_INLINE ints ints_i8_products(ints sum, word a, word b)
{
    int8x16_t x = vreinterpretq_s8_u8(a), y = vreinterpretq_s8_u8(b);
    int32x4_t signed_sum = vreinterpretq_s32_u32(sum);
#if defined(JADE_HAS_DOTPROD)
    return vreinterpretq_u32_s32(vdotq_s32(signed_sum, x, y));
#else
    int16x8_t low = vmull_s8(vget_low_s8(x), vget_low_s8(y)), high = vmull_high_s8(x, y);
    return vreinterpretq_u32_s32(vpadalq_s16(vpadalq_s16(signed_sum, low), high));
#endif
}

/// Adds |a - b| of every byte.
JADE_INLINE ints ints_u8_l1(ints sum, word a, word b) { return vpadalq_u16(sum, vpaddlq_u8(vabdq_u8(a, b))); }
JADE_INLINE word i8_biased(word a) { return veorq_u8(a, vdupq_n_u8(0x80)); }

JADE_INLINE word word_and(word a, word b) { return vandq_u8(a, b); }
JADE_INLINE word word_or(word a, word b) { return vorrq_u8(a, b); }
JADE_INLINE word word_xor(word a, word b) { return veorq_u8(a, b); }

/// Adds how many bits are set.
JADE_INLINE ints ints_bits(ints sum, word bits) { return vpadalq_u16(sum, vpaddlq_u8(vcntq_u8(bits))); }
JADE_REGION_END
