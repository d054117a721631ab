#if defined(__x86_64__)
#include "../shared/vec_avx2.h"

JADE_REGION_BEGIN
JADE_INLINE void vec_store(float *p, vec v) { _mm256_storeu_ps(p, v); }
JADE_INLINE vec vec_scaled(vec v, float factor) { return _mm256_mul_ps(v, _mm256_set1_ps(factor)); }
JADE_INLINE vec vec_flip(vec v, const uint8_t *signs, size_t at)
{
    const __m256i bits = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    __m256i set = _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(signs[at / 8]), bits), bits);
    return _mm256_xor_ps(v, _mm256_and_ps(_mm256_castsi256_ps(set), _mm256_set1_ps(-0.0f)));
}

JADE_INLINE vec vec_hadamard(vec v)
{
    const vec first = _mm256_setr_ps(0, -0.0f, 0, -0.0f, 0, -0.0f, 0, -0.0f);
    const vec second = _mm256_setr_ps(0, 0, -0.0f, -0.0f, 0, 0, -0.0f, -0.0f);
    const vec third = _mm256_setr_ps(0, 0, 0, 0, -0.0f, -0.0f, -0.0f, -0.0f);
    v = _mm256_add_ps(_mm256_permute_ps(v, _MM_SHUFFLE(2, 3, 0, 1)), _mm256_xor_ps(v, first));
    v = _mm256_add_ps(_mm256_permute_ps(v, _MM_SHUFFLE(1, 0, 3, 2)), _mm256_xor_ps(v, second));
    return _mm256_add_ps(_mm256_permute2f128_ps(v, v, 1), _mm256_xor_ps(v, third));
}
JADE_REGION_END

#include "hadamard.h"
#endif
