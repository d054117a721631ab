#if defined(__x86_64__)
#include "../shared/vec_avx2.h"

JADE_REGION_BEGIN
JADE_INLINE vec vec_all(float value) { return _mm256_set1_ps(value); }
JADE_INLINE void vec_store(float *p, vec v) { _mm256_storeu_ps(p, v); }

typedef struct {
    vec distances;
    __m256i centroids;
} nearest;

JADE_INLINE nearest nearest_none(void) { return (nearest){_mm256_set1_ps(__builtin_inff()), _mm256_setzero_si256()}; }
JADE_INLINE nearest nearest_take(nearest so_far, vec distances, uint32_t first)
{
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i numbers = _mm256_add_epi32(lanes, _mm256_set1_epi32((int)first));
    const vec less = _mm256_cmp_ps(distances, so_far.distances, _CMP_LT_OQ);
    return (nearest){_mm256_blendv_ps(so_far.distances, distances, less),
                     _mm256_blendv_epi8(so_far.centroids, numbers, _mm256_castps_si256(less))};
}
/// The least number among the lanes with the least distance.
JADE_INLINE size_t nearest_code(nearest found)
{
    vec least = _mm256_min_ps(found.distances, _mm256_permute2f128_ps(found.distances, found.distances, 1));
    least = _mm256_min_ps(least, _mm256_permute_ps(least, _MM_SHUFFLE(1, 0, 3, 2)));
    least = _mm256_min_ps(least, _mm256_permute_ps(least, _MM_SHUFFLE(2, 3, 0, 1)));
    const __m256i other = _mm256_castps_si256(_mm256_cmp_ps(found.distances, least, _CMP_NEQ_UQ));
    const __m256i numbers = _mm256_or_si256(found.centroids, other);
    __m128i four = _mm_min_epu32(_mm256_castsi256_si128(numbers), _mm256_extracti128_si256(numbers, 1));
    four = _mm_min_epu32(four, _mm_shuffle_epi32(four, _MM_SHUFFLE(1, 0, 3, 2)));
    four = _mm_min_epu32(four, _mm_shuffle_epi32(four, _MM_SHUFFLE(2, 3, 0, 1)));
    return (uint32_t)_mm_cvtsi128_si32(four);
}
JADE_REGION_END

#include "encode.h"

#include "fastscan_avx2.h"
#endif
