/// Tiles of sums of magnitudes of one floating-point type, in f32. As `tiles_panels.h`. A search takes a sum only as a bound, since
/// `one` adds in another order.
#include "groups.h"
#include "names.h"

#define PANEL (WIDE * LANES)
JADE_REGION_BEGIN
struct OWN(fact) {
    char nothing;
};
typedef vec OWN(sum);

JADE_INLINE size_t OWN(panel_bytes)(const struct jade_queries *queries) { return queries->dimension * sizeof(float) * PANEL; }

void TILES(pack)(const struct jade_queries *queries)
{
#ifdef TILES_WIDEN
    widened_pack(queries, PANEL, TILES_WIDEN_ONE);
#else
    groups_pack(queries, queries->dimension * sizeof(float), PANEL, 0);
#endif
}

JADE_INLINE struct OWN(fact) OWN(fact_of)(const ELEMENT *row, size_t dimension, const enum job job, const bool is_first)
{
    (void)row, (void)dimension, (void)job, (void)is_first;
    return (struct OWN(fact)){0};
}

/// Two sums of d terms that are wrong by 2^-24 each differ by no more. What leaves f32 becomes NaN, which passes.
JADE_INLINE vec OWN(distance_of)(const struct tile_work *work, vec sum, struct OWN(fact) fact, size_t at, const enum job job,
                                 const bool is_first)
{
    (void)fact, (void)at, (void)is_first;
    if (job == MATRIX) return sum;
    return vec_sub(sum, vec_mul(sum, vec_all(4 * 0x1p-24f * (float)(work->queries->dimension + 16))));
}
#ifndef TILES_MAGNITUDE
#define TILES_MAGNITUDE
JADE_INLINE vec vec_magnitude(vec x, vec q, vec sum) { return vec_add(sum, vec_abs(vec_sub(q, x))); }
#endif
JADE_REGION_END
#undef PANEL

#define TILES_STEP vec_magnitude
#include "panels.h"

#define ROW_BLOCK 48
#define TILES_ARE_EXACT 0
#define TILES_ARE_FLUSHED false
#define TILES_BEGIN TILES_NOTHING
#define TILES_END TILES_NOTHING
#define TILES_UNROLL JADE_UNROLL
#define TILES_FIRST l1
#include "tiles.h"
