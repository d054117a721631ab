/// Tiles of sums of magnitudes of one byte type, which TILES_KERNEL, ELEMENT and EIGHTS_BIAS name: with 128 added to both, bytes with a
/// sign are as far apart without one.
#define WIDE L1_WIDE
#define ROWS_DEEP L1_DEEP
#define PANEL (WIDE * LANES)
JADE_REGION_BEGIN
struct OWN(fact) {
    char nothing;
};
void TILES(pack)(const struct jade_queries *queries) { eights_pack(queries, queries->dimension, PANEL, (uint8_t)EIGHTS_BIAS); }

JADE_INLINE struct OWN(fact) OWN(fact_of)(const ELEMENT *row, size_t dimension, const enum job job, const bool is_first)
{
    (void)row, (void)dimension, (void)job, (void)is_first;
    return (struct OWN(fact)){0};
}
JADE_INLINE vec OWN(distance_of)(const struct tile_work *work, ints_64 sum, struct OWN(fact) fact, size_t at, const enum job job,
                                 const bool is_first)
{
    (void)work, (void)fact, (void)at, (void)job, (void)is_first;
    return vec_of_u32(ints_of_64(sum.first, sum.second));
}
JADE_REGION_END
#undef PANEL

#define EIGHTS_STEP ints_u8_l1
#define EIGHTS_LENGTH(dimension) (dimension)
#define TILES_FIRST l1
#include "eights_products.h"
