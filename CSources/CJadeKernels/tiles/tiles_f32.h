/// Tiles of dot products in registers: ROWS_DEEP rows against a panel of PANEL queries, one number of a row at a time,
/// multiplied into every query's sum. A panel holds component after component of all its queries, so that one load serves
/// every row; what is left of the rows' side is one broadcast per row.
///
/// A squared distance is |q|^2 + |x|^2 - 2 q*x, which loses digits where q and x are close. A search takes it only as a screen:
/// what may pass, given the error that d additions can make, is measured again by `one`, so the result has the bits and
/// the ties of `many` followed by a selection.
///
/// The including file has the words of a level, and says WIDE, vectors in a panel, ROWS_DEEP, and TILE_ONE(kernel), the
/// name of a distance's `one` shape at the level.
#pragma once

#include "../dispatch/prototypes.h"
#include "../topk/heap.h"
#include "screen.h"

#define PANEL (WIDE * LANES)
#define TILES_(name, level) jade_tiles_f32_##name##_##level
#define TILES__(name, level) TILES_(name, level)
#define TILES(name) TILES__(name, JADE_LEVEL)

/// Rows whose norms are kept at hand; they stay in the second-level cache while the panels pass.
enum { ROW_BLOCK = 48 };

JADE_REGION_BEGIN
static inline size_t panels_of(const struct jade_queries *queries) { return (queries->count + PANEL - 1) / PANEL; }
static inline const float *query_at(const struct jade_queries *queries, size_t query)
{
    return (const float *)((const char *)queries->values + query * queries->stride_bytes);
}
/// The norms stand behind the panels.
static inline float *query_norms(const struct jade_queries *queries)
{
    return (float *)queries->packed + panels_of(queries) * PANEL * queries->dimension;
}

void TILES(pack)(const struct jade_queries *queries)
{
    float *norms = query_norms(queries), *panel = queries->packed;
    const size_t dimension = queries->dimension;
    for (size_t first = 0; first < queries->count; first += PANEL, panel += PANEL * dimension)
        for (size_t lane = 0; lane < PANEL; lane++) {
            bool is_query = first + lane < queries->count;
            const float *query = is_query ? query_at(queries, first + lane) : NULL;
            for (size_t k = 0; k < dimension; k++) panel[k * PANEL + lane] = is_query ? query[k] : 0;
            norms[first + lane] = is_query ? TILE_ONE(dot)(query, query, dimension) : 0;
        }
}

/// The products of `deep` rows with the first `wide` vectors of a panel.
JADE_INLINE void tile_products(const float *panel, const float *const *rows, size_t dimension, const size_t deep,
                               const size_t wide, vec sums[][WIDE])
{
    JADE_UNROLL for (size_t r = 0; r < deep; r++)
        JADE_UNROLL for (size_t w = 0; w < wide; w++) sums[r][w] = vec_zero();
    for (size_t k = 0; k < dimension; k++) {
        vec q[WIDE];
        JADE_UNROLL for (size_t w = 0; w < wide; w++) q[w] = vec_load(panel + k * PANEL + w * LANES);
        JADE_UNROLL for (size_t r = 0; r < deep; r++) {
            vec x = vec_all(rows[r][k]);
            JADE_UNROLL for (size_t w = 0; w < wide; w++) sums[r][w] = vec_fma(x, q[w], sums[r][w]);
        }
    }
}

/// What a pass over rows does with a tile: writes distances, or offers what passes the screen.
struct tile_work {
    const struct jade_queries *queries;
    const char *base;
    size_t stride_bytes;
    const float *norms;
    struct screen screen;
    /// For a matrix.
    float *out;
    size_t out_stride;
    /// For a search: the states of all queries, the ordinal of the first row, and the thresholds of the present panel.
    struct jade_topk *states;
    uint32_t first_ordinal;
    float thresholds[PANEL];
};

JADE_INLINE const float *tile_row(const struct tile_work *work, size_t row)
{
    return (const float *)(work->base + row * work->stride_bytes);
}

/// Measures again the queries of `passing` against one row and offers them what they were measured for.
static __attribute__((noinline)) void tile_offer(struct tile_work *work, size_t first_query, uint64_t passing, size_t row,
                                                 const size_t place)
{
    for (; passing; passing &= passing - 1) {
        size_t lane = place + (size_t)__builtin_ctzll(passing), query = first_query + lane;
        if (query >= work->queries->count) return;
        const float *q = query_at(work->queries, query), *x = tile_row(work, row);
        float distance = work->screen.is_l2sq ? TILE_ONE(l2sq)(q, x, work->queries->dimension)
                                              : TILE_ONE(ndot)(q, x, work->queries->dimension);
        struct jade_topk *state = &work->states[query];
        if (!(distance <= heap_threshold(state))) continue;
        heap_take(state, jade_topk_make_key(distance, work->first_ordinal + (uint32_t)row));
        work->thresholds[lane] = heap_threshold(state);
    }
}

/// One tile: `deep` rows from number `row`, the panel whose first query is `first_query`.
JADE_INLINE void tile(struct tile_work *work, const float *panel, size_t first_query, size_t row, const float *row_norms,
                      const size_t deep, const size_t wide, const bool is_search)
{
    const float *rows[ROWS_DEEP];
    JADE_UNROLL for (size_t r = 0; r < deep; r++) rows[r] = tile_row(work, row + r);
    vec sums[ROWS_DEEP][WIDE];
    tile_products(panel, rows, work->queries->dimension, deep, wide, sums);
    const vec by_norms = vec_all(work->screen.norms), by_product = vec_all(work->screen.product);
    const float *norms = work->norms + first_query;
    JADE_UNROLL for (size_t w = 0; w < wide; w++) {
        // An infinite norm must not spoil a product that needs none.
        const vec query_norm = work->screen.norms == 0 ? vec_zero() : vec_load(norms + w * LANES);
        JADE_UNROLL for (size_t r = 0; r < deep; r++) {
            vec both = vec_add(query_norm, vec_all(row_norms[r]));
            vec value = vec_fma(by_product, sums[r][w], vec_mul(by_norms, both));
            if (is_search) {
                uint64_t passing = vec_not_above(value, vec_load(work->thresholds + w * LANES));
                if (__builtin_expect(passing != 0, 0)) tile_offer(work, first_query, passing, row + r, w * LANES);
            } else {
                size_t at = first_query + w * LANES, left = work->queries->count - at;
                float *out = work->out + (row + r) * work->out_stride + at;
                if (work->screen.is_l2sq) value = vec_max(vec_zero(), value);
                if (at < work->queries->count) vec_store(value, out, left < LANES ? left : LANES);
            }
        }
    }
}

/// All rows of a block against one panel.
JADE_INLINE void tile_block(struct tile_work *work, const float *panel, size_t first_query, size_t row, size_t count,
                            const float *row_norms, const size_t wide, const bool is_search)
{
    size_t r = 0;
    for (; r + ROWS_DEEP <= count; r += ROWS_DEEP)
        tile(work, panel, first_query, row + r, row_norms + r, ROWS_DEEP, wide, is_search);
    for (; r < count; r++) tile(work, panel, first_query, row + r, row_norms + r, 1, wide, is_search);
}

JADE_INLINE void tile_thresholds(struct tile_work *work, size_t first_query)
{
    for (size_t lane = 0; lane < PANEL; lane++) {
        size_t query = first_query + lane;
        work->thresholds[lane] = query < work->queries->count ? heap_threshold(&work->states[query]) : -__builtin_inff();
    }
}

JADE_INLINE void tile_all(struct tile_work *work, size_t count, const bool is_search)
{
    const size_t dimension = work->queries->dimension, queries = work->queries->count;
    float row_norms[ROW_BLOCK];
    for (size_t row = 0; row < count; row += ROW_BLOCK) {
        const size_t block = count - row < ROW_BLOCK ? count - row : ROW_BLOCK;
        for (size_t r = 0; r < block; r++) {
            const float *x = tile_row(work, row + r);
            row_norms[r] = work->screen.norms == 0 ? 0 : TILE_ONE(dot)(x, x, dimension);
        }
        const float *panel = work->queries->packed;
        for (size_t first = 0; first < queries; first += PANEL, panel += PANEL * dimension) {
            if (is_search) tile_thresholds(work, first);
            if (queries - first <= PANEL / 2)
                tile_block(work, panel, first, row, block, row_norms, (WIDE + 1) / 2, is_search);
            else
                tile_block(work, panel, first, row, block, row_norms, WIDE, is_search);
        }
    }
}

#define TILE_SHAPES(family)                                                                                            \
    void TILES(family)(const struct jade_queries *queries, const void *base, size_t stride_bytes, size_t count,        \
                       float *out, size_t out_stride)                                                                  \
    {                                                                                                                  \
        struct tile_work work = {.queries = queries, .base = base, .stride_bytes = stride_bytes,                       \
                                 .norms = query_norms(queries), .out = out, .out_stride = out_stride,                  \
                                 .screen = screen_value_##family()};                                                   \
        tile_all(&work, count, false);                                                                                 \
    }                                                                                                                  \
    void TILES(family##_search)(const struct jade_queries *queries, const void *base, size_t stride_bytes,             \
                                uint32_t first_ordinal, size_t count, struct jade_topk *states)                        \
    {                                                                                                                  \
        struct tile_work work = {.queries = queries, .base = base, .stride_bytes = stride_bytes,                       \
                                 .norms = query_norms(queries), .states = states, .first_ordinal = first_ordinal,      \
                                 .screen = screen_bound_##family(queries->dimension)};                                 \
        tile_all(&work, count, true);                                                                                  \
    }
TILE_SHAPES(l2sq)
TILE_SHAPES(ndot)
JADE_REGION_END
