/// The words of `bits.h` and `bytes.h` at the levels of 512 bits.
#pragma once

#include "../shared/words_avx512.h"
#include "../shared/byte_products.h"

#define CODE_BIAS 0u
#define RABITQ_ROWS 8
#define JADE_HAS_FMA 1

JADE_REGION_BEGIN
JADE_INLINE word word_repeat(const void *p) { return _mm512_broadcast_i32x4(_mm_loadu_si128(p)); }
enum { RABITQ_WORDS = 1 };

/// Lanes 0 and 2, and 1 and 3, of both.
JADE_INLINE __m512i planes_halves(__m512i a, __m512i b)
{
    return _mm512_add_epi64(_mm512_shuffle_i64x2(a, b, _MM_SHUFFLE(1, 0, 1, 0)),
                            _mm512_shuffle_i64x2(a, b, _MM_SHUFFLE(3, 2, 3, 2)));
}

/// Two lanes of 64 bits a plane; eight rows are added up together.
JADE_INLINE void planes_totals(ints counts[][RABITQ_WORDS], const size_t count, uint32_t *out)
{
    const __m512i weights = _mm512_setr_epi64(0, 0, 1, 1, 2, 2, 3, 3);
    if (count != 8) {
        JADE_UNROLL for (size_t r = 0; r < count; r++)
            out[r] = (uint32_t)_mm512_reduce_add_epi64(_mm512_sllv_epi64(counts[r][0], weights));
        return;
    }
    __m512i pairs[4];
    JADE_UNROLL for (size_t i = 0; i < 4; i++) {
        const __m512i a = counts[2 * i][0], b = counts[2 * i + 1][0];
        pairs[i] = _mm512_sllv_epi64(_mm512_add_epi64(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b)), weights);
    }
    const __m512i first = planes_halves(pairs[0], pairs[1]), second = planes_halves(pairs[2], pairs[3]);
    const __m512i totals = _mm512_add_epi64(_mm512_shuffle_i64x2(first, second, _MM_SHUFFLE(2, 0, 2, 0)),
                                            _mm512_shuffle_i64x2(first, second, _MM_SHUFFLE(3, 1, 3, 1)));
    _mm256_storeu_si256((__m256i *)out, _mm512_cvtepi64_epi32(totals));
}

JADE_INLINE word code_low(word both) { return _mm512_and_si512(both, _mm512_set1_epi8(15)); }
JADE_INLINE word code_high(word both) { return code_low(_mm512_srli_epi16(both, 4)); }

JADE_INLINE word word_shifted(word codes, const unsigned bits) { return _mm512_slli_epi16(codes, bits); }
JADE_INLINE word code_part(const char *p, const unsigned width, const size_t at)
{
    // A lane has 16 components: those of one place in the bytes of its group.
    word groups;
    if (width == 4) {
        const __m512i both = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(p + at / 2)));
        groups = _mm512_shuffle_i64x2(both, both, _MM_SHUFFLE(1, 1, 0, 0));
    } else {
        groups = word_repeat(p + (width == 2 ? at / 4 : 0));
    }
    const long long s = width == 4 ? 0 : width == 2 ? 0 : (long long)(at / 16), w = width;
    const __m512i shifts = width == 4 ? _mm512_setr_epi64(0, 0, 4, 4, 0, 0, 4, 4)
                                      : _mm512_setr_epi64(s, s, s + w, s + w, s + 2 * w, s + 2 * w, s + 3 * w, s + 3 * w);
    return _mm512_and_si512(_mm512_srlv_epi64(groups, shifts), _mm512_set1_epi8((char)((1 << width) - 1)));
}

#if defined(JADE_HAS_VNNI)
JADE_INLINE ints code_products_7(ints sum, word codes, word query) { return ints_mixed(sum, codes, query); }
JADE_INLINE ints code_products_8(ints sum, word codes, word query) { return ints_mixed(sum, codes, query); }
#else
/// Two products of codes up to 127 with bytes up to 127 fit 16 bits.
JADE_INLINE ints code_products_7(ints sum, word codes, word query)
{
    return ints_products(sum, _mm512_maddubs_epi16(codes, query), _mm512_set1_epi16(1));
}
JADE_INLINE ints code_products_8(ints sum, word codes, word query)
{
    return ints_products(ints_products(sum, u8_even(codes), i8_even(query)), u8_odd(codes), i8_odd(query));
}
#endif
JADE_REGION_END
