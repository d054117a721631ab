/// Cosine distance of bytes, from whole numbers. `line` is the sum of the components, with which the products of one
/// signed and one unsigned byte are put right; levels that multiply signed bytes leave it 0.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/byte_products.h"
#include "finish.h"
#include <stdbool.h>

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

#if defined(__x86_64__)
/// All three sums over lanes together.
JADE_INLINE float cosine_three(__m128i dot, __m128i norm, __m128i own, bool is_signed)
{
    __m128i sums = _mm_hadd_epi32(_mm_hadd_epi32(dot, norm), _mm_hadd_epi32(own, own));
    uint32_t product = (uint32_t)_mm_cvtsi128_si32(sums);
    double exact = is_signed ? (double)(int32_t)product : (double)product;
    return cosine_of_sums(exact, (uint32_t)_mm_extract_epi32(sums, 2), (uint32_t)_mm_extract_epi32(sums, 1));
}
#endif

#if defined(JADE_HAS_VNNI)
/// Few components, where the sums over lanes cost more than the loop: the bias is put right lane by lane, and the lanes of all three
/// sums are added together.
enum { COSINE_FEW = 512 };

struct cosine_lanes {
    cosine_ints row;
    ints own_norm, own_line;
};

JADE_INLINE float cosine_few(struct cosine_lanes sums, bool is_signed)
{
    const ints row_bias = _mm512_slli_epi32(sums.row.line, 7), own_bias = _mm512_slli_epi32(sums.own_line, 7);
#define PUT_RIGHT(sum, bias) ints_quarter(is_signed ? _mm512_sub_epi32(sum, bias) : _mm512_add_epi32(sum, bias))
    return cosine_three(PUT_RIGHT(sums.row.dot, own_bias), PUT_RIGHT(sums.row.norm, row_bias), PUT_RIGHT(sums.own_norm, own_bias), is_signed);
#undef PUT_RIGHT
}

JADE_INLINE float cosine_i8_few(const int8_t *a, const int8_t *b, size_t dimension)
{
    struct cosine_lanes sums = {cosine_ints_zero(), ints_zero(), ints_zero()};
    for (size_t at = 0; at < dimension; at += WORD_BYTES) {
        const bool is_whole = at + WORD_BYTES <= dimension;
        word q = is_whole ? word_load(a + at) : word_load_part(a + at, dimension - at);
        word x = is_whole ? word_load(b + at) : word_load_part(b + at, dimension - at);
        sums.row = cosine_i8_step(q, x, sums.row);
        sums.own_norm = ints_mixed(sums.own_norm, i8_biased(q), q);
        sums.own_line = ints_mixed(sums.own_line, word_ones(), q);
    }
    return cosine_few(sums, true);
}

JADE_INLINE float cosine_u8_few(const uint8_t *a, const uint8_t *b, size_t dimension)
{
    struct cosine_lanes sums = {cosine_ints_zero(), ints_zero(), ints_zero()};
    for (size_t at = 0; at < dimension; at += WORD_BYTES) {
        const bool is_whole = at + WORD_BYTES <= dimension;
        word q = is_whole ? word_load(a + at) : word_load_part(a + at, dimension - at);
        word x = is_whole ? word_load(b + at) : word_load_part(b + at, dimension - at);
        sums.row = cosine_u8_step(q, x, sums.row);
        sums.own_norm = ints_mixed(sums.own_norm, q, i8_biased(q));
        sums.own_line = ints_mixed(sums.own_line, q, word_ones());
    }
    return cosine_few(sums, false);
}
#endif
JADE_REGION_END

#define JADE_KERNEL cosine_i8
#ifdef JADE_HAS_VNNI
#define SHORT_FITS(dimension) ((dimension) <= COSINE_FEW)
#define SHORT_ONE cosine_i8_few
#elif defined(__x86_64__)
#define FINISH_ONE(sum, own, row, dimension)                                                                           \
    cosine_three(ints_quarter((sum).dot), ints_quarter((sum).norm), ints_quarter((own).norm), true)
#endif
#define ELEMENT int8_t
#define STEP cosine_i8_step
#define FINISH(sum, prepared, row, dimension) cosine_i8_finish(sum, prepared)
#define OWN_STEP(q, own) cosine_i8_step(q, q, own)
#define OWN_FINISH(own, dimension) cosine_i8_query(own)
#include "cosine_ints.h"

#define JADE_KERNEL cosine_u8
#ifdef JADE_HAS_VNNI
#define SHORT_FITS(dimension) ((dimension) <= COSINE_FEW)
#define SHORT_ONE cosine_u8_few
#elif defined(__x86_64__)
#define FINISH_ONE(sum, own, row, dimension)                                                                           \
    cosine_three(ints_quarter((sum).dot), ints_quarter((sum).norm), ints_quarter((own).norm), false)
#endif
#define ELEMENT uint8_t
#define STEP cosine_u8_step
#define FINISH(sum, prepared, row, dimension) cosine_u8_finish(sum, prepared)
#define OWN_STEP(q, own) cosine_u8_step(q, q, own)
#define OWN_FINISH(own, dimension) cosine_u8_query(own)
#include "cosine_ints.h"
