#if defined(__x86_64__)
#include "../shared/vec_avx2.h"
#include "../shared/words_avx2.h"
#include "encode.h"

#define CODE_BIAS 0u
#define JADE_HAS_FMA 1

JADE_REGION_BEGIN
JADE_INLINE word word_repeat(const void *p) { return _mm256_broadcastsi128_si256(_mm_loadu_si128(p)); }
enum { RABITQ_WORDS = 2 };

/// Two lanes of 64 bits a plane, two planes a word.
JADE_INLINE void planes_totals(ints counts[][RABITQ_WORDS], const size_t count, uint32_t *out)
{
    JADE_UNROLL for (size_t r = 0; r < count; r++) {
        const __m256i first = _mm256_sllv_epi64(counts[r][0], _mm256_setr_epi64x(0, 0, 1, 1));
        out[r] = ints_sum(_mm256_add_epi64(first, _mm256_sllv_epi64(counts[r][1], _mm256_setr_epi64x(2, 2, 3, 3))));
    }
}

JADE_INLINE word code_low(word both) { return _mm256_and_si256(both, _mm256_set1_epi8(15)); }
JADE_INLINE word code_high(word both) { return code_low(_mm256_srli_epi16(both, 4)); }

JADE_INLINE word word_shifted(word codes, const unsigned bits) { return _mm256_slli_epi16(codes, (int)bits); }
JADE_INLINE word code_part(const char *p, const unsigned width, const size_t at)
{
    // A lane has 16 components: those of one place in the bytes of its group.
    const size_t components = 128 / width, group = at / components;
    const long long first = (long long)(at % components / 16 * width), second = first + (long long)width;
    const __m256i shifted = _mm256_srlv_epi64(word_repeat(p + 16 * group), _mm256_setr_epi64x(first, first, second, second));
    return _mm256_and_si256(shifted, _mm256_set1_epi8((char)((1 << width) - 1)));
}

/// Two products of codes up to 127 with bytes up to 127 fit 16 bits.
JADE_INLINE ints code_products_7(ints sum, word codes, word query)
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
