/// Cosine distance over the vector words of a level. A row's norm is summed together with its product, two partial sums
/// each, so that a row is read only once; the query's norm once per call, or on the way if there is only one row.
#pragma once

#include "../include/jade_dispatch.h"
#include "../dispatch/prototypes.h"
#include "../shared/prefetch.h"
#include "finish.h"

JADE_REGION_BEGIN
/// The sums of one partial sum's slot: products and norms of every row, and the query's own norm.
struct cosine_slot {
    vec dot[ROWS], norm[ROWS], own;
};

JADE_INLINE void cosine_step(const float *query, const float *const *rows, size_t at, const size_t lanes,
                             const size_t count, const bool own, struct cosine_slot *slot)
{
    vec q = lanes == LANES ? vec_load(query + at) : vec_load_part(query + at, lanes);
    if (own) slot->own = vec_fma(q, q, slot->own);
    JADE_UNROLL for (size_t r = 0; r < count; r++) {
        vec x = lanes == LANES ? vec_load(rows[r] + at) : vec_load_part(rows[r] + at, lanes);
        slot->dot[r] = vec_fma(q, x, slot->dot[r]);
        slot->norm[r] = vec_fma(x, x, slot->norm[r]);
    }
}

JADE_INLINE void cosine_sums(const float *query, const float *const *rows, const char *const *ahead, size_t dimension,
                             const size_t count, const bool own, struct cosine_slot slots[2])
{
    JADE_UNROLL for (size_t slot = 0; slot < 2; slot++) {
        slots[slot].own = vec_zero();
        JADE_UNROLL for (size_t r = 0; r < count; r++) slots[slot].dot[r] = slots[slot].norm[r] = vec_zero();
    }
    size_t at = 0;
    for (; at + 2 * LANES <= dimension; at += 2 * LANES) {
        prefetch_rows(ahead, at * sizeof(float), 2 * LANES * sizeof(float), count);
        cosine_step(query, rows, at, LANES, count, own, &slots[0]);
        cosine_step(query, rows, at + LANES, LANES, count, own, &slots[1]);
    }
    if (at < dimension) prefetch_rows(ahead, at * sizeof(float), 2 * LANES * sizeof(float), count);
    if (at + LANES <= dimension) {
        cosine_step(query, rows, at, LANES, count, own, &slots[0]);
        at += LANES;
    }
    if (at < dimension) cosine_step(query, rows, at, dimension - at, count, own, &slots[1]);
}

JADE_INLINE void rows_cosine(const float *query, float query_norm, const float *const *rows, const char *const *ahead,
                             size_t dimension, const size_t count, float *out)
{
    struct cosine_slot slots[2];
    cosine_sums(query, rows, ahead, dimension, count, false, slots);
    JADE_UNROLL for (size_t r = 0; r < count; r++)
        out[r] = cosine_finish(vec_sum(vec_add(slots[0].dot[r], slots[1].dot[r])), query_norm,
                               vec_sum(vec_add(slots[0].norm[r], slots[1].norm[r])));
}

/// The query's squared norm, added in the order in which that of a row is: a vector is at exactly 0 from itself.
JADE_INLINE float squared_norm(const float *query, size_t dimension)
{
    struct cosine_slot slots[2];
    cosine_sums(query, NULL, NULL, dimension, 0, true, slots);
    return vec_sum(vec_add(slots[0].own, slots[1].own));
}

JADE_INLINE float cosine_one(const float *a, const float *b, size_t dimension)
{
    struct cosine_slot slots[2];
    cosine_sums(a, &b, NULL, dimension, 1, true, slots);
    float sums[3];
    vec_sums(vec_add(slots[0].dot[0], slots[1].dot[0]), vec_add(slots[0].own, slots[1].own),
             vec_add(slots[0].norm[0], slots[1].norm[0]), sums);
    return cosine_finish(sums[0], sums[1], sums[2]);
}
JADE_REGION_END

#define ELEMENT float
#define ONE_ROW float
#define ROW float
#define PREPARED float
#define ONE(a, b, dimension) cosine_one(a, b, dimension)
#define PREPARE(query, dimension) squared_norm(query, dimension)
#define DISTANCES(query, prepared, rows, ahead, dimension, count, out)                                                 \
    rows_cosine(query, prepared, rows, ahead, dimension, count, out)
#define JADE_KERNEL cosine_f32
#include "../shared/shapes.h"
#undef ELEMENT
#undef ONE_ROW
#undef ROW
#undef PREPARED
#undef ONE
#undef PREPARE
#undef DISTANCES
#undef JADE_KERNEL
