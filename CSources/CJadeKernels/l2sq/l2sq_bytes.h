/// Squared Euclidean distance of bytes: the difference fits a byte without its sign, whatever the sign of the components.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/byte_products.h"
#include "../shared/byte_halves.h"

JADE_REGION_BEGIN
JADE_INLINE ints squares(ints sum, word distance) { return ints_u8_products(sum, distance, distance); }

#if defined(JADE_HAS_VNNI)
/// Few components: a sum of the even and one of the odd, whole numbers need no order, and a narrow end, which crosses fewer cache lines.
enum { L2SQ_FEW = 512 };

#define L2SQ_FEW_OF(type, element)                                                                                     \
    JADE_INLINE float l2sq_##type##_few(const element *a, const element *b, size_t dimension)                          \
    {                                                                                                                  \
        ints even = ints_zero(), odd = ints_zero();                                                                    \
        size_t at = 0;                                                                                                 \
        JADE_NOT_UNROLLED for (; at + WORD_BYTES <= dimension; at += WORD_BYTES) {                                     \
            const word distance = type##_distance(word_load(a + at), word_load(b + at));                               \
            even = ints_products(even, u8_even(distance), u8_even(distance));                                          \
            odd = ints_products(odd, u8_odd(distance), u8_odd(distance));                                              \
        }                                                                                                              \
        const size_t left = dimension - at;                                                                            \
        const ints sum = ints_add(even, odd);                                                                          \
        if (left == 0) return (float)half_sum(halves_added(sum));                                                             \
        if (left > HALF_BYTES) {                                                                                               \
            const word distance = type##_distance(word_load_part(a + at, left), word_load_part(b + at, left));         \
            return (float)half_sum(halves_added(squares(sum, distance)));                                                     \
        }                                                                                                              \
        const half last = half_squares(half_##type##_distance(half_load(a + at, left), half_load(b + at, left)));      \
        return (float)half_sum(half_add(halves_added(sum), last));                                                     \
    }
L2SQ_FEW_OF(i8, int8_t)
L2SQ_FEW_OF(u8, uint8_t)
#endif
JADE_REGION_END

#define JADE_KERNEL l2sq_i8
#define ELEMENT int8_t
#ifdef JADE_HAS_VNNI
#define SHORT_FITS(dimension) ((dimension) <= L2SQ_FEW)
#define SHORT_ONE l2sq_i8_few
#define SHORT_MANY
#endif
#define STEP(q, x, sum) squares(sum, i8_distance(q, x))
#define FINISH(sum, prepared, row, dimension) (float)ints_sum(sum)
#include "../shared/byte_rows.h"

#define JADE_KERNEL l2sq_u8
#define ELEMENT uint8_t
#ifdef JADE_HAS_VNNI
#define SHORT_FITS(dimension) ((dimension) <= L2SQ_FEW)
#define SHORT_ONE l2sq_u8_few
#define SHORT_MANY
#endif
#define STEP(q, x, sum) squares(sum, u8_distance(q, x))
#define FINISH(sum, prepared, row, dimension) (float)ints_sum(sum)
#include "../shared/byte_rows.h"
