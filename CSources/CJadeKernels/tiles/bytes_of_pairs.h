/// Bytes as numbers of 16 bits, two at a time, for levels that multiply those only: their products, and sums of two, are exact,
/// which those of an instruction that multiplies bytes and saturates are not. A group of four bytes of a query is two words, its
/// even components and its odd ones, since that is how a row's are had at the price of a shift.
#pragma once

#include "../shared/byte_products.h"
#include "groups.h"
#include "names.h"

#define LINE_BIAS 0
enum { GROUP_WIDENED = 2 };
typedef struct {
    word even, odd;
} byte_group;

JADE_REGION_BEGIN
static inline void bytes_pack(const struct jade_queries *queries, const size_t panel, bool is_signed)
{
    const size_t dimension = queries->dimension, groups = (dimension + GROUP - 1) / GROUP;
    const size_t panels = (queries->count + panel - 1) / panel;
    int16_t *out = queries->packed;
    if (queries->count == 0) return;
    memset(out, 0, panels * panel * groups * GROUP * sizeof *out);
    for (size_t query = 0; query < queries->count; query++) {
        const uint8_t *values = tile_query(queries, query);
        int16_t *first = out + (query / panel * groups * GROUP * panel) + query % panel * 2;
        for (size_t k = 0; k < dimension; k++)
            first[(k / GROUP * 2 + k % 2) * 2 * panel + k % GROUP / 2] = is_signed ? (int8_t)values[k] : values[k];
    }
}

JADE_INLINE byte_group byte_group_all(uint32_t group, const bool is_signed)
{
    const word all = ints_all(group);
    return is_signed ? (byte_group){i8_even(all), i8_odd(all)} : (byte_group){u8_even(all), u8_odd(all)};
}

JADE_INLINE ints byte_group_products(ints sum, const char *queries, size_t stride, byte_group x, const bool is_signed)
{
    (void)is_signed;
    sum = ints_products(sum, word_load(queries), x.even);
    return ints_products(sum, word_load(queries + stride), x.odd);
}
JADE_REGION_END
