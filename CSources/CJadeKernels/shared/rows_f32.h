/// The loop over components for distances that are one sum of STEP(query, row, sum) over the components.
///
/// `rows_sums` takes `count` rows at once (a constant, so that every loop over rows is unrolled): they share the loads of
/// the query, and several rows' loads are under way together. Each row has four partial sums, because one chain of
/// additions would wait for its own latency. The order of additions within a row does not depend on `count`.
#pragma once

#include "prefetch.h"
#include <stdbool.h>

JADE_REGION_BEGIN
JADE_INLINE void rows_step(const float *query, const float *const *rows, size_t at, size_t slot, const size_t count,
                           vec sums[][4])
{
    vec q = vec_load(query + at);
    JADE_UNROLL for (size_t r = 0; r < count; r++) sums[r][slot] = STEP(q, vec_load(rows[r] + at), sums[r][slot]);
}

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

/// `in_order` is for one row of several that are read one after the other.
JADE_INLINE void rows_sums(const float *query, const float *const *rows, const char *const *ahead, size_t dimension,
                           const size_t count, const bool in_order, float *out)
{
    vec sums[ROWS][4];
    JADE_UNROLL for (size_t r = 0; r < count; r++)
        JADE_UNROLL for (size_t slot = 0; slot < 4; slot++) sums[r][slot] = vec_zero();

    size_t at = in_order ? rows_in_order(query, rows[0], dimension, sums[0]) : 0;
    for (; at + 4 * LANES <= dimension; at += 4 * LANES) {
        prefetch_rows(ahead, at * sizeof(float), 4 * LANES * sizeof(float), count);
        vec q[4];
        JADE_UNROLL for (size_t slot = 0; slot < 4; slot++) q[slot] = vec_load(query + at + slot * LANES);
        JADE_UNROLL for (size_t r = 0; r < count; r++)
            JADE_UNROLL for (size_t slot = 0; slot < 4; slot++)
                sums[r][slot] = STEP(q[slot], vec_load(rows[r] + at + slot * LANES), sums[r][slot]);
    }
    if (at < dimension) prefetch_rows(ahead, at * sizeof(float), 4 * LANES * sizeof(float), count);
    JADE_UNROLL for (size_t slot = 0; slot < 3; slot++) {
        if (at + LANES > dimension) break;
        rows_step(query, rows, at, slot, count, sums);
        at += LANES;
    }
    if (at < dimension) {
        vec q = vec_load_part(query + at, dimension - at);
        JADE_UNROLL for (size_t r = 0; r < count; r++)
            sums[r][3] = STEP(q, vec_load_part(rows[r] + at, dimension - at), sums[r][3]);
    }
    JADE_UNROLL for (size_t r = 0; r < count; r++)
        out[r] = vec_sum(vec_add(vec_add(sums[r][0], sums[r][1]), vec_add(sums[r][2], sums[r][3])));
}

JADE_INLINE float rows_one(const float *a, const float *b, size_t dimension)
{
    float out;
    rows_sums(a, &b, NULL, dimension, 1, false, &out);
    return out;
}
JADE_REGION_END
