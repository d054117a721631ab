/// Four words of sixteen distances are compared with the threshold at a time; most blocks of a long scan have no candidate.
#if defined(__x86_64__)
#include "../dispatch/prototypes.h"
#include "../shared/vec_avx512.h"
#include "passing.h"

JADE_REGION_BEGIN
JADE_INLINE uint64_t at_most(const float *distances, vec threshold)
{
    return (uint64_t)_mm512_cmp_ps_mask(vec_load(distances), threshold, _CMP_LE_OQ);
}

void jade_topk_f32_select_avx512(struct jade_topk *state, const float *distances, const uint32_t *ordinals,
                                 uint32_t first_ordinal, size_t count)
{
    enum { BLOCK = 4 * LANES };
    float threshold = heap_threshold(state);
    size_t i = 0;
    for (; i + BLOCK <= count; i += BLOCK) {
        vec limit = _mm512_set1_ps(threshold);
        uint64_t passing = at_most(distances + i, limit) | at_most(distances + i + LANES, limit) << LANES |
                           at_most(distances + i + 2 * LANES, limit) << 2 * LANES |
                           at_most(distances + i + 3 * LANES, limit) << 3 * LANES;
        if (passing) threshold = take_passing(state, distances, ordinals, first_ordinal, i, passing);
    }
    for (; i < count; i += LANES) {
        size_t left = count - i < LANES ? count - i : LANES;
        __mmask16 valid = (__mmask16)_bzhi_u32(0xFFFF, (uint32_t)left);
        vec word = _mm512_maskz_loadu_ps(valid, distances + i);
        uint64_t passing = _mm512_mask_cmp_ps_mask(valid, word, _mm512_set1_ps(threshold), _CMP_LE_OQ);
        if (passing) threshold = take_passing(state, distances, ordinals, first_ordinal, i, passing);
    }
}
JADE_REGION_END
#endif
