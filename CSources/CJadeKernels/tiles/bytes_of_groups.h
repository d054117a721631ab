/// Bytes four at a time, for levels with an instruction that adds four products of bytes to a lane. That of x86 multiplies bytes
/// without a sign by bytes with one, so 128 is added to every component of a packed i8 query, and taken from one of a u8 query;
/// the rows' sums put the products right. Those of AArch64 need nothing of the kind.
#pragma once

#include "groups.h"
#include "names.h"

enum { GROUP_WIDENED = 1 };
typedef word byte_group;

JADE_REGION_BEGIN
static inline void bytes_pack(const struct jade_queries *queries, const size_t panel, bool is_signed)
{
    (void)is_signed;
    groups_pack(queries, queries->dimension, panel, LINE_BIAS);
}

JADE_INLINE byte_group byte_group_all(uint32_t group, const bool is_signed)
{
    (void)is_signed;
    return word_all_groups(group);
}

JADE_INLINE ints byte_group_products(ints sum, const char *queries, size_t stride, byte_group x, const bool is_signed)
{
    (void)stride;
    const word q = word_load((const uint8_t *)queries);
#if LINE_BIAS
    return is_signed ? ints_mixed(sum, q, x) : ints_mixed(sum, x, q);
#else
    return is_signed ? ints_i8_products(sum, q, x) : ints_u8_products(sum, q, x);
#endif
}
JADE_REGION_END
