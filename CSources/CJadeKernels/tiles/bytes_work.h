/// What `tiles_bytes.h` shares between its element types: the packed layout, and what becomes of a distance.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/byte_products.h"
#include "../topk/heap.h"
#include <string.h>

enum { WIDE = 2, ROWS_DEEP = 12, GROUP = 4, PANEL = WIDE * LANES, ROW_BLOCK = 48 };

struct row_sums {
    uint32_t line, norm;
};

JADE_REGION_BEGIN
static inline size_t packed_panels(const struct jade_queries *queries) { return (queries->count + PANEL - 1) / PANEL; }
static inline size_t packed_groups(const struct jade_queries *queries) { return (queries->dimension + GROUP - 1) / GROUP; }
static inline const void *packed_query(const struct jade_queries *queries, size_t query)
{
    return (const char *)queries->values + query * queries->stride_bytes;
}
/// Behind the panels.
static inline uint32_t *packed_norms(const struct jade_queries *queries)
{
    return (uint32_t *)((char *)queries->packed + packed_panels(queries) * PANEL * packed_groups(queries) * GROUP);
}

/// `count` (1 to GROUP) components of a row, zero behind them.
JADE_INLINE uint32_t group_at(const uint8_t *p, size_t count)
{
    uint32_t group = 0;
    memcpy(&group, p, count);
    return group;
}

struct bytes_work {
    const struct jade_queries *queries;
    const char *base;
    size_t stride_bytes;
    /// For a matrix.
    float *out;
    size_t out_stride;
    /// For a search: as in `tiles_f32.h`.
    struct jade_topk *states;
    uint32_t first_ordinal;
    float thresholds[PANEL];
};

static inline void bytes_thresholds(struct bytes_work *work, size_t first_query)
{
    for (size_t lane = 0; lane < PANEL; lane++) {
        size_t query = first_query + lane;
        work->thresholds[lane] = query < work->queries->count ? heap_threshold(&work->states[query]) : -__builtin_inff();
    }
}

static __attribute__((noinline)) void bytes_offer(struct bytes_work *work, const float *values, size_t first_query,
                                                  size_t place, uint64_t passing, uint32_t ordinal)
{
    for (; passing; passing &= passing - 1) {
        size_t lane = (size_t)__builtin_ctzll(passing), query = first_query + place + lane;
        if (query >= work->queries->count) return;
        heap_take(&work->states[query], jade_topk_make_key(values[lane], ordinal));
        work->thresholds[place + lane] = heap_threshold(&work->states[query]);
    }
}

/// Writes or offers the distances of a row from the queries `first_query + place` and on.
JADE_INLINE void bytes_use(struct bytes_work *work, vec value, size_t first_query, size_t place, size_t row,
                           const bool is_search)
{
    const size_t at = first_query + place;
    if (!is_search) {
        if (at >= work->queries->count) return;
        size_t left = work->queries->count - at;
        __mmask16 lanes = (__mmask16)_bzhi_u32(0xFFFF, (uint32_t)(left < LANES ? left : LANES));
        _mm512_mask_storeu_ps(work->out + row * work->out_stride + at, lanes, value);
        return;
    }
    uint64_t passing = _mm512_cmp_ps_mask(value, vec_load(work->thresholds + place), _CMP_LE_OQ);
    if (__builtin_expect(passing == 0, 1)) return;
    float values[LANES];
    _mm512_storeu_ps(values, value);
    bytes_offer(work, values, first_query, place, passing, work->first_ordinal + (uint32_t)row);
}
JADE_REGION_END
