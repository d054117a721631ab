/// Words of two vectors of f32, into which every floating-point element type is widened when it is loaded.
#pragma once

typedef struct {
    vec low, high;
} pair;

enum { PAIR = 2 * LANES };

JADE_REGION_BEGIN
JADE_INLINE pair pair_zero(void) { return (pair){vec_zero(), vec_zero()}; }
JADE_INLINE pair pair_add(pair a, pair b) { return (pair){vec_add(a.low, b.low), vec_add(a.high, b.high)}; }
JADE_INLINE float pair_sum(pair a) { return vec_sum(vec_add(a.low, a.high)); }
JADE_INLINE pair pair_dot(pair a, pair b, pair sum)
{
    return (pair){vec_fma(a.low, b.low, sum.low), vec_fma(a.high, b.high, sum.high)};
}
JADE_INLINE pair pair_l2sq(pair a, pair b, pair sum)
{
    vec low = vec_sub(a.low, b.low), high = vec_sub(a.high, b.high);
    return (pair){vec_fma(low, low, sum.low), vec_fma(high, high, sum.high)};
}
JADE_INLINE pair pair_l1(pair a, pair b, pair sum)
{
    vec low = vec_abs(vec_sub(a.low, b.low)), high = vec_abs(vec_sub(a.high, b.high));
    return (pair){vec_add(sum.low, low), vec_add(sum.high, high)};
}

JADE_INLINE pair f32_pair(const float *p) { return (pair){vec_load(p), vec_load(p + LANES)}; }
/// The first `count` (1 to PAIR - 1) components, zero behind them.
JADE_INLINE pair f32_pair_part(const float *p, size_t count)
{
    if (count == LANES) return (pair){vec_load(p), vec_zero()};
    if (count < LANES) return (pair){vec_load_part(p, count), vec_zero()};
    return (pair){vec_load(p), vec_load_part(p + LANES, count - LANES)};
}
JADE_REGION_END
