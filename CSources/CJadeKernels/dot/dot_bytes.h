/// The dot product of bytes and its negative, which is a distance.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/byte_products.h"
#include "../shared/byte_halves.h"

#if defined(JADE_HAS_VNNI)
/// Few components, where the sums over lanes cost as much as the loop: the bias is put right lane by lane, for one sum instead of two.
enum { DOT_FEW = 256 };

JADE_REGION_BEGIN
#define DOT_FEW_OF(type, element, mixed, half_mixed, put_right)                                                        \
    JADE_INLINE uint32_t dot_##type##_few(const element *a, const element *b, size_t dimension)                        \
    {                                                                                                                  \
        ints sum = ints_zero(), line = ints_zero();                                                                    \
        size_t at = 0;                                                                                                 \
        JADE_NOT_UNROLLED for (; at + WORD_BYTES <= dimension; at += WORD_BYTES)                                       \
            mixed(sum, line, word_load(a + at), word_load(b + at));                                                    \
        const size_t left = dimension - at;                                                                            \
        if (left > HALF_BYTES) mixed(sum, line, word_load_part(a + at, left), word_load_part(b + at, left));           \
        half total = put_right(halves_added(sum), halves_added(line));                                                 \
        if (left == 0 || left > HALF_BYTES) return half_sum(total);                                                    \
        half last = half_zero(), last_line = half_zero();                                                              \
        half_mixed(last, last_line, half_load(a + at, left), half_load(b + at, left));                                 \
        return half_sum(half_add(total, put_right(last, last_line)));                                                  \
    }
#define DOT_I8(sum, line, q, x) (sum = ints_mixed(sum, i8_biased(x), q), line = ints_mixed(line, word_ones(), q))
#define DOT_I8_HALF(sum, line, q, x) (sum = half_mixed(sum, half_biased(x), q), line = half_mixed(line, half_ones(), q))
#define DOT_U8(sum, line, q, x) (sum = ints_mixed(sum, q, i8_biased(x)), line = ints_mixed(line, q, word_ones()))
#define DOT_U8_HALF(sum, line, q, x) (sum = half_mixed(sum, q, half_biased(x)), line = half_mixed(line, q, half_ones()))
DOT_FEW_OF(i8, int8_t, DOT_I8, DOT_I8_HALF, half_minus_128)
DOT_FEW_OF(u8, uint8_t, DOT_U8, DOT_U8_HALF, half_plus_128)
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
