#if defined(__x86_64__)
#include "../shared/vec_avx2.h"
#include "../shared/words_avx2.h"

JADE_REGION_BEGIN
JADE_INLINE void vec_store(vec v, float *out, size_t count)
{
    if (count == LANES) return _mm256_storeu_ps(out, v);
    float copy[LANES];
    _mm256_storeu_ps(copy, v);
    memcpy(out, copy, count * sizeof *out);
}
JADE_INLINE void f16_store(vec v, uint16_t *out, size_t count)
{
    uint16_t copy[LANES];
    _mm_storeu_si128((__m128i *)copy, _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
    memcpy(out, copy, count * sizeof *out);
}
JADE_REGION_END

#define CONVERT_DOT jade_dot_f32_one_avx2
#include "floats.h"
#endif
