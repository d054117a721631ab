/// Four words of four distances are compared with the threshold at a time.
#if defined(__aarch64__)
#include "../dispatch/prototypes.h"
#include "../shared/vec_neon.h"
#include "passing.h"

/// One bit per lane, lowest lane first.
JADE_INLINE uint64_t at_most(const float *distances, vec threshold)
{
    static const uint32_t weights[4] = {1, 2, 4, 8};
    return vaddvq_u32(vandq_u32(vcleq_f32(vec_load(distances), threshold), vld1q_u32(weights)));
}

void jade_topk_f32_select_neon(struct jade_topk *state, const float *distances, const uint32_t *ordinals,
                               uint32_t first_ordinal, size_t count)
{
    enum { BLOCK = 4 * LANES };
    float threshold = heap_threshold(state);
    size_t i = 0;
    for (; i + BLOCK <= count; i += BLOCK) {
        vec limit = vdupq_n_f32(threshold);
        uint64_t passing = at_most(distances + i, limit) | at_most(distances + i + LANES, limit) << LANES |
                           at_most(distances + i + 2 * LANES, limit) << 2 * LANES |
                           at_most(distances + i + 3 * LANES, limit) << 3 * LANES;
        if (passing) threshold = take_passing(state, distances, ordinals, first_ordinal, i, passing);
    }
    jade_topk_f32_select_serial(state, distances + i, ordinals ? ordinals + i : NULL, first_ordinal + (uint32_t)i,
                                count - i);
}
#endif
