// A whole search over 4-bit product codes: tables, their quantization, the scan and the selection.
#include "search.h"
#include <stdlib.h>
#include <string.h>

/// Rows of one scan: their blocks stay in the second-level cache while every query of a group passes.
enum { SCAN_ROWS = 16384, QUERY_GROUP = 32 };

struct fastscan {
    const struct jade_kernels *kernels;
    struct jade_pq pq;
    struct jade_pq4_blocks rows;
};

static void make_tables(const struct fastscan *scan, const float *queries, size_t count, float *sums, uint8_t *entries,
                        struct jade_pq4_table *tables)
{
    const size_t subspaces = scan->pq.subspaces, dimension = subspaces * scan->pq.sub_dimension;
    for (size_t query = 0; query < count; query++) {
        tables[query] = (struct jade_pq4_table){.entries = entries + query * 16 * subspaces};
        scan->kernels->table_pq4_l2sq(&scan->pq, queries + query * dimension, sums);
        scan->kernels->fastscan_pq4_quantize(sums, subspaces, &tables[query]);
    }
}

static void scan_group(const struct fastscan *scan, const struct jade_pq4_table *tables, size_t count, struct jade_topk *states)
{
    for (size_t first = 0; first < scan->rows.count; first += SCAN_ROWS) {
        struct jade_pq4_blocks part = scan->rows;
        part.blocks = (const uint8_t *)scan->rows.blocks + jade_pq4_blocks_bytes(first, part.subspaces);
        part.count = scan->rows.count - first < SCAN_ROWS ? scan->rows.count - first : SCAN_ROWS;
        scan->kernels->fastscan_pq4_search(tables, count, &part, NULL, (uint32_t)first, states);
    }
}

uint64_t jb_fastscan(uint32_t level, const float *centroids, size_t subspaces, size_t sub_dimension, const void *blocks, size_t rows,
                     const float *queries, size_t count, size_t k, uint32_t *ordinals)
{
    const struct fastscan scan = {
        .kernels = jade_kernels_for(level),
        .pq = {.centroids = centroids, .subspaces = subspaces, .sub_dimension = sub_dimension},
        .rows = {.blocks = blocks, .subspaces = subspaces, .count = rows},
    };
    float *sums = malloc(16 * subspaces * sizeof *sums);
    uint8_t *entries = malloc(QUERY_GROUP * 16 * subspaces);
    struct selections selections = selections_make(QUERY_GROUP, k);
    struct jade_pq4_table tables[QUERY_GROUP];
    const uint64_t start = jb_nanoseconds();
    for (size_t first = 0; first < count; first += QUERY_GROUP) {
        const size_t group = count - first < QUERY_GROUP ? count - first : QUERY_GROUP;
        make_tables(&scan, queries + first * subspaces * sub_dimension, group, sums, entries, tables);
        selections_reset(&selections, group);
        scan_group(&scan, tables, group, selections.states);
        selections_take(&selections, group, ordinals + first * k);
    }
    const uint64_t took = jb_nanoseconds() - start;
    selections_free(&selections);
    free(entries);
    free(sums);
    return took;
}
