/// Tiles of products of one element type: blocks of rows against panels of queries. Included once per kernel, after the words of
/// a level (`words_<level>.h`), and forgets what it was told:
///     TILES_KERNEL, ELEMENT     its name and the type of a component
///     WIDE, ROWS_DEEP           vectors of queries in a panel, rows of a tile
///     ROW_BLOCK                 rows that stay in the second-level cache while the panels pass
///     TILES_ARE_EXACT           whether distances are exact, so that a search measures nothing again
///     TILES_ARE_FLUSHED         whether the products take denormal numbers for 0
///     TILES_ONE(family)         else the name of a distance's `one` shape at the level
///     TILES_BEGIN, TILES_END    around every call
///     TILES_FIRST, TILES_SECOND the families; l2sq and ndot, with a screen, if nothing is said. There may be no second.
/// and has these of it already, named OWN(…): a struct `fact`, what is known of a row beforehand; a type `sum`;
///     panel_bytes(queries); fact_of(row, dimension, job);
///     products(panel, first row, stride, dimension, deep, rows, wide, sums): the sums of `rows` rows, at most `deep`;
///     product_of(sum, fact), in f32, if there is a screen; distance_of(work, sum, fact, first query, job, is_first).

#define PANEL (WIDE * LANES)
#ifndef TILES_FIRST
#define TILES_HAVE_SCREEN
#define TILES_FIRST l2sq
#define TILES_SECOND ndot
#endif

JADE_REGION_BEGIN
JADE_INLINE void OWN(tile)(struct tile_work *work, const char *panel, size_t first_query, size_t row,
                           const struct OWN(fact) *facts, const size_t deep, const size_t rows, const size_t wide,
                           const enum job job, const bool is_first)
{
    OWN(sum) sums[ROWS_DEEP][WIDE];
    OWN(products)(panel, tile_row(work, row), work->stride_bytes, work->queries->dimension, deep, rows, wide, sums);
    JADE_UNROLL for (size_t w = 0; w < wide; w++) {
        const size_t at = first_query + w * LANES;
        TILES_UNROLL for (size_t r = 0; r < rows; r++) {
#if defined(TILES_HAVE_SCREEN)
            if (job == SCREEN) {
                tile_screen(work, OWN(product_of)(sums[r][w], facts[r]), at, row + r);
                continue;
            }
#endif
            tile_use(work, OWN(distance_of)(work, sums[r][w], facts[r], at, job, is_first), at, w * LANES, row + r, job);
        }
    }
}

/// All rows of a block against one panel.
JADE_INLINE void OWN(block)(struct tile_work *work, const char *panel, size_t first_query, size_t row, size_t count,
                            const struct OWN(fact) *facts, const size_t wide, const enum job job, const bool is_first)
{
    size_t r = 0;
    for (; r + ROWS_DEEP <= count; r += ROWS_DEEP)
        OWN(tile)(work, panel, first_query, row + r, facts + r, ROWS_DEEP, ROWS_DEEP, wide, job, is_first);
#if defined(TILES_TAKE_FEWER)
    if (r < count) OWN(tile)(work, panel, first_query, row + r, facts + r, ROWS_DEEP, count - r, wide, job, is_first);
#else
    for (; r < count; r++) OWN(tile)(work, panel, first_query, row + r, facts + r, 1, 1, wide, job, is_first);
#endif
}

JADE_INLINE void OWN(all)(struct tile_work *work, size_t count, const enum job job, const bool is_first)
{
    const size_t dimension = work->queries->dimension, queries = work->queries->count;
    const size_t panel_bytes = OWN(panel_bytes)(work->queries);
    struct OWN(fact) facts[ROW_BLOCK];
    TILES_BEGIN();
    for (size_t row = 0; row < count; row += ROW_BLOCK) {
        const size_t block = count - row < ROW_BLOCK ? count - row : ROW_BLOCK;
        for (size_t r = 0; r < block; r++)
            facts[r] = OWN(fact_of)((const ELEMENT *)tile_row(work, row + r), dimension, job, is_first);
        const char *panel = work->queries->packed;
        for (size_t first = 0; first < queries; first += PANEL, panel += panel_bytes) {
            if (job == SEARCH) tile_thresholds(work, first, PANEL);
            if (WIDE > 1 && queries - first <= PANEL / 2)
                OWN(block)(work, panel, first, row, block, facts, (WIDE + 1) / 2, job, is_first);
            else
                OWN(block)(work, panel, first, row, block, facts, WIDE, job, is_first);
        }
    }
    TILES_END();
}

#if TILES_ARE_EXACT
#define TILES_MEASURE(family) NULL
#else
#define TILES_MEASURE__(family) TILES_ONE(family)
#define TILES_MEASURE_(family) TILES_MEASURE__(family)
static float OWN(measure_first)(const void *q, const void *x, size_t d) { return TILES_MEASURE_(TILES_FIRST)(q, x, d); }
#if defined(TILES_SECOND)
static float OWN(measure_second)(const void *q, const void *x, size_t d) { return TILES_MEASURE_(TILES_SECOND)(q, x, d); }
#endif
#define TILES_MEASURE(place) OWN(measure_##place)
#endif

#define TILES_SEARCH_(family) family##_search
#define TILES_SEARCH(family) TILES_SEARCH_(family)
#define TILES_SHAPES(family, place, is_first)                                                                          \
    void TILES(family)(const struct jade_queries *queries, const void *base, size_t stride_bytes, size_t count,        \
                       float *out, size_t out_stride)                                                                  \
    {                                                                                                                  \
        struct tile_work work = {.queries = queries, .base = base, .stride_bytes = stride_bytes, .out = out,           \
                                 .out_stride = out_stride, .bound = bound_value(is_first)};                            \
        OWN(all)(&work, count, MATRIX, is_first);                                                                      \
    }                                                                                                                  \
    void TILES(TILES_SEARCH(family))(const struct jade_queries *queries, const void *base, size_t stride_bytes,        \
                                     uint32_t first_ordinal, size_t count, struct jade_topk *states)                   \
    {                                                                                                                  \
        struct tile_work work = {.queries = queries, .base = base, .stride_bytes = stride_bytes, .states = states,     \
                                 .first_ordinal = first_ordinal, .measure = TILES_MEASURE(place),                      \
                                 .bound = bound_below(is_first, queries->dimension, TILES_ARE_FLUSHED)};               \
        OWN(all)(&work, count, SEARCH, is_first);                                                                      \
    }
TILES_SHAPES(TILES_FIRST, first, true)
#if defined(TILES_SECOND)
TILES_SHAPES(TILES_SECOND, second, false)
#endif

#if defined(TILES_HAVE_SCREEN)
size_t TILES(screen)(const struct jade_queries *queries, const void *base, size_t stride_bytes, size_t count,
                     const struct jade_screen *screen, struct jade_pair *out)
{
    struct tile_work work = {.queries = queries, .base = base, .stride_bytes = stride_bytes, .screen = screen, .pairs = out};
    OWN(all)(&work, count, SCREEN, false);
    return work.pair_count;
}
#endif
JADE_REGION_END

#include "tiles_forget.h"
