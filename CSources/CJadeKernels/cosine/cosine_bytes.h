/// Cosine distance of bytes, from whole numbers. `line` is the sum of the components, with which the products of one
/// signed and one unsigned byte are put right; levels that multiply signed bytes leave it 0.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/byte_products.h"
#include "finish.h"

JADE_REGION_BEGIN
typedef struct {
    ints dot, norm, line;
} cosine_ints;

/// What the query adds: its squared norm and the sum of its components.
typedef struct {
    uint32_t norm, line;
} cosine_query;

JADE_INLINE cosine_ints cosine_ints_zero(void) { return (cosine_ints){ints_zero(), ints_zero(), ints_zero()}; }
JADE_INLINE cosine_ints cosine_ints_add(cosine_ints a, cosine_ints b)
{
    return (cosine_ints){ints_add(a.dot, b.dot), ints_add(a.norm, b.norm), ints_add(a.line, b.line)};
}

#if defined(JADE_HAS_VNNI)
JADE_INLINE cosine_ints cosine_i8_step(word q, word x, cosine_ints sum)
{
    word biased = i8_biased(x);
    return (cosine_ints){ints_mixed(sum.dot, biased, q), ints_mixed(sum.norm, biased, x),
                         ints_mixed(sum.line, word_ones(), x)};
}
JADE_INLINE cosine_ints cosine_u8_step(word q, word x, cosine_ints sum)
{
    word biased = i8_biased(x);
    return (cosine_ints){ints_mixed(sum.dot, q, biased), ints_mixed(sum.norm, x, biased),
                         ints_mixed(sum.line, x, word_ones())};
}
enum { COSINE_BIAS = 128 };
#else
JADE_INLINE cosine_ints cosine_i8_step(word q, word x, cosine_ints sum)
{
    return (cosine_ints){ints_i8_products(sum.dot, q, x), ints_i8_products(sum.norm, x, x), sum.line};
}
JADE_INLINE cosine_ints cosine_u8_step(word q, word x, cosine_ints sum)
{
    return (cosine_ints){ints_u8_products(sum.dot, q, x), ints_u8_products(sum.norm, x, x), sum.line};
}
enum { COSINE_BIAS = 0 };
#endif

/// The bias is taken from i8 and given to u8.
JADE_INLINE cosine_query cosine_i8_query(cosine_ints own)
{
    uint32_t line = COSINE_BIAS ? COSINE_BIAS * ints_sum(own.line) : 0;
    return (cosine_query){ints_sum(own.norm) - line, line};
}
JADE_INLINE cosine_query cosine_u8_query(cosine_ints own)
{
    uint32_t line = COSINE_BIAS ? COSINE_BIAS * ints_sum(own.line) : 0;
    return (cosine_query){ints_sum(own.norm) + line, line};
}
JADE_INLINE float cosine_i8_finish(cosine_ints sum, cosine_query query)
{
    return cosine_of_sums((int32_t)(ints_sum(sum.dot) - query.line), query.norm, cosine_i8_query(sum).norm);
}
JADE_INLINE float cosine_u8_finish(cosine_ints sum, cosine_query query)
{
    return cosine_of_sums(ints_sum(sum.dot) + query.line, query.norm, cosine_u8_query(sum).norm);
}
JADE_REGION_END

#define JADE_KERNEL cosine_i8
#define ELEMENT int8_t
#define STEP cosine_i8_step
#define FINISH(sum, prepared, row, dimension) cosine_i8_finish(sum, prepared)
#define OWN_STEP(q, own) cosine_i8_step(q, q, own)
#define OWN_FINISH(own, dimension) cosine_i8_query(own)
#include "cosine_ints.h"

#define JADE_KERNEL cosine_u8
#define ELEMENT uint8_t
#define STEP cosine_u8_step
#define FINISH(sum, prepared, row, dimension) cosine_u8_finish(sum, prepared)
#define OWN_STEP(q, own) cosine_u8_step(q, q, own)
#define OWN_FINISH(own, dimension) cosine_u8_query(own)
#include "cosine_ints.h"
