#if defined(__x86_64__)
#include "../shared/vec_avx512.h"
#include "../shared/words_avx512.h"

JADE_REGION_BEGIN
JADE_INLINE __mmask16 first_lanes(size_t count) { return (__mmask16)_bzhi_u32(0xFFFF, (uint32_t)count); }
JADE_INLINE void vec_store(vec v, float *out, size_t count) { _mm512_mask_storeu_ps(out, first_lanes(count), v); }
JADE_INLINE void f16_store(vec v, uint16_t *out, size_t count)
{
    __m256i halves = _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    _mm256_mask_storeu_epi16(out, first_lanes(count), halves);
}
JADE_REGION_END

#define CONVERT_DOT jade_dot_f32_one_avx512
#include "floats.h"
#endif
