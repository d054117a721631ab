/// The words of `bits.h` and `bytes.h` at the levels of 512 bits.
#pragma once

#include "../shared/words_avx512.h"
#include "../shared/byte_products.h"

#define CODE_BIAS 0u

JADE_REGION_BEGIN
JADE_INLINE word word_repeat(const void *p) { return _mm512_broadcast_i32x4(_mm_loadu_si128(p)); }
/// Two lanes of 64 bits a plane.
JADE_INLINE uint32_t planes_total(const ints *counts)
{
    const __m512i weights = _mm512_setr_epi64(0, 0, 1, 1, 2, 2, 3, 3);
    return (uint32_t)_mm512_reduce_add_epi64(_mm512_sllv_epi64(counts[0], weights));
}

JADE_INLINE word code_low(word both) { return _mm512_and_si512(both, _mm512_set1_epi8(15)); }
JADE_INLINE word code_high(word both) { return code_low(_mm512_srli_epi16(both, 4)); }

#if defined(JADE_HAS_VNNI)
JADE_INLINE ints code_products_4(ints sum, word codes, word query) { return ints_mixed(sum, codes, query); }
JADE_INLINE ints code_products_8(ints sum, word codes, word query) { return ints_mixed(sum, codes, query); }
#else
/// Two products of a code up to 15 fit 16 bits.
JADE_INLINE ints code_products_4(ints sum, word codes, word query)
{
    return ints_products(sum, _mm512_maddubs_epi16(codes, query), _mm512_set1_epi16(1));
}
JADE_INLINE ints code_products_8(ints sum, word codes, word query)
{
    return ints_products(ints_products(sum, u8_even(codes), i8_even(query)), u8_odd(codes), i8_odd(query));
}
#endif
JADE_REGION_END
