#if defined(__x86_64__)
#include "../shared/vec_avx2.h"
#include "../shared/words_avx2.h"
#include "encode.h"

#define CODE_BIAS 0u

JADE_REGION_BEGIN
JADE_INLINE word word_repeat(const void *p) { return _mm256_broadcastsi128_si256(_mm_loadu_si128(p)); }
/// Two lanes of 64 bits a plane, two planes a word.
JADE_INLINE uint32_t planes_total(const ints *counts)
{
    const __m256i first = _mm256_sllv_epi64(counts[0], _mm256_setr_epi64x(0, 0, 1, 1));
    return ints_sum(_mm256_add_epi64(first, _mm256_sllv_epi64(counts[1], _mm256_setr_epi64x(2, 2, 3, 3))));
}

JADE_INLINE word code_low(word both) { return _mm256_and_si256(both, _mm256_set1_epi8(15)); }
JADE_INLINE word code_high(word both) { return code_low(_mm256_srli_epi16(both, 4)); }

/// Two products of a code up to 15 fit 16 bits.
JADE_INLINE ints code_products_4(ints sum, word codes, word query)
{
    return ints_products(sum, _mm256_maddubs_epi16(codes, query), _mm256_set1_epi16(1));
}
JADE_INLINE ints code_products_8(ints sum, word codes, word query)
{
    return ints_products(ints_products(sum, u8_even(codes), i8_even(query)), u8_odd(codes), i8_odd(query));
}
JADE_REGION_END

#include "bits.h"
#include "bytes.h"
#endif
