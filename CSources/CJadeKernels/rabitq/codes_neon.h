/// The words of `bytes.h` at the levels of AArch64, whose products of bytes are of one kind: codes of 8 bits lose 128 first.
#pragma once

#include "../shared/words_neon.h"

#define CODE_BIAS 128u
#define JADE_HAS_FMA 1

JADE_REGION_BEGIN
JADE_INLINE word code_low(word both) { return vandq_u8(both, vdupq_n_u8(15)); }
JADE_INLINE word code_high(word both) { return vshrq_n_u8(both, 4); }
JADE_INLINE ints code_products_4(ints sum, word codes, word query) { return ints_i8_products(sum, codes, query); }
JADE_INLINE ints code_products_8(ints sum, word codes, word query) { return ints_i8_products(sum, i8_biased(codes), query); }
JADE_REGION_END
