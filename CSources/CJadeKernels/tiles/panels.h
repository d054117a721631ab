/// Products, or magnitudes of differences, of rows with panels of queries in f32: ROWS_DEEP rows against a panel, one component of a row
/// at a time with every query's. Included once per kernel, before `tiles.h`: TILES_KERNEL, ELEMENT, WIDE, ROWS_DEEP, TILES_STEP(row's
/// component in all lanes, queries', sum), and for rows of 16-bit floats TILES_WIDEN(in, count, out): rows are then widened a stretch at
/// a time, which costs a thirtieth of what all panels take.
JADE_REGION_BEGIN
JADE_INLINE const float *OWN(stretch)(const float *own, const float *const *x, size_t count, const size_t deep, const size_t wide,
                                      vec sums[][WIDE])
{
    for (size_t k = 0; k < count; k++, own += WIDE * LANES) {
        vec q[WIDE];
        JADE_UNROLL for (size_t w = 0; w < wide; w++) q[w] = vec_load(own + w * LANES);
        JADE_UNROLL for (size_t r = 0; r < deep; r++) {
            vec all = vec_all(x[r][k]);
            JADE_UNROLL for (size_t w = 0; w < wide; w++) sums[r][w] = TILES_STEP(all, q[w], sums[r][w]);
        }
    }
    return own;
}

JADE_INLINE void OWN(products)(const char *panel, const char *row, size_t stride_bytes, size_t dimension, const size_t deep,
                               const size_t rows, const size_t wide, vec sums[][WIDE])
{
    (void)rows;
    const float *x[ROWS_DEEP], *own = (const float *)panel;
    JADE_UNROLL for (size_t r = 0; r < deep; r++)
        JADE_UNROLL for (size_t w = 0; w < wide; w++) sums[r][w] = vec_zero();
#ifdef TILES_WIDEN
    enum { STRETCH = 128 };
    float widened[ROWS_DEEP][STRETCH];
    JADE_UNROLL for (size_t r = 0; r < deep; r++) x[r] = widened[r];
    for (size_t k = 0; k < dimension; k += STRETCH) {
        const size_t count = dimension - k < STRETCH ? dimension - k : STRETCH;
        for (size_t r = 0; r < deep; r++) TILES_WIDEN((const ELEMENT *)(row + r * stride_bytes) + k, count, widened[r]);
        own = OWN(stretch)(own, x, count, deep, wide, sums);
    }
#else
    JADE_UNROLL for (size_t r = 0; r < deep; r++) x[r] = (const float *)(row + r * stride_bytes);
    OWN(stretch)(own, x, dimension, deep, wide, sums);
#endif
}
JADE_REGION_END
