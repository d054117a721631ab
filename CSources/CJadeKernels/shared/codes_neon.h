/// Codes of 8 and 4 bits as f32, 8 at a time, at the levels of AArch64.
#pragma once

#include "words_neon.h"

JADE_INLINE vec vec_all(float value) { return vdupq_n_f32(value); }
/// The first `count` lanes, zero behind them.
JADE_INLINE vec vec_first(vec v, size_t count)
{
    static const uint32_t lanes[LANES] = {0, 1, 2, 3};
    uint32x4_t kept = vcgtq_u32(vdupq_n_u32((uint32_t)(count < LANES ? count : LANES)), vld1q_u32(lanes));
    return vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(v), kept));
}

JADE_INLINE pair pair_of_bytes(uint8x8_t bytes)
{
    uint16x8_t wide = vmovl_u8(bytes);
    return (pair){vcvtq_f32_u32(vmovl_u16(vget_low_u16(wide))), vcvtq_f32_u32(vmovl_high_u16(wide))};
}
JADE_INLINE pair sq8_codes(const uint8_t *p) { return pair_of_bytes(vld1_u8(p)); }
JADE_INLINE pair sq8_codes_part(const uint8_t *p, size_t count)
{
    uint8_t copy[PAIR] = {0};
    memcpy(copy, p, count);
    return sq8_codes(copy);
}

JADE_INLINE pair sq4_codes(const uint8_t *p)
{
    uint32_t four;
    memcpy(&four, p, sizeof four);
    uint8x8_t bytes = vcreate_u8(four);
    uint8x8_t low = vand_u8(bytes, vdup_n_u8(15)), high = vshr_n_u8(bytes, 4);
    return pair_of_bytes(vext_u8(vext_u8(low, low, 4), high, 4));
}
JADE_INLINE pair sq4_codes_part(const uint8_t *p, size_t bytes)
{
    uint8_t copy[LANES] = {0};
    memcpy(copy, p, bytes);
    return sq4_codes(copy);
}

/// Even components, then odd ones, as codes of 4 bits come.
JADE_INLINE pair even_odd(pair p) { return (pair){vuzp1q_f32(p.low, p.high), vuzp2q_f32(p.low, p.high)}; }
