/// What tiles need of a level's words beside the shared ones: avx2.
#pragma once

#include "../shared/vec_avx2.h"
#include "../shared/words_avx2.h"

JADE_REGION_BEGIN
JADE_INLINE vec vec_all(float value) { return _mm256_set1_ps(value); }
JADE_INLINE vec vec_mul(vec a, vec b) { return _mm256_mul_ps(a, b); }
JADE_INLINE vec vec_negative(vec a) { return _mm256_xor_ps(a, _mm256_set1_ps(-0.0f)); }
/// The second where one is NaN.
JADE_INLINE vec vec_max(vec a, vec b) { return _mm256_max_ps(a, b); }
JADE_INLINE void vec_store(vec v, float *out, size_t count)
{
    if (count == LANES) {
        _mm256_storeu_ps(out, v);
        return;
    }
    float copy[LANES];
    _mm256_storeu_ps(copy, v);
    memcpy(out, copy, count * sizeof *out);
}
/// One bit per lane that is at most the limit, or not a number.
JADE_INLINE uint64_t vec_not_above(vec v, vec limit)
{
    return (uint64_t)(uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(v, limit, _CMP_NGT_UQ));
}
/// One bit per lane that is at least the limit, or not a number.
JADE_INLINE uint64_t vec_not_below(vec v, vec limit)
{
    return (uint64_t)(uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(v, limit, _CMP_NLT_UQ));
}

JADE_INLINE ints ints_load(const void *p) { return _mm256_loadu_si256(p); }
JADE_INLINE ints ints_all(uint32_t value) { return _mm256_set1_epi32((int)value); }
JADE_INLINE ints ints_sub(ints a, ints b) { return _mm256_sub_epi32(a, b); }
JADE_INLINE word word_all_eights(uint64_t eight) { return _mm256_set1_epi64x((long long)eight); }
/// The lower halves of lanes of 64 bits, in order.
JADE_INLINE ints ints_of_64(ints first, ints second)
{
    const __m256 halves = _mm256_shuffle_ps(_mm256_castsi256_ps(first), _mm256_castsi256_ps(second), _MM_SHUFFLE(2, 0, 2, 0));
    return _mm256_permute4x64_epi64(_mm256_castps_si256(halves), _MM_SHUFFLE(3, 1, 2, 0));
}
JADE_INLINE vec vec_div(vec a, vec b) { return _mm256_div_ps(a, b); }
JADE_INLINE vec vec_of_i32(ints a) { return _mm256_cvtepi32_ps(a); }
/// The halves are exact, so their sum is rounded once.
JADE_INLINE vec vec_of_u32(ints a)
{
    vec upper = vec_of_i32(_mm256_srli_epi32(a, 16)), lower = vec_of_i32(_mm256_and_si256(a, ints_all(0xFFFF)));
    return vec_fma(upper, vec_all(0x1p16f), lower);
}
JADE_REGION_END
