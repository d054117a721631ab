/// Any bytes as rows of product and RaBitQ codes, as tables and as vectors: no level may read or write outside, and all levels
/// must agree about what is exact.
#include "CJadeKernels.h"
#include <stdlib.h>
#include <string.h>

/// Exactly as large as needed, so that the address sanitizer sees one byte too far; filled with the input, over and over.
static void *filled(const uint8_t *data, size_t size, size_t bytes)
{
    uint8_t *memory = malloc(bytes + 1);
    for (size_t i = 0; i < bytes; i++) memory[i] = size ? data[i % size] : 0;
    return realloc(memory, bytes ? bytes : 1);
}

static void try_fastscan(const struct jade_kernels *k, const struct jade_kernels *plain, const uint8_t *data, size_t size)
{
    const size_t m = size % 70, count = size / 3 % 200;
    uint8_t *entries = filled(data, size, 16 * m), *blocks = filled(data, size, jade_pq4_blocks_bytes(count, m));
    float *table = filled(data, size, 64 * m);
    uint16_t *got = malloc(2 * count + 1), *want = malloc(2 * count + 1);
    uint64_t *keys = malloc(8 * count + 1);
    const struct jade_pq4_blocks rows = {blocks, m, count};
    k->fastscan_pq4_sums(entries, &rows, got);
    plain->fastscan_pq4_sums(entries, &rows, want);
    if (memcmp(got, want, 2 * count)) abort();
    if (k->fastscan_pq4_passing(entries, &rows, 100, 0, keys) > count) abort();
    struct jade_pq4_table tables[3] = {{entries, 0, 0}, {entries, 1, 0}, {entries, 0, 1}};
    jade_topk_key kept[3][4];
    struct jade_topk states[3];
    for (size_t q = 0; q < 3; q++) {
        k->fastscan_pq4_quantize(table, m, &tables[q]);
        states[q] = (struct jade_topk){kept[q], 0, 4, __builtin_inff()};
    }
    k->fastscan_pq4_search(tables, 3, &rows, NULL, 0, states);
    free(entries), free(blocks), free(table), free(got), free(want), free(keys);
}

static void try_lookups(const struct jade_kernels *k, const uint8_t *data, size_t size)
{
    const size_t m = size % 20, sub = size / 20 % 9;
    float *centroids = filled(data, size, 4 * 256 * m * sub), *vector = filled(data, size, 4 * m * sub), *table = malloc(1024 * m + 1);
    uint8_t *codes = malloc(m + 1);
    const struct jade_pq pq = {centroids, m, sub};
    k->f32_to_pq8_rows(&pq, vector, 0, 1, codes, 0);
    k->pq8_to_f32_row(&pq, codes, vector);
    k->table_pq8_ndot(&pq, vector, table);
    k->lookup_pq8_one(table, codes, m);
    k->f32_to_pq4_rows(&pq, vector, 0, 1, codes, 0);
    k->table_pq4_l2sq(&pq, vector, table);
    k->lookup_pq4_one(table, codes, m);
    free(centroids), free(vector), free(table), free(codes);
}

static void try_rabitq(const struct jade_kernels *k, const uint8_t *data, size_t size)
{
    const size_t d = size / 4;
    float *vector = filled(data, size, 4 * d), out, lower;
    const struct jade_rabitq space = {d, size % 2 ? JADE_RABITQ_L2SQ : JADE_RABITQ_NDOT, vector, 1.9f};
    struct jade_rabitq_query query = {.codes = malloc(jade_rabitq1_query_bytes(d, 8) + jade_rabitq4_query_bytes(d) + 64)};
    char *row = malloc(jade_rabitq1_bytes(d));
    k->f32_to_rabitq1_row(&space, vector, row);
    k->f32_to_rabitq1_query(&space, vector, (uint32_t)size % 10, &query);
    k->rabitq1_many(&query, row, 0, 1, d, &out, &lower);
#define TRY(bits)                                                                                                      \
    row = realloc(row, jade_rabitq##bits##_bytes(d));                                                                  \
    k->f32_to_rabitq##bits##_row(&space, vector, row);                                                                 \
    k->f32_to_rabitq##bits##_query(&space, vector, 8, &query);                                                         \
    k->rabitq##bits##_many(&query, row, 0, 1, d, &out, &lower);
    TRY(2)
    TRY(3)
    TRY(4)
    TRY(5)
    TRY(6)
    TRY(7)
    TRY(8)
#undef TRY
    free(vector), free(row), free(query.codes);
}

static void try_rotation(const struct jade_kernels *k, const uint8_t *data, size_t size)
{
    const size_t d = size / 4, rounds = size % 3;
    float *vector = filled(data, size, 4 * d);
    uint8_t *signs = filled(data, size, jade_rotation_bytes(d, rounds));
    const struct jade_rotation rotation = {d, rounds, signs};
    k->rotate_f32_forward(&rotation, vector);
    k->rotate_f32_inverse(&rotation, vector);
    free(vector), free(signs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct jade_kernels *plain = jade_kernels_for(JADE_LEVEL_serial);
    for (uint32_t level = 0; level < JADE_LEVEL_COUNT; level++) {
        const struct jade_kernels *kernels = jade_kernels_for(level);
        if (!kernels) continue;
        try_fastscan(kernels, plain, data, size);
        try_lookups(kernels, data, size);
        try_rabitq(kernels, data, size);
        try_rotation(kernels, data, size);
    }
    return 0;
}
