/// <u, v> of rows of 2 to 8 bits a component out of a level's words and its products of bytes: code_products_7(sum, codes, query),
/// for codes of fewer than 8 bits, and code_products_8, and CODE_BIAS, what is taken from codes of 8 bits before; and
/// code_part(p, width, at), as many components of `width` bits as a word has bytes, from number `at` of 128 on, one a byte.
#pragma once

#include "finish.h"

JADE_REGION_BEGIN
enum { RABITQ_GROUP = 64 };

JADE_INLINE void rabitq4_products(const struct jade_rabitq_query *query, const char *const *rows, const size_t count,
                                  size_t dimension, uint32_t *out)
{
    const char *bytes = query->codes;
    ints sums[RABITQ_ROWS][2];
    JADE_UNROLL for (size_t r = 0; r < count; r++) sums[r][0] = sums[r][1] = ints_zero();
    for (size_t group = 0; group * 2 * RABITQ_GROUP < dimension; group++)
        JADE_UNROLL for (size_t at = 0; at < RABITQ_GROUP; at += WORD_BYTES) {
            const word low = word_load(bytes + 2 * RABITQ_GROUP * group + at);
            const word high = word_load(bytes + 2 * RABITQ_GROUP * group + RABITQ_GROUP + at);
            JADE_UNROLL for (size_t r = 0; r < count; r++) {
                const word both = word_load(rows[r] + RABITQ_GROUP * group + at);
                sums[r][0] = code_products_7(sums[r][0], code_low(both), low);
                sums[r][1] = code_products_7(sums[r][1], code_high(both), high);
            }
        }
    JADE_UNROLL for (size_t r = 0; r < count; r++) out[r] = ints_sum(ints_add(sums[r][0], sums[r][1]));
}

JADE_INLINE void rabitq8_products(const struct jade_rabitq_query *query, const char *const *rows, const size_t count,
                                  size_t dimension, uint32_t *out)
{
    const char *bytes = query->codes;
    ints sums[RABITQ_ROWS];
    JADE_UNROLL for (size_t r = 0; r < count; r++) sums[r] = ints_zero();
    for (size_t at = 0; at < (dimension + RABITQ_GROUP - 1) / RABITQ_GROUP * RABITQ_GROUP; at += WORD_BYTES) {
        const word q = word_load(bytes + at);
        JADE_UNROLL for (size_t r = 0; r < count; r++) sums[r] = code_products_8(sums[r], word_load(rows[r] + at), q);
    }
    JADE_UNROLL for (size_t r = 0; r < count; r++) out[r] = ints_sum(sums[r]) + CODE_BIAS * (uint32_t)query->sum;
}

/// Codes that are put together from parts of 4, 2 and 1 bits.
JADE_INLINE word rabitq_mixed_codes(const char *chunk, const unsigned bits, const size_t at)
{
    word codes = word_shifted(code_part(chunk, bits & 4 ? 4 : 2, at), bits & 4 ? bits - 4 : bits & 1);
    if (bits & 4) chunk += RABITQ_GROUP;
    if ((bits & 6) == 6) codes = word_or(codes, word_shifted(code_part(chunk, 2, at), bits & 1));
    if (bits & 2) chunk += RABITQ_GROUP / 2;
    return bits & 1 ? word_or(codes, code_part(chunk, 1, at)) : codes;
}

JADE_INLINE void rabitq_mixed_products(const struct jade_rabitq_query *query, const char *const *rows, const size_t count,
                                       size_t dimension, const unsigned bits, uint32_t *out)
{
    const char *bytes = query->codes;
    ints sums[RABITQ_ROWS];
    JADE_UNROLL for (size_t r = 0; r < count; r++) sums[r] = ints_zero();
    for (size_t chunk = 0; chunk * 2 * RABITQ_GROUP < dimension; chunk++)
        JADE_UNROLL for (size_t at = 0; at < 2 * RABITQ_GROUP; at += WORD_BYTES) {
            const word q = word_load(bytes + 2 * RABITQ_GROUP * chunk + at);
            JADE_UNROLL for (size_t r = 0; r < count; r++)
                sums[r] = code_products_7(sums[r], rabitq_mixed_codes(rows[r] + chunk * 16 * bits, bits, at), q);
        }
    JADE_UNROLL for (size_t r = 0; r < count; r++) out[r] = ints_sum(sums[r]);
}
#define RABITQ_MIXED(bits)                                                                                             \
    JADE_INLINE void rabitq##bits##_products(const struct jade_rabitq_query *query, const char *const *rows,           \
                                             const size_t count, size_t dimension, uint32_t *out)                      \
    {                                                                                                                  \
        rabitq_mixed_products(query, rows, count, dimension, bits, out);                                               \
    }
RABITQ_MIXED(2)
RABITQ_MIXED(3)
RABITQ_MIXED(5)
RABITQ_MIXED(6)
RABITQ_MIXED(7)
JADE_REGION_END

#define TYPE rabitq2
#define PRODUCTS rabitq2_products
#include "shapes.h"

#define TYPE rabitq3
#define PRODUCTS rabitq3_products
#include "shapes.h"

#define TYPE rabitq5
#define PRODUCTS rabitq5_products
#include "shapes.h"

#define TYPE rabitq6
#define PRODUCTS rabitq6_products
#include "shapes.h"

#define TYPE rabitq7
#define PRODUCTS rabitq7_products
#include "shapes.h"

#define TYPE rabitq4
#define PRODUCTS rabitq4_products
#include "shapes.h"

#define TYPE rabitq8
#define PRODUCTS rabitq8_products
#include "shapes.h"
