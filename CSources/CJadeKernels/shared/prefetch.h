/// Fetching rows ahead of their use, into the second-level cache: the first has too few places for lines under way. Measured
/// on Zen 4, 32 random rows of 614 MB: 183 ns a row of 768, against 237 into the first level and 485 without.
#pragma once

#include "target.h"
#include <stddef.h>
#include <stdint.h>

enum { CACHE_LINE = 64, HEADS = 16 };

JADE_INLINE void prefetch_line(const char *p) { __builtin_prefetch(p, 0, 2); }

/// Asks for bytes `offset ..< offset + length` of `count` rows; nothing if `ahead` is NULL.
JADE_INLINE void prefetch_rows(const char *const *ahead, size_t offset, const size_t length, const size_t count)
{
    if (!ahead) return;
    JADE_UNROLL for (size_t r = 0; r < count; r++)
        JADE_UNROLL for (size_t line = 0; line < length; line += CACHE_LINE) prefetch_line(ahead[r] + offset + line);
}

/// Asks for the first line of the rows from number `from`, up to number HEADS: their pages are looked up meanwhile.
JADE_INLINE void prefetch_heads(const char *base, size_t stride_bytes, const uint32_t *ordinals, size_t from, size_t count)
{
    for (size_t i = from; i < count && i < HEADS; i++) prefetch_line(base + ordinals[i] * stride_bytes);
}
