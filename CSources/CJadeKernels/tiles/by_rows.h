/// Tiles out of a level's `many` shape, query by query over blocks of rows that stay in the cache: for the levels that have no
/// better way. Packing does nothing. Included once per element type; the including file names TILES_KERNEL, TILES_TYPE (as in
/// `l2sq_<type>`), ELEMENT, JADE_LEVEL, TILES_MANY and TILES_SELECT, the levels that `many` and the selection come from, and TILES_FIRST
/// and TILES_SECOND, as `tiles.h` says; forgets what is said of the kernel.
#include "../dispatch/prototypes.h"
#include "../topk/heap.h"
#include "by_rows_forget.h"

#define BY_ROWS_(kernel, name, level) jade_##kernel##_##name##_##level
#define BY_ROWS__(kernel, name, level) BY_ROWS_(kernel, name, level)
#define BY_ROWS(name) BY_ROWS__(TILES_KERNEL, name, JADE_LEVEL)
#define BY_ROWS_MANY_(family, type, level) jade_##family##_##type##_many_##level
#define BY_ROWS_MANY__(family, type, level) BY_ROWS_MANY_(family, type, level)
#define BY_ROWS_MANY(family) BY_ROWS_MANY__(family, TILES_TYPE, TILES_MANY)
#define BY_ROWS_SELECT__(level) jade_topk_f32_select_##level
#define BY_ROWS_SELECT_(level) BY_ROWS_SELECT__(level)
#define BY_ROWS_SELECT BY_ROWS_SELECT_(TILES_SELECT)

void BY_ROWS(pack)(const struct jade_queries *queries) { (void)queries; }

#define BY_ROWS_SEARCH_(family) family##_search
#define BY_ROWS_SEARCH(family) BY_ROWS_SEARCH_(family)
#define BY_ROWS_SHAPES(family)                                                                                         \
    void BY_ROWS(family)(const struct jade_queries *queries, const void *base, size_t stride_bytes, size_t count,      \
                         float *out, size_t out_stride)                                                                \
    {                                                                                                                  \
        float distances[BY_ROWS_BLOCK];                                                                                \
        for (size_t row = 0; row < count; row += BY_ROWS_BLOCK) {                                                      \
            size_t block = count - row < BY_ROWS_BLOCK ? count - row : BY_ROWS_BLOCK;                                  \
            for (size_t q = 0; q < queries->count; q++) {                                                              \
                const char *query = (const char *)queries->values + q * queries->stride_bytes;                         \
                BY_ROWS_MANY(family)((const ELEMENT *)query, (const char *)base + row * stride_bytes, stride_bytes,    \
                                     block, queries->dimension, distances);                                            \
                for (size_t r = 0; r < block; r++) out[(row + r) * out_stride + q] = distances[r];                     \
            }                                                                                                          \
        }                                                                                                              \
    }                                                                                                                  \
    void BY_ROWS(BY_ROWS_SEARCH(family))(const struct jade_queries *queries, const void *base, size_t stride_bytes,           \
                                  uint32_t first_ordinal, size_t count, struct jade_topk *states)                      \
    {                                                                                                                  \
        float distances[BY_ROWS_BLOCK];                                                                                \
        for (size_t row = 0; row < count; row += BY_ROWS_BLOCK) {                                                      \
            size_t block = count - row < BY_ROWS_BLOCK ? count - row : BY_ROWS_BLOCK;                                  \
            for (size_t q = 0; q < queries->count; q++) {                                                              \
                const char *query = (const char *)queries->values + q * queries->stride_bytes;                         \
                BY_ROWS_MANY(family)((const ELEMENT *)query, (const char *)base + row * stride_bytes, stride_bytes,    \
                                     block, queries->dimension, distances);                                            \
                BY_ROWS_SELECT(&states[q], distances, NULL, first_ordinal + (uint32_t)row, block);                     \
            }                                                                                                          \
        }                                                                                                              \
    }
#ifndef TILES_FIRST
#define BY_ROWS_HAVE_SCREEN
#define TILES_FIRST l2sq
#define TILES_SECOND ndot
#endif
BY_ROWS_SHAPES(TILES_FIRST)
#if defined(TILES_SECOND)
BY_ROWS_SHAPES(TILES_SECOND)
#endif

#if defined(BY_ROWS_HAVE_SCREEN)
size_t BY_ROWS(screen)(const struct jade_queries *queries, const void *base, size_t stride_bytes, size_t count,
                       const struct jade_screen *screen, struct jade_pair *out)
{
    float products[BY_ROWS_BLOCK];
    size_t pairs = 0;
    for (size_t row = 0; row < count; row += BY_ROWS_BLOCK) {
        size_t block = count - row < BY_ROWS_BLOCK ? count - row : BY_ROWS_BLOCK;
        for (size_t q = 0; q < queries->count; q++) {
            const char *query = (const char *)queries->values + q * queries->stride_bytes;
            const float *own = screen->query_terms + q;
            BY_ROWS_MANY(dot)((const ELEMENT *)query, (const char *)base + row * stride_bytes, stride_bytes, block,
                              queries->dimension, products);
            for (size_t r = 0; r < block; r++) {
                const float *other = screen->rows[row + r].terms;
                float bar = 0;
                for (size_t term = 0; term < JADE_SCREEN_TERMS; term++) bar += own[term * screen->query_stride] * other[term];
                if (!(products[r] < bar)) out[pairs++] = (struct jade_pair){(uint32_t)q, (uint32_t)(row + r)};
            }
        }
    }
    return pairs;
}
#endif
#undef TILES_KERNEL
#undef TILES_TYPE
#undef ELEMENT
#undef TILES_FIRST
#undef TILES_SECOND
#undef BY_ROWS_HAVE_SCREEN
