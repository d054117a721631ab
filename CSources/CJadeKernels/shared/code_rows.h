/// The rows of scalar quantization as words of f32, for `rows.h`: a code c stands for offset + scale * c.
#pragma once

#include "../include/jade_codes.h"

enum { CODE_HEAD = sizeof(struct jade_code_head) };

JADE_REGION_BEGIN
JADE_INLINE pair codes_decode(const char *row, pair codes)
{
    const struct jade_code_head *head = (const struct jade_code_head *)row;
    vec scale = vec_all(head->scale), offset = vec_all(head->offset);
    return (pair){vec_fma(scale, codes.low, offset), vec_fma(scale, codes.high, offset)};
}
JADE_INLINE const uint8_t *codes_at(const char *row, size_t byte) { return (const uint8_t *)row + CODE_HEAD + byte; }

JADE_INLINE pair sq8_pair(const char *row, size_t at) { return codes_decode(row, sq8_codes(codes_at(row, at))); }
JADE_INLINE pair sq8_pair_part(const char *row, size_t at, size_t count)
{
    pair all = codes_decode(row, sq8_codes_part(codes_at(row, at), count));
    return (pair){vec_first(all.low, count), vec_first(all.high, count > LANES ? count - LANES : 0)};
}

JADE_INLINE pair sq4_pair(const char *row, size_t at) { return codes_decode(row, sq4_codes(codes_at(row, at / 2))); }
JADE_INLINE pair sq4_pair_part(const char *row, size_t at, size_t count)
{
    pair all = codes_decode(row, sq4_codes_part(codes_at(row, at / 2), (count + 1) / 2));
    return (pair){vec_first(all.low, (count + 1) / 2), vec_first(all.high, count / 2)};
}
JADE_REGION_END
