/// What tiles need of a level's words beside the shared ones: the levels of 512 bits.
#pragma once

#include "../shared/vec_avx512.h"
#include "../shared/words_avx512.h"

JADE_REGION_BEGIN
JADE_INLINE vec vec_all(float value) { return _mm512_set1_ps(value); }
JADE_INLINE vec vec_mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
JADE_INLINE vec vec_negative(vec a) { return _mm512_xor_ps(a, _mm512_set1_ps(-0.0f)); }
/// The second where one is NaN.
JADE_INLINE vec vec_max(vec a, vec b) { return _mm512_max_ps(a, b); }
JADE_INLINE void vec_store(vec v, float *out, size_t count)
{
    _mm512_mask_storeu_ps(out, (__mmask16)_bzhi_u32(0xFFFF, (uint32_t)count), v);
}
/// One bit per lane that is at most the limit, or not a number.
JADE_INLINE uint64_t vec_not_above(vec v, vec limit) { return _mm512_cmp_ps_mask(v, limit, _CMP_NGT_UQ); }
/// One bit per lane that is at least the limit, or not a number.
JADE_INLINE uint64_t vec_not_below(vec v, vec limit) { return _mm512_cmp_ps_mask(v, limit, _CMP_NLT_UQ); }

JADE_INLINE ints ints_load(const void *p) { return _mm512_loadu_si512(p); }
JADE_INLINE ints ints_all(uint32_t value) { return _mm512_set1_epi32((int)value); }
JADE_INLINE word word_all_groups(uint32_t group) { return ints_all(group); }
JADE_INLINE ints ints_sub(ints a, ints b) { return _mm512_sub_epi32(a, b); }
JADE_INLINE word word_all_eights(uint64_t eight) { return _mm512_set1_epi64((long long)eight); }
/// The lower halves of lanes of 64 bits, in order.
JADE_INLINE ints ints_of_64(ints first, ints second)
{
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm512_cvtepi64_epi32(first)), _mm512_cvtepi64_epi32(second), 1);
}
JADE_INLINE vec vec_div(vec a, vec b) { return _mm512_div_ps(a, b); }
JADE_INLINE vec vec_of_i32(ints a) { return _mm512_cvtepi32_ps(a); }
JADE_INLINE vec vec_of_u32(ints a) { return _mm512_cvtepu32_ps(a); }
JADE_REGION_END
