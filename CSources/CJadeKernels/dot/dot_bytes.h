/// The dot product of bytes and its negative, which is a distance.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/byte_products.h"
#include <stdbool.h>

#if defined(JADE_HAS_VNNI)
/// Few components, where the sums over lanes cost as much as the loop: the bias is put right lane by lane, for one sum instead of two.
enum { DOT_FEW = 256 };

JADE_REGION_BEGIN
JADE_INLINE uint32_t dot_i8_few(const int8_t *a, const int8_t *b, size_t dimension)
{
    ints sum = ints_zero(), line = ints_zero();
    for (size_t at = 0; at < dimension; at += WORD_BYTES) {
        const bool is_whole = at + WORD_BYTES <= dimension;
        word q = is_whole ? word_load(a + at) : word_load_part(a + at, dimension - at);
        word x = is_whole ? word_load(b + at) : word_load_part(b + at, dimension - at);
        sum = ints_mixed(sum, i8_biased(x), q);
        line = ints_mixed(line, word_ones(), q);
    }
    return ints_sum(_mm512_sub_epi32(sum, _mm512_slli_epi32(line, 7)));
}

JADE_INLINE uint32_t dot_u8_few(const uint8_t *a, const uint8_t *b, size_t dimension)
{
    ints sum = ints_zero(), line = ints_zero();
    for (size_t at = 0; at < dimension; at += WORD_BYTES) {
        const bool is_whole = at + WORD_BYTES <= dimension;
        word q = is_whole ? word_load(a + at) : word_load_part(a + at, dimension - at);
        word x = is_whole ? word_load(b + at) : word_load_part(b + at, dimension - at);
        sum = ints_mixed(sum, q, i8_biased(x));
        line = ints_mixed(line, q, word_ones());
    }
    return ints_sum(_mm512_add_epi32(sum, _mm512_slli_epi32(line, 7)));
}
JADE_REGION_END
#endif

#define JADE_KERNEL dot_i8
#define DOT_SIGN +
#include "dot_i8.h"
#define JADE_KERNEL dot_u8
#include "dot_u8.h"
#undef DOT_SIGN

#define JADE_KERNEL ndot_i8
#define DOT_SIGN -
#include "dot_i8.h"
#define JADE_KERNEL ndot_u8
#include "dot_u8.h"
#undef DOT_SIGN
