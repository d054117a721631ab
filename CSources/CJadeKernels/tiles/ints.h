/// What tiles of bytes share: exact sums, the queries' squared norms behind the panels, and distances out of both.
///
/// Included once per kernel, before `tiles.h`: TILES_KERNEL, ELEMENT, TILES_IS_SIGNED, WIDE, and from the level LINE_BIAS, what is
/// added to the components of a packed i8 query and taken from those of a u8 query (0 or 128).
#define PANEL (WIDE * LANES)

JADE_REGION_BEGIN
struct OWN(fact) {
    /// LINE_BIAS times the sum of the components, and the sum of their squares.
    uint32_t line, norm;
};
typedef ints OWN(sum);

JADE_INLINE size_t OWN(panel_bytes)(const struct jade_queries *queries)
{
    return groups_bytes(queries->dimension) * GROUP_WIDENED * PANEL;
}
static inline uint32_t *OWN(norms)(const struct jade_queries *queries)
{
    size_t panels = (queries->count + PANEL - 1) / PANEL;
    return (uint32_t *)((char *)queries->packed + panels * OWN(panel_bytes)(queries));
}

static inline uint32_t OWN(norm_of)(const ELEMENT *query, size_t dimension)
{
    uint32_t norm = 0;
    for (size_t k = 0; k < dimension; k++) norm += (uint32_t)(query[k] * query[k]);
    return norm;
}

void TILES(pack)(const struct jade_queries *queries)
{
    const size_t padded = (queries->count + PANEL - 1) / PANEL * PANEL;
    uint32_t *norms = OWN(norms)(queries);
    OWN(pack_groups)(queries);
    for (size_t query = 0; query < padded; query++)
        norms[query] = query < queries->count ? OWN(norm_of)(tile_query(queries, query), queries->dimension) : 0;
}

JADE_INLINE struct OWN(fact) OWN(fact_of)(const ELEMENT *row, size_t dimension, const enum job job, const bool is_l2sq)
{
    ints line = ints_zero(), norm = ints_zero();
    if (!LINE_BIAS && (job == SCREEN || !is_l2sq)) return (struct OWN(fact)){0, 0};
    for (size_t at = 0; at < dimension; at += WORD_BYTES) {
        word x = at + WORD_BYTES <= dimension ? word_load(row + at) : word_load_part(row + at, dimension - at);
#if LINE_BIAS
        line = TILES_IS_SIGNED ? ints_mixed(line, word_ones(), x) : ints_mixed(line, x, word_ones());
#endif
        norm = TILES_IS_SIGNED ? ints_i8_products(norm, x, x) : ints_u8_products(norm, x, x);
    }
    return (struct OWN(fact)){LINE_BIAS * ints_sum(line), ints_sum(norm)};
}

JADE_INLINE ints OWN(whole)(ints sum, struct OWN(fact) fact)
{
    if (!LINE_BIAS) return sum;
    return TILES_IS_SIGNED ? ints_sub(sum, ints_all(fact.line)) : ints_add(sum, ints_all(fact.line));
}

JADE_INLINE vec OWN(product_of)(ints sum, struct OWN(fact) fact)
{
    ints product = OWN(whole)(sum, fact);
    return TILES_IS_SIGNED ? vec_of_i32(product) : vec_of_u32(product);
}

/// The products of unsigned bytes, and all squared distances, need all 32 bits.
JADE_INLINE vec OWN(distance_of)(const struct tile_work *work, ints sum, struct OWN(fact) fact, size_t at,
                                 const enum job job, const bool is_l2sq)
{
    (void)job;
    if (!is_l2sq) return vec_negative(OWN(product_of)(sum, fact));
    ints product = OWN(whole)(sum, fact), query_norms = ints_load(OWN(norms)(work->queries) + at);
    return vec_of_u32(ints_sub(ints_add(query_norms, ints_all(fact.norm)), ints_add(product, product)));
}
JADE_REGION_END
#undef PANEL
