#if defined(__x86_64__)
#include "../shared/vec_avx512.h"

JADE_REGION_BEGIN
JADE_INLINE vec vec_all(float value) { return _mm512_set1_ps(value); }
JADE_INLINE void vec_store(float *p, vec v) { _mm512_storeu_ps(p, v); }

typedef struct {
    vec distances;
    __m512i centroids;
} nearest;

JADE_INLINE nearest nearest_none(void) { return (nearest){_mm512_set1_ps(__builtin_inff()), _mm512_setzero_si512()}; }
JADE_INLINE nearest nearest_take(nearest so_far, vec distances, uint32_t first)
{
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i numbers = _mm512_add_epi32(lanes, _mm512_set1_epi32((int)first));
    const __mmask16 less = _mm512_cmp_ps_mask(distances, so_far.distances, _CMP_LT_OQ);
    return (nearest){_mm512_mask_mov_ps(so_far.distances, less, distances),
                     _mm512_mask_mov_epi32(so_far.centroids, less, numbers)};
}
JADE_INLINE size_t nearest_code(nearest found)
{
    const vec least = _mm512_set1_ps(_mm512_reduce_min_ps(found.distances));
    const __mmask16 equal = _mm512_cmp_ps_mask(found.distances, least, _CMP_EQ_OQ);
    return _mm512_mask_reduce_min_epu32(equal, found.centroids);
}
JADE_REGION_END

#include "encode.h"

#include "fastscan_avx512.h"
#endif
