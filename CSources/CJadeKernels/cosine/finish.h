/// From the three sums of a cosine to its distance.
#pragma once

#include <math.h>

#if defined(__x86_64__)
#include <emmintrin.h>
/// The C library's would be called for what is below 0, which takes a test and a stack frame.
static inline __attribute__((always_inline)) double cosine_root(double x)
{
    const __m128d value = _mm_set_sd(x);
    return _mm_cvtsd_f64(_mm_sqrt_sd(value, value));
}
#else
static inline __attribute__((always_inline)) double cosine_root(double x) { return __builtin_sqrt(x); }
#endif

/// In double, so that the product of two squared norms neither overflows nor underflows and 1 - x keeps its digits.
/// Rounding may carry a value just outside of [0, 2]; it is put back, NaN stays.
static inline __attribute__((always_inline)) float cosine_of_sums(double dot, double norm_a, double norm_b)
{
    double norms = norm_a * norm_b;
    if (__builtin_expect(norms == 0, 0)) return 1;
    double distance = 1 - dot / cosine_root(norms);
    if (distance < 0) distance = 0;
    if (distance > 2) distance = 2;
    return (float)distance;
}

static inline __attribute__((always_inline)) float cosine_finish(float dot, float norm_a, float norm_b)
{
    return cosine_of_sums((double)dot, (double)norm_a, (double)norm_b);
}
