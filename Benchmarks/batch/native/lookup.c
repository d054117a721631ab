// A whole search over 8-bit product codes: tables, their look-up and the selection.
#include "search.h"
#include <stdlib.h>

/// Rows whose distances lie in the first-level cache until they are selected from.
enum { DISTANCES = 1024 };

uint64_t jb_lookup(uint32_t level, const float *centroids, size_t subspaces, size_t sub_dimension, const void *codes, size_t rows,
                   const float *queries, size_t count, size_t k, uint32_t *ordinals)
{
    const struct jade_kernels *kernels = jade_kernels_for(level);
    const struct jade_pq pq = {.centroids = centroids, .subspaces = subspaces, .sub_dimension = sub_dimension};
    const size_t stride = jade_pq8_bytes(subspaces);
    float *table = malloc(JADE_PQ8_CENTROIDS * subspaces * sizeof *table), distances[DISTANCES];
    struct selections selections = selections_make(1, k);
    const uint64_t start = jb_nanoseconds();
    for (size_t query = 0; query < count; query++) {
        kernels->table_pq8_l2sq(&pq, queries + query * subspaces * sub_dimension, table);
        selections_reset(&selections, 1);
        for (size_t first = 0; first < rows; first += DISTANCES) {
            const size_t part = rows - first < DISTANCES ? rows - first : DISTANCES;
            kernels->lookup_pq8_many(table, (const uint8_t *)codes + first * stride, stride, part, subspaces, distances);
            kernels->topk_f32_select(selections.states, distances, NULL, (uint32_t)first, part);
        }
        selections_take(&selections, 1, ordinals + query * k);
    }
    const uint64_t took = jb_nanoseconds() - start;
    selections_free(&selections);
    free(table);
    return took;
}
