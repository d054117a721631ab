/// What tiles of f32 and of bf16 share: products summed in f32, norms behind the panels, `|q|^2 + |x|^2 - 2 q*x`, which loses
/// digits where q and x are close. A search takes it only as a bound: what may pass, given the error that d additions can make,
/// is measured again by `one`, so the result has the bits and the ties of `many` followed by a selection.
///
/// Included once per kernel, before `tiles.h`: TILES_KERNEL, ELEMENT, WIDE, TILES_ONE(family), and TILES_WIDEN if queries are packed as
/// f32, see `panels.h`.
#define PANEL (WIDE * LANES)
#ifdef TILES_WIDEN
#define PACKED float
#define PACK_GROUPS(queries) widened_pack(queries, PANEL, TILES_WIDEN_ONE)
#else
#define PACKED ELEMENT
#define PACK_GROUPS(queries) groups_pack(queries, (queries)->dimension * sizeof(ELEMENT), PANEL, 0)
#endif

JADE_REGION_BEGIN
struct OWN(fact) {
    float norm;
};
typedef vec OWN(sum);

JADE_INLINE size_t OWN(panel_bytes)(const struct jade_queries *queries)
{
    return groups_bytes(queries->dimension * sizeof(PACKED)) * PANEL;
}
static inline float *OWN(norms)(const struct jade_queries *queries)
{
    size_t panels = (queries->count + PANEL - 1) / PANEL;
    return (float *)((char *)queries->packed + panels * OWN(panel_bytes)(queries));
}

void TILES(pack)(const struct jade_queries *queries)
{
    const size_t padded = (queries->count + PANEL - 1) / PANEL * PANEL;
    float *norms = OWN(norms)(queries);
    PACK_GROUPS(queries);
    for (size_t query = 0; query < padded; query++) {
        const ELEMENT *q = tile_query(queries, query);
        norms[query] = query < queries->count ? TILES_ONE(dot)(q, q, queries->dimension) : 0;
    }
}

JADE_INLINE struct OWN(fact) OWN(fact_of)(const ELEMENT *row, size_t dimension, const enum job job, const bool is_l2sq)
{
    // A bound needs the norm whatever the distance.
    const bool is_used = job == SEARCH || (job == MATRIX && is_l2sq);
    return (struct OWN(fact)){is_used ? TILES_ONE(dot)(row, row, dimension) : 0};
}

JADE_INLINE vec OWN(product_of)(vec sum, struct OWN(fact) fact)
{
    (void)fact;
    return sum;
}

JADE_INLINE vec OWN(distance_of)(const struct tile_work *work, vec sum, struct OWN(fact) fact, size_t at,
                                 const enum job job, const bool is_l2sq)
{
    (void)is_l2sq;
    return tile_distance(work, sum, fact.norm, OWN(norms)(work->queries) + at, job);
}
JADE_REGION_END
#undef PANEL
#undef PACKED
#undef PACK_GROUPS
