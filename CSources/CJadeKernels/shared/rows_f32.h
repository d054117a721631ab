/// The loop over components for distances that are one sum of STEP(query, row, sum) over the components.
///
/// `rows_sums` takes `count` rows at once (a constant, so that every loop over rows is unrolled): they share the loads of
/// the query, and several rows' loads are under way together. Each row has F32_SLOTS partial sums, four or two, because one
/// chain of additions would wait for its own latency. The order of additions within a row does not depend on `count`.
///
/// Two are enough where a step's two loads take two cycles, as on Zen 4: as fast in the cache (within 1 %), and rows of 1.5 to 6 KiB
/// come from memory 5 to 12 % faster than with four, since the loop needs fewer instructions for a line.
#pragma once

#include "prefetch.h"
#include <stdbool.h>

#ifndef F32_SLOTS
#define F32_SLOTS 4
#endif

JADE_REGION_BEGIN
JADE_INLINE void rows_step(const float *query, const float *const *rows, size_t at, size_t slot, const size_t count,
                           vec sums[][F32_SLOTS])
{
    vec q = vec_load(query + at);
    JADE_UNROLL for (size_t r = 0; r < count; r++) sums[r][slot] = STEP(q, vec_load(rows[r] + at), sums[r][slot]);
}

#if F32_SLOTS == 4
/// The same additions of a single row, two words a turn with the partial sums changing places. Measured on Zen 4, rows of 6 KiB from
/// memory: 27 GB/s against 21, because the processor fetches ahead best for loads that step by two lines.
JADE_INLINE size_t rows_in_order(const float *query, const float *row, size_t dimension, vec sums[4])
{
    const size_t end = dimension / (4 * LANES) * (4 * LANES);
    size_t at = 0;
    JADE_NOT_UNROLLED for (; at < end; at += 2 * LANES) {
        const vec first = STEP(vec_load(query + at), vec_load(row + at), sums[0]);
        const vec second = STEP(vec_load(query + at + LANES), vec_load(row + at + LANES), sums[1]);
        sums[0] = sums[2], sums[1] = sums[3];
        sums[2] = first, sums[3] = second;
    }
    return at;
}
#endif

JADE_INLINE float rows_total(const vec sums[F32_SLOTS])
{
#if F32_SLOTS == 4
    return vec_sum(vec_add(vec_add(sums[0], sums[1]), vec_add(sums[2], sums[3])));
#else
    return vec_sum(vec_add(sums[0], sums[1]));
#endif
}

/// `in_order` is for one row of several that are read one after the other.
JADE_INLINE void rows_sums(const float *query, const float *const *rows, const char *const *ahead, size_t dimension,
                           const size_t count, const bool in_order, float *out)
{
    vec sums[ROWS][F32_SLOTS];
    JADE_UNROLL for (size_t r = 0; r < count; r++)
        JADE_UNROLL for (size_t slot = 0; slot < F32_SLOTS; slot++) sums[r][slot] = vec_zero();

    size_t at = 0;
#if F32_SLOTS == 4
    if (in_order) at = rows_in_order(query, rows[0], dimension, sums[0]);
#else
    (void)in_order;
#endif
    for (; at + F32_SLOTS * LANES <= dimension; at += F32_SLOTS * LANES) {
        prefetch_rows(ahead, at * sizeof(float), F32_SLOTS * LANES * sizeof(float), count);
        vec q[F32_SLOTS];
        JADE_UNROLL for (size_t slot = 0; slot < F32_SLOTS; slot++) q[slot] = vec_load(query + at + slot * LANES);
        JADE_UNROLL for (size_t r = 0; r < count; r++)
            JADE_UNROLL for (size_t slot = 0; slot < F32_SLOTS; slot++)
                sums[r][slot] = STEP(q[slot], vec_load(rows[r] + at + slot * LANES), sums[r][slot]);
    }
    if (at < dimension) prefetch_rows(ahead, at * sizeof(float), F32_SLOTS * LANES * sizeof(float), count);
    JADE_UNROLL for (size_t slot = 0; slot + 1 < F32_SLOTS; slot++) {
        if (at + LANES > dimension) break;
        rows_step(query, rows, at, slot, count, sums);
        at += LANES;
    }
    if (at < dimension) {
        vec q = vec_load_part(query + at, dimension - at);
        JADE_UNROLL for (size_t r = 0; r < count; r++)
            sums[r][F32_SLOTS - 1] = STEP(q, vec_load_part(rows[r] + at, dimension - at), sums[r][F32_SLOTS - 1]);
    }
    JADE_UNROLL for (size_t r = 0; r < count; r++)
        out[r] = rows_total(sums[r]);
}

JADE_INLINE float rows_one(const float *a, const float *b, size_t dimension)
{
    float out;
    rows_sums(a, &b, NULL, dimension, 1, false, &out);
    return out;
}
JADE_REGION_END
