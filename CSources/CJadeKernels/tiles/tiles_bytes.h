/// Tiles of dot products of bytes, as in `tiles_f32.h`, four components an instruction. It multiplies bytes without a sign by
/// bytes with one, so 128 is added to every component of a packed i8 query, and taken from one of a u8 query; the rows' sums
/// put the products right. Everything is exact, so a search offers what it has.
///
/// Included once per element type: TILES_KERNEL, ELEMENT, TILES_IS_SIGNED.

#define BYTES_(kernel, name, level) jade_##kernel##_##name##_##level
#define BYTES__(kernel, name, level) BYTES_(kernel, name, level)
#define BYTES(name) BYTES__(TILES_KERNEL, name, JADE_LEVEL)
#define OWN_BYTES_(kernel, name) kernel##_##name
#define OWN_BYTES__(kernel, name) OWN_BYTES_(kernel, name)
#define OWN_BYTES(name) OWN_BYTES__(TILES_KERNEL, name)

JADE_REGION_BEGIN
void BYTES(pack)(const struct jade_queries *queries)
{
    uint32_t *norms = packed_norms(queries);
    const size_t groups = packed_groups(queries), dimension = queries->dimension;
    uint8_t *panel = queries->packed;
    memset(panel, 0, packed_panels(queries) * PANEL * groups * GROUP);
    for (size_t first = 0; first < queries->count; first += PANEL, panel += PANEL * groups * GROUP)
        for (size_t lane = 0; lane < PANEL; lane++) {
            uint32_t norm = 0;
            const ELEMENT *query = first + lane < queries->count ? packed_query(queries, first + lane) : NULL;
            for (size_t k = 0; query && k < dimension; k++) {
                int32_t component = query[k];
                norm += (uint32_t)(component * component);
                panel[(k / GROUP * PANEL + lane) * GROUP + k % GROUP] = (uint8_t)(component ^ 0x80);
            }
            norms[first + lane] = norm;
        }
}

/// The sum of a row's components, times 128, and of their squares.
JADE_INLINE struct row_sums OWN_BYTES(row_sums)(const ELEMENT *row, size_t dimension)
{
    ints line = ints_zero(), norm = ints_zero();
    for (size_t at = 0; at < dimension; at += WORD_BYTES) {
        word x = at + WORD_BYTES <= dimension ? word_load(row + at) : word_load_part(row + at, dimension - at);
        line = TILES_IS_SIGNED ? ints_mixed(line, word_ones(), x) : ints_mixed(line, x, word_ones());
        norm = TILES_IS_SIGNED ? ints_i8_products(norm, x, x) : ints_u8_products(norm, x, x);
    }
    return (struct row_sums){128 * ints_sum(line), ints_sum(norm)};
}

JADE_INLINE ints OWN_BYTES(multiply)(ints sum, word q, uint32_t x)
{
    const word all = _mm512_set1_epi32((int)x);
    return TILES_IS_SIGNED ? ints_mixed(sum, q, all) : ints_mixed(sum, all, q);
}

JADE_INLINE void OWN_BYTES(products)(const uint8_t *panel, const uint8_t *const *rows, size_t dimension,
                                     const size_t deep, const size_t wide, ints sums[][WIDE])
{
    JADE_UNROLL for (size_t r = 0; r < deep; r++)
        JADE_UNROLL for (size_t w = 0; w < wide; w++) sums[r][w] = ints_zero();
    size_t k = 0;
    for (; k + GROUP <= dimension; k += GROUP) {
        word q[WIDE];
        JADE_UNROLL for (size_t w = 0; w < wide; w++) q[w] = word_load(panel + k * PANEL + w * WORD_BYTES);
        JADE_UNROLL for (size_t r = 0; r < deep; r++)
            JADE_UNROLL for (size_t w = 0; w < wide; w++)
                sums[r][w] = OWN_BYTES(multiply)(sums[r][w], q[w], group_at(rows[r] + k, GROUP));
    }
    if (k == dimension) return;
    JADE_UNROLL for (size_t r = 0; r < deep; r++)
        JADE_UNROLL for (size_t w = 0; w < wide; w++)
            sums[r][w] = OWN_BYTES(multiply)(sums[r][w], word_load(panel + k * PANEL + w * WORD_BYTES),
                                             group_at(rows[r] + k, dimension - k));
}

/// A product's distance: the products of unsigned bytes need all 32 bits.
JADE_INLINE vec OWN_BYTES(distance)(ints sum, struct row_sums row, ints query_norm, const bool is_l2sq)
{
    const ints line = _mm512_set1_epi32((int)row.line);
    ints product = TILES_IS_SIGNED ? _mm512_sub_epi32(sum, line) : _mm512_add_epi32(sum, line);
    if (is_l2sq) {
        ints norms = _mm512_add_epi32(query_norm, _mm512_set1_epi32((int)row.norm));
        return _mm512_cvtepu32_ps(_mm512_sub_epi32(norms, _mm512_slli_epi32(product, 1)));
    }
    vec value = TILES_IS_SIGNED ? _mm512_cvtepi32_ps(product) : _mm512_cvtepu32_ps(product);
    return _mm512_xor_ps(value, _mm512_set1_ps(-0.0f));
}

JADE_INLINE void OWN_BYTES(tile)(struct bytes_work *work, const uint8_t *panel, size_t first_query, size_t row,
                                 const struct row_sums *row_sums, const size_t deep, const size_t wide,
                                 const bool is_l2sq, const bool is_search)
{
    const uint8_t *rows[ROWS_DEEP];
    JADE_UNROLL for (size_t r = 0; r < deep; r++)
        rows[r] = (const uint8_t *)work->base + (row + r) * work->stride_bytes;
    ints sums[ROWS_DEEP][WIDE];
    OWN_BYTES(products)(panel, rows, work->queries->dimension, deep, wide, sums);
    JADE_UNROLL for (size_t w = 0; w < wide; w++) {
        const ints query_norm = word_load(packed_norms(work->queries) + first_query + w * LANES);
        JADE_UNROLL for (size_t r = 0; r < deep; r++) {
            vec value = OWN_BYTES(distance)(sums[r][w], row_sums[r], query_norm, is_l2sq);
            bytes_use(work, value, first_query, w * LANES, row + r, is_search);
        }
    }
}

JADE_INLINE void OWN_BYTES(block)(struct bytes_work *work, const uint8_t *panel, size_t first_query, size_t row,
                                  size_t count, const struct row_sums *sums, const size_t wide, const bool is_l2sq,
                                  const bool is_search)
{
    size_t r = 0;
    for (; r + ROWS_DEEP <= count; r += ROWS_DEEP)
        OWN_BYTES(tile)(work, panel, first_query, row + r, sums + r, ROWS_DEEP, wide, is_l2sq, is_search);
    for (; r < count; r++) OWN_BYTES(tile)(work, panel, first_query, row + r, sums + r, 1, wide, is_l2sq, is_search);
}

JADE_INLINE void OWN_BYTES(all)(struct bytes_work *work, size_t count, const bool is_l2sq, const bool is_search)
{
    const size_t dimension = work->queries->dimension, queries = work->queries->count;
    const size_t panel_bytes = PANEL * GROUP * packed_groups(work->queries);
    struct row_sums sums[ROW_BLOCK];
    for (size_t row = 0; row < count; row += ROW_BLOCK) {
        const size_t block = count - row < ROW_BLOCK ? count - row : ROW_BLOCK;
        for (size_t r = 0; r < block; r++)
            sums[r] = OWN_BYTES(row_sums)((const ELEMENT *)(work->base + (row + r) * work->stride_bytes), dimension);
        const uint8_t *panel = work->queries->packed;
        for (size_t first = 0; first < queries; first += PANEL, panel += panel_bytes) {
            if (is_search) bytes_thresholds(work, first);
            if (queries - first <= LANES)
                OWN_BYTES(block)(work, panel, first, row, block, sums, 1, is_l2sq, is_search);
            else
                OWN_BYTES(block)(work, panel, first, row, block, sums, WIDE, is_l2sq, is_search);
        }
    }
}

#define BYTES_SHAPES(family, is_l2sq)                                                                                  \
    void BYTES(family)(const struct jade_queries *queries, const void *base, size_t stride_bytes, size_t count,        \
                       float *out, size_t out_stride)                                                                  \
    {                                                                                                                  \
        struct bytes_work work = {.queries = queries, .base = base, .stride_bytes = stride_bytes, .out = out,          \
                                  .out_stride = out_stride};                                                           \
        OWN_BYTES(all)(&work, count, is_l2sq, false);                                                                  \
    }                                                                                                                  \
    void BYTES(family##_search)(const struct jade_queries *queries, const void *base, size_t stride_bytes,             \
                                uint32_t first_ordinal, size_t count, struct jade_topk *states)                        \
    {                                                                                                                  \
        struct bytes_work work = {.queries = queries, .base = base, .stride_bytes = stride_bytes, .states = states,    \
                                  .first_ordinal = first_ordinal};                                                     \
        OWN_BYTES(all)(&work, count, is_l2sq, true);                                                                   \
    }
BYTES_SHAPES(l2sq, true)
BYTES_SHAPES(ndot, false)
JADE_REGION_END

#undef BYTES_
#undef BYTES__
#undef BYTES
#undef OWN_BYTES_
#undef OWN_BYTES__
#undef OWN_BYTES
#undef BYTES_SHAPES
#undef TILES_KERNEL
#undef ELEMENT
#undef TILES_IS_SIGNED
