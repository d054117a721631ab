#if defined(__aarch64__)
#include "../shared/vec_neon.h"
#include "../shared/words_neon.h"

JADE_INLINE void vec_store(vec v, float *out, size_t count)
{
    float copy[LANES];
    vst1q_f32(copy, v);
    memcpy(out, copy, count * sizeof *out);
}
JADE_INLINE void f16_store(vec v, uint16_t *out, size_t count)
{
    uint16_t copy[LANES];
    vst1_u16(copy, vreinterpret_u16_f16(vcvt_f16_f32(v)));
    memcpy(out, copy, count * sizeof *out);
}

#define CONVERT_DOT jade_dot_f32_one_neon
#include "floats.h"
#endif
