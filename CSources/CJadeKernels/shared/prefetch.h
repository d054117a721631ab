/// Fetching rows ahead of their use.
#pragma once

#include "target.h"
#include <stddef.h>

enum { CACHE_LINE = 64 };

/// Asks for bytes `offset ..< offset + length` of `count` rows; nothing if `ahead` is NULL.
JADE_INLINE void prefetch_rows(const char *const *ahead, size_t offset, const size_t length, const size_t count)
{
    if (!ahead) return;
    JADE_UNROLL for (size_t r = 0; r < count; r++)
        JADE_UNROLL for (size_t line = 0; line < length; line += CACHE_LINE)
            __builtin_prefetch(ahead[r] + offset + line, 0, 3);
}
