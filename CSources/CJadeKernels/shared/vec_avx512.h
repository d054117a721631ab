/// The vector words of `rows_f32.h` and `rows.h` at level avx512: 16 lanes, 32 registers.
#pragma once

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>
#include "target.h"

// A higher level of the same width has said its own.
#ifndef JADE_LEVEL
#define JADE_LEVEL avx512
#define JADE_REGION_BEGIN JADE_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c,bmi2,popcnt")
#endif
#define JADE_REGION_END JADE_TARGET_END
#define LANES 16
// Four rows of four partial sums and four query words leave eight registers.
#define ROWS 4

JADE_REGION_BEGIN
typedef __m512 vec;

JADE_INLINE vec vec_zero(void) { return _mm512_setzero_ps(); }
JADE_INLINE vec vec_load(const float *p) { return _mm512_loadu_ps(p); }
JADE_INLINE vec vec_sub(vec a, vec b) { return _mm512_sub_ps(a, b); }
JADE_INLINE vec vec_abs(vec a) { return _mm512_abs_ps(a); }
JADE_INLINE vec vec_add(vec a, vec b) { return _mm512_add_ps(a, b); }
JADE_INLINE vec vec_fma(vec a, vec b, vec sum) { return _mm512_fmadd_ps(a, b, sum); }

/// The first `count` (1 to 15) components, zero behind them; masked lanes are not read.
JADE_INLINE vec vec_load_part(const float *p, size_t count)
{
    return _mm512_maskz_loadu_ps((__mmask16)_bzhi_u32(0xFFFF, (uint32_t)count), p);
}

JADE_INLINE __m128 vec_quarter(vec v)
{
    __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps(v, 1));
    return _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
}
JADE_INLINE float vec_sum(vec v)
{
    __m128 four = vec_quarter(v);
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
/// Three sums by the same additions, with fewer operations.
JADE_INLINE void vec_sums(vec a, vec b, vec c, float out[3])
{
    const __m128 x = vec_quarter(a), y = vec_quarter(b), z = vec_quarter(c);
    const __m128 two = _mm_add_ps(_mm_unpacklo_ps(x, y), _mm_unpackhi_ps(x, y)), last = _mm_add_ps(z, _mm_movehl_ps(z, z));
    const __m128 even = _mm_movelh_ps(two, last), odd = _mm_shuffle_ps(two, last, _MM_SHUFFLE(1, 1, 3, 2));
    const __m128 all = _mm_add_ps(even, odd);
    out[0] = all[0], out[1] = all[1], out[2] = all[2];
}
JADE_REGION_END
