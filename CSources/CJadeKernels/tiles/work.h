/// What all tiles of a level share: the queries of a panel, and what becomes of a row's numbers for them.
#pragma once

#include "../dispatch/prototypes.h"
#include "../topk/heap.h"
#include "bound.h"
#include <string.h>

/// A matrix is written, a selection offered to, or the pairs that pass a screen are named.
enum job { MATRIX, SEARCH, SCREEN };

typedef float tile_measure(const void *query, const void *row, size_t dimension);

struct tile_work {
    const struct jade_queries *queries;
    const char *base;
    size_t stride_bytes;
    struct bound bound;
    /// For a matrix.
    float *out;
    size_t out_stride;
    /// For a search: the states of all queries, the ordinal of the first row, the thresholds of the present panel, and how a
    /// distance that is only bounded is measured; NULL if it is exact.
    struct jade_topk *states;
    tile_measure *measure;
    uint32_t first_ordinal;
    float thresholds[JADE_QUERY_GROUP];
    /// For a screen: what passed.
    const struct jade_screen *screen;
    struct jade_pair *pairs;
    size_t pair_count;
};

JADE_REGION_BEGIN
JADE_INLINE const char *tile_row(const struct tile_work *work, size_t row) { return work->base + row * work->stride_bytes; }
static inline const void *tile_query(const struct jade_queries *queries, size_t query)
{
    return (const char *)queries->values + query * queries->stride_bytes;
}

static inline void tile_thresholds(struct tile_work *work, size_t first_query, size_t panel)
{
    for (size_t lane = 0; lane < panel; lane++) {
        size_t query = first_query + lane;
        work->thresholds[lane] = query < work->queries->count ? heap_threshold(&work->states[query]) : -__builtin_inff();
    }
}

/// Offers a row to the queries of `passing`, which counts from query `at`, at place `place` of the panel.
static __attribute__((noinline)) void tile_offer(struct tile_work *work, const float *values, size_t at, size_t place,
                                                 uint64_t passing, size_t row)
{
    for (; passing; passing &= passing - 1) {
        size_t lane = (size_t)__builtin_ctzll(passing), query = at + lane;
        if (query >= work->queries->count) return;
        float distance = values[lane];
        if (work->measure)
            distance = work->measure(tile_query(work->queries, query), tile_row(work, row), work->queries->dimension);
        struct jade_topk *state = &work->states[query];
        if (!(distance <= heap_threshold(state))) continue;
        heap_take(state, jade_topk_make_key(distance, work->first_ordinal + (uint32_t)row));
        work->thresholds[place + lane] = heap_threshold(state);
    }
}

/// Writes or offers the distances of a row, or bounds below them, from the queries `at` and on.
JADE_INLINE void tile_use(struct tile_work *work, vec value, size_t at, size_t place, size_t row, const enum job job)
{
    if (job == MATRIX) {
        if (at >= work->queries->count) return;
        size_t left = work->queries->count - at;
        vec_store(value, work->out + row * work->out_stride + at, left < LANES ? left : LANES);
        return;
    }
    uint64_t passing = vec_not_above(value, vec_load(work->thresholds + place));
    if (__builtin_expect(passing == 0, 1)) return;
    float values[LANES];
    vec_store(value, values, LANES);
    tile_offer(work, values, at, place, passing, row);
}

static __attribute__((noinline)) void tile_name(struct tile_work *work, size_t at, uint64_t passing, size_t row)
{
    for (; passing; passing &= passing - 1) {
        size_t query = at + (size_t)__builtin_ctzll(passing);
        if (query >= work->queries->count) return;
        work->pairs[work->pair_count++] = (struct jade_pair){(uint32_t)query, (uint32_t)row};
    }
}

/// Names the queries `at` and on whose products with a row pass.
JADE_INLINE void tile_screen(struct tile_work *work, vec product, size_t at, size_t row)
{
    const float *own = work->screen->query_terms + at, *other = work->screen->rows[row].terms;
    const size_t stride = work->screen->query_stride;
    vec bar = vec_mul(vec_load(own), vec_all(other[0]));
    JADE_UNROLL for (size_t term = 1; term < JADE_SCREEN_TERMS; term++)
        bar = vec_fma(vec_load(own + term * stride), vec_all(other[term]), bar);
    uint64_t passing = vec_not_below(product, bar);
    if (__builtin_expect(passing != 0, 0)) tile_name(work, at, passing, row);
}

/// From a sum of products in f32 to a distance or to a bound below it. An infinite norm must not spoil a product that needs none.
JADE_INLINE vec tile_distance(const struct tile_work *work, vec product, float row_norm, const float *query_norms,
                              const enum job job)
{
    const struct bound bound = work->bound;
    const vec norm = bound.norms == 0 ? vec_zero() : vec_add(vec_load(query_norms), vec_all(row_norm));
    vec value = vec_fma(vec_all(bound.product), product, vec_mul(vec_all(bound.norms), norm));
    // Where the norms leave f32, and the distance may not, nothing is known: 0 times infinity is NaN, which passes.
    if (job == SEARCH) return vec_sub(value, vec_fma(norm, vec_zero(), vec_all(bound.slack)));
    return bound.is_l2sq ? vec_max(vec_zero(), value) : value;
}
JADE_REGION_END
