#if defined(__x86_64__)
#include "../shared/vec_avx512.h"
#include <string.h>

JADE_REGION_BEGIN
JADE_INLINE void vec_store(float *p, vec v) { _mm512_storeu_ps(p, v); }
JADE_INLINE vec vec_scaled(vec v, float factor) { return _mm512_mul_ps(v, _mm512_set1_ps(factor)); }
JADE_INLINE vec vec_flip(vec v, const uint8_t *signs, size_t at)
{
    uint16_t flipped;
    memcpy(&flipped, signs + at / 8, sizeof flipped);
    return _mm512_mask_xor_ps(v, flipped, v, _mm512_set1_ps(-0.0f));
}

/// Sums where the bit of `upper` is clear, differences where it is set; `other` has the partners.
JADE_INLINE vec vec_butterfly(vec v, vec other, __mmask16 upper)
{
    return _mm512_mask_sub_ps(_mm512_add_ps(v, other), upper, other, v);
}
JADE_INLINE vec vec_hadamard(vec v)
{
    v = vec_butterfly(v, _mm512_permute_ps(v, _MM_SHUFFLE(2, 3, 0, 1)), 0xAAAA);
    v = vec_butterfly(v, _mm512_permute_ps(v, _MM_SHUFFLE(1, 0, 3, 2)), 0xCCCC);
    v = vec_butterfly(v, _mm512_shuffle_f32x4(v, v, _MM_SHUFFLE(2, 3, 0, 1)), 0xF0F0);
    return vec_butterfly(v, _mm512_shuffle_f32x4(v, v, _MM_SHUFFLE(1, 0, 3, 2)), 0xFF00);
}
JADE_REGION_END

#include "hadamard.h"
#endif
