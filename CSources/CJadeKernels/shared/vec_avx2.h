/// The vector words of `rows_f32.h` and `rows.h` at level avx2: 8 lanes, 16 registers.
#pragma once

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>
#include "target.h"

#define JADE_LEVEL avx2
#define JADE_REGION_BEGIN JADE_TARGET_BEGIN("avx2,fma,f16c,bmi2,popcnt")
#define JADE_REGION_END JADE_TARGET_END
#define LANES 8
// Two rows of four partial sums, two query words and a temporary fit the register file.
#define ROWS 2

JADE_REGION_BEGIN
typedef __m256 vec;

JADE_INLINE vec vec_zero(void) { return _mm256_setzero_ps(); }
JADE_INLINE vec vec_load(const float *p) { return _mm256_loadu_ps(p); }
JADE_INLINE vec vec_sub(vec a, vec b) { return _mm256_sub_ps(a, b); }
JADE_INLINE vec vec_abs(vec a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
JADE_INLINE vec vec_add(vec a, vec b) { return _mm256_add_ps(a, b); }
JADE_INLINE vec vec_fma(vec a, vec b, vec sum) { return _mm256_fmadd_ps(a, b, sum); }

/// The first `count` (1 to 7) components, zero behind them; masked lanes are not read.
JADE_INLINE vec vec_load_part(const float *p, size_t count)
{
    static const int32_t window[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return _mm256_maskload_ps(p, _mm256_loadu_si256((const __m256i *)(window + 8 - count)));
}

JADE_INLINE __m128 vec_half(vec v) { return _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1)); }
JADE_INLINE float vec_sum(vec v)
{
    __m128 four = vec_half(v);
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
/// Three sums by the same additions, with fewer operations.
JADE_INLINE void vec_sums(vec a, vec b, vec c, float out[3])
{
    const __m128 x = vec_half(a), y = vec_half(b), z = vec_half(c);
    const __m128 two = _mm_add_ps(_mm_unpacklo_ps(x, y), _mm_unpackhi_ps(x, y)), last = _mm_add_ps(z, _mm_movehl_ps(z, z));
    const __m128 even = _mm_movelh_ps(two, last), odd = _mm_shuffle_ps(two, last, _MM_SHUFFLE(1, 1, 3, 2));
    const __m128 all = _mm_add_ps(even, odd);
    out[0] = all[0], out[1] = all[1], out[2] = all[2];
}
JADE_REGION_END
