/// From <u, v> to the distance and its bound.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/prefetch.h"

/// Rows that share the loads of the query.
#ifndef RABITQ_ROWS
#define RABITQ_ROWS 4
#endif

JADE_REGION_BEGIN
JADE_INLINE void rabitq_fetch(const char *row, size_t bytes)
{
    for (size_t line = 0; line < bytes; line += CACHE_LINE) prefetch_line(row + line);
}

/// `rows` are where the codes begin; the head is before them. The product may be negative for rows of more than one bit.
JADE_INLINE void rabitq_finish(const struct jade_rabitq_query *query, const char *const *rows, const uint32_t *products,
                               const size_t count, float *out, float *lower)
{
    JADE_UNROLL for (size_t r = 0; r < count; r++) {
        const struct jade_rabitq_head *head = (const struct jade_rabitq_head *)rows[r] - 1;
        const float product = query->step * (float)(int32_t)products[r] + (query->low * head->sum - query->bias);
        const float distance = head->scale * product + (head->add + query->add);
        out[r] = distance;
        if (lower) lower[r] = distance - head->error * query->error;
    }
}
JADE_REGION_END
