/// The words of `bytes.h` at the levels of AArch64, whose products of bytes are of one kind: codes of 8 bits lose 128 first.
#pragma once

#include "../shared/words_neon.h"

#define CODE_BIAS 128u
#define JADE_HAS_FMA 1

JADE_REGION_BEGIN
JADE_INLINE word code_low(word both) { return vandq_u8(both, vdupq_n_u8(15)); }
JADE_INLINE word code_high(word both) { return vshrq_n_u8(both, 4); }
JADE_INLINE word word_shifted(word codes, const unsigned bits) { return vshlq_u8(codes, vdupq_n_s8((int8_t)bits)); }
JADE_INLINE word code_part(const char *p, const unsigned width, const size_t at)
{
    const size_t components = 128 / width, place = at % components / 16;
    const word shifted = vshlq_u8(word_load(p + 16 * (at / components)), vdupq_n_s8((int8_t)-(int)(place * width)));
    return vandq_u8(shifted, vdupq_n_u8((uint8_t)((1u << width) - 1)));
}
JADE_INLINE ints code_products_7(ints sum, word codes, word query) { return ints_i8_products(sum, codes, query); }
JADE_INLINE ints code_products_8(ints sum, word codes, word query) { return ints_i8_products(sum, i8_biased(codes), query); }
JADE_REGION_END
