/// <u, v> of rows of 4 and 8 bits a component out of a level's words and its products of bytes: code_products_4(sum, codes, query),
/// for codes up to 15, and code_products_8, and CODE_BIAS, what is taken from codes of 8 bits before.
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
                sums[r][0] = code_products_4(sums[r][0], code_low(both), low);
                sums[r][1] = code_products_4(sums[r][1], code_high(both), high);
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
JADE_REGION_END

#define TYPE rabitq4
#define PRODUCTS rabitq4_products
#include "shapes.h"

#define TYPE rabitq8
#define PRODUCTS rabitq8_products
#include "shapes.h"
